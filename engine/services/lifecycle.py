"""Where the customers stand: work it out, keep it, and tell it as it was found last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotFound, TooLittleData
from engine.lifecycle.funnel import STEPS, funnel
from engine.lifecycle.groups import WARNED, Group, entry_points, stage_groups
from engine.lifecycle.history import history
from engine.lifecycle.horizon import first_to_second_days, horizon_days
from engine.lifecycle.known import Known, Signs, known, purchases_of
from engine.lifecycle.stages import EVERY, UNKNOWN, Rules
from engine.phrases import Phrase, counted, from_json, to_json
from engine.progress import Progress, silent
from engine.services.behaviour import counting_day, seen_day
from engine.services.chances import Outlook, outlook
from engine.services.presets import current
from engine.shop import Shop
from engine.store import customers, events, meta, orders, runs
from engine.store import stages as stored
from engine.store.runs import Run

BEFORE_BUYING: Final = ("awareness", "interest", "evaluation")
SMALL: Final = 40  # buyers, below which chances lean on what is usual elsewhere


@dataclass(frozen=True)
class StageLine:
    """One stage: `n` customers, their share of all and of the money; not `observable` where the data cannot show it."""

    key: str
    name: Phrase
    meaning: Phrase
    n: int
    share: float
    share_of_revenue: float
    n_warned: int
    observable: bool


@dataclass(frozen=True)
class GroupLine:
    """A group to look into or to write to, and how many are in it."""

    key: str
    name: Phrase
    meaning: Phrase
    n: int


@dataclass(frozen=True)
class Move:
    """`n` customers went from one stage to another; keys are those of stages, or `warned` for use or loyalty at risk."""

    before: str
    now: str
    n: int


@dataclass(frozen=True)
class Month:
    """How many were in each stage at the end of a day."""

    day: date
    counts: Mapping[str, int]
    n_warned: int


@dataclass(frozen=True)
class LifecycleReport:
    """One run. `since` is the day at whose end `moves` and `entries` begin, None where the shop is too young.

    `horizon` is H and `first_to_second` W1 in days; `months` end with today. `unobservable` says which stages the data
    cannot show; `record` what such calls were worth before, and `caveats` what else to keep in mind.
    """

    run: int
    as_of: date
    horizon: int
    first_to_second: int
    n_customers: int
    stages: tuple[StageLine, ...]
    warned: GroupLine
    funnel: tuple[tuple[Phrase, int], ...]
    since: date | None
    moves: tuple[Move, ...]
    n_stayed: int
    entries: tuple[GroupLine, ...]
    months: tuple[Month, ...]
    score: Phrase | None
    record: Phrase | None
    caveats: tuple[Phrase, ...]
    unobservable: Phrase | None
    currency: str | None
    computed_at: datetime
    is_fresh: bool


def lifecycle(shop: Shop, *, refresh: bool = False, progress: Progress = silent) -> LifecycleReport:
    """Where the customers stand as it was worked out last, however long ago; worked out anew where it never was.

    With `refresh` worked out anew in any case, once per cause. Raises TooLittleData where neither an order nor an event
    of a known customer is there.
    """
    with shop.open() as db:
        run = stored.latest_run(db)
        if run is None or (refresh and not runs.made_for(db, run.id, shop.cause)):
            run = _worked_out(db, shop, progress)
        return _report(db, run)


def latest_lifecycle(shop: Shop) -> LifecycleReport | None:
    """As it was worked out last; None if it never was."""
    with shop.open() as db:
        run = stored.latest_run(db)
        return None if run is None else _report(db, run)


def the_run(db: Database) -> Run:
    """The newest run. Raises NotFound if there is none."""
    run = stored.latest_run(db)
    if run is None:
        raise NotFound(Phrase("It is not worked out yet where your customers stand: /lifecycle does that."))
    return run


def rules_of(run: Run) -> Rules:
    return Rules(**run.settings["rules"])


def is_fresh(db: Database, run: Run) -> bool:
    """Whether nothing came in, and no other line of business was chosen, since this run."""
    return run.data_version == orders.data_version(db) and run.settings["preset"] == current(db).name


def _worked_out(db: Database, shop: Shop, progress: Progress) -> Run:
    progress(Phrase("Reading orders and events"), 0.0)
    version, preset = orders.data_version(db), current(db)
    bought, done = orders.orders(db), events.frame(db)
    people = pd.Index(customers.frame(db)[c.CUSTOMER].to_numpy())
    if bought.empty and done.empty:
        raise _nothing(len(people))
    as_of = seen_day(shop, db) if bought.empty else counting_day(shop, db)
    signs = Signs(preset.stages, preset.ratings, preset.leaving)
    facts = known(people, bought, done[[c.CUSTOMER, c.KIND, c.AT, c.VALUE]], signs, as_of)
    paid = _paid(facts, bought)
    rules = Rules(horizon_days(paid), first_to_second_days(paid))
    ahead = outlook(
        paid,
        as_of=as_of,
        horizon=rules.horizon,
        seed=shop.seed,
        progress=lambda doing, share: progress(doing, 0.1 + 0.5 * share),
    )
    past = history(facts, ahead.p_none, rules, lambda doing, share: progress(doing, 0.6 + 0.3 * share))
    progress(Phrase("Writing the stages down"), 0.9)
    before = past.stages[:, past.before] if past.before is not None else past.stages[:, -1]
    was_warned = past.warned[:, past.before] if past.before is not None else past.warned[:, -1]
    money = bought.groupby(c.CUSTOMER)[c.REVENUE].sum()
    standings = past.now.assign(
        **{
            c.MONETARY: money.reindex(past.now.index).fillna(0.0),
            stored.WAS: pd.Categorical.from_codes(before.astype("int64"), categories=pd.Index(EVERY)),
            stored.WAS_WARNED: was_warned,
        }
    )
    return stored.save(
        db,
        standings,
        past.changes(),
        past.counts(),
        method=ahead.score,
        settings={
            "as_of": as_of.date().isoformat(),
            "since": None if past.before is None else past.days[past.before].date().isoformat(),
            "rules": rules.__dict__,
            "preset": preset.name,
            "shown": sorted(facts.shown),
            "sells": bool(facts.purchases.days.size),
            "funnel": [[step.key, step.n] for step in funnel(facts, past.now, rules)],
        },
        seed=shop.seed,
        data_version=version,
        quality={
            "record": _told(ahead.called),
            "caveats": [to_json(caveat) for caveat in _caveats(facts, past.now, ahead, len(people))],
        },
        at=shop.now(),
        cause=shop.cause,
    )
