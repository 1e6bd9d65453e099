"""Segments that go on from those of an earlier run: their keys, and their names as long as these are true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any, Protocol

import numpy as np
import pandas as pd

from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.claims import Claim
from engine.segments.facts import Facts
from engine.segments.matching import Match, matched
from engine.segments.methods import Labels
from engine.segments.names import differing
from engine.segments.segmentation import Segmentation
from engine.segments.standing import Standing


class Earlier(Protocol):
    """A segment of the earlier run."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> Phrase: ...


@dataclass(frozen=True)
class Continued:
    """`found` with the keys and names that last; `matches` by key the earlier segment that each one continues."""

    found: Segmentation
    matches: Mapping[str, Match]


def continued(
    found: Segmentation,
    earlier: Sequence[Earlier],
    members: pd.Series,
    table: FeatureTable,
    behaviour: pd.DataFrame,
    currency: str | None,
) -> Continued:
    """`members` has the key of each customer's earlier segment.

    One group of everybody continues nothing but such a group: where there are several, none of them is everybody.
    """
    if (len(earlier) == 1) != (len(found.segments) == 1):
        return Continued(found, {})
    fixed = [segment.key for segment in found.segments if segment.by_method]
    matches = matched(members, found.labels, by_key=fixed)
    table = table.sorted()
    features = behaviour.reindex(table.frame.index)
    named = _names(found, {one.key: one.name for one in earlier}, matches, table, features, currency)
    keys = _keys([segment.key for segment in found.segments], matches)
    words = {segment.name: named[segment.key][0] for segment in found.segments}
    segments = tuple(
        replace(
            segment,
            key=keys[segment.key],
            name=words[segment.name],
            facts=_facts(segment.facts, words, named[segment.key][1]),
        )
        for segment in found.segments
    )
    again = replace(found, segments=segments, labels=found.labels.map(keys))
    return Continued(again, {keys[key]: match for key, match in matches.items()})


def _keys(own: Sequence[str], matches: Mapping[str, Match]) -> dict[str, str]:
    """The key of each group from now on: its earlier one, else its own, with a number where that is taken."""
    result = {key: matches[key].before for key in own if key in matches}
    taken = set(result.values())
    for key in own:
        if key not in result:
            number, free = 2, key
            while free in taken:
                free, number = f"{key}-{number}", number + 1
            result[key] = free
            taken.add(free)
    return result


_Named = tuple[Phrase, tuple[Claim, ...] | None]


def _names(
    found: Segmentation,
    earlier: Mapping[str, Phrase],
    matches: Mapping[str, Match],
    table: FeatureTable,
    behaviour: pd.DataFrame,
    currency: str | None,
) -> dict[str, _Named]:
    """By key, the name from now on, and what it claims where it is an earlier one that differs from the new."""
    number = {segment.key: at for at, segment in enumerate(found.segments)}
    labels: Labels = np.asarray(found.labels.reindex(table.frame.index).map(number), dtype=np.intp)
    standing = Standing(table, behaviour, labels, currency)
    kin = [(earlier[match.before], labels == number[key]) for key, match in matches.items()]
    result: dict[str, _Named] = {}
    for segment in found.segments:
        result[segment.key] = (segment.name, None)
        match = matches.get(segment.key)
        if match is None or segment.by_method or earlier[match.before] == segment.name:
            continue
        claims = standing.claims(earlier[match.before], labels == number[segment.key], kin)
        if claims is not None:
            result[segment.key] = (earlier[match.before], claims)
    return _one_of_a_kind(result, labels, behaviour)


def _one_of_a_kind(named: Mapping[str, _Named], labels: Labels, behaviour: pd.DataFrame) -> dict[str, _Named]:
    """No two of a name: one that is an earlier name stays, the other says in what it differs, or has a number."""
    result = dict(named)
    numbers = {key: at for at, key in enumerate(named)}
    for key, (name, claims) in named.items():
        kept = [other for other, (called, told) in result.items() if called == name and told is not None]
        if claims is None and kept:
            taken = {called for called, _ in result.values()}
            differs = differing(name, labels, numbers[kept[0]], numbers[key], behaviour)
            choices = chain([differs], _numbered(name))
            result[key] = (next(one for one in choices if one not in taken), None)
    return result


def _numbered(name: Phrase) -> Iterator[Phrase]:
    return (Phrase("{name} ({number})", name=name, number=number) for number in count(2))


def _facts(facts: Facts, words: Mapping[Phrase, Phrase], claims: tuple[Claim, ...] | None) -> Facts:
    """The facts with segments called by their names from now on, and the hedges of an earlier name."""
    ways_out = tuple(_retold(way, words) for way in facts.ways_out)
    if claims is None:
        return replace(facts, ways_out=ways_out)
    return replace(facts, ways_out=ways_out, hedges=tuple(claim.told() for claim in claims if claim.hedged))


def _retold(phrase: Phrase, words: Mapping[Phrase, Phrase]) -> Phrase:
    if phrase in words:
        return words[phrase]
    again = Phrase(phrase.message, **{name: _retold_fact(fact, words) for name, fact in phrase.facts.items()})
    object.__setattr__(again, "plural", phrase.plural)
    return again


def _retold_fact(fact: Any, words: Mapping[Phrase, Phrase]) -> Any:
    if isinstance(fact, Phrase):
        return _retold(fact, words)
    if isinstance(fact, tuple):
        return tuple(_retold_fact(part, words) for part in fact)
    return fact
