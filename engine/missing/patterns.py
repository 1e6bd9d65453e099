"""With what a field's gaps go: an exact test of each group of rows against all others, corrected for so many looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.missing.fields import COMPANIONS, Field
from engine.phrases import Phrase

Rows = NDArray[np.bool_]

SURE = 0.05  # family-wise, over all looks at all fields of a frame
LEAST_EFFECT = 0.2  # Cohen (1988), chapter 6: h = .2 is a small difference of two shares
FEWEST_ROWS = 20
FEWEST_CELLS = 5  # missing ones, and known ones
MOST_LEVELS = 12  # of a choice: the most common
SCREEN = 1.9  # normal deviate; what lies below could not be sure even as the only look


@dataclass(frozen=True)
class Group:
    """Some of the rows, and the others of which it is known that they do not belong to it."""

    companion: Field
    where: Phrase  # how a sentence calls it: "among …"
    inside: Rows = field(compare=False)
    outside: Rows = field(compare=False)
    is_gap: bool = False  # the rows in which the companion is missing as well


@dataclass(frozen=True)
class Tie:
    """A group in which the field is missing more or less often than elsewhere: both shares, and the corrected p.

    `covers` is the share of the gaps that lie in the group.
    """

    group: Group
    share_inside: float
    share_outside: float
    p: float
    covers: float

    @property
    def effect(self) -> float:
        """Cohen's h, the difference of the shares on the arc sine scale; positive if more is missing inside."""
        return float(2 * (np.arcsin(np.sqrt(self.share_inside)) - np.arcsin(np.sqrt(self.share_outside))))


@dataclass(frozen=True)
class Pattern:
    """`ties` by their effect, the strongest first, each companion once; `n_looks` at this field.

    `is_told` is False where there are too few rows or cells to tell anything.
    """

    ties: tuple[Tie, ...]
    n_looks: int
    is_told: bool


def patterns(frame: pd.DataFrame, fields: Sequence[Field], targets: Sequence[Field]) -> dict[str, Pattern]:
    """The pattern of each of `targets`, by key; `frame` is `prepared` with `fields`, which are what is looked at.

    A look is Fisher's exact test on missing or known against inside or outside a group; the p-values of all looks
    are corrected together. So at most one frame in twenty without any tie shows one. Rows where the companion is
    unknown take no part in a look at its values.

    Source: Fisher (1935); Holm (1979), "A Simple Sequentially Rejective Multiple Test Procedure".
    """
    groups = [group for companion in fields for group in _groups(frame[companion.key], companion)]
    told: dict[str, tuple[list[Group], NDArray[np.int64]]] = {}
    for target in targets:
        gaps = frame[target.key].isna().to_numpy()
        enough = len(gaps) >= FEWEST_ROWS and min(gaps.sum(), (~gaps).sum()) >= FEWEST_CELLS
        others = [group for group in groups if group.companion.key != target.key] if enough else []
        counts = [(table, group) for group in others if (table := _table(gaps, group)) is not None]
        told[target.key] = (
            [group for _, group in counts],
            np.array([table for table, _ in counts], dtype=np.int64).reshape(-1, 4),
        )
    corrected = holm(exact(np.concatenate([tables for _, tables in told.values()]))) if told else np.empty(0)
    found: dict[str, Pattern] = {}
    start = 0
    for key, (looked, tables) in told.items():
        ps = corrected[start : start + len(tables)]
        start += len(tables)
        found[key] = Pattern(_strongest(looked, tables, ps), len(tables), bool(looked))
    return found


def exact(tables: NDArray[np.int64]) -> NDArray[np.float64]:
    """Two-sided p of each row (a, b, c, d) of a 2 × 2 table: twice the smaller tail, at most 1.

    Tables whose normal deviate is below `SCREEN` are not computed and have a p of 1.
    """
    from scipy.stats import hypergeom

    a, b, c, d = (tables[:, column].astype(np.float64) for column in range(4))
    n = a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        deviate = np.abs(a * d - b * c) * np.sqrt(n / ((a + b) * (c + d) * (a + c) * (b + d)))
    ps = np.ones(len(tables))
    near = np.nan_to_num(deviate) >= SCREEN
    drawn = n[near], (a + b)[near], (a + c)[near]
    tails = hypergeom.cdf(a[near], *drawn), hypergeom.sf(a[near] - 1, *drawn)
    ps[near] = np.minimum(1.0, 2 * np.minimum(*tails))
    return ps


def holm(ps: NDArray[np.float64]) -> NDArray[np.float64]:
    """The p-values corrected for their number, in the same order."""
    order = np.argsort(ps, kind="stable")
    steps = np.maximum.accumulate(ps[order] * np.arange(len(ps), 0, -1))
    corrected = np.empty_like(ps)
    corrected[order] = np.minimum(1.0, steps)
    return corrected


def _table(gaps: Rows, group: Group) -> tuple[int, int, int, int] | None:
    """Missing and known inside, missing and known outside; None where one side is too small to say anything of."""
    n_in, n_out = int(np.count_nonzero(group.inside)), int(np.count_nonzero(group.outside))
    if min(n_in, n_out) < FEWEST_CELLS:
        return None
    missing_in, missing_out = int(np.count_nonzero(gaps & group.inside)), int(np.count_nonzero(gaps & group.outside))
    if missing_in + missing_out in (0, n_in + n_out):
        return None
    return missing_in, n_in - missing_in, missing_out, n_out - missing_out


def _strongest(looked: list[Group], tables: NDArray[np.int64], ps: NDArray[np.float64]) -> tuple[Tie, ...]:
    ties = []
    for group, (a, b, c, d), p in zip(looked, tables.tolist(), ps.tolist(), strict=True):
        tie = Tie(group, a / (a + b), c / (c + d), p, a / (a + c))
        if p <= SURE and abs(tie.effect) >= LEAST_EFFECT:
            ties.append(tie)
    # where more is missing says more than where less is
    ties.sort(key=lambda tie: (-abs(tie.effect), tie.effect < 0))
    by_companion: dict[tuple[str, bool], Tie] = {}
    for tie in ties:
        by_companion.setdefault((tie.group.companion.key, tie.group.is_gap), tie)
    return tuple(by_companion.values())


def _groups(cells: pd.Series, companion: Field) -> Iterator[Group]:
    missing = cells.isna().to_numpy()
    if missing.any() and not missing.all() and companion not in COMPANIONS:
        where = Phrase("those without {field}", field=companion.words)
        yield Group(companion, where, missing, ~missing, is_gap=True)
    if companion.kind in ("number", "day"):
        yield from _bands(cells, companion, ~missing)
    elif companion.kind == "choice":
        codes, levels = pd.factorize(cells)
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        common = sorted(range(len(levels)), key=lambda code: (-sizes[code], str(levels[code])))[:MOST_LEVELS]
        for code in common:
            where = Phrase("those with {field} “{value}”", field=companion.words, value=str(levels[code]))
            yield Group(companion, where, codes == code, ~missing & (codes != code))


def _bands(cells: pd.Series, companion: Field, known: Rows) -> Iterator[Group]:
    """The lower and the upper part of a number's range, a third of the known rows each where ties allow it."""
    if not known.any():
        return
    low, high = cells.quantile(1 / 3, interpolation="lower"), cells.quantile(2 / 3, interpolation="higher")
    if companion.kind == "day":
        low_words = Phrase("those with {field} up to {value:%Y-%m-%d}", field=companion.words, value=low)
        high_words = Phrase("those with {field} from {value:%Y-%m-%d} on", field=companion.words, value=high)
    else:
        facts = [{"field": companion.words, "value": _said(float(bound), companion)} for bound in (low, high)]
        low_words = Phrase("those with {field} of {value} or less", **facts[0])
        high_words = Phrase("those with {field} of {value} or more", **facts[1])
    for words, inside in ((low_words, cells <= low), (high_words, cells >= high)):
        yield Group(companion, words, inside.to_numpy() & known, ~inside.to_numpy() & known)


def _said(value: float, companion: Field) -> str:
    """A bound as it stands in the data, so that the sentence is true of it; a year without its comma."""
    if companion.key == "birth_year":
        return str(int(value))
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,.2f}"
