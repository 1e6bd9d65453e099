"""Intervals against other packages and by their laws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments.intervals import newcombe, wilson

counts = st.integers(1, 500).flatmap(lambda sends: st.tuples(st.integers(0, sends), st.just(sends)))

# statsmodels 0.15.0: proportion_confint(method="wilson"), confint_proportions_2indep(method="newcomb")
WILSON = {(65, 1000): (0.051323770569062045, 0.08200550931337092), (5, 300): (0.00713947735063333, 0.0384153948330945)}
NEWCOMBE = {
    (50, 1000, 65, 1000): (-0.005531739865897372, 0.03573832244594866),
    (0, 300, 5, 300): (0.0008359352354206998, 0.0384153948330945),
}


@pytest.mark.parametrize("given_", WILSON)
def test_wilson_against_another_package(given_: tuple[int, int]) -> None:
    assert wilson(*given_) == pytest.approx(WILSON[given_], rel=1e-6)


@pytest.mark.parametrize("given_", NEWCOMBE)
def test_newcombe_against_another_package(given_: tuple[int, int, int, int]) -> None:
    assert newcombe(*given_) == pytest.approx(NEWCOMBE[given_], rel=1e-6)


def test_all_known_answers(reference: Path) -> None:
    known = json.loads((reference / "experiments.json").read_text())["statsmodels"]["values"]
    checked = 0
    for entry in known:
        params = entry.get("params", {})
        if entry["id"].startswith("ci95_rate_b_wilson"):
            assert wilson(params["x_b"], params["n_b"]) == pytest.approx(entry["value"], rel=1e-6)
            checked += 1
        if entry["id"].startswith("ci95_diff_newcomb"):
            both = newcombe(params["x_a"], params["n_a"], params["x_b"], params["n_b"])
            assert both == pytest.approx(entry["value"], rel=1e-6)
            checked += 1
    assert checked == 4


@given(pair=counts)
@settings(max_examples=100)
def test_wilson_holds_the_rate_within_0_and_1(pair: tuple[int, int]) -> None:
    wins, sends = pair
    low, high = wilson(wins, sends)
    assert 0 <= low <= wins / sends <= high <= 1
    assert low < high


@given(pair=counts)
@settings(max_examples=50)
def test_wilson_of_the_misses_is_its_mirror(pair: tuple[int, int]) -> None:
    wins, sends = pair
    low, high = wilson(wins, sends)
    mirrored = wilson(sends - wins, sends)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((low, high))


@given(a=counts, b=counts)
@settings(max_examples=50)
def test_newcombe_changes_sign_with_the_order(a: tuple[int, int], b: tuple[int, int]) -> None:
    there, back = newcombe(*a, *b), newcombe(*b, *a)
    assert (-back.high, -back.low) == pytest.approx((there.low, there.high))
    assert there.low <= b[0] / b[1] - a[0] / a[1] <= there.high


def test_what_is_no_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="0 of 0"):
        wilson(0, 0)
    with pytest.raises(ValueError, match="5 of 3"):
        wilson(5, 3)
