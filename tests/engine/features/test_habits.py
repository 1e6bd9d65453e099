"""Habits of two customers, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.features import habits, times
from engine.features.behavioural import behavioural
from engine.features.complete import Column
from tests.engine.features.made import AS_OF, bought_of, orders_of

BOUGHT = bought_of(
    [
        (1, 10, 100, 2, 20.0, "tea"),
        (1, 11, 100, 1, 10.0, "tea"),
        (1, 11, 101, 1, 90.0, "pots"),
        (2, 12, 100, 1, 8.0, "tea"),
        (2, 12, 102, 1, 2.0, None),
    ]
)


def cells(columns: list[Column]) -> dict[str, list[float]]:
    return {one.feature.key: one.cells.round(6).tolist() for one in columns}


def test_a_basket() -> None:
    """Customer 1: 3 rows in 2 orders, 120 for 4 pieces, 1 of 3 bought before. Customer 2: 2 rows in 1, 10 for 2."""
    assert cells(habits.basket(BOUGHT)) == {
        habits.PRODUCTS_PER_ORDER: [1.5, 2.0],
        habits.PIECE_PRICE: [30.0, 5.0],
        habits.AGAIN_SHARE: [0.333333, 0.0],
    }


def test_shares_of_money_by_category() -> None:
    """90 of 120 for pots, 30 for tea; what has no category is in no share."""
    assert cells(habits.category_shares(BOUGHT)) == {"share of pots": [0.75, 0.0], "share of tea": [0.25, 1.0]}
    assert habits.category_shares(BOUGHT[BOUGHT[c.CATEGORY] == "tea"]) == []


def test_a_discount_is_what_is_clearly_cheaper_than_usual() -> None:
    """Tea was sold at 10, 10 and 8: 8 is a discount, of 8 in 10. What was sold once has no usual price."""
    assert cells(habits.discounts(BOUGHT)) == {habits.DISCOUNT_SHARE: [0.0, 0.8]}
    assert habits.discounts(BOUGHT[BOUGHT[c.CUSTOMER] == 1]) == []


def test_the_rhythm_of_buying() -> None:
    """Gaps of 10 and 30 days: median 20, CV .5, so 1 / 1.5. One order has no gap; two at once are one day."""
    orders = orders_of(
        [
            (1, "2026-01-01", 1),
            (1, "2026-01-11", 1),
            (1, "2026-02-10", 1),
            (1, "2026-02-10 18:00", 1),
            (2, "2026-03-01", 1),
        ]
    )
    made = {
        one.feature.key: one.cells
        for one in times.cadence(orders, behavioural(orders, pd.Series(dtype="int64"), AS_OF))
    }
    assert made[times.REGULARITY].loc[1] == pytest.approx(2 / 3)
    assert np.isnan(made[times.REGULARITY].loc[2])
    assert made[c.TENURE_DAYS].tolist() == [324, 265]
    assert times.cadence(orders[orders[c.CUSTOMER] == 2], behavioural(orders, pd.Series(dtype="int64"), AS_OF)) == []


def test_weekdays_and_hours() -> None:
    """2026-11-21 is a Saturday."""
    orders = orders_of([(1, "2026-11-21 09:30", 1), (1, "2026-11-20 19:00", 1), (2, "2026-11-19 03:00", 1)])
    assert cells(times.times(orders)) == {
        times.WEEKEND_SHARE: [0.5, 0.0],
        times.MORNING: [0.5, 0.0],
        times.AFTERNOON: [0.0, 0.0],
        times.EVENING: [0.5, 0.0],
        times.NIGHT: [0.0, 1.0],
    }
    days = orders.assign(**{c.AT: orders[c.AT].dt.normalize()})
    assert list(cells(times.times(days))) == [times.WEEKEND_SHARE]
    assert times.times(orders[:1]) == []


def test_who_has_no_event_did_nothing() -> None:
    engagement = pd.DataFrame(
        {c.EVENTS_30: [2, 0], c.EVENTS_90: [3, 1], c.LAST_SEEN_DAYS: [4.0, 60], c.MEAN_RATING: [np.nan, 5]},
        index=[1, 2],
    )
    made = cells(habits.activity(engagement, pd.Index([1, 2, 3])))
    assert made[c.EVENTS_30] == [2, 0, 0]
    assert np.isnan(made[c.LAST_SEEN_DAYS][2])
    assert c.MEAN_RATING not in made
    assert habits.activity(engagement, pd.Index([7])) == []
