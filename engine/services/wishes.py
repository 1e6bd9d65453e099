"""Who wants no product recommended: by the owner's word, or by a column of the shop's own files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine.recommend.history import Ints
from engine.recommend.wishes import says_none, tells
from engine.store import attributes, refusals
from engine.store.attributes import Attribute


@dataclass(frozen=True)
class NoProducts:
    """That a customer wants none: `since` the owner said so, or by the `column` of a file."""

    since: datetime | None
    column: str | None


def wanting_none(db: Database) -> Ints:
    """The customers who want no product, in ascending order."""
    told = [refusals.wanting_none(db), *(told_by(db, one).index.to_numpy(np.int64) for one in _columns(db))]
    return np.unique(np.concatenate(told))


def wish_of(db: Database, customer: int) -> NoProducts | None:
    """What one customer wants; None for somebody who may be shown products."""
    column = next((one.name for one in _columns(db) if customer in told_by(db, one).index), None)
    said = next((one.at for one in refusals.of_customer(db, customer) if one.product is None), None)
    return None if column is None and said is None else NoProducts(said, column)


def told_by(db: Database, column: Attribute) -> pd.Series:
    """Who wants none by what this column says, indexed by customer."""
    answers = attributes.frame(db, [column.key])[column.key]
    return answers[says_none(column.key, answers)]


def _columns(db: Database) -> Iterator[Attribute]:
    return (one for one in attributes.all_of(db) if tells(one.key))
