"""How much is tried: a small cut, or all of it if ZHIKE_TORTURE is `full`."""

from __future__ import annotations

import os

FULL = os.environ.get("ZHIKE_TORTURE") == "full"


def scaled(small: int, full: int) -> int:
    return full if FULL else small
