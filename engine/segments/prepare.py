"""Features made comparable: a thousand pounds, three orders and an opinion on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.feature_table import Feature, FeatureTable

Points = NDArray[np.float64]

SKEWED = 1.0
MAY_BE_SKEWED = frozenset(("number", "count", "money", "days"))


def points(table: FeatureTable) -> Points:
    """The features of `table` as numbers with mean 0, one row per customer; each feature counts alike.

    A number has deviation 1. One without negative values whose skewness is above 1 becomes log(1 + x) before: on raw
    money, 4,312 of Online Retail's customers fall into one group and 26 into the other. A scale, yes and no and a share
    have deviation 1 as they are. A choice becomes a column of 0 and 1 for each value, and so do tags; these columns
    together have the variance of one number, so that two who differ in a choice are as far apart as two who differ in
    a number, whatever the number of choices. A feature with one value throughout is dropped, so there may be no column
    at all.

    Several bases count alike: see `balanced`.

    Source: Hastie, Tibshirani & Friedman (2009), "The Elements of Statistical Learning", section 14.3.3: attributes
    weighted by the inverse of their mean dissimilarity, which is twice their variance, have equal influence.
    """
    bases = dict.fromkeys(feature.basis for feature in table.features)
    if len(bases) <= 1:
        return _block(table.frame, table.features)
    blocks = ([feature for feature in table.features if feature.basis == basis] for basis in bases)
    return np.hstack([balanced(_block(table.frame, features)) for features in blocks])


def balanced(block: Points) -> Points:
    """The features of one basis so that it counts like any other: its first principal component, or a feature alone
    if that is larger, has variance 1.

    Many answers to one thing count like one, and six numbers of orders are not drowned by 139 answers. The larger of
    the two, since a choice by itself is spread over a component for each value and would grow without end. Measured on
    8 made shops of 800 customers with three true groups, by the adjusted Rand index of k-means with 6 numbers and 139
    answers, where the groups show in the numbers alone, in the answers alone, in both: unweighted .00, .73, .89; every
    basis with the same total variance .84, .00, .90; like this .53, .41, .96. Beside a region of 5 that means nothing,
    groups in the numbers are found with .85, by the first component alone with .00.

    Source: Escofier & Pagès (1994), "Multiple factor analysis (AFMULT package)", section 2, but for the larger of two.
    """
    if not block.shape[1]:
        return block
    covariance = block.T @ block / len(block)
    weighted: Points = block / np.sqrt(max(1.0, float(np.linalg.eigvalsh(covariance)[-1])))
    return weighted


def _block(frame: pd.DataFrame, features: Sequence[Feature]) -> Points:
    """The numbers first, then the columns of choices and tags."""
    words = [feature for feature in features if feature.kind in ("choice", "tags")]
    numbers = _numbers(frame, [feature for feature in features if feature.kind not in ("choice", "tags")])
    if not words:
        return numbers
    indicators = [_indicators(frame[feature.key], tags=feature.kind == "tags") for feature in words]
    return np.hstack([numbers, *indicators])


def _numbers(frame: pd.DataFrame, features: Sequence[Feature]) -> Points:
    differing = [feature for feature in features if frame[feature.key].max() > frame[feature.key].min()]
    # column by column into its place: a million customers would not fit three times
    result: Points = np.empty((len(frame), len(differing)))
    for at, feature in enumerate(differing):
        cells: pd.Series = frame[feature.key].astype("float64")
        if feature.kind in MAY_BE_SKEWED and cells.min() >= 0 and cells.to_frame().skew().iloc[0] > SKEWED:
            cells = np.log1p(cells)
        result[:, at] = (cells - cells.mean()) / cells.std(ddof=0)
    return result


def _indicators(cells: pd.Series, *, tags: bool) -> Points:
    """A centred column per choice or tag, with the variance of one number in all; none where all are alike."""
    codes, texts = pd.factorize(cells, sort=True)
    has = _tagged([str(text) for text in texts]) if tags else np.eye(len(texts))
    columns: Points = has[codes]
    columns -= columns.mean(axis=0)
    total = float((columns**2).mean(axis=0).sum())
    return columns / np.sqrt(total) if total > 0 else np.empty((len(cells), 0))


def _tagged(texts: Sequence[str]) -> Points:
    """Per text, 1 for each of all tags that it has."""
    parts = [[tag for tag in text.split(";") if tag] for text in texts]
    place = {tag: at for at, tag in enumerate(sorted({tag for some in parts for tag in some}))}
    has = np.zeros((len(texts), len(place)))
    for row, some in enumerate(parts):
        has[row, [place[tag] for tag in some]] = 1.0
    return has


def n_different(table: FeatureTable) -> int:
    """How many customers differ from each other in what they are grouped by."""
    return len(table.frame.drop_duplicates())
