"""Who wants no product recommended: by the owner's word, or by a column of the shop's own files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine.recommend.history import Ints
from engine.recommend.wishes import says_none, tells
from engine.store import attributes, refusals


@dataclass(frozen=True)
class NoProducts:
    """That a customer wants none: `since` the owner said so, or by the `column` of a file."""

    since: datetime | None
    column: str | None


def wanting_none(db: Database) -> Ints:
    """The customers who want no product, in ascending order."""
    said = (attributes.answers_to(db, key) for key in _columns(db))
    told = [
        answers.index.to_numpy(np.int64)[says_none(key, answers)]
        for key, answers in zip(_columns(db), said, strict=True)
    ]
    return np.unique(np.concatenate([refusals.wanting_none(db), *told]))


def wish_of(db: Database, customer: int) -> NoProducts | None:
    """What one customer wants; None for somebody who may be shown products."""
    columns = _columns(db)
    told = [
        columns[one.key]
        for one in attributes.of(db, customer)
        if one.key in columns and says_none(one.key, pd.Series([one.value], dtype="object"))[0]
    ]
    said = [one.at for one in refusals.of_customer(db, customer) if one.product is None]
    return NoProducts(next(iter(said), None), next(iter(told), None)) if told or said else None


def _columns(db: Database) -> dict[str, str]:
    """The names of the columns that tell it, by key."""
    return {key: name for key, name in attributes.names(db).items() if tells(key)}
