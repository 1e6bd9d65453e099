"""Fitting BG/NBD to a million customers beside `lifetimes`, and what the other models cost.

Each round fits both once on the same made-up customers, so that a busy moment of the machine hits them alike; the
medians are told. That both reached the same top is checked with one likelihood, this house's, at both answers.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from benchmarks import Figures
from engine.lifecycle.counts import Counts
from engine.lifecycle.models import model
from engine.lifecycle.models.bgnbd import BgNbd

CUSTOMERS, DAYS, ROUNDS, SEED = 1_000_000, 730, 3, 20261126
LEAST_TIMES = 8.0
MOST_MEMORY = 3.0  # times the table of x, t_x and T


def run(customers: int = CUSTOMERS, rounds: int = ROUNDS) -> Figures:
    """Medians over `rounds` and their ratio, the difference of the likelihoods, and the peak memory of the fit."""
    counts = made_up(customers)
    peer = find_spec("lifetimes") is not None
    ours: list[float] = []
    theirs: list[float] = []
    answer: list[float] = []
    for _ in range(rounds):
        ours.append(_timed(lambda: model("bgnbd").fit(counts)))
        if peer:
            theirs.append(_timed(lambda: answer.extend(_peer(counts))))
    fit = model("bgnbd").fit(counts)
    a = statistics.median(ours)
    table = sum(part.nbytes for part in (counts.x, counts.t_x, counts.T))
    rows = [("a  BG/NBD", f"{a:.2f} s", f"peak {_peak(counts) / table:.1f} × the table (at most {MOST_MEMORY:g})")]
    if peer:
        b = statistics.median(theirs)
        apart = fit.loglik - BgNbd().likelihood(counts)(np.log(answer[:4]))[0]
        rows.append(("b  BG/NBD by lifetimes", f"{b:.2f} s", f"b / a = {b / a:.0f} (at least {LEAST_TIMES:g})"))
        rows.append(("   log-likelihood of a above that of b", f"{apart:+.4f}", f"of {fit.loglik:,.0f}"))
    for name in ("mbgnbd", "pareto_nbd"):
        rows.append((f"c  {name}", f"{_timed(lambda name=name: model(name).fit(counts)):.2f} s", "once"))
    note = "" if peer else "The peer is absent: pip install lifetimes, and run this again."
    return Figures(
        f"Models of purchases, {customers:,} customers, two years of days",
        ("", f"median of {rounds}", ""),
        rows,
        (note,) if note else (),
    )


def made_up(customers: int, seed: int = SEED) -> Counts:
    """Customers who buy and leave as BG/NBD has it, with r .3, alpha 60 days, a .8, b 2.5, counted in whole days."""
    rng = np.random.default_rng(seed)
    until = rng.integers(1, DAYS, customers).astype(float)
    rate, leaves = rng.gamma(0.3, 1 / 60, customers), rng.beta(0.8, 2.5, customers)
    x, last, now = np.zeros((3, customers))
    still = np.arange(customers)
    while len(still):
        now[still] += rng.exponential(1 / np.maximum(rate[still], 1e-12))
        still = still[now[still] <= until[still]]
        x[still] += 1
        last[still] = now[still]
        still = still[rng.random(len(still)) >= leaves[still]]
    return Counts(x, np.floor(last), until)


def _peer(counts: Counts) -> list[float]:
    from lifetimes import BetaGeoFitter  # type: ignore[import-not-found]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = BetaGeoFitter().fit(counts.x, counts.t_x, counts.T)
    return [float(fitter.params_[name]) for name in ("r", "alpha", "a", "b")]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _peak(counts: Counts) -> float:
    """Bytes at the peak of a fit beyond the table itself."""
    tracemalloc.start()
    model("bgnbd").fit(counts)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(peak)
