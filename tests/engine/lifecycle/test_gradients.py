"""Gradients against differences of the likelihood, and the integral against a library."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from engine.lifecycle import spend
from engine.lifecycle.counts import Counts, Floats
from engine.lifecycle.fitted import Family
from engine.lifecycle.fitting import Gradient
from engine.lifecycle.models import model
from engine.lifecycle.quadrature import integral


def differences(gradient: Gradient, logs: Floats) -> list[float]:
    steps = 1e-5 * np.eye(len(logs))
    return [(gradient(logs + step)[0] - gradient(logs - step)[0]) / 2e-5 for step in steps]


@pytest.mark.parametrize("name", ["bgnbd", "mbgnbd", "pareto_nbd"])
@pytest.mark.parametrize("params", [(0.5, 30, 0.6, 25), (3.0, 5, 1.4, 90), (0.1, 200, 0.02, 3.0)])
def test_purchases(name: str, params: tuple[float, ...]) -> None:
    rng = np.random.default_rng(3)
    x = np.r_[0, 0, 0, 1, 2, 300, rng.poisson(2, 40)].astype(float)
    time = rng.uniform(20, 200, len(x))
    counts = Counts(x, np.where(x > 0, time * rng.random(len(x)), 0.0), time)
    family: Family = model(name)  # type: ignore[assignment]
    gradient = family.likelihood(counts)
    logs = np.log(params)
    assert gradient(logs)[1] == pytest.approx(differences(gradient, logs), rel=1e-5, abs=1e-4)


def test_spend() -> None:
    rng = np.random.default_rng(4)
    rows = spend.Spending(rng.integers(1, 9, 60).astype(float), rng.gamma(3, 12, 60))
    gradient, logs = spend.likelihood(rows), np.log([6.2, 2.7, 15.4])
    assert gradient(logs)[1] == pytest.approx(differences(gradient, logs), rel=1e-6, abs=1e-5)


@pytest.mark.parametrize(
    ("p", "q", "a", "b", "length"),
    [(0.5, 1.6, 10, 11, 39), (200.5, 1.02, 3, 400, 1), (1.2, 9, 0.5, 0.5, 500), (26.5, 1.6, 41, 42, 0.14)],
)
def test_the_integral_of_the_pareto_nbd(p: float, q: float, a: float, b: float, length: float) -> None:
    def f(t: float) -> float:
        return float((1 + t / a) ** -p * (1 + t / b) ** -q)

    whole = quad(f, 0, length, epsabs=0, epsrel=1e-12, limit=500)[0]
    later = quad(lambda t: np.log1p(t / b) * f(t), 0, length, epsabs=0, epsrel=1e-12, limit=500)[0]
    found = integral(*(np.array([value], dtype=float) for value in (p, q, a, b, length)))
    assert found.log[0] == pytest.approx(np.log(whole), abs=1e-11)
    assert found.log_b[0] == pytest.approx(later / whole, rel=1e-10)


def test_ten_thousand_purchases_do_not_overflow_it() -> None:
    found = integral(*(np.array([value]) for value in (10_000.5, 1.6, 50.0, 60.0, 300.0)))
    # (1 + t/A)^-p falls off within A/p, where (1 + t/B)^-q is still 1 but for its slope: A / (p - 1 + qA/B)
    assert np.exp(found.log[0]) == pytest.approx(50 / (10_000.5 - 1 + 1.6 * 50 / 60), rel=1e-6)
