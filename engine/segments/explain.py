"""Rules that name a segment in the shop's own units, and how often they are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Money, Phrase, counted
from engine.segments.methods import Labels

Rules = tuple[Phrase, ...]

# what a person would say: 12 orders, 120 days, £1,200
SAID = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)
WHOLE = frozenset(("count", "days", "money"))


@dataclass(frozen=True)
class Bounds:
    """A range of one feature: at least `low` and below `high`, where they are set."""

    low: float | None = None
    high: float | None = None


Box = dict[str, Bounds]


@dataclass(frozen=True)
class Cut:
    """A question to a customer: is `feature` at least `at`?"""

    feature: str
    at: float
    mistakes: int


@dataclass(frozen=True)
class Explanation:
    """`rules[i]` holds of segment i, all of them at once; `agreement` is the share of customers they name rightly.

    A segment that no number sets apart has no rules.
    """

    rules: tuple[Rules, ...]
    agreement: float


def explain(table: FeatureTable, labels: Labels, currency: str | None) -> Explanation:
    """One set of rules per segment, by a tree of round numbers with as many leaves as there are segments.

    Each cut parts the segments' typical customers, and of those the one that leaves the fewest customers on the
    wrong side. So rules never overlap, and with them everyone has one segment.

    Source: Dasgupta, Frost, Moshkovitz & Rashtchian (2020), "Explainable k-Means and k-Medians Clustering", section 4.
    """
    basis = table.frame
    typical = basis.groupby(labels).median()
    named = np.full(len(basis), -1)
    boxes: dict[int, Box] = {}
    waiting: list[tuple[pd.DataFrame, NDArray[np.intp], Box]] = [(typical, np.arange(len(basis)), {})]
    while waiting:
        segments, rows, box = waiting.pop()
        cut = _best_cut(table, segments, basis.iloc[rows], labels[rows])
        if cut is None:
            segment = _most_common(segments.index.to_numpy(), labels[rows])
            named[rows], boxes[segment] = segment, box
            continue
        above, high = segments[cut.feature] >= cut.at, basis[cut.feature].to_numpy()[rows] >= cut.at
        low = box.get(cut.feature, Bounds())
        waiting.append((segments[above], rows[high], box | {cut.feature: Bounds(cut.at, low.high)}))
        waiting.append((segments[~above], rows[~high], box | {cut.feature: Bounds(low.low, cut.at)}))
    rules = tuple(tuple(_said(table, boxes.get(segment, {}), currency)) for segment in typical.index)
    return Explanation(rules, float(np.mean(named == labels)))


def _best_cut(table: FeatureTable, typical: pd.DataFrame, basis: pd.DataFrame, labels: Labels) -> Cut | None:
    """The cut between typical customers with the fewest mistakes; the plainer feature wins a tie. None: no cut."""
    best: Cut | None = None
    mine = np.isin(labels, typical.index)
    for asked in table.features:
        feature = asked.key
        cuts = _round_numbers(typical[feature].min(), typical[feature].max(), whole=asked.kind in WHOLE)
        if not len(cuts):
            continue
        mistakes = _mistakes(basis[feature].to_numpy()[mine], labels[mine], typical[feature], cuts)
        at = int(mistakes.argmin())
        if best is None or mistakes[at] < best.mistakes:
            best = Cut(feature, float(cuts[at]), int(mistakes[at]))
    return best


def _mistakes(
    values: NDArray[np.float64], labels: Labels, typical: pd.Series, cuts: NDArray[np.float64]
) -> NDArray[np.intp]:
    """By cut, how many customers end on another side of it than the typical one of their segment."""
    wrong = np.zeros(len(cuts), dtype=np.intp)
    for segment, middle in typical.items():
        of_segment = np.sort(values[labels == segment])
        below = np.searchsorted(of_segment, cuts, side="left")
        wrong += np.where(middle >= cuts, below, len(of_segment) - below)
    return wrong


def _round_numbers(low: float, high: float, *, whole: bool) -> NDArray[np.float64]:
    """Numbers above `low`, up to `high`, that a person would say; small whole ones all."""
    if high <= low:
        return np.array([])
    decades = np.arange(np.floor(np.log10(max(low, 0.01))), np.ceil(np.log10(max(high, 0.01))) + 1)
    said = np.multiply.outer(10.0**decades, SAID).ravel().round(4)
    if whole:
        said = np.union1d(said[said == said.round()], np.arange(1.0, 11.0))
    return said[(said > low) & (said <= high)]


def _most_common(segments: NDArray[np.intp], labels: Labels) -> int:
    sizes = [np.count_nonzero(labels == segment) for segment in segments]
    return int(segments[int(np.argmax(sizes))])


def _said(table: FeatureTable, box: Mapping[str, Bounds], currency: str | None) -> Iterator[Phrase]:
    """The bounds as rules, in the order of the features."""
    for feature in table.features:
        if feature.key in box:
            yield RULES[feature.key](box[feature.key], currency)


def _last_order(bounds: Bounds, _: str | None) -> Phrase:
    if bounds.low is None:
        return counted("last order less than {n} day ago", "last order less than {n} days ago", n=_whole(bounds.high))
    low = _whole(bounds.low)
    if bounds.high is None:
        return counted("last order at least {n} day ago", "last order at least {n} days ago", n=low)
    most = _whole(bounds.high) - 1
    if low == most:
        return counted("last order {n} day ago", "last order {n} days ago", n=low)
    return Phrase("last order {low} to {most} days ago", low=low, most=most)


def _n_orders(bounds: Bounds, _: str | None) -> Phrase:
    if bounds.high is None:
        return counted("at least {n} order", "at least {n} orders", n=_whole(bounds.low))
    low, most = _whole(bounds.low), _whole(bounds.high) - 1
    if most == 1:
        return Phrase("one order only")
    if low == most:
        return counted("exactly {n} order", "exactly {n} orders", n=low)
    if bounds.low is None:
        return counted("at most {n} order", "at most {n} orders", n=most)
    return Phrase("{low} to {most} orders", low=low, most=most)


def _n_products(bounds: Bounds, _: str | None) -> Phrase:
    if bounds.high is None:
        return counted("at least {n} product", "at least {n} different products", n=_whole(bounds.low))
    low, most = _whole(bounds.low), _whole(bounds.high) - 1
    if most == 1:
        return Phrase("one product only")
    if low == most:
        return counted("exactly {n} product", "exactly {n} different products", n=low)
    if bounds.low is None:
        return counted("at most {n} product", "at most {n} different products", n=most)
    return Phrase("{low} to {most} different products", low=low, most=most)


def _pieces(bounds: Bounds, _: str | None) -> Phrase:
    if bounds.low is None:
        return Phrase("fewer than {n} pieces per order", n=bounds.high)
    if bounds.high is None:
        return Phrase("at least {n} pieces per order", n=bounds.low)
    return Phrase("{low} to {high} pieces per order", low=bounds.low, high=bounds.high)


def _spent(bounds: Bounds, currency: str | None) -> Phrase:
    if bounds.low is None:
        return Phrase("spent less than {high:0} in all", high=_money(bounds.high, currency))
    if bounds.high is None:
        return Phrase("spent at least {low:0} in all", low=_money(bounds.low, currency))
    low, high = _money(bounds.low, currency), _money(bounds.high, currency)
    return Phrase("spent {low:0} to {high:0} in all", low=low, high=high)


def _order_value(bounds: Bounds, currency: str | None) -> Phrase:
    if bounds.low is None:
        return Phrase("spent less than {high:0} per order", high=_money(bounds.high, currency))
    if bounds.high is None:
        return Phrase("spent at least {low:0} per order", low=_money(bounds.low, currency))
    low, high = _money(bounds.low, currency), _money(bounds.high, currency)
    return Phrase("spent {low:0} to {high:0} per order", low=low, high=high)


def _whole(bound: float | None) -> int:
    return round(bound or 0)


def _money(bound: float | None, currency: str | None) -> Money:
    return Money(bound or 0.0, currency)


RULES: Mapping[str, Callable[[Bounds, str | None], Phrase]] = {
    c.RECENCY_DAYS: _last_order,
    c.FREQUENCY: _n_orders,
    c.MONETARY: _spent,
    c.ORDER_VALUE: _order_value,
    c.ITEMS_PER_ORDER: _pieces,
    c.N_PRODUCTS: _n_products,
}
