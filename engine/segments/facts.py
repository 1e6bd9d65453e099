"""All that is told of a segment besides its name, and what the pictures of all segments are drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.contrasts import TOLD, Contrast, Mask, Measures, in_words, oddity, worth_telling
from engine.segments.prepare import Points

DOTS = 1_500  # on a phone more are a blot
SHOWN_FEATURES = 8
OUTLIERS = 200  # that are listed
OF_AN_AXIS = 2  # things it is named by


@dataclass(frozen=True)
class Facts:
    """`covered` is the share of the members whom the rules name, `right` that of members among those they name.

    Both are None where there are no rules of ours. Members keep all rules of one of `sets`. `differences` are
    standardised, by feature. `unusual` says of members that fit no group what is unusual, by customer. `hedges` say
    how far the words of the name are true where not of nearly all.
    """

    sets: tuple[tuple[Phrase, ...], ...] = ()
    covered: float | None = None
    right: float | None = None
    contrasts: tuple[Phrase, ...] = ()
    ways_out: tuple[Phrase, ...] = ()
    hedges: tuple[Phrase, ...] = ()
    unusual: Mapping[int, Phrase] = field(default_factory=dict)
    differences: Mapping[str, float] = field(default_factory=dict)
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Drawing:
    """What all segments are drawn with: the features that differ most, `rows` with a difference per segment each.

    `right` and `up` say what the axes of the map mean; the dots of the segments lie between -1 and 1.
    """

    rows: tuple[tuple[Phrase, tuple[float, ...]], ...] = ()
    right: tuple[Phrase, ...] = ()
    up: tuple[Phrase, ...] = ()
    has_money: bool = True


def told(contrasts: list[Contrast], currency: str | None) -> tuple[Phrase, ...]:
    """The three largest differences in words."""
    return tuple(in_words(contrast, currency) for contrast in worth_telling(contrasts)[:TOLD])


def oddities(table: FeatureTable, measures: Measures, members: Mask, currency: str | None) -> dict[int, Phrase]:
    """What is unusual about each of the members, up to 200 of them, by customer."""
    found = {}
    for row in np.flatnonzero(members)[:OUTLIERS]:
        contrast = measures.unusual(int(row), ~members)
        if contrast is not None:
            found[int(table.frame.index[row])] = oddity(contrast, currency)
    return found


def profile_rows(measures: Measures, masks: Sequence[Mask]) -> tuple[tuple[Phrase, tuple[float, ...]], ...]:
    """The features in which segments differ most, and how far each segment lies from the others."""
    return measures.rows(masks)[:SHOWN_FEATURES]


def on_a_map(points: Points, rng: Generator) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The rows of up to 1,500 customers, and where each lies along the two directions in which they differ most.

    Coordinates are from -1 to 1; the farthest hundredth stands at the edge.

    Source: Pearson (1901), "On Lines and Planes of Closest Fit to Systems of Points in Space".
    """
    rows = np.arange(len(points)) if len(points) <= DOTS else np.sort(rng.choice(len(points), DOTS, replace=False))
    some = points[rows] - points.mean(axis=0)
    _, _, directions = np.linalg.svd(some, full_matrices=False)
    # the sign of a direction is chance: its largest part shall point right, or up
    largest = np.abs(directions).argmax(axis=1)
    directions = directions * np.sign(directions[np.arange(len(directions)), largest])[:, None]
    at = some @ directions[:2].T
    if at.shape[1] < 2:
        at = np.column_stack([at, np.zeros(len(at))])
    reach = np.maximum(np.abs(np.quantile(at, (0.01, 0.99), axis=0)).max(axis=0), 1e-9)
    return rows, np.clip(at / reach, -1, 1).round(3)


def axis_words(measures: Measures, rows: NDArray[np.intp], along: NDArray[np.float64]) -> tuple[Phrase, ...]:
    """What grows along an axis, and what falls: “more: orders, revenue”; empty for an axis of no length."""
    if not along.std() > 0:
        return ()
    found = measures.along(rows, along)[:OF_AN_AXIS]
    more, less = (tuple(what for what, grows in found if grows == way) for way in (True, False))
    told = [Phrase("more: {what}", what=more)] if more else []
    return (*told, Phrase("less: {what}", what=less)) if less else tuple(told)


def drawing(
    measures: Measures, points: Points | None, masks: Sequence[Mask], rng: Generator, *, has_money: bool
) -> tuple[Drawing, list[tuple[tuple[float, float], ...]]]:
    """What the pictures are drawn from, and the dots of each segment."""
    rows = profile_rows(measures, masks)
    if points is None:
        return Drawing(rows, has_money=has_money), [() for _ in masks]
    of, at = on_a_map(points, rng)
    right, up = axis_words(measures, of, at[:, 0]), axis_words(measures, of, at[:, 1])
    dots = [tuple((float(x), float(y)) for x, y in at[mask[of]]) for mask in masks]
    return Drawing(rows, right, up, has_money), dots


def profile(members: pd.DataFrame) -> dict[str, float]:
    """The medians by feature, without those that nobody has."""
    return {str(key): float(value) for key, value in members.median(numeric_only=True).dropna().items()}
