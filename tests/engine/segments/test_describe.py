"""Conditions are told of a group only if they fit its own people."""

from __future__ import annotations

import numpy as np
import pytest

from engine import columns as c
from engine.features.bases.behavioural import table
from engine.segments.density import FITS_NONE
from engine.segments.describe import Explained, described, explained, told_rightly
from engine.segments.explain import explain
from engine.segments.methods import Grouping, Labels
from tests.engine.segments.made import groups


def _shuffled() -> tuple[Explained, Labels]:
    """Three groups that rules tell, of which the last has its people from all over."""
    features, truth = groups(3, 40, np.random.default_rng(0))
    labels = np.where(np.arange(120) % 5 == 0, 3, truth).astype(np.intp)
    own = table(features)
    return Explained(labels, {}, explain(own, labels, None), {at: at for at in range(4)}), labels


def test_conditions_that_fit_fewer_than_half_of_a_group_are_not_told() -> None:
    features, _ = groups(3, 40, np.random.default_rng(0))
    found, labels = _shuffled()
    assert found.explanation is not None
    assert found.explanation.covered[3] < 0.5
    segments, _ = described(table(features), features, found, None, np.random.default_rng(1))
    assert [bool(segment.rules) for segment in segments] == [True, True, True, False]
    last = segments[3].facts
    assert (last.sets, last.covered, last.right, last.ways_out) == ((), None, None, ())
    # 96 of 120 are in a group whose conditions fit, the 24 of the last in none, by construction
    assert told_rightly(found) == pytest.approx(96 / 120)
    assert labels.shape == (120,)


def test_who_fits_no_group_counts_among_those_whom_no_condition_tells() -> None:
    features, truth = groups(2, 40, np.random.default_rng(0))
    labels = np.where(np.arange(80) % 8 == 0, 2, truth).astype(np.intp)
    found = explained(table(features), features, Grouping(labels, {}, {2: FITS_NONE}), None)
    assert told_rightly(found) == pytest.approx(70 / 80)
    assert features[c.FREQUENCY].size == 80
