from __future__ import annotations

import numpy as np
import pytest
from hypothesis import strategies as st

from engine.recommend.history import History
from engine.recommend.rankers import ease
from engine.recommend.rankers.ease import Ease
from tests.engine.recommend.tables import AS_OF, Row, history, rng

PLAIN = Ease(regularisation=1, least=1)
MANY = [{1, 2}, {1, 2, 3}, {2, 3}, {1, 4}, {4, 5}, {1, 3, 5}, {2, 5}, {1, 2, 4, 6}]

baskets = st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=10)


def bought(*baskets: set[int]) -> list[Row]:
    """One customer per basket, each with one order on the last day, so that every purchase counts 1."""
    return [(who, product, who, AS_OF) for who, what in enumerate(baskets, 1) for product in sorted(what)]


def learned(ranker: Ease, past: History) -> np.ndarray:
    """Bought products by candidates, as B in the paper."""
    return np.asarray(ranker.fit(past, rng()).into.toarray())


def closed_form(past: History, penalty: float) -> np.ndarray:
    """Equation 8: B = I − P · diag(1 / P_ii)."""
    x = past.matrix(np.ones(len(past.bought))).toarray() > 0
    p = np.linalg.inv(x.T.astype(float) @ x + penalty * np.eye(x.shape[1]))
    return np.asarray(np.eye(x.shape[1]) - p / np.diag(p))


def test_two_products_give_a_known_answer() -> None:
    # G = [[2 + 1, 1], [1, 1 + 1]]: the weight of one for the other is shared buyers / (buyers + penalty) of the one
    assert learned(PLAIN, history(bought({1, 2}, {1}))).tolist() == pytest.approx(np.array([[0, 1 / 3], [1 / 2, 0]]))


def test_weights_are_those_of_the_closed_form() -> None:
    past = history(bought(*MANY))
    expected = closed_form(past, 1)
    shared = np.array(ease.buyers_in_common(past.matrix(np.ones(len(past.bought)))))
    expected[(expected > 0) & (shared == 0)] = 0
    np.testing.assert_allclose(learned(PLAIN, past), expected, atol=1e-6)
