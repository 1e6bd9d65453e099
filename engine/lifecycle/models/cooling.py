"""Customers cool down: half Pareto/NBD, half this and MBG/NBD in the time of a clock that may run fast at first.

A new customer often buys again soon and less often later without being gone. A model that knows no other reason for
fewer purchases than leaving takes too many for gone, and forecasts too little for the far future and too much for those
who have just bought a lot. Where the shop's purchases do not show it, the clock is the usual one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.lifecycle import predictive
from engine.lifecycle.clock import Clock, clock
from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.fitted import Fitted
from engine.lifecycle.mixture import Clocked, Mixture
from engine.lifecycle.models.mbgnbd import MbgNbd
from engine.lifecycle.models.pareto_nbd import ParetoNbd
from engine.phrases import Phrase

USUAL = "pareto_nbd"  # in the usual clock
WEIGHTS = {USUAL: 0.5, "cooling_mbgnbd": 0.25, "cooling_pareto_nbd": 0.25}


@dataclass(frozen=True)
class FittedCooling:
    """The models as `WEIGHTS` has them, and the clock that some were fitted in."""

    clock: Clock
    fits: Mapping[str, Fitted]
    loglik: float

    @property
    def law(self) -> Mixture:
        return Mixture(
            [fit.law if name == USUAL else Clocked(fit.law, self.clock) for name, fit in self.fits.items()],
            [WEIGHTS[name] for name in self.fits],
        )

    @property
    def params(self) -> Mapping[str, float]:
        found = {"boost": self.clock.boost, "fade": self.clock.fade}
        for name, fit in self.fits.items():
            found |= {f"{name}_{param}": value for param, value in fit.params.items()}
        return found

    @property
    def notes(self) -> tuple[Phrase, ...]:
        return tuple(dict.fromkeys(note for fit in self.fits.values() for note in fit.notes))

    def p_alive(self, counts: Counts) -> Floats:
        return self.law.p_alive(counts)

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.p_none(counts, horizon)

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.expected(counts, horizon)

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self.law.at_least(counts, horizon, n)

    def interval(self, counts: Counts, horizon: Horizon, level: float) -> tuple[Floats, Floats]:
        laws = [self.law] if all(fit.sure for fit in self.fits.values()) else [fit.law for fit in self.plausible()]
        return predictive.interval(laws, counts, horizon, level)

    def plausible(self) -> tuple[FittedCooling, ...]:
        together = zip(*(fit.plausible() for fit in self.fits.values()), strict=True)
        return tuple(FittedCooling(self.clock, dict(zip(self.fits, one, strict=True)), self.loglik) for one in together)


@dataclass(frozen=True)
class Cooling:
    def fit(self, counts: Counts) -> FittedCooling:
        """The clock is found with MBG/NBD, the faster of the two. Without `counts.ages` it is the usual one."""
        quick = MbgNbd()
        found = clock(counts, lambda others: quick.fit(others).loglik)
        felt = found.counts(counts)
        pareto = ParetoNbd()
        fits = {
            USUAL: pareto.fit(counts),
            "cooling_mbgnbd": quick.fit(felt),
            "cooling_pareto_nbd": pareto.fit(felt),
        }
        speed = 0.0 if counts.ages is None else found.log_speed(counts.ages)
        likely = [fit.loglik + np.log(WEIGHTS[name]) + speed * (name != USUAL) for name, fit in fits.items()]
        return FittedCooling(found, fits, float(np.logaddexp.reduce(likely)))


MODEL = Cooling()
