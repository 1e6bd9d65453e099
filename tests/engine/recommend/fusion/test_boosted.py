"""Boosted trees beside a sum: what only trees see, and nothing lost on the way through a file."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.recommend.fusion.combiners.boosted import COMBINER, Grown
from engine.recommend.fusion.combiners.logistic import COMBINER as LINE
from engine.recommend.history import Singles
from tests.engine.recommend.tables import rng

N = 4_000
# the first two features belong to a ranker each, the third to none
GROUPS = np.array([0, 1, -1])


def lesson() -> tuple[Singles, NDArray[np.bool_]]:
    """Bought is four times of five what both rankers agree on, be it that they know it or that they do not."""
    draw = rng()
    table = draw.integers(2, size=(N, 3)).astype(np.float32)
    agreed = table[:, 0] == table[:, 1]
    return table, draw.random(N) < np.where(agreed, 0.8, 0.2)


@cache
def learned() -> Grown:
    return COMBINER.fit(*lesson(), rng())


CASES = np.array([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 0]], np.float32)


def test_it_sees_that_one_is_to_be_believed_where_another_agrees() -> None:
    agree, differ = learned().probability(CASES)[[0, 3]], learned().probability(CASES)[[1, 2]]
    # trees find log odds of ±1.39, a line 0; the mean of both ±0.69, which is 2 to 1
    assert agree == pytest.approx([2 / 3, 2 / 3], abs=0.03)
    assert differ == pytest.approx([1 / 3, 1 / 3], abs=0.03)
    assert LINE.fit(*lesson(), rng()).probability(CASES) == pytest.approx([0.5] * 4, abs=0.03)


def test_shares_are_the_parts_of_the_log_odds() -> None:
    one, table = learned(), lesson()[0]
    p = one.probability(table)
    whole = one.shares(table, np.arange(3)).sum(axis=1)
    usual = np.log(p / (1 - p)) - whole
    np.testing.assert_allclose(usual, usual[0], atol=1e-6)
    np.testing.assert_allclose(one.shares(table, GROUPS), one.shares(table, np.arange(3))[:, :2])


def test_nothing_is_lost_through_a_file_of_plain_arrays() -> None:
    one, file = learned(), io.BytesIO()
    np.savez(file, allow_pickle=False, **one.kept())
    file.seek(0)
    with np.load(file, allow_pickle=False) as stored:
        again = COMBINER.resumed({name: stored[name] for name in stored.files})
    np.testing.assert_array_equal(again.probability(CASES), one.probability(CASES))
    np.testing.assert_array_equal(again.shares(CASES, GROUPS), one.shares(CASES, GROUPS))


def test_the_same_seed_learns_the_same() -> None:
    again = COMBINER.fit(*lesson(), rng())
    np.testing.assert_array_equal(again.probability(CASES), learned().probability(CASES))
