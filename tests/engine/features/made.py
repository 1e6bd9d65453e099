"""A shop made of frames, for tests of what customers are grouped by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from engine import columns as c
from engine.features.behavioural import behavioural
from engine.features.told import Told, ToldKind
from engine.phrases import Phrase

AS_OF = pd.Timestamp("2026-11-21")


@dataclass
class MadeSources:
    """Of what `known` has; gaps of a column in `treatments` count as 0."""

    known: pd.DataFrame
    told: tuple[Told, ...] = ()
    orders: pd.DataFrame = field(default_factory=lambda: orders_of([]))
    bought: pd.DataFrame = field(default_factory=lambda: bought_of([]))
    engagement: pd.DataFrame = field(default_factory=pd.DataFrame)
    unread: Mapping[str, int] = field(default_factory=dict)
    treatments: Mapping[str, str] = field(default_factory=dict)
    as_of: pd.Timestamp = AS_OF

    @property
    def n_buyers(self) -> int:
        return int(self.orders[c.CUSTOMER].nunique())

    @property
    def has_events(self) -> bool:
        return bool(len(self.engagement))

    @property
    def behaviour(self) -> pd.DataFrame:
        return behavioural(self.orders, pd.Series(dtype="int64"), self.as_of)

    def treated(self, keys: Sequence[str]) -> tuple[pd.DataFrame, tuple[Phrase, ...]]:
        frame = self.known[list(keys)]
        chosen = [key for key in keys if key in self.treatments]
        filled = frame.assign(**{key: frame[key].fillna(0) for key in chosen})
        return filled, tuple(Phrase("{field}", field=f"{key} filled") for key in chosen)


def told(key: str, kind: ToldKind, *, own: bool = False) -> Told:
    return Told(key, Phrase("{field}", field=key), kind, field=own)


def people(columns: Mapping[str, Any], kinds: Mapping[str, ToldKind], own: Sequence[str] = ()) -> MadeSources:
    """Customers 1, 2, … of whom these columns are known."""
    frame = pd.DataFrame(dict(columns))
    frame.index = pd.RangeIndex(1, len(frame) + 1, name=c.CUSTOMER)
    return MadeSources(frame, tuple(told(key, kind, own=key in own) for key, kind in kinds.items()))


def orders_of(rows: Sequence[tuple[int, str, float]]) -> pd.DataFrame:
    """Orders of one piece: customer, time, money."""
    return pd.DataFrame(
        {
            c.CUSTOMER: np.array([row[0] for row in rows], dtype=np.int64),
            c.ORDER: np.arange(1, len(rows) + 1),
            c.AT: pd.to_datetime([row[1] for row in rows], format="ISO8601"),
            c.REVENUE: np.array([row[2] for row in rows], dtype=np.float64),
            c.QUANTITY: np.ones(len(rows)),
        }
    )


def bought_of(rows: Sequence[tuple[int, int, int, float, float, str | None]]) -> pd.DataFrame:
    """Rows of orders: customer, order, product, pieces, money, category."""
    names = (c.CUSTOMER, c.ORDER, c.PRODUCT, c.QUANTITY, c.REVENUE, c.CATEGORY)
    return pd.DataFrame({name: [row[at] for row in rows] for at, name in enumerate(names)})
