"""Whether an order line counts, and if not, why: the first reason that applies is the one told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import amounts, currencies, numbers, paid, reasons, words
from engine.intake import fields as f
from engine.intake.lines import Lines
from engine.phrases import Phrase, counted

Bools = NDArray[np.bool_]
_CREDIT_NOTE = r"C[0-9]+"


@dataclass(frozen=True)
class Judged:
    """Per row 0 if it counts, else 1 + the position of its reason among `reasons`."""

    fault: NDArray[np.int8]
    in_part: Bools  # the row counts, without the money of it that went back
    reasons: tuple[Phrase, ...]
    currency: str | None
    notes: tuple[Phrase, ...]

    @property
    def counts(self) -> Bools:
        result: Bools = self.fault == 0
        return result

    def is_any_of(self, some: tuple[Phrase, ...]) -> Bools:
        """Which rows are left out for one of these reasons."""
        result: Bools = _among(self.reasons, some)[self.fault]
        return result


def judged(lines: Lines) -> Judged:
    """What counts among `lines`, in which currency.

    Lines that were one row of the file count together or not at all.
    """
    currency, elsewhere = currencies.of_file(lines.cells, len(lines.order))
    refunded, in_part = amounts.is_refunded(lines.amounts)
    fault = np.zeros(len(lines.order), dtype=np.int8)
    told = []
    # one check at a time: of a large file each takes megabytes
    for reason, wrong in chain(
        _apart(lines),
        _states(lines, refunded),
        _amounts(lines),
        _places(lines),
        [(reasons.OTHER_CURRENCY, elsewhere)],
    ):
        told.append(reason)
        fault[wrong & (fault == 0)] = len(told)
    names = tuple(told)
    fault = _of_whole_rows(fault, lines.leads, _among(names, reasons.GONE_BACK))
    in_part &= fault == 0
    return Judged(fault, in_part, names, currency, _told_of_refunds(lines, fault, in_part))


def _among(names: tuple[Phrase, ...], some: tuple[Phrase, ...]) -> Bools:
    """Per code of a fault whether its reason is one of `some`; code 0 is no fault."""
    return np.array([False, *(name in some for name in names)], dtype=np.bool_)


def _of_whole_rows(fault: NDArray[np.int8], leads: Bools, gone_back: Bools) -> NDArray[np.int8]:
    """The faults, where a row of the file that has become several lines is left out whole or not at all.

    Lines that went back, beside others that were kept, are no fault of their row.
    """
    if leads.all():
        return fault
    most = np.int8(np.iinfo(np.int8).max)
    starts = np.flatnonzero(leads)
    wrong = np.where((fault == 0) | gone_back[fault], most, fault)
    of_row = np.repeat(np.minimum.reduceat(wrong, starts), np.diff(starts, append=len(fault)))
    return np.where(of_row == most, fault, of_row)


def _beside_kept(fault: NDArray[np.int8], leads: Bools) -> Bools:
    """Lines that are left out though their row counts."""
    if leads.all():
        return np.zeros(len(fault), dtype=bool)
    return (fault > 0) & rows_that_count(fault == 0, leads)


def rows_that_count(counts: Bools, leads: Bools) -> Bools:
    """Per line whether any line of its row counts."""
    if leads.all():
        return counts
    starts = np.flatnonzero(leads)
    result: Bools = np.repeat(np.logical_or.reduceat(counts, starts), np.diff(starts, append=len(counts)))
    return result


def _told_of_refunds(lines: Lines, fault: NDArray[np.int8], in_part: Bools) -> tuple[Phrase, ...]:
    some = in_part | _beside_kept(fault, lines.leads)
    if not some.any():
        return ()
    off = np.where(in_part[some], lines.amounts.refunded(some), np.nan_to_num(lines.amounts.revenue[some]))
    n, money = len(np.unique(lines.order[some])), f"{off.sum():,.2f}"
    if lines.amounts.was_net:
        note = counted(
            "{n} order was refunded in part: its amount in the file is already without the {money} that went back.",
            "{n} orders were refunded in part: their amounts in the file are already without the {money} that went "
            "back.",
            n=n,
            money=money,
        )
        return (note,)
    note = counted(
        "{n} order was refunded in part: {money} that went back is taken off it.",
        "{n} orders were refunded in part: {money} that went back is taken off them.",
        n=n,
        money=money,
    )
    return (note,)


def _states(lines: Lines, refunded: Bools) -> Iterable[tuple[Phrase, Bools]]:
    wrong = {reason: np.zeros(len(lines.order), dtype=bool) for reason in reasons.VOID}
    wrong[reasons.CANCELLED] |= _is_credit_note(lines)
    wrong[reasons.REFUNDED] |= refunded
    wrong[reasons.NOT_PAID] |= _is_never_paid(lines)
    for field in (c.STATUS, f.REFUND_STATUS, f.LINE_STATUS):
        if field in lines.cells:
            column = lines.cells[field]
            states = [words.state_of_order(text) for text in column.texts]
            for reason in reasons.VOID:
                wrong[reason] |= np.array([state is reason for state in states], dtype=bool)[column.codes]
    if f.CANCELLED_AT in lines.cells:
        wrong[reasons.CANCELLED] |= lines.cells[f.CANCELLED_AT].says(lambda text: bool(words.text(text)))
    return wrong.items()


def _is_never_paid(lines: Lines) -> Bools:
    """Orders for which nothing was paid, and no time of a payment is told where others have one.

    Where most have one and no column tells states, the time alone tells.
    """
    if f.PAID_AT not in lines.cells:
        return np.zeros(len(lines.order), dtype=bool)
    never = lines.cells[f.PAID_AT].says(lambda text: not words.text(text))
    if never.all():
        return np.zeros(len(lines.order), dtype=bool)
    if not any(field in lines.cells for field in (c.STATUS, f.REFUND_STATUS, f.LINE_STATUS)) and never.mean() < 0.5:
        return never
    result: Bools = never & (paid.sum_of_order(lines.amounts.revenue, lines.order, lines.n_orders) <= paid.CENT)
    result &= lines.amounts.price == 0
    return result


def _is_credit_note(lines: Lines) -> Bools:
    """C536379 cancels an invoice where invoices are called 536365; a shop whose every number starts with C has none."""
    notes = lines.keys.matches(_CREDIT_NOTE)
    if notes.any() and not any(key.isdigit() for key in lines.keys.texts):
        return np.zeros(len(lines.order), dtype=bool)
    return notes


def _amounts(lines: Lines) -> Iterator[tuple[Phrase, Bools]]:
    pieces, price = lines.amounts.quantity, lines.amounts.price
    yield reasons.RETURN, (pieces < 0) & _says_below_zero(lines)
    yield reasons.MONEY_BACK, pieces < 0
    yield reasons.ZERO_QUANTITY, pieces == 0
    yield reasons.NO_QUANTITY, lines.amounts.no_quantity & np.isnan(pieces)
    yield reasons.QUANTITY_UNREADABLE, np.isnan(pieces)
    yield reasons.ZERO_PRICE, price == 0
    yield reasons.NEGATIVE_PRICE, price < 0
    yield reasons.NO_PRICE, lines.amounts.no_price & np.isnan(price)
    yield reasons.PRICE_UNREADABLE, np.isnan(price)


def _says_below_zero(lines: Lines) -> Bools:
    """Where the quantity itself is negative; elsewhere it counts as such because the amount is."""
    column = lines.cells.get(c.QUANTITY)
    if column is None:
        return np.zeros(len(lines.order), dtype=bool)
    below: Bools = (numbers.read(column.texts) < 0)[column.codes]
    return below


def _places(lines: Lines) -> Iterator[tuple[Phrase, Bools]]:
    given = c.ORDER_KEY in lines.cells
    yield reasons.NO_DATE, lines.no_date
    yield reasons.DATE_UNREADABLE, np.isnat(lines.at)
    yield reasons.NO_ORDER if given else reasons.NO_ORDER_NOR_CUSTOMER, lines.order < 0
    if given:
        yield reasons.ROUNDED_ORDER, lines.rounded
    if lines.product is not None:
        yield reasons.NO_PRODUCT, lines.product.blank


def _apart(lines: Lines) -> Iterator[tuple[Phrase, Bools]]:
    """Items whose order no table tells, and orders whose items none does."""
    for reason, field in ((reasons.NO_SUCH_ORDER, f.WITHOUT_ORDER), (reasons.NO_ITEMS, f.WITHOUT_ITEMS)):
        if field in lines.cells:
            yield reason, ~lines.cells[field].blank
