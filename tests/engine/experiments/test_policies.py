"""Laws that every policy keeps, and UCB1's own figures."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.experiments.policies import Policy, policies, policy_named
from engine.experiments.policies.ucb1 import Ucb1
from engine.experiments.tally import Tally

counts = st.integers(0, 60).flatmap(lambda sends: st.tuples(st.integers(0, sends), st.just(sends)))
tallies = st.lists(counts, min_size=1, max_size=6).map(Tally.of)
every_policy = pytest.mark.parametrize("policy", policies().values(), ids=policies())


def a_rng() -> np.random.Generator:
    return np.random.default_rng(7)


@every_policy
@given(tally=tallies)
@settings(max_examples=40, deadline=None)
def test_weights_are_probabilities(policy: Policy, tally: Tally) -> None:
    weights = policy.weights(tally, a_rng())
    assert weights.shape == (tally.n_variants,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


@every_policy
@given(pairs=st.lists(counts, min_size=2, max_size=5, unique=True), order=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_permuting_the_variants_permutes_the_weights(
    policy: Policy, pairs: list[tuple[int, int]], order: np.random.Generator
) -> None:
    # several variants without a send are a tie, which goes by order
    pairs = [pair for pair in pairs if pair[1]] or [(1, 2)]
    permutation = list(range(len(pairs)))
    order.shuffle(permutation)
    weights = policy.weights(Tally.of(pairs), a_rng())
    permuted = policy.weights(Tally.of([pairs[k] for k in permutation]), a_rng())
    # equal bounds of different counts are as rare as equal floats, and no fault
    assert permuted == pytest.approx(weights[permutation]) or _tied(pairs)


def _tied(pairs: list[tuple[int, int]]) -> bool:
    bounds = sorted(_bounds(pairs))
    return any(math.isclose(a, b) for a, b in pairwise(bounds))


def _bounds(pairs: list[tuple[int, int]]) -> list[float]:
    """Auer, Cesa-Bianchi & Fischer (2002), figure 1, as printed."""
    t = sum(sends for _, sends in pairs)
    return [wins / sends + math.sqrt(2 * math.log(t) / sends) for wins, sends in pairs]


@every_policy
def test_the_same_seed_gives_the_same_weights(policy: Policy) -> None:
    tally = Tally.of([(3, 40), (5, 41), (0, 7)])
    assert policy.weights(tally, a_rng()).tolist() == policy.weights(tally, a_rng()).tolist()


@every_policy
def test_it_says_what_it_does(policy: Policy) -> None:
    assert 3 < len(str(policy.label)) < 40


def test_an_unknown_policy_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match="“greedy”; choose one of: ucb1, uniform"):
        policy_named("greedy")
    assert policy_named("ucb1") == Ucb1()


@given(pairs=st.lists(counts.filter(lambda pair: pair[1] > 0), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_ucb1_is_the_formula(pairs: list[tuple[int, int]]) -> None:
    bounds = _bounds(pairs)
    assert Ucb1().weights(Tally.of(pairs), a_rng()).argmax() == bounds.index(max(bounds))


def test_ucb1_agrees_with_the_known_answer(reference: Path) -> None:
    known = json.loads((reference / "experiments.json").read_text())["policies"]["values"]
    answer = next(entry for entry in known if entry["id"] == "kat_ucb1_index")
    pairs = list(zip(answer["params"]["S"], answer["params"]["N"], strict=True))
    assert _bounds(pairs) == pytest.approx(answer["value"], rel=1e-6)
    assert Ucb1().weights(Tally.of(pairs), a_rng()).tolist() == [1, 0, 0, 0]


def test_ucb1_tries_each_variant_first_in_order() -> None:
    assert Ucb1().steps(Tally.empty(3), 3).tolist() == [0, 1, 2]
    assert Ucb1().steps(Tally.of([(1, 5), (0, 0), (2, 2)]), 1).tolist() == [1]


def test_ucb1_by_hand() -> None:
    # t = 4, 2 ln 4 = 2.7726: 1/3 + sqrt(2.7726/3) = 1.2947; 0/1 + sqrt(2.7726/1) = 1.6651
    assert Ucb1().steps(Tally.of([(1, 3), (0, 1)]), 1).tolist() == [1]
    # a second step: N = (3, 2), t = 5, 2 ln 5 = 3.2189: .3333 + 1.0358 = 1.3692; 0 + 1.2686
    assert Ucb1().steps(Tally.of([(1, 3), (0, 1)]), 2).tolist() == [1, 0]


def test_ucb1_counts_a_waiting_send_but_not_as_a_miss() -> None:
    # N = (4, 4), t = 8; means 2/4 and 1/1: as a miss the second would be 1/4 and lose
    tally = Tally(np.array([4, 1]), np.array([2, 1]), waiting=np.array([0, 3]))
    assert Ucb1().steps(tally, 1).tolist() == [1]
    # t = 9, 2 ln 9 = 4.3944. First: .5 + sqrt(4.3944/4) = 1.5481; second: 1 + sqrt(4.3944/5) = 1.9375
    assert Ucb1().steps(tally, 2).tolist() == [1, 1]


def test_ucb1_takes_turns_while_nothing_is_known() -> None:
    assert np.bincount(Ucb1().steps(Tally.empty(3), 300)).tolist() == [100, 100, 100]
