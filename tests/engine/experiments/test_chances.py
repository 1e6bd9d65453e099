"""The chance to be the largest, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments import chances

shapes = st.floats(0.2, 5_000)


def second_is_larger(a: int, b: int, a2: int, b2: int) -> float:
    """P(Beta(a2, b2) > Beta(a, b)) for whole a2. Source: Evan Miller (2015), "Formulas for Bayesian A/B Testing"."""
    total = 0.0
    for i in range(a2):
        log = math.lgamma(a + i) + math.lgamma(b + b2) - math.lgamma(a + i + b + b2)
        log -= math.log(b2 + i) + math.lgamma(1 + i) + math.lgamma(b2) - math.lgamma(1 + i + b2)
        total += math.exp(log - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b))
    return total


@pytest.mark.parametrize(
    "shape", [(1, 1, 2, 1), (4, 38, 6, 37), (51, 951, 66, 936), (1, 2_001, 31, 970), (1, 1, 1, 400), (900, 3, 40, 1)]
)
def test_of_two_betas(shape: tuple[int, int, int, int]) -> None:
    a, b, a2, b2 = shape
    got = chances.of_betas(np.array([a, a2], float), np.array([b, b2], float))
    assert got[1] == pytest.approx(second_is_larger(*shape), rel=1e-9)


@given(a=st.lists(shapes, min_size=1, max_size=6), b=shapes)
@settings(max_examples=40)
def test_chances_of_betas_are_probabilities(a: list[float], b: float) -> None:
    got = chances.of_betas(np.array(a), np.full(len(a), b))
    assert got.sum() == pytest.approx(1)
    # with one b, who has the larger a is the likelier to be largest
    assert (np.diff(got[np.argsort(a)]) >= -1e-9).all()


def test_a_chance_of_one_in_a_billion_is_told() -> None:
    # P(Beta(1, n) > Beta(n, 1)) = n² B(n+1, n) ... for n = 16: 1 / C(32, 16)
    got = chances.of_betas(np.array([1.0, 16.0]), np.array([16.0, 1.0]))
    assert got[0] == pytest.approx(1 / math.comb(32, 16), rel=1e-6)


def test_rows_are_each_their_own() -> None:
    a, b = np.array([[2.0, 5.0, 9.0], [4.0, 1.0, 1.0]]), np.array([[20.0, 30.0, 60.0], [9.0, 9.0, 9.0]])
    got = chances.of_betas(a, b)
    assert got.shape == (2, 3)
    for row in range(2):
        assert got[row] == pytest.approx(chances.of_betas(a[row], b[row]), rel=1e-12)


@given(gap=st.floats(-5, 5), sd=st.floats(0.01, 50))
@settings(max_examples=40)
def test_of_two_normals(gap: float, sd: float) -> None:
    from scipy.special import ndtr

    got = chances.of_normals(np.array([0.0, gap]), np.array([1.0, sd]))
    assert got[1] == pytest.approx(ndtr(gap / math.hypot(1, sd)), abs=1e-9)


def test_of_students() -> None:
    # with many degrees of freedom a normal; alike ones are equal however long their ends are
    many = chances.of_students(np.array([0.0, 1.0]), np.array([1.0, 2.0]), np.array([1e7, 1e7]))
    assert many[0] == pytest.approx(0.32736042300928847, abs=1e-6)  # Φ(-1/√5)
    assert chances.of_students(np.zeros(3), np.ones(3), np.full(3, 2.0)) == pytest.approx([1 / 3] * 3)
    # P(T > S + 1), both of Cauchy's kind but with 2 degrees: by symmetry 1 - P of the other
    there = chances.of_students(np.array([0.0, 1.0]), np.ones(2), np.full(2, 2.0))
    back = chances.of_students(np.array([1.0, 0.0]), np.ones(2), np.full(2, 2.0))
    assert there[0] == pytest.approx(back[1])


def test_one_alone_is_the_largest() -> None:
    assert chances.of_betas(np.array([3.0]), np.array([4.0])) == pytest.approx([1.0])
