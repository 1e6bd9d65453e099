"""From exact figures to figures that may be told: each with its share of the report's epsilon, and nothing else leaves.

Every customer is in one cell of each histogram, and counts in a sum with at most a bound; the bounds are chosen from
histograms that were released before, never from the data. So the report costs the sum of its shares, by sequential
composition, and that is pure differential privacy: no delta.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.privacy.borders import FINEST, ORDERS, SPENT, in_parts
from engine.privacy.centroids import Points, private_groups
from engine.privacy.noise import Ints, border_near, noisy, scale_for, variance

# how the epsilon of a report is parted, in parts of their sum
SHARES: Final[Mapping[str, int]] = {
    "customers": 4,
    "stages": 18,
    "segments": 18,
    "spent": 8,
    "orders": 8,
    "bound": 4,
    "money": 12,
    "all_orders": 6,
    "places": 8,
}
GROUPS: Final = 36  # parts for groups that the data find, in place of the segments' share
CAMPAIGN: Final = 10  # parts for each campaign
HISTOGRAMS: Final = ("stages", "segments", "spent", "orders", "places")
_BEYOND: Final = 2.0  # customers above a bound, in noise scales of its sum
_SURE: Final = 15.6  # 2 ln(25 / .01): by so much a quantile has to stand out among 25 borders (Smith 2011, lemma 2)


@dataclass(frozen=True)
class CampaignLabel:
    """What is public of a campaign: its number, its goal and the letters of its versions."""

    number: int
    goal: str
    versions: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Exact:
    """What is true, and must not leave: by customer in the same order `money`, `n_orders` and `points`.

    `stages`, `segments`, `spent`, `orders`, `places`: how many are in each cell. `campaigns`: for each, versions ×
    (bought, did not); nobody is in one campaign twice.
    """

    stages: Ints
    segments: Ints
    spent: Ints
    orders: Ints
    places: Ints
    money: NDArray[np.float64]
    n_orders: Ints
    points: Points
    campaigns: tuple[Ints, ...] = ()

    @property
    def n(self) -> int:
        return int(self.n_orders.size)


@dataclass(frozen=True)
class Asked:
    """What a report is to tell: all of this is public, and chosen by the owner.

    `groups`: how many groups the data are to find in place of the segments by fixed rules; 0 for none.
    """

    epsilon: float
    as_of: date
    currency: str | None = None
    groups: int = 0
    campaigns: tuple[CampaignLabel, ...] = ()


@dataclass(frozen=True)
class Figure:
    """Numbers with noise of `scale`, in steps of `unit`; `bound`: what a customer counts with at most, in a sum."""

    values: tuple[int, ...]
    epsilon: float
    scale: float
    bound: int | None = None
    unit: float = 1.0


@dataclass(frozen=True)
class Released:
    """All that a report is made of. `middles` of the groups in the box, if some were asked for."""

    asked: Asked
    figures: Mapping[str, Figure]
    middles: tuple[tuple[float, ...], ...] = field(default=())

    @property
    def epsilon(self) -> float:
        """What all figures cost together."""
        return math.fsum(figure.epsilon for figure in self.figures.values())


def parts(asked: Asked) -> dict[str, float]:
    """The epsilon of each figure; they add up to what was asked, and not to more."""
    weights: dict[str, float] = {key: float(share) for key, share in SHARES.items()}
    if asked.groups:
        del weights["segments"]
        weights["groups"] = float(GROUPS)
    for at, _ in enumerate(asked.campaigns):
        weights[f"campaign {at}"] = float(CAMPAIGN)
    whole = math.fsum(weights.values()) * (1 + 1e-9)  # the parts' sum is not to be above the whole by rounding
    return {key: asked.epsilon * weight / whole for key, weight in weights.items()}


def release(exact: Exact, asked: Asked, rng: Generator) -> Released:
    """The figures with noise. `rng` is for the first guesses of groups; the noise has no seed."""
    epsilons = parts(asked)
    figures = {"customers": _counted([exact.n], epsilons["customers"])}
    for key in HISTOGRAMS:
        if key in epsilons:
            figures[key] = _counted(getattr(exact, key), epsilons[key])
    figures["bound"] = _bound(exact.money, figures["spent"], epsilons["bound"])
    figures["money"] = _money(exact.money, figures["bound"].bound or 1, epsilons["money"])
    figures["all_orders"] = _orders(exact.n_orders, figures["orders"], epsilons["all_orders"])
    for at, cells in enumerate(exact.campaigns):
        figures[f"campaign {at}"] = _counted(cells.ravel(), epsilons[f"campaign {at}"])
    middles: tuple[tuple[float, ...], ...] = ()
    if asked.groups:
        found = private_groups(exact.points, asked.groups, epsilons["groups"], rng)
        middles = tuple(tuple(round(float(at), 6) for at in middle) for middle in found.middles)
        figures["groups"] = Figure(tuple(found.sizes.tolist()), epsilons["groups"], found.scale)
    return Released(asked, figures, middles)


def bound_from(histogram: Figure, borders: Sequence[int], epsilon: float) -> int:
    """What a customer shall count with at most: the first border that hardly more are above than the noise weighs.

    From released numbers only. A lower bound leaves out more, a higher one lets in more noise; they weigh alike where
    about one customer per noise scale is above. Source: Amin, Kulesza, Muñoz Medina & Vassilvitskii (2019), "Bounding
    User Contributions: A Bias-Variance Trade-off in Differential Privacy".
    """
    cells = np.array(histogram.values, float)
    above = cells.sum() - np.cumsum(cells)
    noise = np.sqrt(variance(histogram.scale) * np.arange(cells.size - 1, -1, -1))
    for border, beyond in zip(borders, above - noise, strict=False):
        if border > 0 and beyond <= _BEYOND / epsilon:
            return border
    return borders[-1]


def quantile_for(n: float, epsilon: float) -> tuple[float, int]:
    """Which quantile of what `n` customers spent can be told from its neighbours, and how many times it is the bound.

    The highest that stands out: with few customers the median, and then some times as much is what hardly anybody
    spends.
    """
    quantile = float(np.clip(1 - _SURE / (max(n, 1.0) * epsilon), 0.5, 0.99))
    return quantile, 5 if quantile < 0.7 else 2 if quantile < 0.95 else 1


def packed(released: Released) -> dict[str, Any]:
    """As JSON can hold it."""
    asked = released.asked
    return {
        "epsilon": asked.epsilon,
        "as_of": asked.as_of.isoformat(),
        "currency": asked.currency,
        "groups": asked.groups,
        "campaigns": [[one.number, one.goal, list(one.versions)] for one in asked.campaigns],
        "figures": {
            key: [list(one.values), one.epsilon, one.scale, one.bound, one.unit]
            for key, one in released.figures.items()
        },
        "middles": [list(middle) for middle in released.middles],
    }


def unpacked(document: Mapping[str, Any]) -> Released:
    """What `packed` made this of."""
    labels = tuple(CampaignLabel(number, goal, tuple(versions)) for number, goal, versions in document["campaigns"])
    day = date.fromisoformat(document["as_of"])
    asked = Asked(document["epsilon"], day, document["currency"], document["groups"], labels)
    figures = {
        key: Figure(tuple(values), epsilon, scale, bound, unit)
        for key, (values, epsilon, scale, bound, unit) in document["figures"].items()
    }
    return Released(asked, figures, tuple(tuple(middle) for middle in document["middles"]))


def _counted(cells: Sequence[int] | Ints, epsilon: float) -> Figure:
    return Figure(tuple(noisy(cells, epsilon=epsilon).tolist()), epsilon, scale_for(epsilon))


def _bound(money: NDArray[np.float64], spent: Figure, epsilon: float) -> Figure:
    """What a customer's money is to count with at most; nothing spent says nothing of it."""
    quantile, times = quantile_for(float(sum(spent.values[1:])), epsilon)
    some = np.rint(np.clip(money[money > 0], 0, SPENT[-1])).astype(np.int64)
    near = border_near(some, SPENT[1:], quantile, epsilon)
    return Figure((near,), epsilon, 0.0, bound=min(near * times, SPENT[-1]))


def _money(money: NDArray[np.float64], bound: int, epsilon: float) -> Figure:
    value = noisy([in_parts(money, bound)], epsilon=epsilon, sensitivity=FINEST)
    return Figure(tuple(value.tolist()), epsilon, scale_for(epsilon, FINEST), bound, bound / FINEST)


def _orders(n_orders: Ints, orders: Figure, epsilon: float) -> Figure:
    bound = bound_from(orders, ORDERS, epsilon)
    value = noisy([int(np.minimum(n_orders, bound).sum())], epsilon=epsilon, sensitivity=bound)
    return Figure(tuple(value.tolist()), epsilon, scale_for(epsilon, bound), bound)
