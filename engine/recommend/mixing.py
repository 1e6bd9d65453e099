"""The lists of all rankers, mixed into one.

The rule: a product at place p of a ranker's list gets weight / (5 + p) from it, and what it gets from all lists
adds up. What the customer has bought (buy again) leads, since its ranker weighs most; what goes with it (discover)
follows, and lifts what stands in both lists. Rankers of weight 0 fill the places that are left, in their own order.
The reason is that of the weightiest ranker that knows the pair. Nothing is learned yet; weights and the 5 were
chosen on the months July to September of Online Retail.

Source: Cormack, Clarke & Büttcher (2009), "Reciprocal Rank Fusion outperforms Condorcet and individual Rank
Learning Methods", with weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.history import Floats, History, Ints
from engine.recommend.lists import Candidates
from engine.recommend.rankers import Fitted, Kept, Ranker
from engine.recommend.rankers import rankers as registered
from engine.recommend.scores import candidates

HEAD = 5.0
DEPTH = 100  # places of each ranker's list that count
WORDING = 2  # of the reasons, which are stored
BATCH = 500  # customers at once
WEIGHTS = {"repeat": 1.0, "item_to_item": 0.3}
MEMBERS = (*WEIGHTS, "popular")


class Pick(NamedTuple):
    """One product for one customer, by the store's ids."""

    customer: int
    rank: int  # 1, 2, …
    product: int
    score: float  # 1: first on every list; 0: not personal
    ranker: str
    reason: Phrase


class _Chosen(NamedTuple):
    """Parallel arrays, by customer and rank."""

    row: Ints
    rank: Ints
    product: Ints
    score: Floats
    ranker: Ints  # position among the rankers


def members() -> list[Ranker]:
    """The rankers whose lists are mixed."""
    return [registered()[name] for name in MEMBERS]


def settings(rankers: Iterable[Ranker]) -> dict[str, Any]:
    """All that the lists depend on besides the data, as JSON can hold it."""
    return {
        "head": HEAD,
        "weights": WEIGHTS,
        "depth": DEPTH,
        "wording": WORDING,
        "rankers": {ranker.name: asdict(ranker) for ranker in rankers},
    }


def recommended(
    history: History,
    rankers: Sequence[Ranker],
    *,
    top: int = 10,
    customers: Ints | None = None,
    progress: Progress = silent,
) -> Iterator[Pick]:
    """Up to `top` products for each of `customers` (positions; all if None), customer by customer, best first.

    No product comes twice for a customer. Fewer come only where the shop has no more that anyone bought.
    """
    if not history.products.size:
        return
    ordered = _by_weight(rankers)
    fitted = []
    for done, ranker in enumerate(ordered):
        progress(Phrase("Learning from what was bought"), 0.4 * done / len(ordered))
        fitted.append(ranker.fit(history, np.random.default_rng(0)))
    everyone = np.arange(history.customers.size) if customers is None else customers
    for start in range(0, everyone.size, BATCH):
        progress(
            Phrase("Choosing products for customer {done} of {all}", done=start + 1, all=everyone.size),
            0.4 + 0.6 * start / everyone.size,
        )
        batch = everyone[start : start + BATCH]
        yield from _explained(
            history, ordered, fitted, batch, _chosen(ordered, fitted, batch, history.products.size, top)
        )


@dataclass(frozen=True)
class Mix:
    """The rankers of this mix, fitted (`engine.recommend.lists.Fused`)."""

    names: tuple[str, ...]
    rankers: tuple[Ranker, ...]
    fitted: tuple[Fitted, ...]
    n_products: int

    def candidates(self, customers: Ints) -> Candidates:
        chosen = _chosen(self.rankers, self.fitted, customers, self.n_products, self.n_products)
        return Candidates(chosen.row, chosen.product, chosen.score, chosen.ranker)

    def reasons(self, customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
        reason: NDArray[np.object_] = np.empty(customers.size, dtype=object)
        for position in np.unique(ranker).tolist():
            mine = np.flatnonzero(ranker == position)
            reason[mine] = self.fitted[position].reasons(customers[mine], products[mine])
        return list(reason)

    def kept(self) -> Mapping[str, Kept]:
        kept = {name: model.kept() for name, model in zip(self.names, self.fitted, strict=True)}
        return {name: arrays for name, arrays in kept.items() if arrays}


def fit(history: History, rng: np.random.Generator, progress: Progress = silent) -> Mix:
    """The mix of `members`, fitted on a history with at least one product."""
    ordered = _by_weight(members())
    fitted = []
    for done, ranker in enumerate(ordered):
        progress(Phrase("Learning from what was bought"), done / len(ordered))
        fitted.append(ranker.fit(history, rng))
    return Mix(tuple(ranker.name for ranker in ordered), tuple(ordered), tuple(fitted), history.products.size)


def resumed(history: History, kept: Mapping[str, Kept]) -> Mix:
    """The same as fitted before, by what was `kept` then, on a history that has grown since."""
    ordered = _by_weight(members())
    fitted = tuple(ranker.resumed(history, kept.get(ranker.name, {})) for ranker in ordered)
    return Mix(tuple(ranker.name for ranker in ordered), tuple(ordered), fitted, history.products.size)


def _by_weight(rankers: Iterable[Ranker]) -> list[Ranker]:
    return sorted(rankers, key=lambda ranker: (-_weight(ranker), ranker.name))


def _weight(ranker: Ranker) -> float:
    return WEIGHTS.get(ranker.name, 0.0)


def _chosen(rankers: Sequence[Ranker], fitted: Sequence[Fitted], customers: Ints, n_products: int, top: int) -> _Chosen:
    """The rule of this module, for one batch."""
    best = sum(_weight(ranker) for ranker in rankers) / (HEAD + 1)
    parts = []
    for position, (ranker, model) in enumerate(zip(rankers, fitted, strict=True)):
        scores = model.scores(customers)
        row, product, place = candidates(scores, max(DEPTH, top))
        share = _weight(ranker) / (HEAD + place) / (best or 1.0)
        parts.append((row * n_products + product, share, np.full(row.size, position), place))
    pair, shares, known_to, places = (np.concatenate(column) for column in zip(*parts, strict=True))
    # the first mention of a pair is that of its weightiest ranker
    pairs, first, which = np.unique(pair, return_index=True, return_inverse=True)
    score = np.bincount(which, shares, minlength=pairs.size).astype(np.float64)
    row = pairs // n_products
    order = np.lexsort((pairs, places[first], -score, row))
    row = row[order]
    rank = np.arange(row.size) - np.searchsorted(row, row) + 1
    kept = rank <= top
    order = order[kept]
    return _Chosen(row[kept], rank[kept], pairs[order] % n_products, score[order], known_to[first][order])


def _explained(
    history: History, rankers: Sequence[Ranker], fitted: Sequence[Fitted], customers: Ints, chosen: _Chosen
) -> Iterator[Pick]:
    customer = customers[chosen.row]
    reason: NDArray[np.object_] = np.empty(chosen.row.size, dtype=object)
    for position, model in enumerate(fitted):
        mine = np.flatnonzero(chosen.ranker == position)
        if mine.size:
            reason[mine] = model.reasons(customer[mine], chosen.product[mine])
    names = [rankers[position].name for position in chosen.ranker.tolist()]
    columns = (
        history.customers[customer].tolist(),
        chosen.rank.tolist(),
        history.products[chosen.product].tolist(),
        chosen.score.tolist(),
        names,
        reason.tolist(),
    )
    return map(Pick, *columns)
