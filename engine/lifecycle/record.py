"""How right a churn score was on the shop's own past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.phrases import Phrase

THRESHOLDS = (0.65, 0.8)  # from where on a customer is warned of, and called lost
WARNED, LOST = THRESHOLDS


@dataclass(frozen=True)
class Called:
    """Those whose P(no order) was `threshold` or more. `n_right` of them did not order, of `n_none` who did not."""

    threshold: float
    n_called: int
    n_right: int
    n_none: int

    @property
    def precision(self) -> float | None:
        """None if nobody was called."""
        return self.n_right / self.n_called if self.n_called else None

    @property
    def recall(self) -> float | None:
        """None if everybody ordered."""
        return self.n_right / self.n_none if self.n_none else None


@dataclass(frozen=True)
class Bin:
    """`n` people with like forecasts: the mean P(no order), and the share that did not order."""

    predicted: float
    observed: float
    n: int


@dataclass(frozen=True)
class Measured:
    """One score on all origins: forecasts as they would have been made then, and what happened.

    `n` forecasts about `n_customers` people, `n_none` of them without an order in the horizon. `auc` is the chance that
    somebody who did not order had the higher P(no order) of two, within the same origin, with its 95 % interval.
    `brier_of_average` is the Brier score of telling everybody of an origin the share that came out.
    """

    score: str
    n: int
    n_customers: int
    n_none: int
    auc: float
    auc_low: float
    auc_high: float
    brier: float
    brier_of_average: float
    calls: tuple[Called, ...]  # one for each of THRESHOLDS
    bins: tuple[Bin, ...]  # at most 10, from low to high


@dataclass(frozen=True)
class Total:
    """What was expected of all customers together as of `origin`, and what came: days with an order, and money."""

    origin: date
    orders_expected: float
    orders: int
    money_expected: float
    money: float


@dataclass(frozen=True)
class TrackRecord:
    """What each score that could be tried was worth, the simplest first; `chosen` is one of them.

    `origins` are the days as of which forecasts were made, the latest last; `latest` has what `chosen` called on the
    last of them, by THRESHOLDS. `orders_ratio` is orders that came over orders expected, of the purchase model.
    """

    horizon: int
    origins: tuple[date, ...]
    chosen: str
    reason: Phrase
    measured: tuple[Measured, ...]
    latest: tuple[Called, ...]
    orders_ratio: float
    totals: tuple[Total, ...] = ()  # by origin, the latest last

    @property
    def of_chosen(self) -> Measured:
        (found,) = [measured for measured in self.measured if measured.score == self.chosen]
        return found
