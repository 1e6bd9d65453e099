"""Customers who gave back more than they bought."""

from __future__ import annotations

import numpy as np

from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Money, Phrase, counted

NAME = "more_returned"
LOOKED_AT = Phrase("customers who gave back more than they bought")
NEEDS = ("orders", "customers")
CENT = 0.01


def check(evidence: Evidence) -> Finding | None:
    spent = evidence.spent()
    gone = evidence.returned
    found = np.flatnonzero(gone > spent + CENT)
    if not len(found):
        return None
    found = found[np.argsort(-(gone - spent)[found], kind="stable")]
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} customer gave back more than they bought.",
            "{n} customers gave back more than they bought.",
            n=len(found),
        ),
        Phrase("They bought before the first day of the data, or a purchase is missing."),
        Phrase("Send an export that reaches further back."),
        tuple(
            Phrase(
                "{who}: bought {bought}, gave back {returned}",
                who=evidence.who(person),
                bought=Money(float(spent[person]), evidence.currency),
                returned=Money(float(gone[person]), evidence.currency),
            )
            for person in found[:SHOWN].tolist()
        ),
        is_fault=False,
    )
