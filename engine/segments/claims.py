"""Words for a segment's name, each with how many of its members it is true of.

A word stands alone in a name only if it is true of 90 % of the members, with “mostly” before it if of 60 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.feature_table import Feature, FeatureTable, spoken
from engine.phrases import Phrase, counted
from engine.segments.contrasts import Mask
from engine.segments.methods import Labels
from engine.segments.questions import Asked, asked
from engine.segments.rules import Bounds, rule

PLAIN, HEDGED = 0.9, 0.6  # of the members
TELLING = 0.25  # more of the members than of the others: less is no name
TWO_SIDED = 0.05  # what a range must tell more than one limit
TRAITS = 2

REGULAR = 4  # orders
RECENT, LONG_GONE = 1.5, 4.0  # typical gaps between two orders
SHORTEST_PACE, LONGEST_PACE = 14.0, 60.0  # days


@dataclass(frozen=True)
class Claim:
    """What a name says of a segment: `words` with their hedge, and what they mean of one member.

    `holds` says of which members it is true, `telling` how much more often it is so than among the others.
    """

    words: Phrase
    meaning: Phrase
    holds: Mask
    hedged: bool
    telling: float = 1.0

    @property
    def share(self) -> float:
        return float(self.holds.mean())

    def told(self) -> Phrase:
        return Phrase("{share:.0%} of them: {meaning}.", share=self.share, meaning=self.meaning)


@dataclass(frozen=True)
class Word:
    """A word that may be claimed: as it stands, hedged, and what it means of one customer."""

    plain: Phrase
    hedged: Phrase
    meaning: Phrase
    true: Mask


def best(words: Sequence[Word], members: Mask) -> Claim | None:
    """The first word that is true of nearly all members, else the first that is true of most; or none."""
    for least, hedged in ((PLAIN, False), (HEDGED, True)):
        for word in words:
            holds = word.true[members]
            if holds.mean() >= least:
                return Claim(word.hedged if hedged else word.plain, word.meaning, holds, hedged)
    return None


class Behaviour:
    """What can be said of how customers buy: how often, how lately, how much."""

    def __init__(self, features: pd.DataFrame) -> None:
        """The shop's pace is the typical gap between orders, held to 14 to 60 days; 60 if nobody came back.

        Big and little are the outer thirds of what customers spend, more and less the halves.
        """
        gaps = features[c.GAP_DAYS].dropna()
        pace = float(np.clip(gaps.median(), SHORTEST_PACE, LONGEST_PACE)) if len(gaps) else LONGEST_PACE
        self.recent, self.long_gone = RECENT * pace, LONG_GONE * pace
        self.orders = features[c.FREQUENCY].to_numpy(dtype="float64")
        self.days = features[c.RECENCY_DAYS].to_numpy(dtype="float64")
        self.money = features[c.MONETARY].to_numpy(dtype="float64")

    def frequency(self, members: Mask) -> Claim | None:
        return best(self.frequency_words(), members)

    def frequency_words(self) -> tuple[Word, ...]:
        return (
            Word(
                Phrase("One-time buyers"),
                Phrase("Mostly one-time buyers"),
                Phrase("ordered once"),
                self.orders == 1,
            ),
            Word(
                Phrase("Regulars"),
                Phrase("Mostly regulars"),
                Phrase("ordered {n} times or more", n=REGULAR),
                self.orders >= REGULAR,
            ),
            Word(
                Phrase("Occasional buyers"),
                Phrase("Mostly occasional buyers"),
                Phrase("ordered {n} times at most", n=REGULAR - 1),
                self.orders < REGULAR,
            ),
            Word(
                Phrase("Repeat buyers"),
                Phrase("Mostly repeat buyers"),
                Phrase("ordered twice or more"),
                self.orders >= 2,
            ),
        )

    def recency(self, members: Mask) -> Claim | None:
        return best(self.recency_words(), members)

    def recency_words(self) -> tuple[Word, ...]:
        recent, gone = round(self.recent), round(self.long_gone)
        return (
            Word(
                Phrase("long gone"),
                Phrase("mostly long gone"),
                counted("last order more than {n} day ago", "last order more than {n} days ago", n=gone),
                self.days > self.long_gone,
            ),
            Word(
                Phrase("quiet for a while"),
                Phrase("mostly quiet for a while"),
                counted("last order more than {n} day ago", "last order more than {n} days ago", n=recent),
                self.days > self.recent,
            ),
        )

    def lately(self, members: Mask) -> Claim | None:
        """Of those who ordered once, that it was lately; of others it goes without saying, and is not promised."""
        return best((self.lately_word(),), members) if (self.orders[members] == 1).mean() >= PLAIN else None

    def lately_word(self) -> Word:
        recent = round(self.recent)
        meaning = counted("last order at most {n} day ago", "last order at most {n} days ago", n=recent)
        return Word(Phrase("here lately"), Phrase("mostly here lately"), meaning, self.days <= self.recent)

    def when(self, members: Mask) -> Claim | None:
        """How lately, as far as the name says it."""
        return self.recency(members) or self.lately(members)

    def spending(self, members: Mask) -> Claim | None:
        return best(self.spending_words(), members)

    def spending_words(self) -> tuple[Word, ...]:
        """Empty where nobody spends more than others."""
        known = self.money[~np.isnan(self.money)]
        little, middle, big = np.quantile(known, (1 / 3, 1 / 2, 2 / 3)) if len(known) else (0.0, 0.0, 0.0)
        if little == big:
            return ()
        return (
            Word(
                Phrase("who spend big"),
                Phrase("who mostly spend big"),
                Phrase("among the third who spent most"),
                self.money >= big,
            ),
            Word(
                Phrase("who spend little"),
                Phrase("who mostly spend little"),
                Phrase("among the third who spent least"),
                self.money <= little,
            ),
            Word(
                Phrase("who spend more than most"),
                Phrase("who mostly spend more than the others"),
                Phrase("among the half who spent more"),
                self.money >= middle,
            ),
            Word(
                Phrase("who spend less than most"),
                Phrase("who mostly spend less than the others"),
                Phrase("among the half who spent less"),
                self.money <= middle,
            ),
        )

    def words(self) -> tuple[Word, ...]:
        """All words that may be claimed."""
        return (*self.frequency_words(), *self.recency_words(), self.lately_word(), *self.spending_words())

    def claims(self, members: Mask) -> list[Claim]:
        found = (self.frequency(members), self.when(members), self.spending(members))
        return [claim for claim in found if claim is not None]


class Traits:
    """What can be said of who customers are and what they answer, from the features of a table."""

    def __init__(self, table: FeatureTable, labels: Labels, currency: str | None) -> None:
        self._table, self._currency = table, currency
        questions = [question for question in asked(table, labels) if len(question.keys) == 1]
        self._asked = [(question, question.values(table.frame)) for question in questions if question.kind != "choice"]
        self._choices = [
            (feature, str(value), (table.frame[feature.key] == value).to_numpy(dtype=bool))
            for feature in table.features
            if feature.kind == "choice"
            for value in table.frame[feature.key].unique()
        ]

    def claims(self, members: Mask) -> list[Claim]:
        """The two that tell most, of different features; a plain one before a hedged one that tells about as much."""
        found = [claim for claim in self._all(members) if claim[1].telling >= TELLING]
        found.sort(key=lambda one: -(one[1].telling + (0.0 if one[1].hedged else 0.1)))
        first_of_feature: dict[str, Claim] = {}
        for key, claim in found:
            first_of_feature.setdefault(key, claim)
        best_keys = list(first_of_feature)[:TRAITS]
        return [first_of_feature[feature.key] for feature in self._table.features if feature.key in best_keys]

    def _all(self, members: Mask) -> Iterator[tuple[str, Claim]]:
        for question, values in self._asked:
            for hedged in (False, True):
                bounds = _best_bounds(question, values, members, HEDGED if hedged else PLAIN)
                if bounds is not None:
                    yield question.keys[0], self._claim(question, bounds, values, members, hedged)
        for feature, value, has in self._choices:
            if has[members].mean() >= HEDGED:
                hedged = bool(has[members].mean() < PLAIN)
                words = _mostly(of_choice(feature, value), hedged)
                meaning = meant(feature, value)
                telling = float(has[members].mean() - has[~members].mean())
                yield feature.key, Claim(words, meaning, has[members], hedged, telling)

    def _claim(
        self, question: Asked, bounds: Bounds, values: NDArray[np.float64], members: Mask, hedged: bool
    ) -> Claim:
        meaning = rule(question, bounds, self._table, self._currency)
        words = trait(question, bounds, values, self._table, self._currency)
        holds = bounds.holds(values)
        telling = float(holds[members].mean() - holds[~members].mean())
        return Claim(_mostly(words, hedged), meaning, holds[members], hedged, telling)


def trait(
    question: Asked, bounds: Bounds, values: NDArray[np.float64], table: FeatureTable, currency: str | None
) -> Phrase:
    """What a name says of people within these bounds; `values` are those of all customers."""
    if question.kind != "scale":
        return rule(question, bounds, table, currency)
    what = table.feature(question.keys[0]).words
    middle = (float(values.min()) + float(values.max())) / 2
    if bounds.low is not None and bounds.low > middle:
        return Phrase("high on {what}", what=what)
    if bounds.high is not None and bounds.high <= middle:
        return Phrase("low on {what}", what=what)
    if bounds.low is not None and bounds.high is None:
        return Phrase("{low} or higher on {what}", what=what, low=round(bounds.low))
    if bounds.low is None and bounds.high is not None:
        return Phrase("{most} or lower on {what}", what=what, most=round(bounds.high) - 1)
    return rule(question, bounds, table, currency)


def _mostly(words: Phrase, hedged: bool) -> Phrase:
    return Phrase("mostly {trait}", trait=words) if hedged else words


def meant(feature: Feature, value: str) -> Phrase:
    """What a choice means of one customer."""
    if feature.basis == "geographic":
        return of_choice(feature, value)
    return Phrase("{what}: {values}", what=feature.words, values=spoken(value))


def of_choice(feature: Feature, value: str) -> Phrase:
    if feature.key == c.GENDER:
        return spoken(value)
    if feature.basis == "geographic":
        return Phrase("in {place}", place=spoken(value))
    # a name stands in quotation marks, so none are in it
    return Phrase("{what}: {values}", what=feature.words, values=spoken(value))


def _shares_between(codes: NDArray[np.intp], n: int) -> NDArray[np.float64]:
    """The share of these customers from a limit (row) to below another (column)."""
    below = np.concatenate([[0.0], np.cumsum(np.bincount(codes, minlength=n)) / max(len(codes), 1)])
    between: NDArray[np.float64] = below[None, :] - below[:, None]
    return between


def _best_bounds(question: Asked, values: NDArray[np.float64], members: Mask, least: float) -> Bounds | None:
    """The range that at least this share of the members are in and that tells them best from the others."""
    n = len(question.cuts) + 1
    codes = np.searchsorted(question.cuts, values + 1e-9, side="right")
    below = [
        np.concatenate([[0.0], np.cumsum(np.bincount(codes[some], minlength=n)) / some.sum()])
        for some in (members, ~members)
    ]
    inside, outside = (shares[None, :] - shares[:, None] for shares in below)
    telling = inside - outside
    telling[1:, :-1] -= TWO_SIDED
    # of two that tell as much the closer one
    telling -= 1e-9 * (np.arange(n + 1)[None, :] - np.arange(n + 1)[:, None])
    telling[inside < least - 1e-12] = -np.inf
    low, high = np.unravel_index(int(telling.argmax()), telling.shape)
    if not telling[low, high] > 0:
        return None
    return Bounds(question.cuts[low - 1] if low else None, question.cuts[high - 1] if high < n else None)
