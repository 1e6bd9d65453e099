"""What a history says of pairs, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.recommend.fusion.facts import NAMES, Facts
from engine.recommend.fusion.pairs import Pairs, features, scale_of
from tests.engine.recommend.tables import history, positions

# customer 1 bought product 1 twice and product 2 once, customer 2 bought product 1 once
PAST = history(
    [(1, 1, 1, "2026-06-10"), (1, 1, 2, "2026-06-20"), (1, 2, 2, "2026-06-20"), (2, 1, 3, "2026-06-25")],
    products=[1, 2, 3],
    customers=[1, 2, 3],
)


def fact(name: str, customer: int, product: int) -> float:
    row = Facts.of(PAST).described(positions(customer), positions(0), positions(product))[0]
    return float(row[NAMES.index(name)])


def test_of_a_pair() -> None:
    assert fact("times", 0, 0) == pytest.approx(np.log(3))
    assert (fact("bought", 0, 0), fact("often", 0, 0)) == (1, 1)
    assert (fact("bought", 0, 1), fact("often", 0, 1)) == (1, 0)
    assert fact("since", 0, 0) == pytest.approx(np.log(11))  # ten days before the 30th
    assert fact("since the first", 0, 0) == pytest.approx(np.log(21))
    assert fact("of a repeated product", 0, 0) == pytest.approx(0.5)
    assert fact("bought", 1, 2) == fact("times", 1, 2) == fact("since", 1, 2) == 0


def test_of_products_and_customers() -> None:
    assert fact("repeat buyers", 0, 0) == pytest.approx(0.5)  # one of two bought it again
    assert fact("last sold", 0, 0) == pytest.approx(np.log(6))
    assert fact("buyers 7", 0, 0) == pytest.approx(np.log(2))
    assert fact("buyers", 0, 0) == pytest.approx(np.log(3))
    assert fact("orders", 0, 1) == pytest.approx(np.log(3))
    assert fact("products", 1, 1) == pytest.approx(np.log(2))
    assert fact("orders", 2, 1) == 0


def test_features_of_scores() -> None:
    scores = np.array([[2.0], [4.0], [0.0]], np.float32)
    pairs = Pairs(positions(0, 0, 1), positions(0, 1, 0), scores, np.zeros((3, len(NAMES)), np.float32))
    assert scale_of(scores).tolist() == [3.0]
    said = features(pairs, np.array([2.0]))[:, :2]
    np.testing.assert_allclose(said, [[np.log(2), 0.5], [np.log(3), 1], [0, 0]], rtol=1e-6)
