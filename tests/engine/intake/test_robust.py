"""What stands far out, by hand and as laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.intake import robust

POSITIVE = st.lists(st.floats(0.01, 1e6), min_size=robust.FEWEST, max_size=80).map(np.array)


def test_few_values_have_no_usual_one() -> None:
    assert not len(robust.far_out(np.array([1.0] * 18 + [1e9])))


def test_values_alike_are_measured_by_ten_times_the_median() -> None:
    # 29 times 7 and one 700: the median deviation is 0, the mean one log(100)/30 times 1.2533 = 0.19; 3.5 of them are
    # a factor of 2, so the 10 counts
    values = np.array([7.0] * 29 + [700.0])
    assert robust.limit(values) == pytest.approx(70.0)
    assert robust.far_out(values).tolist() == [29]


def test_the_limit_is_so_many_deviations_of_the_logarithms() -> None:
    # logs 0, 1 … 20: median 10, median absolute deviation 5; 21 values: z(1 - 0.5/21) = 1.98, so 3.5 counts
    values = np.exp(np.arange(21.0))
    assert np.log(robust.limit(values)) == pytest.approx(10 + 3.5 * 1.4826 * 5)


def test_the_largest_comes_first() -> None:
    assert robust.far_out(np.array([5.0] * 40 + [500.0, 9000.0])).tolist() == [41, 40]


@given(POSITIVE, st.floats(0.01, 1000))
def test_the_unit_does_not_matter(values: np.ndarray, factor: float) -> None:
    assert robust.limit(values * factor) == pytest.approx(robust.limit(values) * factor)


@given(POSITIVE)
def test_the_same_again_makes_nothing_stand_out(values: np.ndarray) -> None:
    assert robust.limit(np.tile(values, 2)) >= robust.limit(values) * (1 - 1e-9)


@given(POSITIVE)
def test_a_usual_value_on_either_side_makes_nothing_else_stand_out(values: np.ndarray) -> None:
    logs = np.log(values)
    middle = np.median(logs)
    usual = np.median(np.abs(logs - middle))
    more = np.append(values, np.exp([middle - usual, middle + usual]))
    found = set(robust.far_out(more).tolist())
    assert usual == 0 or found <= set(robust.far_out(values).tolist())


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 7.0, 500.0]), min_size=robust.FEWEST, max_size=80).map(np.array))
def test_a_value_that_stands_for_many_is_as_those(values: NDArray[np.float64]) -> None:
    different, counts = np.unique(values, return_counts=True)
    assert robust.median(different, counts) == np.median(values)
    assert robust.limit(different, counts) == pytest.approx(robust.limit(values))
