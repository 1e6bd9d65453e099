"""Whether a name that a group had before is still true of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations

import pandas as pd

from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.claims import HEDGED, PLAIN, Behaviour, Claim, Word, meant, of_choice
from engine.segments.claims import trait as said
from engine.segments.contrasts import Mask, Measures, subject
from engine.segments.methods import Labels
from engine.segments.names import DETAILS, without_behaviour
from engine.segments.questions import Asked, asked
from engine.segments.rules import Bounds, rule

# names that are put together of other phrases
JOINED = frozenset(("{facts}", "{who} {spending}, {when}", "{who}, {when}", "{who} {spending}"))
NUMBERED = "{name} ({number})"
NOTHING_CLAIMED = Phrase("Customers")
MOSTLY = "mostly {trait}"
MORE, LESS = "{what}: more than others", "{what}: less than others"

Kin = Sequence[tuple[Phrase, Mask]]  # other groups by the names that they had


class Standing:
    """Checks names against customers as they are now, by the limits of `engine.segments.claims`."""

    def __init__(self, table: FeatureTable, behaviour: pd.DataFrame, labels: Labels, currency: str | None) -> None:
        """`behaviour` has a row for each customer of `table`."""
        self._table, self._behaviour, self._labels, self._currency = table, behaviour, labels, currency

    def claims(self, name: Phrase, members: Mask, kin: Kin) -> tuple[Claim, ...] | None:
        """What the name claims of these members, if all of it is true; None if not, or if that cannot be told.

        A name that compares, such as “more orders”, holds if it does against those of `kin` with whom it compared.
        """
        base = name.facts.get("name")
        if isinstance(base, Phrase):
            if name.message != NUMBERED and not self._is_more_or_less(name, members, kin):
                return None
            return self.claims(base, members, kin)
        claims: list[Claim] = []
        for part in _parts(name):
            if part == NOTHING_CLAIMED:
                continue
            if part.message in (MORE, LESS):
                if not self._is_apart(part, members):
                    return None
                continue
            claim = self._claim(part, members)
            if claim is None:
                return None
            claims.append(claim)
        return tuple(claims)

    def _claim(self, part: Phrase, members: Mask) -> Claim | None:
        for word in self._words:
            for words, least in ((word.plain, PLAIN), (word.hedged, HEDGED)):
                if part == words:
                    return _if_true(part, word.meaning, word.true[members], least)
        trait = part.facts["trait"] if part.message == MOSTLY else part
        least = PLAIN if trait is part else HEDGED
        # “high on” is said of several ranges: the widest is what it promises
        found = sorted(self._meanings(trait), key=lambda one: -int(one[1].sum()))
        return _if_true(part, found[0][0], found[0][1][members], least) if found else None

    @cached_property
    def _words(self) -> tuple[Word, ...]:
        return Behaviour(self._behaviour).words()

    @cached_property
    def _others(self) -> FeatureTable:
        return without_behaviour(self._table)

    @cached_property
    def _questions(self) -> list[Asked]:
        found = asked(self._others, self._labels)
        return [question for question in found if len(question.keys) == 1 and question.kind != "choice"]

    @cached_property
    def _measures(self) -> Measures:
        return Measures(self._table)

    def _meanings(self, trait: Phrase) -> Iterator[tuple[Phrase, Mask]]:
        """What a trait means of one customer, and of which customers it is true; nothing of one that is unknown."""
        for feature in self._others.features:
            if feature.kind == "choice":
                for value in self._others.frame[feature.key].unique():
                    if of_choice(feature, str(value)) == trait:
                        yield (
                            meant(feature, str(value)),
                            (self._others.frame[feature.key] == value).to_numpy(dtype=bool),
                        )
        for question in self._questions:
            values = question.values(self._others.frame)
            for low, high in combinations((None, *question.cuts, None), 2):
                bounds = Bounds(low, high)
                if bounds != Bounds() and said(question, bounds, values, self._others, self._currency) == trait:
                    yield rule(question, bounds, self._others, self._currency), bounds.holds(values)

    def _is_apart(self, part: Phrase, members: Mask) -> bool:
        """Whether these members do have more of this than others, or less."""
        for contrast in self._measures.contrasts(members):
            if subject(contrast) == part.facts["what"]:
                return contrast.difference > 0 if part.message == MORE else contrast.difference < 0
        return False

    def _is_more_or_less(self, name: Phrase, members: Mask, kin: Kin) -> bool:
        for feature, (more, less) in DETAILS.items():
            for mine, other, sign in ((more, less, 1), (less, more, -1)):
                if name.message == mine.message:
                    base = name.facts["name"]
                    rivals = [mask for called, mask in kin if called in (base, Phrase(other.message, name=base))]
                    here = self._median(feature, members)
                    return bool(rivals) and all(sign * (here - self._median(feature, one)) > 0 for one in rivals)
        return False

    def _median(self, feature: str, members: Mask) -> float:
        return float(self._behaviour.loc[members, feature].median())


def _parts(name: Phrase) -> list[Phrase]:
    if name.message not in JOINED:
        return [name]
    facts = name.facts["facts"] if "facts" in name.facts else tuple(name.facts.values())
    return [part for fact in facts for part in (_parts(fact) if isinstance(fact, Phrase) else [Phrase(str(fact))])]


def _if_true(words: Phrase, meaning: Phrase, holds: Mask, least: float) -> Claim | None:
    if not len(holds) or holds.mean() < least:
        return None
    return Claim(words, meaning, holds, hedged=bool(holds.mean() < PLAIN))
