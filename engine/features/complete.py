"""Cells of what files tell as columns that customers can be grouped by: rare choices together, no gap left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.feature_table import OTHER, UNKNOWN, Feature, FeatureTable
from engine.features.told import Told
from engine.features.usable import shortened
from engine.phrases import Phrase, counted

# A choice of fewer is told together with the other rare ones: five people are no group, and 1 % of 400,000 is.
FEWEST = 5
SMALLEST_SHARE = 0.01
MOST_CHOICES = 12
MOST_TAGS = 20
NEARLY_ALL = 0.98  # of the customers: what so many say tells nobody apart

_NOTHING_SAID = frozenset((UNKNOWN, "未知", "不详", "不明", "n/a"))


@dataclass(frozen=True)
class Column:
    """A column on its way into a table, gaps included."""

    feature: Feature
    cells: pd.Series


def column(one: Told, cells: pd.Series, basis: str) -> Column:
    """What is `told` as a feature of `basis`; whole numbers throughout are a count."""
    kind = one.kind
    if kind == "date" or kind == "text":
        raise ValueError(f"{one.key} is {kind}, which nobody is grouped by")
    if kind == "number" and bool((cells.dropna() % 1 == 0).all()):
        return Column(Feature(one.key, one.words, "count", basis), cells.astype("float64"))
    feature = Feature(one.key, one.words, kind, basis)
    if kind == "choice":
        return Column(feature, with_rare_together(cells, OTHER))
    return Column(feature, shared_tags(cells) if kind == "tags" else cells.astype("float64"))


def with_rare_together(
    cells: pd.Series, rest: str, *, most: int = MOST_CHOICES, smallest_share: float = SMALLEST_SHARE
) -> pd.Series:
    """The choices that at least 5 customers and `smallest_share` of them made, `most` of these, and `rest`.

    One rare choice alone keeps its name. “n/a” and the like are one choice: unknown.
    """
    codes, texts = pd.factorize(cells)
    sizes = np.bincount(codes[codes >= 0], minlength=len(texts))
    silent = np.array([str(text).casefold() in _NOTHING_SAID for text in texts], dtype=bool)
    enough = max(FEWEST, smallest_share * int(sizes.sum()))
    by_size = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(texts), dtype=np.intp)
    rank[by_size] = np.arange(len(texts))
    rare = ~silent & ((sizes < enough) | (rank >= most))
    said = np.array([str(text) for text in texts] + [None], dtype=object)
    if rare.sum() > 1:
        said[:-1][rare] = rest
    said[:-1][silent] = UNKNOWN
    return pd.Series(said[codes], index=cells.index, dtype=object)


def shared_tags(cells: pd.Series) -> pd.Series:
    """The tags that at least 5 customers and 1 % of them share, 20 of these, and that not nearly everybody has.

    Who has none of them has "", which is no gap where something else is told of them.
    """
    codes, texts = pd.factorize(cells)
    sizes = np.bincount(codes[codes >= 0], minlength=len(texts))
    parts = [[part.strip() for part in str(text).split(";") if part.strip()] for text in texts]
    n_of: Counter[str] = Counter()
    for some, n in zip(parts, sizes.tolist(), strict=True):
        for tag in set(some):
            n_of[tag] += n
    total = int(sizes.sum())
    enough = max(FEWEST, SMALLEST_SHARE * total)
    kept = {tag for tag, n in n_of.most_common(MOST_TAGS) if enough <= n <= NEARLY_ALL * total}
    said = np.array([";".join(tag for tag in some if tag in kept) for some in parts] + [None], dtype=object)
    return pd.Series(said[codes], index=cells.index, dtype=object)


def complete(columns: Sequence[Column], statements: Sequence[Phrase], n_before: int | None = None) -> FeatureTable:
    """The columns as a table without gaps, for the customers of whom at least one of them is known.

    A gap counts as the middle of what is known, with yes and no as what more people say, among choices as a choice of
    its own, among tags as no tag. A column in which everybody is the same then is left out.
    """
    cells = pd.DataFrame({one.feature.key: one.cells for one in columns})
    known = cells.notna().any(axis=1)
    told = [*statements]
    n_unknown = int((~known).sum())
    if n_unknown:
        told.append(
            counted(
                "{n} customer of whom nothing of this is known is in no group.",
                "{n} customers of whom nothing of this is known are in no group.",
                n=n_unknown,
            )
        )
    cells = cells[known]
    told += _of_gaps([one.feature for one in columns], cells)
    filled = pd.DataFrame({one.feature.key: _filled(one.feature, cells[one.feature.key]) for one in columns})
    differing = [one.feature for one in columns if filled[one.feature.key].nunique() > 1]
    alike = tuple(one.feature.words for one in columns if one.feature not in differing)
    if alike and len(filled) > 1:
        told.append(Phrase("Not used, since everybody here is alike in it: {columns}.", columns=shortened(alike)))
    return FeatureTable(filled[[feature.key for feature in differing]], tuple(differing), tuple(told))


def _filled(feature: Feature, cells: pd.Series) -> pd.Series:
    if feature.kind == "choice":
        return cells.where(cells.notna(), UNKNOWN)
    if feature.kind == "tags":
        return cells.where(cells.notna(), "")
    middle = float(cells.mean() if feature.kind == "yes_no" else cells.median())
    if feature.kind in ("yes_no", "count", "scale"):
        middle = float(round(middle))  # what is known of everybody is whole
    return cells.fillna(middle)


def _of_gaps(features: Sequence[Feature], cells: pd.DataFrame) -> list[Phrase]:
    """What happens to gaps that are left, in a sentence for numbers and one for choices."""
    n_missing = cells.isna().sum()
    with_gaps = [feature for feature in features if n_missing[feature.key]]
    told = []
    for of_choices in (False, True):
        some = [feature for feature in with_gaps if (feature.kind == "choice") == of_choices and feature.kind != "tags"]
        if not some:
            continue
        facts = {
            "fields": shortened([feature.words for feature in some]),
            "n": int(n_missing[[feature.key for feature in some]].max()),
            "total": len(cells),
        }
        told.append(
            Phrase("Unknown for up to {n} of {total}, and a choice of its own for the grouping: {fields}.", **facts)
            if of_choices
            else Phrase(
                "Unknown for up to {n} of {total}; for the grouping alone that counts as the middle, and nothing is "
                "filled in: {fields}.",
                **facts,
            )
        )
    return told
