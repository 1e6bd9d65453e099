"""Simulated campaigns: who gets which variant, by which chances, and what comes of it; all of one kind at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.experiments.policies import goes_by_steps, policies
from engine.experiments.tally import Tally

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

N_WAVES = 20
DRAWS = 60


@dataclass(frozen=True, eq=False)
class Campaigns:
    """Messages × campaigns: variant and outcome; messages × campaigns × variants: chances (None: no chance)."""

    variant: Numbers
    outcome: Floats
    chances: Floats | None
    n_variants: int


Choose = Callable[[Numbers, Numbers, Generator], Floats]


def weights_uniform(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
    return np.full(wins.shape, 1 / wins.shape[1])


def thompson(floor: float) -> Choose:
    """The chance to be best under Beta(1, 1), estimated by draws, above a floor shared by all variants."""

    def weights(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
        draws = rng.beta(1 + wins, 1 + sends - wins, (DRAWS, *wins.shape)).argmax(axis=2)
        best = np.stack([(draws == k).mean(axis=0) for k in range(wins.shape[1])], axis=1)
        return floor / wins.shape[1] + (1 - floor) * best

    return weights


def greedy(floor: float) -> Choose:
    def weights(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
        rates = (wins + 0.5) / (sends + 1) + 1e-9 * rng.random(wins.shape)
        best = rates == rates.max(axis=1, keepdims=True)
        return floor / wins.shape[1] + (1 - floor) * best

    return weights


def waved(
    rates: Sequence[float], n: int, n_campaigns: int, choose: Choose, rng: Generator, *, late: bool = False
) -> Campaigns:
    """Campaigns of n messages to all variants together, chosen in waves; each message is drawn by itself."""
    n_variants = len(rates)
    variant = np.empty((n, n_campaigns), np.int64)
    outcome, chances = np.empty((n, n_campaigns)), np.empty((n, n_campaigns, n_variants))
    known = [(np.zeros((n_campaigns, n_variants), np.int64), np.zeros((n_campaigns, n_variants), np.int64))]
    edges = np.unique(np.linspace(0, n, N_WAVES + 1).round().astype(int))
    for wave, (start, end) in enumerate(pairwise(edges.tolist())):
        wins, sends = known[max(0, wave - 1) if late else wave]
        weights = choose(wins, sends, rng)
        chances[start:end] = weights
        chosen = (rng.random((end - start, n_campaigns, 1)) > np.cumsum(weights, axis=1)[None]).sum(axis=2)
        chosen = np.minimum(chosen, n_variants - 1)
        came = rng.random(chosen.shape) < np.asarray(rates)[chosen]
        variant[start:end], outcome[start:end] = chosen, came
        each = [chosen == k for k in range(n_variants)]
        now_wins, now_sends = known[-1]
        known.append(
            (
                now_wins + np.stack([(of & came).sum(axis=0) for of in each], axis=1),
                now_sends + np.stack([of.sum(axis=0) for of in each], axis=1),
            )
        )
    return Campaigns(variant, outcome, chances, n_variants)


def balanced(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """As `assign` shares out evenly: a random order of equal shares."""
    order = np.tile(np.arange(n) % len(rates), (n_campaigns, 1))
    variant = rng.permuted(order, axis=1).T
    outcome = (rng.random(variant.shape) < np.asarray(rates)[variant]).astype(float)
    return Campaigns(variant, outcome, np.full((n, n_campaigns, len(rates)), 1 / len(rates)), len(rates))


def ucb1(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """Each outcome is known before the next message."""
    n_variants, everyone = len(rates), np.arange(n_campaigns)
    answers = rng.random((n, n_campaigns))
    variant, outcome = np.empty((n, n_campaigns), np.int64), np.empty((n, n_campaigns))
    wins, sends = np.zeros((n_campaigns, n_variants)), np.zeros((n_campaigns, n_variants))
    for t in range(n):
        if t < n_variants:
            best = np.full(n_campaigns, t)
        else:
            best = (wins / sends + np.sqrt(2 * np.log(t) / sends)).argmax(axis=1)
        came = answers[t] < np.asarray(rates)[best]
        variant[t], outcome[t] = best, came
        wins[everyone, best] += came
        sends[everyone, best] += 1
    return Campaigns(variant, outcome, None, n_variants)


def by_policy(name: str, rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """Campaigns of one of the house's own policies, in waves, each outcome one wave late."""
    policy, n_variants = policies()[name], len(rates)
    drawn = not goes_by_steps(policy)
    variant, outcome = np.empty((n, n_campaigns), np.int64), np.empty((n, n_campaigns))
    chances = np.empty((n, n_campaigns, n_variants))
    edges = np.unique(np.linspace(0, n, 9).round().astype(int))
    for campaign in range(n_campaigns):
        told = np.zeros((3, n_variants), np.int64)  # wins, sends, and sends not yet answered
        pending = np.zeros((2, n_variants), np.int64)
        for start, end in pairwise(edges.tolist()):
            tally = Tally(told[1], told[0], told[2])
            if goes_by_steps(policy):
                chosen = policy.steps(tally, end - start)
            else:
                weights = policy.weights(tally, rng)
                chances[start:end, campaign] = weights
                chosen = rng.choice(n_variants, end - start, p=weights)
            came = rng.random(end - start) < np.asarray(rates)[chosen]
            variant[start:end, campaign], outcome[start:end, campaign] = chosen, came
            told[:2] += pending
            pending = np.stack(
                [np.bincount(chosen[came], minlength=n_variants), np.bincount(chosen, minlength=n_variants)]
            )
            told[2] = pending[1]
    return Campaigns(variant, outcome, chances if drawn else None, n_variants)


Make = Callable[[Sequence[float], int, int, Generator], Campaigns]


def uniform(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    return balanced(rates, n, n_campaigns, rng)


def bandit(choose: Choose, *, late: bool = False) -> Make:
    def make(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
        return waved(rates, n, n_campaigns, choose, rng, late=late)

    return make


def house(name: str) -> Make:
    def make(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
        return by_policy(name, rates, n, n_campaigns, rng)

    return make


MAKERS: dict[str, Make] = {
    "equal shares": uniform,
    "Thompson, floor 5 %": bandit(thompson(0.05)),
    "Thompson, floor 20 %": bandit(thompson(0.2)),
    "Thompson, floor 5 %, late": bandit(thompson(0.05), late=True),
    "greedy, floor 5 %": bandit(greedy(0.05)),
    "greedy, floor 20 %": bandit(greedy(0.2)),
    "UCB1, outcome by outcome": ucb1,
}
