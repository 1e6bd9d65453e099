"""What is known of products: told by files, kept with when the store first heard of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from engine import columns as c
from engine.services.imports import import_file
from engine.shop import Shop
from engine.store import orders, transaction
from engine.store.incoming import put_products
from tests.clock import NOON


def put(shop: Shop, at: datetime, keys: Sequence[str], **told: Sequence[object]) -> int:
    with shop.open() as db, transaction(db):
        return put_products(db, pd.DataFrame({c.PRODUCT_KEY: list(keys), **told}, dtype=object), at)[1]


def test_what_is_told_is_kept_and_completed(shop: Shop) -> None:
    put(shop, NOON, ["A", "B"], cost=[1.5, None], launched=["2026-05-01", None], attributes=[{"颜色": "红"}, None])
    changed = put(shop, NOON + timedelta(days=9), ["B", "A", "C"], attributes=[{"size": "L"}, {"颜色": "红"}, None])
    assert changed == 1
    with shop.open() as db:
        known = orders.catalogue(db)
    assert known[c.PRODUCT_KEY].tolist() == ["A", "B", "C"]
    assert known[c.ADDED].dt.day.tolist() == [23, 23, 2]
    assert known[c.COST].tolist()[0] == 1.5
    assert np.isnan(known[c.COST]).tolist() == [False, True, True]
    assert known[c.LAUNCHED].iloc[0] == pd.Timestamp("2026-05-01")
    assert known[c.ATTRIBUTES].tolist() == [{"颜色": "红"}, {"size": "L"}, None]


def test_the_same_again_changes_nothing(shop: Shop) -> None:
    told: dict[str, Sequence[object]] = {"cost": [2.0], "attributes": [{"colour": "red"}]}
    assert put(shop, NOON, ["A"], **told) == 0
    assert put(shop, NOON, ["A"], **told) == 0
    assert put(shop, NOON, ["A"], cost=[2.0], attributes=[{"colour": "blue"}]) == 1


def test_an_empty_catalogue(shop: Shop) -> None:
    with shop.open() as db:
        assert orders.catalogue(db).empty


def test_a_file_of_products_is_in_the_catalogue(shop: Shop) -> None:
    path = shop.path.with_name("goods.csv")
    path.write_text("sku,name,price,cost,launch date,colour\nA,Mug,5,2,2026-10-01,red\n")
    import_file(shop, path)
    with shop.open() as db:
        (row,) = orders.catalogue(db).to_dict("records")
    assert (row[c.COST], row[c.LAUNCHED].month, row[c.ATTRIBUTES]) == (2.0, 10, {"colour": "red"})
