"""What a customer would buy next: computed for everyone once per state of the data, then answered from the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.phrases import Name, Phrase
from engine.progress import Progress, silent
from engine.recommend.caution import caution
from engine.recommend.charges import is_charge
from engine.recommend.history import History
from engine.recommend.mixing import members, recommended, settings
from engine.services.ratings import ratings_until
from engine.services.whom import the_one
from engine.shop import Shop
from engine.store import customers, orders, runs
from engine.store import recommendations as stored
from engine.store.customers import Customer
from engine.store.runs import Run

STORED = 10  # products kept per customer
MOST = 50


@dataclass(frozen=True)
class Recommendation:
    product_id: int
    product: str  # its key
    name: Name
    score: float  # 1: first on every list; 0: not personal
    reason: Phrase
    ranker: str


@dataclass(frozen=True)
class Recommendations:
    customer: Customer
    items: tuple[Recommendation, ...]  # best first
    note: Phrase | None  # how little it rests on
    run: Run
    computed_at: datetime


def refresh_recommendations(shop: Shop, *, refresh: bool = False, progress: Progress = silent) -> Run:
    """The run that holds everyone's recommendations: the stored one if data and settings are the same, else a new one.

    With `refresh` a new one in any case. Raises TooLittleData if nobody has bought anything.
    """
    with shop.open() as db:
        return _current_run(shop, db, refresh, progress)


def recommend_for(shop: Shop, customer: str, n: int = 5, progress: Progress = silent) -> Recommendations:
    """Up to `n` products for the customer that `customer` names (by key, e-mail, phone or name).

    Raises NotFound, NotAllowed (several customers, or `n` outside 1 to 50) and TooLittleData.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot recommend {n} products: ask for 1 to {most}.", n=n, most=MOST))
    with shop.open() as db:
        who = the_one(db, customer)
        run = _current_run(shop, db, refresh=False, progress=progress)
        items = _stored(db, run, who, n) if n <= STORED else _computed(shop, db, who, n, progress)
    note = caution([item.score for item in items], run.quality)
    return Recommendations(who, items, note, run, run.at)


def _current_run(shop: Shop, db: Database, refresh: bool, progress: Progress) -> Run:
    version = orders.data_version(db)
    used = settings(members())
    run = stored.latest_run(db)
    if (
        run is not None
        and (run.data_version, run.settings) == (version, used)
        and (not refresh or runs.made_for(db, run.id, shop.cause))
    ):
        return run
    history = _history(shop, db, progress)
    return stored.save(
        db,
        recommended(history, members(), top=STORED, progress=progress),
        method="mix",
        settings=used,
        seed=shop.seed,
        data_version=version,
        quality=history.extent,
        at=shop.now(),
        cause=shop.cause,
    )


def _history(shop: Shop, db: Database, progress: Progress) -> History:
    """Everything bought of what can be bought again, for everyone the store knows."""
    progress(Phrase("Reading what was bought"), 0.0)
    # an order dated in the future is a slip; a shop's own clock may be hours ahead of UTC
    tomorrow = pd.Timestamp(shop.now().replace(tzinfo=None)) + pd.Timedelta(days=1)
    bought = orders.interactions(db).loc[lambda row: row[c.AT] <= tomorrow]
    names = {id_: product.name for id_, product in orders.products(db).items() if not is_charge(product.name)}
    last = bought[c.AT].max()
    rated = ratings_until(db, tomorrow, last)
    history = History.of(bought, names, customers.frame(db)[c.CUSTOMER], last, ratings=rated)
    if history.bought.empty:
        raise TooLittleData(
            Phrase("No order names both a customer and a product yet: import a file of orders that does.")
        )
    return history


def _stored(db: Database, run: Run, who: Customer, n: int) -> tuple[Recommendation, ...]:
    return tuple(
        Recommendation(row.product.id, row.product.key, row.product.name, row.score, row.reason, row.ranker)
        for row in stored.of_customer(db, run.id, who.id, n)
    )


def _computed(shop: Shop, db: Database, who: Customer, n: int, progress: Progress) -> tuple[Recommendation, ...]:
    """A longer list than is stored; it begins with the stored one."""
    history = _history(shop, db, progress)
    position = np.searchsorted(history.customers, [who.id])
    products = orders.products(db)
    picks = recommended(history, members(), top=n, customers=position, progress=progress)
    return tuple(
        Recommendation(pick.product, product.key, product.name, pick.score, pick.reason, pick.ranker)
        for pick in picks
        for product in [products[pick.product]]
    )
