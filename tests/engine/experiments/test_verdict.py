"""Verdicts in words: enough, not yet, never."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments.betting import ENOUGH
from engine.experiments.evidence import Evidence, Sent, evidence, in_some_order
from engine.experiments.plan import PLAN, LearningPlan
from engine.experiments.power import sends_needed
from engine.experiments.tally import Tally
from engine.experiments.verdict import Verdict, verdict

counts = st.integers(0, 80).flatmap(lambda sends: st.tuples(st.integers(0, sends), st.just(sends)))


def sent(*pairs: tuple[int, int]) -> Sent:
    """All at once in a random order; every variant with the share that it has."""
    rng, sizes = np.random.default_rng(1), [n for _, n in pairs]
    variant = rng.permutation(np.repeat(np.arange(len(pairs)), sizes))
    outcome = np.zeros(len(variant), np.int8)
    for k, pair in enumerate(pairs):
        outcome[variant == k] = in_some_order([pair], np.random.default_rng([1, k]))
    shares = np.maximum(sizes, 1) / np.maximum(sizes, 1).sum()
    return Sent(variant, outcome, np.tile(shares, (len(variant), 1)))


def of(*pairs: tuple[int, int], reachable: int | None = None, sends_per_week: float | None = None) -> Verdict:
    found = evidence(sent(*pairs), LearningPlan(max(1, max(n for _, n in pairs))), n_variants=len(pairs))
    return verdict(Tally.of(pairs), found, "ABCDE"[: len(pairs)], reachable=reachable, sends_per_week=sends_per_week)


def test_one_variant_has_nothing_to_be_compared_with() -> None:
    assert of((3, 40)).state == "never"
    assert "nothing to compare" in str(of((3, 40)).sentence)


def test_nothing_told_yet() -> None:
    assert of((0, 0), (0, 0)).state == "not yet"
    assert "A 3/40, B 5/41" in str(of((0, 0), (0, 0)).sentence)
    assert str(of((3, 40), (0, 0), (0, 0)).sentence) == "Not yet: nothing is recorded yet for B, C."


def test_enough_names_the_better_one_and_both_counts() -> None:
    found = of((10, 200), (60, 200))
    assert (found.state, found.best) == ("enough", 1)
    assert str(found.sentence).startswith("B works better: A 10 of 200 (5.0%), B 60 of 200 (30.0%).")
    assert str(of((60, 200), (10, 200), (8, 200)).sentence).startswith("A works best: ")


def test_enough_takes_a_win_against_every_other() -> None:
    highest = np.array([[1.0, 900.0, 39.0], [1.0, 1.0, 1.0], [1.0, 900.0, 1.0]])
    tally = Tally.of([(60, 200), (10, 200), (55, 200)])
    left = np.zeros((3, 3))
    assert verdict(tally, Evidence(highest, highest, left), "ABC").state == "not yet"
    highest[0, 2] = ENOUGH
    assert verdict(tally, Evidence(highest, highest, left), "ABC").best == 0


def test_not_yet_says_how_many_more() -> None:
    # Fleiss: 7.5 % against 9 of 41 = 22.0 % takes 94.2 sends each; 1.25 times that less the 40 there are is 77. The
    # bets so far are behind that, and ask for 6 more
    found = of((3, 40), (9, 41), reachable=3000)
    assert (found.state, found.best) == ("not yet", None)
    assert str(found.sentence) == (
        "Not yet: A 3 of 40 (7.5%), B 9 of 41 (22.0%). If B stays this far ahead, about 83 more messages of "
        "each version will tell."
    )
    assert 76 < PLAN * sends_needed(3 / 40, 9 / 41) - 40 <= 77


def test_not_yet_says_the_weeks_where_the_pace_is_known() -> None:
    found = of((3, 40), (9, 41), reachable=3000, sends_per_week=30)
    assert str(found.sentence).endswith("At your pace that is about 3 weeks.")


def test_a_close_race_is_planned_for_a_clear_difference() -> None:
    found = of((3, 40), (3, 40), reachable=9000)
    assert found.state == "not yet"
    assert "which may still be chance. If one really gets 15.0% where another gets 7.5%" in str(found.sentence)


def test_never_says_what_could_be_seen() -> None:
    found = of((3, 40), (5, 41), reachable=300)
    assert (found.state, found.best) == ("never", None)
    assert "You can reach 300 people. So few show only a big difference, such as" in str(found.sentence)
    assert str(found.sentence).endswith("about 23 buyers of 100 with one version and 10 of 100 with another.")


def test_never_after_a_difference_worth_telling_would_have_shown() -> None:
    # to tell a fifth more buyers takes 6,600 messages of each; after three quarters of them hardly any hope is left
    found = of((375, 5000), (376, 5000))
    assert found.state == "never"
    assert "A clear difference, such as 9.0% against 7.5%, would most likely show by now" in str(found.sentence)


def test_a_large_shop_can_wait_for_a_small_difference() -> None:
    found = of((150, 2000), (151, 2000), reachable=400_000)
    assert found.state == "not yet"
    assert "If one really gets 9.0% where another gets 7.5%" in str(found.sentence)


@pytest.mark.parametrize(("people", "state"), [(None, "not yet"), (9000, "not yet"), (200, "never")])
def test_nobody_bought(people: int | None, state: str) -> None:
    found = of((0, 40), (0, 40), reachable=people)
    assert found.state == state
    assert "obody has bought after 80 messages" in str(found.sentence)


@pytest.mark.parametrize(("people", "state"), [(None, "not yet"), (100, "never")])
def test_everybody_bought(people: int | None, state: str) -> None:
    found = of((40, 40), (40, 40), reachable=people)
    assert found.state == state
    assert "verybody" in str(found.sentence)


@given(pairs=st.lists(counts, min_size=1, max_size=4), reachable=st.none() | st.integers(0, 5000))
@settings(max_examples=40)
def test_there_is_always_a_sentence(pairs: list[tuple[int, int]], reachable: int | None) -> None:
    found = of(*pairs, reachable=reachable)
    assert str(found.sentence)
    assert (found.best is not None) == (found.state == "enough")


@given(pair=counts, n_variants=st.integers(2, 3))
@settings(max_examples=20)
def test_equal_counts_need_luck_in_their_order_to_be_called(pair: tuple[int, int], n_variants: int) -> None:
    # the same order for all: every pair is a draw
    outcomes = np.repeat(in_some_order([pair], np.random.default_rng(1)), n_variants)
    variant = np.tile(np.arange(n_variants), pair[1])
    found = verdict(
        Tally.of([pair] * n_variants),
        evidence(Sent(variant, outcomes, None), LearningPlan(200), n_variants=n_variants),
        "ABCDE"[:n_variants],
    )
    assert found.state != "enough"


def test_the_example_of_an_outcome_fits_what_was_sent() -> None:
    none, even = np.zeros(3, np.int64), np.ones((3, 3))
    sentence = verdict(Tally(none, none, np.array([10, 2, 2])), Evidence(even, even, even), "ABC").sentence
    assert str(sentence) == "No outcomes are recorded yet. Tell me them like this: A 1/10, B 1/2, C 1/2."
