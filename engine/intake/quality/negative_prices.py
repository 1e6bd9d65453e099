"""Rows with a price below zero."""

from __future__ import annotations

from engine.intake import reasons
from engine.intake.evidence import Evidence, Finding
from engine.intake.shown_rows import rows_shown
from engine.phrases import Phrase, counted

NAME = "negative_prices"
LOOKED_AT = Phrase("prices below zero")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    n = evidence.reasons.get(reasons.NEGATIVE_PRICE.message, 0)
    if not n:
        return None
    return Finding(
        NAME,
        n,
        counted("{n} row has a price below zero.", "{n} rows have a price below zero.", n=n),
        Phrase("A correction of the books or a voucher, not a sale. It is left out of all sums."),
        Phrase("Nothing, if it is a correction; a return belongs in the column of pieces, as -1."),
        rows_shown(evidence, reasons.NEGATIVE_PRICE),
    )
