"""What is believed of the rates of a campaign's variants before its outcomes are known, as Beta distributions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.experiments.tally import Tally, Weights

_HIGHEST = 0.95
_ROUNDS = 4
_SURPRISE = 2.0


class Prior(Protocol):
    def betas(self, tally: Tally) -> tuple[Weights, Weights]:
        """a and b of each variant's Beta distribution, before the outcomes in `tally` are counted in."""


@dataclass(frozen=True)
class Beta:
    """The same Beta(a, b) for every variant, whatever the campaign shows."""

    a: float = 1.0
    b: float = 1.0

    def betas(self, tally: Tally) -> tuple[Weights, Weights]:
        return np.full(tally.n_variants, self.a), np.full(tally.n_variants, self.b)


@dataclass(frozen=True)
class Level:
    """A level that all variants share, and how far each may lie from it: empirical Bayes.

    level: the rate to expect; worth as much as `wins` wins, and less where the campaign contradicts it, so a campaign
    soon finds its own. spread: the standard deviation of variants about the level, as a share of it; or what the
    campaign shows, where that is more. tilts: per variant, the factor to expect (left out: 1), with `spreads` of their
    own; both from campaigns before (`engine.experiments.pooling`).

    A prior that names a rate is wrong where a shop's rates are others, and a strong one then keeps to the variant that
    came first. Here only the differences are believed beforehand: the level is that of the campaign itself, where a
    variant's outcomes tell no more of it than its own spread lets them (s / (s + n) of each outcome, s = a + b).
    Source: Morris (1983), "Parametric Empirical Bayes Inference", section 5, on beta-binomial weights; O'Hagan &
    Pericchi (2012), "Bayesian Heavy-tailed Models and Conflict Resolution", on giving up what is contradicted.
    """

    level: float = 0.03
    wins: float = 0.1
    spread: float = 0.5
    tilts: tuple[float, ...] = ()
    spreads: tuple[float, ...] = ()

    def betas(self, tally: Tally) -> tuple[Weights, Weights]:
        # plain numbers: for a handful of variants they are several times as fast as arrays
        wins, sends = tally.wins.tolist(), tally.sends.tolist()
        n = len(sends)
        tilts = self.tilts if len(self.tilts) == n else (1.0,) * n
        spreads = self.spreads if len(self.spreads) == n else (self.spread,) * n
        level, apart = self.level, _apart(wins, sends, tilts)
        squares = [max(spread, apart) ** 2 for spread in spreads]
        versions = list(zip(wins, sends, tilts, squares, strict=True))
        for _ in range(_ROUNDS):
            told = asked = 0.0
            for won, sent, tilt, square in versions:
                size = _size(level * tilt, square)
                share = size / (size + sent)
                told += share * won / tilt
                asked += share * sent
            kept = self._kept(told, asked)
            level = (kept + told) / (kept / self.level + asked)
        rates = np.array([min(level * tilt, _HIGHEST) for tilt in tilts])
        sizes = np.array([_size(rate, square) for rate, square in zip(rates.tolist(), squares, strict=True)])
        return rates * sizes, (1 - rates) * sizes

    def _kept(self, told: float, asked: float) -> float:
        """What of `wins` still counts, where `told` of `asked` came.

        All of it up to _SURPRISE standard deviations from what was expected (of a gamma level, and of outcomes as rare
        as Poisson's), and beyond it less as the fourth power of the distance grows, as if the level had long tails. As
        the square it would be too much: at a rate of .003, what is left of 30 wins is worth hundreds of messages.
        """
        if not asked:
            return self.wins
        variance = self.level**2 / self.wins + self.level / asked
        return self.wins * min(1.0, _SURPRISE**2 * variance / max((told / asked - self.level) ** 2, 1e-12)) ** 2


def _apart(wins: list[int], sends: list[int], tilts: tuple[float, ...]) -> float:
    """How far the campaign's variants lie apart beyond chance, as `spread`; 0 where chance would do.

    Source: DerSimonian & Laird (1986), "Meta-analysis in Clinical Trials", of rates in shares of their mean.
    """
    expected = [tilt * sent for tilt, sent in zip(tilts, sends, strict=True)]
    total = sum(expected)
    level = sum(wins) / total if total else 0.0
    if not 0 < level < 1:
        return 0.0
    q = sum((won - level * e) ** 2 / e for won, e in zip(wins, expected, strict=True) if e) / (level * (1 - level))
    told = (total - sum(e * e for e in expected) / total) * level / (1 - level)
    return max(q - (sum(e > 0 for e in expected) - 1), 0.0) ** 0.5 / told**0.5 if told else 0.0


def _size(rate: float, square: float) -> float:
    """a + b of the Beta with this mean (_HIGHEST at most) and a variance of mean² · square; 1 / square at least."""
    if rate > _HIGHEST:
        rate = _HIGHEST
    # (1 - rate) / (rate · square) - 1 is less than 1 / square from here on
    return 1 / square if rate * (2 + square) > 1 else (1 - rate) / (rate * square) - 1
