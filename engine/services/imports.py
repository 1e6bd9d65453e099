"""Importing a file: read, check, store, and a receipt for every row of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import FileRefused, NotAllowed, NotFound
from engine.features import presets
from engine.intake import accounting, events, goods, items, orders, people, receipt, understand
from engine.intake.events import Events
from engine.intake.evidence import Finding
from engine.intake.goods import Goods
from engine.intake.identity import scope_of
from engine.intake.limits import Extent
from engine.intake.orders import Purchases
from engine.intake.people import People
from engine.intake.receipt import Receipt
from engine.intake.understanding import Understood
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services import choosing
from engine.services.absent import Absent, without_absent
from engine.services.choosing import Choose
from engine.services.files import write_out
from engine.services.matching import Span, match_campaigns
from engine.services.presets import current as current_preset
from engine.services.quality import findings_in
from engine.services.recommendation_rules import forget_goods
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import (
    attributes,
    bulk_transaction,
    consents,
    identity,
    imports,
    incoming,
    incoming_orders,
    matching,
    sales,
    trail,
    transaction,
)
from engine.store import events as stored_events
from engine.store.identity import Found

IMPORTED = "imported"
Told = Purchases | People | Goods | Events
Step = Callable[[float], None]
Odd = Callable[[], tuple[Finding, ...]]
MANY_ROWS = 200_000


def import_file(
    shop: Shop,
    path: Path,
    *,
    name: str | None = None,
    demo: bool = False,
    who: str = "owner",
    progress: Progress = silent,
    say: Say = str,
    choose: Choose | None = None,
    also: Callable[[Database, int], None] | None = None,
) -> Receipt:
    """Bring the file into the store, whole or not at all. `name` is what the user calls it.

    `choose` tells what the user says of columns, `also` what else is stored with the import of this id. What was said
    of a file is remembered for the next one with the same header.

    Rows that were left out are written to `rejected_file`, its header and reasons as `say` says them.

    The same file twice changes nothing, and the receipt says so (`already`). A shop's own first file replaces the
    demo. Raises FileRefused with one sentence about what is wrong with the file, Unsure if something has to be said of
    its columns first, NotAllowed if the demo would mix with the shop's own data.
    """
    name = name or path.name
    with shop.open() as db:
        earlier = _earlier(db, shop, None, demo)
        if earlier is None:
            progress(Phrase("Reading {name}", name=name), 0.0)
            sha256 = _sha256(path, name)
            earlier = None if choose or choosing.is_to_be_asked(db, sha256) else _earlier(db, shop, sha256, demo)
        if earlier is not None:
            progress(Phrase("Done"), 1.0)
            return _with_file(shop, db, earlier, say)
        found = choosing.remembering(db, understand(path, name, choose or choosing.remembered(db)))
        choosing.refuse_unclear(found)
        sha256 = choosing.digest(sha256, found)
        progress(counted("Checking {n} row", "Checking {n} rows", n=found.table.n_rows), 0.3)
        told = _told(db, found, shop.now().date())
        accounting.refuse_unusable(found, told, name)

        def step(share: float) -> None:
            progress(Phrase("Saving"), 0.5 + share / 2)

        n_rows = len(told.orders) + len(told.lines) if isinstance(told, Purchases) else 0
        bulk = n_rows > MANY_ROWS
        with ThreadPoolExecutor(1) as beside, bulk_transaction(db) if bulk else transaction(db):
            # beside the saving: SQLite and numpy leave each other a core
            odd = beside.submit(findings_in, found, told, shop).result
            # another process may have been quicker
            made = _earlier(db, shop, sha256, demo) or _save(db, shop, found, told, odd, sha256, demo, who, step)
            choosing.keep(db, made.id, found, said=choose is not None, at=shop.now())
            if also is not None:
                also(db, made.id)
        return _with_file(shop, db, made, say)


def _earlier(db: Database, shop: Shop, sha256: str | None, demo: bool) -> Receipt | None:
    """What this cause, or this content, has brought about before."""
    subject = trail.done_before(db, IMPORTED, shop.cause)
    if subject is not None:
        stored = imports.by_id(db, int(subject))
        if stored is None:
            raise NotFound(
                Phrase("Import {id} was of the demo shop, which is gone: send the file again.", id=int(subject))
            )
        return receipt.from_text(stored.receipt)
    if demo and imports.has_any(db) and not imports.holds_demo(db):
        raise NotAllowed(Phrase("The demo is for an empty shop; this one holds your own data."))
    if sha256 is None or (imports.holds_demo(db) and not demo):
        return None
    stored = imports.by_content(db, sha256)
    return None if stored is None else replace(receipt.from_text(stored.receipt), already=True)


def _sha256(path: Path, name: str) -> str:
    """What tells this file's content from any other's. Raises FileRefused if it cannot be read."""
    if path.is_dir():
        raise FileRefused(Phrase("{path} is a folder, not a file.", path=str(path)))
    if not path.is_file():
        raise FileRefused(Phrase("There is no file {path}.", path=str(path)))
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileRefused(Phrase("{name} cannot be opened; check that you may read it.", name=name)) from error


def tried(db: Database, found: Understood, today: date) -> Receipt:
    """What would come of an import, with the number 0; nothing counts as known before."""
    told = _told(db, found, today)
    if isinstance(told, Purchases):
        extent = Extent.of(told.orders, len(told.goods), sales.has_consents(db))
        return accounting.of_orders(found, told, 0, told.orders, told.returns, 0, extent, ())
    if isinstance(told, People):
        return accounting.of_people(
            found, told, 0, np.arange(len(told.people)), changed=0, answers_changed=0, kept=0, odd=()
        )
    if isinstance(told, Events):
        return accounting.of_events(found, told, 0, np.arange(len(told.people)), len(told.events), 0)
    return accounting.of_goods(found, told, 0, 0)


def _told(db: Database, found: Understood, today: date) -> Told:
    if found.kind == "items":
        return _in_a_currency(db, items.read(found, incoming_orders.heads(db, items.orders_named(found)), today))
    if found.kind == "orders":
        return _in_a_currency(db, orders.read(found.table, found.cells, today))
    if found.kind == "customers":
        return people.read(found.table, found.cells, today)
    if found.kind == "events":
        return events.read(found.table, found.cells, today)
    return goods.read(found.table, found.cells, today)


def _in_a_currency(db: Database, told: Purchases) -> Purchases:
    """The purchases in the shop's currency where their file names none."""
    ours = imports.currency(db)
    if told.currency is not None or ours is None or told.orders.empty or imports.holds_demo(db):
        return told
    note = Phrase(
        "The file names no currency; its sums were counted in {currency}, as the shop's other orders are.",
        currency=ours,
    )
    return replace(told, currency=ours, notes=(*told.notes, note))


def _save(
    db: Database,
    shop: Shop,
    found: Understood,
    told: Told,
    odd: Odd,
    sha256: str,
    demo: bool,
    who: str,
    step: Step,
) -> Receipt:
    """Store what was told; all of it within the caller's transaction."""
    made_room = imports.holds_demo(db) and not demo
    if made_room:
        imports.remove_demo(db)
        forget_goods(db, who=who, cause=shop.cause, at=shop.now())
    import_id = imports.add(
        db, name=found.name, sha256=sha256, kind=found.kind, demo=demo, cause=shop.cause, at=shop.now()
    )
    told, absent = without_absent(db, found, told)
    span = _span(db, told) if isinstance(told, Purchases) else None
    if isinstance(told, Purchases):
        made = _save_orders(db, shop, found, told, odd, import_id, step, absent)
    elif isinstance(told, People):
        made = _save_people(db, shop, found, told, odd, import_id, absent)
    elif isinstance(told, Events):
        made = _save_events(db, shop, found, told, import_id, absent)
    else:
        made = accounting.of_goods(found, told, import_id, incoming.put_products(db, told.goods, shop.now())[1])
    made = absent.told(made)
    if made_room:
        made = replace(made, notes=(*made.notes, Phrase("The demo shop made room for your own data.")))
    imports.keep_rejected(db, import_id, told.rejected)
    imports.keep_receipt(db, import_id, receipt.to_text(made))
    if span is not None:
        made = _with_campaigns(db, shop, span, made)
    if demo:
        imports.mark_demo(db)
    trail.add(db, at=shop.now(), who=who, deed=IMPORTED, subject=str(import_id), cause=shop.cause)
    step(1.0)
    return made


def _save_orders(
    db: Database, shop: Shop, found: Understood, told: Purchases, odd: Odd, import_id: int, step: Step, absent: Absent
) -> Receipt:
    shop_currency = imports.currency(db)
    if told.currency is not None and shop_currency not in (None, told.currency):
        raise FileRefused(
            Phrase(
                "{name} is in {theirs} and the shop's other orders are in {ours}; convert it, or keep it in a database "
                "of its own with --db.",
                name=found.name,
                theirs=told.currency,
                ours=shop_currency,
            )
        )
    products, _ = incoming.put_products(db, told.goods, shop.now())
    who = _save_customers(db, shop, found, told.people, import_id, absent)
    bought, returns, lines = (
        incoming_orders.with_ids(frame, who.customers, who.identities, products)
        for frame in (told.orders, told.returns, told.lines)
    )
    if found.items_apart:
        bought, lines = incoming_orders.with_stored_lines(db, bought, lines)
    changed = incoming_orders.put_orders(db, bought, lines, told.places, import_id=import_id, step=step)
    changed += incoming_orders.remove_orders(db, told.void)
    kept = incoming_orders.put_returns(db, returns, import_id=import_id)
    if told.currency is not None:
        imports.keep_currency(db, told.currency)
    made = accounting.of_orders(found, told, import_id, bought, kept, changed, _extent(db, bought), odd())
    return accounting.with_people(made, who.known_by, who.n_maybe, who.n_shared)


def _span(db: Database, told: Purchases) -> Span | None:
    """When the orders were made that a file is about to change; None where no campaign can have to do with them."""
    if not matching.approved(db):
        return None
    keys = [*told.void, *told.orders[c.ORDER_KEY]]
    if len(keys) > MANY_ROWS:
        return Span()
    stored = incoming_orders.moments_of(db, keys)
    # an order that is told to be of another day was of that day before
    there = [frame[c.AT] for frame in (told.orders, told.returns) if len(frame)]
    moments = [*(stored or ()), *(at.min() for at in there), *(at.max() for at in there)]
    return Span(min(moments), max(moments)) if moments else Span()


def _with_campaigns(db: Database, shop: Shop, span: Span, made: Receipt) -> Receipt:
    """The receipt with what the orders say came of campaigns."""
    news = match_campaigns(db, shop, made.id, span)
    if not news:
        return made
    made = replace(made, campaigns=news)
    imports.keep_receipt(db, made.id, receipt.to_text(made))
    return made


def _extent(db: Database, brought: pd.DataFrame) -> Extent:
    """How much the whole shop holds now, of which a file has just `brought` some orders."""
    is_all = sales.n_orders(db) == len(brought)
    return Extent.of(brought if is_all else sales.all_orders(db), sales.n_products(db), sales.has_consents(db))


def _save_people(
    db: Database, shop: Shop, found: Understood, told: People, odd: Odd, import_id: int, absent: Absent
) -> Receipt:
    persons = told.people
    if told.keyless:
        # another file's first row is somebody else
        keys = [f"file{import_id}-{key}" for key in persons[c.CUSTOMER_KEY]]
        persons = persons.assign(**{c.CUSTOMER_KEY: keys}).drop(columns=[c.KEY_KIND, c.KEYS])
    who = _save_customers(db, shop, found, persons, import_id, absent)
    answers_changed = attributes.put(db, told.answers, who.customers, import_id, identities=who.identities)
    kept: set[int] = set()
    for said in told.consents:
        hows = [
            f'file {found.name}: "{doubt}" is not a yes' if doubt else f"file {found.name}" for doubt in said.doubts
        ]
        kept |= consents.put(
            db, who.customers, who.identities, said.states, channel=said.channel, hows=hows, at=shop.now()
        )
    made = accounting.of_people(
        found,
        told,
        import_id,
        who.customers,
        changed=who.changed,
        answers_changed=answers_changed,
        kept=len(kept),
        odd=odd(),
    )
    made = accounting.with_people(made, who.known_by, who.n_maybe, who.n_shared)
    asked = [answers.key for answers in told.answers]
    return replace(made, proposes=presets.proposed(current_preset(db).name, asked, ()))


def _save_events(db: Database, shop: Shop, found: Understood, told: Events, import_id: int, absent: Absent) -> Receipt:
    products, _ = incoming.put_products(db, told.goods, shop.now())
    who = _save_customers(db, shop, found, told.people, import_id, absent)
    with_ids = incoming_orders.with_ids(told.events, who.customers, who.identities, products)
    n_new, changed = stored_events.put(db, with_ids, import_id=import_id)
    customers, identities = who.customers[told.unsubscribed], who.identities[told.unsubscribed]
    hows = [f"file {found.name}: unsubscribed"] * len(customers)
    consents.put(db, customers, identities, ["withdrawn"] * len(customers), hows=hows, at=shop.now())
    made = accounting.of_events(found, told, import_id, who.customers, n_new, changed)
    made = accounting.with_people(made, who.known_by, who.n_maybe, who.n_shared)
    return replace(made, proposes=presets.proposed(current_preset(db).name, (), made.kinds))


def _save_customers(
    db: Database, shop: Shop, found: Understood, people: pd.DataFrame, import_id: int, absent: Absent
) -> Found:
    scope = scope_of(found.cells, found.platform)
    return identity.put_customers(db, people, import_id, scope=scope, at=shop.now(), absent=absent.people)


def _with_file(shop: Shop, db: Database, made: Receipt, say: Say) -> Receipt:
    if not made.rejected:
        return made
    rows = [(str(number), say(Phrase(reason)), text) for number, reason, text in imports.rejected(db, made.id)]
    header = (Phrase("row"), Phrase("reason"), Phrase("as it stands"))
    path = write_out(shop, f"import-{made.id}-rejected.csv", csv_sheet(header, rows, say), None)
    return replace(made, rejected_file=path)
