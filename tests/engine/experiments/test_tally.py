"""A tally holds only counts that can be."""

import numpy as np
import pytest

from engine.experiments.tally import Tally


def test_counts_are_read_as_people_write_them() -> None:
    tally = Tally.of([(3, 40), (5, 41)])
    assert tally.sends.tolist() == [40, 41]
    assert tally.wins.tolist() == [3, 5]
    assert tally.waiting.tolist() == [0, 0]
    assert tally == Tally(np.array([40, 41]), np.array([3, 5]))
    assert tally != Tally.of([(3, 40), (4, 41)])


def test_a_rate_is_unknown_without_sends() -> None:
    rates = Tally.of([(1, 4), (0, 0)]).rates
    assert rates[0] == 0.25
    assert np.isnan(rates[1])


def test_it_cannot_be_changed() -> None:
    tally = Tally.empty(2)
    with pytest.raises(ValueError, match="read-only"):
        tally.sends[0] = 1


@pytest.mark.parametrize(
    ("sends", "wins"), [([40], [41]), ([-1], [0]), ([4, 5], [1]), ([], []), ([1.5], [0]), ([[1]], [[0]])]
)
def test_counts_that_cannot_be_are_refused(sends: list[int], wins: list[int]) -> None:
    with pytest.raises(ValueError, match=r"wins|sends|variant"):
        Tally(np.array(sends), np.array(wins))
