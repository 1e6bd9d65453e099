"""What to choose now, the mismatch told first, and beliefs about several variants."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiments.mismatch import mismatch
from engine.experiments.posterior import Belief, chance_to_be_best, chance_to_win, expected_loss, expected_shortfall
from engine.experiments.tally import Tally
from engine.experiments.which_now import which_now


def test_two_arms_by_hand() -> None:
    # one win in one against nothing sent: P(Beta(2, 1) > Beta(1, 1)) = 2/3
    nothing, won = Belief.of(0, 0), Belief.of(1, 1)
    assert chance_to_win(nothing, won) == pytest.approx(2 / 3)
    assert chance_to_be_best([nothing, won], 1) == pytest.approx(2 / 3)
    # E[max] of the two is ∫ 1 - x · x² = 3/4, and their means are 1/2 and 2/3
    assert expected_shortfall([nothing, won], 0) == pytest.approx(1 / 4)
    assert expected_loss(nothing, won) == pytest.approx(1 / 4)
    assert expected_loss(won, nothing) == pytest.approx(3 / 4 - 2 / 3)


def test_chances_of_three_sum_to_one() -> None:
    three = [Belief.of(3, 40), Belief.of(5, 41), Belief.of(4, 39)]
    assert sum(chance_to_be_best(three, k) for k in range(3)) == pytest.approx(1)


def test_the_one_that_leads_is_named_with_what_it_may_cost() -> None:
    said = which_now(Tally.of([(3, 40), (9, 41)]), "AB")
    assert str(said) == (
        "If you must choose now, take B: the chance that it is the best is about 96%. The risk that it is not "
        "costs you about 1 buyer of 1,000 people on average."
    )


def test_a_loss_is_told_in_whole_people_and_with_one_advice() -> None:
    # the better of Beta(4, 38) and Beta(6, 37) is on average 10.5 of 1,000 people above B
    rng = np.random.default_rng(1)
    a, b = rng.beta(4, 38, 400_000), rng.beta(6, 37, 400_000)
    assert float((np.maximum(a, b) - b).mean()) == pytest.approx(11 / 1_000, abs=0.0006)
    said = str(which_now(Tally.of([(3, 40), (5, 41)]), "AB", for_good=True))
    assert said == (
        "Take B: the chance that it is the best is about 75%. The risk that it is not costs you about "
        "11 buyers of 1,000 people on average."
    )
    assert str(which_now(Tally.of([(3, 40), (3, 40)]), "AB", for_good=True)) == (
        "Pick the version you like best: none is ahead."
    )


def test_nobody_ahead_or_nothing_known() -> None:
    assert str(which_now(Tally.of([(3, 40), (3, 40)]), "AB")).endswith("any version will do: none is ahead.")
    assert which_now(Tally.of([(3, 40), (0, 0)]), "AB") is None
    assert which_now(Tally.of([(3, 40)]), "A") is None


def test_a_mismatch_is_told_with_what_was_expected() -> None:
    # chi-squared is (394.5² + 394.5²) / 45,094.5 = 6.9, p = .0086, about 1 in 116
    said = str(mismatch([44_700, 45_489], [1, 1], ["A", "B"]))
    assert "A 44,700, B 45,489 people, where A 45,094, B 45,094 were to be expected" in said or "A 44700" in said
    assert "less than 1 time in 100" in said


def test_no_mismatch_without_reason() -> None:
    assert mismatch([40, 41], [40, 41], "AB") is None
    assert mismatch([40, 0], [40, 41], "AB") is None
    assert mismatch([40], [1], "A") is None
