"""How well k clouds with heavy tails describe customers: the likelihood's word on the number of groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.segments.methods import Labels
from engine.segments.prepare import Points

TAIL = 6.0  # degrees of freedom: far customers are part of a cloud, not a cloud of their own
DIRECTIONS = 5
FLAT = 0.02  # of the widest direction's variance: below it, figures that say the same
STEPS = 80
ENOUGH_GAIN = 1e-5  # of the log-likelihood per customer and step
FLOOR = 0.02  # variance added to every cloud: none may shrink onto customers who did the same


class Fit(NamedTuple):
    """Log-likelihood per customer, entropy of who belongs where per customer, number of parameters."""

    loglik: float
    entropy: float
    n_params: int


def spread_ties(points: Points, rng: Generator) -> Points:
    """The points with equal values of a column spread evenly over their share of it.

    Each goes to a random place between the middles to the next smaller and the next larger value. Else the many who
    ordered once would be a perfect group, though the next have ordered twice. Yes and no stay as they are.
    """
    result = np.empty_like(points)
    for at, column in enumerate(points.T):
        values, which = np.unique(column, return_inverse=True)
        if len(values) <= 2:
            result[:, at] = column
            continue
        middles = (values[1:] + values[:-1]) / 2
        low = np.append(2 * values[0] - middles[0], middles)
        high = np.append(middles, values[-1])
        result[:, at] = low[which] + rng.random(len(column)) * (high - low)[which]
    return result


def directions(points: Points) -> Points:
    """The points along at most 5 directions in which they vary most, without those in which they hardly do."""
    if not points.shape[1]:
        return np.zeros((len(points), 1))
    centred = points - points.mean(axis=0)
    variances, axes = np.linalg.eigh(centred.T @ centred / len(points))
    kept = np.argsort(-variances)[:DIRECTIONS]
    kept = kept[variances[kept] >= FLAT * variances.max()]
    scale = np.sqrt(variances.max()) or 1.0
    turned: Points = centred @ axes[:, kept] / scale
    return turned


def mixture(points: Points, labels: Labels, tail: float = TAIL) -> Fit:
    """k clouds, each of its own size, place and shape, fitted from `labels` (0 to k - 1) on.

    Clouds are multivariate t with `tail` degrees of freedom.
    Source: Peel & McLachlan (2000), "Robust mixture modelling using the t distribution", section 4, with fixed degrees.
    """
    from scipy.special import gammaln, logsumexp

    n, d = points.shape
    k = int(labels.max()) + 1
    member = np.zeros((k, n))
    member[labels, np.arange(n)] = 1
    weight = np.ones((k, n))
    before = -np.inf
    constant = gammaln((tail + d) / 2) - gammaln(tail / 2) - d / 2 * np.log(tail * np.pi)
    for _ in range(STEPS):
        logs, far = _densities(points, member, weight, tail, constant)
        total = logsumexp(logs, axis=0)
        loglik = float(total.mean())
        member = np.exp(logs - total)
        weight = (tail + d) / (tail + far)
        if loglik - before < ENOUGH_GAIN:
            break
        before = loglik
    sure = np.where(member > 0, member, 1.0)
    entropy = float(-(sure * np.log(sure)).sum() / n)
    return Fit(loglik, entropy, k - 1 + k * d + k * d * (d + 1) // 2)


def _densities(
    points: Points, member: NDArray[np.float64], weight: NDArray[np.float64], tail: float, constant: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By cloud and customer: log of the cloud's share times its density, and the squared distance in its own units."""
    k, (n, d) = len(member), points.shape
    logs, far = np.empty((k, n)), np.empty((k, n))
    sizes = member.sum(axis=1) + 1e-9
    for cloud in range(k):
        pull = member[cloud] * weight[cloud]
        centre = pull @ points / (pull.sum() + 1e-9)
        off = points - centre
        shape = (off.T * pull) @ off / sizes[cloud] + FLOOR * np.eye(d)
        lower = np.linalg.cholesky(shape)
        scaled = off @ np.linalg.inv(lower).T
        far[cloud] = np.einsum("ij,ij->i", scaled, scaled)
        logs[cloud] = (
            np.log(sizes[cloud] / n)
            + constant
            - np.log(np.diag(lower)).sum()
            - (tail + d) / 2 * np.log1p(far[cloud] / tail)
        )
    return logs, far
