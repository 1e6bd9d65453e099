"""What a person would ask to tell segments apart: is it at least 100, is it one of these words?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.feature_table import Feature, FeatureTable
from engine.segments.methods import Labels

Values = NDArray[np.float64]

# what a person would say: 12 orders, 120 days, £1,200
SAID = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0)
FAR, STEPS = 20, 20  # from 0, and over the whole range: of years, heights
WHOLE = frozenset(("count", "days", "money"))

MOST_LISTED = 4  # words of a choice, or questions of a mean: more cannot be read aloud
MOST_TAGS = 40
MEAN_STEP = 0.25  # of a mean of several answers


@dataclass(frozen=True)
class Asked:
    """A column of numbers of which can be asked whether they are at least one of `cuts`, which ascend.

    Of several `keys`, answers on one scale, the mean counts. A choice has `words`, the likeliest of some segment
    last: a customer's number is the place of his word among them, from 1, and 0 for another word. Of tags the one
    word in `words` is named, 1, or not, 0.
    """

    keys: tuple[str, ...]
    kind: str
    cuts: tuple[float, ...]
    words: tuple[str, ...] = ()

    def values(self, frame: pd.DataFrame) -> Values:
        if self.kind == "tags":
            (word,) = self.words
            return np.asarray(names_tag(frame[self.keys[0]], word), dtype="float64")
        if self.kind == "choice":
            places = {word: float(at + 1) for at, word in enumerate(self.words)}
            return np.asarray(frame[self.keys[0]].map(places).fillna(0.0), dtype="float64")
        values: Values = frame[list(self.keys)].to_numpy(dtype="float64").mean(axis=1)
        return values

    def codes(self, frame: pd.DataFrame) -> NDArray[np.intp]:
        """How many of the cuts each customer reaches."""
        return np.searchsorted(self.cuts, self.values(frame) + 1e-9, side="right")

    def roundness(self) -> NDArray[np.float64]:
        """Per cut, how much longer than the plainest it is to say."""
        length = 0.0 if self.kind == "choice" else 2.0 * (len(self.keys) - 1)
        return np.array([length + self._digits(cut) for cut in self.cuts])

    def _digits(self, cut: float) -> float:
        if self.kind == "choice":
            return float(min(len(self.words) - cut, cut - 2))
        digits = f"{abs(cut):.4e}".split("e")[0].rstrip("0").replace(".", "")
        return 0.0 if digits in ("1", "2", "5", "") else len(digits) - 0.5


def names_tag(tags: pd.Series, word: str) -> NDArray[np.bool_]:
    """Whether each of these texts, separated by ";", has the word."""
    codes, texts = pd.factorize(tags)
    named: NDArray[np.bool_] = np.array([word in _parts(text) for text in texts], dtype=bool)[codes]
    return named


def tag_counts(tags: pd.Series) -> pd.Series:
    """How many name each tag, the most named first."""
    counts: Counter[str] = Counter()
    for text, n in tags.value_counts(sort=False).items():
        for tag in _parts(str(text)):
            counts[tag] += int(n)
    return pd.Series(dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))), dtype="int64")


def _parts(text: str) -> set[str]:
    return {part.strip() for part in text.split(";")} - {""}


def asked(table: FeatureTable, labels: Labels) -> list[Asked]:
    """All that can be asked of the customers; for scales and choices what parts the segments most."""
    found = [one for feature in table.features for one in _of_feature(table.frame[feature.key], feature, labels)]
    return [one for one in [*found, *_means(table, labels)] if one.cuts]


def _of_feature(column: pd.Series, feature: Feature, labels: Labels) -> Iterator[Asked]:
    key, kind = feature.key, feature.kind
    if kind == "choice":
        yield from _choices(column, key, labels)
    elif kind == "tags":
        for word in tag_counts(column).index[:MOST_TAGS]:
            yield Asked((key,), kind, (1.0,), (str(word),))
    elif kind == "yes_no":
        yield Asked((key,), kind, (1.0,) if column.nunique() > 1 else ())
    elif kind == "scale":
        yield Asked((key,), kind, tuple(np.arange(np.floor(column.min()) + 1, column.max() + 0.5)))
    else:
        yield Asked((key,), kind, tuple(round_numbers(column.min(), column.max(), whole=is_whole(column, kind))))


def is_whole(column: pd.Series, kind: str) -> bool:
    """Whether these are whole numbers, also where their file did not say so."""
    return kind in WHOLE or (kind == "number" and bool((column % 1 == 0).all()))


def _choices(column: pd.Series, key: str, labels: Labels) -> Iterator[Asked]:
    """Per segment the words ordered by how often they mean it; sets that are short, or leave out few."""
    shares = pd.crosstab(column, labels, normalize="index")
    seen: set[tuple[str, ...]] = set()
    for segment in shares.columns:
        words = tuple(str(word) for word in shares[segment].sort_values(kind="stable").index)
        n = len(words)
        cuts = tuple(float(cut) for cut in range(2, n + 1) if min(n + 1 - cut, cut - 1) <= MOST_LISTED)
        if words not in seen:
            seen.add(words)
            yield Asked((key,), "choice", cuts, words)


def _means(table: FeatureTable, labels: Labels) -> Iterator[Asked]:
    """Means of the 2 to 4 answers that most set one segment apart from another, or from all others."""
    scales = table.frame[[feature.key for feature in table.features if feature.kind == "scale"]]
    ranges = pd.Series(list(zip(scales.min(), scales.max(), strict=True)), index=scales.columns)
    seen: set[frozenset[str]] = set()
    for _, keys in ranges.groupby(ranges):
        answers = scales[keys.index]
        if answers.shape[1] < 2:
            continue
        spread = answers.std(ddof=0).replace(0.0, 1.0)
        for apart in _directions(((answers - answers.mean()) / spread).groupby(labels).mean(), labels):
            for n in range(2, min(MOST_LISTED, answers.shape[1]) + 1):
                for same_way in (apart[apart > 0].nlargest(n).index, apart[apart < 0].nsmallest(n).index):
                    if len(same_way) == n and frozenset(same_way) not in seen:
                        seen.add(frozenset(same_way))
                        yield _mean_of(tuple(same_way), answers)


def _mean_of(keys: tuple[str, ...], answers: pd.DataFrame) -> Asked:
    low, high = float(answers.min().min()), float(answers.max().max())
    return Asked(keys, "scale", tuple(np.arange(low + MEAN_STEP, high, MEAN_STEP)))


def _directions(centres: pd.DataFrame, labels: Labels) -> Iterator[pd.Series]:
    sizes = pd.Series(labels).value_counts().reindex(centres.index)
    for one, other in combinations(centres.index, 2):
        yield centres.loc[one] - centres.loc[other]
    for one in centres.index:
        others = centres.drop(one)
        weights = sizes.drop(one)
        yield centres.loc[one] - others.mul(weights, axis=0).sum() / weights.sum()


def round_numbers(low: float, high: float, *, whole: bool) -> Values:
    """Numbers above `low`, up to `high`, that a person would say; small whole ones all."""
    if not high > low:
        return np.array([])
    sizes = [size for size in (abs(low), abs(high)) if size > 0]
    decades = np.arange(np.floor(np.log10(max(min(sizes), 0.01))), np.ceil(np.log10(max(*sizes, 0.01))) + 1)
    if low <= 0:
        decades = np.arange(-2.0 if high <= 20 else 0.0, decades[-1] + 1)
    said = np.multiply.outer(10.0**decades, SAID).ravel().round(4)
    said = np.concatenate([-said, [0.0], said])
    if low >= FAR and high < 3 * low:
        step = _step((high - low) / STEPS)
        said = np.concatenate([said, np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step])
    if whole:
        said = np.union1d(said[said == said.round()], np.arange(1.0, 11.0))
    return np.unique(said[(said > low) & (said <= high)].round(6))


def _step(least: float) -> float:
    power = 10.0 ** np.floor(np.log10(least))
    return float(next(times * power for times in (1, 2, 5, 10) if times * power >= least * 0.999))
