"""Which group is which of those that were found before, by the customers that both have; and who has moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# of all who are in one of two groups, those in both: of two groups of one size, half of each
LEAST_SHARED = 1 / 3

_NOBODY = -1


@dataclass(frozen=True)
class Match:
    """The group `before` that a group continues; `overlap` is their Jaccard index over customers of both times."""

    before: str
    overlap: float


@dataclass(frozen=True)
class Flow:
    """`n` customers who were in the group `before` are in `now`; None before: they are new, None now: they left."""

    before: str | None
    now: str | None
    n: int


def matched(before: pd.Series, now: pd.Series, *, by_key: Collection[str] = ()) -> dict[str, Match]:
    """The group of before that each group of now continues, by its key; none for a group that is new.

    Both give each customer's group, by customer. Pairs are those of the largest sum of Jaccard indices over the
    customers who are in both; one below a third is no pair. Groups in `by_key` are what their key says, whoever is in
    them, and continue the group of the same key. What groups are called, and their order, changes nothing.

    Source: Kuhn (1955), "The Hungarian Method for the Assignment Problem"; Hennig (2007), "Cluster-wise assessment of
    cluster stability", for the Jaccard index of clusters.
    """
    from scipy.optimize import linear_sum_assignment

    shared = before.index.intersection(now.index).sort_values()
    olds, news = (groups.reindex(shared) for groups in (before, now))
    overlap, old_keys, new_keys = _overlaps(olds, news)
    found = {}
    known = set(before.unique())
    fixed = set(by_key)
    for key in fixed & known & set(now.unique()):
        at = (key in old_keys and key in new_keys) and overlap[old_keys.index(key), new_keys.index(key)]
        found[key] = Match(key, float(at))
    old_free = [at for at, key in enumerate(old_keys) if key not in fixed]
    new_free = [at for at, key in enumerate(new_keys) if key not in fixed]
    worth = overlap[np.ix_(old_free, new_free)]
    worth = np.where(worth >= LEAST_SHARED - 1e-12, worth, 0.0)
    for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
        if worth[row, column] > 0:
            found[new_keys[new_free[column]]] = Match(old_keys[old_free[row]], float(worth[row, column]))
    return found


def _overlaps(olds: pd.Series, news: pd.Series) -> tuple[NDArray[np.float64], list[str], list[str]]:
    """Jaccard indices, old groups in rows; groups stand in the order of their first customer, not of their names."""
    old, old_keys = pd.factorize(olds)
    new, new_keys = pd.factorize(news)
    n_old, n_new = len(old_keys), len(new_keys)
    both = np.bincount(old * n_new + new, minlength=n_old * n_new).reshape(n_old, n_new).astype("float64")
    either = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return both / np.maximum(either, 1.0), [str(key) for key in old_keys], [str(key) for key in new_keys]


def flows(before: pd.Series, now: pd.Series) -> tuple[Flow, ...]:
    """How many were in which group before and are in which now, the most first; each customer counts once."""
    everybody = before.index.union(now.index)
    old, old_keys = pd.factorize(before.reindex(everybody), sort=True)
    new, new_keys = pd.factorize(now.reindex(everybody), sort=True)
    width = len(new_keys) + 1
    pairs, counts = np.unique((old + 1) * width + new + 1, return_counts=True)
    found = [
        Flow(_key(old_keys, pair // width - 1), _key(new_keys, pair % width - 1), int(n))
        for pair, n in zip(pairs.tolist(), counts.tolist(), strict=True)
    ]
    return tuple(sorted(found, key=lambda flow: -flow.n))


def _key(keys: pd.Index, code: int) -> str | None:
    return None if code == _NOBODY else str(keys[code])


def movers(before: pd.Series, now: pd.Series, matches: Mapping[str, str]) -> pd.DataFrame:
    """`before` and `now` of those whose group of now does not continue the one they were in, by customer.

    `matches` gives the group of before that a group of now continues.
    """
    shared = before.index.intersection(now.index).sort_values()
    both = pd.DataFrame({"before": before.reindex(shared), "now": now.reindex(shared)})
    return both[both["now"].map(dict(matches)) != both["before"]]
