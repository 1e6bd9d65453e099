"""Find the shop's segments, look into one, and get its people as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.errors import NotFound
from engine.features.bases.behavioural import table
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.segments.segmentation import segmentation
from engine.segments.sentences import caveats
from engine.services.behaviour import behaviour_of_all, counting_day
from engine.services.customers import CustomerRow, customer_row
from engine.services.files import write_out
from engine.services.segment_people import people_of
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import customers, meta, orders, runs
from engine.store import segments as stored
from engine.store.segments import SegmentRun, StoredSegment

HEADER = (
    Phrase("customer"),
    Phrase("name"),
    Phrase("email"),
    Phrase("phone"),
    Phrase("city"),
    Phrase("orders"),
    Phrase("revenue"),
    Phrase("last order"),
)


@dataclass(frozen=True)
class SegmentReport:
    """One run. `segments` by their share of the money, the largest first; `is_fresh`: no newer data since."""

    run: int
    method: str
    k: int
    segments: tuple[StoredSegment, ...]
    quality: Mapping[str, Any]
    caveats: tuple[Phrase, ...]  # how far it can be trusted
    n_customers: int
    as_of: date
    currency: str | None
    computed_at: datetime
    is_fresh: bool
    people: Mapping[int, Phrase] = field(default_factory=dict)  # by segment: who they are, where that is known
    statements: tuple[Phrase, ...] = ()  # how gaps in that were treated


@dataclass(frozen=True)
class SegmentMembers:
    """A segment and its customers, who has spent most first."""

    segment: StoredSegment
    customers: tuple[CustomerRow, ...]
    currency: str | None


def find_segments(
    shop: Shop, *, method: str = "kmeans", k: int | str = "auto", refresh: bool = False, progress: Progress = silent
) -> SegmentReport:
    """The shop's segments: those of the newest run if it had these settings and this data, else found and stored anew.

    With `refresh` found anew in any case, once per cause. `k` is a number from 1 to 20, or "auto".
    Raises NotAllowed for another method or k, TooLittleData without an order of a known customer.
    """
    with shop.open() as db:
        version = orders.data_version(db)
        newest = stored.latest(db)
        if newest is None or not _answers(db, shop, newest, (method, k, version), refresh):
            newest = _found_anew(db, shop, method, k, version, progress)
        return _report(db, shop, newest)


def latest_segments(shop: Shop) -> SegmentReport | None:
    """The newest run of segments, whatever its settings; None if there is none."""
    with shop.open() as db:
        newest = stored.latest(db)
        return None if newest is None else _report(db, shop, newest)


def segment_members(shop: Shop, segment_id: int) -> SegmentMembers:
    """The customers of a segment, also of an older run. Raises NotFound."""
    with shop.open() as db:
        segment = stored.by_id(db, segment_id)
        if segment is None:
            raise NotFound(
                Phrase("There is no segment with the number {id}; /segments shows those there are.", id=str(segment_id))
            )
        as_of = counting_day(shop, db)
        rows = tuple(customer_row(member, as_of) for member in customers.totals_in_segment(db, segment_id))
        return SegmentMembers(segment, rows, meta.read(db, "currency"))


def export_segment(shop: Shop, segment_id: int, out: Path | str | None = None, say: Say = str) -> Path:
    """Write a segment's customers as CSV with the columns of `HEADER`; where it was written.

    `out` is a file or a folder; None is a file among the shop's own. Raises NotFound, NotAllowed.
    """
    members = segment_members(shop, segment_id)
    content = csv_sheet(HEADER, (_cells(row) for row in members.customers), say)
    return write_out(shop, f"segment-{members.segment.key}.csv", content, out)


def segment_named(shop: Shop, name: str, spoken: Callable[[Phrase], list[str]]) -> StoredSegment:
    """The segment of the newest run with this key or name; `spoken` gives a name in the languages of the face.

    Raises NotFound, which lists what there is.
    """
    with shop.open() as db:
        newest = stored.latest(db)
    if newest is None:
        raise NotFound(Phrase("There are no segments yet; find the segments first, then choose one of them."))
    wanted = name.strip().casefold()
    for segment in newest.segments:
        if wanted in {called.casefold() for called in (segment.key, str(segment.name), *spoken(segment.name))}:
            return segment
    raise NotFound(
        Phrase(
            "There is no segment “{name}”; there are: {names}.",
            name=name.strip(),
            names=tuple(Phrase("“{name}”", name=segment.name) for segment in newest.segments),
        )
    )


def _answers(db: Database, shop: Shop, newest: SegmentRun, asked: tuple[str, int | str, int], refresh: bool) -> bool:
    run = newest.run
    if (run.method, run.settings["k"], run.data_version) != asked:
        return False
    return not refresh or runs.made_for(db, run.id, shop.cause)


def _found_anew(db: Database, shop: Shop, method: str, k: int | str, version: int, progress: Progress) -> SegmentRun:
    progress(Phrase("Reading the orders"), 0.0)
    as_of = counting_day(shop, db)
    behaviour = behaviour_of_all(shop, db)
    found = segmentation(
        table(behaviour),
        behaviour,
        as_of=as_of,
        seed=shop.seed,
        method=method,
        k=k,
        currency=meta.read(db, "currency"),
        progress=lambda doing, share: progress(doing, 0.2 + 0.7 * share),
    )
    progress(Phrase("Writing the segments down"), 0.9)
    return stored.save(
        db,
        found.segments,
        zip(found.labels.index.tolist(), found.labels.tolist(), strict=True),
        method=method,
        settings={"k": k, "as_of": as_of.date().isoformat()},
        seed=found.seed,
        data_version=version,
        quality=found.quality,
        at=shop.now(),
        cause=shop.cause,
    )


def _report(db: Database, shop: Shop, found: SegmentRun) -> SegmentReport:
    run, segments = found.run, found.segments
    as_of = date.fromisoformat(run.settings["as_of"])
    people, statements = people_of(shop, db, segments, as_of)
    n_customers = sum(segment.size for segment in segments)
    return SegmentReport(
        run=run.id,
        method=run.method,
        k=len(segments),
        segments=segments,
        quality=run.quality,
        caveats=caveats(
            len(segments),
            chosen=run.settings["k"] == "auto",
            n_without=customers.count(db) - n_customers,
            quality=run.quality,
        ),
        n_customers=n_customers,
        as_of=as_of,
        currency=meta.read(db, "currency"),
        computed_at=run.at,
        is_fresh=run.data_version == orders.data_version(db),
        people=people,
        statements=statements,
    )


def _cells(row: CustomerRow) -> tuple[str | None, ...]:
    who = row.customer
    last = None if row.last_order_at is None else row.last_order_at.date().isoformat()
    return who.key, who.name, who.email, who.phone, who.city, str(row.n_orders), f"{row.monetary:.2f}", last
