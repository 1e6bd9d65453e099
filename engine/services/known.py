"""What is known of each customer, and the same with its gaps treated as the founder chose: what results use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.features.behavioural import ONE_DAY
from engine.missing.fields import COMPANIONS, CUSTOMER_FIELDS, FILE, Field, asked_field
from engine.missing.treat import TreatedFrame, treated
from engine.missing.treatments import DEFAULT
from engine.services.behaviour import counting_day
from engine.shop import Shop
from engine.store import customers
from engine.store import missing as stored

_BESIDE = (FILE, c.FREQUENCY, c.RECENCY_DAYS, c.MONETARY)


@dataclass(frozen=True)
class Known:
    """`frame` has one row per customer, by id, and a column for each of `fields`, in which something may be missing,
    and of `companions`: the file that first told of them, and what they bought in all.

    Who never ordered has 0 orders, and no days since the last one.
    """

    frame: pd.DataFrame
    fields: tuple[Field, ...]
    companions: tuple[Field, ...]

    @property
    def all_fields(self) -> tuple[Field, ...]:
        return (*self.fields, *self.companions)


def known_of_customers(shop: Shop, db: Database) -> Known:
    """All that the store holds of the customers."""
    told = customers.frame(db).set_index(c.CUSTOMER)
    consent = pd.Series(customers.consent(db, "any"), dtype=object).reindex(told.index)
    sums = stored.sums(db).reindex(told.index)
    days = (counting_day(shop, db) - sums[c.AT].dt.normalize()) / ONE_DAY
    beside = {
        FILE: stored.origins(db).reindex(told.index),
        c.FREQUENCY: sums[c.FREQUENCY].fillna(0),
        c.RECENCY_DAYS: days.clip(lower=0),
        c.MONETARY: sums[c.MONETARY].fillna(0.0),
    }
    of_files = told.assign(**{c.CONSENT: consent})[[field.key for field in CUSTOMER_FIELDS]]
    companions = tuple(field for field in COMPANIONS if field.key in _BESIDE)
    asked, answers = stored.answers(db)
    # an answer about country music stands in a column “Country”, too
    keys = {one.key: column_of(one.key) for one in asked}
    answers = _finite(answers.rename(columns=keys))
    frame = pd.concat([of_files, answers.reindex(told.index), pd.DataFrame(beside)], axis=1)
    others = tuple(asked_field(keys[one.key], one.name, one.kind, answers[keys[one.key]]) for one in asked)
    return Known(frame, (*CUSTOMER_FIELDS, *others), companions)


def column_of(attribute: str) -> str:
    """The column of `known_of_customers` for an attribute of the store."""
    taken = attribute in _BESIDE or any(field.key == attribute for field in CUSTOMER_FIELDS)
    return f"answer {attribute}" if taken else attribute


def _finite(answers: pd.DataFrame) -> pd.DataFrame:
    """No average could be taken over a number without end: it counts as missing."""
    endless = [key for key, column in answers.items() if column.dtype == np.float64 and np.isinf(column).any()]
    return answers.assign(**{str(key): answers[key].where(~np.isinf(answers[key])) for key in endless})


def treated_customers(
    shop: Shop, db: Database, used: Sequence[str] | None = None, known: Known | None = None
) -> TreatedFrame:
    """`known_of_customers` treated as was chosen; a result that uses `used` columns, all by default, says its
    statements.

    Nothing of it is stored. The same data and choices give the same cells.
    """
    choices = stored.choices(db)
    if known is None:
        # gaps that stay need no other column to be filled from
        are_left = used is not None and all(choices.get(key, DEFAULT) == DEFAULT for key in used)
        known = _only(db, used or ()) if are_left else known_of_customers(shop, db)
    keys = [field.key for field in known.fields] if used is None else used
    return treated(known.frame, choices, np.random.default_rng(shop.seed), known.all_fields, keys)


def _only(db: Database, keys: Sequence[str]) -> Known:
    fields = tuple(field for field in CUSTOMER_FIELDS if field.key in keys)
    return Known(stored.told(db, [field.key for field in fields]), fields, ())
