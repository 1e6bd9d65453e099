"""What would move people out of a segment: an order more, silence, or another answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Phrase, counted
from engine.segments.explain import Explanation, Sorter
from engine.segments.methods import Labels
from engine.segments.rules import Bounds, box_of, rule
from engine.segments.tree import Split, ways

ORDERS = (1, 2, 3)
SILENCES = (7, 14, 30, 60, 90, 180, 365)  # days
MANY, MOST = 0.2, 0.5  # of the members
NEW_PRODUCTS = 0.5  # of what is usual: about half of an order has been bought before

NameOf = Callable[[int], Phrase]


def ways_out(
    table: FeatureTable, explanation: Explanation, segment: int, name: NameOf, currency: str | None
) -> tuple[Phrase, ...]:
    """Up to two sentences; what is asked for is what the rules say. None where the rules know one segment only."""
    rows = np.flatnonzero(explanation.labels == segment)
    sorter = explanation.sorter
    members = table.frame.iloc[rows]
    members = members[sorter.segments(members) == segment]
    if not len(members):
        return ()
    told = [*_by_orders(sorter, members, segment, name), *_by_silence(sorter, members, segment, name)]
    return tuple(told or _by_one_answer(table, sorter, members, segment, name, currency))


def _by_orders(sorter: Sorter, members: pd.DataFrame, segment: int, name: NameOf) -> list[Phrase]:
    if not {c.RECENCY_DAYS, c.FREQUENCY} <= set(members.columns):
        return []
    for n in ORDERS:
        to, share = _most_go_to(sorter.segments(_after_orders(members, n)), segment)
        if share >= MANY:
            return [
                counted(
                    "One more order as usual would move {share} of them to {name}.",
                    "{n} more orders as usual would move {share} of them to {name}.",
                    n=n,
                    share=_share(share),
                    name=_quoted(name(to)),
                )
            ]
    return []


def _by_silence(sorter: Sorter, members: pd.DataFrame, segment: int, name: NameOf) -> list[Phrase]:
    if c.RECENCY_DAYS not in members:
        return []
    for days in SILENCES:
        later = members.assign(**{c.RECENCY_DAYS: members[c.RECENCY_DAYS] + days})
        to, share = _most_go_to(sorter.segments(later), segment)
        if share >= MOST:
            return [
                Phrase(
                    "Without an order in the next {days} days, {share} of them will move to {name}.",
                    days=days,
                    share=_share(share),
                    name=_quoted(name(to)),
                )
            ]
    return []


def _by_one_answer(
    table: FeatureTable, sorter: Sorter, members: pd.DataFrame, segment: int, name: NameOf, currency: str | None
) -> list[Phrase]:
    """The one rule without which most of the members would be in one other segment."""
    best: tuple[float, Phrase, int] | None = None
    for path, leaf in ways(sorter.tree):
        if leaf != segment:
            continue
        for at, (column, cut, reached) in enumerate(path):
            question = sorter.questions[column]
            other_way = _turned(sorter, path[:at], (column, cut, not reached))
            to, share = _most_go_to(other_way(members), segment)
            if best is None or share > best[0]:
                (bounds,) = box_of((path[at],), sorter.questions).values()
                best = share, rule(question, _other_side(bounds), table, currency), to
    if best is None or best[0] < MANY:
        return []
    share, otherwise, to = best
    if share > 0.995:
        return [
            Phrase(
                "Any one of them with this instead ({rule}) would belong to {name}.",
                rule=otherwise,
                name=_quoted(name(to)),
            )
        ]
    return [
        Phrase(
            "Of those who had this instead ({rule}), {share} would belong to {name}.",
            rule=otherwise,
            share=_share(share),
            name=_quoted(name(to)),
        )
    ]


def _other_side(bounds: Bounds) -> Bounds:
    return Bounds(bounds.high, bounds.low)


def _turned(
    sorter: Sorter, before: Sequence[tuple[int, int, bool]], turned: tuple[int, int, bool]
) -> Callable[[pd.DataFrame], Labels]:
    """The segments that customers would have if they came to this question and answered it the other way."""
    tree = sorter.tree
    for column, cut, reached in (*before, turned):
        if isinstance(tree, Split) and (tree.column, tree.cut) == (column, cut):
            tree = tree.yes if reached else tree.no
    return Sorter(sorter.questions, tree).segments


def _after_orders(members: pd.DataFrame, n: int) -> pd.DataFrame:
    """The members after `n` more orders of their usual size, the last one today."""
    after = members.assign(**{c.FREQUENCY: members[c.FREQUENCY] + n})
    after[c.RECENCY_DAYS] = 1.0
    if c.MONETARY in members:
        after[c.MONETARY] = members[c.MONETARY] * after[c.FREQUENCY] / members[c.FREQUENCY]
    if c.N_PRODUCTS in members:
        new = NEW_PRODUCTS * n * members[c.N_PRODUCTS] / members[c.FREQUENCY]
        after[c.N_PRODUCTS] = members[c.N_PRODUCTS] + new.round()
    return after


def _most_go_to(segments: Labels, segment: int) -> tuple[int, float]:
    """The other segment that most come to, and their share; the segment itself where nobody moves."""
    moved = segments[segments != segment]
    if not len(moved):
        return segment, 0.0
    sizes = np.bincount(moved)
    return int(sizes.argmax()), float(sizes.max() / len(segments))


def _share(share: float) -> Phrase:
    return Phrase("all") if share > 0.995 else Phrase("{share:.0%}", share=share)


def _quoted(name: Phrase) -> Phrase:
    return Phrase("‘{name}’", name=name)
