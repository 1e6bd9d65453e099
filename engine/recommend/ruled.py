"""What may be shown of what was picked: the rules, applied to the picks of any customers.

The steps, in this order; what a rule takes out is counted for the first that does:

1. nothing for a customer who asked for no product;
2. no product that `allowed` holds back, whoever it is for: left out, paused, sold out, price, margin, categories,
   not bought together with the given one;
3. no product that this customer said no to, nor the same under another number;
4. nothing that this customer bought in the last so many days, nor the same under another number;
5. pinned products are added where 1 to 4 let them through;
6. of products that are one thing under several numbers the best;
7. variety and at most so many per category, the pinned ones first;
8. a fair share of the places for launches, where lists are made for everybody at once (`engine.recommend.launches`):
   what is read from them later keeps its place;
9. pinned products to their places, the others around them in their order, and no more than asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.allowed import Allowed, Flags, LeftOut, allowed, twins_of
from engine.recommend.diversity import NO_CATEGORY, mmr
from engine.recommend.history import Ints
from engine.recommend.launches import with_launches
from engine.recommend.rules import Pin, Rules, folded

if TYPE_CHECKING:
    from scipy.sparse import csr_array

RANKER = "pinned"
PINNED = Phrase("pinned by you")
_PIN = "pin"  # the place that a pick is pinned to, 0 for none


def _no_pairs() -> pd.DataFrame:
    return pd.DataFrame({c.CUSTOMER: np.zeros(0, np.int64), c.PRODUCT: np.zeros(0, np.int64)})


def _no_purchases() -> pd.DataFrame:
    return _no_pairs().assign(**{c.AT: pd.to_datetime([])})


@dataclass(frozen=True)
class Facts:
    """What rules go by besides the products, by the store's ids.

    refused       customer, product: what somebody said no to
    wanting_none  customers who asked for no product
    bought        customer, product, at: purchases, at least those of the days that a rule asks for
    members       the customers of each segment that something is pinned for
    similarity    products by products, in the order of the products; needed for variety
    together      the same: orders that have both; needed for `bought_with`
    launched      products that came into the shop lately; none where lists are not made for everybody
    """

    refused: pd.DataFrame = field(default_factory=_no_pairs)
    wanting_none: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    bought: pd.DataFrame = field(default_factory=_no_purchases)
    members: Mapping[str, Ints] = field(default_factory=dict)
    similarity: csr_array | None = None
    together: csr_array | None = None
    launched: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True)
class Ruled:
    """`picks` is what may be shown, by customer and list_place (1, 2, …); `left_out` how many picks each rule took out;
    `notes` what a rule had to go without.
    """

    picks: pd.DataFrame
    left_out: tuple[LeftOut, ...]
    notes: tuple[Phrase, ...]

    @property
    def nothing(self) -> Phrase | None:
        """Why nothing is left; None if something is, or there was nothing before."""
        return nothing_left(self.left_out) if self.picks.empty else None


def ruled(
    picks: pd.DataFrame,
    rules: Rules,
    products: pd.DataFrame,
    today: pd.Timestamp,
    facts: Facts | None = None,
    *,
    top: int | None = None,
    customers: Ints | None = None,
    again: bool | None = None,
) -> Ruled:
    """What of `picks` may be shown, in order, `top` for each customer at most (all if None).

    picks      customer, product (the store's ids), rank (1 is best) and whatever else; the order of rows says nothing
    products   indexed by id: product_key, category, price, stock, cost; twin: the id of the first product that is the
               same thing (each its own without that column)
    customers  for whom pinned products are added: those in `picks` if None
    again      which list this is: True of what was bought before, False of what was not; a pinned product is added
               only where it is in place by `facts.bought`. None: either.

    The result, given again, stays as it is. Ranks stay, so that variety is always weighed against the first ranking.
    """
    given = Facts() if facts is None else facts
    through = allowed(products, rules, today.date(), given.together)
    sieve = _Sieve(_in_order(picks), products, through)
    sieve.drop("wanting_none", np.isin(sieve.customer, given.wanting_none))
    sieve.hold_back()
    barred = _Barred(products, rules, given, today)
    sieve.drop("refused", barred.refused(sieve.customer, sieve.product))
    sieve.drop("rest_days", barred.bought(sieve.customer, sieve.product))
    everybody = np.unique(picks[c.CUSTOMER].to_numpy(np.int64)) if customers is None else np.unique(customers)
    wanted = _pins(rules, products, through, np.setdiff1d(everybody, given.wanting_none), given, barred, top, again)
    sieve.frame = _with_pins(sieve.frame, wanted)
    sieve.frame = sieve.frame.sort_values([c.CUSTOMER, _PIN, c.RANK, c.PRODUCT], key=_pins_first, ignore_index=True)
    sieve.drop("twins", sieve.repeated(barred.twin))
    launching = rules.launches > 0 and given.launched.size > 0 and top is not None
    sieve.reorder(rules, given.similarity, None if launching else top)
    shown = _with_launches(sieve.frame, given.launched, rules.launches, top) if launching and top else sieve.frame
    return Ruled(_placed(shown, top), sieve.told(), through.notes)


def nothing_left(left_out: Sequence[LeftOut]) -> Phrase | None:
    """Which rules took out how many, where they leave nothing; None if they took out nothing."""
    if not left_out:
        return None
    if len(left_out) == 1 and left_out[0].rule == "wanting_none":
        return Phrase("This customer asked for no product, so none is shown.")
    took = tuple(Phrase("{n}× {what}", n=one.n, what=one.words) for one in left_out)
    return Phrase("Your rules leave nothing to show: {took}. /rules shows them.", took=took)


class _Sieve:
    """Picks that lose rows step by step, and how many each rule took out."""

    def __init__(self, frame: pd.DataFrame, products: pd.DataFrame, through: Allowed) -> None:
        self.frame, self.through = frame, through
        self.ids = products.index
        self.category = _categories(products)
        self.taken: dict[str, int] = {}

    @property
    def customer(self) -> Ints:
        return self.frame[c.CUSTOMER].to_numpy(np.int64)

    @property
    def product(self) -> Ints:
        """Positions among the products, -1 for one that is not there."""
        return np.asarray(self.ids.get_indexer(pd.Index(self.frame[c.PRODUCT])), np.int64)

    def drop(self, rule: str, out: Flags) -> None:
        n = int(out.sum())
        if n:
            self.taken[rule] = self.taken.get(rule, 0) + n
            self.frame = self.frame[~out].reset_index(drop=True)

    def hold_back(self) -> None:
        """What the products themselves bar, and those that are no longer there."""
        self.drop("gone", self.product < 0)
        for one in self.through.counted(self.product):
            self.taken[one.rule] = one.n
        self.frame = self.frame[self.through.mask[self.product]].reset_index(drop=True)

    def repeated(self, twin: Ints) -> Flags:
        """Which rows have, for the same customer, a product that an earlier row has under another number."""
        pairs = pd.DataFrame({c.CUSTOMER: self.customer, c.PRODUCT: twin[self.product]})
        return pairs.duplicated().to_numpy()

    def reorder(self, rules: Rules, similarity: csr_array | None, top: int | None) -> None:
        """By variety where that is asked for, and with at most so many of a category."""
        category = self.category[self.product]
        if rules.relevance < 1:
            if similarity is None:
                raise ValueError("to have variety, `similarity` is needed")
            order = mmr(
                self.customer,
                self.product,
                self.frame[c.RANK].to_numpy(np.int64),
                self.frame[_PIN].to_numpy(np.int64) > 0,
                category,
                similarity,
                relevance=rules.relevance,
                most_per_category=rules.most_per_category,
                top=top,
            )
            self._too_many(order, category, rules.most_per_category)
            self.frame = self.frame.iloc[order].reset_index(drop=True)
        elif rules.most_per_category is not None:
            known = category != NO_CATEGORY
            nth = pd.DataFrame({c.CUSTOMER: self.customer, c.CATEGORY: category}).groupby([c.CUSTOMER, c.CATEGORY])
            self.drop("most_per_category", known & (nth.cumcount().to_numpy() >= rules.most_per_category))

    def _too_many(self, order: Ints, category: Ints, most: int | None) -> None:
        """Count what is not in `order` since its list has enough of the category."""
        if most is None:
            return
        pairs = pd.MultiIndex.from_arrays([self.customer, category])
        chosen = pd.Series(1, index=pairs[order]).groupby(level=[0, 1]).size()
        full = pairs.isin(chosen[chosen >= most].index) & (category != NO_CATEGORY)
        full[order] = False
        if full.any():
            self.taken["most_per_category"] = int(full.sum())

    def told(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(rule, n) for rule, n in self.taken.items())


class _Barred:
    """Which pairs of a customer and a product are barred for that customer alone."""

    def __init__(self, products: pd.DataFrame, rules: Rules, facts: Facts, today: pd.Timestamp) -> None:
        self.n = len(products)
        self.twin = twins_of(products)
        self._refused = self._keys(products, facts.refused)
        self._lately = np.zeros(0, np.int64)
        if rules.rest_days is not None:
            since = today - pd.Timedelta(days=rules.rest_days)
            self._lately = self._keys(products, facts.bought[facts.bought[c.AT] >= since])
        self._ever = self._keys(products, facts.bought)

    def refused(self, customer: Ints, product: Ints) -> Flags:
        return np.isin(customer * self.n + self.twin[product], self._refused)

    def bought(self, customer: Ints, product: Ints) -> Flags:
        """Within the days of the rule."""
        return np.isin(customer * self.n + self.twin[product], self._lately)

    def bought_before(self, customer: Ints, product: Ints) -> Flags:
        return np.isin(customer * self.n + self.twin[product], self._ever)

    def _keys(self, products: pd.DataFrame, pairs: pd.DataFrame) -> Ints:
        product = products.index.get_indexer(pd.Index(pairs[c.PRODUCT]))
        there = product >= 0
        customer = pairs[c.CUSTOMER].to_numpy(np.int64)[there]
        return np.unique(customer * self.n + self.twin[product[there]])


def _in_order(picks: pd.DataFrame) -> pd.DataFrame:
    """By customer and rank, each product once, nothing pinned yet."""
    ordered = picks.sort_values([c.CUSTOMER, c.RANK, c.PRODUCT], ignore_index=True)
    once = ordered.drop_duplicates([c.CUSTOMER, c.PRODUCT], ignore_index=True)
    return once.drop(columns=[c.LIST_PLACE], errors="ignore").assign(**{_PIN: np.int64(0)})


def _pins(
    rules: Rules,
    products: pd.DataFrame,
    through: Allowed,
    everybody: Ints,
    facts: Facts,
    barred: _Barred,
    top: int | None,
    again: bool | None,
) -> pd.DataFrame:
    """Customer, product and place of what is pinned and lets through; by place."""
    rows = []
    for pin in sorted(rules.pinned, key=lambda pin: pin.place):
        place = np.flatnonzero((products[c.PRODUCT_KEY] == pin.product).to_numpy() & through.mask)
        if not place.size or (top is not None and pin.place > top):
            continue
        who = _for_whom(pin, everybody, facts)
        product = np.full(who.size, place[0])
        shown = ~(barred.refused(who, product) | barred.bought(who, product))
        if again is not None:
            shown &= barred.bought_before(who, product) == again
        rows.append(
            pd.DataFrame({c.CUSTOMER: who[shown], c.PRODUCT: products.index[place[0]], _PIN: np.int64(pin.place)})
        )
    if not rows:
        return _no_pairs().assign(**{_PIN: np.zeros(0, np.int64)})
    return pd.concat(rows, ignore_index=True).drop_duplicates([c.CUSTOMER, c.PRODUCT], ignore_index=True)


def _for_whom(pin: Pin, everybody: Ints, facts: Facts) -> Ints:
    if pin.segment is None:
        return everybody
    return np.intersect1d(everybody, facts.members.get(pin.segment, np.zeros(0, np.int64)))


def _with_pins(frame: pd.DataFrame, pins: pd.DataFrame) -> pd.DataFrame:
    """The picks, those that are pinned marked, and a row for each pinned product that was not picked."""
    if pins.empty:
        return frame
    pair = [c.CUSTOMER, c.PRODUCT]
    place = pins.set_index(pair)[_PIN]
    index = pd.MultiIndex.from_frame(frame[pair])
    marked = frame.assign(**{_PIN: place.reindex(index).fillna(0).to_numpy(np.int64)})
    new = pins[~pd.MultiIndex.from_frame(pins[pair]).isin(index)]
    if new.empty:
        return marked
    usual = {c.RANK: 0, c.SCORE: 0.0, c.RANKER: RANKER, c.REASON: PINNED, c.AGAIN: False}
    added = {
        column: new[column].to_numpy() if column in new else [usual.get(column)] * len(new) for column in frame.columns
    }
    both = {
        column: [*marked[column].tolist(), *list(values)]
        if frame[column].dtype == object
        else np.concatenate([marked[column].to_numpy(), np.asarray(values)])
        for column, values in added.items()
    }
    return pd.DataFrame(both)


def _pins_first(column: pd.Series) -> pd.Series:
    return column.replace(0, np.iinfo(np.int64).max) if column.name == _PIN else column


def _with_launches(frame: pd.DataFrame, launched: Ints, share: float, top: int) -> pd.DataFrame:
    """The first `top` of each customer with their share of launches; what is pinned has its places besides."""
    pinned = frame[_PIN].to_numpy(np.int64) > 0
    n_pinned = frame.groupby(c.CUSTOMER)[_PIN].transform(lambda pin: (pin > 0).sum()).to_numpy(np.int64)
    parts = [frame[pinned]]
    for n in np.unique(n_pinned).tolist():
        others = frame[~pinned & (n_pinned == n)]
        if n < top and len(others):
            parts.append(with_launches(others, launched, share, top - n))
    return pd.concat(parts).sort_index().reset_index(drop=True)


def _placed(frame: pd.DataFrame, top: int | None) -> pd.DataFrame:
    """By customer and place: pinned products where they are to stand, or at the end of a shorter list."""
    customer, pin = frame[c.CUSTOMER].to_numpy(np.int64), frame[_PIN].to_numpy(np.int64)
    pinned = pin > 0
    nth = frame.groupby([c.CUSTOMER, pinned]).cumcount().to_numpy(np.int64)
    place = np.where(pinned, pin, nth + 1)
    code = np.unique(customer, return_inverse=True)[1]
    for step in range(int(nth[pinned].max(initial=-1)) + 1):
        mine = pinned & (nth == step)
        at = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
        if step:
            # two pinned to one place stand one after the other
            before = pinned & (nth == step - 1)
            at[code[before]] = place[before] + 1
        place[mine] = np.maximum(place[mine], at[code[mine]])
        at[:] = np.iinfo(np.int64).max
        at[code[mine]] = place[mine]
        place[~pinned & (place >= at[code])] += 1
    order = np.lexsort((~pinned, place, customer))
    shown = frame.drop(columns=[_PIN]).iloc[order].reset_index(drop=True)
    shown[c.LIST_PLACE] = shown.groupby(c.CUSTOMER).cumcount().to_numpy(np.int64) + 1
    return shown if top is None else shown[shown[c.LIST_PLACE] <= top].reset_index(drop=True)


def _categories(products: pd.DataFrame) -> Ints:
    """A number for each category, the same for texts that differ in case or width only."""
    codes, texts = pd.factorize(products[c.CATEGORY])
    numbers = {name: number for number, name in enumerate(dict.fromkeys(folded(text) for text in texts))}
    of_text = np.array([*(numbers[folded(text)] for text in texts), NO_CATEGORY], np.int64)
    return np.asarray(of_text[codes], np.int64)
