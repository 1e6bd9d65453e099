"""The people of a stage, or those who have just moved: to look at, as a list, or to write to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed, NotFound
from engine.lifecycle.groups import Group, entry_points, stage_groups
from engine.lifecycle.reasons import Standing, reason
from engine.lifecycle.stages import NAMES, WARNING, Rules
from engine.phrases import Phrase, counted
from engine.services.files import write_out
from engine.services.lifecycle import GroupLine, is_fresh, rules_of, standings, the_run
from engine.services.lifecycle_run import called
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import customers, meta, segments, transaction
from engine.store import stages as stored
from engine.store.customers import Customer
from engine.store.runs import Run
from engine.store.segments import StoredSegment

HEADER = (
    *(Phrase("customer"), Phrase("name"), Phrase("email"), Phrase("phone"), Phrase("city")),
    *(Phrase("stage"), Phrase("stage before"), Phrase("why"), Phrase("P(no order)")),
    *(Phrase("days with an order"), Phrase("days since the last order"), Phrase("revenue")),
)
MOST = 1_000  # in one list


@dataclass(frozen=True)
class StagePerson:
    """One customer, where they stand and why."""

    customer: Customer
    stage: Phrase
    warned: bool
    reason: Phrase
    monetary: float


@dataclass(frozen=True)
class StagePeople:
    """Some of a group's `total` customers after the first `offset`, who has spent most first."""

    group: GroupLine
    rows: tuple[StagePerson, ...]
    total: int
    offset: int
    as_of: date
    currency: str | None
    computed_at: datetime
    is_fresh: bool


@dataclass(frozen=True)
class StageThen:
    """As of the end of `day` the customer had come to this stage."""

    day: date
    stage: Phrase
    warned: bool


@dataclass(frozen=True)
class CustomerStage:
    """Where one customer stands as of `as_of`, why, and how they came there, the earliest first."""

    key: str
    stage: Phrase
    warned: bool
    reason: Phrase
    past: tuple[StageThen, ...]
    as_of: date
    is_fresh: bool


def lifecycle_groups(shop: Shop) -> tuple[GroupLine, ...]:
    """The groups with somebody in them that one can write to, those who have just moved first; empty without a run."""
    with shop.open() as db:
        run = stored.latest_run(db)
        if run is None:
            return ()
        rows = standings(db, run)
        moved = entry_points() if run.settings["since"] is not None else ()
        by_days = rules_of(run).by_days
        lines = (_line(group.told(by_days=by_days), rows) for group in (*moved, *stage_groups()))
        return tuple(line for line in lines if line.n)


def lifecycle_people(shop: Shop, key: str, *, n: int = 10, offset: int = 0) -> StagePeople:
    """Customers of the group of this key in the newest run.

    Raises NotFound for a group that there is not or before there is a run, NotAllowed for n outside 1 to 1,000.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} customers at once: ask for 1 to {most}.", n=n, most=MOST))
    group = _group(key)
    with shop.open() as db:
        run = the_run(db)
        rules = rules_of(run)
        group = group.told(by_days=rules.by_days)
        members = _members(db, run, group)
        shown = members.iloc[offset : offset + n]
        known = customers.by_ids(db, shown.index.tolist())
        return StagePeople(
            group=GroupLine(group.key, group.name, group.meaning, len(members)),
            rows=tuple(
                StagePerson(customer, NAMES[one.stage], one.warned, reason(one, rules, called), money)
                for customer, one, money in zip(known, _standings(shown), shown[c.MONETARY].tolist(), strict=True)
            ),
            total=len(members),
            offset=offset,
            as_of=date.fromisoformat(run.settings["as_of"]),
            currency=meta.read(db, "currency"),
            computed_at=run.at,
            is_fresh=is_fresh(db, run),
        )


def export_lifecycle(shop: Shop, key: str | None = None, out: Path | str | None = None, say: Say = str) -> Path:
    """Write the customers of a group, or all of them, as CSV with the columns of `HEADER`; where it was written.

    `out` is a file or a folder; None is a file among the shop's own. Raises NotFound, NotAllowed.
    """
    group = None if key is None else _group(key)
    with shop.open() as db:
        run = the_run(db)
        members = _members(db, run, group)
        about = customers.frame(db).set_index(c.CUSTOMER).reindex(members.index)
    rows = _cells(about, members, rules_of(run), say)
    name = "lifecycle.csv" if group is None else f"lifecycle-{group.key}.csv"
    return write_out(shop, name, csv_parts(HEADER, rows, say), out)


def lifecycle_audience(shop: Shop, key: str) -> StoredSegment:
    """The group of the newest run as a segment that a campaign can be drafted for; the same one each time.

    Raises NotFound for a group that there is not or before there is a run, NotAllowed if nobody is in it.
    """
    group = _group(key)
    with shop.open() as db, transaction(db):
        run = the_run(db)
        known = stored.audience(db, run.id, group.key)
        segment = None if known is None else segments.by_id(db, known)
        return segment or _made(db, shop, run, group)


def lifecycle_group_named(name: str, spoken: Callable[[Phrase], list[str]]) -> str | None:
    """The key of the group of this key or name; `spoken` gives a name in the languages of the face."""
    wanted = name.strip().casefold()
    for group in (*stage_groups(), *entry_points()):
        if wanted in {called.casefold() for called in (group.key, str(group.name), *spoken(group.name))}:
            return group.key
    return None


def stage_of(db: Database, customer_id: int) -> CustomerStage | None:
    """Where this customer stands in the newest run; None without a run, or if it does not know the customer."""
    run = stored.latest_run(db)
    found = None if run is None else stored.of_customer(db, run.id, customer_id)
    if run is None or found is None:
        return None
    now, changes = found
    one = Standing(
        now.stage, now.warned, now.purchase_days, now.recency_days, now.p_none, now.sign, now.sign_days, now.visits
    )
    as_of = date.fromisoformat(run.settings["as_of"])
    return CustomerStage(
        key=now.stage,
        stage=NAMES[now.stage],
        warned=now.warned,
        reason=reason(one, rules_of(run), called),
        past=tuple(StageThen(change.day - timedelta(days=1), NAMES[change.stage], change.warned) for change in changes),
        as_of=as_of,
        is_fresh=is_fresh(db, run),
    )


def _group(key: str) -> Group:
    groups = (*stage_groups(), *entry_points())
    found = next((group for group in groups if group.key == key), None)
    if found is None:
        raise NotFound(
            Phrase(
                "There is no stage {key}; there are: {keys}.", key=key[:40], keys=tuple(group.key for group in groups)
            )
        )
    return found


def _members(db: Database, run: Run, group: Group | None) -> pd.DataFrame:
    """Those of a group, or all, who has spent most first."""
    rows = standings(db, run)
    if group is not None:
        moved = run.settings["since"] is not None or group not in entry_points()
        rows = rows[group.of(rows)] if moved else rows.iloc[:0]
    return rows.sort_values(c.MONETARY, ascending=False, kind="stable")


def _line(group: Group, rows: pd.DataFrame) -> GroupLine:
    return GroupLine(group.key, group.name, group.meaning, int(group.of(rows).sum()))


def _standings(rows: pd.DataFrame) -> Iterator[Standing]:
    facts = (c.STAGE, c.WARNED, c.PURCHASE_DAYS, c.RECENCY_DAYS, c.P_NONE, c.SIGN, c.SIGN_DAYS, c.VISITS)
    columns = [rows[fact].astype(object).where(rows[fact].notna(), None).tolist() for fact in facts]
    for stage, warned, bought, recency, chance, sign, sign_days, visits in zip(*columns, strict=True):
        yield Standing(
            stage,
            bool(warned),
            bought,
            None if recency is None else int(recency),
            chance,
            sign,
            None if sign_days is None else int(sign_days),
            visits,
        )


def _cells(about: pd.DataFrame, members: pd.DataFrame, rules: Rules, say: Say) -> Iterator[tuple[str | None, ...]]:
    contact = [
        about[field].astype(object).where(about[field].notna(), None).tolist()
        for field in (c.CUSTOMER_KEY, c.NAME, c.EMAIL, c.PHONE, c.CITY)
    ]
    was = zip(members[stored.WAS].tolist(), members[stored.WAS_WARNED].tolist(), strict=True)
    before = [say(_called(stage, marked)) for stage, marked in was]
    money = members[c.MONETARY].tolist()
    for *who, one, past, paid in zip(*contact, _standings(members), before, money, strict=True):
        yield (
            *who,
            say(_called(one.stage, one.warned)),
            past,
            say(reason(one, rules, called)),
            None if one.p_none is None else f"{one.p_none:.3f}",
            str(one.purchase_days),
            None if one.recency_days is None else str(one.recency_days),
            f"{paid:.2f}",
        )


def _called(stage: str, warned: bool) -> Phrase:
    return Phrase("{stage}, {mark}", stage=NAMES[stage], mark=WARNING) if warned else NAMES[stage]


def _made(db: Database, shop: Shop, run: Run, group: Group) -> StoredSegment:
    group = group.told(by_days=rules_of(run).by_days)
    everybody = standings(db, run)
    members = _members(db, run, group)
    if members.empty:
        raise NotAllowed(Phrase("Nobody is in “{group}” now; choose another group.", group=group.name))
    money = float(everybody[c.MONETARY].sum())
    told = counted("{n} customer: {meaning}", "{n} customers: {meaning}", n=len(members), meaning=group.meaning)
    segment = StoredSegment(
        id=0,
        run_id=0,
        key=group.key,
        name=group.name,
        sentence=told,
        rules=(),
        profile={},
        size=len(members),
        share_of_customers=len(members) / len(everybody),
        share_of_revenue=float(members[c.MONETARY].sum()) / money if money > 0 else 0.0,
    )
    made = segments.save(
        db,
        [segment],
        ((customer, group.key) for customer in members.index.tolist()),
        method=group.key,
        settings={"of": run.id},
        seed=run.seed,
        data_version=run.data_version,
        quality={},
        at=shop.now(),
        cause=shop.cause,
        kind=stored.AUDIENCE,
    )
    return made.segments[0]
