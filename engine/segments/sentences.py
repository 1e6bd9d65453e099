"""A segment in one sentence, and how far its borders can be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine import columns as c
from engine.phrases import Money, Phrase, counted, in_percent
from engine.segments.choose import STEADY
from engine.segments.resampling import CHANCE_ALONE

WELL_APART = 0.5  # Kaufman & Rousseeuw (1990), table 2.4: below, groups are weak

CHANCE = Phrase("With fewer than 20 customers, groups would be chance.")
ALIKE = Phrase("Their orders are all alike, so there are no groups.")
NO_GROUPS = Phrase("Half of them show other groups than the other half does, so there are none to rely on.")
NO_GAPS = Phrase(
    "However they are divided, there is no gap between one group and the next, so there are none to rely on."
)
ALL, NOTHING = 0.995, 0.005  # what would be written as 100 % and 0 %
AS_GOOD = 0.5  # of the weight of the number that was chosen


def describe(
    size: int, share_of_customers: float, share_of_revenue: float, profile: Mapping[str, float], currency: str | None
) -> Phrase:
    """Size, share of the money and what is typical (medians) of a segment."""
    return counted(
        "{n} customer ({people} of people, {money} of money): "
        "typically {orders}, the last one {days} ago, {spent} in all.",
        "{n} customers ({people} of people, {money} of money): "
        "typically {orders}, the last one {days} ago, {spent} in all.",
        n=size,
        people=in_percent(share_of_customers),
        money=in_percent(share_of_revenue),
        **_typical(profile, currency),
    )


def describe_people(size: int, share: float, money: float | None, facts: tuple[Phrase, ...]) -> Phrase:
    """Size and what is typical of people who need not have ordered; `money` is their share of it, if there is any."""
    if money is None:
        head = counted(
            "{n} customer ({people} of people)", "{n} customers ({people} of people)", n=size, people=in_percent(share)
        )
    else:
        head = counted(
            "{n} customer ({people} of people, {money} of money)",
            "{n} customers ({people} of people, {money} of money)",
            n=size,
            people=in_percent(share),
            money=in_percent(money),
        )
    return Phrase("{head}: {facts}.", head=head, facts=facts) if facts else Phrase("{head}.", head=head)


def describe_all(size: int, profile: Mapping[str, float], currency: str | None, why: Phrase | None) -> Phrase:
    """The one segment of everybody, and why there is no other; `profile` is empty if somebody never ordered."""
    if profile:
        sentence = counted(
            "{n} customer: typically {orders}, the last one {days} ago, {spent} in all.",
            "{n} customers: typically {orders}, the last one {days} ago, {spent} in all.",
            n=size,
            **_typical(profile, currency),
        )
    else:
        sentence = Phrase("{customers}.", customers=counted("{n} customer", "{n} customers", n=size))
    return sentence if why is None else Phrase("{sentence} {why}", sentence=sentence, why=why)


def no_groups(quality: Mapping[str, Any]) -> Phrase:
    """Why there is one segment where several were looked for."""
    steady = max(quality.get("prediction_strength", {}).values(), default=0.0) >= STEADY
    return NO_GAPS if steady else NO_GROUPS


def caveats(
    k: int, *, chosen: bool, n_without: int, quality: Mapping[str, Any], names: Mapping[str, Phrase] | None = None
) -> tuple[Phrase, ...]:
    """How far a run of `k` segments can be trusted, from its quality.

    `chosen`: the data chose `k`, not the user; `n_without` customers have no orders. `names` of the segments, by key,
    to name those that hardly come back.
    """
    told = [] if k == 1 else [*_borders(k, chosen, quality), *_unsteady(quality, names or {})]
    if n_without > 0:
        told.append(
            counted(
                "{n} customer has not ordered yet and is in no group.",
                "{n} customers have not ordered yet and are in no group.",
                n=n_without,
            )
        )
    return tuple(told)


def _borders(k: int, chosen: bool, quality: Mapping[str, Any]) -> Iterator[Phrase]:
    if "agreement" in quality:
        yield from _rules(quality)
    strengths = quality.get("prediction_strength", {})
    strength = strengths.get(str(k))
    if strength is not None and chosen:
        gone = min(strength, *quality.get("stability", {}).values(), 1.0) < NOTHING
        yield _finest(k, strength, strengths.get(str(k + 1))) if strength >= STEADY else _loose(k, strength, gone)
        yield from _as_good(k, quality.get("weights", {}))
    elif strength is not None and strength < NOTHING:
        yield Phrase(
            "Do not rely on {k} groups: when they were found again with half of your customers, one of them did not "
            "come back at all.",
            k=k,
        )
    elif strength is not None and strength < STEADY:
        yield Phrase(
            "Do not rely on {k} groups: when they were found again with half of your customers, people of one group "
            "stayed together only {strength:.0%} of the time.",
            k=k,
            strength=strength,
        )
    if quality.get("silhouette", 1.0) < WELL_APART:
        yield Phrase("The groups shade into one another: near a border, a customer could be in either.")


def _rules(quality: Mapping[str, Any]) -> Iterator[Phrase]:
    if quality["agreement"] >= ALL:
        yield Phrase("These descriptions fit practically every customer.")
    else:
        yield Phrase(
            "These descriptions fit {share:.0%} of your customers; for the others, go by the list of each group.",
            share=quality["agreement"],
        )
    moved = quality.get("moved", 0)
    if moved and quality["kept"] >= ALL:
        yield counted(
            "So that rules can tell the groups, {n} customer near a border counts where the rules say; the groups "
            "differ as much as before.",
            "So that rules can tell the groups, {n} customers near a border count where the rules say; the groups "
            "differ as much as before.",
            n=moved,
        )
    elif moved:
        yield counted(
            "So that rules can tell the groups, {n} customer near a border counts where the rules say; the groups "
            "still explain {kept:.0%} of the differences that they explained before.",
            "So that rules can tell the groups, {n} customers near a border count where the rules say; the groups "
            "still explain {kept:.0%} of the differences that they explained before.",
            n=moved,
            kept=quality["kept"],
        )


def _finest(k: int, strength: float, next_strength: float | None) -> Phrase:
    # a number of groups of which one is gone altogether was no runner-up
    alone = next_strength is None or next_strength >= STEADY or next_strength < NOTHING
    if strength >= ALL and alone:
        return Phrase(
            "You can rely on these groups: when they were found again with half of your customers, everybody stayed "
            "together."
        )
    if strength >= ALL:
        return Phrase(
            "You can rely on these groups: when they were found again with half of your customers, everybody stayed "
            "together. With {more} groups it was only {next:.0%}, so there are not more.",
            more=k + 1,
            next=next_strength,
        )
    if alone:
        return Phrase(
            "You can rely on these groups: when they were found again with half of your customers, people of one group "
            "stayed together at least {strength:.0%} of the time.",
            strength=strength,
        )
    return Phrase(
        "You can rely on these groups: when they were found again with half of your customers, people of one group "
        "stayed together at least {strength:.0%} of the time. With {more} groups it was only {next:.0%}, so there are "
        "not more.",
        more=k + 1,
        strength=strength,
        next=next_strength,
    )


def _loose(k: int, strength: float, gone: bool) -> Phrase:
    if gone:
        return Phrase(
            "Take these {k} groups as a rough picture: when they were found again with other customers of yours, one "
            "of them did not come back at all.",
            k=k,
        )
    return Phrase(
        "{k} groups describe your customers best, but their borders move: when they were found again with half of your "
        "customers, people of one group stayed together only {strength:.0%} of the time.",
        k=k,
        strength=strength,
    )


def _as_good(k: int, weights: Mapping[str, float]) -> Iterator[Phrase]:
    """The numbers of groups that would do nearly as well."""
    others = [number for number in weights if int(number) != k and weights[number] > AS_GOOD * weights[str(k)]]
    if "1" in others:
        yield Phrase("It is nearly as likely that there are no groups at all.")
    elif others:
        likeliest = max(others, key=weights.__getitem__)
        yield Phrase("{other} groups would describe them nearly as well.", other=int(likeliest))


def _unsteady(quality: Mapping[str, Any], names: Mapping[str, Phrase]) -> Iterator[Phrase]:
    stability = quality.get("stability", {})
    unsteady = tuple(_quoted(name) for key, name in names.items() if stability.get(key, 1.0) < CHANCE_ALONE)
    if unsteady:
        yield Phrase(
            "Rely least on {names}: when customers were drawn anew, less than {share:.0%} of such a group came back.",
            names=unsteady,
            share=CHANCE_ALONE,
        )


def _quoted(name: Phrase) -> Phrase:
    """A name in quotation marks that are not those within it."""
    return Phrase("‘{name}’", name=name) if "“" in str(name) else Phrase("“{name}”", name=name)


def _typical(profile: Mapping[str, float], currency: str | None) -> dict[str, Phrase]:
    return {
        "orders": counted("{n} order", "{n} orders", n=round(profile[c.FREQUENCY])),
        "days": counted("{n} day", "{n} days", n=round(profile[c.RECENCY_DAYS])),
        "spent": _amount(profile[c.MONETARY], currency),
    }


def _amount(amount: float, currency: str | None) -> Phrase:
    """An amount as a person would say it: with cents below 20, in three figures above."""
    if abs(amount) < 20:
        return Phrase("{amount}", amount=Money(amount, currency))
    return Phrase("{amount:0}", amount=Money(float(f"{amount:.3g}"), currency))
