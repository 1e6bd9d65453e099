"""Customers in segments, each with a name, a sentence and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import FeatureTable
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.segments.called import method_called
from engine.segments.describe import Explained, Segment, described, everybody, explained, told_rightly
from engine.segments.facts import Drawing
from engine.segments.methods import Auto, Grouping, Labels, segmenter
from engine.segments.prepare import n_different
from engine.segments.sentences import ALIKE, CHANCE, no_groups

__all__ = ["Segment", "Segmentation", "segmentation"]

FEWEST = 20  # customers: with fewer, groups would be chance
MOST_GROUPS = 20


@dataclass(frozen=True)
class Segmentation:
    """`segments` by their share of revenue, the largest first; `labels` has each customer's segment key.

    `quality` is ready for JSON: what the method measured, and if there are several segments `agreement`, the share of
    customers whom the rules of their segment fit, `agreement_found` with the groups that the method found, `moved`
    customers near a border who count to the segment whose rules they keep, the share `kept` of what the found groups
    explain, and `leaves`, the sets of rules.
    """

    method: str
    k: int
    segments: tuple[Segment, ...]
    labels: pd.Series
    quality: Mapping[str, Any]
    as_of: pd.Timestamp
    seed: int
    drawing: Drawing = field(default_factory=Drawing)


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

    `behaviour` (`engine.features.behavioural`) tells what they bought; who never ordered has no row there.

    `k` is the number of segments, 1 to 20, or "auto". The order of the rows does not matter. One segment, with the
    reason in its sentence, where there are no groups to be seen.

    Raises NotAllowed for another k, for one above the number of customers that differ, and for an unknown method;
    TooLittleData without a customer, and for a k above 1 with fewer than 20 customers.
    """
    segmenting, wanted = segmenter(method), _allowed(k)
    if wanted not in ("auto", 1) and not segmenting.takes_k:
        raise NotAllowed(
            Phrase(
                "“{method}” finds the number of groups by itself; leave the number out, or say auto.",
                method=method_called(method),
            )
        )
    if not len(table):
        raise TooLittleData(Phrase("No order of a known customer is here yet; import a file of orders first."))
    table = replace(table.sorted(), currency=currency)
    features = behaviour.reindex(table.frame.index)
    rng = np.random.default_rng(seed)
    why = _why_not(table, wanted)
    if why is not None or wanted == 1:
        grouping = Grouping(np.zeros(len(features), dtype=np.intp), {})
    else:
        grouping = segmenting.fit(table, wanted, rng, progress)
        why = no_groups(grouping.quality) if grouping.k == 1 else None
    quality, drawing = dict(grouping.quality), Drawing()
    labels = grouping.labels
    if grouping.k == 1 and not grouping.named:
        segments: tuple[Segment, ...] = (everybody(table, features, currency, why),)
    else:
        progress(Phrase("Looking for words for the groups"), 1.0)
        found = explained(table, features, grouping, currency)
        labels = found.labels
        segments, drawing = described(table, features, found, currency, rng)
        quality |= _of_rules(found)
    keys = np.array([segment.key for segment in segments], dtype=object)
    by_customer = pd.Series(keys[labels], index=features.index, name="segment")
    if "stability" in quality:
        quality["stability"] = _by_key(quality["stability"], grouping.labels, by_customer)
    return Segmentation(method, len(segments), segments, by_customer, quality, as_of, seed, drawing)


def _of_rules(found: Explained) -> dict[str, Any]:
    rules = found.explanation
    if rules is None:
        return {}
    return {
        "agreement": told_rightly(found),
        "agreement_found": rules.agreement_found,
        "moved": rules.n_moved,
        "kept": rules.kept,
        "leaves": rules.n_leaves,
    }


def _by_key(values: Sequence[float], labels: Labels, by_customer: pd.Series) -> dict[str, float]:
    """What was measured of each group of the method, by the key of the segment that most of it became."""
    return {str(by_customer[labels == label].mode()[0]): value for label, value in enumerate(values)}


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
