"""Lines with far more pieces than the shop sells else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import robust
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "many_pieces"
LOOKED_AT = Phrase("lines with far too many pieces")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    lines = evidence.lines
    _, pieces = _of_goods(evidence)
    found = far(evidence)
    if not len(found):
        return None
    rows = found[:SHOWN]
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} line has far more pieces than usual: above {limit}, where {middle} is usual.",
            "{n} lines have far more pieces than usual: above {limit}, where {middle} is usual.",
            n=len(found),
            limit=int(robust.limit(pieces)),
            middle=float(np.median(pieces)),
        ),
        Phrase("A slip of the keyboard, or a wholesale order. A single one can outweigh a month of sales."),
        Phrase("Look at the largest first. If it is a slip, correct it in your shop and send the export again."),
        tuple(
            counted(
                "order {order}, {on}: {product}, {n} piece",
                "order {order}, {on}: {product}, {n} pieces",
                order=evidence.key(order),
                on=evidence.day(order),
                product=evidence.product(product),
                n=round(quantity),
            )
            for order, product, quantity in zip(
                *(lines[field].to_numpy()[rows].tolist() for field in (c.ORDER, c.PRODUCT, c.QUANTITY)), strict=True
            )
        ),
    )


def far(evidence: Evidence) -> NDArray[np.int64]:
    """The lines with far too many pieces, by position, the most pieces first."""
    goods, pieces = _of_goods(evidence)
    return goods[robust.far_out(pieces)]


def _of_goods(evidence: Evidence) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Which lines are no charges, whose pieces are often money, and their pieces."""
    goods = np.flatnonzero(~evidence.charges[evidence.lines[c.PRODUCT].to_numpy()])
    return goods, evidence.lines[c.QUANTITY].to_numpy().astype(np.float64)[goods]
