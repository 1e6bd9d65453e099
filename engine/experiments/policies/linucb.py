"""For each person the variant that could be the best for people like that."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.experiments.contexts import Features, Moments, Seen, means_and_doubts
from engine.experiments.floors import all_for
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase

_GROWTH = 8


@dataclass(frozen=True)
class LinUcb:
    """argmax of xᵀθ + width · sqrt(xᵀA⁻¹x), one ridge regression for each variant; ties go by order.

    θ comes from the known outcomes; A counts what was sent, those of the same batch included, so that a batch
    spreads out. `width` is the paper's α; outcomes of a few per cent need a small one.
    Source: Li, Chu, Langford & Schapire (2010), "A Contextual-Bandit Approach to Personalized News Article
    Recommendation", algorithm 1; Desautels, Krause & Burdick (2014) on batches.
    """

    width: float = 0.2
    ridge: float = 1.0

    @property
    def label(self) -> Phrase:
        return Phrase("what could be best for each person")

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        return all_for(int(self.steps(tally, 1)[0]), tally.n_variants)

    def steps(self, tally: Tally, n: int) -> Counts:
        # of people of whom nothing is known, ridge regression is a mean
        won, sent, known = tally.wins.tolist(), tally.sent.tolist(), tally.sends.tolist()
        means = [w / (self.ridge + k) for w, k in zip(won, known, strict=True)]
        chosen = np.empty(n, dtype=np.int64)
        for step in range(n):
            bounds = [
                mean + self.width / math.sqrt(self.ridge + n_sent) for mean, n_sent in zip(means, sent, strict=True)
            ]
            best = bounds.index(max(bounds))
            sent[best] += 1
            chosen[step] = best
        return chosen

    def chances(self, seen: Seen, people: Features, rng: Generator) -> Weights:
        weights: Weights = np.eye(seen.n_variants)[self.choices(Moments.of(seen), people)]
        return weights

    def choices(self, moments: Moments, people: Features) -> Counts:
        """The variant of each of the people, in order.

        A⁻¹ is brought up to date whenever what was sent has grown by an eighth, for one person after another at
        first: in between it changes next to nothing. Source: Abbasi-Yadkori, Pál & Szepesvári (2011), "Improved
        Algorithms for Linear Stochastic Bandits", section 5.1, on switching rarely.
        """
        coefficients, inverse = moments.fit(self.ridge)
        sent = moments.sent + self.ridge * np.eye(coefficients.shape[1])
        chosen = np.empty(len(people), dtype=np.int64)
        begin, n_sent = 0, moments.n_sent
        while begin < len(people):
            end = min(len(people), begin + max(1, n_sent // _GROWTH))
            means, doubts = means_and_doubts(people[begin:end], coefficients, inverse)
            best = (means + self.width * np.sqrt(doubts)).argmax(axis=0)
            chosen[begin:end] = best
            if end < len(people):
                rows = people[begin:end][np.argsort(best.astype(np.int16), kind="stable")]
                start = 0
                for k, stop in enumerate(np.cumsum(np.bincount(best)).tolist()):
                    of_k = rows[start:stop]
                    sent[k] += of_k.T @ of_k
                    start = stop
                inverse[:] = np.linalg.inv(sent)
            n_sent += end - begin
            begin = end
        return chosen

    def one_by_one(self, moments: Moments, people: Iterable[Features]) -> Iterator[int]:
        """The variant of each person as they come (each a vector), with A⁻¹ brought up to date after each."""
        coefficients, inverse = moments.fit(self.ridge)
        n_variants, n_features = coefficients.shape
        flat = inverse.reshape(n_variants * n_features, n_features)
        for x in people:
            leaning = (flat @ x).reshape(n_variants, n_features)
            doubt = leaning @ x
            best = int((coefficients @ x + self.width * np.sqrt(doubt)).argmax())
            # Sherman & Morrison (1950): the inverse after one more row; `flat` is a view of it
            inverse[best] -= leaning[best][:, None] * (leaning[best] / (1 + doubt[best]))
            yield best


POLICY = LinUcb()
