"""A shop of 150 customers whose own past prefers boosted trees."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from sqlite_utils import Database

from engine.lifecycle.kept import packed
from engine.phrases import Name
from engine.recommend.comparison import Comparison, Interval, Scored, Standing, Verdict
from engine.recommend.metrics import METRICS
from engine.recommend.recommenders import recommenders, settings
from engine.recommend.trials import K
from engine.services.recommend_trials import KIND
from engine.shop import Shop
from engine.store import orders, runs, transaction
from tests.engine.services import shops

BLEND, DEFAULT = "blend_boosted", "blend_logistic"
N, GOODS = 150, {f"G{number}": Name(f"Thing {number}") for number in range(30)}
EVERYONE = [f"C{number}" for number in range(N)]


def order(customer: str, number: int, rng: np.random.Generator) -> shops.MadeOrder:
    """One of four favourites and something else of their half of the goods, a month after the one before."""
    who = EVERYONE.index(customer)
    half = np.arange(15) + 15 * (who % 2)
    what = {int(half[(who + int(rng.integers(4))) % 15]), int(rng.choice(half))}
    at = datetime(2026, 3, 1, 12) + timedelta(days=30 * number + int(rng.integers(25)))
    return shops.MadeOrder(f"{customer}-{number}", customer, at, tuple((f"G{good}", 1.0, 9.0) for good in what))


def fill(shop: Shop) -> None:
    """Eight orders of each of EVERYONE, and a trial of all recommenders that BLEND won."""
    rng = np.random.default_rng(5)
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_customers(db, ({"key": key} for key in EVERYONE))
        shops.add_products(db, GOODS)
        shops.add_orders(db, (order(key, number, rng) for key in EVERYONE for number in range(8)))
        _won(db, shop)


def _won(db: Database, shop: Shop) -> None:
    tried = recommenders()
    scored = Scored(**dict.fromkeys(METRICS, Interval(0.3, 0.2, 0.4)), coverage=0.5, novelty=3.0, diversity=0.8)
    verdict = Verdict(BLEND, DEFAULT, Interval(0.06, 0.02, 0.1), Interval(0.5, 0.4, 0.6))
    standings = tuple(Standing(one.name, one.label, scored, scored) for one in tried)
    found = Comparison(10, 30, (shops.NEWEST,), N, N, "popular", standings, verdict, verdict)
    runs.add(
        db,
        kind=KIND,
        method=BLEND,
        settings={"recommenders": settings(tried), "k": K, "deep": False},
        seed=1,
        data_version=orders.data_version(db),
        quality={
            "comparison": packed(found),
            "untested": None,
            "as_of": shops.NEWEST.isoformat(),
            "customers": N,
            "learned_from": N,
        },
        at=shop.now(),
        cause=None,
    )
