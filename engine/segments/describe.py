"""Segments in words: a name, a sentence, rules, what sets them apart, what would move people out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.contrasts import Measures, typical, worth_telling
from engine.segments.density import FITS_NONE
from engine.segments.explain import Explanation, Rules, explain
from engine.segments.facts import Drawing, Facts, drawing, oddities, profile, told
from engine.segments.methods import Grouping, Labels, NamedGroup
from engine.segments.names import EVERYONE, Named, keys, names
from engine.segments.prepare import Points, points
from engine.segments.sentences import describe, describe_all, describe_people
from engine.segments.ways_out import ways_out

FITS_ENOUGH = 0.5  # of a segment's own people: conditions that fit fewer do not describe it


@dataclass(frozen=True)
class Segment:
    """`rules` are lines to be read: rules that all hold at once, or one line per set of rules; none where those there
    are fit fewer than half of its people.

    `profile` has the medians by feature, without those that nobody has. `share_of_revenue` is 0 for all where nothing
    is known of their orders.
    """

    key: str
    name: Phrase
    sentence: Phrase
    rules: Rules
    size: int
    share_of_customers: float
    share_of_revenue: float
    profile: Mapping[str, float]
    facts: Facts = field(default_factory=Facts)
    by_method: bool = False  # whether its method says who is in it and what it is called


@dataclass(frozen=True)
class Explained:
    """Labels as they are after customers near a border went with the rules, by share of the money.

    `named` are the groups that the method named, by label. `own` gives the number that `explanation` has for a
    segment; it is empty without rules of ours.
    """

    labels: Labels
    named: Mapping[int, NamedGroup]
    explanation: Explanation | None
    own: Mapping[int, int]


def explained(table: FeatureTable, behaviour: pd.DataFrame, grouping: Grouping, currency: str | None) -> Explained:
    labels = grouping.labels.copy()
    ours = ~np.isin(labels, list(grouping.named))
    present = np.unique(labels[ours])
    explanation: Explanation | None = None
    if len(present) > 1:
        own_labels = np.searchsorted(present, labels[ours])
        part = FeatureTable(table.frame[ours], table.features)
        explanation = explain(part, own_labels, currency, usable_points(part))
        labels[ours] = present[explanation.labels]
    labels, before = by_share(behaviour, labels)
    named = {new: grouping.named[int(old)] for new, old in enumerate(before) if int(old) in grouping.named}
    numbers = {int(old): number for number, old in enumerate(present)} if explanation is not None else {}
    own = {new: numbers[int(old)] for new, old in enumerate(before) if int(old) in numbers}
    return Explained(labels, named, explanation, own)


def tells(explanation: Explanation, own: int) -> bool:
    """Whether there are conditions of this segment that fit at least half of its people."""
    return bool(explanation.sets[own]) and explanation.covered[own] >= FITS_ENOUGH


def told_rightly(found: Explained) -> float:
    """The share of all customers whom the conditions of their segment fit, where it has any."""
    sizes = np.bincount(found.labels)
    shares = []
    for at in range(len(sizes)):
        own = found.own.get(at)
        if own is None or found.explanation is None:
            shares.append(1.0 if at in found.named and found.named[at].rules else 0.0)
        else:
            shares.append(found.explanation.covered[own] if tells(found.explanation, own) else 0.0)
    return float(sizes @ np.array(shares) / sizes.sum())


def usable_points(table: FeatureTable) -> Points | None:
    found = points(table)
    return found if found.ndim == 2 and found.shape[1] else None


def by_share(behaviour: pd.DataFrame, labels: Labels) -> tuple[Labels, Labels]:
    """The labels numbered anew, and what each was before: 0 is the group with most of the money, else of the people.

    A label without a customer is skipped.
    """
    groups, labels = np.unique(labels, return_inverse=True)
    sizes = np.bincount(labels, minlength=len(groups)).astype("float64")
    money = np.bincount(labels, weights=behaviour[c.MONETARY].fillna(0.0), minlength=len(groups))
    order = np.lexsort((-sizes, -money))
    rank = np.empty(len(groups), dtype=np.intp)
    rank[order] = np.arange(len(groups))
    return rank[labels], groups[order]


def described(
    table: FeatureTable, behaviour: pd.DataFrame, found: Explained, currency: str | None, rng: Generator
) -> tuple[tuple[Segment, ...], Drawing]:
    """Each segment in the order of the labels, and what the pictures of all are drawn from."""
    labels, measures = found.labels, Measures(table)
    masks = [labels == segment for segment in range(int(labels.max()) + 1)]
    has_money = bool(behaviour[c.MONETARY].notna().any())
    drawn, dots = drawing(measures, usable_points(table), masks, rng, has_money=has_money)
    called = names(table, behaviour, labels, currency)
    given = [found.named[at].name if at in found.named else one.name for at, one in enumerate(called)]
    slugs = keys([EVERYONE if name == EVERYONE else name for name in given])
    result = []
    for at, mask in enumerate(masks):
        group = found.named.get(at)
        facts = _facts(table, measures, found, at, given, called[at], currency)
        facts = replace(facts, dots=dots[at])
        key = slugs[at] if group is None or group.key in slugs[:at] else group.key
        rules = lines(facts.sets) if group is None else group.rules
        segment = _segment(key, given[at], rules, facts, table, behaviour, mask, measures, currency)
        result.append(replace(segment, by_method=group is not None))
    return tuple(result), drawn


def _facts(
    table: FeatureTable,
    measures: Measures,
    found: Explained,
    at: int,
    given: list[Phrase],
    called: Named,
    currency: str | None,
) -> Facts:
    mask = found.labels == at
    contrasts = measures.contrasts(mask)
    differences = {contrast.key: round(contrast.difference, 3) for contrast in contrasts}
    apart = told(contrasts, currency)
    group = found.named.get(at)
    if group is not None:
        unusual = oddities(table, measures, mask, currency) if group.key == FITS_NONE.key else {}
        sets = (group.rules,) if group.rules else ()
        return Facts(sets=sets, contrasts=apart, unusual=unusual, differences=differences)
    if found.explanation is None or at not in found.own:
        return Facts(contrasts=apart, hedges=called.hedges, differences=differences)
    own, explanation = found.own[at], found.explanation
    if not tells(explanation, own):
        return Facts(contrasts=apart, hedges=called.hedges, differences=differences)
    name_of = {number: given[label] for label, number in found.own.items()}
    part = FeatureTable(table.frame[~np.isin(found.labels, list(found.named))], table.features)
    return Facts(
        sets=explanation.sets[own],
        covered=explanation.covered[own],
        right=explanation.right[own],
        contrasts=apart,
        ways_out=ways_out(part, explanation, own, name_of.__getitem__, currency),
        hedges=called.hedges,
        differences=differences,
    )


def _segment(
    key: str,
    name: Phrase,
    rules: Rules,
    facts: Facts,
    table: FeatureTable,
    behaviour: pd.DataFrame,
    mask: np.ndarray,
    measures: Measures,
    currency: str | None,
) -> Segment:
    members = behaviour[mask]
    people = len(members) / len(behaviour)
    total = float(behaviour[c.MONETARY].sum())
    bought = members[c.MONETARY].notna()
    money = (
        float(members[c.MONETARY].sum() / total) if total else (people if behaviour[c.MONETARY].notna().any() else 0.0)
    )
    of_money = money if behaviour[c.MONETARY].notna().any() else None
    typically = profile(members)
    if bought.all() and c.FREQUENCY in table.frame:
        sentence = describe(len(members), people, money, typically, currency)
    else:
        facts_told = tuple(typical(one, currency) for one in worth_telling(measures.contrasts(mask))[:2])
        sentence = describe_people(len(members), people, of_money, facts_told)
    typically = {**profile(table.frame[mask]), **typically}
    return Segment(key, name, sentence, rules, len(members), people, money, typically, facts)


def lines(sets: tuple[Rules, ...]) -> Rules:
    """Rules to be read: one set a rule a line; several a set a line."""
    if len(sets) <= 1:
        return sets[0] if sets else ()
    first, *others = (Phrase("{facts}", facts=rules) for rules in sets)
    return (Phrase("either {rules}", rules=first), *(Phrase("or {rules}", rules=rules) for rules in others))


def everybody(table: FeatureTable, behaviour: pd.DataFrame, currency: str | None, why: Phrase | None) -> Segment:
    """All customers as one segment, and why there is no other."""
    (named,) = names(table, behaviour, np.zeros(len(behaviour), dtype=np.intp), currency)
    bought = behaviour[c.MONETARY].notna()
    typically = profile(behaviour)
    sentence = describe_all(len(behaviour), typically if bought.all() and bought.any() else {}, currency, why)
    typically = {**profile(table.frame), **typically}
    (key,) = keys([named.name])
    return Segment(key, named.name, sentence, (), len(behaviour), 1.0, float(bought.any()), typically)
