"""What sets some customers apart from everybody else: standardised differences, and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.feature_table import Feature, FeatureTable, spoken
from engine.phrases import Phrase
from engine.segments.prepare import SKEWED
from engine.segments.questions import MOST_TAGS, names_tag, tag_counts
from engine.segments.rules import amount, quoted, written

TOLD = 3
WORTH_TELLING = 0.25  # standard deviations
A_BIT = 0.05  # of the others' figure: less is no difference to speak of

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Contrast:
    """`difference` is the members' mean less that of the others, in standard deviations of all.

    `mine` and `others` are what is typical: a median, of answers the mean, of yes and no, choices and tags a share.
    `averages`: they are means, since the medians say nothing.
    """

    feature: Feature
    value: str | None
    difference: float
    mine: float
    others: float
    averages: bool = False

    @property
    def key(self) -> str:
        return self.feature.key if self.value is None else f"{self.feature.key}: {self.value}"


class Measures:
    """The columns of a table as numbers, made comparable once for all segments."""

    def __init__(self, table: FeatureTable) -> None:
        self._columns = [(feature, value, raw, _comparable(raw)) for feature, value, raw in _measured(table)]

    def contrasts(self, inside: Mask) -> list[Contrast]:
        """Of each feature what differs most between those inside and everybody else, the largest first."""
        best: dict[str, Contrast] = {}
        if inside.all() or not inside.any():
            return []
        for feature, value, raw, comparable in self._columns:
            difference = float(comparable[inside].mean() - comparable[~inside].mean())
            found = best.get(feature.key)
            if found is None or abs(difference) > abs(found.difference):
                mine, others, averages = _typical(feature, raw[inside], raw[~inside])
                best[feature.key] = Contrast(feature, value, difference, mine, others, averages)
        return sorted(best.values(), key=lambda contrast: -abs(contrast.difference))

    def rows(self, masks: Sequence[Mask]) -> tuple[tuple[Phrase, tuple[float, ...]], ...]:
        """Of each feature what differs most anywhere, and each group's difference; the largest first."""
        best: dict[str, tuple[Phrase, tuple[float, ...]]] = {}
        for feature, value, _, comparable in self._columns:
            apart = tuple(
                float(comparable[mask].mean() - comparable[~mask].mean()) if mask.any() and not mask.all() else 0.0
                for mask in masks
            )
            found = best.get(feature.key)
            if found is None or max(map(abs, apart)) > max(map(abs, found[1])):
                best[feature.key] = subject_of(feature, value), apart
        return tuple(sorted(best.values(), key=lambda row: -max(map(abs, row[1]))))

    def along(self, rows: NDArray[np.intp], axis: NDArray[np.float64]) -> list[tuple[Phrase, bool]]:
        """Of each feature what goes most with `axis`, and whether it grows with it; the closest first."""
        best: dict[str, tuple[float, Phrase]] = {}
        straight = (axis - axis.mean()) / axis.std()
        for feature, value, _, comparable in self._columns:
            some = comparable[rows]
            with_it = float((some * straight).mean() / max(float(some.std()), 1e-9))
            found = best.get(feature.key)
            if found is None or abs(with_it) > abs(found[0]):
                best[feature.key] = with_it, subject_of(feature, value)
        ordered = sorted(best.values(), key=lambda one: -abs(one[0]))
        return [(what, with_it > 0) for with_it, what in ordered]

    def unusual(self, one: int, others: Mask) -> Contrast | None:
        """What is farthest from the others' middle in one customer, in their spreads."""
        best: Contrast | None = None
        for feature, value, raw, comparable in self._columns:
            rest = comparable[others]
            spread = max(float(rest.std()), 1e-9)
            difference = float(comparable[one] - rest.mean()) / spread
            if best is None or abs(difference) > abs(best.difference):
                usual = float(np.median(raw[others]))
                best = Contrast(feature, value, difference, float(raw[one]), usual)
        return best


def _measured(table: FeatureTable) -> Iterator[tuple[Feature, str | None, NDArray[np.float64]]]:
    for feature in table.features:
        column = table.frame[feature.key]
        if feature.kind == "choice":
            for value in column.value_counts().index:
                yield feature, str(value), (column == value).to_numpy(dtype="float64")
        elif feature.kind == "tags":
            for tag in tag_counts(column).index[:MOST_TAGS]:
                yield feature, str(tag), names_tag(column, str(tag)).astype("float64")
        else:
            yield feature, None, column.to_numpy(dtype="float64")


def _comparable(raw: NDArray[np.float64]) -> NDArray[np.float64]:
    if raw.min() >= 0 and float(str(pd.Series(raw).skew())) > SKEWED:
        raw = np.log1p(raw)
    spread = float(raw.std())
    return (raw - raw.mean()) / spread if spread > 0 else raw * 0.0


def _typical(feature: Feature, inside: NDArray[np.float64], outside: NDArray[np.float64]) -> tuple[float, float, bool]:
    """What is typical of these and of those, and whether that is averages of what usually has medians."""
    mine, others = float(np.median(inside)), float(np.median(outside))
    # the median of answers from 1 to 5 is nearly always 3
    if feature.kind in ("scale", "yes_no", "choice", "tags"):
        return float(inside.mean()), float(outside.mean()), False
    if feature.kind != "money" and (inside % 1 == 0).all() and (outside % 1 == 0).all():
        # nobody has half an order
        mine, others = float(np.floor(mine + 0.5)), float(np.floor(others + 0.5))
    if mine == 0 or others == 0 or mine == others:
        return float(inside.mean()), float(outside.mean()), True
    return mine, others, False


def worth_telling(contrasts: list[Contrast]) -> list[Contrast]:
    return [one for one in contrasts if abs(one.difference) >= WORTH_TELLING and _differs(one)]


def _differs(contrast: Contrast) -> bool:
    apart = abs(contrast.mine - contrast.others)
    return apart > A_BIT * abs(contrast.others) and apart > 0.005


def in_words(contrast: Contrast, currency: str | None) -> Phrase:
    """A difference as a sentence about the members: “spend 3 times as much per order as the others”."""
    said = _compared(contrast)
    if said is not None:
        return said
    feature, mine, others = contrast.feature, contrast.mine, contrast.others
    if feature.key == c.RECENCY_DAYS:
        return Phrase(
            "last ordered typically {mine} ago, the others {others}",
            mine=amount(feature, mine, currency),
            others=amount(feature, others, currency),
        )
    if feature.kind == "scale":
        return Phrase(
            "{what}: {mine:.1f} on average, the others {others:.1f}",
            what=quoted(feature.words),
            mine=mine,
            others=others,
        )
    if feature.kind in ("yes_no", "choice", "tags"):
        return Phrase(
            "{what}: {mine:.0%} of them, {others:.0%} of the others", what=subject(contrast), mine=mine, others=others
        )
    if contrast.averages:
        return Phrase(
            "{what}: {mine} on average, the others {others}",
            what=feature.words,
            mine=_mean(feature, mine, currency),
            others=_mean(feature, others, currency),
        )
    return Phrase(
        "{what}: typically {mine}, the others {others}",
        what=feature.words,
        mine=amount(feature, mine, currency),
        others=amount(feature, others, currency),
    )


def _mean(feature: Feature, mean: float, currency: str | None) -> Phrase:
    if feature.kind in ("count", "number", "days") and abs(mean) < 100:
        return Phrase("{number:.1f}", number=mean)
    return amount(feature, mean, currency)


def typical(contrast: Contrast, currency: str | None) -> Phrase:
    """What is typical of the members, without the others."""
    feature, mine = contrast.feature, contrast.mine
    if feature.kind == "scale":
        return Phrase("{what} {mine:.1f} on average", what=quoted(feature.words), mine=mine)
    if contrast.averages:
        return Phrase("{what} {mine} on average", what=feature.words, mine=_mean(feature, mine, currency))
    if feature.basis == "geographic" and contrast.value is not None:
        return Phrase("{share:.0%} from {place}", share=mine, place=spoken(contrast.value))
    if feature.kind in ("yes_no", "choice", "tags"):
        return Phrase("{what} {mine:.0%}", what=subject(contrast), mine=mine)
    return Phrase("{what} typically {mine}", what=feature.words, mine=amount(feature, mine, currency))


def oddity(contrast: Contrast, currency: str | None) -> Phrase:
    """What is unusual about one customer."""
    feature = contrast.feature
    if feature.kind in ("choice", "tags"):
        return subject(contrast) if contrast.mine else Phrase("not {what}", what=subject(contrast))
    if feature.kind == "yes_no":
        answer = Phrase("yes") if contrast.mine else Phrase("no")
        return Phrase("{what}: {mine}, as only few", what=feature.words, mine=answer)
    return Phrase(
        "{what}: {mine}, usually {others}",
        what=feature.words,
        mine=amount(feature, contrast.mine, currency),
        others=amount(feature, contrast.others, currency),
    )


def subject(contrast: Contrast) -> Phrase:
    return subject_of(contrast.feature, contrast.value)


def subject_of(feature: Feature, value: str | None) -> Phrase:
    """The feature, with its value where it is a choice or a tag."""
    if value is None:
        return feature.words
    return Phrase("{what} {value}", what=feature.words, value=quoted(spoken(value)))


def _compared(contrast: Contrast) -> Phrase | None:
    """Behaviour as a comparison; None for other features, and where the others have nothing."""
    words = COMPARED.get(contrast.feature.key)
    if words is None or contrast.others <= 0 or contrast.mine <= 0:
        return None
    times = contrast.mine / contrast.others
    if times >= 1.95:
        return words[0](_times(times))
    share = times - 1 if times > 1 else 1 - times
    return words[1 if times > 1 else 2](Phrase("{share:.0%}", share=share))


def _times(times: float) -> Phrase:
    if times < 2.05:
        return Phrase("twice")
    return Phrase("{n} times", n=written(float(f"{times:.1f}") if times < 9.95 else float(f"{times:.2g}")))


Words = Callable[[Phrase], Phrase]

COMPARED: Mapping[str, tuple[Words, Words, Words]] = {
    c.MONETARY: (
        lambda times: Phrase("spend {times} as much in all as the others", times=times),
        lambda share: Phrase("spend {share} more in all than the others", share=share),
        lambda share: Phrase("spend {share} less in all than the others", share=share),
    ),
    c.ORDER_VALUE: (
        lambda times: Phrase("spend {times} as much per order as the others", times=times),
        lambda share: Phrase("spend {share} more per order than the others", share=share),
        lambda share: Phrase("spend {share} less per order than the others", share=share),
    ),
    c.FREQUENCY: (
        lambda times: Phrase("have ordered {times} as often as the others", times=times),
        lambda share: Phrase("have ordered {share} more often than the others", share=share),
        lambda share: Phrase("have ordered {share} less often than the others", share=share),
    ),
    c.ITEMS_PER_ORDER: (
        lambda times: Phrase("buy {times} as many pieces per order as the others", times=times),
        lambda share: Phrase("buy {share} more pieces per order than the others", share=share),
        lambda share: Phrase("buy {share} fewer pieces per order than the others", share=share),
    ),
    c.N_PRODUCTS: (
        lambda times: Phrase("have bought {times} as many different products as the others", times=times),
        lambda share: Phrase("have bought {share} more different products than the others", share=share),
        lambda share: Phrase("have bought {share} fewer different products than the others", share=share),
    ),
}
