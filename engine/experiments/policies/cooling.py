"""All alike until there is something to go by, then by the chance to be best, ever more boldly towards the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from engine.experiments import chances
from engine.experiments.policies.thompson import posterior
from engine.experiments.priors import Level, Prior
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class Cooling:
    """Thompson sampling with an even start and a posterior that is sharpened as fewer sends are left to gain by it.

    Even until all variants together are known as well as by `even` wins each, what the prior is worth and what
    waiting sends are likely to bring included. Then P(variant is best) under a posterior whose a and b are multiplied
    by `wide` + `sharper` · e⁴, where e is the part of the campaign that is out once these are sent: at the start to
    learn is worth its price, for the last send it is worth nothing. Where nobody knows how many are left they are
    multiplied by 1.

    The even start leaves fewer campaigns that give up the best variant for its bad luck; sharpening late and not
    from the start does as well. Both were chosen by `benchmarks/regret.py`, on other seeds than it reports.
    Source: Thompson (1933); May, Korda, Lee & Leslie (2012), "Optimistic Bayesian Sampling", on sharpened posteriors.
    """

    by_what_is_left: ClassVar[bool] = True

    even: float = 5.0
    wide: float = 0.8
    sharper: float = 4.0
    prior: Prior = field(default_factory=lambda: Level(spread=1.0))

    @property
    def label(self) -> Phrase:
        return Phrase("evenly, then ever more for the best")

    def informed(self, prior: Prior) -> Cooling:
        # who is told what to expect needs no even start to find it out
        return replace(self, prior=prior, even=0.0)

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        a, b = self._sharpened(tally)
        return np.full(tally.n_variants, 1 / tally.n_variants) if a is None else chances.of_betas(a, b)

    def draw(self, tally: Tally, rng: Generator) -> int:
        """One variant with the probability of its weight, without working out the weights."""
        a, b = self._sharpened(tally)
        return int(rng.integers(tally.n_variants) if a is None else rng.beta(a, b).argmax())

    def _sharpened(self, tally: Tally) -> tuple[Weights | None, Weights]:
        """a and b of each variant; None for a while the start is even."""
        a, b = posterior(tally, self.prior)
        if a.sum() < self.even * tally.n_variants:
            return None, b
        sent = int(tally.sent.sum())
        if tally.left is None:
            return a, b
        # of a campaign that goes out all at once, all is out
        out = sent / (sent + tally.left) if tally.left else 1.0
        power = self.wide + self.sharper * out**4
        return a * power, b * power


POLICY = Cooling()
