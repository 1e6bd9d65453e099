"""Models of when customers buy again: one file each, found by its name. `bgnbd.py` is the model `bgnbd`.

A new model is one file here with a frozen dataclass of settings that follows `PurchaseModel`, and a line
`MODEL = …` with its usual settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol

from engine.errors import NotAllowed
from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.phrases import Phrase


class FittedPurchases(Protocol):
    """A model with its parameters; times are in the unit of the counts that it was fitted to."""

    @property
    def params(self) -> Mapping[str, float]:
        """By the names of the literature."""
        ...

    @property
    def loglik(self) -> float:
        """Of the counts that it was fitted to, without what a prior adds."""
        ...

    @property
    def notes(self) -> tuple[Phrase, ...]:
        """What a reader of the forecasts has to know: a boundary that was found, a prior that was used."""
        ...

    def p_alive(self, counts: Counts) -> Floats:
        """P(will ever be able to buy again); no score for churn, see `p_none`."""
        ...

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        """P(no purchase in the `horizon` after the as-of day)."""
        ...

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        """The expected number of purchases in the `horizon` after the as-of day."""
        ...

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        """P(`n` purchases or more in the horizon), for `n` of 1 or more, one per customer."""
        ...

    def interval(self, counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
        """The lowest and the highest number of purchases: each customer's is among them with P >= `level`.

        Whole numbers of an equal-tailed interval of the predictive distribution, which takes in chance and that the
        parameters are estimated; not that the model may be wrong (a backtest tells that).
        """
        ...

    def plausible(self) -> tuple[FittedPurchases, ...]:
        """Equally likely fits which have the mean and covariance of the parameters' uncertainty.

        What they differ in is how sure a figure is.
        """
        ...


class PurchaseModel(Protocol):
    """Settings of a model."""

    def fit(self, counts: Counts) -> FittedPurchases:
        """Fitted by maximum likelihood; with a prior where that has no answer, which its notes say.

        Raises TooLittleData without customers, or where no time has passed since any first purchase.
        """
        ...


def models() -> list[str]:
    """The names of all models, sorted."""
    return sorted(module.name for module in iter_modules(__path__))


def model(name: str) -> PurchaseModel:
    """The model of this name. Raises NotAllowed if there is none."""
    if name not in models():
        raise NotAllowed(
            Phrase("There is no model of purchases named {name}; there are: {known}.", name=name, known=tuple(models()))
        )
    found: PurchaseModel = import_module(f"{__name__}.{name}").MODEL
    return found
