"""Customers in segments, each with a name, a sentence and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import FeatureTable
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.segments.explain import Rules, explain
from engine.segments.methods import Auto, Grouping, Labels, segmenter
from engine.segments.names import names, slug
from engine.segments.prepare import n_different
from engine.segments.sentences import ALIKE, CHANCE, NO_GROUPS, describe, describe_all

FEWEST = 20  # customers: with fewer, groups would be chance
MOST_GROUPS = 20


@dataclass(frozen=True)
class Segment:
    """`rules` all hold at once; `profile` has the medians by feature, without those that nobody has."""

    key: str
    name: Phrase
    sentence: Phrase
    rules: Rules
    size: int
    share_of_customers: float
    share_of_revenue: float
    profile: Mapping[str, float]


@dataclass(frozen=True)
class Segmentation:
    """`segments` by their share of revenue, the largest first; `labels` has each customer's segment key.

    `quality` is ready for JSON: what the method measured, and `agreement` of the rules if there are several
    segments.
    """

    method: str
    k: int
    segments: tuple[Segment, ...]
    labels: pd.Series
    quality: Mapping[str, Any]
    as_of: pd.Timestamp
    seed: int


def segmentation(
    table: FeatureTable,
    behaviour: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
    seed: int,
    method: str = "kmeans",
    k: int | str = "auto",
    currency: str | None = None,
    progress: Progress = silent,
) -> Segmentation:
    """The customers of `table` in segments by its features; everyone is in exactly one.

    `behaviour` (`engine.features.behavioural`) tells what they bought: it has a row for each of them.

    `k` is the number of segments, 1 to 20, or "auto". The order of the rows does not matter. One segment, with the
    reason in its sentence, where there are no groups to be seen.

    Raises NotAllowed for another k, for one above the number of customers that differ, and for an unknown method;
    TooLittleData without a customer, and for a k above 1 with fewer than 20 customers.
    """
    segmenting, wanted = segmenter(method), _allowed(k)
    if wanted not in ("auto", 1) and not segmenting.takes_k:
        raise NotAllowed(
            Phrase("{method} finds the number of groups by itself; leave the number out, or say auto.", method=method)
        )
    if not len(table):
        raise TooLittleData(Phrase("No order of a known customer is here yet; import a file of orders first."))
    table = replace(table.sorted(), currency=currency)
    features = behaviour.loc[table.frame.index]
    why = _why_not(table, wanted)
    if why is not None or wanted == 1:
        grouping = Grouping(np.zeros(len(features), dtype=np.intp), {})
    else:
        grouping = segmenting.fit(table, wanted, np.random.default_rng(seed), progress)
        why = NO_GROUPS if grouping.k == 1 else None
    labels = _by_revenue(features, grouping.labels)
    quality = dict(grouping.quality)
    if grouping.k == 1:
        segments: tuple[Segment, ...] = (_everybody(features, currency, why),)
    else:
        explained = explain(table, labels, currency)
        quality["agreement"] = explained.agreement
        segments = _described(features, labels, explained.rules, currency)
    keys = np.array([segment.key for segment in segments], dtype=object)
    by_customer = pd.Series(keys[labels], index=features.index, name="segment")
    return Segmentation(method, len(segments), segments, by_customer, quality, as_of, seed)


def _allowed(k: int | str) -> int | Auto:
    if k == "auto":
        return "auto"
    if isinstance(k, int) and not isinstance(k, bool) and 1 <= k <= MOST_GROUPS:
        return k
    raise NotAllowed(
        Phrase(
            "The number of groups is {k}; choose 1 to {most}, or auto to let the data decide.",
            k=str(k),
            most=MOST_GROUPS,
        )
    )


def _why_not(table: FeatureTable, k: int | Auto) -> Phrase | None:
    """Why there can only be one segment. Raises if more are asked for than there can be."""
    n, different = len(table), n_different(table)
    if n < FEWEST:
        if k not in ("auto", 1):
            raise TooLittleData(
                Phrase(
                    "With fewer than {fewest} customers groups would be chance, and there are {n}: "
                    "import more orders, or choose auto.",
                    fewest=FEWEST,
                    n=n,
                )
            )
        return CHANCE
    if k != "auto" and k > different:
        raise NotAllowed(
            counted(
                "There is only {n} kind of order history, so no {k} groups; choose auto.",
                "There are only {n} different kinds of order history, so no {k} groups; choose auto.",
                k=k,
                n=different,
            )
        )
    return ALIKE if different == 1 else None


def _by_revenue(features: pd.DataFrame, labels: Labels) -> Labels:
    """The labels numbered anew: 0 is the group with most of the money. A label without a customer is skipped."""
    groups, labels = np.unique(labels, return_inverse=True)
    revenue = np.bincount(labels, weights=features[c.MONETARY], minlength=len(groups))
    rank = np.empty(len(groups), dtype=np.intp)
    rank[np.argsort(-revenue, kind="stable")] = np.arange(len(groups))
    renumbered: Labels = rank[labels]
    return renumbered


def _described(
    features: pd.DataFrame, labels: Labels, rules: tuple[Rules, ...], currency: str | None
) -> tuple[Segment, ...]:
    total = features[c.MONETARY].sum()
    result = []
    for label, name in enumerate(names(features, labels)):
        members = features[labels == label]
        people = len(members) / len(features)
        money = float(members[c.MONETARY].sum() / total) if total else people
        profile = _profile(members)
        sentence = describe(len(members), people, money, profile, currency)
        result.append(Segment(slug(name), name, sentence, rules[label], len(members), people, money, profile))
    return tuple(result)


def _everybody(features: pd.DataFrame, currency: str | None, why: Phrase | None) -> Segment:
    (name,) = names(features, np.zeros(len(features), dtype=np.intp))
    profile = _profile(features)
    sentence = describe_all(len(features), profile, currency, why)
    return Segment(slug(name), name, sentence, (), len(features), 1.0, 1.0, profile)


def _profile(members: pd.DataFrame) -> dict[str, float]:
    return {str(feature): float(value) for feature, value in members.median().dropna().items()}
