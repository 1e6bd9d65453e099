"""What is known of each customer, and the same with its gaps treated as the founder chose: what results use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.features.behavioural import ONE_DAY
from engine.missing.fields import CUSTOMER_FIELDS, FILE, Field, fields_of
from engine.missing.treat import TreatedFrame, treated
from engine.services.behaviour import counting_day
from engine.shop import Shop
from engine.store import customers
from engine.store import missing as stored

BEHAVIOUR = (c.FREQUENCY, c.RECENCY_DAYS, c.MONETARY)


def known_of_customers(shop: Shop, db: Database) -> pd.DataFrame:
    """One row per customer, by id: what the files tell of them, which file it was, and what they bought in all.

    Who never ordered has 0 orders, and no days since the last one.
    """
    told = customers.frame(db).set_index(c.CUSTOMER)
    consent = customers.consent(db, "any")
    sums = stored.sums(db).reindex(told.index)
    days = (counting_day(shop, db) - sums[c.AT].dt.normalize()) / ONE_DAY
    return told[[field.key for field in CUSTOMER_FIELDS if field.key in told]].assign(
        **{
            c.CONSENT: pd.Series(consent, dtype=object).reindex(told.index),
            FILE: stored.origins(db).reindex(told.index),
            c.FREQUENCY: sums[c.FREQUENCY].fillna(0),
            c.RECENCY_DAYS: days.clip(lower=0),
            c.MONETARY: sums[c.MONETARY].fillna(0.0),
        }
    )


def fields_of_customers(frame: pd.DataFrame) -> tuple[Field, ...]:
    """The fields of `known_of_customers` in which something may be missing."""
    return tuple(field for field in fields_of(frame) if field.key not in (FILE, *BEHAVIOUR))


def treated_customers(
    shop: Shop, db: Database, used: Sequence[str] | None = None, frame: pd.DataFrame | None = None
) -> TreatedFrame:
    """`known_of_customers` treated as was chosen; a result that uses `used` columns says its statements.

    Nothing of it is stored. The same data and choices give the same cells.
    """
    frame = known_of_customers(shop, db) if frame is None else frame
    keys = [field.key for field in fields_of_customers(frame)] if used is None else used
    return treated(frame, stored.choices(db), np.random.default_rng(shop.seed), used=keys)
