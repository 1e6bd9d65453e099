"""Orders worth far more than the shop's orders are else."""

from __future__ import annotations

import numpy as np

from engine import columns as c
from engine.intake import robust
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Money, Phrase, counted

NAME = "large_orders"
LOOKED_AT = Phrase("orders worth far more than usual")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    sums = evidence.orders[c.REVENUE].to_numpy().astype(np.float64)
    found = robust.far_out(sums)
    if not len(found):
        return None
    middle = float(np.median(sums[sums > 0]))
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} order is worth far more than usual ({middle}).",
            "{n} orders are worth far more than usual ({middle}).",
            n=len(found),
            middle=Money(middle, evidence.currency),
        ),
        Phrase("An average of all orders says little as long as they are in it."),
        Phrase("Check whether the sum is true and whether it is a normal customer or a reseller."),
        tuple(
            Phrase(
                "order {order}, {on}: {sum}, {times} times the usual",
                order=evidence.key(order),
                on=evidence.day(order),
                sum=Money(float(sums[order]), evidence.currency),
                times=round(sums[order] / middle),
            )
            for order in found[:SHOWN].tolist()
        ),
    )
