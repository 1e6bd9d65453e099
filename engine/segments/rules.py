"""A set of rules in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.feature_table import Feature, FeatureTable, spoken
from engine.phrases import Money, Phrase, counted
from engine.segments.questions import Asked, is_whole
from engine.segments.tree import Path

YEAR = re.compile(r"(?<![a-z])(year|yr)(?![a-z])|年份|年$", re.I)
SMALL = 20  # up to which “up to 4” is said, where above it is “below 5,000”


@dataclass(frozen=True)
class Bounds:
    """A range: at least `low` and below `high`, where they are set."""

    low: float | None = None
    high: float | None = None

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        inside = np.ones(len(values), dtype=bool)
        if self.low is not None:
            inside &= values >= self.low - 1e-9
        if self.high is not None:
            inside &= values < self.high - 1e-9
        return inside


Box = Mapping[Asked, Bounds]


def box_of(path: Path, questions: Sequence[Asked]) -> Box:
    """What all answers on the way together leave of each range."""
    box: dict[Asked, Bounds] = {}
    for column, cut, reached in path:
        question = questions[column]
        at, before = question.cuts[cut], box.get(question, Bounds())
        if reached:
            box[question] = Bounds(at if before.low is None else max(at, before.low), before.high)
        else:
            box[question] = Bounds(before.low, at if before.high is None else min(at, before.high))
    return box


def said(box: Box, table: FeatureTable, currency: str | None) -> tuple[Phrase, ...]:
    """The bounds as rules, in the order of the features."""
    order = {feature.key: at for at, feature in enumerate(table.features)}
    result: list[Phrase] = []
    choices: dict[str, list[tuple[Asked, Bounds]]] = {}
    for question, bounds in sorted(box.items(), key=lambda one: order[one[0].keys[0]]):
        if question.kind == "choice":
            choices.setdefault(question.keys[0], []).append((question, bounds))
            if len(choices[question.keys[0]]) > 1:
                continue
            together = [one for one in box.items() if one[0].kind == "choice" and one[0].keys == question.keys]
            result.append(_choice(table.feature(question.keys[0]), together))
        else:
            result.append(rule(question, bounds, table, currency))
    return tuple(result)


def rule(question: Asked, bounds: Bounds, table: FeatureTable, currency: str | None) -> Phrase:
    """One bound in words."""
    features = [table.feature(key) for key in question.keys]
    if len(features) > 1:
        return _mean(tuple(feature.words for feature in features), bounds)
    (feature,) = features
    if feature.key in RULES:
        return RULES[feature.key](bounds, currency)
    if feature.kind == "tags":
        return _tag(question.words[0], bounds)
    if feature.kind == "choice":
        return _choice(feature, [(question, bounds)])
    if feature.kind == "yes_no":
        return _yes_no(feature.words, bounds)
    if feature.kind == "scale":
        return _answer(feature.words, bounds)
    whole = feature.kind != "money" and is_whole(table.frame[feature.key], feature.kind)
    if whole and all(bound is None or bound <= SMALL for bound in (bounds.low, bounds.high)):
        return _whole_range(feature.words, bounds)
    return _range(feature, bounds, currency)


def listed(words: Iterable[Phrase]) -> Phrase:
    """a, b or c."""
    *first, last = words
    return Phrase("{some} or {last}", some=tuple(first), last=last) if first else last


def quoted(words: Phrase) -> Phrase:
    return Phrase("“{name}”", name=words)


def _choice(feature: Feature, asked: Sequence[tuple[Asked, Bounds]]) -> Phrase:
    left = set(asked[0][0].words)
    for question, bounds in asked:
        places = np.arange(1.0, len(question.words) + 1)
        left &= {word for word, holds in zip(question.words, bounds.holds(places), strict=True) if holds}
    words = asked[0][0].words
    out = [word for word in words if word not in left]
    if len(left) <= len(out) or not out:
        return Phrase("{what}: {values}", what=feature.words, values=listed(map(spoken, sorted(left))))
    return Phrase("{what}: not {values}", what=feature.words, values=listed(map(spoken, sorted(out))))


def _tag(word: str, bounds: Bounds) -> Phrase:
    if bounds.low is None:
        return Phrase("does not name {tag}", tag=quoted(spoken(word)))
    return Phrase("names {tag}", tag=quoted(spoken(word)))


def _yes_no(what: Phrase, bounds: Bounds) -> Phrase:
    return Phrase("{what}: no", what=what) if bounds.low is None else Phrase("{what}: yes", what=what)


def _answer(what: Phrase, bounds: Bounds) -> Phrase:
    what = quoted(what)
    if bounds.low is None:
        return Phrase("{what}: answered {most} or lower", what=what, most=_whole(bounds.high) - 1)
    if bounds.high is None:
        return Phrase("{what}: answered {low} or higher", what=what, low=_whole(bounds.low))
    low, most = _whole(bounds.low), _whole(bounds.high) - 1
    if low == most:
        return Phrase("{what}: answered {low}", what=what, low=low)
    return Phrase("{what}: answered {low} to {most}", what=what, low=low, most=most)


def _mean(what: tuple[Phrase, ...], bounds: Bounds) -> Phrase:
    *first, last = map(quoted, what)
    both = Phrase("{some} and {last}", some=tuple(first), last=last)
    if bounds.low is None:
        return Phrase("{what}: answered below {high} on average", what=both, high=bounds.high)
    if bounds.high is None:
        return Phrase("{what}: answered {low} or higher on average", what=both, low=bounds.low)
    return Phrase("{what}: answered {low} to {high} on average", what=both, low=bounds.low, high=bounds.high)


def _range(feature: Feature, bounds: Bounds, currency: str | None) -> Phrase:
    what = feature.words
    low, high = (None if bound is None else amount(feature, bound, currency) for bound in (bounds.low, bounds.high))
    if low is None:
        return Phrase("{what}: below {high}", what=what, high=high)
    if high is None:
        return Phrase("{what}: {low} or more", what=what, low=low)
    return Phrase("{what}: {low} to {high}", what=what, low=low, high=high)


def _whole_range(what: Phrase, bounds: Bounds) -> Phrase:
    low, most = _whole(bounds.low), _whole(bounds.high) - 1
    if bounds.high is None:
        return Phrase("{what}: {low} or more", what=what, low=low)
    if bounds.low is None:
        return Phrase("{what}: none", what=what) if most == 0 else Phrase("{what}: up to {most}", what=what, most=most)
    if low == most:
        return Phrase("{what}: {low}", what=what, low=low)
    return Phrase("{what}: {low} to {high}", what=what, low=low, high=most)


def amount(feature: Feature, value: float, currency: str | None) -> Phrase:
    """A value of a feature with its unit."""
    if feature.kind == "money":
        if abs(value) < 20 and value != round(value):
            return Phrase("{amount}", amount=Money(value, currency))
        return Phrase("{amount:0}", amount=Money(float(f"{value:.3g}"), currency))
    if feature.kind == "share":
        return Phrase("{share:.0%}", share=value)
    if feature.kind == "days":
        return counted("{n} day", "{n} days", n=round(value))
    if feature.kind == "count":
        return Phrase("{number}", number=written(float(round(value))))
    return Phrase("{number}", number=_year(feature, value) or written(value))


def written(value: float) -> str:
    """A number as a person writes it: in three figures, or as it is if it is whole and short; with no exponent."""
    if value == round(value) and abs(value) < 10_000:
        return f"{round(value):,}"
    three = float(f"{value:.3g}")
    return f"{round(three):,}" if three == round(three) else f"{three:,.10f}".rstrip("0")


def _year(feature: Feature, value: float) -> str | None:
    """A year of the calendar, which has no comma."""
    is_year = YEAR.search(feature.key) is not None and 1900 <= value <= 2100 and value == round(value)
    return str(round(value)) if is_year else None


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
        return Phrase("fewer than {n} pieces per order", n=_written(bounds.high))
    if bounds.high is None:
        return Phrase("at least {n} pieces per order", n=_written(bounds.low))
    return Phrase("{low} to {high} pieces per order", low=_written(bounds.low), high=_written(bounds.high))


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


def _age(bounds: Bounds, _: str | None) -> Phrase:
    if bounds.low is None:
        return Phrase("under {high} years old", high=_whole(bounds.high))
    if bounds.high is None:
        return Phrase("{low} years or older", low=_whole(bounds.low))
    return Phrase("{low} to {most} years old", low=_whole(bounds.low), most=_whole(bounds.high) - 1)


def _whole(bound: float | None) -> int:
    return round(bound or 0)


def _written(bound: float | None) -> str:
    return written(bound or 0.0)


def _money(bound: float | None, currency: str | None) -> Money:
    return Money(bound or 0.0, currency)


RULES: Mapping[str, Callable[[Bounds, str | None], Phrase]] = {
    c.RECENCY_DAYS: _last_order,
    c.FREQUENCY: _n_orders,
    c.MONETARY: _spent,
    c.ORDER_VALUE: _order_value,
    c.ITEMS_PER_ORDER: _pieces,
    c.N_PRODUCTS: _n_products,
    c.AGE: _age,
}
