"""Rules that name a segment in the shop's own units, and how often they are right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.borders import settled
from engine.segments.methods import Labels
from engine.segments.prepare import Points
from engine.segments.questions import Asked, asked
from engine.segments.rules import Bounds, Box, box_of, said
from engine.segments.tree import (
    Answers,
    Leaf,
    Path,
    Tree,
    assigned,
    grow,
    merged,
    mistakes,
    n_of_leaves,
    parting,
    refine,
    ways,
)

Rules = tuple[Phrase, ...]

ENOUGH = 10_000  # customers to look for rules with
MOST_ASKED = 3  # things that one set of rules is about: more are not remembered
MANY_SEGMENTS, MORE_ASKED = 8, 4
PER_LEAF = 0.01  # of the customers, whom one more set of rules must name rightly to be worth saying
PER_DIGIT = 0.0007  # of the customers: a plain number is worth that many mistakes
REFINED = 3  # of the trees that grew, the most promising


@dataclass(frozen=True)
class Sorter:
    """The rules as a tree of questions, for customers of whatever table has these features."""

    questions: tuple[Asked, ...]
    tree: Tree

    def segments(self, frame: pd.DataFrame) -> Labels:
        used = {column for path, _ in ways(self.tree) for column, _, _ in path}
        codes = np.zeros((len(frame), len(self.questions)), dtype=np.intp)
        for column in used:
            codes[:, column] = self.questions[column].codes(frame)
        nothing = np.zeros((len(self.questions), 1))
        answers = Answers(codes, nothing, nothing, np.zeros(len(self.questions), dtype=np.intp), 0)
        return assigned(answers, self.tree, np.arange(len(frame)))

    def boxes(self, segment: int) -> list[Box]:
        return [box_of(path, self.questions) for path, leaf in ways(self.tree) if leaf == segment]


@dataclass(frozen=True)
class Explanation:
    """`sets[i]` are the sets of rules of segment i: its members keep all rules of one of them.

    A segment that nothing sets apart has none. `labels` are the segments, which near a border follow the rules, if
    that was wanted; `agreement` is the share of customers whose segment is that of the rules, `agreement_found`
    the same for the groups as they were found, `n_moved` how many follow the rules, and `kept` how much of what the
    found groups explained the segments still do, 0 to 1. `covered[i]` is the share of the members of segment i whom
    its rules name, `right[i]` that of members among those they name.
    """

    sets: tuple[tuple[Rules, ...], ...]
    labels: Labels
    agreement: float
    agreement_found: float
    n_moved: int
    kept: float
    covered: tuple[float, ...]
    right: tuple[float, ...]
    n_leaves: int
    sorter: Sorter


def explain(table: FeatureTable, labels: Labels, currency: str | None, points: Points | None = None) -> Explanation:
    """The rules of each segment, by a tree of round numbers with at most twice as many leaves as segments.

    A leaf more is only there if it names 1 % of the customers more. With `points`, in which the groups were found,
    customers near a border go with the rules (`engine.segments.borders`).
    """
    sorter = rules_for(table, labels)
    named = sorter.segments(table.frame)
    final, kept = labels, 1.0
    if points is not None:
        final, sorter, named, kept = _settled(table, labels, sorter, named, points)
    n = int(labels.max()) + 1
    boxes = [_with_members(sorter, table.frame, segment) for segment in range(n)]
    hits = np.bincount(final[named == final], minlength=n)
    return Explanation(
        sets=tuple(tuple(said(box, table, currency) for box in some if box) for some in boxes),
        labels=final,
        agreement=float(np.mean(named == final)),
        agreement_found=float(np.mean(named == labels)),
        n_moved=int(np.count_nonzero(final != labels)),
        kept=kept,
        covered=_shares(hits, np.bincount(final, minlength=n)),
        right=_shares(hits, np.bincount(named, minlength=n)),
        n_leaves=n_of_leaves(sorter.tree),
        sorter=sorter,
    )


def _shares(part: Labels, whole: Labels) -> tuple[float, ...]:
    return tuple((part / np.maximum(whole, 1)).tolist())


def _settled(
    table: FeatureTable, labels: Labels, sorter: Sorter, named: Labels, points: Points
) -> tuple[Labels, Sorter, Labels, float]:
    """Customers near a border go with the rules, and the rules are looked for anew until both agree."""
    final, kept = settled(points, labels, labels, named)
    for _ in range(2):
        if np.mean(final == named) > 0.99:
            break
        again = rules_for(table, final)
        renamed = again.segments(table.frame)
        moved, still = settled(points, labels, final, renamed)
        if np.mean(moved == renamed) <= np.mean(final == named):
            break
        final, sorter, named, kept = moved, again, renamed, still
    return final, sorter, named, kept


def rules_for(table: FeatureTable, labels: Labels) -> Sorter:
    """The tree that names the segments best, from a sample above 10,000 customers."""
    if len(table) > ENOUGH:
        every = np.linspace(0, len(table) - 1, ENOUGH).astype(np.intp)
        table, labels = FeatureTable(table.frame.iloc[every], table.features), labels[every]
    questions = tuple(asked(table, labels))
    present, own = np.unique(labels, return_inverse=True)
    if not questions or len(present) == 1:
        return Sorter(questions, Leaf(int(present[np.bincount(own).argmax()])))
    answers = _answers(table, questions, own, len(present))
    return Sorter(questions, _numbered(_best_tree(answers, own, len(present)), present))


def _numbered(tree: Tree, numbers: Labels) -> Tree:
    if isinstance(tree, Leaf):
        return Leaf(int(numbers[tree.segment]))
    return type(tree)(tree.column, tree.cut, _numbered(tree.yes, numbers), _numbered(tree.no, numbers))


def _answers(table: FeatureTable, questions: Sequence[Asked], labels: Labels, k: int) -> Answers:
    codes = np.column_stack([question.codes(table.frame) for question in questions])
    said = np.full((len(questions), max(len(question.cuts) for question in questions)), np.inf)
    for column, question in enumerate(questions):
        said[column, : len(question.cuts)] = question.roundness() * PER_DIGIT * len(table)
    groups: dict[tuple[str, ...], int] = {}
    about = np.array([groups.setdefault(question.keys, len(groups)) for question in questions])
    costs = 1.0 - (labels[:, None] == np.arange(k))
    return Answers(codes, costs, said, about, MOST_ASKED if k <= MANY_SEGMENTS else MORE_ASKED)


def _best_tree(answers: Answers, labels: Labels, k: int) -> Tree:
    """The tree that is worth most of those that have a leaf for most segments."""
    found = list(_refined(answers, Leaf(0), k))
    if not any(_worth(answers, tree)[0] == k for tree in found):
        found += _refined(answers, parting(answers, labels), k)
    return max(found, key=lambda tree: _worth(answers, tree))


def _refined(answers: Answers, start: Tree, k: int) -> Iterator[Tree]:
    grown = [tree for tree in grow(answers, start, 2 * k, mistakes) if n_of_leaves(tree) >= k] or [start]
    for tree in sorted(grown, key=lambda tree: _worth(answers, tree), reverse=True)[:REFINED]:
        yield merged(refine(answers, tree))


def _worth(answers: Answers, tree: Tree) -> tuple[int, float]:
    """How many segments it has, and then the share it names rightly, less what its leaves cost."""
    everyone = np.arange(len(answers.codes))
    named = assigned(answers, tree, everyone)
    right = 1.0 - float(answers.costs[everyone, named].mean())
    return len(np.unique(named)), right - PER_LEAF * n_of_leaves(tree)


def _with_members(sorter: Sorter, frame: pd.DataFrame, segment: int) -> list[Box]:
    """The boxes of a segment without bounds that leave nobody out, the largest first; none that is empty."""
    sized = []
    for box in sorter.boxes(segment):
        plain = _without_idle_bounds(box, frame)
        inside = int(plain_mask(plain, frame).sum())
        if inside:
            sized.append((inside, plain))
    return [box for _, box in sorted(sized, key=lambda one: -one[0])]


def plain_mask(box: Box, frame: pd.DataFrame) -> np.ndarray:
    inside = np.ones(len(frame), dtype=bool)
    for question, bounds in box.items():
        inside &= bounds.holds(question.values(frame))
    return inside


def _without_idle_bounds(box: Box, frame: pd.DataFrame) -> Box:
    holds = dict(box.items())
    size = plain_mask(box, frame).sum()
    for question, bounds in box.items():
        for looser in (Bounds(None, bounds.high), Bounds(bounds.low, None)):
            tried = {**holds, question: Bounds(*_looser(holds[question], looser))}
            if plain_mask(tried, frame).sum() == size:
                holds = tried
    return {question: bounds for question, bounds in holds.items() if bounds != Bounds()}


def _looser(now: Bounds, looser: Bounds) -> tuple[float | None, float | None]:
    low = None if looser.low is None else now.low
    high = None if looser.high is None else now.high
    return low, high


__all__ = ["Explanation", "Path", "Rules", "Sorter", "explain", "rules_for"]
