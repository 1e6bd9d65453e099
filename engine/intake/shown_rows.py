"""Rows that were left out, as examples."""

from __future__ import annotations

from engine.intake.evidence import SHOWN, Evidence
from engine.phrases import Phrase

LONGEST = 80  # letters of a row


def rows_shown(evidence: Evidence, reason: Phrase) -> tuple[Phrase, ...]:
    """The first rows that were left out for this reason, cut to a line."""
    return tuple(
        Phrase("row {row}: {text}", row=left_out.row, text=_cut(left_out.text))
        for left_out in list(evidence.left_out.get(reason.message, ()))[:SHOWN]
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
