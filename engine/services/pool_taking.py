"""Files that other shops sent: what each brings, and which are refused."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlite_utils import Database

from engine import store
from engine.campaigns.channels import channels
from engine.errors import FileRefused, NotAllowed, NotFound
from engine.phrases import Phrase
from engine.privacy.pool import documents, masks, opening, paillier
from engine.privacy.pool import roster as rosters
from engine.privacy.pool import submission as submissions
from engine.privacy.pool.documents import Document
from engine.privacy.pool.terms import terms_of
from engine.services.pool import FileKind, Taken, pool_of
from engine.services.pool_rounds import (
    card,
    invitation_of,
    own_name,
    pool_file,
    refuse_late,
    roster_of,
    signing_key,
    take_roster,
)
from engine.shop import Shop
from engine.store import pools as stored
from engine.store import trail
from engine.store.pools import File, Pool

INVITATION_TAKEN, TAKEN, OPENED, USED = "pool invitation", "pool file", "pool opened", "pool used"
KIND_WORDS = {
    "invitation": Phrase("an invitation"),
    "join": Phrase("an answer to an invitation"),
    "roster": Phrase("the start of a pool"),
    "submission": Phrase("a shop's counts"),
    "sum": Phrase("a sum to open"),
    "result": Phrase("a result"),
}


def take(shop: Shop, content: bytes, kinds: Sequence[FileKind] | None, *, who: str) -> Taken:
    document = documents.read(content)
    if kinds is not None and document.kind not in kinds:
        raise FileRefused(
            Phrase(
                "This file is {kind}; what is wanted here is {wanted}.",
                kind=KIND_WORDS[document.kind],
                wanted=tuple(KIND_WORDS[kind] for kind in kinds),
            )
        )
    steps = {
        "invitation": _invitation,
        "join": _join,
        "roster": _roster,
        "submission": _submission,
        "sum": _sum,
        "result": _result,
    }
    with shop.open() as db, store.transaction(db):
        return steps[document.kind](shop, db, document, who)


def _invitation(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    terms = terms_of(document.body, tuple(channels()))
    pool = stored.by_round(db, terms.round)
    if pool is not None:
        if documents.read(pool.invitation).hash != document.hash:
            raise FileRefused(Phrase("This is another invitation to a pool that you know: ask which of them counts."))
        return Taken(card(shop, db, pool), "invitation", False)
    refuse_late(shop, terms)
    id_ = stored.add(db, terms.round, document.content, organised=False, at=shop.now())
    _note(shop, db, id_, INVITATION_TAKEN, who)
    return Taken(card(shop, db, pool_of(db, id_)), "invitation", True)


def _join(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    for pool in stored.every(db):
        round_, terms = invitation_of(pool)
        if pool.organised and round_.hash == document.body.get("invitation"):
            break
    else:
        raise NotFound(Phrase("This answer is to an invitation that is not yours: its sender should send it there."))
    member = rosters.member_of(document, round_)
    kept = {file.key: file for file in stored.files(db, pool.id, "join")}
    if member.key in kept and kept[member.key].hash == document.hash:
        return Taken(card(shop, db, pool), "join", False, member.name)
    refuse_late(shop, terms)
    if pool.result is not None or pool.summed is not None:
        raise FileRefused(Phrase("This pool is added up already; begin another one."))
    if member.key in kept:
        raise FileRefused(Phrase("“{name}” has joined already, with another file; that one counts.", name=member.name))
    names = {documents.read(file.content).body["name"].casefold() for file in kept.values()}
    if member.name.casefold() in names:
        raise FileRefused(Phrase("There is a “{name}” in this pool already: take another name.", name=member.name))
    stored.put_file(db, pool.id, "join", File(member.key, 0, document.hash, document.content), shop.now())
    _note(shop, db, pool.id, TAKEN, who)
    return Taken(card(shop, db, pool), "join", True, member.name)


def _roster(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    roster = rosters.roster_of(document, tuple(channels()))
    pool = _known(db, roster.terms.round)
    round_, terms = invitation_of(pool)
    if document.key != round_.key or roster.terms != terms:
        raise FileRefused(Phrase("This is not the pool that you were invited to: its terms or its sender are others."))
    if pool.roster_hash == roster.hash:
        return Taken(card(shop, db, pool), "roster", False)
    refuse_late(shop, terms)
    key = own_name(db)
    member = None if key is None else roster.member(key)
    if pool.exchange is None or member is None or member.exchange != masks.public_of(pool.exchange):
        raise FileRefused(Phrase("Your shop is not in this pool as you joined it; ask whoever began it."))
    if pool.roster is not None and roster.attempt <= roster_of(pool).attempt:
        raise FileRefused(Phrase("This is an earlier start of the pool than the one that counts now."))
    take_roster(db, pool, roster, document)
    _note(shop, db, pool.id, TAKEN, who)
    return Taken(card(shop, db, pool_of(db, pool.id)), "roster", True)


def _submission(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    pool, newest = _of_roster(db, document)
    if not pool.organised:
        raise NotAllowed(Phrase("Counts go to the shop that began the pool; you need not open those of others."))
    kept = {file.key: file for file in stored.files(db, pool.id, "submission", newest)}.get(document.key)
    roster = roster_of(pool)
    name = getattr(roster.member(document.key), "name", None)
    if kept is not None and kept.hash == document.hash:
        return Taken(card(shop, db, pool), "submission", False, name)
    refuse_late(shop, roster.terms)
    if pool.summed is not None or pool.result is not None:
        raise FileRefused(Phrase("This pool is added up already; begin another one."))
    found = submissions.checked(document, roster)
    if kept is not None and found.number <= kept.number:
        raise FileRefused(
            Phrase("“{name}” has handed in newer counts than these; the newer ones count.", name=name or "")
        )
    file = File(found.key, found.number, document.hash, document.content)
    stored.put_file(db, pool.id, "submission", file, shop.now(), roster.hash)
    _note(shop, db, pool.id, TAKEN, who)
    return Taken(card(shop, db, pool), "submission", True, name)


def _sum(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    """The key keeper opens it at once, and only one of a round."""
    pool, _ = _of_roster(db, document)
    if pool.result is not None:
        if pool.summed is not None and documents.read(pool.summed).hash == document.hash:
            return Taken(card(shop, db, pool), "sum", False, file=pool_file(pool, "result"))
        raise FileRefused(Phrase("This pool was opened already, and its key is gone."))
    if pool.p is None or pool.q is None:
        raise NotAllowed(Phrase("This sum is for the shop that keeps the key; your shop does not."))
    roster = roster_of(pool)
    refuse_late(shop, roster.terms)
    key = paillier.Key(int.from_bytes(pool.p, "big"), int.from_bytes(pool.q, "big"))
    result = opening.opened(document, roster, key, signing_key(shop, db))
    stored.change(db, pool.id, summed=document.content, p=None, q=None)
    _use(db, pool, result, opening.result_of(result, roster))
    _note(shop, db, pool.id, OPENED, who)
    pool = pool_of(db, pool.id)
    return Taken(card(shop, db, pool), "sum", True, file=pool_file(pool, "result"))


def _result(shop: Shop, db: Database, document: Document, who: str) -> Taken:
    pool, _ = _of_roster(db, document)
    if pool.result is not None:
        if documents.read(pool.result).body != document.body:
            raise FileRefused(Phrase("This is another result than the one that you have; ask which of them is right."))
        return Taken(card(shop, db, pool), "result", False)
    _use(db, pool, document, opening.result_of(document, roster_of(pool)))
    _note(shop, db, pool.id, USED, who)
    return Taken(card(shop, db, pool_of(db, pool.id)), "result", True)


def _use(db: Database, pool: Pool, document: Document, pooled: opening.Pooled) -> None:
    cells = [
        [one.cell.goal, one.cell.trait, one.cell.value, one.wins, one.misses, one.expected] for one in pooled.totals
    ]
    channel = invitation_of(pool)[1].channel
    totals = {"channel": channel, "cells": cells, "n_shops": pooled.n_shops, "deviation": pooled.deviation}
    stored.change(db, pool.id, result=document.content, totals=json.dumps(totals), exchange=None)
    stored.drop_submissions(db, pool.id)


def _known(db: Database, round_: str) -> Pool:
    pool = stored.by_round(db, round_)
    if pool is None:
        raise NotFound(Phrase("You know nothing of this pool: take in its invitation first, and join."))
    return pool


def _of_roster(db: Database, document: Document) -> tuple[Pool, str]:
    """The round whose newest start the file is of, and the name of that. Raises FileRefused, NotFound."""
    wanted = documents.hexadecimal(document.body, "roster")
    for pool in stored.every(db):
        if pool.roster_hash == wanted:
            return pool, wanted
    raise NotFound(
        Phrase("This file is of a pool, or of a start of it, that does not count here: ask for the newest start.")
    )


def _note(shop: Shop, db: Database, pool_id: int, deed: str, who: str) -> None:
    trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(pool_id), cause=shop.cause)
