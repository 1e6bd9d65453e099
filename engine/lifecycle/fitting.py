"""Fitting a model of purchases: Newton's method on the logs of its parameters, first on a sample, then on all.

The sample's curvature serves all rows, too: scaled up it is right to a percent or so, and each further step of
Newton's method then needs the gradient only and takes two digits off the rest of the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar

import numpy as np

from engine.lifecycle.counts import Floats

Gradient = Callable[[Floats], tuple[float, Floats]]  # logs of the parameters -> log-likelihood, its gradient


class Rows(Protocol):
    """What is known of each customer."""

    def __len__(self) -> int: ...

    def at(self, rows: slice, /) -> Self: ...


Data = TypeVar("Data", bound=Rows)

SAMPLE = 20_000  # customers, every k-th of all
LONGEST_STEP = 1.0  # in logs: a parameter at most e-fold
MOST_STEPS = 100
EXACT = 1e-18  # what is still to be gained in log-likelihood
POLISHED = 1e-8
FLAT = 1e-10  # of the steepest curvature: less than that is no curvature
WIDEST = 1.0  # standard deviation of a parameter's log: beyond, normal is no description of it


@dataclass(frozen=True)
class Prior:
    """What is usual in other shops: independent normals on the logs of the parameters."""

    centre: Floats
    spread: Floats

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        away = (logs - self.centre) / self.spread
        return -0.5 * float(away @ away), -away / self.spread


@dataclass(frozen=True)
class Optimum:
    """The logs of the parameters, the log-likelihood without the prior, and the covariance of the logs."""

    logs: Floats
    loglik: float
    covariance: Floats


def maximise(likelihood: Callable[[Data], Gradient], rows: Data, start: Floats, prior: Prior | None = None) -> Optimum:
    """The most likely parameters, or with a `prior` those of the highest posterior density."""
    step = -(-len(rows) // SAMPLE)
    sample = rows.at(slice(None, None, step)) if step > 1 else rows
    few = likelihood(sample)
    scale = len(rows) / len(sample)
    logs, curvature = _climb(_with(few, prior, 1 / scale), start, None, EXACT if step == 1 else 1e-6)
    every = few
    if step > 1:
        every = likelihood(rows)
        logs, curvature = _climb(_with(every, prior, 1.0), logs, scale * curvature, POLISHED)
    return Optimum(logs, every(logs)[0], _covariance(curvature))


def _with(gradient: Gradient, prior: Prior | None, weight: float) -> Gradient:
    if prior is None:
        return gradient

    def posterior(logs: Floats) -> tuple[float, Floats]:
        value, slope = gradient(logs)
        more, towards = prior(logs)
        return value + weight * more, slope + weight * towards

    return posterior


def _climb(gradient: Gradient, logs: Floats, curvature: Floats | None, enough: float) -> tuple[Floats, Floats]:
    """Where `gradient` is zero, and the negative Hessian there (that which was given, if one was).

    Newton's steps; the Hessian is worked out where they begin and then learnt from what each step shows (BFGS), as it
    costs as much as many steps.
    """
    given = curvature
    value, slope = gradient(logs)
    here = _curvature(gradient, logs) if given is None else given
    for _ in range(MOST_STEPS):
        step = _newton(here, slope)
        if 0.5 * slope @ step < enough:
            break
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        for _ in range(30):
            new_value, new_slope = gradient(logs + step)
            if new_value >= value - 1e-13 * abs(value):
                break
            step /= 2
        else:
            break
        if given is None:
            learnt = _learnt(here, step, slope - new_slope)
            here = _curvature(gradient, logs + step) if learnt is None else learnt
        logs, value, slope = logs + step, new_value, new_slope
    return logs, _curvature(gradient, logs) if given is None else given


def _learnt(curvature: Floats, step: Floats, change: Floats) -> Floats | None:
    """The curvature that agrees with how much the slope changed over a step; None where it curves the wrong way.

    Source: Nocedal and Wright (2006), Numerical Optimization, equation 6.19.
    """
    along, before = float(step @ change), curvature @ step
    expected = float(step @ before)
    if along <= 1e-3 * abs(expected) or expected <= 0:
        return None
    learnt: Floats = curvature + np.outer(change, change) / along - np.outer(before, before) / expected
    return learnt


def _newton(curvature: Floats, slope: Floats) -> Floats:
    """The step uphill: along directions that curve the wrong way, as far as if they curved the right way."""
    values, vectors = np.linalg.eigh(curvature)
    values = np.maximum(np.abs(values), FLAT * max(float(np.abs(values).max()), 1e-300))
    step: Floats = vectors @ ((vectors.T @ slope) / values)
    return step


def _curvature(gradient: Gradient, logs: Floats, width: float = 1e-4) -> Floats:
    """The negative Hessian, by central differences of the gradient."""
    steps = width * np.eye(len(logs))
    rows = [(gradient(logs - step)[1] - gradient(logs + step)[1]) / (2 * width) for step in steps]
    half = np.array(rows)
    return (half + half.T) / 2


def _covariance(curvature: Floats) -> Floats:
    values, vectors = np.linalg.eigh(curvature)
    variances = np.minimum(1 / np.maximum(values, 1 / WIDEST**2), WIDEST**2)
    covariance: Floats = (vectors * variances) @ vectors.T
    return covariance
