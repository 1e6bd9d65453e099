"""From what rankers say together to two lists for each customer: what to buy again and what to discover."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.phrases import Name, Phrase
from engine.recommend.history import Floats, History, Ints
from engine.recommend.rankers import Kept

Flags = NDArray[np.bool_]

BATCH = 500  # customers at once


class Pick(NamedTuple):
    """One product for one customer, by the store's ids."""

    customer: int
    again: bool  # the customer had bought it before
    rank: int  # 1, 2, … within its list
    product: int
    score: float  # more is better; 0 where nothing personal speaks for it
    ranker: str  # whose reason it is
    reason: Phrase


class Candidates(NamedTuple):
    """Products for some customers: parallel arrays, by customer, the best first."""

    row: Ints  # position among the customers that were asked for
    product: Ints  # position in the history
    score: Floats
    ranker: Ints  # position in `Fused.names`

    def only(self, kept: NDArray[np.bool_] | Ints) -> Candidates:
        return Candidates(*(column[kept] for column in self))


class Fused(Protocol):
    """All rankers, fitted on one history and made one. Customers and products are positions in that history."""

    @property
    def names(self) -> Sequence[str]:
        """Of the rankers."""
        ...

    def candidates(self, customers: Ints) -> Candidates:
        """For each customer each product once that any ranker knows for them: far more than a list holds."""
        ...

    def reasons(self, customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
        """Why each of these candidates, pair by pair, in the words of that ranker."""
        ...

    def kept(self) -> Mapping[str, Kept]:
        """What takes long to learn, by the name of its ranker."""
        ...


class Bought:
    """Whether a customer bought a product of a history before, be it under another number."""

    def __init__(self, history: History) -> None:
        from scipy.sparse import csr_array

        self._shape = (history.customers.size, history.products.size)
        self.twin = twins(history.names)
        where = (history.bought["customer"].to_numpy(), self.twin[history.bought["product"].to_numpy()])
        self._matrix = csr_array((np.ones(len(history.bought), np.float32), where), shape=self._shape)

    def before(self, customers: Ints, candidates: Candidates) -> Flags:
        """Of each candidate for `customers`."""
        if not candidates.row.size:
            return np.zeros(0, np.bool_)
        own = self._matrix[customers]
        own_keys = np.repeat(np.arange(customers.size), np.diff(own.indptr)) * self._shape[1] + own.indices
        flags: Flags = np.isin(candidates.row * self._shape[1] + self.twin[candidates.product], own_keys)
        return flags


def twins(names: Sequence[Name]) -> Ints:
    """For each product the first that goes by the same name: one thing under several numbers is one in a list."""
    first: dict[str, int] = {}
    return np.array(
        [first.setdefault(_folded(name) or f"\0{position}", position) for position, name in enumerate(names)], np.int64
    )


def two_lists(candidates: Candidates, again: Flags, twin: Ints, top: int) -> tuple[Candidates, Flags, Ints]:
    """The first `top` of each list of each customer, which of them are to buy again, and their ranks.

    By customer, those to buy again first. Of products that are one the best stays. `again` is of each candidate.
    """
    _, first = np.unique(candidates.row * (twin.size + 1) + twin[candidates.product], return_index=True)
    first = np.sort(first)
    kept, flags = candidates.only(first), again[first]
    order = np.lexsort((np.arange(first.size), ~flags, kept.row))
    kept, flags = kept.only(order), flags[order]
    rank = places(2 * kept.row + ~flags)
    short = rank <= top
    return kept.only(short), flags[short], rank[short]


def places(groups: Ints) -> Ints:
    """1, 2, … within each run of equal values."""
    starts = np.flatnonzero(np.diff(groups, prepend=groups[:1] - 1)) if groups.size else np.zeros(0, np.int64)
    lengths = np.diff(np.append(starts, groups.size))
    return np.asarray(np.arange(groups.size) - np.repeat(starts, lengths) + 1, np.int64)


def picked(
    history: History, fused: Fused, customers: Ints, chosen: Candidates, again: Flags, rank: Ints
) -> Iterator[Pick]:
    """What was chosen for `customers` (positions), with its reasons and by the store's ids."""
    who = customers[chosen.row]
    columns = (
        history.customers[who].tolist(),
        again.tolist(),
        rank.tolist(),
        history.products[chosen.product].tolist(),
        chosen.score.tolist(),
        [fused.names[position] for position in chosen.ranker.tolist()],
        fused.reasons(who, chosen.product, chosen.ranker),
    )
    return map(Pick, *columns)


class Scored(Protocol):
    @property
    def score(self) -> float: ...


_Scored = TypeVar("_Scored", bound=Scored)


def mixed(again: Sequence[_Scored], new: Sequence[_Scored], n: int, share: float | None) -> list[_Scored]:
    """The first `n` of both lists, each of which keeps its order.

    `share` of them are to buy again, spread evenly, as far as there are so many; with None the better score comes
    first, and of equal ones that to buy again.
    """
    rest, others = list(again), list(new)
    result: list[_Scored] = []
    while len(result) < n and (rest or others):
        if share is None:
            first = bool(rest) and (not others or rest[0].score >= others[0].score)
        else:
            # as many as the share asks for at this place, half a one counting as one
            due = share * (len(result) + 1) + 0.5 >= len(again) - len(rest) + 1
            first = bool(rest) and (not others or due)
        result.append((rest if first else others).pop(0))
    return result


def _folded(name: Name) -> str:
    return " ".join(unicodedata.normalize("NFKC", name.zh or name.en).casefold().split())
