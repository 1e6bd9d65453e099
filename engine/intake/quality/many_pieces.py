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
    found = far(evidence)
    if not len(found):
        return None
    pieces, counts = _pieces(evidence)
    rows = found[:SHOWN]
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} line has far more pieces than usual: above {limit}, where {middle} is usual.",
            "{n} lines have far more pieces than usual: above {limit}, where {middle} is usual.",
            n=len(found),
            limit=int(robust.limit(pieces, counts)),
            middle=robust.median(pieces, counts),
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
    quantity = evidence.lines[c.QUANTITY].to_numpy().astype(np.float64, copy=False)
    found = np.flatnonzero(quantity > robust.limit(*_pieces(evidence)))
    found = found[~evidence.charges[evidence.lines[c.PRODUCT].to_numpy()[found]]]
    by_size: NDArray[np.int64] = found[np.argsort(-quantity[found], kind="stable")]
    return by_size


def _pieces(evidence: Evidence) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The different numbers of pieces of lines that are no charges, whose pieces are often money; and how often each.

    Ten million lines have a few hundred of them.
    """
    quantity = evidence.lines[c.QUANTITY]
    if evidence.charges.any():
        quantity = quantity[~evidence.charges[evidence.lines[c.PRODUCT].to_numpy()]]
    found = quantity.astype(np.float64).value_counts(sort=False)
    return found.index.to_numpy(np.float64), found.to_numpy().astype(np.int64)
