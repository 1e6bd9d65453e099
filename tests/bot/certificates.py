"""What the clients of the tests trust, read once: it takes longer than most of what they ask for."""

from __future__ import annotations

import httpx

CERTIFICATES = httpx.create_ssl_context()
