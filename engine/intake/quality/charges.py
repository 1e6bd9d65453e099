"""Lines that are no products: postage, fees, corrections."""

from __future__ import annotations

import numpy as np

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "charges"
LOOKED_AT = Phrase("postage and fees among the products")
NEEDS = ("orders",)


def check(evidence: Evidence) -> Finding | None:
    product = evidence.lines[c.PRODUCT].to_numpy()
    n_lines = np.bincount(product, minlength=len(evidence.goods))
    found = np.flatnonzero(evidence.charges & (n_lines > 0))
    if not len(found):
        return None
    worth = evidence.lines[c.QUANTITY].to_numpy() * evidence.lines[c.PRICE].to_numpy()
    found = found[np.argsort(-n_lines[found], kind="stable")]
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} product is none, but postage, a fee or a correction: {share:.1%} of the money.",
            "{n} products are none, but postage, fees or corrections: {share:.1%} of the money.",
            n=len(found),
            share=float(worth[evidence.charges[product]].sum() / (worth.sum() or 1.0)),
        ),
        Phrase("They stay in the sums, and are never recommended to anybody."),
        None,
        tuple(
            counted(
                "{product}: {n} line",
                "{product}: {n} lines",
                product=evidence.product(position),
                n=int(n_lines[position]),
            )
            for position in found[:SHOWN].tolist()
        ),
        is_fault=False,
    )
