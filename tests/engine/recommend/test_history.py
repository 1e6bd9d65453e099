from __future__ import annotations

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History
from tests.engine.recommend.tables import AS_OF, history, interactions

ROWS = [(7, 30, 1, "2026-06-20"), (7, 10, 1, "2026-06-20"), (7, 30, 2, "2026-06-28"), (5, 30, 3, "2026-01-01")]


def test_positions_follow_the_ids_in_ascending_order() -> None:
    made = history(ROWS)
    assert made.customers.tolist() == [5, 7]
    assert made.products.tolist() == [10, 30]
    assert made.names == (Name("P10"), Name("P30"))
    assert made.bought[[c.CUSTOMER, c.PRODUCT, c.ORDER]].to_numpy().tolist() == [
        [0, 1, 3],
        [1, 0, 1],
        [1, 1, 1],
        [1, 1, 2],
    ]


def test_age_is_counted_back_from_the_end() -> None:
    assert history(ROWS).age_days.tolist() == [180.0, 10.0, 10.0, 2.0]


def test_buyers_are_counted_once_each_within_the_window() -> None:
    made = history(ROWS)
    assert made.buyers().tolist() == [1, 2]
    assert made.buyers(30).tolist() == [1, 1]
    assert made.buyers(1).tolist() == [0, 0]


def test_the_matrix_adds_up_what_is_bought_again() -> None:
    made = history(ROWS)
    assert made.matrix(np.ones(4)).toarray().tolist() == [[0.0, 1.0], [1.0, 2.0]]


def test_a_product_twice_in_one_order_counts_once() -> None:
    assert len(history([*ROWS, *ROWS]).bought) == len(ROWS)


def test_orders_in_the_future_count_for_nothing() -> None:
    assert len(history([*ROWS, (5, 10, 9, "2999-01-01")]).bought) == len(ROWS)


def test_products_and_customers_that_are_not_asked_for_are_left_out() -> None:
    made = history(ROWS, products=[10], customers=[7, 8])
    assert made.customers.tolist() == [7, 8]
    assert made.bought[c.CUSTOMER].tolist() == [0]


def test_its_extent() -> None:
    made = history(ROWS, products=[10, 30, 99], customers=[5, 7, 8])
    assert made.extent == {"customers": 2, "orders": 3, "products": 2}


def test_nothing_bought() -> None:
    made = History.of(interactions([]), {1: Name("P1")}, [4], pd.Timestamp(AS_OF))
    assert made.bought.empty
    assert made.buyers().tolist() == [0]
    assert made.matrix(made.age_days).shape == (1, 1)
