"""Who gets which variant: a whole batch at once, while none of its outcomes is known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from engine.experiments.contexts import Contextual, Features, Seen
from engine.experiments.floors import with_floor
from engine.experiments.modes import InMode
from engine.experiments.policies import Policy, can_draw, goes_by_steps
from engine.experiments.policies.ucb1 import Ucb1
from engine.experiments.tally import Counts, Tally, Weights

_AHEAD = 1_024


@dataclass(frozen=True, eq=False)
class Assignment:
    """One entry per send, in the order of sending: the index of its variant, and the probability of that choice.

    `chances` has a row for each send with the probability of every variant; None where nothing is drawn.
    """

    variant: Counts
    propensity: Weights
    chances: Weights | None = None


def assign(policy: Policy, tally: Tally, n: int, rng: Generator) -> Assignment:
    """The variants of the next `n` sends.

    A policy that goes by weights gets a random order of shares as near to n times its weights as whole numbers
    allow (for equal weights, sizes differ by at most 1); which variants are rounded up is drawn too. Recorded is the
    weight: exactly the probability with which each single send gets its variant before anything of the batch is
    drawn. (Given the rest of the batch it would be 0 or 1; nobody knows the rest when the batch begins.)

    A policy that goes step by step, such as UCB1, has no chance in it: recorded is 1. What makes its groups
    comparable is the order of the people, so the caller puts them in a random order first. In a mode with a floor
    each of its steps stands but for a chance of K times the floor, when the send is drawn evenly instead.
    """
    if n < 0:
        raise ValueError(f"n is {n}, must be ≥ 0")
    if goes_by_steps(policy):
        return Assignment(policy.steps(tally, n), np.ones(n))
    if isinstance(policy, InMode) and goes_by_steps(policy.policy) and policy.settled(tally) is None:
        rows = np.eye(tally.n_variants)[policy.policy.steps(tally, n)]
        return _drawn(with_floor(rows, policy.mode.floor), rng)
    weights = policy.weights(tally, rng)
    variant = rng.permutation(np.repeat(np.arange(weights.size), _shares(weights, n, rng)))
    return Assignment(variant, weights[variant], np.broadcast_to(weights, (n, weights.size)))


def one_by_one(policy: Policy, tally: Tally, rng: Generator) -> Iterator[tuple[int, float]]:
    """Variant and probability of the next sends, without end, as they are asked for and while no outcome comes in."""
    if isinstance(policy, Ucb1):
        yield from ((variant, 1.0) for variant in policy.one_by_one(tally))
    while goes_by_steps(policy):
        steps = policy.steps(tally, _AHEAD)
        yield from ((variant, 1.0) for variant in steps.tolist())
        tally = replace(tally, waiting=tally.waiting + np.bincount(steps, minlength=tally.n_variants))
    yield from drawn(policy.weights(tally, rng), rng)


def drawn(weights: Weights, rng: Generator) -> Iterator[tuple[int, float]]:
    """Variants drawn by these weights, each with its probability, without end."""
    edges, chances = np.cumsum(weights)[:-1].tolist(), weights.tolist()
    while True:
        for place in rng.random(_AHEAD).tolist():
            variant = bisect_right(edges, place)
            yield variant, chances[variant]


def draw(policy: Policy, tally: Tally, rng: Generator) -> int:
    """The variant of the next send, where an outcome comes in after every one; `policy.weights` is its probability."""
    if isinstance(policy, InMode) and policy.settled(tally) is None:
        even = rng.random() < tally.n_variants * min(policy.mode.floor, 1 / tally.n_variants)
        return int(rng.integers(tally.n_variants)) if even else draw(policy.policy, tally, rng)
    if can_draw(policy):
        return policy.draw(tally, rng)
    if goes_by_steps(policy):
        return int(policy.steps(tally, 1)[0])
    return int(rng.choice(tally.n_variants, p=policy.weights(tally, rng)))


def assign_each(policy: Contextual, seen: Seen, people: Features, rng: Generator, floor: float = 0.0) -> Assignment:
    """The variants of the next people (a row of features each), each drawn by the person's own probabilities."""
    return _drawn(with_floor(policy.chances(seen, people, rng), floor), rng)


def _drawn(weights: Weights, rng: Generator) -> Assignment:
    """A variant for each row of weights, independently."""
    edges = np.cumsum(weights, axis=1)
    variant = (rng.random((len(weights), 1)) * edges[:, -1:] >= edges).sum(axis=1).astype(np.int64)
    variant = np.minimum(variant, weights.shape[1] - 1)
    return Assignment(variant, weights[np.arange(len(weights)), variant], weights)


def _shares(weights: Weights, n: int, rng: Generator) -> Counts:
    """Whole shares of n that sum to n, each n·weight rounded up or down, with mean n·weight (systematic sampling)."""
    # 49 * (1 / 49) is just below 1: without the rounding a variant could lose its only send
    edges = np.floor(np.concatenate([[0.0], np.cumsum(np.round(n * weights, 9))]) + rng.random())
    edges[-1] = n
    return np.diff(edges).astype(np.int64)
