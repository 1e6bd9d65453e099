"""Products whose price is at times ten times another, as where some rows are in cents and some in euros."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.intake.quality import many_pieces
from engine.phrases import Money, Phrase, counted

NAME = "tenfold_prices"
LOOKED_AT = Phrase("prices that jump tenfold")
NEEDS = ("orders",)
TIMES = 9.5  # a price in cents may have been rounded, or a little reduced


def check(evidence: Evidence) -> Finding | None:
    """Measured against the middle price of the product; charges have no price to measure against.

    Where the pieces are at fault (`many_pieces`), so is the price that a sum was divided into.
    """
    product = evidence.lines[c.PRODUCT].to_numpy()
    price = evidence.lines[c.PRICE].to_numpy().astype(np.float64).copy()
    price[many_pieces.far(evidence)] = 0.0
    usable = _usable(product, price, evidence.charges)
    if not len(usable):
        return None
    middle = _middle(product[usable], price[usable], len(evidence.goods))
    times = price[usable] / middle[product[usable]]
    far = np.flatnonzero((times >= TIMES) | (times <= 1 / TIMES))
    if not len(far):
        return None
    goods = np.unique(product[usable[far]])
    far = far[np.argsort(-np.abs(np.log(times[far])), kind="stable")]
    _, first = np.unique(product[usable[far]], return_index=True)
    rows = usable[far[np.sort(first)[:SHOWN]]]
    return Finding(
        NAME,
        len(goods),
        counted(
            "The price of {n} product jumps tenfold or more.",
            "The prices of {n} products jump tenfold or more.",
            n=len(goods),
        ),
        Phrase("A point in the wrong place, cents among whole sums, or a pack counted as one piece."),
        Phrase("Compare these orders with your price list; correct the export and send it again."),
        tuple(_example(evidence, row, float(middle[product[row]])) for row in rows.tolist()),
    )


def _usable(product: NDArray[np.int64], price: NDArray[np.float64], charges: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The lines of products whose dearest price is so many times the cheapest one; no others can be far off."""
    sold = price > 0
    least, most = np.full(len(charges), np.inf), np.zeros(len(charges))
    np.minimum.at(least, product[sold], price[sold])
    np.maximum.at(most, product[sold], price[sold])
    return np.flatnonzero(sold & ((most >= TIMES * least) & ~charges)[product])


def _middle(product: NDArray[np.int64], price: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The median price of each product; NaN without one. Of an even number the lower of the two in the middle."""
    by_product = np.lexsort((price, product))
    ordered = product[by_product]
    starts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.diff(starts, append=len(ordered))
    middle = np.full(n, np.nan)
    middle[ordered[starts]] = price[by_product[starts + (counts - 1) // 2]]
    return middle


def _example(evidence: Evidence, row: int, usual: float) -> Phrase:
    line = evidence.lines.iloc[row]
    order = int(line[c.ORDER])
    return Phrase(
        "{product}: {price} in order {order}, {on}; usually {usual}",
        product=evidence.product(int(line[c.PRODUCT])),
        price=Money(float(line[c.PRICE]), evidence.currency),
        order=evidence.key(order),
        on=evidence.day(order),
        usual=Money(usual, evidence.currency),
    )
