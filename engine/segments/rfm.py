"""Recency, frequency and money of each customer against those of the others: what the grids are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.errors import NotAllowed
from engine.feature_table import FeatureTable
from engine.phrases import Phrase, counted
from engine.segments.methods import Grouping, NamedGroup

Scores = NDArray[np.intp]

BEST = 5


def scores(values: pd.Series) -> Scores:
    """Fifths of the customers by `values`: 1 for the least, 5 for the most. Who has the same value has the same score.

    A fifth is where the middle of those with one value stands, so that many customers with one order may fill several.
    """
    middle = values.rank(method="average").to_numpy() - 0.5
    made: Scores = np.floor(BEST * middle / len(values)).astype(np.intp) + 1
    return made


def rfm_of(table: FeatureTable) -> pd.DataFrame:
    """The columns of recency, frequency and money. Raises NotAllowed if the table has none."""
    wanted = [c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY]
    if not set(wanted) <= set(table.frame):
        raise NotAllowed(
            Phrase("This way of grouping goes by orders: how lately, how often, how much. Group by how people buy.")
        )
    return table.frame[wanted]


@dataclass(frozen=True)
class Cell:
    """A group of a grid, and which two scores it holds: of recency, and of orders (or of orders and money)."""

    key: str
    name: Phrase
    recency: tuple[float, float]  # the lowest and the highest, both within
    other: tuple[float, float]


def placed(cells: Sequence[Cell], recency: Scores, other: NDArray[Any]) -> NDArray[np.intp]:
    """Which of the cells holds each customer's two scores; each pair of scores has one."""
    holds = [
        (cell.recency[0] <= recency)
        & (recency <= cell.recency[1])
        & (cell.other[0] <= other)
        & (other <= cell.other[1])
        for cell in cells
    ]
    which: NDArray[np.intp] = np.argmax(np.array(holds), axis=0)
    return which


def grouped(groups: Mapping[int, NamedGroup], cell: NDArray[np.intp], quality: Mapping[str, Any]) -> Grouping:
    """The grouping in which each customer is in the group `groups[cell]`; a group without a customer is none."""
    there, labels = np.unique(cell, return_inverse=True)
    return Grouping(labels.astype(np.intp), quality, {at: groups[group] for at, group in enumerate(there.tolist())})


def days_between(days: pd.Series) -> Phrase:
    """How long ago the members of a group ordered last."""
    low, high = int(days.min()), int(days.max())
    if low == high:
        return counted("last order {n} day ago", "last order {n} days ago", n=low)
    return Phrase("last order {low} to {most} days ago", low=low, most=high)


def orders_between(orders: pd.Series) -> Phrase:
    """How many orders the members of a group have."""
    low, high = int(orders.min()), int(orders.max())
    if low == high == 1:
        return Phrase("one order only")
    if low == high:
        return counted("exactly {n} order", "exactly {n} orders", n=low)
    return Phrase("{low} to {most} orders", low=low, most=high)
