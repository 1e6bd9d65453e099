"""Ratings from files of events to what rankers learn from."""

from __future__ import annotations

import pandas as pd
import pytest

from engine import columns as c
from engine.progress import silent
from engine.services.ratings import ratings_until
from engine.services.recommend_history import history_of
from engine.shop import Shop
from tests.engine.services.test_imports import put

ORDERS = (
    "order id,customer id,date,product,quantity,price",
    "1,ann,2026-03-01,Tea,1,3",
    "2,bob,2026-03-05,Pot,1,9",
)
HEADER = "customer id,event,date,product,rating"


def told(shop: Shop) -> pd.DataFrame:
    """Ratings with the names of products."""
    with shop.open() as db:
        past = history_of(shop, db, silent)
    names = [past.names[product].en for product in past.ratings[c.PRODUCT]]
    return past.ratings.assign(**{c.PRODUCT: names})


def test_ratings_of_a_file_reach_the_rankers_the_newest_of_each_pair(shop: Shop) -> None:
    put(shop, *ORDERS)
    put(shop, HEADER, "ann,rating,2026-03-02,Tea,2", "ann,rating,2026-03-03,Tea,4", "bob,view,2026-03-03,Tea,")
    assert told(shop)[[c.PRODUCT, c.VALUE]].values.tolist() == [["Tea", 4.0]]


def test_what_was_said_after_the_last_order_counts_and_what_lies_in_the_future_does_not(shop: Shop) -> None:
    put(shop, *ORDERS)
    put(shop, HEADER, "ann,rating,2026-04-02,Tea,5", "bob,rating,2099-03-03,Pot,4")
    assert told(shop)[[c.PRODUCT, c.VALUE, c.AT]].values.tolist() == [["Tea", 5.0, pd.Timestamp("2026-03-05")]]


def test_a_rating_of_the_shop_or_without_a_number_is_none_of_a_product(shop: Shop) -> None:
    put(shop, *ORDERS)
    put(shop, HEADER, "ann,rating,2026-03-02,,5", "bob,rating,2026-03-03,Pot,nice", "bob,rating,2026-03-04,Tea,3")
    assert told(shop)[[c.PRODUCT, c.VALUE]].values.tolist() == [["Tea", 3.0]]


def test_a_rating_off_the_scale_does_not_reach_the_rankers(shop: Shop) -> None:
    put(shop, *ORDERS)
    put(shop, HEADER, *(f"c{n},rating,2026-03-02,Tea,{n}" for n in range(1, 6)), "ann,rating,2026-03-02,Tea,11")
    assert told(shop)[c.VALUE].max() == 5


def test_a_file_of_ten_points_is_brought_to_the_stars_of_the_others(shop: Shop) -> None:
    put(shop, *ORDERS)
    stars = [f"s{n},rating,2026-03-02,Tea,{1 + n % 5}" for n in range(300)]
    points = [f"p{n},rating,2026-03-03,Pot,{1 + n % 10}" for n in range(25)]
    put(shop, HEADER, *stars)
    put(shop, HEADER, *points)
    with shop.open() as db:
        known = ratings_until(db, pd.Timestamp("2026-12-01"), pd.Timestamp("2026-12-01"))
    assert known[c.VALUE].max() == 5 and len(known) == 325
    assert sorted(known[c.VALUE].unique().tolist()) == pytest.approx([0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5])
