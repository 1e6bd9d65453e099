"""Laws that every policy keeps, and figures from outside for each of them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import NotFound
from engine.experiments.floors import with_floor
from engine.experiments.policies import (
    Drawing,
    Informed,
    Policy,
    StepByStep,
    kl_ucb,
    kl_ucb_plus,
    policies,
    policy_named,
    ucb_tuned,
)
from engine.experiments.policies.cooling import Cooling
from engine.experiments.policies.epsilon_decaying import EpsilonDecaying
from engine.experiments.policies.epsilon_greedy import EpsilonGreedy
from engine.experiments.policies.kl_ucb import KlUcb, highest_rate
from engine.experiments.policies.thompson import Thompson
from engine.experiments.policies.thompson_revenue import ThompsonRevenue
from engine.experiments.policies.top_two import TopTwo, top_two
from engine.experiments.policies.ucb1 import Ucb1
from engine.experiments.priors import Beta, Level
from engine.experiments.tally import Tally

counts = st.integers(0, 60).flatmap(lambda sends: st.tuples(st.integers(0, sends), st.just(sends)))
tallies = st.lists(counts, min_size=1, max_size=6).map(Tally.of)
every_policy = pytest.mark.parametrize("policy", policies().values(), ids=policies())
random_ones = {name: policy for name, policy in policies().items() if not isinstance(policy, StepByStep)}
every_random_policy = pytest.mark.parametrize("policy", random_ones.values(), ids=random_ones)
KNOWN = Tally.of([(1, 10), (4, 20), (5, 30), (9, 40)])


def a_rng() -> np.random.Generator:
    return np.random.default_rng(7)


def late(tally: Tally, waiting: list[int]) -> Tally:
    return replace(tally, waiting=np.array(waiting))


@every_policy
@given(tally=tallies, waiting=st.integers(0, 50))
@settings(max_examples=15)
def test_weights_are_probabilities(policy: Policy, tally: Tally, waiting: int) -> None:
    weights = policy.weights(late(tally, [waiting] * tally.n_variants), a_rng())
    assert weights.shape == (tally.n_variants,)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)


@every_policy
@given(pairs=st.lists(counts, min_size=2, max_size=5, unique=True), order=st.randoms(use_true_random=False))
@settings(max_examples=15)
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
    assert permuted == pytest.approx(weights[permutation], abs=1e-9) or _tied(policy, pairs)


def _tied(policy: Policy, pairs: list[tuple[int, int]]) -> bool:
    """Whether two variants of a policy that goes by an index have the same one: either alone would be chosen."""
    if not isinstance(policy, StepByStep):
        return False
    pushed, turned = (
        [policy.weights(Tally.of([*two][::way]), a_rng()).tolist() for two in combinations(sorted(pairs), 2)]
        for way in (1, -1)
    )
    return any(one == another for one, another in zip(pushed, turned, strict=True))


@every_random_policy
@given(pair=counts, n=st.integers(1, 6), waiting=st.integers(0, 9))
@settings(max_examples=15)
def test_variants_that_did_alike_have_equal_chances(
    policy: Policy, pair: tuple[int, int], n: int, waiting: int
) -> None:
    weights = policy.weights(late(Tally.of([pair] * n), [waiting] * n), a_rng())
    assert weights == pytest.approx(np.full(n, 1 / n), abs=1e-9)


@every_random_policy
@given(tally=tallies, more=st.integers(1, 9), data=st.data())
@settings(max_examples=15)
def test_a_win_more_never_makes_a_variant_rarer(policy: Policy, tally: Tally, more: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, tally.n_variants - 1))
    one = np.eye(tally.n_variants, dtype=np.int64)[k]
    wins = np.minimum(tally.wins + more * one, tally.sends)
    before = policy.weights(tally, a_rng())
    after = policy.weights(Tally(tally.sends, wins), a_rng())
    if isinstance(policy, TopTwo):  # half of it goes to the second, who may be another now
        after, before = np.maximum(after, 0.5), np.minimum(before, 0.5)
    assert after[k] >= before[k] - 0.02 - 1e-9


@every_policy
def test_a_batch_that_waits_spreads_out(policy: Policy) -> None:
    """Nothing known and everything sent to the first: nobody's next batch goes to the first alone."""
    tally = Tally(np.zeros(3, np.int64), np.zeros(3, np.int64), waiting=np.array([100, 0, 0]))
    weights = policy.weights(tally, a_rng())
    assert weights[0] <= 1 / 3 + 1e-9


@every_policy
def test_the_same_seed_gives_the_same_weights(policy: Policy) -> None:
    tally = Tally.of([(3, 40), (5, 41), (0, 7)])
    assert policy.weights(tally, a_rng()).tolist() == policy.weights(tally, a_rng()).tolist()


@every_policy
def test_it_says_what_it_does(policy: Policy) -> None:
    assert 3 < len(str(policy.label)) < 40


def test_no_two_say_the_same() -> None:
    assert len({str(policy.label) for policy in policies().values()}) == len(policies())


@every_policy
def test_a_hundred_times_the_outcomes_leave_little_doubt(policy: Policy) -> None:
    """2 % against 10 % of 20,000 is no question; an even split alone does not ask it."""
    weights = policy.weights(Tally.of([(400, 20_000), (2_000, 20_000)]), a_rng())
    assert weights[1] >= 0.5


def draws_as_it_weighs(policy: Drawing, tally: Tally) -> None:
    rng = a_rng()
    drawn = np.bincount([policy.draw(tally, rng) for _ in range(2_000)], minlength=tally.n_variants) / 2_000
    assert drawn == pytest.approx(policy.weights(tally, rng), abs=4 * np.sqrt(0.25 / 2_000))


@pytest.mark.parametrize("name", [name for name, policy in policies().items() if isinstance(policy, Drawing)])
def test_a_draw_has_the_chance_of_its_weight(name: str) -> None:
    policy = policies()[name]
    assert isinstance(policy, Drawing)
    draws_as_it_weighs(policy, KNOWN)
    draws_as_it_weighs(policy, Tally.empty(3))


@pytest.mark.parametrize("name", [name for name, policy in policies().items() if isinstance(policy, Informed)])
def test_a_prior_is_gone_by(name: str) -> None:
    policy = policies()[name]
    assert isinstance(policy, Informed)
    told = policy.informed(Level(tilts=(1.0, 1.0, 1.6), spreads=(0.2, 0.2, 0.2)))
    assert told.weights(Tally.empty(3), a_rng())[2] > 0.4
    # outcomes outvote it
    assert told.weights(Tally.of([(90, 1_000), (20, 1_000), (20, 1_000)]), a_rng())[0] > 0.45


@given(weights=st.lists(st.floats(0.001, 1), min_size=1, max_size=6), floor=st.floats(0, 0.6))
def test_a_floor_holds(weights: list[float], floor: float) -> None:
    given_weights = np.array(weights) / sum(weights)
    held = with_floor(given_weights, floor)
    assert held.sum() == pytest.approx(1)
    assert held.min() >= min(floor, 1 / held.size) - 1e-12
    assert (np.diff(held[np.argsort(given_weights)]) >= -1e-12).all()


def test_an_unknown_policy_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match=r"“dice”; choose one of: by_segment, .*ucb1, ucb_tuned, uniform"):
        policy_named("dice")
    assert policy_named("ucb1") == Ucb1()


def known_answer(reference: Path, name: str) -> Any:
    known = json.loads((reference / "experiments.json").read_text())["policies"]["values"]
    return next(entry for entry in known if entry["id"] == name)


def test_the_known_answers_are_of_this_tally(reference: Path) -> None:
    for name in ("kat_ucb1_index", "kat_kl_ucb_index", "kat_thompson_beta11_prob_best"):
        told = known_answer(reference, name)["params"]
        assert (KNOWN.wins.tolist(), KNOWN.sends.tolist()) == (told["S"], told["N"])


# UCB1


def _bounds(pairs: list[tuple[int, int]]) -> list[float]:
    """Auer, Cesa-Bianchi & Fischer (2002), figure 1, as printed."""
    t = sum(sends for _, sends in pairs)
    return [wins / sends + math.sqrt(2 * math.log(t) / sends) for wins, sends in pairs]


@given(pairs=st.lists(counts.filter(lambda pair: pair[1] > 0), min_size=1, max_size=6))
@settings(max_examples=40)
def test_ucb1_is_the_formula(pairs: list[tuple[int, int]]) -> None:
    bounds = _bounds(pairs)
    assert Ucb1().weights(Tally.of(pairs), a_rng()).argmax() == bounds.index(max(bounds))


def test_ucb1_agrees_with_the_known_answer(reference: Path) -> None:
    pairs = list(zip(KNOWN.wins.tolist(), KNOWN.sends.tolist(), strict=True))
    assert _bounds(pairs) == pytest.approx(known_answer(reference, "kat_ucb1_index")["value"], rel=1e-6)
    assert Ucb1().weights(KNOWN, a_rng()).tolist() == [1, 0, 0, 0]


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


@pytest.mark.parametrize("name", ["ucb1", "kl_ucb", "linucb"])
def test_an_index_takes_turns_while_nothing_is_known(name: str) -> None:
    policy = policies()[name]
    assert isinstance(policy, StepByStep)
    assert np.bincount(policy.steps(Tally.empty(3), 300)).tolist() == [100, 100, 100]


# the other indices


def test_kl_ucb_agrees_with_the_known_answer(reference: Path) -> None:
    index = [kl_ucb.index(w / n, n, 100) for w, n in zip(KNOWN.wins.tolist(), KNOWN.sends.tolist(), strict=True)]
    assert index == pytest.approx(known_answer(reference, "kat_kl_ucb_index")["value"], rel=1e-6)
    assert KlUcb().weights(KNOWN, a_rng()).tolist() == [1, 0, 0, 0]


@given(mean=st.floats(0, 1), most=st.floats(1e-9, 20))
@example(mean=0.087890625, most=18.5625)
def test_the_highest_rate_is_as_unlikely_as_may_be(mean: float, most: float) -> None:
    rate = highest_rate(mean, most)
    assert mean <= rate <= 1
    if 1e-6 < mean < 1 - 1e-6 and rate < 1 - 1e-6:  # nearer to 1 a float cannot be told from the next well enough
        kl = mean * math.log(mean / rate) + (1 - mean) * math.log((1 - mean) / (1 - rate))
        assert kl == pytest.approx(most, rel=1e-6, abs=1e-9)


def test_kl_ucb_at_the_ends() -> None:
    # of 0 wins: (1 - q)^N = e^-most
    assert highest_rate(0.0, math.log(2)) == pytest.approx(0.5)
    assert highest_rate(1.0, 3.0) == 1.0


def test_kl_ucb_plus_by_hand() -> None:
    # no wins: q = 1 - (N/t)^(1/N) for N = 10, t = 100: 1 - .1^.1 = 0.205672
    assert kl_ucb_plus.index(0.0, 10, 100) == pytest.approx(0.2056717653)
    # who has all sends has no doubt left
    assert kl_ucb_plus.index(0.3, 100, 100) == pytest.approx(0.3)


def test_ucb_tuned_by_hand() -> None:
    # ln 100 / 40 = 0.1151293; V = .225 * .775 + sqrt(.2302585) = .6542 > 1/4: .225 + sqrt(.1151293 / 4) = 0.3946537
    assert ucb_tuned.index(9 / 40, 40, 100) == pytest.approx(0.3946537, rel=1e-6)
    # few wins of many: ln 20000 / 10000 = .00099035, V = .01 * .99 + sqrt(.0019807) = .0544050
    assert ucb_tuned.index(0.01, 10_000, 20_000) == pytest.approx(0.01 + math.sqrt(0.00099035 * 0.0544050), rel=1e-4)


# greedy ones


def test_epsilon_greedy_by_hand() -> None:
    assert EpsilonGreedy(0.2).weights(KNOWN, a_rng()) == pytest.approx([0.05, 0.05, 0.05, 0.85])
    # two are best, and share
    assert EpsilonGreedy(0.1).weights(Tally.of([(1, 4), (2, 8)]), a_rng()) == pytest.approx([0.5, 0.5])


def test_epsilon_decays_with_what_is_answered() -> None:
    # c K / (d² n) = .05 · 4 / (.03² · 100) = 2.2: all even; with 10,000 sends .0222
    assert EpsilonDecaying().weights(KNOWN, a_rng()) == pytest.approx([0.25] * 4)
    many = Tally.of([(50, 5_000), (200, 5_000)])
    # .05 · 2 / (.0009 · 10,000) = .0111, half of it for the first
    assert EpsilonDecaying().weights(many, a_rng())[0] == pytest.approx(0.0111111 / 2, rel=1e-4)
    assert (EpsilonDecaying().weights(late(many, [9_000, 9_000]), a_rng())).tolist() == EpsilonDecaying().weights(
        many, a_rng()
    ).tolist()


# by the chance to be best


def test_thompson_agrees_with_the_known_answer(reference: Path) -> None:
    weights = Thompson(Beta(1, 1)).weights(KNOWN, a_rng())
    assert weights == pytest.approx(known_answer(reference, "kat_thompson_beta11_prob_best")["value"], rel=1e-6)


def test_thompson_by_hand() -> None:
    # P(Beta(2, 1) > Beta(1, 1)) = 2/3
    assert Thompson(Beta(1, 1)).weights(Tally.of([(1, 1), (0, 0)]), a_rng()) == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.parametrize("name", ["thompson", "cooling", "linear_thompson", "thompson_revenue"])
def test_what_waits_makes_surer_but_less_than_what_is_answered(name: str) -> None:
    policy = policies()[name]
    now = Tally.of([(30, 1_000), (40, 1_000)])
    waits = late(now, [1_000, 1_000])
    answered = Tally.of([(60, 2_000), (80, 2_000)])
    known, waiting, told = (policy.weights(tally, a_rng())[1] for tally in (now, waits, answered))
    assert known < waiting <= told + 1e-3


def test_cooling_begins_evenly_and_ends_boldly() -> None:
    few, some = Tally.of([(1, 40), (4, 40)]), Tally.of([(20, 500), (30, 500)])
    assert Cooling().weights(few, a_rng()).tolist() == [0.5, 0.5]
    unknown, first, last = (Cooling().weights(replace(some, left=left), a_rng())[1] for left in (None, 10**9, 0))
    assert unknown == pytest.approx(Thompson(Level(spread=1.0)).weights(some, a_rng())[1])
    assert first < unknown < last


def test_two_best_by_hand() -> None:
    # α = (.6, .3, .1): second = (.6·(.3/.7 + .1/.9), .3·(.6/.4 + .1/.9), .1·(.6/.4 + .3/.7)), half of each
    second = [0.6 * (0.3 / 0.7 + 0.1 / 0.9), 0.3 * (0.6 / 0.4 + 0.1 / 0.9), 0.1 * (0.6 / 0.4 + 0.3 / 0.7)]
    assert top_two(np.array([0.6, 0.3, 0.1]), 0.5) == pytest.approx(
        [0.5 * a + 0.5 * b for a, b in zip([0.6, 0.3, 0.1], second, strict=True)]
    )
    assert top_two(np.array([1.0, 0.0, 0.0]), 0.5) == pytest.approx([0.5, 0.25, 0.25])


def test_revenue_goes_by_money_and_not_by_buyers() -> None:
    sends, wins = np.array([500, 500]), np.array([40, 20])
    tally = Tally(sends, wins, money=np.array([400.0, 4_000.0]), squares=np.array([4_400.0, 900_000.0]))
    assert ThompsonRevenue().weights(tally, a_rng())[1] > 0.95
    in_fen = Tally(sends, wins, money=tally.money * 100, squares=tally.squares * 10_000)
    assert ThompsonRevenue().weights(in_fen, a_rng()) == pytest.approx(ThompsonRevenue().weights(tally, a_rng()))
    assert Thompson().weights(tally, a_rng())[0] > 0.95
