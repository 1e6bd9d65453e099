"""Evidence by hand, by its laws, and by simulation: equal variants are rarely told apart, however often one looks."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.experiments.evidence import CONCENTRATION, adds_up, evidence, in_some_order, rewritten, wealth
from engine.experiments.verdict import ENOUGH

Flags = NDArray[np.bool_]


def outcomes(*values: int) -> NDArray[np.int8]:
    return np.array(values, dtype=np.int8)


def test_wealth_by_hand() -> None:
    # Beta(1, 1) cut to θ ≥ 1/2: one pair won gives 2 ∫ 2θ dθ over [1/2, 1] = 1.5, one lost 2 ∫ 2(1-θ) dθ = 0.5,
    # one of each 2 ∫ 4θ(1-θ) dθ = 2/3
    won, lost = np.array([0, 1, 0, 1]), np.array([0, 0, 1, 1])
    assert wealth(won, lost, concentration=1.0) == pytest.approx([1, 1.5, 0.5, 2 / 3])


@given(won=st.integers(0, 300), lost=st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_the_next_pair_of_equal_variants_leaves_the_wealth_as_it_is_on_average(won: int, lost: int) -> None:
    here, after_win, after_loss = wealth(np.array([won, won + 1, won]), np.array([lost, lost, lost + 1]))
    assert (after_win + after_loss) / 2 == pytest.approx(here)
    assert after_win >= after_loss


def test_hopeless_and_overwhelming_wealth_stay_numbers() -> None:
    poor, rich = wealth(np.array([0, 100_000]), np.array([100_000, 0]))
    assert poor == 0
    assert np.isfinite(rich)


def test_pairs_are_first_in_first_out() -> None:
    # pairs (1, 0), (0, 0), (0, 1); the fourth of the first variant has no partner yet
    found = evidence([outcomes(1, 0, 0, 1), outcomes(0, 0, 1)])
    path = wealth(np.array([1, 1]), np.array([0, 1]))
    assert found.now[0, 1] == pytest.approx(path[1])
    assert found.highest[0, 1] == pytest.approx(path[0])
    assert found.now[1, 0] == pytest.approx(wealth(np.array([1]), np.array([1]))[0])
    assert found.highest[1, 0] == 1


def test_without_outcomes_there_is_no_evidence() -> None:
    assert (evidence([outcomes(), outcomes(1, 1)]).highest == 1).all()


def test_reports_that_add_are_batches() -> None:
    rng = np.random.default_rng(5)
    drawn = in_some_order([(3, 40), (3, 60), (10, 67)], rng)
    assert drawn.size == 67
    assert (drawn[:40].sum(), drawn[40:60].sum(), drawn[60:].sum()) == (3, 0, 7)


def test_rewritten_outcomes_are_judged_by_their_totals() -> None:
    told, turned = [outcomes(1, 1, 0, 0), outcomes(0, 0, 1, 1)], [outcomes(0, 0, 1, 1), outcomes(1, 1, 0, 0)]
    assert evidence(told).highest[0, 1] > evidence(told).now[0, 1]
    for settled in ([True, False], [False, True]):
        found = evidence(told, settled)
        assert found.highest[0, 1] == found.now[0, 1] == evidence(turned, settled).now[0, 1]


def test_the_wealth_of_totals_by_hand() -> None:
    # One of two bought in each variant: in half of the orders the two pairs cancel out, in the others there are none.
    expected = (float(wealth(np.array([1]), np.array([1]))[0]) + 1) / 2
    for_first, for_second = rewritten(outcomes(1, 0), outcomes(0, 1), looks=1)
    assert for_first == for_second == pytest.approx(expected / 2, rel=0.02)
    # both of two against none of two: whatever the order, two pairs won
    for_first, _ = rewritten(outcomes(1, 1), outcomes(0, 0, 0), looks=1)
    assert for_first == pytest.approx(float(wealth(np.array([2]), np.array([0]))[0]) / 2)


def test_each_look_at_rewritten_outcomes_costs_more_and_all_together_no_more_than_the_bound() -> None:
    shares = [rewritten(outcomes(1, 1), outcomes(0, 0), looks)[0] for looks in range(1, 2000)]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) <= float(wealth(np.array([2]), np.array([0]))[0])


def test_a_large_difference_is_found_although_outcomes_were_rewritten() -> None:
    answers = [np.repeat(np.array([1, 0], dtype=np.int8), [wins, 200 - wins]) for wins in (10, 60)]
    assert evidence(answers, [False, False], looks=5).highest[1, 0] >= ENOUGH


def test_rewritten_outcomes_of_many_variants_take_under_a_third_of_a_second() -> None:
    answers = [np.random.default_rng(k).integers(0, 2, 5000).astype(np.int8) for k in range(8)]
    began = time.process_time()
    evidence(answers, [False] * 8, looks=3)
    assert time.process_time() - began < 0.3


def test_reports_add_up_until_one_takes_something_back() -> None:
    assert adds_up([])
    assert adds_up([(3, 40), (3, 40), (5, 42), (5, 60)])
    assert not adds_up([(3, 40), (5, 41)])  # a miss has become a win
    assert not adds_up([(3, 40), (2, 41)])


def test_what_was_reported_before_keeps_its_order() -> None:
    before = in_some_order([(3, 40)], np.random.default_rng(5))
    after = in_some_order([(3, 40), (5, 70)], np.random.default_rng(5))
    assert after[:40].tolist() == before.tolist()


def test_a_report_that_takes_back_replaces_what_it_does_not_add_to() -> None:
    corrected = in_some_order([(3, 40), (30, 80), (5, 80)], np.random.default_rng(5))
    assert corrected.tolist() == in_some_order([(3, 40), (5, 80)], np.random.default_rng(5)).tolist()
    assert in_some_order([(3, 40), (0, 0)], np.random.default_rng(5)).size == 0


def test_late_wins_fall_among_the_misses() -> None:
    before = in_some_order([(3, 40)], np.random.default_rng(5))
    after = in_some_order([(3, 40), (6, 40)], np.random.default_rng(5))
    assert after.sum() == 6
    assert (after >= before).all()


# The boundary: the fewest pairs won of n at which it is enough. The wealth grows with the pairs won.
LONGEST = 4000


@pytest.fixture(scope="module")
def boundary() -> NDArray[np.int64]:
    n = np.arange(LONGEST + 1)
    low, high = np.zeros(LONGEST + 1, dtype=np.int64), n + 1
    while (low < high).any():
        middle = (low + high) // 2
        enough = (middle <= n) & (wealth(np.minimum(middle, n), np.maximum(n - middle, 0)) >= ENOUGH)
        high = np.where(enough | (middle > n), np.minimum(high, middle), high)
        low = np.where(enough | (middle > n), low, np.minimum(middle + 1, high))
    return low


def ever_enough(
    answers: NDArray[np.int8], n_sends: NDArray[np.int64], boundary: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Of campaigns × variants × sends: in which campaigns one variant ever beat all others, looking at every pair."""
    n_variants = answers.shape[1]
    beats = np.ones((len(answers), n_variants, n_variants), dtype=bool)
    for k, j in permutations(range(n_variants), 2):
        signs = answers[:, k].astype(np.int8) - answers[:, j]
        known = np.arange(signs.shape[1]) < np.minimum(n_sends[:, k], n_sends[:, j])[:, None]
        won, told = np.cumsum((signs > 0) & known, axis=1), np.cumsum((signs != 0) & known, axis=1)
        beats[:, k, j] = (won >= boundary[told]).any(axis=1)
    everyone_else: Flags = np.logical_and.reduce(beats, axis=2)
    some_variant: Flags = np.logical_or.reduce(everyone_else, axis=1)
    return some_variant


def run_ucb1(answers: NDArray[np.int8], n_steps: int) -> NDArray[np.int64]:
    """Sends per campaign and variant after `n_steps`, each outcome known before the next send."""
    n_campaigns, n_variants, _ = answers.shape
    everyone = np.arange(n_campaigns)
    sends = np.ones((n_campaigns, n_variants), dtype=np.int64)
    wins = answers[:, :, 0].astype(np.int64)
    for t in range(n_variants, n_steps):
        best = (wins / sends + np.sqrt(2 * np.log(t) / sends)).argmax(axis=1)
        wins[everyone, best] += answers[everyone, best, sends[everyone, best]]
        sends[everyone, best] += 1
    return sends


def test_the_boundary_is_the_wealth(boundary: NDArray[np.int64]) -> None:
    rng = np.random.default_rng(2)
    answers = (rng.random((40, 2, 300)) < np.array([0.2, 0.35])[:, None]).astype(np.int8)
    told = ever_enough(answers, np.full((40, 2), 300), boundary)
    by_wealth = [evidence(list(campaign)).highest.max() >= ENOUGH for campaign in answers]
    assert told.tolist() == by_wealth
    assert 5 < told.sum() < 40


@pytest.mark.parametrize("n_variants", [2, 3, 4])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.4])
def test_equal_variants_are_rarely_told_apart_in_a_uniform_split(
    rate: float, n_variants: int, boundary: NDArray[np.int64]
) -> None:
    rng = np.random.default_rng([31, n_variants, int(100 * rate)])
    answers = (rng.random((1000, n_variants, 1200)) < rate).astype(np.int8)
    assert ever_enough(answers, np.full((1000, n_variants), 1200), boundary).mean() <= 0.05


@pytest.mark.parametrize("n_variants", [2, 3, 4])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.4])
def test_equal_variants_are_rarely_told_apart_under_ucb1(
    rate: float, n_variants: int, boundary: NDArray[np.int64]
) -> None:
    rng = np.random.default_rng([32, n_variants, int(100 * rate)])
    answers = (rng.random((1000, n_variants, 1200)) < rate).astype(np.int8)
    sends = run_ucb1(answers, 1200)
    assert (sends.sum(axis=1) == 1200).all()
    assert ever_enough(answers, sends, boundary).mean() <= 0.05


def test_a_worse_third_variant_does_not_make_equal_ones_different(boundary: NDArray[np.int64]) -> None:
    rng = np.random.default_rng(33)
    answers = (rng.random((1000, 3, 1200)) < np.array([0.1, 0.1, 0.01])[:, None]).astype(np.int8)
    assert ever_enough(answers, np.full((1000, 3), 1200), boundary).mean() <= 0.05


def test_outcomes_that_come_late_do_not_make_equal_variants_different() -> None:
    # All are sent at once; each of 20 looks finds a few more who came, counted as misses until then.
    rng = np.random.default_rng(34)
    n_campaigns, n_sends, n_looks = 300, 200, 20
    wrong = 0
    for campaign in range(n_campaigns):
        comes = rng.random((2, n_sends)) < 0.2
        at = rng.integers(0, n_looks, (2, n_sends))
        reports = [[(int((comes[k] & (at[k] <= look)).sum()), n_sends) for look in range(n_looks)] for k in range(2)]
        for look in range(n_looks):
            orders = [in_some_order(reports[k][: look + 1], np.random.default_rng([campaign, k])) for k in range(2)]
            settled = [adds_up(reports[k][: look + 1]) for k in range(2)]
            if evidence(orders, settled, look + 1).highest.max() >= ENOUGH:
                wrong += 1
                break
    assert wrong / n_campaigns <= 0.05


def test_sends_and_late_wins_that_grow_together_do_not_make_equal_variants_different() -> None:
    # Sends double up to the middle of 20 looks, and wins come in late all along: A 1/15, 4/60, 9/120, 14/120 …
    rng = np.random.default_rng(37)
    n_campaigns, n_sends, n_looks = 300, 300, 20
    wrong = 0
    for campaign in range(n_campaigns):
        comes = rng.random((2, n_sends)) < 0.5
        at = rng.integers(0, n_looks, (2, n_sends))
        reports: list[list[tuple[int, int]]] = [[], []]
        for look in range(n_looks):
            sent = min(n_sends, n_sends * 2 * (look + 1) // n_looks)
            for k in range(2):
                reports[k].append((int((comes[k, :sent] & (at[k, :sent] <= look)).sum()), sent))
            orders = [in_some_order(reports[k], np.random.default_rng([campaign, k])) for k in range(2)]
            if evidence(orders, [adds_up(told) for told in reports], look + 1).highest.max() >= ENOUGH:
                wrong += 1
                break
    assert wrong / n_campaigns <= 0.05


def test_a_real_difference_is_found(boundary: NDArray[np.int64]) -> None:
    # 5 % against 10.2 % is what a single look at 400 sends finds 4 times in 5; looking at any time costs 1.7 times that
    rng = np.random.default_rng(35)
    answers = (rng.random((1000, 2, 680)) < np.array([0.05, 0.102])[:, None]).astype(np.int8)
    assert 0.74 <= ever_enough(answers, np.full((1000, 2), 680), boundary).mean() <= 0.9
    assert CONCENTRATION == 3


def test_the_wrong_variant_is_hardly_ever_called_better(boundary: NDArray[np.int64]) -> None:
    rng = np.random.default_rng(36)
    answers = (rng.random((1000, 2, 680)) < np.array([0.05, 0.102])[:, None]).astype(np.int8)
    signs = answers[:, 0] - answers[:, 1]
    won, told = np.cumsum(signs > 0, axis=1), np.cumsum(signs != 0, axis=1)
    assert (won >= boundary[told]).any(axis=1).mean() <= 0.01
