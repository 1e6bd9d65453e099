"""How good forecasts of "no order" were: AUC, Brier score, precision and recall, calibration.

Forecasts of several origins are measured together. AUC compares only people of the same origin, and its error takes in
that the same person is forecast at several origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.lifecycle.purchases import Bools, Floats, Ints
from engine.lifecycle.record import THRESHOLDS, Bin, Called, Measured

MOST_BINS = 10
FEWEST_IN_BIN = 20
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Outcomes:
    """What happened after one origin to `customers` (identifiers): whether no order came, and how many did."""

    customers: Ints
    none: Bools
    n_orders: Floats

    @property
    def can_rank(self) -> bool:
        return bool(self.none.any() and not self.none.all())


@dataclass(frozen=True)
class Ranked:
    """AUC over all origins; `influence` is what each customer's forecasts add to its error, by identifier."""

    auc: float
    customers: Ints
    influence: Floats
    least: float  # variance if nothing is left to chance in the data seen

    @property
    def error(self) -> float:
        return float(np.sqrt(max(float(self.influence @ self.influence), self.least)))

    def behind(self, other: Ranked) -> tuple[float, float]:
        """How much lower this AUC is than the other on the same forecasts, and the standard error of that."""
        apart = self.influence - other.influence
        return other.auc - self.auc, float(np.sqrt(apart @ apart))


def ranked(outcomes: Sequence[Outcomes], p_none: Sequence[Floats]) -> Ranked:
    """The AUC of `p_none`, weighted over the origins by how much each can tell; at least one has to have both kinds.

    With one origin the error is that of DeLong, DeLong & Clarke-Pearson (1988), eq. 4 and 5.
    """
    customers = np.unique(np.concatenate([outcome.customers for outcome in outcomes]))
    influence = np.zeros(customers.size)
    parts = [
        (outcome, p, outcome.none.sum() * (~outcome.none).sum() / outcome.none.size)
        for outcome, p in zip(outcomes, p_none, strict=True)
        if outcome.can_rank
    ]
    weights = sum(weight for _, _, weight in parts)
    auc = least = 0.0
    for outcome, p, weight in parts:
        area, placements = _placements(outcome.none, p)
        auc += weight / weights * area
        where = np.searchsorted(customers, outcome.customers)
        np.add.at(influence, where, weight / weights * placements)
        least += (weight / weights) ** 2 * _least_variance(area, outcome.none)
    return Ranked(float(auc), customers, influence, float(least) if not influence.any() else 0.0)


def _placements(none: Bools, p: Floats) -> tuple[float, Floats]:
    """AUC within one origin, and each person's part of its error."""
    from scipy.stats import rankdata

    n_none, n_some = int(none.sum()), int((~none).sum())
    ranks = rankdata(p)
    above = np.empty(none.size)
    above[none] = (ranks[none] - rankdata(p[none])) / n_some
    above[~none] = 1 - (ranks[~none] - rankdata(p[~none])) / n_none
    area = float(above[none].mean())
    above[none] = (above[none] - area) / np.sqrt(n_none * max(n_none - 1, 1))
    above[~none] = (above[~none] - area) / np.sqrt(n_some * max(n_some - 1, 1))
    return area, above


def _least_variance(area: float, none: Bools) -> float:
    """Hanley & McNeil (1982), eq. 1, half a pair away from an area of 0 or 1, where the placements show no error."""
    n_none, n_some = int(none.sum()), int((~none).sum())
    a = (area * n_none * n_some + 0.5) / (n_none * n_some + 1)
    q_none, q_some = a / (2 - a), 2 * a * a / (1 + a)
    return (a * (1 - a) + (n_none - 1) * (q_none - a * a) + (n_some - 1) * (q_some - a * a)) / (n_none * n_some)


def called(threshold: float, none: Bools, p: Floats) -> Called:
    calls = p >= threshold
    return Called(threshold, int(calls.sum()), int((calls & none).sum()), int(none.sum()))


def brier(none: Bools, p: Floats) -> float:
    return float(np.mean((p - none) ** 2))


def further_off(
    outcomes: Sequence[Outcomes], p_none: Sequence[Floats], others: Sequence[Floats]
) -> tuple[float, float]:
    """How much higher the Brier score of `p_none` is than that of `others`, and the standard error of that.

    The error takes in that the same person is forecast at several origins.
    """
    none = np.concatenate([outcome.none for outcome in outcomes])
    worse = (np.concatenate(p_none) - none) ** 2 - (np.concatenate(others) - none) ** 2
    _, who = np.unique(np.concatenate([outcome.customers for outcome in outcomes]), return_inverse=True)
    by_person = np.bincount(who, weights=worse - worse.mean())
    return float(worse.mean()), float(np.sqrt(by_person @ by_person)) / worse.size


def bins(none: Bools, p: Floats) -> tuple[Bin, ...]:
    """At most MOST_BINS groups of about equal size with like forecasts; equal forecasts are in one group."""
    n_bins = max(1, min(MOST_BINS, p.size // FEWEST_IN_BIN))
    edges = np.unique(np.quantile(p, np.arange(1, n_bins) / n_bins))
    which = np.searchsorted(edges, p, side="left")
    return tuple(
        Bin(float(p[which == group].mean()), float(none[which == group].mean()), int((which == group).sum()))
        for group in np.unique(which)
    )


def measured(score: str, outcomes: Sequence[Outcomes], p_none: Sequence[Floats], order: Ranked) -> Measured:
    """All measures of one score; `order` is its AUC on the same forecasts."""
    none, p = np.concatenate([outcome.none for outcome in outcomes]), np.concatenate(p_none)
    off = NORMAL_95 * order.error
    shares = [float(outcome.none.mean()) for outcome in outcomes]
    return Measured(
        score=score,
        n=none.size,
        n_customers=order.customers.size,
        n_none=int(none.sum()),
        auc=order.auc,
        auc_low=max(0.0, order.auc - off),
        auc_high=min(1.0, order.auc + off),
        brier=brier(none, p),
        brier_of_average=float(
            np.average([share * (1 - share) for share in shares], weights=[outcome.none.size for outcome in outcomes])
        ),
        calls=tuple(called(threshold, none, p) for threshold in THRESHOLDS),
        bins=bins(none, p),
    )
