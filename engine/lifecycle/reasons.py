"""Why a customer is in a stage, in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import floor

from engine.lifecycle.stages import Rules
from engine.phrases import Phrase, counted

Called = Callable[[str], Phrase]  # a kind of event in a sentence


@dataclass(frozen=True)
class Standing:
    """One customer's row of `engine.lifecycle.stages.standing`; what is missing there is None."""

    stage: str
    warned: bool
    purchase_days: int
    recency_days: int | None
    p_none: float | None
    sign: str | None
    sign_days: int | None
    visits: int


def reason(one: Standing, rules: Rules, called: Called) -> Phrase:
    """The one sentence, for a list and for a card."""
    sign = None if one.sign is None or one.sign_days is None else (called(one.sign), days(one.sign_days))
    if one.recency_days is None:
        return _without_purchase(one, sign)
    if one.stage == "purchase":
        return Phrase(
            "the only order was {days} ago; who orders again usually does so within {first_to_second}",
            days=days(one.recency_days),
            first_to_second=days(rules.first_to_second),
        )
    if one.stage == "churn" or one.warned:
        return _leaving(one, rules, sign)
    if sign is not None:
        return Phrase("{kind}, {days} ago", kind=sign[0], days=sign[1])
    return _buying(one, rules)


def thresholds(rules: Rules) -> Phrase:
    """What makes a stage, in words."""
    if rules.lost_days is not None and rules.warned_days is not None:
        return Phrase(
            "Your past orders do not let me forecast who stays away, so I go by plain days: no order for more than "
            "{lost} is churn, for more than {warned} a warning; an order on at least {loyal}, and the last at most "
            "{warned} ago, is loyalty; one order, at most {first} ago, is a purchase.",
            lost=days(rules.lost_days),
            warned=days(rules.warned_days),
            loyal=days(rules.loyal_days),
            first=days(rules.first_to_second),
        )
    return Phrase(
        "Churn: {lost:.0%} or more likely to order nothing in the next {horizon}; warned of from {warned:.0%} on; but "
        "nobody who is away no longer than is usual for them. Loyalty: ordered on at least {loyal}, {again:.0%} or "
        "more likely to order again in that time, and not away for longer than three times the usual. Purchase: one "
        "order, at most {first} ago.",
        lost=rules.lost_from,
        warned=rules.warned_from,
        horizon=days(rules.horizon),
        loyal=days(rules.loyal_days),
        again=rules.loyal_from,
        first=days(rules.first_to_second),
    )


def days(n: int) -> Phrase:
    return counted("{n} day", "{n} days", n=n)


def percent(chance: float) -> float:
    """In whole percent, rounded down: what is below a threshold never looks as if it had reached it."""
    return floor(round(chance * 100, 6)) / 100


def _without_purchase(one: Standing, sign: tuple[Phrase, Phrase] | None) -> Phrase:
    if sign is None:
        return Phrase("neither an order nor a visit is in your data")
    kind, ago = sign
    if one.stage == "evaluation":
        return Phrase("{kind}, {days} ago, and no order yet", kind=kind, days=ago)
    if one.stage == "awareness":
        return Phrase("seen once: {kind}, {days} ago", kind=kind, days=ago)
    return counted(
        "no order yet; {n} visit, the latest sign: {kind}, {days} ago",
        "no order yet; {n} visits, the latest sign: {kind}, {days} ago",
        n=one.visits,
        kind=kind,
        days=ago,
    )


def _leaving(one: Standing, rules: Rules, sign: tuple[Phrase, Phrase] | None) -> Phrase:
    if one.p_none is None:
        return _away(one, sign)
    facts = {
        "days": days(one.recency_days or 0),
        "horizon": days(rules.horizon),
        "chance": percent(one.p_none),
    }
    if sign is not None and one.warned:
        return Phrase(
            "the last order was {days} ago: {chance:.0%} likely to order nothing in the next {horizon}; "
            "but {kind}, {seen} ago",
            **facts,
            kind=sign[0],
            seen=sign[1],
        )
    return Phrase("the last order was {days} ago: {chance:.0%} likely to order nothing in the next {horizon}", **facts)


def _away(one: Standing, sign: tuple[Phrase, Phrase] | None) -> Phrase:
    ordered = counted("ordered on {n} day", "ordered on {n} days", n=one.purchase_days)
    last = days(one.recency_days or 0)
    if sign is not None and one.warned:
        return Phrase(
            "{ordered}, nothing for {days}; but {kind}, {seen} ago",
            ordered=ordered,
            days=last,
            kind=sign[0],
            seen=sign[1],
        )
    return Phrase("{ordered}, nothing for {days}", ordered=ordered, days=last)


def _buying(one: Standing, rules: Rules) -> Phrase:
    ordered = counted("ordered on {n} day", "ordered on {n} days", n=one.purchase_days)
    last = days(one.recency_days or 0)
    if one.p_none is None:
        return Phrase("{ordered}, the last time {days} ago", ordered=ordered, days=last)
    loyal = one.stage == "loyalty" and one.p_none > 1 - rules.loyal_from
    if one.p_none >= rules.warned_from or loyal:
        return Phrase("{ordered}, the last time {days} ago: as usual for them", ordered=ordered, days=last)
    return Phrase(
        "{ordered}, the last time {days} ago: {chance:.0%} likely to order again in the next {horizon}",
        ordered=ordered,
        days=last,
        chance=percent(1 - one.p_none),
        horizon=days(rules.horizon),
    )
