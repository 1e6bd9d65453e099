"""Whether an order line counts, and if not, why: the first reason that applies is the one told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import amounts, currencies, reasons, words
from engine.intake import fields as f
from engine.intake.lines import Lines
from engine.phrases import Phrase, counted

Bools = NDArray[np.bool_]
_CREDIT_NOTE = r"C[0-9]+"


@dataclass(frozen=True)
class Judged:
    """Per row 0 if it counts, else 1 + the position of its reason among `reasons`."""

    fault: NDArray[np.int8]
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
    """What counts among `lines`, in which currency."""
    currency, elsewhere = currencies.of_file(lines.cells, len(lines.order))
    refunded, in_part = amounts.is_refunded(lines.cells, lines.amounts, lines.order, lines.n_orders)
    fault = np.zeros(len(lines.order), dtype=np.int8)
    told = []
    # one check at a time: of a large file each takes megabytes
    for reason, wrong in chain(
        _states(lines, refunded), _amounts(lines), _places(lines), [(reasons.OTHER_CURRENCY, elsewhere)]
    ):
        told.append(reason)
        fault[wrong & (fault == 0)] = len(told)
    n_in_part = int((in_part & (fault == 0)).sum())
    notes = (
        counted(
            "{n} row was refunded in part; its money is counted as before the refund.",
            "{n} rows were refunded in part; their money is counted as before the refund.",
            n=n_in_part,
        ),
    )
    return Judged(fault, tuple(told), currency, notes if n_in_part else ())


def _states(lines: Lines, refunded: Bools) -> Iterable[tuple[Phrase, Bools]]:
    wrong = {reason: np.zeros(len(lines.order), dtype=bool) for reason in reasons.VOID}
    wrong[reasons.CANCELLED] |= _is_credit_note(lines)
    wrong[reasons.REFUNDED] |= refunded
    for field in (c.STATUS, f.REFUND_STATUS):
        if field in lines.cells:
            column = lines.cells[field]
            states = [words.state_of_order(text) for text in column.texts]
            for reason in reasons.VOID:
                wrong[reason] |= np.array([state is reason for state in states], dtype=bool)[column.codes]
    if f.CANCELLED_AT in lines.cells:
        wrong[reasons.CANCELLED] |= lines.cells[f.CANCELLED_AT].says(lambda text: bool(words.text(text)))
    return wrong.items()


def _is_credit_note(lines: Lines) -> Bools:
    """C536379 cancels an invoice where invoices are called 536365; a shop whose every number starts with C has none."""
    notes = lines.keys.matches(_CREDIT_NOTE)
    if notes.any() and not any(key.isdigit() for key in lines.keys.texts):
        return np.zeros(len(lines.order), dtype=bool)
    return notes


def _amounts(lines: Lines) -> Iterator[tuple[Phrase, Bools]]:
    pieces, price = lines.amounts.quantity, lines.amounts.price
    yield reasons.RETURN, pieces < 0
    yield reasons.ZERO_QUANTITY, pieces == 0
    yield reasons.NO_QUANTITY, lines.amounts.no_quantity & np.isnan(pieces)
    yield reasons.QUANTITY_UNREADABLE, np.isnan(pieces)
    yield reasons.ZERO_PRICE, price == 0
    yield reasons.NEGATIVE_PRICE, price < 0
    yield reasons.NO_PRICE, lines.amounts.no_price & np.isnan(price)
    yield reasons.PRICE_UNREADABLE, np.isnan(price)


def _places(lines: Lines) -> Iterator[tuple[Phrase, Bools]]:
    given = c.ORDER_KEY in lines.cells
    yield reasons.NO_DATE, lines.no_date
    yield reasons.DATE_UNREADABLE, np.isnat(lines.at)
    yield reasons.NO_ORDER if given else reasons.NO_ORDER_NOR_CUSTOMER, lines.order < 0
    if given:
        yield reasons.ROUNDED_ORDER, lines.keys.matches(words.ROUNDED)
    if lines.product is not None:
        yield reasons.NO_PRODUCT, lines.product.blank
