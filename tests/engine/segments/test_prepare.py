from __future__ import annotations

import numpy as np
import pandas as pd

from engine import columns as c
from engine.features.bases.behavioural import FEATURES, table
from engine.segments.prepare import n_different, points
from tests.engine.segments.made import alike, one_cloud


def test_each_column_has_mean_0_and_deviation_1() -> None:
    scaled = points(table(one_cloud(200, np.random.default_rng(1))))
    assert scaled.shape == (200, len([feature.key for feature in FEATURES]))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1)


def test_skewed_money_is_taken_by_its_size_in_digits() -> None:
    features = pd.concat([alike(4)] * 2, ignore_index=True)
    features[c.MONETARY] = [0.0, 9, 99, 999, 0, 9, 99, 9_999]
    by_digits = np.array([0.0, 1, 2, 3, 0, 1, 2, 4])
    expected = (by_digits - by_digits.mean()) / by_digits.std()
    np.testing.assert_allclose(points(table(features))[:, 0], expected)


def test_what_is_the_same_for_everyone_is_left_out() -> None:
    assert points(table(alike(5))).shape == (5, 0)
    assert n_different(table(alike(5))) == 1


def test_a_column_with_losses_keeps_its_scale() -> None:
    features = alike(4)
    features[c.MONETARY] = [-5.0, 1, 1, 1_000]
    money = features[c.MONETARY].to_numpy()
    np.testing.assert_allclose(points(table(features))[:, 0], (money - money.mean()) / money.std())
