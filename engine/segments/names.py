"""What a segment is called, from what sets it apart; a name promises no more than its claims hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.claims import Behaviour, Claim, Traits
from engine.segments.contrasts import Contrast, Mask, Measures, subject
from engine.segments.methods import Labels

EVERYONE = Phrase("All customers")

# For two segments that would have one name: what the one with more is called, then the one with less.
DETAILS: Mapping[str, tuple[Phrase, Phrase]] = {
    c.RECENCY_DAYS: (Phrase("{name}: quiet for longer"), Phrase("{name}: seen more lately")),
    c.FREQUENCY: (Phrase("{name}: more orders"), Phrase("{name}: fewer orders")),
    c.MONETARY: (Phrase("{name}: more money"), Phrase("{name}: less money")),
    c.ORDER_VALUE: (Phrase("{name}: dearer orders"), Phrase("{name}: cheaper orders")),
    c.ITEMS_PER_ORDER: (Phrase("{name}: more pieces per order"), Phrase("{name}: fewer pieces per order")),
    c.N_PRODUCTS: (Phrase("{name}: more different products"), Phrase("{name}: fewer different products")),
}


@dataclass(frozen=True)
class Named:
    """A segment's name, and all that it claims of the members."""

    name: Phrase
    claims: tuple[Claim, ...]

    @property
    def hedges(self) -> tuple[Phrase, ...]:
        """Of how many members each word is true that is not true of nearly all."""
        return tuple(claim.told() for claim in self.claims if claim.hedged)


def names(table: FeatureTable, behaviour: pd.DataFrame, labels: Labels, currency: str | None = None) -> list[Named]:
    """A name per segment, in the order of the labels, no two alike.

    `behaviour` has a row for each customer of `table`, empty for one who never ordered. Where they were grouped by
    how they buy, the name says so; else it says who they are or what they answer.
    """
    n = int(labels.max()) + 1
    if n == 1:
        return [Named(EVERYONE, ())]
    masks = [labels == segment for segment in range(n)]
    buying = {feature.key for feature in table.features} & {c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY}
    others = without_behaviour(table)
    traits = Traits(others, labels, currency) if others.features else None
    measures = Measures(table)
    habits = Behaviour(behaviour) if len(buying) > 1 else None
    given = [_named(mask, habits, traits, measures) for mask in masks]
    plain = [one.name for one in given]
    if habits is not None:
        typical = behaviour[list(DETAILS)].clip(lower=0).groupby(labels).median().fillna(0.0)
        plain = _told_apart(plain, typical.apply(np.log1p))
    return [Named(name, one.claims) for name, one in zip(_numbered(plain), given, strict=True)]


def without_behaviour(table: FeatureTable) -> FeatureTable:
    features = tuple(feature for feature in table.features if feature.key not in DETAILS)
    return FeatureTable(table.frame[[feature.key for feature in features]], features)


def _named(members: Mask, habits: Behaviour | None, traits: Traits | None, measures: Measures) -> Named:
    claims = [] if habits is None else habits.claims(members)
    parts = [] if habits is None else [_of_habits(habits, members)]
    if traits is not None:
        more = traits.claims(members)[: 1 if parts else None]
        claims += more
        parts += [claim.words for claim in more]
    if not parts:
        found = measures.contrasts(members)
        parts = [_on_average(found[0])] if found else [Phrase("Customers")]
    return Named(parts[0] if len(parts) == 1 else Phrase("{facts}", facts=tuple(parts)), tuple(claims))


def _on_average(contrast: Contrast) -> Phrase:
    what = subject(contrast)
    if contrast.difference > 0:
        return Phrase("{what}: more than others", what=what)
    return Phrase("{what}: less than others", what=what)


def _of_habits(habits: Behaviour, members: Mask) -> Phrase:
    """Who they are, and what they spend and when, as far as it can be claimed."""
    frequency, recency, spending = habits.frequency(members), habits.when(members), habits.spending(members)
    who = Phrase("Customers") if frequency is None else frequency.words
    if spending is None:
        return who if recency is None else Phrase("{who}, {when}", who=who, when=recency.words)
    if recency is None:
        return Phrase("{who} {spending}", who=who, spending=spending.words)
    return Phrase("{who} {spending}, {when}", who=who, spending=spending.words, when=recency.words)


def slug(name: Phrase) -> str:
    """The English name as a key: regulars-who-spend-big. Empty where it has no Latin letter or number."""
    return re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-")


def keys(names: Sequence[Phrase]) -> list[str]:
    """A key per name, no two alike, none empty."""
    result: list[str] = []
    for number, name in enumerate(names, start=1):
        key = slug(name) or f"segment-{number}"
        result.append(key if key not in result else f"{key}-{number}")
    return result


def _told_apart(plain: Sequence[Phrase], typical: pd.DataFrame) -> list[Phrase]:
    """The names, each with what differs most where several are the same."""
    result = list(plain)
    for name in dict.fromkeys(plain):
        same = [segment for segment, other in enumerate(plain) if other == name]
        if len(same) > 1:
            for segment, detailed in zip(same, _detailed(name, typical.loc[same]), strict=True):
                result[segment] = detailed
    return result


def differing(name: Phrase, labels: Labels, kept: int, other: int, behaviour: pd.DataFrame) -> Phrase:
    """What `other` is called beside the segment `kept` of the same name: the name with what differs most."""
    if behaviour[c.FREQUENCY].isna().all():
        return name
    some = behaviour[list(DETAILS)].clip(lower=0)
    typical = pd.DataFrame({one: some[labels == one].median() for one in (kept, other)}).T.fillna(0.0)
    return _detailed(name, typical.apply(np.log1p))[1]


def _detailed(name: Phrase, typical: pd.DataFrame) -> list[Phrase]:
    spread = typical.max() - typical.min()
    if not spread.max():
        return [name] * len(typical)
    feature = str(spread.idxmax())
    by_size = typical[feature].sort_values()
    # more and less: apart at the widest step
    border = by_size.iloc[int(by_size.diff().iloc[1:].argmax())]
    more, less = (Phrase(detail.message, name=name) for detail in DETAILS[feature])
    return [less if value <= border else more for value in typical[feature]]


def _numbered(given: Sequence[Phrase]) -> list[Phrase]:
    """Names that are still the same get 1, 2, …"""
    return [
        Phrase("{name} ({number})", name=name, number=given[: at + 1].count(name)) if given.count(name) > 1 else name
        for at, name in enumerate(given)
    ]
