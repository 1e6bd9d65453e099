"""Which products the rules let through, and which rule took out how many: before anybody's list is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.history import Floats, Ints
from engine.recommend.rule_sentences import NAMED_RULES
from engine.recommend.rules import Rules, categories_of, folded

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Flags = NDArray[np.bool_]

TOGETHER = 2  # orders that two products have in common, at least: one is chance


@dataclass(frozen=True)
class LeftOut:
    """How many one rule took out."""

    rule: str
    n: int

    @property
    def words(self) -> Phrase:
        return NAMED_RULES[self.rule]


@dataclass(frozen=True)
class Allowed:
    """One value per product. `rule` is the position in `rules` of the first that takes it out, -1 for none.

    `left_out` counts products, each for one rule only; `notes` say what a rule had to go without.
    """

    rules: tuple[str, ...]
    rule: Ints
    notes: tuple[Phrase, ...]

    @property
    def mask(self) -> Flags:
        return self.rule < 0

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.counted(np.arange(self.rule.size))

    def counted(self, products: Ints) -> tuple[LeftOut, ...]:
        """How many of these products, or picks of them, each rule takes out."""
        hit = self.rule[products]
        n = np.bincount(hit[hit >= 0], minlength=len(self.rules))
        return tuple(LeftOut(rule, int(times)) for rule, times in zip(self.rules, n.tolist(), strict=True) if times)


def allowed(products: pd.DataFrame, rules: Rules, today: date, together: csr_array | None = None) -> Allowed:
    """What of `products` may be recommended to anybody.

    products  one row each: product_key, category, price, stock and cost, missing where it is not known. What a rule
              asks for and is not known speaks against a product, except its stock.
    together  products by products, in the order of `products`: orders that have both; needed for `bought_with`
    """
    first = np.full(len(products), -1, np.int64)
    names: list[str] = []
    notes: list[Phrase] = []
    for rule, out, note in _each(products, rules, today, together):
        hit = out & (first < 0)
        first[hit] = len(names)
        names.append(rule)
        if note is not None:
            notes.append(note)
    return Allowed(tuple(names), first, tuple(notes))


def _each(
    products: pd.DataFrame, rules: Rules, today: date, together: csr_array | None
) -> Iterator[tuple[str, Flags, Phrase | None]]:
    """The rules that are on, in the order in which they are counted: whom each takes out, and what it goes without."""
    keys = products[c.PRODUCT_KEY]
    twin = twins_of(products)
    if rules.excluded:
        yield "excluded", _with_twins(keys.isin(rules.excluded), twin), None
    resting = [pause.product for pause in rules.paused if date.fromisoformat(pause.until) >= today]
    if resting:
        yield "paused", _with_twins(keys.isin(resting), twin), None
    if rules.in_stock:
        stock = _numbers(products, c.STOCK)
        yield "in_stock", stock <= 0, _no_stock(np.isnan(stock))
    if rules.least_price is not None or rules.most_price is not None:
        price = _numbers(products, c.PRICE)
        fits = (price >= (rules.least_price or 0.0)) & (price <= _most(rules))
        yield "price", ~fits, _no_price(np.isnan(price))
    if rules.least_margin is not None:
        margin = margins(products)
        yield "least_margin", ~(margin >= rules.least_margin), _no_margin(np.isnan(margin))
    if rules.only_categories or rules.other_categories:
        yield from _by_category(products, rules)
    if rules.bought_with:
        yield "bought_with", ~companions(products, rules.bought_with, together), None


def twins_of(products: pd.DataFrame) -> Ints:
    """The position of the first product that is the same thing; each its own where nothing tells it."""
    own = np.arange(len(products))
    if c.TWIN not in products:
        return own
    first = products.index.get_indexer(pd.Index(products[c.TWIN]))
    return np.asarray(np.where(first >= 0, first, own), np.int64)


def margins(products: pd.DataFrame) -> Floats:
    """What remains of each price after its cost, as a share of the price; NaN where one of them is not known."""
    price, cost = _numbers(products, c.PRICE), _numbers(products, c.COST)
    share = np.full(price.size, np.nan)
    np.divide(price - cost, price, out=share, where=price > 0)
    return share


def companions(products: pd.DataFrame, keys: tuple[str, ...], together: csr_array | None) -> Flags:
    """Which products at least `TOGETHER` orders have together with one of these, these themselves not among them."""
    if together is None:
        raise ValueError("to go by what was bought together, `together` is needed")
    anchors = _flags(products[c.PRODUCT_KEY].isin(keys))
    rows = together[np.flatnonzero(anchors)]
    common = np.zeros(len(products), np.bool_)
    common[rows.indices[rows.data >= TOGETHER]] = True
    return common & ~anchors


def _by_category(products: pd.DataFrame, rules: Rules) -> Iterator[tuple[str, Flags, Phrase | None]]:
    codes, texts = pd.factorize(products[c.CATEGORY])
    levels = [categories_of(text) for text in texts]
    for rule, wanted in (("only_categories", rules.only_categories), ("other_categories", rules.other_categories)):
        if wanted:
            names = {folded(one) for one in wanted}
            # the last one is that of the products without a category
            is_in = np.array([*(bool(names & level) for level in levels), False])[codes]
            if rule == "only_categories":
                yield rule, ~is_in, _no_category(codes < 0)
            else:
                yield rule, is_in, None


def _with_twins(named: pd.Series, twin: Ints) -> Flags:
    return np.isin(twin, twin[_flags(named)])


def _most(rules: Rules) -> float:
    return np.inf if rules.most_price is None else rules.most_price


def _numbers(products: pd.DataFrame, column: str) -> Floats:
    if column not in products:
        return np.full(len(products), np.nan)
    return products[column].to_numpy(np.float64, na_value=np.nan)


def _flags(series: pd.Series) -> Flags:
    return series.to_numpy(np.bool_)


def _no_stock(unknown: Flags) -> Phrase | None:
    n = int(unknown.sum())
    if n and n == unknown.size:
        return Phrase("No file tells what is in stock, so every product counts as there.")
    return _told(
        n,
        counted(
            "Of {n} product the stock is not known: it counts as there.",
            "Of {n} products the stock is not known: they count as there.",
            n=n,
        ),
    )


def _no_price(unknown: Flags) -> Phrase | None:
    n = int(unknown.sum())
    return _told(
        n,
        counted(
            "{n} product without a price is left out, since its price cannot be judged.",
            "{n} products without a price are left out, since their price cannot be judged.",
            n=n,
        ),
    )


def _no_margin(unknown: Flags) -> Phrase | None:
    n = int(unknown.sum())
    return _told(
        n,
        counted(
            "{n} product without a cost or a price is left out, since its margin cannot be judged.",
            "{n} products without a cost or a price are left out, since their margin cannot be judged.",
            n=n,
        ),
    )


def _no_category(unknown: Flags) -> Phrase | None:
    n = int(unknown.sum())
    return _told(
        n,
        counted("{n} product without a category is left out.", "{n} products without a category are left out.", n=n),
    )


def _told(n: int, note: Phrase) -> Phrase | None:
    return note if n else None
