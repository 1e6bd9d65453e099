"""Who is due for which product: the repeat purchases that should come about now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from engine.errors import NotAllowed
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services.due_days import AHEAD_DAYS, today, when, why
from engine.services.files import write_out
from engine.services.recommend_people import WHO
from engine.services.recommend_run import lists_in_force
from engine.services.recommend_shown import pairs_shown
from engine.services.recommend_who import MOST, shares_of
from engine.services.rules_in_force import RulesInForce
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import audiences, due_purchases, transaction
from engine.store.due_purchases import DuePurchase
from engine.store.recommendations import InForce
from engine.store.segments import StoredSegment

HEADER = (
    *WHO,
    *(Phrase("product"), Phrase("due"), Phrase("likely from"), Phrase("likely until")),
    *(Phrase("last bought"), Phrase("usual days between"), Phrase("days with a purchase"), Phrase("gap of")),
)


@dataclass(frozen=True)
class DueLine:
    """A purchase that is due: when, seen from today, and what that rests on."""

    purchase: DuePurchase
    when: Phrase
    why: Phrase


@dataclass(frozen=True)
class DueList:
    """Some of the `total` purchases due by the end of the week that begins `on`, after the first `offset`.

    Of `n_customers` customers; the surest habits first. No row is past the day until which it likely comes.
    """

    rows: tuple[DueLine, ...]
    total: int
    n_customers: int
    offset: int
    on: date
    until: date
    computed_at: datetime
    fit_at: datetime


def due_list(shop: Shop, n: int = 10, *, offset: int = 0, progress: Progress = silent) -> DueList:
    """Who is due for what now. Raises NotAllowed for n outside 1 to 1,000, TooLittleData without a purchase."""
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} customers at once: ask for 1 to {most}.", n=n, most=MOST))
    with shop.open() as db:
        lists, on, found = _due(shop, db, progress)
    return DueList(
        rows=tuple(DueLine(one, when(one, on), why(one)) for one in found[offset : offset + n]),
        total=len(found),
        n_customers=len({one.customer.id for one in found}),
        offset=offset,
        on=on,
        until=on + timedelta(days=AHEAD_DAYS - 1),
        computed_at=lists.run.at,
        fit_at=lists.fit.at,
    )


def export_due(shop: Shop, out: Path | str | None = None, say: Say = str, *, progress: Progress = silent) -> Path:
    """Write all of them as CSV with the columns of `HEADER`; where it was written."""
    with shop.open() as db:
        *_, found = _due(shop, db, progress)
    return write_out(shop, "due.csv", csv_parts(HEADER, _cells(found, say), say), out)


def due_audience(shop: Shop, *, progress: Progress = silent) -> StoredSegment:
    """Those who are due for anything, as a segment that a campaign can be drafted for. Raises NotAllowed for nobody."""
    with shop.open() as db:
        lists, on, found = _due(shop, db, progress)
        members = sorted({one.customer.id for one in found})
        if not members:
            raise NotAllowed(Phrase("Nobody is due for a repeat purchase this week."))
        with transaction(db):
            return audiences.same_or_new(
                db,
                kind=audiences.RECOMMENDED,
                key="due",
                name=Phrase("due for a repeat purchase on {day}", day=on),
                sentence=counted(
                    "{n} customer whose next purchase of a product is due by {until}",
                    "{n} customers whose next purchase of a product is due by {until}",
                    n=len(members),
                    until=on + timedelta(days=AHEAD_DAYS - 1),
                ),
                members=members,
                shares=shares_of(db, members),
                settings={"of": lists.run.id, "on": on.isoformat()},
                seed=lists.run.seed,
                data_version=lists.run.data_version,
                at=shop.now(),
                cause=shop.cause,
            )


def _due(shop: Shop, db: Database, progress: Progress) -> tuple[InForce, date, list[DuePurchase]]:
    """Who is due for what, as the rules let through now, and as of which day."""
    force = RulesInForce.of(shop, db)
    lists, on = lists_in_force(shop, db, force=force, progress=progress), today(shop, db)
    found = due_purchases.expected(db, lists, until=on + timedelta(days=AHEAD_DAYS - 1), on=on)
    shown = pairs_shown(force, [one.customer.id for one in found], [one.product.id for one in found])
    return lists, on, [one for one, is_shown in zip(found, shown, strict=True) if is_shown]


def _cells(found: Sequence[DuePurchase], say: Say) -> Iterator[tuple[str | None, ...]]:
    own, others = say(Phrase("this customer")), say(Phrase("all who buy it"))
    for one in found:
        who = one.customer
        yield (
            *(who.key, who.name, who.email, who.phone, who.city),
            say(Phrase("{product}", product=one.product.name)),
            *(day.isoformat() for day in (one.due, one.low, one.high, one.last)),
            f"{one.gap_days:.0f}",
            str(one.n_days),
            own if one.own else others,
        )
