"""The address under which somebody is reached."""

from __future__ import annotations

import re

from engine.campaigns.audience import EMAIL
from engine.intake import words

_EMAIL = re.compile(EMAIL)


def mail_address(text: str | None) -> str | None:
    """An e-mail address to write to; None for what is none, or has a part of it hidden (a***@example.com)."""
    address = (text or "").strip()
    good = _EMAIL.fullmatch(address) and not words.is_masked(address) and ".." not in address
    return address if good else None
