"""Trees as plain arrays: small ones checked by eye, and the same forecasts as those that they were read from."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from engine.recommend.fusion import trees as module
from engine.recommend.fusion.trees import Trees
from tests.engine.recommend.tables import rng

# the first: feature 0 at most 5 says -1; above, feature 1 at most 0.5 says 1, else 3; half of the rows went each way.
# The second is a single leaf.
TWO = Trees(
    roots=np.array([0, 5]),
    feature=np.array([0, -1, 1, -1, -1, -1]),
    threshold=np.array([5, 0, 0.5, 0, 0, 0], np.float32),
    left=np.array([1, 0, 3, 0, 0, 0]),
    right=np.array([2, 0, 4, 0, 0, 0]),
    value=np.array([0.5, -1.0, 2.0, 1.0, 3.0, 0.25]),
)
ROWS = np.array([[5, 9, 0], [6, 0.5, 0], [6, 1, 0]], np.float32)


@cache
def grown(n: int, *, in_leaf: int = 20) -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    """Fitted to `n` rows of three features, of which two tell together; rows that it has not seen."""
    draw = rng()
    table = np.round(draw.normal(size=(n, 3)), 1).astype(np.float32)
    bought = (table[:, 0] > 0) ^ (table[:, 1] > 0) ^ (draw.random(n) < 0.1)
    settings = {"max_iter": 20, "max_leaf_nodes": 6, "min_samples_leaf": in_leaf, "early_stopping": False}
    boosted = HistGradientBoostingClassifier(**settings, l2_regularization=3.0, random_state=1)
    with threadpool_limits(limits=1):
        boosted.fit(table, bought)
    return boosted, draw.normal(size=(3_000, 3)).astype(np.float32)


def test_what_is_said_and_what_is_usual() -> None:
    assert TWO.said(ROWS).tolist() == [-0.75, 1.25, 3.25]
    assert TWO.usual == 0.75
    assert TWO.said(ROWS[:0]).tolist() == []


def test_each_step_belongs_to_the_feature_that_it_asks_for() -> None:
    # down to -1 from 0.5: -1.5; to 2 from 0.5: 1.5, then -1 or 1
    each = TWO.moved(ROWS, np.array([0, 1, 2]), 3)
    assert each.tolist() == [[-1.5, 0, 0], [1.5, -1, 0], [1.5, 1, 0]]
    assert TWO.moved(ROWS, np.array([-1, 0, 0]), 1).tolist() == [[0], [-1], [1]]
    assert TWO.moved(ROWS, np.array([-1, -1, -1]), 0).shape == (3, 0)


@pytest.mark.parametrize(("n", "in_leaf"), [(2_000, 20), (90, 40), (30, 20)], ids=["many", "few", "none can be split"])
def test_they_say_what_those_say_that_they_are_read_from(n: int, in_leaf: int) -> None:
    boosted, table = grown(n, in_leaf=in_leaf)
    found = Trees.of(boosted)
    said = boosted.decision_function(table)
    start = said[0] - found.said(table[:1])[0]
    np.testing.assert_allclose(start + found.said(table), said, atol=1e-9)
    assert found.roots.size == 20
    assert (found.feature >= 0).any() == (n > 30)


def test_on_a_threshold_a_row_goes_the_same_way() -> None:
    boosted, _ = grown(2_000)
    found = Trees.of(boosted)
    thresholds = found.threshold[found.feature >= 0]
    table = np.column_stack([thresholds] * 3)
    said = boosted.decision_function(table)
    np.testing.assert_allclose(found.said(table) - found.said(table[:1]), said - said[0], atol=1e-9)


def test_the_value_above_is_the_mean_of_what_is_said_to_the_rows_it_was_grown_on() -> None:
    table = rng().normal(size=(500, 2)).astype(np.float32)
    boosted = HistGradientBoostingClassifier(max_iter=1, early_stopping=False)
    with threadpool_limits(limits=1):
        boosted.fit(table, table[:, 0] > 0.3)
    found = Trees.of(boosted)
    assert found.usual == pytest.approx(found.said(table).mean())


def test_parts_together_are_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    boosted, table = grown(2_000)
    found, groups = Trees.of(boosted), np.array([0, 1, -1])
    said, moved = found.said(table), found.moved(table, groups, 2)
    monkeypatch.setattr(module, "ROWS", 7)
    np.testing.assert_array_equal(found.said(table[:100]), said[:100])
    np.testing.assert_array_equal(found.moved(table[:100], groups, 2), moved[:100])


@given(st.lists(st.tuples(*[st.floats(-3, 3, width=32)] * 3), min_size=1, max_size=20))
def test_all_features_together_make_up_the_whole_difference(rows: list[tuple[float, float, float]]) -> None:
    table = np.array(rows, np.float32)
    found = Trees.of(grown(2_000)[0])
    moved = found.moved(table, np.arange(3), 3)
    np.testing.assert_allclose(found.usual + moved.sum(axis=1), found.said(table), atol=1e-9)
