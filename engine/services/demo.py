"""The demo shop: something to look at before a shop's own data is there. Its origin is told in data/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import ascii_uppercase

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine import store
from engine.campaigns import messages, templates
from engine.campaigns.messages import Facts
from engine.campaigns.templates import Template
from engine.phrases import Phrase
from engine.places import shipped
from engine.progress import Progress, silent
from engine.services.imports import import_file
from engine.shop import Shop
from engine.store import campaigns, customers, imports, matching, meta, orders, outcomes, trail, verdicts
from engine.store.campaigns import Plan, Send, Variant
from engine.store.matching import Told

FILES = ("products.csv", "customers.csv", "orders.csv")
PAST = "campaigns.csv"
UNFINISHED = "demo_unfinished"
HELD = "holdout"
WHO = "demo"
ANSWER_DAYS = timedelta(days=14)

# whom each past campaign went to
SEGMENTS = {
    "win_back": ("not-seen-for-a-while", Phrase("Not seen for six weeks or more")),
    "repeat_purchase": ("due-again", Phrase("Last order more than a month ago")),
}


def load_demo(shop: Shop, progress: Progress = silent) -> bool:
    """Fill an empty store with the demo shop; whether it was. A load that was cut short is finished."""
    shop = replace(shop, cause=None)  # several deeds, each of which is safe to repeat
    folder = shipped("data") / "demo"
    if not _begun(shop):
        return False
    for step, name in enumerate(FILES):
        progress(Phrase("Loading the demo shop"), step / (len(FILES) + 1))
        import_file(shop, folder / name, demo=True)
    progress(Phrase("Loading the demo shop"), len(FILES) / (len(FILES) + 1))
    past = pd.read_csv(folder / PAST, dtype=str)
    with shop.open() as db, store.transaction(db):
        if not _is_unfinished(db):  # the shop's own data came in between, or another process was quicker
            return False
        for _, sent in past.groupby("campaign", sort=False):
            _add_past(db, shop, sent)
        meta.forget(db, UNFINISHED)
    return True


def is_demo(shop: Shop) -> bool:
    """Whether the shop's data is the demo's."""
    with shop.open() as db:
        return imports.holds_demo(db)


def _begun(shop: Shop) -> bool:
    """Whether there is a demo shop to load: the store is empty, or holds the part of one that came so far."""
    with shop.open() as db, store.transaction(db):
        if imports.has_any(db) or imports.holds_demo(db) or customers.count(db):
            return _is_unfinished(db)
        # from the first row on: whatever comes of the rest, the shop's own data replaces it
        imports.mark_demo(db)
        meta.write(db, UNFINISHED, "1")
        return True


def _is_unfinished(db: Database) -> bool:
    return imports.holds_demo(db) and meta.read(db, UNFINISHED) is not None


def _add_past(db: Database, shop: Shop, sent: pd.DataFrame) -> None:
    """Store one campaign that was approved, sent and answered; `sent` are its rows of the file."""
    goal, language, at = (str(sent[column].iloc[0]) for column in ("goal", "language", "sent_at"))
    sent_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    people = customers.frame(db).set_index(c.CUSTOMER_KEY)
    names = tuple(sorted(set(sent["variant"]) - {HELD}))
    labels = dict(zip(names, ascii_uppercase, strict=False))
    ours = templates.in_folder(shipped("templates"))
    texts = templates.chosen(ours, goal, channel="text", language=language, variants=names)
    sent = sent.assign(
        customer=people[c.CUSTOMER].reindex(sent["customer_id"]).to_numpy(), label=sent["variant"].map(labels)
    )
    written, held = sent[sent["variant"] != HELD], sent[sent["variant"] == HELD]
    share = len(held) / len(sent)
    plan = Plan(None, *SEGMENTS[goal], goal, "text", language, "uniform", shop.seed, share, sent_at)
    weights = written["variant"].value_counts(normalize=True)
    id_ = campaigns.add(
        db,
        plan,
        variants=[Variant(labels[text.name], text.name, text.source, float(weights[text.name])) for text in texts],
        sends=_sends(db, written, texts, people[c.NAME]),
        held=held["customer"].tolist(),
        excluded={},
        cause=None,
    )
    campaigns.decide(db, id_, status="approved", at=sent_at, who=WHO)
    for deed in ("drafted", "approved"):
        trail.add(db, at=sent_at, who=WHO, deed=deed, subject=str(id_), cause=None)
    _add_outcomes(db, id_, written, sent_at + ANSWER_DAYS)


def _sends(db: Database, written: pd.DataFrame, texts: Sequence[Template], names: pd.Series) -> list[Send]:
    products = {product.key: product for product in orders.products(db).values()}
    bought = [products[key] for key in written["product_id"]]
    facts = [
        Facts(name=names[key], product=product.name.in_language(texts[0].language))
        for key, product in zip(written["customer_id"], bought, strict=True)
    ]
    variant = [ascii_uppercase.index(label) for label in written["label"]]
    texts_written = messages.write_all(texts, variant, facts)
    return [
        Send(customer, label, position, 1 / len(texts), product.id, message.text)
        for position, (customer, label, product, message) in enumerate(
            zip(written["customer"].tolist(), written["label"], bought, texts_written, strict=True), start=1
        )
    ]


def _add_outcomes(db: Database, id_: int, written: pd.DataFrame, at: datetime) -> None:
    converted = written["converted"] == "1"
    outcomes.record_people(db, id_, dict(zip(written["customer"].tolist(), converted.tolist(), strict=True)), at)
    for label, of_variant in converted.groupby(written["label"]):
        told = Told(int(of_variant.sum()), len(of_variant), matching.PEOPLE)
        matching.tell(db, id_, str(label), told, at)
        outcomes.add_report(db, id_, str(label), told.conversions, told.sends, at, told.source)
    tally = verdicts.newest_tally(db, id_)
    if tally is not None:  # what the demo brings is no news
        verdicts.put(db, id_, tally, verdicts.UNKNOWN, None)
        verdicts.tell(db, id_, verdicts.UNKNOWN, None, at)
    trail.add(db, at=at, who=WHO, deed="recorded", subject=str(id_), cause=None)
