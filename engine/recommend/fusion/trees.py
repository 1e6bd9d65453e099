"""Binary trees as plain arrays, asked for many rows at once: what they say, and which features it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.recommend.history import Floats, Ints

ROWS = 8_192  # at once: a column of them stays near the processor

Flags = NDArray[np.bool_]


class Trees(NamedTuple):
    """Parallel arrays with a place for each node, a node before those below it; `roots` says where trees begin.

    A row goes `left` where its `feature` is at most `threshold`, else `right`; `feature` is -1 where a tree ends.
    `value` is there what the tree says, of any other node the mean of what it says to the rows it was grown on.
    """

    roots: Ints
    feature: Ints
    threshold: NDArray[np.float32]
    left: Ints
    right: Ints
    value: Floats

    @property
    def usual(self) -> float:
        """What all trees say together to a row of which nothing is known."""
        return float(self.value[self.roots].sum())

    def said(self, table: NDArray[np.float32]) -> Floats:
        """What all trees say together to each row."""
        grown, total = _Grown(self), np.zeros(len(table))
        for rows, columns in _parts(table):
            for root in grown.roots:
                total[rows] += grown.said(root, columns)
        return total

    def moved(self, table: NDArray[np.float32], groups: Ints, n_groups: int) -> Floats:
        """How far each group of features moves what is said to a row from what is usual; a column per group.

        On its way down each step changes the value of the node that the row is at, and the change belongs to the
        feature that the step asks for. All features together make up the whole difference. `groups` says to which
        group each feature belongs, -1 to none.

        Source: Saabas (2014), "Interpreting random forests".
        """
        grown, found = _Grown(self), np.zeros((n_groups, len(table)))
        of = groups.tolist()
        for rows, columns in _parts(table):
            every = np.ones(columns.shape[1], np.bool_)
            part = found[:, rows]
            for root in grown.roots:
                grown.move(root, columns, every, of, part)
        return found.T

    @classmethod
    def of(cls, boosted: Any) -> Trees:
        """Those of a fitted HistGradientBoostingClassifier of two classes.

        What it has learned is public in no other form than its forecasts; a test holds that these are the same.
        """
        nodes = [tree.nodes for (tree,) in boosted._predictors]
        sizes = np.array([len(tree) for tree in nodes], np.int64)
        roots = np.cumsum(sizes) - sizes
        every, start = np.concatenate(nodes), np.repeat(roots, sizes)
        ends = every["is_leaf"].astype(np.bool_)
        left, right = (np.where(ends, 0, every[side] + start).astype(np.int64) for side in ("left", "right"))
        value, count = every["value"].astype(np.float64), every["count"].astype(np.float64)
        for node in np.flatnonzero(~ends)[::-1].tolist():  # inner nodes have one of another scale
            below = [left[node], right[node]]
            value[node] = np.average(value[below], weights=count[below])
        feature = np.where(ends, -1, every["feature_idx"]).astype(np.int64)
        return cls(roots, feature, _float32_below(every["num_threshold"]), left, right, value)


class _Grown:
    """The same as lists, which are quicker to look one thing up in."""

    def __init__(self, trees: Trees) -> None:
        self.roots, self.feature, self.threshold, self.left, self.right, self.value = (
            array.tolist() for array in trees
        )

    def said(self, node: int, columns: NDArray[np.float32]) -> Any:
        """By all below a node to each row; a number where it says the same to all."""
        if self.feature[node] < 0:
            return self.value[node]
        goes_left = columns[self.feature[node]] <= self.threshold[node]
        return np.where(goes_left, self.said(self.left[node], columns), self.said(self.right[node], columns))

    def move(self, node: int, columns: NDArray[np.float32], here: Flags, groups: Sequence[int], found: Floats) -> None:
        """Add to `found`, by group, what steps below a node change for the rows that come `here`."""
        if self.feature[node] < 0:
            return
        goes_left = columns[self.feature[node]] <= self.threshold[node]
        group = groups[self.feature[node]]
        for child, gone in ((self.left[node], here & goes_left), (self.right[node], here & ~goes_left)):
            if group >= 0:
                found[group] += gone * (self.value[child] - self.value[node])
            self.move(child, columns, gone, groups, found)


def _parts(table: NDArray[np.float32]) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Some rows after others, and their values with a row per feature."""
    for start in range(0, len(table), ROWS):
        rows = slice(start, start + ROWS)
        yield rows, np.ascontiguousarray(table[rows].T)


def _float32_below(values: Floats) -> NDArray[np.float32]:
    """The greatest that is no more, so that values of this sort fall on the same side of it."""
    near: NDArray[np.float32] = values.astype(np.float32)
    return np.where(near > values, np.nextafter(near, np.float32(-np.inf)), near)
