"""The privacy that a shared report really gives, measured on its own figures: does any give away more than it states?

Two shops, one customer apart: an empty one, and one with a single customer who weighs as much as a customer can in
every figure. Each makes 100,000 reports, through the code that makes real ones. If a report is ε-private, then no event
is more than e^ε times as likely with the one shop as with the other. So on one half of the reports the event is looked
for that tells the two apart best (a figure above or below some number), and on the other half it is counted. The
measured ε is the logarithm of the ratio; its lower bound is Clopper & Pearson's, 95 % for all figures together
(Bonferroni). A lower bound above what is stated would be a broken promise.

"all of them at once" weighs the evidence of all figures of a report together by their likelihood ratios, which is the
strongest test there is. The looks of the private k-means are drawn as they are by `engine.privacy.centroids`.

`ZHIKE_RUNS` says how many reports of each shop (100,000).

Source: Jagielski, Ullman & Oprea (2020), "Auditing Differentially Private Machine Learning", section 3; Ding, Wang,
Wang, Zhang & Kifer (2018), "Detecting Violations of Differential Privacy".
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from benchmarks import Figures
from engine.privacy.borders import ORDERS, SEGMENTS, SPENT
from engine.privacy.centroids import GRID, LLOYD, LOOKS, SIZES, START, look, share_of_counts
from engine.privacy.noise import noisy, scale_for
from engine.privacy.release import Asked, CampaignLabel, Exact, release

RUNS = int(os.environ.get("ZHIKE_RUNS", "100000"))
EPSILON = 1.0
ALPHA = 0.05
THRESHOLDS = 200
COMMON = 0.9
DIMENSIONS = 3

Draws = NDArray[np.float64]  # one number per report


@dataclass(frozen=True)
class Measured:
    """`lower`: with what confidence was asked for, the mechanism's real epsilon is no smaller."""

    epsilon: float
    lower: float


def run() -> Figures:
    found = {**of_reports(RUNS, EPSILON), **of_groups(RUNS, 0.1)}
    alpha = ALPHA / len(found)
    rows = []
    for name, (stated, without, within) in found.items():
        made = measured(without, within, alpha)
        kept = "yes" if made.lower <= stated else "NO"
        rows.append((name, f"{stated:.4f}", f"{made.epsilon:.4f}", f"{made.lower:.4f}", kept))
    notes = [f"{RUNS:,} reports of each of two shops, one customer apart; a report of epsilon {EPSILON:g}."]
    header = ("figure", "stated", "measured", "at least", "kept")
    return Figures("Measured epsilon of shared reports", header, rows, notes)


def measured(without: Draws, within: Draws, alpha: float) -> Measured:
    """The epsilon that tells two samples of a statistic apart; the event is chosen on halves that do not count.

    It is the best of many there, so each is judged as strictly as so many ask: else a rare one wins by its luck.
    """
    half = without.size // 2
    cuts = np.unique(np.quantile(np.concatenate([without[:half], within[:half]]), np.linspace(0, 1, THRESHOLDS)))
    best, chosen = -math.inf, (float(cuts[0]), True, False)
    for upper in (True, False):
        hits = [_hits(one[:half], cuts, upper).tolist() for one in (without, within)]
        for swapped in (False, True):
            for cut, high, low in zip(cuts.tolist(), *(hits[::-1] if swapped else hits), strict=True):
                # an event that nearly always happens is sure to tell little
                bound = _lower(high, low, half, alpha / (4 * cuts.size)) if low < COMMON * half else -math.inf
                if bound > best:
                    best, chosen = bound, (cut, upper, swapped)
    cut, upper, swapped = chosen
    counts = [int(_hits(one[half:], np.array([cut]), upper)[0]) for one in (without, within)]
    high, low = counts[::-1] if swapped else counts
    return Measured(math.log(max(high, 1) / max(low, 1)), _lower(high, low, without.size - half, alpha))


def of_reports(runs: int, epsilon: float) -> dict[str, tuple[float, Draws, Draws]]:
    """By figure: the stated epsilon, and a statistic of it in reports of the shop without and with the customer."""
    asked = Asked(epsilon, date(2026, 11, 1), campaigns=(CampaignLabel(1, "win_back", ("A", "B")),))
    told = [_told(exact, asked, runs) for exact in (_shop(0), _shop(1))]
    stated = release(_shop(0), asked, np.random.default_rng(0)).figures
    found = {key: (stated[key].epsilon, told[0][key], told[1][key]) for key in stated}
    total = sum(figure.epsilon for figure in stated.values())
    together = [sum((one[f"evidence {key}"] for key in stated), np.zeros(runs)) for one in told]
    return found | {"all of them at once": (total, together[0], together[1])}


def of_groups(runs: int, epsilon: float) -> dict[str, tuple[float, Draws, Draws]]:
    """The same of what the private k-means looks at, for a customer in a corner of the box; noise around nobody else.

    Whatever middles came before, the customer is one of one count, and all of a corner in one sum.
    """
    told: list[dict[str, Draws]] = []
    for there in (0, 1):
        cells = noisy(np.full((runs, 1), there), epsilon=START * epsilon)[:, 0]
        evidence = {"first guess": _evidence(cells, 1, scale_for(START * epsilon))}
        for at in range(LOOKS):
            evidence[f"look {at + 1}"] = _looked(runs, there, LLOYD * epsilon / LOOKS)
        sizes = noisy(np.full((runs, 1), there), epsilon=SIZES * epsilon)[:, 0]
        evidence["sizes"] = _evidence(sizes, 1, scale_for(SIZES * epsilon))
        told.append(evidence)
    parts = {"first guess": START, **{f"look {at + 1}": LLOYD / LOOKS for at in range(LOOKS)}, "sizes": SIZES}
    found = {f"groups: {name}": (part * epsilon, told[0][name], told[1][name]) for name, part in parts.items()}
    whole = [sum(one.values(), np.zeros(runs)) for one in told]
    return found | {"groups: all of them at once": (epsilon, whole[0], whole[1])}


def _looked(runs: int, there: int, epsilon: float) -> Draws:
    counts, sums = look(np.full((runs, 1), there), np.full((runs, 1, DIMENSIONS), there * GRID), epsilon)
    for_counts = epsilon * share_of_counts(DIMENSIONS)
    of_sums = scale_for(epsilon - for_counts, DIMENSIONS * GRID)
    of_each = _evidence(sums[:, 0], GRID, of_sums).sum(axis=1)
    return np.asarray(_evidence(counts[:, 0], 1, scale_for(for_counts)) + of_each)


def _shop(n: int) -> Exact:
    """`n` customers, 0 or 1: in the first cell of what has no order, and in the last of what has one."""

    def one(cells: int, at: int) -> NDArray[np.int64]:
        counts = np.zeros(cells, np.int64)
        counts[at] = n
        return counts

    return Exact(
        stages=one(8, 0),
        segments=one(len(SEGMENTS), 0),
        spent=one(len(SPENT) + 1, len(SPENT)),
        orders=one(len(ORDERS) + 1, len(ORDERS)),
        places=one(3, 0),
        money=np.full(n, 1e12),
        n_orders=np.full(n, 10_000, np.int64),
        points=np.zeros((n, DIMENSIONS)),
        campaigns=(one(4, 0).reshape(2, 2),),
    )


_AT = {"spent": len(SPENT), "orders": len(ORDERS)}  # the cell of the customer, 0 in all others


def _told(exact: Exact, asked: Asked, runs: int) -> Mapping[str, Draws]:
    """By figure the number that the customer moves, and its evidence for the customer being there."""
    rng = np.random.default_rng(0)
    told: dict[str, Draws] = {}
    for at in range(runs):
        for key, figure in release(exact, asked, rng).figures.items():
            value = float(figure.values[_AT.get(key, 0)])
            moves = {"money": 1000, "all_orders": figure.bound or 0}.get(key, 1)
            weighs = 0.0 if key == "bound" else float(_evidence(np.array(value), moves, figure.scale))
            # a sum whose bound varies is told by its evidence, as its size alone says little
            told.setdefault(key, np.zeros(runs))[at] = weighs if key == "all_orders" else value
            told.setdefault(f"evidence {key}", np.zeros(runs))[at] = weighs
    return told


def _evidence(values: NDArray[np.int64] | Draws, moved: int, scale: float) -> Draws:
    """The logarithm of how much likelier a value is if the exact number is `moved`, and not 0."""
    told = np.asarray(values, float)
    return np.asarray((np.abs(told) - np.abs(told - moved)) / scale)


def _hits(values: Draws, cuts: Draws, upper: bool) -> NDArray[np.int64]:
    """How many values are at least each cut, or at most."""
    ordered = np.sort(values)
    if upper:
        return values.size - np.searchsorted(ordered, cuts, side="left")
    return np.searchsorted(ordered, cuts, side="right").astype(np.int64)


def _lower(high: int, low: int, n: int, alpha: float) -> float:
    """The logarithm of a ratio that is smaller than the true one in at most `alpha` of all cases."""
    if high == 0:
        return -math.inf
    least = float(beta.ppf(alpha / 2, high, n - high + 1))
    most = 1.0 if low == n else float(beta.ppf(1 - alpha / 2, low + 1, n - low))
    return math.log(least / most)
