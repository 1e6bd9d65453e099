"""The columns of money of an unknown file of orders, by what their headers speak of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers, words
from engine.intake.concepts import spoken
from engine.intake.layouts.by_name import offered
from engine.intake.looks import contents
from engine.intake.meanings import named
from engine.intake.proposal import Guess, Proposal
from engine.intake.tables import Column, Table
from engine.intake.totals import orders_of

Floats = NDArray[np.float64]
ROWS: Final = 200_000  # enough to see what adds up
_ASIDE = re.compile(r"\([^)]*\)|（[^）]*）")
_SHIPPING = re.compile(
    r"运费|邮费|快递费|配送费|物流费|shipping|freight|postage|delivery ?(?:fee|charge|cost|price)", re.I
)
_OWED = re.compile(r"应付|应收|结算|商家|due|owed", re.I)
_AMOUNTS: Final = frozenset((c.PRICE, c.REVENUE, f.ORDER_TOTAL))
_PAID: Final = frozenset(("PAY", "MONEY"))
_OF_PAID: Final = _PAID | {"PRICE", "ORDER", "TOTAL", "PERSON", "PRODUCT", "NET", "LINE"}
_NO_SHIPPING: Final = frozenset(("DISCOUNT", "TAX", "KEY", "WHEN", "REFUND", "NAME", "PHONE", "METHOD", "STATUS"))
_NO_DISCOUNT: Final = frozenset(("SHIP", "TAX", "KEY", "QTY", "NAME", "METHOD", "REFUND", "POINTS", "WHEN", "LIFETIME"))
_OF_PRICE: Final = frozenset(("PRICE", "PRODUCT", "UNIT"))
_OF_TAX: Final = frozenset(("TAX", "MONEY", "ORDER", "TOTAL", "PRODUCT", "PRICE", "MONEY"))


@dataclass(frozen=True)
class Moneys:
    """Per row of the first `ROWS`: the price as told, what may be the sum, and what may stand between. NaN: not told.

    `sums` and `rank` are by position of the column, the surest first: 3 what was paid, 2 what is owed, 1 an amount.
    `counts` are the rows that sell something for a price in an order.
    """

    headers: tuple[str, ...]
    order: NDArray[np.int32]
    n_orders: int
    product: NDArray[np.int32]
    pieces: Floats
    base_at: int
    base_field: str
    is_supposed: bool  # the price is a column that its header does not surely call so
    base: Floats
    sums: Mapping[int, Floats]
    rank: Mapping[int, int]
    discount_at: int
    discount: Floats
    shipping_at: int
    shipping: Floats
    tax: Floats
    counts: NDArray[np.bool_]

    def header(self, at: int) -> str:
        return self.headers[at]

    @property
    def has_discount(self) -> bool:
        return bool((np.abs(self.discount) > 0).any())

    @property
    def has_shipping(self) -> bool:
        return bool((self.shipping > 0).any())

    @property
    def has_tax(self) -> bool:
        return bool((self.tax > 0).any())

    def off(self, discount: str) -> Floats:
        return -np.abs(np.nan_to_num(self.discount)) if discount else np.zeros(len(self.order))

    def is_of_goods(self, at: int) -> bool:
        """Whether the header says that it is for goods alone."""
        return bool(spoken(self.headers[at]).of & {"PRODUCT", "NET"}) or "货款" in self.headers[at]

    @property
    def leads(self) -> NDArray[np.bool_]:
        """The first row of each order that counts."""
        rows = np.flatnonzero(self.counts)
        first = np.zeros(len(self.order), dtype=bool)
        first[rows[np.unique(self.order[rows], return_index=True)[1]]] = True
        return first

    def summed(self, amount: Floats) -> Floats:
        """Per row the sum over the rows of its order that count."""
        within = self.counts
        sums = np.bincount(self.order[within], np.nan_to_num(amount[within]), max(self.n_orders, 1))
        return np.where(self.order >= 0, sums[np.maximum(self.order, 0)], amount)


def moneys(table: Table, proposal: Proposal) -> Moneys | None:
    """The columns of money; None if there is nothing to hold against each other."""
    columns = proposal.columns
    # whatever the order of the columns
    free = sorted((guess for guess in proposal.guesses if _is_open(guess, proposal)), key=_by_header)
    base_field = next((of for of in (c.PRICE, c.REVENUE) if of in columns), "")
    is_supposed = not base_field
    base_at = columns.get(base_field, _price_perhaps(table, free))
    base_field = base_field or c.PRICE
    rank = {
        guess.position: rank
        for guess in free
        if guess.position != base_at and (rank := _rank(guess)) and _is_number(table.columns[guess.position])
    }
    said = [columns[of] for of in (f.DISCOUNT, f.LINE_DISCOUNT) if of in columns]
    discounts = said or [guess.position for guess in free if _is_discount(guess.header)]
    discounts.sort(key=lambda at: "TOTAL" not in spoken(table.headers[at]).of)
    discount_at = next((at for at in discounts if _is_money_off(table.columns[at])), -1)
    ships = (guess.position for guess in free if _is_shipping(guess.header))
    shipping_at = next((at for at in ships if _is_number(table.columns[at])), -1)
    taxes = (guess.position for guess in free if "TAX" in (of := spoken(guess.header).of) and of <= _OF_TAX)
    tax_at = next((at for at in taxes if _is_number(table.columns[at])), -1)
    by_pieces = c.PRICE in columns and c.QUANTITY in columns
    if not rank and discount_at < 0 and shipping_at < 0 and not by_pieces:
        return None
    n = min(len(table.rows), ROWS)
    order = orders_of(table, columns)[:n].astype(np.int32)
    pieces = _numbers(table, columns.get(c.QUANTITY, -1), n)
    pieces = pieces if c.QUANTITY in columns else np.ones(n)
    base = _numbers(table, base_at, n)
    goods = next((columns[of] for of in (c.PRODUCT_KEY, c.PRODUCT_NAME) if of in columns), None)
    blank = np.zeros(n, dtype=bool) if goods is None else table.columns[goods].blank[:n]
    product = np.full(n, -1) if goods is None else np.where(blank, -1, table.columns[goods].codes[:n])
    by_rank = sorted(rank, key=lambda at: (-rank[at], table.headers[at], at))
    return Moneys(
        headers=tuple(table.headers),
        order=order,
        n_orders=int(order.max(initial=-1)) + 1,
        product=product.astype(np.int32),
        pieces=pieces,
        base_at=base_at,
        base_field=base_field,
        is_supposed=is_supposed,
        base=base,
        sums={at: _numbers(table, at, n) for at in by_rank},
        rank=rank,
        discount_at=discount_at,
        discount=_numbers(table, discount_at, n),
        shipping_at=shipping_at,
        shipping=_numbers(table, shipping_at, n),
        tax=_numbers(table, tax_at, n),
        counts=(order >= 0) & ~blank & np.isfinite(base * pieces),
    )


def _by_header(guess: Guess) -> tuple[str, int]:
    return guess.header, guess.position


def _price_perhaps(table: Table, free: Sequence[Guess]) -> int:
    """The column of money whose header speaks of a price among words that say nothing, such as 京东价; -1 if none."""
    perhaps = (
        guess.position
        for guess in free
        if guess.field is None and "PRICE" in (of := spoken(guess.header).of) and of <= _OF_PRICE
    )
    return next((at for at in perhaps if _is_number(table.columns[at])), -1)


def _is_open(guess: Guess, proposal: Proposal) -> bool:
    if not guess.header:
        return False
    return guess.header not in proposal.choice.fields and (guess.field is None or guess.field in _AMOUNTS)


def _rank(guess: Guess) -> int:
    """How surely the header speaks of what was paid; 0 if not of an amount at all."""
    header = _ASIDE.sub("", guess.header) if "tax" in guess.header.lower() else guess.header
    of = spoken(header).of
    if of & {"SUBTOTAL", "OLD", "COST", "TAX", "SHIP", "DISCOUNT", "FEE", "REFUND", "LIFETIME"}:
        return 0
    is_paid = _PAID <= of <= _OF_PAID
    said = {*named(header), *offered(header, "orders")}
    if not is_paid and not said & {c.REVENUE, f.ORDER_TOTAL} and guess.field not in (c.REVENUE, f.ORDER_TOTAL):
        return 0
    if _OWED.search(header):
        return 2
    return 3 if is_paid or "NET" in of else 1


def _is_discount(header: str) -> bool:
    of = spoken(header).of
    return "DISCOUNT" in of and not of & _NO_DISCOUNT


def _is_shipping(header: str) -> bool:
    bare = _ASIDE.sub("", header)
    return _SHIPPING.search(bare) is not None and not spoken(bare).of & _NO_SHIPPING


def _is_number(column: Column) -> bool:
    look = contents(column)
    return look.n > 0 and look.numbers >= 0.8 and look.dates < 0.8


def _is_money_off(column: Column) -> bool:
    """Whether these are amounts, and no shares such as 0.2 or 20%, of which some are not 0."""
    if not _is_number(column) or any("%" in text for text in column.texts):
        return False
    off = np.abs(np.nan_to_num(numbers.read(column.texts)))
    return bool(off.max(initial=0.0) > 1)


def _numbers(table: Table, at: int, n: int) -> Floats:
    if at < 0:
        return np.full(n, np.nan)
    column = table.columns[at]
    used, codes = np.unique(column.codes[:n], return_inverse=True)
    return numbers.read([words.text(text) for text in column.texts_at(used)])[codes]
