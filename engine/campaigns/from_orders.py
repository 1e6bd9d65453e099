"""What orders say came of a campaign, in figures and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.phrases import Money, Phrase, counted


@dataclass(frozen=True)
class Group:
    """Who got one version, or none: of `n` the window of `over` is over, of whom `bought` did, for `revenue`.

    early: how many of the others have bought by now.
    """

    n: int = 0
    over: int = 0
    bought: int = 0
    revenue: float = 0.0
    early: int = 0

    @property
    def waiting(self) -> int:
        return self.n - self.over


@dataclass(frozen=True)
class FromOrders:
    """By version and of those held out, within `days` of the message. Times are local.

    It went out at `start`; the last window ends at `end`, and all orders are known until `known_until`. `digest` tells
    who bought. gaps: first and last day of spans within the windows from which there is no file.
    """

    days: int
    start: datetime
    end: datetime
    known_until: datetime
    versions: Mapping[str, Group]
    held: Group
    digest: str
    gaps: tuple[tuple[datetime, datetime], ...] = field(default=())

    @property
    def over(self) -> int:
        return sum(group.over for group in self.versions.values())

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.versions.values())

    def says_the_same(self, other: FromOrders | None) -> bool:
        """Whether there is nothing to tell after `other`."""
        if other is None or (self.waiting and self.known_until != other.known_until):
            return False
        mine, its = (
            (one.days, one.versions, one.held, one.digest, one.gaps, bool(one.waiting)) for one in (self, other)
        )
        return mine == its

    def to_facts(self) -> dict[str, Any]:
        return {
            "days": self.days,
            **{name: getattr(self, name).isoformat() for name in ("start", "end", "known_until")},
            "versions": {label: _facts(group) for label, group in self.versions.items()},
            "held": _facts(self.held),
            "digest": self.digest,
            "gaps": [[day.isoformat() for day in gap] for gap in self.gaps],
        }


def from_facts(facts: Mapping[str, Any]) -> FromOrders:
    return FromOrders(
        days=facts["days"],
        start=datetime.fromisoformat(facts["start"]),
        end=datetime.fromisoformat(facts["end"]),
        known_until=datetime.fromisoformat(facts["known_until"]),
        versions={label: Group(*group) for label, group in facts["versions"].items()},
        held=Group(*facts["held"]),
        digest=facts["digest"],
        gaps=tuple((datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in facts["gaps"]),
    )


def _facts(group: Group) -> list[float]:
    return [group.n, group.over, group.bought, group.revenue, group.early]


def sentences(campaign: int, found: FromOrders, now: datetime) -> tuple[Phrase, ...]:
    """What the orders say, what is late, and what is missing. `now` is local."""
    said = [_what_came(campaign, found)] if found.over else []
    if found.waiting:
        said.append(_waiting(campaign, found, now))
    said += [
        Phrase(
            "From {first:%Y-%m-%d} to {last:%Y-%m-%d} there is no file of orders; who bought then is not counted.",
            first=first,
            last=last,
        )
        for first, last in found.gaps
    ]
    return tuple(said)


def _what_came(campaign: int, found: FromOrders) -> Phrase:
    facts = {
        "id": str(campaign),
        "versions": tuple(
            Phrase("{label} {conversions} of {sends}", label=label, conversions=group.bought, sends=group.over)
            for label, group in found.versions.items()
            if group.over
        ),
    }
    if not found.held.over:
        return counted(
            "Campaign {id}, by your orders: {versions} bought within {n} day of the message.",
            "Campaign {id}, by your orders: {versions} bought within {n} days of the message.",
            n=found.days,
            **facts,
        )
    return counted(
        "Campaign {id}, by your orders: {versions} bought within {n} day of the message, and {held_bought} of the "
        "{held} who got none.",
        "Campaign {id}, by your orders: {versions} bought within {n} days of the message, and {held_bought} of the "
        "{held} who got none.",
        n=found.days,
        held=found.held.over,
        held_bought=found.held.bought,
        **facts,
    )


def _waiting(campaign: int, found: FromOrders, now: datetime) -> Phrase:
    """Of messages whose window is not over: because it runs on, or because the orders end before it."""
    facts = {
        "id": str(campaign),
        "early": sum(group.early for group in found.versions.values()),
        "until": found.end,
    }
    if found.end > now:
        return counted(
            "{n} message of campaign {id} is not answered yet: its days run until {until:%Y-%m-%d}; {early} bought so "
            "far.",
            "{n} messages of campaign {id} are not answered yet: their days run until {until:%Y-%m-%d}; {early} bought "
            "so far.",
            n=found.waiting,
            **facts,
        )
    missing = max(1, -(-(found.end - found.known_until) // timedelta(days=1)))
    return counted(
        "Your orders end on {last:%Y-%m-%d}, and {n} day until {until:%Y-%m-%d} is missing: {messages} of campaign "
        "{id} are not answered yet; {early} bought so far.",
        "Your orders end on {last:%Y-%m-%d}, and {n} days until {until:%Y-%m-%d} are missing: {messages} of campaign "
        "{id} are not answered yet; {early} bought so far.",
        n=missing,
        last=found.known_until,
        messages=counted("{n} message", "{n} messages", n=found.waiting),
        **facts,
    )


def changes(before: FromOrders, now: FromOrders) -> Phrase | None:
    """What was told before, where that was something else; None where it only grew by windows that are over now."""
    if not before.over or before.days != now.days:
        return None
    other = [label for label, group in before.versions.items() if _other(group, now.versions.get(label, group))]
    if before.held.over == now.held.over and before.held.bought != now.held.bought:
        other.append("")
    if not other:
        return _money_changed(before, now)
    was = tuple(
        Phrase("those who got none: {conversions}", conversions=before.held.bought)
        if label == ""
        else Phrase(
            "{label} {conversions} of {sends}",
            label=label,
            conversions=before.versions[label].bought,
            sends=before.versions[label].over,
        )
        for label in other
    )
    return Phrase("Orders have changed since: before, it was {was}.", was=was)


def _other(was: Group, now: Group) -> bool:
    """Whether as many were asked and others bought."""
    return was.over == now.over and was.bought != now.bought


def _money_changed(before: FromOrders, now: FromOrders) -> Phrase | None:
    same = all(
        before.versions[label].over == group.over for label, group in now.versions.items() if label in before.versions
    )
    was, is_ = (sum(group.revenue for group in one.versions.values()) for one in (before, now))
    if not same or abs(was - is_) < 0.005:
        return None
    return Phrase(
        "Orders have changed since: before, they came to {was}, now to {now}.", was=Money(was), now=Money(is_)
    )


def revenue(found: FromOrders, currency: str | None) -> Phrase | None:
    """What each version brought in; None where no order has a price."""
    groups = [(label, group) for label, group in found.versions.items() if group.over]
    if not any(group.revenue for _, group in groups):
        return None
    said = tuple(_money_of(label, group, currency) for label, group in groups)
    if not found.held.over:
        return counted(
            "Their orders in this {n} day: {versions}",
            "Their orders in these {n} days: {versions}",
            n=found.days,
            versions=said,
        )
    return counted(
        "Their orders in this {n} day: {versions}; of those who got none {held}",
        "Their orders in these {n} days: {versions}; of those who got none {held}",
        n=found.days,
        versions=said,
        held=_each(found.held, currency),
    )


def _money_of(label: str, group: Group, currency: str | None) -> Phrase:
    return Phrase("{label} {money}", label=label, money=_each(group, currency))


def _each(group: Group, currency: str | None) -> Phrase:
    return Phrase(
        "{sum} ({each} a person)", sum=Money(group.revenue, currency), each=Money(group.revenue / group.over, currency)
    )
