from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_t

from engine.segments import mixtures
from engine.segments.mixtures import directions, mixture, spread_ties


def test_one_cloud_has_the_density_of_a_multivariate_t() -> None:
    at = np.random.default_rng(0).normal(size=(400, 2)) @ np.array([[1.0, 0.4], [0.0, 0.8]])
    fit = mixture(at, np.zeros(400, dtype=np.intp))
    assert (fit.entropy, fit.n_params) == (0, 5)
    # no centre and shape of a t density fit much better than the one that was found: moments give one to compare
    shape = np.cov(at.T) * (mixtures.TAIL - 2) / mixtures.TAIL
    known = multivariate_t(at.mean(axis=0), shape, mixtures.TAIL).logpdf(at).mean()
    assert fit.loglik == pytest.approx(known, abs=0.03)


def test_two_clouds_far_apart_are_each_half_of_the_whole() -> None:
    rng = np.random.default_rng(1)
    one = rng.normal(size=(300, 2))
    two = np.concatenate([one, one + 50])
    apart = mixture(two, np.repeat([0, 1], 300))
    # the share of each cloud, 1/2, is all that is lost
    assert apart.loglik == pytest.approx(mixture(one, np.zeros(300, dtype=np.intp)).loglik - np.log(2), abs=1e-3)
    assert apart.entropy == pytest.approx(0, abs=1e-3)
    assert apart.n_params == 11


def test_more_steps_never_describe_worse(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    at = rng.standard_t(4, size=(200, 3))
    labels = rng.integers(0, 3, 200)
    logliks = []
    for steps in (1, 2, 5, 20):
        monkeypatch.setattr(mixtures, "STEPS", steps)
        logliks.append(mixture(at, labels).loglik)
    assert logliks == sorted(logliks)


def test_ties_are_spread_to_the_middles_between_values() -> None:
    at = np.repeat([1.0, 2.0, 4.0], [50, 30, 20])[:, None]
    spread = spread_ties(at, np.random.default_rng(0))[:, 0]
    assert 0.5 <= spread[:50].min() <= spread[:50].max() <= 1.5
    assert 1.5 <= spread[50:80].min() <= spread[50:80].max() <= 3
    assert 3 <= spread[80:].min() <= spread[80:].max() <= 4
    assert len(np.unique(spread)) == 100
    two = np.array([[0.0], [1.0], [1.0]])
    np.testing.assert_array_equal(spread_ties(two, np.random.default_rng(0)), two)


def test_figures_that_say_the_same_are_one_direction() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 100))
    turned = directions(np.column_stack([x, 2 * x, y, x - y]))
    assert turned.shape == (100, 2)
    assert turned.std(axis=0)[0] == pytest.approx(1)
    assert directions(np.zeros((4, 0))).shape == (4, 1)
