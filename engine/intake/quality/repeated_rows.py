"""Rows that say in every cell what an earlier one says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "repeated_rows"
LOOKED_AT = Phrase("rows that are exactly alike")
NEEDS = ()


def check(evidence: Evidence) -> Finding | None:
    if not evidence.repeated:
        return None
    return Finding(
        NAME,
        evidence.repeated,
        counted(
            "{n} row is exactly like another.",
            "{n} rows are exactly like others.",
            n=evidence.repeated,
        ),
        Phrase(
            "One thing can stand twice in an order. But if an export was joined from two that overlap, sales are "
            "counted twice."
        ),
        Phrase("Look one of them up in your shop: if it was sold once, export again without overlap."),
        tuple(_examples(evidence)),
    )


def _examples(evidence: Evidence) -> Iterator[Phrase]:
    """The lines that stand most often in one order."""
    lines = evidence.lines
    columns = [lines[field].to_numpy() for field in (c.ORDER, c.PRODUCT, c.QUANTITY, c.PRICE)]
    if not len(lines):
        return
    # a 64-bit hash of each line; what two share by chance is at worst an odd example
    mixed = np.zeros(len(lines), dtype=np.uint64)
    for column in columns:
        mixed ^= column.astype(np.float64, copy=False).view(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    ordered = np.sort(mixed)
    again, times = np.unique(ordered[1:][ordered[1:] == ordered[:-1]], return_counts=True)
    for hashed, more in [(again[at], times[at]) for at in np.argsort(-times, kind="stable")[:SHOWN].tolist()]:
        row = int(np.argmax(mixed == hashed))
        order = int(columns[0][row])
        yield Phrase(
            "order {order}, {on}: {product}, {times} times",
            order=evidence.key(order),
            on=evidence.day(order),
            product=evidence.product(int(columns[1][row])),
            times=int(more) + 1,
        )
