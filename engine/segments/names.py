"""What a segment is called, from what sets it apart. The names are few, so that each can be translated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase
from engine.segments.methods import Labels

Frequency = Literal["one-time", "occasional", "regular"]
Recency = Literal["recent", "a while ago", "long gone"]
Spending = Literal["small", "middling", "big"]

ONE_TIME_SHARE = 0.8  # of a segment called one-time buyers
REGULAR = 4  # orders
RECENT, LONG_GONE = 1.5, 4.0  # typical gaps between two orders
SHORTEST_PACE, LONGEST_PACE = 14.0, 60.0  # days

EVERYONE = Phrase("All customers")

NAMES: Mapping[tuple[Frequency, Recency, Spending], Phrase] = {
    ("one-time", "recent", "small"): Phrase("New one-time buyers, small orders"),
    ("one-time", "recent", "middling"): Phrase("New one-time buyers"),
    ("one-time", "recent", "big"): Phrase("New one-time buyers, big orders"),
    ("one-time", "a while ago", "small"): Phrase("One-time buyers of a while ago, small orders"),
    ("one-time", "a while ago", "middling"): Phrase("One-time buyers of a while ago"),
    ("one-time", "a while ago", "big"): Phrase("One-time buyers of a while ago, big orders"),
    ("one-time", "long gone", "small"): Phrase("One-time buyers, long gone, small orders"),
    ("one-time", "long gone", "middling"): Phrase("One-time buyers, long gone"),
    ("one-time", "long gone", "big"): Phrase("One-time buyers, long gone, big orders"),
    ("occasional", "recent", "small"): Phrase("Occasional buyers who spend little"),
    ("occasional", "recent", "middling"): Phrase("Occasional buyers"),
    ("occasional", "recent", "big"): Phrase("Occasional buyers who spend big"),
    ("occasional", "a while ago", "small"): Phrase("Occasional buyers who spend little, quiet for a while"),
    ("occasional", "a while ago", "middling"): Phrase("Occasional buyers, quiet for a while"),
    ("occasional", "a while ago", "big"): Phrase("Occasional buyers who spend big, quiet for a while"),
    ("occasional", "long gone", "small"): Phrase("Occasional buyers who spent little, long gone"),
    ("occasional", "long gone", "middling"): Phrase("Occasional buyers, long gone"),
    ("occasional", "long gone", "big"): Phrase("Occasional buyers who spent big, long gone"),
    ("regular", "recent", "small"): Phrase("Regulars who spend little"),
    ("regular", "recent", "middling"): Phrase("Regulars"),
    ("regular", "recent", "big"): Phrase("Regulars who spend big"),
    ("regular", "a while ago", "small"): Phrase("Regulars who spend little, quiet for a while"),
    ("regular", "a while ago", "middling"): Phrase("Regulars, quiet for a while"),
    ("regular", "a while ago", "big"): Phrase("Regulars who spend big, quiet for a while"),
    ("regular", "long gone", "small"): Phrase("Former regulars who spent little"),
    ("regular", "long gone", "middling"): Phrase("Former regulars"),
    ("regular", "long gone", "big"): Phrase("Former regulars who spent big"),
}

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
class Scale:
    """What is recent, long ago, little and much in this shop."""

    recent: float  # days since the last order, at most
    long_gone: float  # the same, above
    small: float  # money in all, at most
    big: float  # the same, at least

    @classmethod
    def of(cls, features: pd.DataFrame) -> Scale:
        """The shop's pace is the typical gap between orders, held to 14 to 60 days; 60 if nobody came back.

        Little and much are the outer quarters of what customers spend.
        """
        gaps = features[c.GAP_DAYS].dropna()
        pace = float(np.clip(gaps.median(), SHORTEST_PACE, LONGEST_PACE)) if len(gaps) else LONGEST_PACE
        money = features[c.MONETARY]
        return cls(RECENT * pace, LONG_GONE * pace, float(money.quantile(0.25)), float(money.quantile(0.75)))

    def frequency(self, members: pd.DataFrame) -> Frequency:
        orders = members[c.FREQUENCY]
        if (orders == 1).mean() >= ONE_TIME_SHARE:
            return "one-time"
        return "regular" if orders.median() >= REGULAR else "occasional"

    def recency(self, members: pd.DataFrame) -> Recency:
        days = members[c.RECENCY_DAYS].median()
        if days <= self.recent:
            return "recent"
        return "a while ago" if days <= self.long_gone else "long gone"

    def spending(self, members: pd.DataFrame) -> Spending:
        money = members[c.MONETARY].median()
        if self.small == self.big:
            return "middling"
        if money <= self.small:
            return "small"
        return "big" if money >= self.big else "middling"


def names(features: pd.DataFrame, labels: Labels) -> list[Phrase]:
    """A name per segment, in the order of the labels, no two alike."""
    scale = Scale.of(features)
    members = [part for _, part in features.groupby(labels)]
    if len(members) == 1:
        return [EVERYONE]
    plain = [NAMES[scale.frequency(part), scale.recency(part), scale.spending(part)] for part in members]
    typical = features[list(DETAILS)].clip(lower=0).groupby(labels).median().reset_index(drop=True)
    return _told_apart(plain, typical.apply(np.log1p))


def slug(name: Phrase) -> str:
    """The English name as a key: regulars-who-spend-big."""
    return re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-")


def _told_apart(plain: Sequence[Phrase], typical: pd.DataFrame) -> list[Phrase]:
    """The names, each with what differs most where several are the same, and a number where that is not enough."""
    result = list(plain)
    for name in dict.fromkeys(plain):
        same = [segment for segment, other in enumerate(plain) if other == name]
        if len(same) > 1:
            for segment, detailed in zip(same, _detailed(name, typical.loc[same]), strict=True):
                result[segment] = detailed
    return result


def _detailed(name: Phrase, typical: pd.DataFrame) -> list[Phrase]:
    spread = typical.max() - typical.min()
    if not spread.max():
        return _numbered([name] * len(typical))
    feature = str(spread.idxmax())
    by_size = typical[feature].sort_values()
    # more and less: apart at the widest step
    border = by_size.iloc[int(by_size.diff().iloc[1:].argmax())]
    more, less = (Phrase(detail.message, name=name) for detail in DETAILS[feature])
    return _numbered([less if value <= border else more for value in typical[feature]])


def _numbered(given: Sequence[Phrase]) -> list[Phrase]:
    """Names that are still the same get 1, 2, …"""
    return [
        Phrase("{name} ({number})", name=name, number=given[: at + 1].count(name)) if given.count(name) > 1 else name
        for at, name in enumerate(given)
    ]
