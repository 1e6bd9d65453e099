"""Who gets which variant: whole batches, balanced, with the probability of each choice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments.assign import assign
from engine.experiments.policies import Policy, policies
from engine.experiments.policies.ucb1 import Ucb1
from engine.experiments.policies.uniform import Uniform
from engine.experiments.tally import Tally, Weights

every_policy = pytest.mark.parametrize("policy", policies().values(), ids=policies())


class Lopsided:
    """A policy from outside: 70 %, 25 %, 5 %."""

    def weights(self, tally: Tally, rng: np.random.Generator) -> Weights:
        return np.array([0.7, 0.25, 0.05])


@every_policy
@given(n=st.integers(0, 200), n_variants=st.integers(1, 6), seed=st.integers(0, 99))
@settings(max_examples=30)
def test_each_send_gets_one_variant_and_a_probability(policy: Policy, n: int, n_variants: int, seed: int) -> None:
    assignment = assign(policy, Tally.empty(n_variants), n, np.random.default_rng(seed))
    assert assignment.variant.shape == assignment.propensity.shape == (n,)
    assert set(assignment.variant.tolist()) <= set(range(n_variants))
    assert ((assignment.propensity > 0) & (assignment.propensity <= 1)).all()


@every_policy
def test_the_same_seed_gives_the_same_people_the_same(policy: Policy) -> None:
    first, again = (assign(policy, Tally.of([(1, 9), (2, 9)]), 99, np.random.default_rng(3)) for _ in range(2))
    assert first.variant.tolist() == again.variant.tolist()


@given(n=st.integers(0, 400), n_variants=st.integers(1, 60), seed=st.integers(0, 99))
@settings(max_examples=60)
def test_a_uniform_split_differs_by_one_at_most(n: int, n_variants: int, seed: int) -> None:
    assignment = assign(Uniform(), Tally.empty(n_variants), n, np.random.default_rng(seed))
    sizes = np.bincount(assignment.variant, minlength=n_variants)
    assert sizes.max() - sizes.min() <= 1
    assert (assignment.propensity == 1 / n_variants).all()


def test_the_recorded_probability_is_the_true_one() -> None:
    # 7 sends cannot be shared out exactly: each place must still get each variant as often as was recorded
    rng = np.random.default_rng(11)
    drawn = np.array([assign(Lopsided(), Tally.empty(3), 7, rng).variant for _ in range(4000)])  # type: ignore[arg-type]
    for place in range(7):
        shares = np.bincount(drawn[:, place], minlength=3) / 4000
        assert shares == pytest.approx([0.7, 0.25, 0.05], abs=4 * np.sqrt(0.25 / 4000))


def test_shares_are_as_near_as_whole_numbers_allow() -> None:
    assignment = assign(Lopsided(), Tally.empty(3), 1000, np.random.default_rng(1))  # type: ignore[arg-type]
    assert np.bincount(assignment.variant).tolist() == [700, 250, 50]
    assert assignment.propensity[assignment.variant == 2] == pytest.approx(0.05)


def test_ucb1_goes_step_by_step() -> None:
    tally = Tally.of([(1, 3), (0, 1)])
    assignment = assign(Ucb1(), tally, 50, np.random.default_rng(1))
    sends = tally.sends.copy()
    for chosen in assignment.variant:
        waiting = Tally(tally.sends, tally.wins, waiting=sends - tally.sends)
        assert Ucb1().weights(waiting, np.random.default_rng(1)).argmax() == chosen
        sends[chosen] += 1
    assert (assignment.propensity == 1).all()


def test_a_hundred_thousand_at_once() -> None:
    assignment = assign(Ucb1(), Tally.of([(30, 400), (36, 400), (41, 400)]), 100_000, np.random.default_rng(1))
    sizes = np.bincount(assignment.variant)
    assert sizes.sum() == 100_000
    assert sizes[2] == sizes.max()


def test_a_negative_number_of_sends_is_refused() -> None:
    with pytest.raises(ValueError, match="n is -1"):
        assign(Uniform(), Tally.empty(2), -1, np.random.default_rng(1))
