"""How often the number of groups is found: shops made up with 1 to 7 groups, beside what others choose by.

The shops are those of `benchmarks.made_shops`, from seed 1,000,000 on; the rule was made with seeds below 10,000, and
these were looked at once it was fixed. All rules see the same points, as the engine prepares them, and k-means with 4
starts; what two rules need is measured once. The other shops are made under settings that had no part in the rule.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from numpy.random import Generator

from benchmarks import Figures
from benchmarks.made_shops import OTHER, USUAL, World, made_shop
from benchmarks.weights_of_choosing import scaled
from engine.progress import silent
from engine.segments.choose import evidence, one_thread
from engine.segments.methods.kmeans import KMeans
from engine.segments.prepare import Points
from engine.segments.resampling import centres
from engine.segments.weighing import Evidence, weighed

FIRST = 1_000_000
SHOPS = 300
OTHER_SHOPS = 100
KNOWN = {"silhouette": ".506", "prediction strength, then silhouette": ".577"}
NUMBERS = range(1, 9)
REFERENCES = 10
GROUP = KMeans(starts=4)._group

Found = tuple[int, Mapping[str, int], Mapping[str, float]]


def run(shops: int = SHOPS, others: int = OTHER_SHOPS) -> Figures:
    usual = _all(range(FIRST, FIRST + shops), USUAL, peers=True)
    return figures(usual, _all(range(FIRST, FIRST + others), OTHER, peers=False))


def figures(usual: Sequence[Found], other: Sequence[Found]) -> Figures:
    rows = []
    for rule in usual[0][1]:
        right = [_share(usual, rule, at) for at in (NUMBERS, (1,), (2, 3, 4), (5, 6, 7))]
        near = np.mean([abs(chosen[rule] - k) <= 1 for k, chosen, _ in usual])
        elsewhere = f"{_share(other, rule, NUMBERS):.3f}" if rule in other[0][1] else ""
        seconds = [took[rule] for _, _, took in usual if rule in took]
        told = f"{np.median(seconds):.1f} s (at most {max(seconds):.1f})" if seconds else ""
        rows.append((rule, KNOWN.get(rule, ""), *(f"{share:.3f}" for share in right), f"{near:.3f}", elsewhere, told))
    header = (
        "rule",
        "reference",
        "right",
        "of 1",
        "of 2-4",
        "of 5-7",
        "within one",
        f"{len(other)} other shops",
        "time",
    )
    return Figures(
        f"The number of groups of {len(usual)} made shops with 1 to 7 groups",
        header,
        rows,
        (
            "“of 1” is right where there are no groups; the rest of it are false splits. Time is of one thread.",
            f"Standard error of “right”: about {np.sqrt(0.25 / len(usual)):.3f}.",
        ),
    )


def _share(found: Sequence[Found], rule: str, among: Sequence[int]) -> float:
    hits = [chosen[rule] == k for k, chosen, _ in found if k in among]
    return float(np.mean(hits)) if hits else float("nan")


def _all(seeds: Sequence[int], world: World, *, peers: bool) -> list[Found]:
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(partial(chosen_for, world=world, peers=peers), seeds, chunksize=2))


def chosen_for(seed: int, world: World, *, peers: bool) -> Found:
    """The true number of groups, and by rule the number that it chooses and the seconds that it takes."""
    shop = made_shop(seed, world)
    points = scaled(shop)
    begin = time.thread_time()
    found = evidence(points, GROUP, "auto", np.random.default_rng(seed), silent)
    weights = weighed(found)
    seconds = {"zhike": time.thread_time() - begin}
    chosen = {
        "zhike": max(weights, key=weights.__getitem__),
        "silhouette": best_silhouette(found),
        "prediction strength, then silhouette": strength_then_silhouette(found),
        "largest steady number (zhike before)": largest_steady(found),
    }
    if peers:
        with one_thread():
            for rule, choose in {"gap statistic": gap_statistic, "BIC of Gaussian mixtures": lowest_bic}.items():
                begin = time.thread_time()
                chosen[rule] = choose(points, np.random.default_rng(seed))
                seconds[rule] = time.thread_time() - begin
    return shop.k, chosen, seconds


def best_silhouette(found: Evidence) -> int:
    return max(found.silhouettes, key=found.silhouettes.__getitem__)


def strength_then_silhouette(found: Evidence) -> int:
    steady = max(strength.mean for strength in found.strengths.values()) > 0.8
    return best_silhouette(found) if steady else 1


def largest_steady(found: Evidence) -> int:
    if max(strength.mean for strength in found.strengths.values()) < 0.8:
        return 1
    return max(k for k, strength in found.strengths.items() if strength.mean + strength.error >= 0.8)


def gap_statistic(points: Points, rng: Generator) -> int:
    """Source: Tibshirani, Walther & Hastie (2001), section 3, references (b) along the principal axes."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    turned = centred @ axes.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    boxes = [rng.uniform(low, high, turned.shape) for _ in range(REFERENCES)]
    drawn = np.array([[_within(box, k, rng) for k in NUMBERS] for box in boxes])
    gaps = drawn.mean(axis=0) - [_within(turned, k, rng) for k in NUMBERS]
    errors = drawn.std(axis=0) * np.sqrt(1 + 1 / REFERENCES)
    enough = np.flatnonzero(gaps[:-1] >= gaps[1:] - errors[1:])
    return int(enough[0]) + 1 if len(enough) else len(gaps)


def _within(points: Points, k: int, rng: Generator) -> float:
    labels = KMeans(starts=1)._group(points, k, rng)
    return float(np.log(((points - centres(points, labels)[labels]) ** 2).sum()))


def lowest_bic(points: Points, rng: Generator) -> int:
    """scikit-learn's mixtures with a full covariance for each group."""
    from sklearn.mixture import GaussianMixture

    seed = int(rng.integers(2**31))
    bics = [GaussianMixture(k, random_state=seed, max_iter=300).fit(points).bic(points) for k in NUMBERS]
    return int(np.argmin(bics)) + 1
