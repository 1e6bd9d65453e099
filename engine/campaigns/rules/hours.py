"""Whether it is a quiet hour where a customer is."""

from __future__ import annotations

from datetime import datetime, timedelta

from engine.campaigns.rules import Quiet, known_countries

STEP_HOURS = 0.5


def is_quiet(quiet: Quiet | None, country: str, now: datetime, local: float) -> bool:
    """Whether `now` is quiet for somebody in `country`: in any part of it, since it is not known in which they are.

    `local` is the offset from UTC, in hours, for a country that is not known.
    """
    if quiet is None:
        return False
    low, high = known_countries()[country].offsets if country in known_countries() else (local, local)
    offsets = [low + STEP_HOURS * i for i in range(int((high - low) / STEP_HOURS) + 1)]
    hour = now.hour + now.minute / 60
    return any(quiet.holds((hour + offset) % 24) for offset in offsets)


def ends(quiet: Quiet | None, country: str, now: datetime, local: float) -> datetime:
    """When it is no longer quiet there, to the half hour; a day on where it always is."""
    at = now.replace(minute=30 if now.minute >= 30 else 0, second=0)
    for _ in range(48):
        at += timedelta(hours=STEP_HOURS)
        if not is_quiet(quiet, country, at, local):
            return at
    return now + timedelta(days=1)
