from __future__ import annotations

import numpy as np
import pytest

from engine.segments.mixtures import Fit
from engine.segments.resampling import Strength
from engine.segments.weighing import WEIGHTS, Evidence, reasons, weighed


def test_reasons_by_hand() -> None:
    # a likelihood of 100 customers: log(100) / 200 = .02303 is taken off for each parameter
    penalty = np.log(100) / 200
    fits = {1: Fit(-3.0, 0.0, 2), 2: Fit(-2.0, 0.1, 5), 3: Fit(-1.9, 0.5, 8)}
    numbers, rows = reasons(Evidence(100, {2: Strength(0.9, 0), 3: Strength(0.5, 0)}, {2: 0.6, 3: 0.4}, fits))
    assert numbers == [1, 2, 3]
    np.testing.assert_array_equal(rows[:, :3], [[1, 0, 1], [0, 0.6, 0.9], [0, 0.4, 0.5]])
    best = -2.0 - 5 * penalty - 0.1
    lost = [best - (-3.0 - 2 * penalty), 0, best - (-1.9 - 8 * penalty - 0.5)]
    np.testing.assert_allclose(rows[:, 3], -np.sqrt(lost), atol=1e-12)
    np.testing.assert_allclose(rows[:, 4], [-np.sqrt(1 - 3 * penalty), -np.sqrt(0.1 - 3 * penalty), 0], atol=1e-12)


def test_weights_speak_for_what_they_say() -> None:
    assert all(weight > 0 for weight in WEIGHTS.values())
    alike = {k: Fit(-3.0, 0.0, 0) for k in (1, 2, 3)}
    shares = weighed(Evidence(100, {2: Strength(0.9, 0), 3: Strength(0.7, 0)}, {2: 0.5, 3: 0.5}, alike))
    assert sum(shares.values()) == pytest.approx(1)
    # all else equal, the number whose groups come back more surely is likelier, by exp of the weighed difference
    assert shares[2] / shares[3] == pytest.approx(np.exp(0.2 * WEIGHTS["they come back"]))


def test_with_nothing_to_compare_there_are_no_groups() -> None:
    assert weighed(Evidence(5, fits={1: Fit(-3.0, 0.0, 2)})) == {1: 1.0}
