"""Orders dated later than today."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "future"
LOOKED_AT = Phrase("dates in the future")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    """A shop elsewhere may be a day ahead."""
    days = evidence.orders[c.AT].to_numpy().astype("datetime64[D]")
    ahead = np.flatnonzero(days > np.datetime64(evidence.today + timedelta(days=1)))
    if not len(ahead):
        return None
    ahead = ahead[np.argsort(days[ahead], kind="stable")[::-1]]
    return Finding(
        NAME,
        len(ahead),
        counted("{n} order is dated in the future.", "{n} orders are dated in the future.", n=len(ahead)),
        Phrase("Day and month may have changed places, or it is a booking ahead."),
        Phrase("Correct the date in your shop and send the export again."),
        tuple(
            Phrase("order {order}, {on}", order=evidence.key(order), on=evidence.day(order))
            for order in ahead[:SHOWN].tolist()
        ),
    )
