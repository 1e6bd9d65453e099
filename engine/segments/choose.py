"""How many groups there are: those that come back, stand apart, and describe customers better than fewer do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.progress import Progress
from engine.segments.methods import Auto, Labels
from engine.segments.mixtures import directions, mixture, spread_ties
from engine.segments.prepare import Points
from engine.segments.resampling import (
    ENOUGH,
    Grouper,
    Strength,
    centres,
    n_different,
    nearest,
    prediction_strength,
    stability,
)
from engine.segments.weighing import Evidence, weighed

__all__ = [
    "STEADY",
    "Choice",
    "Grouper",
    "centres",
    "choose",
    "evidence",
    "nearest",
    "one_thread",
    "prediction_strength",
    "silhouette",
    "stability",
]

STEADY = 0.8
LARGEST = 8
CUSTOMERS_PER_GROUP = 10


@dataclass(frozen=True)
class Choice:
    """The number of groups, and what speaks for it and its neighbours: measures by number of groups.

    `weights` says how likely each number is among shops as they were made up to weigh the measures (they sum to 1);
    empty where the user chose k.
    """

    k: int
    strengths: Mapping[int, float]
    silhouettes: Mapping[int, float]
    weights: Mapping[int, float] = field(default_factory=dict)

    def quality(self) -> dict[str, Any]:
        return {
            "silhouette": self.silhouettes.get(self.k, 0.0),
            "silhouettes": {str(k): value for k, value in self.silhouettes.items()},
            "prediction_strength": {str(k): value for k, value in self.strengths.items()},
            "weights": {str(k): value for k, value in self.weights.items()},
        }


def choose(points: Points, group: Grouper, k: int | Auto, rng: Generator, progress: Progress) -> Choice:
    """The likeliest number of groups by all measures together; 1, no groups, where none is likelier.

    Looks at k up to 8 with at least 10 customers to a group on average, or, for a given `k`, at it and its
    neighbours. Above 1,500 customers a sample decides.

    Of 300 made shops with 1 to 7 groups, none of which had a part in it, this was right in .767; prediction strength
    with the silhouette in .500, the silhouette in .467, the gap statistic in .410. Of shops without groups it split a
    tenth, and prediction strength more than half. `python -m benchmarks choosing_k` measures it.
    """
    found = evidence(points, group, k, rng, progress)
    weights = weighed(found) if k == "auto" else {}
    return Choice(
        max(weights, key=weights.__getitem__) if k == "auto" else k,
        {number: strength.mean for number, strength in found.strengths.items()},
        found.silhouettes,
        weights,
    )


def evidence(points: Points, group: Grouper, k: int | Auto, rng: Generator, progress: Progress) -> Evidence:
    """What `choose` goes by."""
    sample = points if len(points) <= ENOUGH else points[rng.choice(len(points), ENOUGH, replace=False)]
    most = n_different(sample)
    tried = [number for number in _tried(len(sample), k) if number <= most]
    strengths: dict[int, Strength] = {}
    silhouettes: dict[int, float] = {}
    with one_thread():
        clouds = directions(spread_ties(sample, rng))
        fits = {1: mixture(clouds, np.zeros(len(sample), dtype=np.intp))}
        for done, number in enumerate(tried):
            progress(Phrase("Trying {n} groups", n=number), done / len(tried))
            labels = group(sample, number, rng)
            strengths[number] = prediction_strength(sample, number, group, rng)
            silhouettes[number] = silhouette(sample, labels, rng)
            fits[number] = mixture(clouds, labels)
    return Evidence(len(sample), strengths, silhouettes, fits)


def _tried(n_customers: int, k: int | Auto) -> Iterable[int]:
    if k == "auto":
        return range(2, min(LARGEST, n_customers // CUSTOMERS_PER_GROUP) + 1)
    return range(max(2, k - 1), k + 2)


def silhouette(points: Points, labels: Labels, rng: Generator) -> float:
    """-1 to 1: how much nearer customers are to their own group than to the next; 0 if each is a group of its own.

    Above 1,500 customers of a sample of these, which moves it by about .01.
    """
    from sklearn.metrics import silhouette_score

    if len(points) > ENOUGH:
        sample = rng.choice(len(points), ENOUGH, replace=False)
        points, labels = points[sample], labels[sample]
    if not 2 <= len(np.unique(labels)) < len(points):
        return 0.0
    return float(silhouette_score(points, labels))


def one_thread() -> AbstractContextManager[object]:
    """Within it, libraries compute on one thread.

    Threads that spin while they wait made this 20 times slower on a busy machine; and sums that are split in another
    way on another machine round differently.
    """
    import sklearn.cluster  # noqa: F401 - of libraries that are loaded later no thread is held back
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits
