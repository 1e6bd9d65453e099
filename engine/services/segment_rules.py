"""Segments by rule that the owner writes: kept with their versions, their people looked up anew whenever shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import EngineError, NotAllowed, NotFound
from engine.phrases import Phrase, counted
from engine.segments.conditions import Comparison, Condition, comparisons, fields_of, folded, in_words, truth
from engine.segments.names import slug
from engine.segments.rule_language import read_rule
from engine.segments.sentences import describe, describe_people
from engine.services.rule_fields import RuleCells
from engine.shop import Shop
from engine.store import meta, orders, segment_rules, transaction
from engine.store import segments as stored
from engine.store.segment_rules import OwnerRule
from engine.store.segments import StoredSegment

LONGEST_NAME = 40  # letters
MOST_RULES = 100
METHOD = "owner"
NOBODY = Phrase("Nobody fits this rule now.")


@dataclass(frozen=True)
class RuleSegment:
    """A rule that is in force. `segment` has its people as of now; None where it can no longer be read, for `why`.

    `notes` say of whom something that it asks for is not known, and which word no customer has.
    """

    name: str
    rule: str
    version: int
    at: datetime
    words: Phrase | None
    segment: StoredSegment | None
    notes: tuple[Phrase, ...] = ()
    why: Phrase | None = None


@dataclass(frozen=True)
class DroppedRule:
    name: str
    rule: str
    n_versions: int


@dataclass(frozen=True)
class _Found:
    """A segment as `engine.store.segments` takes it."""

    key: str
    name: Phrase
    sentence: Phrase
    rules: tuple[Phrase, ...]
    profile: dict[str, float]
    size: int
    share_of_customers: float
    share_of_revenue: float


def save_rule(shop: Shop, text: str, who: str = "owner") -> RuleSegment:
    """Keep the rule that “NAME: RULE” says, in place of an earlier one of that name, which stays as a version.

    Raises NotAllowed where there is no name, or the rule cannot be read; then nothing is changed.
    """
    name, rule = _named(text)
    with shop.open() as db:
        cells = RuleCells(shop, db)
        read_rule(rule, cells.vocabulary)
        with transaction(db):
            newest = segment_rules.newest(db, folded(name))
            if newest is None or newest.rule is None:
                _refuse_too_many(db)
            if newest is not None and newest.rule == rule and newest.name == name:
                kept = newest
            else:
                kept = segment_rules.add(
                    db, name=name, folded=folded(name), rule=rule, who=who, cause=shop.cause, at=shop.now()
                )
        return _looked_up(shop, db, kept, cells)


def owner_rules(shop: Shop) -> tuple[RuleSegment, ...]:
    """All rules in force with their people as of now, the oldest first."""
    with shop.open() as db:
        cells = RuleCells(shop, db)
        return tuple(_looked_up(shop, db, rule, cells) for rule in segment_rules.in_force(db))


def rule_named(shop: Shop, name: str) -> RuleSegment | None:
    """The rule of this name with its people as of now; None if there is none."""
    with shop.open() as db:
        rule = segment_rules.newest(db, folded(name))
        return None if rule is None or rule.rule is None else _looked_up(shop, db, rule, RuleCells(shop, db))


def drop_rule(shop: Shop, name: str, who: str = "owner") -> DroppedRule:
    """Give a rule up; its versions stay, and so do campaigns for it. Raises NotFound, which lists those there are.

    The same cause may ask again, as it does after a crash.
    """
    with shop.open() as db, transaction(db):
        rule = segment_rules.newest(db, folded(name))
        if rule is not None and rule.rule is None and shop.cause is not None and rule.cause == shop.cause:
            return _dropped(db, name)
        if rule is None or rule.rule is None:
            raise _no_rule(db, name)
        segment_rules.add(db, name=rule.name, folded=folded(name), rule=None, who=who, cause=shop.cause, at=shop.now())
        return _dropped(db, name)


def as_of_now(shop: Shop, db: Database, segment: StoredSegment) -> StoredSegment:
    """The segment of the same rule with its people as of now; any other segment, and one of a rule that was given up,
    as it is.
    """
    rule = segment_rules.of_run(db, segment.run_id)
    if rule is None or rule.rule is None:
        return segment
    return _looked_up(shop, db, rule, RuleCells(shop, db)).segment or segment


def _named(text: str) -> tuple[str, str]:
    name, colon, rule = text.replace("：", ":", 1).partition(":")
    name = " ".join(name.split())
    if not colon or not name:
        raise NotAllowed(
            Phrase(
                "A rule has a name, a colon and what must hold, such as {example}.",
                example=Phrase("VIP: orders >= 3 and revenue >= 1000"),
            )
        )
    if len(name) > LONGEST_NAME or name.isdecimal():
        raise NotAllowed(
            Phrase(
                "“{name}” cannot be the name of a rule: choose one of at most {most} letters that is no mere number.",
                name=name[:LONGEST_NAME],
                most=LONGEST_NAME,
            )
        )
    return name, rule.strip()


def _refuse_too_many(db: Database) -> None:
    if len(segment_rules.in_force(db)) >= MOST_RULES:
        raise NotAllowed(Phrase("There are {most} rules already; give one up first.", most=MOST_RULES))


def _dropped(db: Database, name: str) -> DroppedRule:
    _, last, *_ = versions = segment_rules.versions(db, folded(name))
    return DroppedRule(last.name, last.rule or "", len(versions) - 1)


def _no_rule(db: Database, name: str) -> NotFound:
    there = tuple(Phrase("“{name}”", name=rule.name) for rule in segment_rules.in_force(db))
    if not there:
        return NotFound(
            Phrase(
                "You have no rules yet; write one such as {example}.",
                example=Phrase("VIP: orders >= 3 and revenue >= 1000"),
            )
        )
    return NotFound(Phrase("You have no rule “{name}”; there are: {rules}.", name=name.strip(), rules=there))


def _looked_up(shop: Shop, db: Database, rule: OwnerRule, cells: RuleCells) -> RuleSegment:
    """The rule with its people, stored as a run of their own where they differ from those of the run before."""
    text = rule.rule or ""
    told = RuleSegment(rule.name, text, rule.version, rule.at, None, None)
    try:
        condition = read_rule(text, cells.vocabulary)
    except EngineError as error:
        return replace(told, why=error.phrase)
    frame = cells.frame(list(fields_of(condition)))
    members = cells.everybody[truth(condition, frame, cells.as_of.date()).yes]
    words = in_words(condition, meta.read(db, "currency"))
    found = _described(rule, words, members, cells, meta.read(db, "currency"))
    segment = _kept(shop, db, rule, found, members, cells)
    return replace(told, words=words, segment=segment, notes=tuple(_notes(condition, frame)))


def _described(rule: OwnerRule, words: Phrase, members: pd.Index, cells: RuleCells, currency: str | None) -> _Found:
    bought = cells.behaviour
    of_members = bought.reindex(members)
    total = float(bought[c.MONETARY].sum())
    money = float(of_members[c.MONETARY].sum() / total) if total else 0.0
    share = len(members) / len(cells.everybody) if len(cells.everybody) else 0.0
    typical = {str(key): float(value) for key, value in of_members.median(numeric_only=True).dropna().items()}
    if not len(members):
        sentence = NOBODY
    elif of_members[c.MONETARY].notna().all():
        sentence = describe(len(members), share, money, typical, currency)
    else:
        sentence = describe_people(len(members), share, money if total else None, ())
    key = f"rule-{slug(Phrase(rule.name.replace('{', '').replace('}', ''))) or rule.id}"
    return _Found(key, Phrase("{field}", field=rule.name), sentence, (words,), typical, len(members), share, money)


def _kept(
    shop: Shop, db: Database, rule: OwnerRule, found: _Found, members: pd.Index, cells: RuleCells
) -> StoredSegment:
    ids = members.tolist()
    with transaction(db):
        before = segment_rules.latest_people(db, rule.id)
        if before is not None:
            (segment,) = before.segments
            if _same(segment, found) and stored.members(db, segment.id) == ids:
                return segment
        saved = stored.save(
            db,
            [found],
            ((customer, found.key) for customer in ids),
            method=METHOD,
            settings={"rule": rule.rule, "as_of": cells.as_of.date().isoformat()},
            seed=shop.seed,
            data_version=orders.data_version(db),
            quality={},
            at=shop.now(),
            cause=shop.cause,
            kind=segment_rules.KIND,
        )
        segment_rules.keep(db, saved.run.id, rule.id)
    return saved.segments[0]


def _same(segment: StoredSegment, found: _Found) -> bool:
    told = (segment.name, segment.sentence, segment.rules, segment.size)
    shares = (segment.share_of_customers, segment.share_of_revenue)
    return told == (found.name, found.sentence, found.rules, found.size) and bool(
        np.allclose(shares, (found.share_of_customers, found.share_of_revenue))
    )


def _notes(condition: Condition, frame: pd.DataFrame) -> Iterator[Phrase]:
    by_key = fields_of(condition)
    asked_for_gaps = {one.field.key for one in comparisons(condition) if one.sign in ("known", "unknown")}
    for key, field in by_key.items():
        n = int(frame[key].isna().sum())
        if n and key not in asked_for_gaps:
            yield counted(
                "Of {n} customer, {what} is not known; such a customer fits no condition on it.",
                "Of {n} customers, {what} is not known; such customers fit no condition on it.",
                n=n,
                what=Phrase("“{name}”", name=field.words),
            )
    for one in comparisons(condition):
        if one.field.is_text and one.values:
            yield from _words_of_nobody(one, frame[one.field.key])


def _words_of_nobody(one: Comparison, cells: pd.Series) -> Iterator[Phrase]:
    texts = [str(text) for text in cells.dropna().unique()]
    parts = {part.strip() for text in texts for part in (text.split(";") if one.field.kind == "tags" else [text])}
    by_fold = {folded(part, one.field): part for part in sorted(parts)}
    for value in one.values:
        wanted = folded(str(value), one.field)
        partly = one.sign in ("has", "has not")
        if wanted in by_fold or (partly and any(wanted in part for part in by_fold)):
            continue
        near = get_close_matches(wanted, by_fold, n=1, cutoff=0.6)
        what = Phrase("“{name}”", name=one.field.words)
        if near:
            yield Phrase(
                "No customer has “{value}” as {what}; the nearest is “{near}”.",
                value=str(value),
                what=what,
                near=by_fold[near[0]],
            )
        else:
            yield Phrase("No customer has “{value}” as {what}.", value=str(value), what=what)
