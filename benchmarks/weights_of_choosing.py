"""The weights of `engine.segments.weighing`: those under which the true numbers of groups of made shops are likeliest.

Seeds 0 to 299 of the usual shops. Beside the weights, in how many the likeliest number is right, when the weights
come from others among these shops: eight parts, each judged by the weights of the other seven.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from benchmarks import Figures
from benchmarks.made_shops import USUAL, MadeShop, World, made_shop
from engine.feature_table import Feature, FeatureTable
from engine.phrases import Phrase
from engine.progress import silent
from engine.segments.choose import evidence
from engine.segments.methods.kmeans import KMeans
from engine.segments.prepare import Points, points
from engine.segments.weighing import WEIGHTS, Evidence, reasons

SEEDS = range(300)
PARTS = 8
HELD_BACK = 0.5  # a penalty on the square of each weight in units of its reason's spread

Array = NDArray[np.float64]


def scaled(shop: MadeShop) -> Points:
    """The shop's customers as the engine groups them."""
    features = tuple(Feature(str(key), Phrase(str(key)), "number", "made") for key in shop.frame)
    return points(FeatureTable(shop.frame, features))


def looked_at(seed: int, world: World = USUAL) -> tuple[int, Evidence]:
    """The true number of groups of a made shop, and what the engine measures."""
    shop = made_shop(seed, world)
    group = KMeans(starts=4)._group
    return shop.k, evidence(scaled(shop), group, "auto", np.random.default_rng(seed), silent)


def run(seeds: Sequence[int] = SEEDS) -> Figures:
    with ProcessPoolExecutor() as pool:
        measured = list(pool.map(partial(looked_at, world=USUAL), seeds, chunksize=4))
    truth = np.array([k for k, _ in measured]) - 1
    rows = np.array([reasons(found)[1] for _, found in measured])
    part = np.arange(len(truth)) % PARTS
    right = np.concatenate(
        [
            (rows[part == one] @ likeliest(rows[part != one], truth[part != one])).argmax(axis=1) == truth[part == one]
            for one in range(PARTS)
        ]
    )
    weights = likeliest(rows, truth)
    return Figures(
        f"Weights from {len(truth)} made shops",
        ("reason", "weight", "in use"),
        [(name, f"{weight:.2f}", WEIGHTS[name]) for name, weight in zip(WEIGHTS, weights, strict=True)],
        (f"The likeliest number is right in {right.mean():.3f} of shops judged by the weights of others.",),
    )


def likeliest(rows: Array, truth: NDArray[np.intp]) -> Array:
    """Weights by reason; `rows` has shops, numbers of groups and reasons as its axes."""
    spread = rows.std(axis=(0, 1))
    scaled_rows = rows / spread
    shops = np.arange(len(truth))

    def cost(weights: Array) -> tuple[float, Array]:
        sums = scaled_rows @ weights
        shares = softmax(sums, axis=1)
        true = scaled_rows[shops, truth]
        expected = (shares[:, :, None] * scaled_rows).sum(axis=1)
        loglik = (sums[shops, truth] - logsumexp(sums, axis=1)).sum()
        return HELD_BACK * weights @ weights - loglik, 2 * HELD_BACK * weights - (true - expected).sum(axis=0)

    found: Array = minimize(cost, np.zeros(len(spread)), jac=True, method="L-BFGS-B").x / spread
    return found
