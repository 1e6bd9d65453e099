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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.allowed import Allowed, Flags, LeftOut, allowed
from engine.recommend.barred import Barred, Facts
from engine.recommend.diversity import NO_CATEGORY, mmr
from engine.recommend.history import Ints
from engine.recommend.pinned import PIN, PINNED, RANKER, launches_among, pins_first, placed, with_pins
from engine.recommend.rules import Rules, folded

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["PINNED", "RANKER", "Facts", "Ruled", "Ruling", "nothing_left", "ruled"]


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
    """What of `picks` may be shown, in order: `Ruling.of` for those who ask once."""
    return Ruling(rules, products, today, facts).of(picks, top=top, customers=customers, again=again)


class Ruling:
    """Rules and what they go by, made ready for picks of any customers.

    products   indexed by id: product_key, category, price, stock, cost; twin: the id of the first product that is the
               same thing (each its own without that column)
    today      the day from which purchases and pauses count
    """

    def __init__(self, rules: Rules, products: pd.DataFrame, today: pd.Timestamp, facts: Facts | None = None) -> None:
        self._rules, self._ids = rules, products.index
        self._facts = Facts() if facts is None else facts
        self._category = _categories(products)
        self.through = allowed(products, rules, today.date(), self._facts.together)
        self._barred = Barred(products, rules, self._facts, today)

    def of(
        self,
        picks: pd.DataFrame,
        *,
        top: int | None = None,
        customers: Ints | None = None,
        again: bool | None = None,
        similarity: csr_array | None = None,
    ) -> Ruled:
        """What of `picks` may be shown, in order, `top` for each customer at most (all if None).

        picks      customer, product (the store's ids), rank (1 is best) and whatever else; the order of rows says
                   nothing
        customers  for whom pinned products are added: those in `picks` if None
        again      which list this is: True of what was bought before, False of what was not; a pinned product is added
                   only where it is in place by the purchases among the facts. None: either.
        similarity that among these picks, in place of that of the facts

        The result, given again, stays as it is, launches aside. Ranks stay, so that variety is always weighed against
        the first ranking.
        """
        rules, barred, facts = self._rules, self._barred, self._facts
        sieve = _Sieve(_in_order(picks), self._ids, self._category, self.through)
        sieve.drop("wanting_none", np.isin(sieve.customer, facts.wanting_none))
        sieve.hold_back()
        sieve.drop("refused", barred.refused(sieve.customer, sieve.product))
        if rules.rest_days is not None:
            sieve.drop("rest_days", barred.bought(sieve.customer, sieve.product))
        everybody = np.unique(picks[c.CUSTOMER].to_numpy(np.int64) if customers is None else customers)
        sieve.frame = pins_first(with_pins(sieve.frame, barred.pins(self.through.mask, everybody, top, again)))
        sieve.drop("twins", sieve.repeated(barred.twin))
        launching = rules.launches > 0 and facts.launched.size > 0 and top is not None
        near = facts.similarity if similarity is None else similarity
        sieve.reorder(rules, near, None if launching else top)
        shown = launches_among(sieve.frame, facts.launched, rules.launches, top) if launching and top else sieve.frame
        return Ruled(placed(shown, top), sieve.told(), self.through.notes)


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

    def __init__(self, frame: pd.DataFrame, ids: pd.Index, category: Ints, through: Allowed) -> None:
        self.frame, self.through = frame, through
        self.ids, self.category = ids, category
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
                self.frame[PIN].to_numpy(np.int64) > 0,
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


def _in_order(picks: pd.DataFrame) -> pd.DataFrame:
    """By customer and rank, each product once, nothing pinned yet."""
    ordered = picks.sort_values([c.CUSTOMER, c.RANK, c.PRODUCT], ignore_index=True)
    once = ordered.drop_duplicates([c.CUSTOMER, c.PRODUCT], ignore_index=True)
    return once.drop(columns=[c.LIST_PLACE], errors="ignore").assign(**{PIN: np.int64(0)})


def _categories(products: pd.DataFrame) -> Ints:
    """A number for each category, the same for texts that differ in case or width only."""
    codes, texts = pd.factorize(products[c.CATEGORY])
    numbers = {name: number for number, name in enumerate(dict.fromkeys(folded(text) for text in texts))}
    of_text = np.array([*(numbers[folded(text)] for text in texts), NO_CATEGORY], np.int64)
    return np.asarray(of_text[codes], np.int64)
