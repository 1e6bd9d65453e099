"""Rows in another currency than the others."""

from __future__ import annotations

from engine.intake import reasons
from engine.intake.evidence import Evidence, Finding
from engine.intake.shown_rows import rows_shown
from engine.phrases import Phrase, counted

NAME = "currencies"
LOOKED_AT = Phrase("several currencies in one file")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    n = evidence.reasons.get(reasons.OTHER_CURRENCY.message, 0)
    if not n:
        return None
    return Finding(
        NAME,
        n,
        counted(
            "{n} row is in another currency than the rest ({currency}).",
            "{n} rows are in another currency than the rest ({currency}).",
            n=n,
            currency=evidence.currency or "?",
        ),
        Phrase("Sums of two currencies say nothing, so these rows are left out."),
        Phrase("Convert them in a spreadsheet and send the file again, or keep that shop in a database of its own."),
        rows_shown(evidence, reasons.OTHER_CURRENCY),
    )
