"""What each row of a file of order lines says, before it is judged."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import amounts, dates, identity, numbers, rounding, unnumbered, words
from engine.intake import fields as f
from engine.intake.amounts import Amounts
from engine.intake.identity import Cells, Keys
from engine.intake.layouts.by_name import NAMES, WHO
from engine.intake.tables import Column, Table
from engine.phrases import Phrase, counted

_MONEY = (c.PRICE, c.REVENUE, f.ORDER_TOTAL, f.PAID)
_OF_A_SALE = (c.PRODUCT_KEY, *NAMES, c.QUANTITY, *_MONEY)
# what an export may write on the first row of an order only
_OF_THE_ORDER = (c.AT, c.STATUS, f.REFUND_STATUS, f.CANCELLED_AT, f.PAID_AT, c.CURRENCY)

NO_BUYER = Phrase("No customer column: the file can tell about products and time, not about people.")
NO_BUYER_LEFT = Phrase(
    "Every customer in the file is masked or missing: it can tell about products and time, not about people."
)
NO_PRODUCT = Phrase("No product column: the file cannot tell who bought what.")


@dataclass(frozen=True)
class Lines:
    """Per row: its order's key, its customer's key ("" if it names nobody), its time (NaT), its product and amounts.

    `named` is all that may name a row's customer, `buyer` the strongest of it. `order` is the position of the row's
    order among `keys.texts`, -1 where it has none; `rounded` where its number was rounded and nothing else tells it
    apart. `product` is None in a file that names no products.
    """

    cells: Cells
    keys: Column
    order: NDArray[np.int32]
    named: Keys
    buyer: Column
    at: NDArray[np.datetime64]
    no_date: NDArray[np.bool_]
    product: Column | None
    amounts: Amounts
    leads: NDArray[np.bool_]  # the first line of each row of the file
    notes: tuple[Phrase, ...]
    rounded: NDArray[np.bool_]

    @property
    def n_orders(self) -> int:
        return len(self.keys.texts)


def understood(table: Table, cells: Cells, today: date) -> Lines:
    """The rows of `table`, whose columns `cells` names."""
    named, buyer, notes = _buyers(cells, len(table.rows))
    rounded = np.zeros(len(table.rows), dtype=np.bool_)
    if c.ORDER_KEY in cells:
        keys = cells[c.ORDER_KEY].recoded(words.identifier, words.PLAIN)
        rounded = rounding.rounded(keys)
        order = _orders(keys)
        order[rounded] = -1
        cells = dict(cells)
        for field in _OF_THE_ORDER:
            if field in cells:
                cells[field] = identity.filled(cells[field].recoded(str.strip, words.TRIMMED), order, len(keys.texts))
        if named.columns:
            named = named.within(order, len(keys.texts))
            buyer = identity.filled(named.column(), order, len(keys.texts))
        keys, n_shared = identity.apart(keys, order, buyer)
        notes += _told_of_shared_orders(n_shared)
    when = dates.read(cells[c.AT].texts, cells[c.AT].codes, today=today)
    at = when.values[cells[c.AT].codes]
    if rounded.any():
        notes += rounding.told(int(rounded.sum()))
        keys, rounded = rounding.told_apart(keys, rounded, buyer, at)
    product, leads = identity.products(cells), table.leads
    if c.ORDER_KEY not in cells:
        keys, told = _keys(cells, buyer, product, at, leads)
        notes += told
    order = _orders(keys)
    if product is None:
        notes += (NO_PRODUCT,)
    return Lines(
        cells=cells,
        keys=keys,
        order=order,
        named=named,
        buyer=buyer,
        at=at,
        no_date=_no_date(cells[c.AT], when),
        product=product,
        amounts=amounts.read(cells, order, len(keys.texts), leads),
        leads=leads,
        notes=notes + _told_of_dates(when) + when.notes + _told_of_points(cells),
        rounded=rounded,
    )


def _orders(keys: Column) -> NDArray[np.int32]:
    return np.where(keys.blank, -1, keys.codes).astype(np.int32)


def _buyers(cells: Cells, n_rows: int) -> tuple[Keys, Column, tuple[Phrase, ...]]:
    named, notes = identity.customers(cells)
    if named is None:
        return Keys(()), Column("", np.zeros(n_rows, dtype=np.int32), [""]), (NO_BUYER,)
    buyer = named.column()
    if buyer.blank.all():
        return named, buyer, (NO_BUYER_LEFT,)
    return named, buyer, notes


def _no_date(column: Column, when: dates.Dates) -> NDArray[np.bool_]:
    unread = np.flatnonzero(np.isnat(when.values))
    nothing = np.zeros(len(column.texts), dtype=np.bool_)
    nothing[unread] = [not words.text(text) for text in column.texts_at(unread)]
    return nothing[column.codes]


def _keys(
    cells: Cells, buyer: Column, product: Column | None, at: NDArray[np.datetime64], leads: NDArray[np.bool_]
) -> tuple[Column, tuple[Phrase, ...]]:
    """An order key per row for files without one, the same in every export, and what to say of it."""
    if buyer.blank.all():
        return unnumbered.keys(cells, product, at, leads)
    note = Phrase("No order number column: what one customer bought at one time counts as one order.")
    return _with_unknown(cells, _customer_and_time(buyer, at), at, leads), (note,)


def _customer_and_time(buyer: Column, at: NDArray[np.datetime64]) -> Column:
    """Customer and time as the order's key; "" where either is missing."""
    times, time_codes = np.unique(at, return_inverse=True)
    pairs, codes = np.unique(buyer.codes.astype(np.int64) * len(times) + time_codes, return_inverse=True)
    moments = times[pairs % len(times)]
    known = zip(buyer.texts_at(pairs // len(times)), np.isnat(moments).tolist(), moments.astype(str), strict=True)
    texts = ["" if not key or missing else f"{key} {moment}" for key, missing, moment in known]
    return Column("", codes.astype(np.int32), texts).recoded(str)


def _with_unknown(cells: Cells, keys: Column, at: NDArray[np.datetime64], leads: NDArray[np.bool_]) -> Column:
    """The keys, and one for each row whose customer is masked or cannot be read: a sale to somebody all the same.

    It is made of the row's time, goods and amounts, and of how many such rows stand above, so that it is the same in
    the next export.
    """
    who = np.zeros(len(at), dtype=bool)
    for field in WHO:
        if field in cells:
            who |= ~cells[field].matches(r"\s*")
    rows = np.flatnonzero(leads & keys.blank & who & ~np.isnat(at))
    if not len(rows):
        return keys
    told = [cells[field].texts_at(cells[field].codes[rows]) for field in _OF_A_SALE if field in cells]
    seen: Counter[str] = Counter()
    texts = []
    for parts in zip(at[rows].astype(str).tolist(), *told, strict=True):
        text = " ".join(("?", *(part.strip() for part in parts if part.strip())))
        seen[text] += 1
        texts.append(f"{text} #{seen[text]}")
    # all lines of a row are of its order
    of_row = np.cumsum(leads) - 1
    new = np.full(int(leads.sum()), -1, dtype=np.int64)
    new[of_row[rows]] = len(keys.texts) + np.arange(len(rows))
    codes = np.where(new[of_row] >= 0, new[of_row], keys.codes).astype(np.int32)
    return Column(keys.header, codes, [*keys.texts, *texts])


def _told_of_shared_orders(n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    note = counted(
        "{n} order number is shared by several customers; it counts as one order for each of them.",
        "{n} order numbers are shared by several customers; each counts as one order for each of them.",
        n=n,
    )
    return (note,)


def _told_of_points(cells: Cells) -> tuple[Phrase, ...]:
    doubtful = {field: numbers.undecided(cells[field].texts) for field in _MONEY if field in cells}
    return tuple(
        Phrase(
            "Nothing in the file shows whether {field} {text} has a decimal point or thousands; it was read as a "
            "decimal point.",
            field=f.WORDS[field],
            text=text,
        )
        for field, text in doubtful.items()
        if text is not None
    )


def _told_of_dates(when: dates.Dates) -> tuple[Phrase, ...]:
    if when.mixed:
        if when.day_first:
            return (Phrase("Some dates have the day first, some the month; 03/04 was read as 3 April. Check them."),)
        return (Phrase("Some dates have the day first, some the month; 03/04 was read as 4 March. Check them."),)
    if not when.assumed:
        return ()
    return (Phrase("Nothing in the file shows whether 03/04 is 3 April or 4 March; dates were read day first."),)
