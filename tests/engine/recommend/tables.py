"""Tables of orders small enough to check by eye."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History, Ints

AS_OF = "2026-06-30"

Row = tuple[int, int, int, str]  # customer, product, order, day


def interactions(rows: Sequence[Row]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=[c.CUSTOMER, c.PRODUCT, c.ORDER, c.AT])
    return frame.astype({c.CUSTOMER: "int64", c.PRODUCT: "int64", c.ORDER: "int64"}).assign(
        **{c.AT: pd.to_datetime(frame[c.AT])}
    )


def history(
    rows: Sequence[Row],
    *,
    products: Iterable[int] | None = None,
    customers: Iterable[int] | None = None,
    as_of: str = AS_OF,
) -> History:
    """Products are named P1, P2, … by their id; those and the customers of the rows are all there are, unless told."""
    what = sorted({row[1] for row in rows}) if products is None else list(products)
    who = sorted({row[0] for row in rows}) if customers is None else list(customers)
    return History.of(interactions(rows), {id_: Name(f"P{id_}") for id_ in what}, who, pd.Timestamp(as_of))


def bought(*baskets: set[int]) -> list[Row]:
    """One customer per basket, each with one order on the last day, so that every purchase is as new as can be."""
    return [(who, product, who, AS_OF) for who, what in enumerate(baskets, 1) for product in sorted(what)]


Said = tuple[int, int, float, str]  # customer, product, rating, day


def rated(said: Sequence[Said], rows: Sequence[Row] = (), *, customers: Iterable[int] = ()) -> History:
    """The customers and products of both, and of `customers`."""
    frame = pd.DataFrame(list(said), columns=[c.CUSTOMER, c.PRODUCT, c.VALUE, c.AT]).astype({c.VALUE: "float64"})
    what = sorted({row[1] for row in (*said, *rows)})
    who = sorted({*customers, *(row[0] for row in (*said, *rows))})
    return History.of(
        interactions(rows),
        {id_: Name(f"P{id_}") for id_ in what},
        who,
        pd.Timestamp(AS_OF),
        ratings=frame.assign(**{c.AT: pd.to_datetime(frame[c.AT])}),
    )


def positions(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)
