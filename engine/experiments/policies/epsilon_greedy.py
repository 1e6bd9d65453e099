"""All for the best rate so far, but for a tenth that goes to all alike."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from engine.experiments.floors import with_floor
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase


@dataclass(frozen=True)
class EpsilonGreedy:
    """`epsilon` is shared out evenly, the rest goes to the best rate so far; ties share it.

    While nothing of a variant is known, its rate is that of all together. What is sent and not answered changes
    nothing.
    Source: Sutton & Barto (2018), "Reinforcement Learning", section 2.2.
    """

    epsilon: float = 0.1

    @property
    def label(self) -> Phrase:
        return Phrase("nine in ten to the best so far")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return with_floor(greedy(tally), self.epsilon / tally.n_variants)

    def draw(self, tally: Tally, rng: Generator) -> int:
        """One variant with the probability of its weight, without working out the weights."""
        if rng.random() < self.epsilon:
            return int(rng.integers(tally.n_variants))
        wins, sends = tally.wins.tolist(), tally.sends.tolist()
        of_all = sum(wins) / max(sum(sends), 1)
        means = [won / sent if sent else of_all for won, sent in zip(wins, sends, strict=True)]
        least = max(means) * (1 - 1e-12)
        best = [k for k, mean in enumerate(means) if mean >= least]
        return best[0] if len(best) == 1 else best[int(rng.integers(len(best)))]


def greedy(tally: Tally) -> Weights:
    """All for the best rate so far, in equal parts where several are best."""
    best = tally.means >= tally.means.max() * (1 - 1e-12)
    weights: Weights = best / best.sum()
    return weights


POLICY = EpsilonGreedy()
