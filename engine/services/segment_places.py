"""Customers and money by place, for a picture of where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.intake.provinces import PROVINCES, province_named
from engine.phrases import Name
from engine.store import meta, missing

Level = Literal["province", "country", "region", "city"]

MOSTLY = 0.5  # of the customers of a known place
SECOND_COUNTRY = 0.05  # of the customers: from there on a shop sells to countries, below to regions of one
_PROVINCE, _PLACE, _SIZE, _MONEY = "province", "place", "size", "money"


@dataclass(frozen=True)
class PlaceShare:
    """One place; `key` is a Chinese province's short Chinese name, else the name itself."""

    key: str
    name: Name
    size: int
    share_of_customers: float
    money: float
    share_of_money: float


@dataclass(frozen=True)
class Places:
    """Customers and money by place, who brings most money first, then who has most customers.

    `level` is province where most customers are in a province of China: then `others` has the other places. Shares
    are of all customers whose place is known; of `n_unknown` it is not.
    """

    level: Level
    rows: tuple[PlaceShare, ...]
    others: tuple[PlaceShare, ...]
    n_known: int
    n_unknown: int
    currency: str | None


def places_of(db: Database) -> Places | None:
    """Where all customers are, ordered or not; None where no place is known."""
    told = missing.told(db, [c.COUNTRY, c.REGION, c.CITY])
    told[_MONEY] = missing.sums(db)[c.MONETARY].reindex(told.index).fillna(0.0)
    told[_PROVINCE] = _provinces(told)
    level = _level(told)
    if level is None:
        return None
    place = told[_PROVINCE] if level == "province" else told[level]
    if level == "province":
        for field in (c.COUNTRY, c.REGION, c.CITY):
            place = place.where(place.notna(), told[field])
    by_place = pd.DataFrame({_PLACE: place, _SIZE: 1, _MONEY: told[_MONEY]}).groupby(_PLACE)[[_SIZE, _MONEY]].sum()
    by_place = by_place.sort_values([_MONEY, _SIZE], ascending=False, kind="stable")
    n_known, money = int(by_place[_SIZE].sum()), float(by_place[_MONEY].sum())
    rows = [
        PlaceShare(
            key=str(key),
            name=Name(PROVINCES.get(str(key), str(key)), str(key)),
            size=int(size),
            share_of_customers=size / n_known,
            money=float(spent),
            share_of_money=spent / money if money else 0.0,
        )
        for key, size, spent in zip(by_place.index, by_place[_SIZE], by_place[_MONEY], strict=True)
    ]
    return Places(
        level=level,
        rows=tuple(row for row in rows if level != "province" or row.key in PROVINCES),
        others=tuple(row for row in rows if level == "province" and row.key not in PROVINCES),
        n_known=n_known,
        n_unknown=len(told) - n_known,
        currency=meta.read(db, "currency"),
    )


def _provinces(told: pd.DataFrame) -> pd.Series:
    """The province of China that the region, or else the city, names: 北京 is both."""
    found = pd.Series(None, index=told.index, dtype=object)
    for field in (c.REGION, c.CITY):
        codes, texts = pd.factorize(told[field])
        named = np.array([province_named(str(text)) or None for text in texts] + [None], dtype=object)
        found = found.where(found.notna(), pd.Series(named[codes], index=told.index, dtype=object))
    return found


def _level(told: pd.DataFrame) -> Level | None:
    """The level that says most: provinces of China, countries where there are several, else regions, else cities."""
    somewhere = told[told[[c.COUNTRY, c.REGION, c.CITY]].notna().any(axis=1)]
    if not len(somewhere):
        return None
    if somewhere[_PROVINCE].notna().mean() >= MOSTLY:
        return "province"
    countries = somewhere[c.COUNTRY].value_counts()
    if len(countries) > 1 and countries.iloc[1] >= SECOND_COUNTRY * len(somewhere):
        return "country"
    by_use: tuple[Level, ...] = ("region", "city", "country")
    told_of = {field: float(somewhere[field].notna().mean()) for field in by_use}
    several = [field for field in by_use if somewhere[field].nunique() > 1 and told_of[field] >= MOSTLY]
    return next(iter(several), max(by_use, key=lambda field: told_of[field]))
