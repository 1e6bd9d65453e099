"""All for the best rate so far, but for a part that goes to all alike and becomes less as outcomes come in."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from engine.experiments.floors import with_floor
from engine.experiments.policies.epsilon_greedy import greedy
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class EpsilonDecaying:
    """A share of min(1, c K / (d² n)) is shared out evenly, n the sends whose outcome is known.

    Sends that nobody has answered teach nothing, so they do not make it less. `distance` is the d: the difference of
    rates that is to be found; `caution` is the c.
    Source: Auer, Cesa-Bianchi & Fischer (2002), figure 3.
    """

    caution: float = 0.05
    distance: float = 0.03

    @property
    def label(self) -> Phrase:
        return Phrase("ever more to the best so far")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        even = self.caution * tally.n_variants / self.distance**2
        return with_floor(greedy(tally), min(1.0, even / max(int(tally.sends.sum()), 1)) / tally.n_variants)


POLICY = EpsilonDecaying()
