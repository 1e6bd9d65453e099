"""What the people of a segment, or everyone, would buy next: in sum, and each their own products as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotFound
from engine.phrases import Name, Phrase
from engine.progress import Progress, silent
from engine.recommend.caution import caution
from engine.recommend.lists import mixed
from engine.recommend.rankers import rankers
from engine.services.files import write_out
from engine.services.recommend import check_n, mix_share
from engine.services.recommend_run import lists_in_force
from engine.services.recommend_shown import lists_shown
from engine.services.rules_in_force import RulesInForce
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import customers, orders, segments
from engine.store.recommendations import LONGEST
from engine.store.segments import StoredSegment
from engine.store.wordings import reasons

EACH = 5  # products for each person
WHO = (Phrase("customer"), Phrase("name"), Phrase("email"), Phrase("phone"), Phrase("city"))


@dataclass(frozen=True)
class Wish:
    """A product that stands among the first of `n` people; `n_again` of them had bought it before."""

    product_id: int
    product: str  # its key
    name: Name
    n: int
    n_again: int
    n_personal: int  # of them, to whom it stands for a reason of their own


@dataclass(frozen=True)
class GroupRecommendations:
    """What stands among the first `each` of the people of a segment, what most of them want first.

    `n_people` have a list; `n_without` none, such as those who want none.
    """

    segment: StoredSegment
    wishes: tuple[Wish, ...]
    n_wishes: int  # different products in all
    n_people: int
    n_without: int
    each: int
    note: Phrase | None
    fit_at: datetime


def recommend_for_segment(
    shop: Shop, segment_id: int, n: int = 10, *, each: int = EACH, progress: Progress = silent
) -> GroupRecommendations:
    """The `n` products that most people of a segment would want. Raises NotFound, NotAllowed, TooLittleData."""
    check_n(n)
    with shop.open() as db:
        segment = _segment(db, segment_id)
        rows = pd.concat(first_of_each(shop, db, each, segment_id=segment_id, progress=progress), ignore_index=True)
        lists = lists_in_force(shop, db)
        products = orders.products(db)
        members = set(segments.members(db, segment_id))
    personal = {name: ranker.personal for name, ranker in rankers().items()}
    rows = rows.assign(personal=rows[c.RANKER].map(personal).fillna(True).astype(bool))
    sums = rows.groupby(c.PRODUCT).agg(n=(c.CUSTOMER, "size"), again=(c.AGAIN, "sum"), own=("personal", "sum"))
    sums = sums.sort_values(["n", "own"], ascending=False, kind="stable")
    n_people = int(rows[c.CUSTOMER].nunique())
    return GroupRecommendations(
        segment=segment,
        wishes=tuple(
            Wish(id_, products[id_].key, products[id_].name, count, again, own)
            for id_, count, again, own in sums.head(n).astype(int).itertuples()
        ),
        n_wishes=len(sums),
        n_people=n_people,
        n_without=max(0, len(members) - n_people),
        each=each,
        note=caution([True], lists.run.quality),
        fit_at=lists.fit.at,
    )


def export_recommendations(
    shop: Shop,
    segment_id: int | None = None,
    out: Path | str | None = None,
    say: Say = str,
    *,
    each: int = EACH,
    progress: Progress = silent,
) -> Path:
    """Write each person's own products, of a segment or of all, as CSV; where it was written.

    A row per person, for each of the first products its name and why. `out` is a file or a folder; None is a file
    among the shop's own. Raises NotFound, NotAllowed, TooLittleData.
    """
    with shop.open() as db:
        if segment_id is not None:
            _segment(db, segment_id)
        rows = first_of_each(shop, db, each, segment_id=segment_id, progress=progress)
        names = {id_: Phrase("{product}", product=one.name) for id_, one in orders.products(db).items()}
        about = customers.frame(db).set_index(c.CUSTOMER)
        cells = _cells(db, contacts(about), rows, names, say)
        return _written(shop, segment_id, cells, each, out, say)


def _written(
    shop: Shop,
    segment_id: int | None,
    cells: Iterator[tuple[str | None, ...]],
    each: int,
    out: Path | str | None,
    say: Say,
) -> Path:
    name = "recommendations.csv" if segment_id is None else f"recommendations-{segment_id}.csv"
    places = range(1, each + 1)
    header = (
        *WHO,
        *(part for k in places for part in (Phrase("product {place}", place=k), Phrase("why {place}", place=k))),
    )
    return write_out(shop, name, csv_parts(header, cells, say), out)


def first_of_each(
    shop: Shop, db: Database, n: int, *, segment_id: int | None = None, progress: Progress = silent
) -> Iterator[pd.DataFrame]:
    """The first `n` products of each person's mixed list, as `engine.store.recommendations.of_people`.

    Some people at a time, by person.
    """
    force = RulesInForce.of(shop, db)
    lists, share = lists_in_force(shop, db, force=force, progress=progress), mix_share(db)
    for rows in lists_shown(db, lists, force, segment_id):
        yield mixed(rows, min(n, LONGEST), share)


def first_choices(shop: Shop, segment_id: int, progress: Progress = silent) -> Mapping[int, int]:
    """The first product of each person of a segment who has one, by the store's ids. Raises TooLittleData."""
    with shop.open() as db:
        return {
            customer: product
            for rows in first_of_each(shop, db, 1, segment_id=segment_id, progress=progress)
            for customer, product in zip(rows[c.CUSTOMER].tolist(), rows[c.PRODUCT].tolist(), strict=True)
        }


def _segment(db: Database, segment_id: int) -> StoredSegment:
    segment = segments.by_id(db, segment_id)
    if segment is None:
        raise NotFound(Phrase("There is no segment {id}; find segments first.", id=str(segment_id)))
    return segment


def _cells(
    db: Database,
    who: Mapping[int, tuple[str | None, ...]],
    parts: Iterable[pd.DataFrame],
    names: Mapping[int, Phrase],
    say: Say,
) -> Iterator[tuple[str | None, ...]]:
    for rows in parts:
        why = reasons(db, rows[c.REASON].tolist())
        told: dict[int, list[str]] = {}
        for customer, product, reason in zip(rows[c.CUSTOMER].tolist(), rows[c.PRODUCT].tolist(), why, strict=True):
            told.setdefault(customer, []).extend((say(names[product]), say(reason)))
        for customer, cells in told.items():
            yield (*who[customer], *cells)


def contacts(about: pd.DataFrame) -> dict[int, tuple[str | None, ...]]:
    """The cells of `WHO` by customer."""
    facts = about[[c.CUSTOMER_KEY, c.NAME, c.EMAIL, c.PHONE, c.CITY]].astype(object)
    facts = facts.where(facts.notna(), None)
    return dict(zip(about.index.tolist(), facts.itertuples(index=False, name=None), strict=True))
