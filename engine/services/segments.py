"""Find the shop's segments, look into one, and get its people as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine.errors import NotFound, TooLittleData
from engine.feature_table import FeatureTable
from engine.features.bases import USUAL, basis, chosen, combined, labels
from engine.phrases import Phrase, from_json, to_json
from engine.progress import Progress, silent
from engine.segments.facts import Drawing, Facts
from engine.segments.methods import methods, segmenter
from engine.segments.segmentation import segmentation
from engine.segments.sentences import caveats
from engine.services.bases import StoreSources, bases_with_data
from engine.services.behaviour import counting_day
from engine.services.customers import CustomerRow, customer_row
from engine.services.files import write_out
from engine.services.presets import current
from engine.services.segment_moves import SegmentMoves, carried_on, moves_of
from engine.services.segment_moves import keep as keep_moves
from engine.services.segment_people import people_of
from engine.services.segment_places import Places, places_of
from engine.services.segment_rules import as_of_now, rule_named
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import customers, meta, missing, orders, runs, segment_facts, transaction
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

STATEMENTS = "statements"  # in a run's quality
PLACES = "geographic"
USUAL_METHOD, AUTO = "kmeans", "auto"


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
    statements: tuple[Phrase, ...] = ()  # what was left out, and how gaps were treated
    bases: tuple[str, ...] = USUAL
    basis_labels: tuple[Phrase, ...] = ()  # what these are called
    places: Places | None = None  # customers and money by place, where they are grouped by it
    facts: Mapping[int, Facts] = field(default_factory=dict)  # by segment; none of an older run
    drawing: Drawing | None = None  # what pictures are drawn from
    moves: SegmentMoves | None = None  # what has changed since they were last found
    asked_k: int | str = AUTO
    is_look: bool = False  # a way that is only tried out; other segments are in force

    @property
    def is_usual_way(self) -> bool:
        """Whether method and number of groups are those that there are without a choice of the owner's."""
        return (self.method, self.asked_k) == (USUAL_METHOD, AUTO)

    @property
    def has_money(self) -> bool:
        """Whether anybody's orders are known, so that there are shares of money."""
        return any(segment.share_of_revenue for segment in self.segments)


@dataclass(frozen=True)
class SegmentMembers:
    """A segment and its customers, who has spent most first."""

    segment: StoredSegment
    customers: tuple[CustomerRow, ...]
    currency: str | None
    facts: Facts = field(default_factory=Facts)
    has_orders: bool = True  # whether anybody's orders are known in this shop


def find_segments(
    shop: Shop,
    *,
    bases: Sequence[str] | None = None,
    method: str | None = None,
    k: int | str | None = None,
    refresh: bool = False,
    keep: bool = True,
    progress: Progress = silent,
) -> SegmentReport:
    """The shop's segments: those of the newest run if it had these settings and this data, else found and stored anew.

    `bases` are what customers are grouped by (`engine.features.bases`), “behavioural:cadence” a part of one. `k` is a
    number from 1 to 20, or "auto". What is None is as the owner chose last; of other bases, or of another method, the
    rest is as usual. Without `keep` this is only a look: the segments in force, if there are any, stay as they are.
    With `refresh` found anew in any case, once per cause.
    Raises NotAllowed for another basis, method or k, TooLittleData where nothing is known of what they are grouped by.
    """
    with shop.open() as db:
        newest = stored.latest(db)
        asked = _asked(db, shop, newest, bases, method, k)
        is_look = newest is not None and not keep and _way(newest) != (asked.bases, asked.method, asked.k)
        there = stored.latest_look(db) if is_look else newest
        if there is None or not _answers(db, shop, there, asked, refresh):
            there = _found_anew(db, shop, asked, progress, kind=stored.LOOK if is_look else stored.KIND)
        return _report(db, shop, there)


def last_bases(shop: Shop) -> tuple[str, ...]:
    """What the newest run grouped by, as long as something of it is known; before any run, what is usual."""
    with shop.open() as db:
        return _last_bases(db, shop, stored.latest(db))


def _last_bases(db: Database, shop: Shop, newest: SegmentRun | None) -> tuple[str, ...]:
    if newest is None:
        return USUAL
    here = bases_with_data(StoreSources(shop, db))
    grouped_by, *_ = _way(newest)
    return grouped_by if all(one.partition(":")[0] in here for one in grouped_by) else USUAL


def _way(newest: SegmentRun) -> tuple[tuple[str, ...], str, int | str]:
    """The bases, method and number of groups that a run was asked for."""
    settings = newest.run.settings
    return tuple(settings.get("bases", USUAL)), newest.run.method, settings["k"]


def _asked(
    db: Database,
    shop: Shop,
    newest: SegmentRun | None,
    bases: Sequence[str] | None,
    method: str | None,
    k: int | str | None,
) -> _Asked:
    wanted = _last_bases(db, shop, newest) if bases is None else chosen(bases)
    usual: tuple[str, int | str] = (USUAL_METHOD, AUTO)
    if newest is not None and wanted == _way(newest)[0]:
        usual = _way(newest)[1:]
    if method is not None and method != usual[0]:
        usual = (method, AUTO)
    segmenter(usual[0])  # refuses one that there is not, also where nothing is known of anybody
    return _Asked(wanted, usual[0], usual[1] if k is None else k, orders.data_version(db), _beside(db, wanted))


def segment_methods() -> list[str]:
    """The names of the ways of grouping."""
    return methods()


def latest_segments(shop: Shop) -> SegmentReport | None:
    """The newest run of segments, whatever its settings; None if there is none."""
    with shop.open() as db:
        newest = stored.latest(db)
        return None if newest is None else _report(db, shop, newest)


def segment_members(shop: Shop, segment_id: int) -> SegmentMembers:
    """The customers of a segment, also of an older run; those of an owner's rule as of now. Raises NotFound."""
    with shop.open() as db:
        segment = stored.by_id(db, segment_id)
        if segment is None:
            raise NotFound(
                Phrase("There is no segment with the number {id}; /segments shows those there are.", id=str(segment_id))
            )
        segment = as_of_now(shop, db, segment)
        as_of = counting_day(shop, db)
        rows = tuple(customer_row(member, as_of) for member in customers.totals_in_segment(db, segment.id))
        facts = segment_facts.of_segment(db, segment.id)
        return SegmentMembers(segment, rows, meta.read(db, "currency"), facts, orders.n_buyers(db) > 0)


def export_segment(shop: Shop, segment_id: int, out: Path | str | None = None, say: Say = str) -> Path:
    """Write a segment's customers as CSV with the columns of `HEADER`; where it was written.

    `out` is a file or a folder; None is a file among the shop's own. Raises NotFound, NotAllowed.
    """
    members = segment_members(shop, segment_id)
    content = csv_sheet(*_sheet(members, say), say)
    return write_out(shop, f"segment-{members.segment.key}.csv", content, out)


def segment_named(
    shop: Shop,
    name: str,
    spoken: Callable[[Phrase], list[str]],
    among: Sequence[StoredSegment] | None = None,
) -> StoredSegment:
    """The segment of an owner's rule or of the newest run, or `among` others, with this key or name.

    `spoken` gives a name in the languages of the face.
    Raises NotFound, which lists what there is.
    """
    ruled = rule_named(shop, name)
    if ruled is not None and ruled.segment is not None:
        return ruled.segment
    if among is None:
        with shop.open() as db:
            newest = stored.latest(db)
        if newest is None:
            raise NotFound(Phrase("There are no segments yet; find the segments first, then choose one of them."))
        among = newest.segments
    wanted = name.strip().casefold()
    for segment in among:
        if wanted in {called.casefold() for called in (segment.key, str(segment.name), *spoken(segment.name))}:
            return segment
    raise NotFound(
        Phrase(
            "There is no segment “{name}”; there are: {names}.",
            name=name.strip(),
            names=tuple(Phrase("“{name}”", name=segment.name) for segment in among),
        )
    )


@dataclass(frozen=True)
class _Asked:
    """A question that a stored run may answer; `beside`: what else of the shop changes the answer, ready for JSON."""

    bases: tuple[str, ...]
    method: str
    k: int | str
    version: int
    beside: Mapping[str, Any]


def _beside(db: Database, asked_for: Sequence[str]) -> dict[str, Any]:
    """Orders alone have no gaps to be treated, and no line of business."""
    if tuple(asked_for) == USUAL and orders.n_buyers(db):
        return {}
    return {"treatments": missing.choices(db), "preset": current(db).name}


def _answers(db: Database, shop: Shop, newest: SegmentRun, asked: _Asked, refresh: bool) -> bool:
    run = newest.run
    if (run.method, run.settings["k"], run.data_version) != (asked.method, asked.k, asked.version):
        return False
    if tuple(run.settings.get("bases", USUAL)) != asked.bases:
        return False
    if any(run.settings.get(key) != value for key, value in asked.beside.items()):
        return False
    return not refresh or runs.made_for(db, run.id, shop.cause)


def _found_anew(db: Database, shop: Shop, asked: _Asked, progress: Progress, *, kind: str) -> SegmentRun:
    progress(Phrase("Reading what is known of your customers"), 0.0)
    sources = StoreSources(shop, db)
    table = _table(asked.bases, sources)
    found = segmentation(
        table,
        sources.behaviour,
        as_of=sources.as_of,
        seed=shop.seed,
        method=asked.method,
        k=asked.k,
        currency=meta.read(db, "currency"),
        progress=lambda doing, share: progress(doing, 0.2 + 0.7 * share),
    )
    progress(Phrase("Writing the segments down"), 0.9)
    asked_for = {"method": asked.method, "bases": asked.bases, "k": asked.k, "version": asked.version}
    carried = carried_on(db, found, asked_for, table, sources.behaviour)
    found = carried.found
    with transaction(db):
        saved = stored.save(
            db,
            found.segments,
            zip(found.labels.index.tolist(), found.labels.tolist(), strict=True),
            method=asked.method,
            settings={
                "bases": list(asked.bases),
                "k": asked.k,
                "as_of": sources.as_of.date().isoformat(),
                **asked.beside,
            },
            seed=found.seed,
            data_version=asked.version,
            quality={**found.quality, STATEMENTS: [to_json(said) for said in table.statements]},
            at=shop.now(),
            cause=shop.cause,
            kind=kind,
        )
        facts = {segment.key: segment.facts for segment in found.segments}
        told = {segment.id: facts[segment.key] for segment in saved.segments}
        segment_facts.save(db, saved.run.id, told, found.drawing)
        if kind == stored.KIND:
            keep_moves(db, saved, carried)
    return saved


def _table(asked_for: Sequence[str], sources: StoreSources) -> FeatureTable:
    """Raises TooLittleData, which names what there is to group by where the shop has no order yet."""
    try:
        return combined(asked_for, sources)
    except TooLittleData as nothing:
        others = [name for name in bases_with_data(sources) if name not in asked_for]
        if not others:
            raise
        known = tuple(Phrase("{basis} ({name})", basis=basis(name).label, name=name) for name in others)
        hint = Phrase("{sentence} You can group by: {known}.", sentence=nothing.phrase, known=known)
        raise TooLittleData(hint) from nothing


def _report(db: Database, shop: Shop, found: SegmentRun) -> SegmentReport:
    run, segments = found.run, found.segments
    as_of = date.fromisoformat(run.settings["as_of"])
    people, statements = people_of(shop, db, segments, as_of)
    n_customers = sum(segment.size for segment in segments)
    quality = dict(run.quality)
    told = tuple(from_json(said) for said in quality.pop(STATEMENTS, ()))
    grouped_by = tuple(run.settings.get("bases", USUAL))
    return SegmentReport(
        run=run.id,
        method=run.method,
        k=len(segments),
        segments=segments,
        quality=quality,
        caveats=caveats(
            len(segments),
            names={segment.key: segment.name for segment in segments},
            chosen=run.settings["k"] == "auto",
            # of other bases the statements say who is in no group, and why
            n_without=customers.count(db) - n_customers if grouped_by == USUAL and not told else 0,
            quality=quality,
        ),
        n_customers=n_customers,
        as_of=as_of,
        currency=meta.read(db, "currency"),
        computed_at=run.at,
        is_fresh=run.data_version == orders.data_version(db),
        people=people,
        statements=tuple(dict.fromkeys((*told, *statements))),
        bases=grouped_by,
        basis_labels=labels(grouped_by),
        places=places_of(db) if PLACES in grouped_by else None,
        facts=segment_facts.of_run(db, run.id),
        drawing=segment_facts.drawing(db, run.id),
        moves=moves_of(db, found),
        asked_k=run.settings["k"],
        is_look=run.kind == stored.LOOK,
    )


def _sheet(members: SegmentMembers, say: Say) -> tuple[tuple[Phrase, ...], Iterator[tuple[str | None, ...]]]:
    """The header and rows of a list, with what is unusual about each where they fit no group."""
    unusual = members.facts.unusual
    if not unusual:
        return HEADER, (_cells(row) for row in members.customers)
    rows = ((*_cells(row), _said(unusual.get(row.customer.id), say)) for row in members.customers)
    return (*HEADER, Phrase("what is unusual")), rows


def _said(phrase: Phrase | None, say: Say) -> str | None:
    return None if phrase is None else say(phrase)


def _cells(row: CustomerRow) -> tuple[str | None, ...]:
    who = row.customer
    last = None if row.last_order_at is None else row.last_order_at.date().isoformat()
    return who.key, who.name, who.email, who.phone, who.city, str(row.n_orders), f"{row.monetary:.2f}", last
