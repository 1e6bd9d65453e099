"""Whom a campaign goes to: a segment, a stage, a rule, a list, or who should get a product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.segments.conditions import fields_of, in_words, truth
from engine.segments.rule_language import read_rule
from engine.services.lifecycle_people import lifecycle_audience, lifecycle_group_named
from engine.services.meant import segment_meant
from engine.services.named_people import LookedUp, columns_of, looked_up, looked_up_in, parts_of
from engine.services.recommend_due import due_audience
from engine.services.recommend_who import product_audience, shares_of
from engine.services.rule_fields import RuleCells
from engine.services.segments import segment_named
from engine.shop import Shop
from engine.store import audiences, meta, orders, segments, transaction
from engine.store.customer_search import every_name
from engine.store.segments import StoredSegment

PICKED = "picked audience"
NAMED = 3  # of those who are not known, how many are told
DUE, PRODUCT = "#due", "#p"

Spoken = Callable[[Phrase], list[str]]


@dataclass(frozen=True)
class Picked:
    """An audience, and what its owner should know of how it was picked."""

    segment: StoredSegment
    notes: tuple[Phrase, ...] = ()


def audience_named(shop: Shop, text: str, spoken: Spoken, *, progress: Progress = silent) -> Picked:
    """Who is called so: a segment, a rule of the owner's, a stage, or a ref (#p7 who may want a product, #due).

    `spoken` gives a name in the languages of the face. Raises NotFound, NotAllowed for nobody.
    """
    name = text.strip()
    if name == DUE:
        return Picked(due_audience(shop, progress=progress))
    if name.startswith(PRODUCT):
        return Picked(product_audience(shop, name, progress=progress))
    id_ = segment_meant(shop, name)
    if id_ is not None:
        with shop.open() as db:
            segment = segments.by_id(db, id_)
        if segment is not None:
            return Picked(segment)
    key = lifecycle_group_named(name, spoken)
    return Picked(segment_named(shop, name, spoken) if key is None else lifecycle_audience(shop, key))


def audience_for_product(shop: Shop, product: str, *, n: int | None = None, progress: Progress = silent) -> Picked:
    """Who should get this product, the `n` likeliest. Raises as `product_audience`."""
    if n is not None and n < 1:
        raise NotAllowed(Phrase("Cannot write to {n} customers: name 1 or more.", n=n))
    return Picked(product_audience(shop, product, n, progress=progress))


def audience_by_rule(shop: Shop, rule: str) -> Picked:
    """Those who fit a rule such as “orders >= 3 and city = Shanghai” now; the rule is not kept.

    Raises NotAllowed if it cannot be read, or nobody fits it.
    """
    with shop.open() as db:
        cells = RuleCells(shop, db)
        condition = read_rule(rule, cells.vocabulary)
        frame = cells.frame(list(fields_of(condition)))
        members = cells.everybody[truth(condition, frame, cells.as_of.date()).yes].tolist()
        said = in_words(condition, meta.read(db, "currency"))
        if not members:
            raise NotAllowed(Phrase("Nobody fits this rule now: {rule}.", rule=said))
        sentence = counted("{n} customer: {rule}", "{n} customers: {rule}", n=len(members), rule=said)
        name = Phrase("{rule}", rule=said)
        return Picked(_kept(shop, db, "rule-once", name, sentence, members, {"rule": rule}))


def audience_of_list(shop: Shop, text: str) -> Picked:
    """Those whom a text names, one after the other: keys, e-mails, phones or names, with commas or lines between.

    Raises NotAllowed if it names nobody who is known.
    """
    parts = parts_of(text)
    with shop.open() as db:
        names = every_name(db)
        found = looked_up(names, parts)
        if len(parts) == 1 and not found.members:
            found = looked_up(names, text.split())
        return _of(shop, db, found, Phrase("your list"), {"list": text[:200]})


def audience_of_file(shop: Shop, path: Path, *, name: str | None = None) -> Picked:
    """Those whom a file names: the column in which most are known counts, a list without a header too.

    Raises FileRefused for a file that cannot be read, NotAllowed if it names nobody who is known.
    """
    called = name or path.name
    columns = columns_of(path, called)
    with shop.open() as db:
        found = looked_up_in(every_name(db), columns)
        return _of(shop, db, found, Phrase("those in {file}", file=called), {"file": called})


def _of(shop: Shop, db: Database, found: LookedUp, name: Phrase, settings: dict[str, str]) -> Picked:
    if not found.members:
        raise NotFound(
            Phrase(
                "Nobody in {list} is known: name customers as your files do, by number, e-mail, phone or name.",
                list=name,
            )
            if not found.several
            else Phrase("Whoever is in {list} may be one of several customers: give customer numbers.", list=name)
        )
    members = sorted(found.members)
    sentence = counted("{n} customer, as you named them", "{n} customers, as you named them", n=len(members))
    return Picked(_kept(shop, db, "list", name, sentence, members, settings), tuple(_left_out(found)))


def _left_out(found: LookedUp) -> Iterable[Phrase]:
    if found.unknown:
        yield counted(
            "{n} of your list is nobody I know: {names}",
            "{n} of your list are nobody I know, such as {names}",
            n=len(found.unknown),
            names=tuple(Phrase("“{name}”", name=text[:60]) for text in found.unknown[:NAMED]),
        )
    if found.several:
        yield counted(
            "{n} of your list may be several customers, and is left out: {names}",
            "{n} of your list may be several customers each, and are left out, such as {names}",
            n=len(found.several),
            names=tuple(Phrase("“{name}”", name=text[:60]) for text in found.several[:NAMED]),
        )


def _kept(
    shop: Shop, db: Database, key: str, name: Phrase, sentence: Phrase, members: Sequence[int], settings: dict[str, str]
) -> StoredSegment:
    with transaction(db):
        return audiences.same_or_new(
            db,
            kind=PICKED,
            key=key,
            name=name,
            sentence=sentence,
            members=members,
            shares=shares_of(db, members),
            settings=settings,
            seed=shop.seed,
            data_version=orders.data_version(db),
            at=shop.now(),
            cause=shop.cause,
        )
