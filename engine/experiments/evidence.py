"""Evidence that one variant is better than another, which stays true however often it is looked at.

For variants k and j, let y be an outcome (1 or 0) of a person who got one of the two, π the chance that of the two it
was k, and c any guess of the rate made from the past. Then X = (y - c)(1[k] - π) has a mean of 0 if the rates are
equal, however the chances were chosen from what was known before: a bandit's choices do no harm, nor does a floor as
low as you like (nothing is divided by π), nor do rates that drift for both. For a difference d of the rates, y - d·1[k]
takes the place of y. `betting` makes wealth of it.

A policy without chance, such as UCB1, has no π. Its outcomes are paired first in, first out: the i-th of k with the
i-th of j, and X = y_k - y_j - d. That needs rates that stay as they are.

Outcomes are bet on in the order of sending, even when many become known at once.

Source: Turner, Ly & Grünwald (2024), "Generic E-variables for Exact Sequential k-Sample Tests"; Waudby-Smith, Wu,
Ramdas, Karampatziakis & Mineiro (2022), "Anytime-valid Off-policy Inference for Contextual Bandits".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.experiments.betting import ENOUGH, Bets, Values, grown
from engine.experiments.plan import LearningPlan
from engine.experiments.tally import Counts, Weights

Outcomes = NDArray[np.int8]
Wealth = NDArray[np.float64]

UNKNOWN = -1
# The rate p that is planned for counts in the guess of the rate as KNOWN / p(1 - p) messages, which bring about so many
# wins where wins are rare: a guess made from fewer is mostly wrong, and one that holds on for longer is too.
KNOWN = 2.5
SMALLEST_LOSS = 1e-6  # that is reckoned with, where the guess is 0
FULL_ENOUGH = 0.8  # share of the known outcomes that have to come before the first unknown one


@dataclass(frozen=True, eq=False)
class Sent:
    """One entry per message, in the order of sending.

    variant: its index. outcome: 1, 0, or UNKNOWN. chances: messages × variants, the chance of each when this one was
    drawn; None if nothing was drawn. by_person: they went by what each person is like, so that those who got one
    variant are others than those who got another, and can be compared by their chances only.
    """

    variant: Counts
    outcome: Outcomes
    chances: Weights | None
    by_person: bool = False

    @property
    def n_variants(self) -> int:
        return int(self.variant.max(initial=0)) + 1 if self.chances is None else self.chances.shape[1]

    def of(self, k: int) -> Outcomes:
        """The known outcomes of one variant, in the order of sending."""
        return np.asarray(self.outcome[(self.variant == k) & (self.outcome != UNKNOWN)], np.int8)


@dataclass(frozen=True, eq=False)
class Evidence:
    """K × K; [k, j] speaks for "k is better than j".

    now: the wealth at the last outcome, 1 at the start. highest: at any outcome so far; this is what a verdict goes
    by: once beaten, stays beaten. left: the variance of what the plan has still to come.
    """

    now: Wealth
    highest: Wealth
    left: Wealth


def evidence(
    sent: Sent, plan: LearningPlan, settled: NDArray[np.bool_] | None = None, looks: int = 1, n_variants: int = 0
) -> Evidence:
    """From all that is known.

    `settled`: per variant, whether an outcome once told stayed as it was (left out: all did). Where misses have
    become wins later, each look sees another path than the look before, and the highest wealth is bounded on each of
    them only. The bound is shared out then: look i gets 1 / (i(i + 1)) of it, which adds up to 1, so the wealth is
    multiplied by that and held against the same threshold as ever. `n_variants`: if more than were sent.
    """
    n_variants = max(n_variants, sent.n_variants)
    now, highest = np.ones((n_variants, n_variants)), np.ones((n_variants, n_variants))
    left = np.zeros((n_variants, n_variants))
    for k in range(n_variants):
        for j in range(k):
            rewritten = settled is not None and not (settled[k] and settled[j])
            times = looks * (looks + 1) if rewritten else 1
            bets, still = comparison(sent, plan, k, j, np.zeros(1), n_variants)
            found = grown(bets, target=ENOUGH * times)
            now[k, j], now[j, k] = found.now[0] / times
            highest[k, j], highest[j, k] = found.highest[0] / times
            left[k, j] = left[j, k] = still
    return Evidence(now, highest, left)


def comparison(
    sent: Sent, plan: LearningPlan, k: int, j: int, differences: Values, n_variants: int
) -> tuple[Bets, float]:
    """Bets on and against each difference of the rates, k minus j (games: differences × 2), and what is still to come.

    The first of the two games speaks for a larger difference, the second for a smaller one.
    """
    whole = _drawn(sent, k, j)
    if whole is None:
        return _paired(sent.of(k), sent.of(j), plan, differences)
    rows = np.flatnonzero(whole)
    of_k, of_j = _chances(sent, rows, k), _chances(sent, rows, j)
    both = of_k + of_j
    planned = plan.planned(len(sent.variant) + 1, n_variants)
    bets = drawn_bets(
        sent.outcome[rows].astype(float)[:, None],
        (sent.variant[rows] == k)[:, None],
        (of_k / both)[:, None],
        (np.maximum(planned[rows] - rows, 0) * both)[:, None],
        plan.middle,
        differences,
    )
    if not rows.size:
        return bets, 0.0
    rest = max(float(planned[rows[-1] + 1] - rows[-1] - 1), 0.0) * float(both[-1])
    pi = float(of_k[-1] / both[-1])
    y = sent.outcome[rows].astype(float)[:, None]
    rate = float(_guesses(y, np.ones_like(y), plan.middle)[-1, 0])
    return bets, rest * rate * (1 - rate) * pi * (1 - pi)


def drawn_bets(
    y: Values,
    is_k: NDArray[np.bool_],
    pi: Values,
    to_come: Values,
    guess: float,
    differences: Values,
    inside: NDArray[np.bool_] | None = None,
) -> Bets:
    """Bets on outcomes of people for whom one of two variants was drawn; games × 2.

    All are messages × games, or may be broadcast to it: y is 1 or 0, pi the chance of k within the two, to_come how
    many messages of the two the plan has from this one on; guess is the rate to begin
    with. Outside of `inside` nothing is bet.
    """
    counts = np.ones_like(y) if inside is None else inside.astype(float)
    shifted = y - differences * is_k
    c = _guesses(shifted, counts, guess)[:-1]
    rate = _guesses(y, counts, min(max(guess, 1e-3), 1 - 1e-3))[:-1]
    left = to_come * rate * (1 - rate) * pi * (1 - pi)
    gains = (shifted - c) * (is_k - pi) * counts
    up = np.maximum((c + differences) * (1 - pi), (1 - c) * pi)
    down = np.maximum((1 - differences - c) * (1 - pi), c * pi)
    return _two_sided(gains, left, up, down)


def paired_bets(
    first: Values,
    second: Values,
    to_come: Values,
    guess: float,
    differences: Values,
    inside: NDArray[np.bool_] | None = None,
) -> Bets:
    """Bets on pairs, one outcome of each variant; as `drawn_bets`, with `to_come` in pairs."""
    counts = np.ones_like(first) if inside is None else inside.astype(float)
    rate = _guesses((first + second) / 2, counts, min(max(guess, 1e-3), 1 - 1e-3))[:-1]
    left = to_come * 2 * rate * (1 - rate)
    gains = (first - second - differences) * counts
    return _two_sided(gains, left, 1 + differences, 1 - differences)


def _drawn(sent: Sent, k: int, j: int) -> NDArray[np.bool_] | None:
    """Whose outcomes can be bet on one by one: all of both variants up to the first unknown; None to pair them.

    What comes after it is left out, as who is known there may hang on which variant it was.
    """
    if sent.chances is None:
        return None
    rows = (sent.variant == k) | (sent.variant == j)
    unknown = rows & (sent.outcome == UNKNOWN)
    before: NDArray[np.bool_] = rows & (np.cumsum(unknown) == 0)
    if not sent.by_person and before.sum() < FULL_ENOUGH * (rows & ~unknown).sum():
        return None
    return before


def _chances(sent: Sent, rows: NDArray[np.int64], k: int) -> Values:
    return np.ones(len(rows)) if sent.chances is None else sent.chances[rows, k]


def _paired(first: Outcomes, second: Outcomes, plan: LearningPlan, differences: Values) -> tuple[Bets, float]:
    n = min(first.size, second.size)
    y, other = (of[:n].astype(float)[:, None] for of in (first, second))
    to_come = np.maximum(plan.planned(2 * n + 1, 2)[::2] / 2 - np.arange(n + 1), 0)[:, None]
    bets = paired_bets(y, other, to_come[:-1], plan.middle, differences)
    rate = float(_guesses((y + other) / 2, np.ones_like(y), plan.middle)[-1, 0])
    return bets, float(to_come[-1, 0]) * 2 * rate * (1 - rate)


def rate_bets(outcomes: Outcomes, planned: float, rates: Values) -> Bets:
    """Bets on and against each of `rates` being that of one variant (games: rates × 2), by its outcomes alone."""
    y = outcomes.astype(float)[:, None]
    to_come = np.maximum(planned - np.arange(len(y)), 0)[:, None] * rates * (1 - rates)
    ones = np.ones((len(y), 1))
    return _two_sided(y - rates, to_come, ones * rates, ones * (1 - rates))


def _two_sided(gains: Values, left: Values, up: Values, down: Values) -> Bets:
    shape = np.broadcast_shapes(gains.shape, left.shape, up.shape)
    gains, left, up, down = (np.broadcast_to(values, shape) for values in (gains, left, up, down))
    return Bets(
        np.stack([gains, -gains], axis=-1),
        np.stack([left, left], axis=-1),
        np.maximum(np.stack([up, down], axis=-1), SMALLEST_LOSS),
    )


def _guesses(values: Values, counts: Values, start: float) -> Values:
    """Before each value, and after the last: the mean of those that count, and of `start` for some more (see KNOWN)."""
    prior_sends = KNOWN / max(start * (1 - start), 1e-3)
    shape = np.broadcast_shapes(values.shape, counts.shape)
    guesses = np.empty((shape[0] + 1, *shape[1:]))
    guesses[0] = 0
    np.cumsum(values * counts, axis=0, out=guesses[1:])
    seen = np.concatenate([np.zeros((1, *counts.shape[1:])), np.cumsum(counts, axis=0)])
    guesses += prior_sends * start
    guesses /= seen + prior_sends
    return guesses


def in_some_order(reports: Sequence[tuple[int, int]], rng: Generator) -> Outcomes:
    """The outcomes of one variant when only counts are known: reports of (wins, sends) so far, oldest first.

    What one report adds to the one before is a batch. Its order is unknown and is drawn from `rng`: outcomes of one
    variant are alike, so any order that is drawn without looking at the other variants is as good as the true one.
    A report that takes something back (a correction, or someone counted as a miss who came later) is no addition:
    it replaces the reports before it back to the newest that it adds to. With the same `rng` and as many sends the
    earlier wins keep their places then, and late wins fall among the misses.
    """
    steps: list[tuple[int, int]] = []
    for wins, sends in reports:
        while steps and not _adds(steps[-1], (wins, sends)):
            steps.pop()
        steps.append((wins, sends))
    batches = [np.zeros(0, dtype=np.int8)]
    seen = (0, 0)
    for step in steps:
        batch = np.zeros(step[1] - seen[1], dtype=np.int8)
        batch[rng.permutation(batch.size)[: step[0] - seen[0]]] = 1
        batches.append(batch)
        seen = step
    return np.concatenate(batches)


def adds_up(reports: Sequence[tuple[int, int]]) -> bool:
    """Whether each report of (wins, sends) so far only adds to the one before it: nothing was rewritten."""
    return all(_adds(before, after) for before, after in pairwise(reports))


def _adds(before: tuple[int, int], after: tuple[int, int]) -> bool:
    return after[0] >= before[0] and after[1] - after[0] >= before[1] - before[0]
