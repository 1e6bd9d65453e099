"""A tree of questions that leads each customer to a segment, small enough to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]
Costs = NDArray[np.float64]
Codes = NDArray[np.intp]
Path = tuple[tuple[int, int, bool], ...]  # column, cut, whether it is reached
Impurity = Callable[[Costs, Costs], Costs]

PASSES = 6


@dataclass(frozen=True)
class Leaf:
    segment: int


@dataclass(frozen=True)
class Split:
    """Customers who reach cut number `cut` of a column go to `yes`."""

    column: int
    cut: int
    yes: Tree
    no: Tree


Tree = Leaf | Split


@dataclass(frozen=True)
class Answers:
    """Per customer and column, how many cuts are reached, and what each segment costs him.

    `said` is what it costs to say a cut, by column and cut; infinite where a column has no such cut. `group` numbers
    the columns that ask about one and the same thing; a way to a leaf asks about `most_asked` at most.
    """

    codes: Codes
    costs: Costs
    said: Costs
    group: Rows
    most_asked: int

    def sums(self, rows: Rows, weights: Costs) -> Costs:
        """Of the weights of the customers who reach a cut, by column and cut."""
        n_columns, n_cuts = self.said.shape
        width = n_cuts + 1
        flat = (self.codes[rows] + np.arange(n_columns) * width).ravel()
        counted = np.bincount(flat, weights=np.repeat(weights, n_columns), minlength=n_columns * width)
        reached: Costs = counted.reshape(n_columns, width)[:, ::-1].cumsum(axis=1)[:, ::-1]
        return reached[:, 1:]

    def reached(self, column: int, cut: int, rows: Rows) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.codes[rows, column] > cut
        return found


def mistakes(sums: Costs, n: Costs) -> Costs:
    """Gini's impurity, where a customer costs 1 in any segment but his own.

    Source: Breiman, Friedman, Olshen & Stone (1984), "Classification and Regression Trees", section 4.3.
    """
    counts = n[..., None] - sums
    impurity: Costs = n - (counts**2).sum(axis=-1) / np.maximum(n, 1)
    return impurity


def least_cost(sums: Costs, n: Costs) -> Costs:
    """What the cheapest segment costs these customers together."""
    found: Costs = sums.min(axis=-1)
    return found


def grow(answers: Answers, start: Tree, n_leaves: int, impurity: Impurity) -> Iterator[Tree]:
    """`start`, and then larger and larger trees up to `n_leaves`, each by the split that gains most.

    Source: Frost, Moshkovitz & Rashtchian (2020), "ExKMC: Expanding Explainable k-Means Clustering", algorithm 1.
    """
    tree = start
    splits = {path: _best_split(answers, rows, path, impurity) for path, rows in _leaves(answers, tree)}
    yield tree
    for _ in range(n_leaves - n_of_leaves(start)):
        gains = {path: found[0] for path, found in splits.items() if found is not None}
        if not gains:
            return
        path = max(gains, key=lambda key: gains[key])
        found = splits.pop(path)
        if found is None:
            return
        _, split = found
        tree = _put(tree, path, split)
        for side in (True, False):
            below = (*path, (split.column, split.cut, side))
            splits[below] = _best_split(answers, _arrived(answers, below), below, impurity)
        yield tree


def refine(answers: Answers, tree: Tree) -> Tree:
    """The tree with each question in turn replaced by the one that is best while the others stay.

    Source: Carreira-Perpiñán & Tavallali (2018), "Alternating Optimization of Decision Trees", section 3.
    """
    everyone = np.arange(len(answers.codes))
    best, cost = tree, cost_of(answers, tree)
    for _ in range(PASSES):
        better = _refined(answers, best, everyone, ())
        after = cost_of(answers, better)
        if after >= cost - 1e-9:
            break
        best, cost = better, after
    return best


def cost_of(answers: Answers, tree: Tree) -> float:
    """What all customers cost in the segments that the tree gives them, and what it costs to say its questions."""
    everyone = np.arange(len(answers.codes))
    said = sum(answers.said[split.column, split.cut] for split in _splits(tree))
    return float(answers.costs[everyone, assigned(answers, tree, everyone)].sum() + said)


def assigned(answers: Answers, tree: Tree, rows: Rows) -> Rows:
    """The segment of each customer after the tree."""
    if isinstance(tree, Leaf):
        return np.full(len(rows), tree.segment)
    result = np.empty(len(rows), dtype=np.intp)
    yes = answers.reached(tree.column, tree.cut, rows)
    result[yes] = assigned(answers, tree.yes, rows[yes])
    result[~yes] = assigned(answers, tree.no, rows[~yes])
    return result


def merged(tree: Tree) -> Tree:
    """The tree without questions that lead to one segment either way."""
    if isinstance(tree, Leaf):
        return tree
    yes, no = merged(tree.yes), merged(tree.no)
    return yes if yes == no else replace(tree, yes=yes, no=no)


def n_of_leaves(tree: Tree) -> int:
    return 1 if isinstance(tree, Leaf) else n_of_leaves(tree.yes) + n_of_leaves(tree.no)


def ways(tree: Tree, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """The way to each leaf, and its segment."""
    if isinstance(tree, Leaf):
        yield path, tree.segment
        return
    yield from ways(tree.yes, (*path, (tree.column, tree.cut, True)))
    yield from ways(tree.no, (*path, (tree.column, tree.cut, False)))


def parting(answers: Answers, labels: Rows) -> Tree:
    """A tree with a leaf per segment: each cut parts the segments' typical customers with the fewest mistakes.

    Fewer leaves where segments have the same typical customer.

    Source: Dasgupta, Frost, Moshkovitz & Rashtchian (2020), "Explainable k-Means and k-Medians Clustering", section 4.
    """
    present = np.unique(labels)
    typical = {int(segment): np.median(answers.codes[labels == segment], axis=0) for segment in present}
    return _parted(answers, labels, np.arange(len(labels)), typical, ())


def _parted(answers: Answers, labels: Rows, rows: Rows, typical: dict[int, NDArray[np.float64]], path: Path) -> Tree:
    segments = list(typical)
    if len(segments) > 1:
        wrong = np.zeros(answers.said.shape)
        cuts = np.arange(answers.said.shape[1])
        above = np.array([middle[:, None] > cuts for middle in typical.values()])
        mine = rows[np.isin(labels[rows], segments)]
        for segment, reached in zip(segments, above, strict=True):
            of_segment = mine[labels[mine] == segment]
            yes = answers.sums(of_segment, np.ones(len(of_segment)))
            wrong += np.where(reached, len(of_segment) - yes, yes)
        wrong[above.all(axis=0) | ~above.any(axis=0)] = np.inf
        wrong = _allowed(answers, wrong + answers.said, path)
        column, cut = np.unravel_index(int(wrong.argmin()), wrong.shape)
        if np.isfinite(wrong[column, cut]):
            above_it = answers.reached(int(column), int(cut), rows)
            high = {key: middle for key, middle in typical.items() if middle[column] > cut}
            low = {key: middle for key, middle in typical.items() if key not in high}
            at = (int(column), int(cut))
            return Split(
                *at,
                _parted(answers, labels, rows[above_it], high, (*path, (*at, True))),
                _parted(answers, labels, rows[~above_it], low, (*path, (*at, False))),
            )
    sizes = [np.count_nonzero(labels[rows] == segment) for segment in segments]
    return Leaf(segments[int(np.argmax(sizes))])


def _allowed(answers: Answers, costs: Costs, path: Path) -> Costs:
    """The costs, infinite for what the way to here may not ask any more."""
    before = {int(answers.group[column]) for column, _, _ in path}
    if len(before) < answers.most_asked:
        return costs
    return np.where(np.isin(answers.group, list(before))[:, None], costs, np.inf)


def _best_split(answers: Answers, rows: Rows, path: Path, impurity: Impurity) -> tuple[float, Split] | None:
    """The split of these customers that gains most, and what it gains; None if none gains."""
    if len(rows) < 2:
        return None
    costs = answers.costs[rows]
    ones = np.ones(len(rows))
    n_yes = answers.sums(rows, ones)
    yes = np.stack([answers.sums(rows, costs[:, segment]) for segment in range(costs.shape[1])], axis=-1)
    total = costs.sum(axis=0)
    n = float(len(rows))
    after = impurity(yes, n_yes) + impurity(total - yes, n - n_yes) + answers.said
    after[(n_yes == 0) | (n_yes == n)] = np.inf
    after = _allowed(answers, after, path)
    column, cut = np.unravel_index(int(after.argmin()), after.shape)
    gain = float(impurity(total, np.asarray(n)) - after[column, cut])
    if not gain > 1e-9:
        return None
    above = yes[column, cut]
    leaves = Leaf(int(above.argmin())), Leaf(int((total - above).argmin()))
    return gain, Split(int(column), int(cut), *leaves)


def _leaves(answers: Answers, tree: Tree) -> Iterator[tuple[Path, Rows]]:
    for path, _ in ways(tree):
        yield path, _arrived(answers, path)


def _arrived(answers: Answers, path: Path) -> Rows:
    rows = np.arange(len(answers.codes))
    for column, cut, side in path:
        rows = rows[answers.reached(column, cut, rows) == side]
    return rows


def _put(tree: Tree, path: Path, below: Tree) -> Tree:
    if not path or isinstance(tree, Leaf):
        return below
    side = path[0][2]
    if side:
        return replace(tree, yes=_put(tree.yes, path[1:], below))
    return replace(tree, no=_put(tree.no, path[1:], below))


def _splits(tree: Tree) -> Iterator[Split]:
    if isinstance(tree, Split):
        yield tree
        yield from _splits(tree.yes)
        yield from _splits(tree.no)


def _refined(answers: Answers, tree: Tree, rows: Rows, path: Path) -> Tree:
    if not len(rows):
        return tree
    if isinstance(tree, Leaf):
        return Leaf(int(answers.costs[rows].sum(axis=0).argmin()))
    yes = answers.reached(tree.column, tree.cut, rows)
    here = (tree.column, tree.cut)
    high = _refined(answers, tree.yes, rows[yes], (*path, (*here, True)))
    low = _refined(answers, tree.no, rows[~yes], (*path, (*here, False)))
    differs = answers.costs[rows, assigned(answers, high, rows)] - answers.costs[rows, assigned(answers, low, rows)]
    if not differs.any():
        return replace(tree, yes=high, no=low)
    costs = answers.sums(rows, differs) + answers.said
    for column, cut in _cheapest(costs):
        found = Split(column, cut, high, low)
        if costs[column, cut] >= costs[here] or _fits(answers, found, path):
            break
    if costs[column, cut] < costs[here] - 1e-9:
        return found
    return replace(tree, yes=high, no=low)


def _cheapest(costs: Costs, n: int = 12) -> Iterator[tuple[int, int]]:
    flat = costs.ravel()
    few = np.argpartition(flat, min(n, flat.size - 1))[:n]
    for at in few[np.argsort(flat[few], kind="stable")]:
        column, cut = np.unravel_index(int(at), costs.shape)
        yield int(column), int(cut)


def _fits(answers: Answers, tree: Tree, path: Path) -> bool:
    return all(
        len({int(answers.group[column]) for column, _, _ in way}) <= answers.most_asked for way, _ in ways(tree, path)
    )
