"""Orders of which nobody knows who gave them."""

from __future__ import annotations

import numpy as np

from engine import columns as c
from engine.intake.evidence import Evidence, Finding
from engine.phrases import Money, Phrase, counted

NAME = "nobody"
LOOKED_AT = Phrase("orders without a customer")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    """What a file cannot tell without customers is among its limits as well (`engine.intake.limits`)."""
    orders = evidence.orders
    nobody = orders[c.CUSTOMER].to_numpy() < 0
    n = int(nobody.sum())
    if not n:
        return None
    return Finding(
        NAME,
        n,
        counted(
            "{n} order ({share:.0%}) has no customer; it is worth {money}.",
            "{n} orders ({share:.0%}) have no customer; they are worth {money}.",
            n=n,
            share=n / len(orders),
            money=Money(float(np.round(orders[c.REVENUE].to_numpy()[nobody].sum(), 2)), evidence.currency),
        ),
        Phrase("They count for products and months, not for people."),
        Phrase("Guests at the till, or masked buyers: an export with phone or e-mail would bring them in."),
        is_fault=False,
    )
