"""Whether an order line counts, and if not, why: the first reason that applies is the one told."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import amounts, currencies, reasons, words
from engine.intake import fields as f
from engine.intake.lines import Lines
from engine.phrases import Phrase, counted

Bools = NDArray[np.bool_]
_CREDIT_NOTE = re.compile(r"C\d+")


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
        wanted = np.array([False, *(reason in some for reason in self.reasons)], dtype=np.bool_)
        return wanted[self.fault]


def judged(lines: Lines) -> Judged:
    """What counts among `lines`, in which currency.

    Lines that were one row of the file count together or not at all.
    """
    currency, elsewhere = currencies.of_file(lines.cells, len(lines.order))
    refunded, in_part = amounts.is_refunded(lines.amounts)
    checks = [
        *_apart(lines),
        *_states(lines, refunded),
        *_amounts(lines),
        *_places(lines),
        (reasons.OTHER_CURRENCY, elsewhere),
    ]
    fault = np.zeros(len(lines.order), dtype=np.int8)
    for code, (_, wrong) in enumerate(checks, 1):
        fault[wrong & (fault == 0)] = code
    fault = _of_whole_rows(fault, lines.leads)
    in_part &= fault == 0
    return Judged(fault, in_part, tuple(reason for reason, _ in checks), currency, _told_of_refunds(lines, in_part))


def _of_whole_rows(fault: NDArray[np.int8], leads: Bools) -> NDArray[np.int8]:
    """The first fault of each row of the file on all lines that it has become."""
    if leads.all():
        return fault
    starts = np.flatnonzero(leads)
    worst = np.where(fault == 0, np.int8(np.iinfo(np.int8).max), fault)
    of_row = np.minimum.reduceat(worst, starts)
    of_row[of_row == np.iinfo(np.int8).max] = 0
    return np.repeat(of_row, np.diff(starts, append=len(fault)))


def _told_of_refunds(lines: Lines, in_part: Bools) -> tuple[Phrase, ...]:
    if not in_part.any():
        return ()
    note = counted(
        "{n} order was refunded in part: {money} that went back is taken off it.",
        "{n} orders were refunded in part: {money} that went back is taken off them.",
        n=len(np.unique(lines.order[in_part])),
        money=f"{lines.amounts.refund[in_part].sum():,.2f}",
    )
    return (note,)


def _states(lines: Lines, refunded: Bools) -> list[tuple[Phrase, Bools]]:
    wrong = {reason: np.zeros(len(lines.order), dtype=bool) for reason in reasons.VOID}
    wrong[reasons.CANCELLED] |= _is_credit_note(lines)
    wrong[reasons.REFUNDED] |= refunded
    for field in (c.STATUS, f.REFUND_STATUS, f.LINE_STATUS):
        if field in lines.cells:
            column = lines.cells[field]
            states = [words.state_of_order(text) for text in column.texts]
            for reason in reasons.VOID:
                wrong[reason] |= np.array([state is reason for state in states], dtype=bool)[column.codes]
    if f.CANCELLED_AT in lines.cells:
        wrong[reasons.CANCELLED] |= lines.cells[f.CANCELLED_AT].says(lambda text: bool(words.text(text)))
    return list(wrong.items())


def _is_credit_note(lines: Lines) -> Bools:
    """C536379 cancels an invoice where invoices are called 536365; a shop whose every number starts with C has none."""
    if not any(key.isdigit() for key in lines.keys.texts):
        return np.zeros(len(lines.order), dtype=bool)
    return lines.keys.says(lambda key: key[:1] == "C" and _CREDIT_NOTE.fullmatch(key) is not None)


def _amounts(lines: Lines) -> list[tuple[Phrase, Bools]]:
    pieces, price = lines.amounts.quantity, lines.amounts.price
    return [
        (reasons.RETURN, pieces < 0),
        (reasons.ZERO_QUANTITY, pieces == 0),
        (reasons.NO_QUANTITY, lines.amounts.no_quantity & np.isnan(pieces)),
        (reasons.QUANTITY_UNREADABLE, np.isnan(pieces)),
        (reasons.ZERO_PRICE, price == 0),
        (reasons.NEGATIVE_PRICE, price < 0),
        (reasons.NO_PRICE, lines.amounts.no_price & np.isnan(price)),
        (reasons.PRICE_UNREADABLE, np.isnan(price)),
    ]


def _places(lines: Lines) -> list[tuple[Phrase, Bools]]:
    given = c.ORDER_KEY in lines.cells
    checks = [
        (reasons.NO_DATE, lines.no_date),
        (reasons.DATE_UNREADABLE, np.isnat(lines.at)),
        (reasons.NO_ORDER if given else reasons.NO_ORDER_NOR_CUSTOMER, lines.order < 0),
    ]
    if given:
        checks.append((reasons.ROUNDED_ORDER, lines.keys.says(words.is_rounded)))
    if lines.product is not None:
        checks.append((reasons.NO_PRODUCT, lines.product.blank))
    return checks


def _apart(lines: Lines) -> list[tuple[Phrase, Bools]]:
    """Items whose order no table tells, and orders whose items none does."""
    told = ((reasons.NO_SUCH_ORDER, f.WITHOUT_ORDER), (reasons.NO_ITEMS, f.WITHOUT_ITEMS))
    return [(reason, ~lines.cells[field].blank) for reason, field in told if field in lines.cells]
