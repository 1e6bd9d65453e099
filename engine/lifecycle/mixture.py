"""Several laws of purchases at once, each in its clock's time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.lifecycle.clock import Clock
from engine.lifecycle.counts import Counts, Floats, Horizon
from engine.lifecycle.fitted import Law


@dataclass(frozen=True)
class Clocked:
    """A law that was fitted in a clock's time."""

    law: Law
    clock: Clock

    def p_alive(self, counts: Counts) -> Floats:
        return self.law.p_alive(self.clock.counts(counts))

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.p_none(self.clock.counts(counts), self.clock.horizon(counts, horizon))

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self.law.expected(self.clock.counts(counts), self.clock.horizon(counts, horizon))

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self.law.at_least(self.clock.counts(counts), self.clock.horizon(counts, horizon), n)


@dataclass(frozen=True)
class Mixture:
    """One of the laws is true, each as likely as its weight says."""

    laws: Sequence[Law]
    weights: Sequence[float]

    def p_alive(self, counts: Counts) -> Floats:
        return self._mean(lambda law: law.p_alive(counts))

    def p_none(self, counts: Counts, horizon: Horizon) -> Floats:
        return self._mean(lambda law: law.p_none(counts, horizon))

    def expected(self, counts: Counts, horizon: Horizon) -> Floats:
        return self._mean(lambda law: law.expected(counts, horizon))

    def at_least(self, counts: Counts, horizon: Horizon, n: Floats) -> Floats:
        return self._mean(lambda law: law.at_least(counts, horizon, n))

    def _mean(self, answer: Callable[[Law], Floats]) -> Floats:
        mean: Floats = np.average([answer(law) for law in self.laws], axis=0, weights=self.weights)
        return mean
