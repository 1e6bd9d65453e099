"""Plans against closed forms from outside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments.power import clearly_better, detectable_rate, sends_needed

# Fleiss, pooled variance, two-sided 5 %, power 80 %; rates of 5 % against 10, 20 and 50 % more
FLEISS = {0.055: 31233.437940129952, 0.06: 8157.73144784928, 0.075: 1470.4854628033809}

# the smallest relative difference that n sends per variant can show at a rate of 5 %
DETECTABLE = {250: 1.3930682178548444, 500: 0.9209054461871414, 1000: 0.619537272469835, 10000: 0.1798619463831077}


@pytest.mark.parametrize("other", FLEISS)
def test_sends_needed_against_the_closed_form(other: float) -> None:
    assert sends_needed(0.05, other) == pytest.approx(FLEISS[other], rel=1e-6)


@pytest.mark.parametrize("sends", DETECTABLE)
def test_detectable_difference_against_known_answers(sends: int) -> None:
    rate = detectable_rate(0.05, sends)
    assert rate is not None
    assert rate / 0.05 - 1 == pytest.approx(DETECTABLE[sends], rel=1e-6)


@given(rate=st.floats(0.01, 0.9), sends=st.integers(2, 5000))
@settings(max_examples=60)
def test_what_is_detectable_needs_that_many_sends(rate: float, sends: int) -> None:
    found = detectable_rate(rate, sends)
    if found is None:
        assert sends_needed(rate, 1.0) > sends
    else:
        assert sends_needed(rate, found) == pytest.approx(sends, rel=1e-6)


def test_order_does_not_matter_and_no_difference_is_never_seen() -> None:
    assert sends_needed(0.1, 0.2) == sends_needed(0.2, 0.1)
    assert sends_needed(0.1, 0.1) == float("inf")
    assert detectable_rate(1.0, 1000) is None
    with pytest.raises(ValueError, match="from 0 to 1"):
        sends_needed(0.1, 1.2)


def test_a_clearly_better_rate_is_twice_the_rate_or_half_the_misses() -> None:
    assert clearly_better(0.05) == 0.1
    assert clearly_better(0.5) == 0.75
    assert clearly_better(1.0) == 1.0
