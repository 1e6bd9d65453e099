"""Features against tables that can be checked by hand, and the laws they keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.features.behavioural import behavioural, behavioural_of_one, counted_from, days_since

NOW = pd.Timestamp("2026-11-23 12:00")
MARCH = pd.Timestamp("2026-03-01")


def orders_of(*rows: tuple[int, str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=[c.CUSTOMER, c.AT, c.REVENUE, c.QUANTITY])
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def test_three_customers_by_hand() -> None:
    orders = orders_of(
        (7, "2026-01-01T10:00", 10, 1),
        (7, "2026-01-11T09:00", 20, 2),
        (7, "2026-02-28T23:59", 60, 6),
        (3, "2026-02-01T08:00", 15, 3),
        (5, "2026-02-20T08:00", 5, 1),
        (5, "2026-02-20T20:00", 7, 1),
    )
    features = behavioural(orders, pd.Series({7: 4, 3: 2}), MARCH)
    assert features.index.tolist() == [3, 5, 7]
    assert features[c.RECENCY_DAYS].tolist() == [28, 9, 1]
    assert features[c.FREQUENCY].tolist() == [1, 2, 3]
    assert features[c.MONETARY].tolist() == [15, 12, 90]
    assert features[c.TENURE_DAYS].tolist() == [28, 9, 59]
    assert features[c.ORDER_VALUE].tolist() == [15, 6, 30]
    assert features[c.ITEMS_PER_ORDER].tolist() == [3, 1, 3]
    assert features[c.N_PRODUCTS].tolist() == [2, 0, 4]
    # one order has no gap; two on one day are 0 apart; (10 + 48) / 2
    np.testing.assert_equal(features[c.GAP_DAYS].tolist(), [np.nan, 0, 29])


def test_no_orders_no_rows() -> None:
    assert behavioural_of_one([], 0, MARCH) is None
    features = behavioural(orders_of(), pd.Series(dtype="int64"), MARCH)
    assert features.empty
    assert c.GAP_DAYS in features


@pytest.mark.parametrize(
    ("newest", "counted"),
    [
        ("2011-12-09 12:50", "2011-12-10"),  # an old file
        ("2026-11-24 08:00", "2026-11-25"),  # ahead of UTC
        ("2062-11-01 00:00", "2026-11-25"),  # a slip of the pen
    ],
)
def test_recency_counts_from_the_day_after_the_newest_order(newest: str, counted: str) -> None:
    assert counted_from(pd.Timestamp(newest), NOW) == pd.Timestamp(counted)


def test_an_order_in_the_future_does_not_count_backwards() -> None:
    features = behavioural(orders_of((1, "2062-01-01", 10, 1)), pd.Series(dtype="int64"), MARCH)
    assert features[c.RECENCY_DAYS].tolist() == [0]
    assert days_since(datetime(2062, 1, 1), MARCH) == 0
    assert days_since(datetime(2026, 2, 28, 23, 59), MARCH) == 1


rows = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.datetimes(datetime(2025, 1, 1), datetime(2026, 2, 28, 23)).map(datetime.isoformat),
        st.floats(0, 1e6),
        st.integers(1, 100).map(float),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=50)
@given(rows)
def test_laws(given_rows: list[tuple[int, str, float, float]]) -> None:
    orders = orders_of(*given_rows)
    features = behavioural(orders, pd.Series(dtype="int64"), MARCH)
    assert features[c.FREQUENCY].sum() == len(orders)
    assert features[c.MONETARY].sum() == pytest.approx(orders[c.REVENUE].sum())
    assert (features[c.RECENCY_DAYS] >= 1).all()
    assert (features[c.RECENCY_DAYS] <= features[c.TENURE_DAYS]).all()
    assert (features[c.GAP_DAYS].isna() == (features[c.FREQUENCY] == 1)).all()
    for customer in features.index:
        own = [(datetime.fromisoformat(at), a, b) for who, at, a, b in given_rows if who == customer]
        row: dict[Any, float] = features.loc[customer].to_dict()
        assert behavioural_of_one(own, 0, MARCH) == pytest.approx(row, nan_ok=True)
    span = features[c.TENURE_DAYS] - features[c.RECENCY_DAYS]
    assert (features[c.GAP_DAYS].fillna(0) <= span).all()


@settings(max_examples=30)
@given(rows, st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(given_rows: list[tuple[int, str, float, float]], seed: int) -> None:
    orders = orders_of(*given_rows)
    shuffled = orders.sample(frac=1, random_state=seed)
    first, second = (behavioural(frame, pd.Series(dtype="int64"), MARCH) for frame in (orders, shuffled))
    pd.testing.assert_frame_equal(first, second)
