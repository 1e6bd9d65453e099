"""Clocks of shops under test. By themselves: a process that gets a shop with its clock loads no more than this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class At:
    """A clock that stands still at some moment."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


noon = At()


@dataclass
class Clock:
    """Noon, and as many days later as are set."""

    days: int = 0

    def __call__(self) -> datetime:
        return NOON + timedelta(days=self.days)


@dataclass(frozen=True)
class Hours:
    """A clock that is so many hours behind the real one."""

    hours: float

    def __call__(self) -> datetime:
        return datetime.now(UTC) - timedelta(hours=self.hours)
