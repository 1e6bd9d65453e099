"""What has changed since segments were last found: who moved, who is new, what is called something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlite_utils import Database

from engine.errors import NotFound
from engine.feature_table import FeatureTable
from engine.phrases import Phrase
from engine.segments.continuing import Continued, continued
from engine.segments.matching import flows, movers
from engine.segments.segmentation import Segmentation
from engine.services.behaviour import counting_day
from engine.services.customers import CustomerRow, customer_row
from engine.services.files import write_out
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import customers, meta, runs, segment_moves
from engine.store import segments as stored
from engine.store.segments import SegmentRun, StoredSegment


@dataclass(frozen=True)
class Move:
    """`n` customers who were in `before` and are in `now`: None before are new, None now are in no group any more.

    `stayed`: `now` continues `before`.
    """

    before: StoredSegment | None
    now: StoredSegment | None
    n: int
    stayed: bool


@dataclass(frozen=True)
class SegmentMoves:
    """How a run compares with an earlier one of the same question, which had the groups `groups_before`.

    `moves` has the largest first, those who stayed among them; `renamed` groups that were called otherwise then.
    `same_data`: nothing had been imported in between, so that only the number of groups is another.
    """

    since: datetime
    groups_before: tuple[StoredSegment, ...]
    continues: dict[int, int]  # by segment, the one of before
    moves: tuple[Move, ...]
    renamed: tuple[tuple[StoredSegment, Phrase], ...]
    same_data: bool

    def _sum(self, wanted: Callable[[Move], bool]) -> int:
        return sum(move.n for move in self.moves if wanted(move))

    @property
    def moved(self) -> tuple[Move, ...]:
        """From one group to another."""
        return tuple(move for move in self.moves if move.before and move.now and not move.stayed)

    @property
    def n_moved(self) -> int:
        return sum(move.n for move in self.moved)

    @property
    def n_stayed(self) -> int:
        return self._sum(lambda move: move.stayed)

    @property
    def n_new(self) -> int:
        return self._sum(lambda move: move.before is None)

    @property
    def n_left(self) -> int:
        return self._sum(lambda move: move.now is None)

    @property
    def is_one_group(self) -> bool:
        """Whether there were no separate groups then, or are none now: nobody can have moved."""
        return len(self.groups_before) == 1 or len({move.now.id for move in self.moves if move.now}) < 2


@dataclass(frozen=True)
class Mover:
    row: CustomerRow
    before: StoredSegment
    now: StoredSegment


@dataclass(frozen=True)
class MoverList:
    """All who moved, who has spent most first."""

    moves: SegmentMoves
    movers: tuple[Mover, ...]
    currency: str | None


@dataclass(frozen=True)
class Carried:
    """A segmentation with what lasts of an earlier run, of which there may be none."""

    found: Segmentation
    before: SegmentRun | None
    step: Continued | None
    members: pd.Series | None


def carried_on(
    db: Database, found: Segmentation, asked: Mapping[str, object], table: FeatureTable, behaviour: pd.DataFrame
) -> Carried:
    """`found` with the keys and names of the groups that it continues.

    `asked` has the method, bases, k and version of the data. The earlier run is the newest with the same method and
    bases: before a newer file if there is one, with the same k if there is one.
    """
    before = _predecessor(db, asked)
    if before is None:
        return Carried(found, None, None, None)
    members = segment_moves.members(db, before.run.id, before.segments)
    step = continued(found, before.segments, members, table, behaviour, meta.read(db, "currency"))
    return Carried(step.found, before, step, members)


def _predecessor(db: Database, asked: Mapping[str, object]) -> SegmentRun | None:
    candidates = [
        run
        for run in runs.every(db, stored.KIND)
        if run.method == asked["method"] and tuple(run.settings.get("bases", ("behavioural",))) == asked["bases"]
    ]
    if not candidates:
        return None
    best = max(
        candidates, key=lambda run: (run.data_version != asked["version"], run.settings["k"] == asked["k"], run.id)
    )
    return stored.of_run(db, best)


def keep(db: Database, saved: SegmentRun, carried: Carried) -> None:
    """Store how the run compares; call in its transaction."""
    if carried.before is None or carried.step is None or carried.members is None:
        return
    segment_moves.save(
        db,
        saved.run.id,
        carried.before.run.id,
        old_ids={segment.key: segment.id for segment in carried.before.segments},
        new_ids={segment.key: segment.id for segment in saved.segments},
        matches=carried.step.matches,
        flows=flows(carried.members, carried.found.labels),
    )


def moves_of(db: Database, found: SegmentRun) -> SegmentMoves | None:
    """What has changed since the run with which this one was compared; None without one, or if it says nothing."""
    kept = segment_moves.of_run(db, found.run.id)
    run = None if kept is None else runs.by_id(db, kept.before)
    if kept is None or run is None:
        return None
    same_data = run.data_version == found.run.data_version
    if same_data and run.settings["k"] == found.run.settings["k"]:
        return None
    before = stored.of_run(db, run)
    olds = {segment.id: segment for segment in before.segments}
    news = {segment.id: segment for segment in found.segments}
    return SegmentMoves(
        since=run.at,
        groups_before=before.segments,
        continues=dict(kept.matches),
        moves=tuple(
            Move(
                None if old is None else olds[old],
                None if new is None else news[new],
                n,
                stayed=old is not None and new is not None and kept.matches.get(new) == old,
            )
            for old, new, n in kept.flows
        ),
        renamed=tuple(
            (news[new], olds[old].name) for new, old in sorted(kept.matches.items()) if news[new].name != olds[old].name
        ),
        same_data=same_data,
    )


def segment_movers(shop: Shop) -> MoverList:
    """Who is in another group than before the newest run. Raises NotFound where there is nothing to compare."""
    with shop.open() as db:
        newest = stored.latest(db)
        moves = None if newest is None else moves_of(db, newest)
        if newest is None or moves is None or moves.is_one_group:
            raise NotFound(
                Phrase(
                    "There is nothing to compare yet: who moved can be told once groups were found before and after a "
                    "new file."
                )
            )
        before = segment_moves.members(db, moves.groups_before[0].run_id, moves.groups_before)
        now = segment_moves.members(db, newest.run.id, newest.segments)
        olds = {segment.id: segment for segment in moves.groups_before}
        matches = {
            segment.key: olds[moves.continues[segment.id]].key
            for segment in newest.segments
            if segment.id in moves.continues
        }
        moved = movers(before, now, matches)
        by_key = {segment.key: segment for segment in newest.segments}
        old_by_key = {segment.key: segment for segment in moves.groups_before}
        as_of = counting_day(shop, db)
        was, is_now = moved["before"].to_dict(), moved["now"].to_dict()
        rows = [customer_row(one, as_of) for one in customers.totals_of(db, moved.index.tolist())]
        return MoverList(
            moves,
            tuple(Mover(row, old_by_key[was[row.customer.id]], by_key[is_now[row.customer.id]]) for row in rows),
            meta.read(db, "currency"),
        )


HEADER = (
    Phrase("customer"),
    Phrase("name"),
    Phrase("email"),
    Phrase("phone"),
    Phrase("group before"),
    Phrase("group now"),
    Phrase("orders"),
    Phrase("revenue"),
)


def export_movers(shop: Shop, out: Path | str | None = None, say: Say = str) -> Path:
    """Write who moved as CSV with the columns of `HEADER`; where it was written. Raises NotFound, NotAllowed."""
    content = csv_sheet(HEADER, _rows(segment_movers(shop), say), say)
    return write_out(shop, "segments-moved.csv", content, out)


def _rows(found: MoverList, say: Say) -> Iterator[tuple[str | None, ...]]:
    for one in found.movers:
        who = one.row.customer
        yield (
            *(who.key, who.name, who.email, who.phone, say(one.before.name), say(one.now.name)),
            *(str(one.row.n_orders), f"{one.row.monetary:.2f}"),
        )
