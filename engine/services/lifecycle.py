"""Where the customers stand: work it out, keep it, and tell it as it was found last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotFound
from engine.lifecycle.funnel import STEPS
from engine.lifecycle.groups import SINCE_DAYS, WARNED, Group, entry_points, stage_groups
from engine.lifecycle.reasons import thresholds
from engine.lifecycle.stages import UNKNOWN, Rules
from engine.phrases import Phrase, from_json
from engine.progress import Progress, silent
from engine.services.forecasts import MADE_BY
from engine.services.lifecycle_run import work_out
from engine.services.presets import current
from engine.shop import Shop
from engine.store import meta, orders, runs
from engine.store import stages as stored
from engine.store.runs import Run


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
    """`n` customers went from one stage to another: keys of stages, or `warned` for use or loyalty at risk."""

    before: str
    now: str
    n: int


@dataclass(frozen=True)
class StageMonth:
    """How many were in each stage at the end of a day, and how many of these were warned of."""

    day: date
    counts: Mapping[str, int]
    warned: Mapping[str, int]

    @property
    def n_warned(self) -> int:
        return sum(self.warned.values())


@dataclass(frozen=True)
class LifecycleReport:
    """One run. `since` is the day at whose end `moves` and `entries` begin, None where the shop is too young.

    `rules` are the thresholds, `how` says them in words; `months` end with today. `unobservable` says which stages the
    data cannot show; `record` what such calls were worth before, and `caveats` what else to keep in mind.
    """

    run: int
    as_of: date
    rules: Rules
    how: Phrase
    n_customers: int
    stages: tuple[StageLine, ...]
    warned: GroupLine
    funnel: tuple[tuple[Phrase, int], ...]
    since: date | None
    moves: tuple[Move, ...]
    n_stayed: int
    entries: tuple[GroupLine, ...]
    months: tuple[StageMonth, ...]
    record: Phrase | None
    caveats: tuple[Phrase, ...]
    unobservable: Phrase | None
    currency: str | None
    computed_at: datetime
    is_fresh: bool


def find_stages(shop: Shop, *, refresh: bool = False, progress: Progress = silent) -> LifecycleReport:
    """Where the customers stand as it was worked out last; anew where it never was, or something came in since.

    With `refresh` worked out anew in any case, once per cause. Raises TooLittleData where neither an order nor an event
    of a known customer is there.
    """
    with shop.open() as db:
        run = stored.latest_run(db)
        if run is None or not is_fresh(db, run) or (refresh and not runs.made_for(db, run.id, shop.cause)):
            run = work_out(db, shop, progress)
        return _report(db, run)


def the_run(db: Database) -> Run:
    """The newest run. Raises NotFound if there is none."""
    run = stored.latest_run(db)
    if run is None:
        raise NotFound(Phrase("It is not worked out yet where your customers stand: /lifecycle does that."))
    return run


def standings(db: Database, run: Run) -> pd.DataFrame:
    """Everybody of the run, as groups want to see them."""
    as_of, since = (date.fromisoformat(run.settings[day] or run.settings["as_of"]) for day in ("as_of", "since"))
    return stored.standings(db, run.id).assign(**{SINCE_DAYS: (as_of - since).days})


def rules_of(run: Run) -> Rules:
    return Rules(**run.settings["rules"])


def is_fresh(db: Database, run: Run) -> bool:
    """Whether nothing came in, nothing is forecast otherwise and no other line of business was chosen since."""
    now = (orders.data_version(db), MADE_BY, current(db).name)
    return (run.data_version, run.settings.get("forecast_made_by"), run.settings["preset"]) == now


def _report(db: Database, run: Run) -> LifecycleReport:
    rows, rules, settings = standings(db, run), rules_of(run), run.settings
    *stages, unknown, warned = (group.told(by_days=rules.by_days) for group in stage_groups())
    since = None if settings["since"] is None else date.fromisoformat(settings["since"])
    lines = [_stage_line(group, rows, observable=group.key in settings["observable"]) for group in stages]
    if (rows[c.STAGE] == UNKNOWN).any():
        lines.append(_stage_line(unknown, rows, observable=True))
    moves, n_stayed = _moves(rows) if since is not None else ((), 0)
    return LifecycleReport(
        run=run.id,
        as_of=date.fromisoformat(settings["as_of"]),
        rules=rules,
        how=thresholds(rules),
        n_customers=len(rows),
        stages=tuple(lines),
        warned=_group_line(warned, rows),
        funnel=tuple((STEPS[key], n) for key, n in settings["funnel"]),
        since=None if since is None else since - timedelta(days=1),
        moves=moves,
        n_stayed=n_stayed,
        entries=()
        if since is None
        else tuple(_group_line(group.told(by_days=rules.by_days), rows) for group in entry_points()),
        months=_months(stored.counts(db, run.id)),
        record=_phrase(run.quality["record"]),
        caveats=tuple(from_json(caveat) for caveat in run.quality["caveats"]),
        unobservable=_phrase(run.quality["unobservable"]),
        currency=meta.read(db, "currency"),
        computed_at=run.at,
        is_fresh=is_fresh(db, run),
    )


def _stage_line(group: Group, rows: pd.DataFrame, *, observable: bool) -> StageLine:
    members = rows[group.of(rows)]
    money = float(rows[c.MONETARY].sum())
    return StageLine(
        key=group.key,
        name=group.name,
        meaning=group.meaning,
        n=len(members),
        share=len(members) / len(rows),
        share_of_revenue=float(members[c.MONETARY].sum()) / money if money > 0 else 0.0,
        n_warned=int(members[c.WARNED].sum()),
        observable=observable,
    )


def _group_line(group: Group, rows: pd.DataFrame) -> GroupLine:
    return GroupLine(group.key, group.name, group.meaning, int(group.of(rows).sum()))


def _moves(rows: pd.DataFrame) -> tuple[tuple[Move, ...], int]:
    """The moves with most people first, and how many stayed where they were."""
    now = rows[c.STAGE].mask(rows[c.WARNED], WARNED)
    before = rows[stored.WAS].mask(rows[stored.WAS_WARNED], WARNED)
    pairs = pd.DataFrame({"before": before, "now": now}).value_counts().reset_index().itertuples(index=False)
    moves = [Move(str(was), str(is_now), int(n)) for was, is_now, n in pairs if was != is_now]
    moves.sort(key=lambda move: (-move.n, move.before, move.now))
    return tuple(moves), len(rows) - sum(move.n for move in moves)


def _months(counts: pd.DataFrame) -> tuple[StageMonth, ...]:
    return tuple(
        StageMonth(
            date.fromisoformat(str(day)) - timedelta(days=1),
            dict(zip(of_day[c.STAGE], of_day["n"].tolist(), strict=True)),
            dict(zip(of_day[c.STAGE], of_day["n_warned"].tolist(), strict=True)),
        )
        for day, of_day in counts.groupby("day", sort=True)
    )


def _phrase(text: str | None) -> Phrase | None:
    return None if text is None else from_json(text)
