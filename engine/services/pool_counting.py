"""The counts of a round of pooling: this shop's own, locked, and the sum of all shops'."""

from __future__ import annotations

from engine import store
from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.privacy.pool import counts as counting
from engine.privacy.pool import documents, masks, opening
from engine.privacy.pool import submission as submissions
from engine.services.pool import PoolFile, pool_of
from engine.services.pool_own_counts import own_counts
from engine.services.pool_rounds import pool_file, refuse_late, roster_of, signing_key
from engine.shop import Shop
from engine.store import pools as stored
from engine.store import trail
from engine.store.pools import File

SUBMITTED, SUMMED = "pool submitted", "pool summed"


def submit(shop: Shop, pool_id: int | None, *, who: str) -> PoolFile:
    with shop.open() as db, store.transaction(db):
        pool = pool_of(db, pool_id)
        roster = roster_of(pool)
        signing = signing_key(shop, db)
        member = roster.member(documents.name_of(signing))
        if pool.submitted is not None and (pool.result is not None or pool.summed is not None):
            return pool_file(pool, "submission")
        refuse_late(shop, roster.terms)
        if pool.exchange is None or member is None or member.exchange != masks.public_of(pool.exchange):
            raise NotAllowed(Phrase("Your shop is not in pool {id} as it was started.", id=str(pool.id)))
        counted = own_counts(shop, db, roster.terms)
        told = counting.packed(counted)
        if pool.submitted is not None and told == pool.counts:
            return pool_file(pool, "submission")
        number = pool.number + 1
        values = submissions.with_noise(counted.numbers, roster)
        document = submissions.submission(roster, values, pool.exchange, signing, number)
        stored.change(db, pool.id, submitted=document.content, counts=told, number=number)
        if pool.organised:
            file = File(document.key, number, document.hash, document.content)
            stored.put_file(db, pool.id, "submission", file, shop.now(), roster.hash)
        trail.add(db, at=shop.now(), who=who, deed=SUBMITTED, subject=str(pool.id), cause=shop.cause)
        return pool_file(pool_of(db, pool.id), "submission")


def add_up(shop: Shop, pool_id: int | None, *, who: str) -> PoolFile:
    with shop.open() as db, store.transaction(db):
        pool = pool_of(db, pool_id)
        if not pool.organised:
            raise NotAllowed(Phrase("Only the shop that began the pool adds up."))
        if pool.summed is not None:
            return pool_file(pool, "sum")
        roster = roster_of(pool)
        refuse_late(shop, roster.terms)
        handed = [
            submissions.read_again(documents.read(file.content), roster)
            for file in stored.files(db, pool.id, "submission", roster.hash)
        ]
        document = opening.summed(roster, handed, signing_key(shop, db))
        stored.change(db, pool.id, summed=document.content)
        trail.add(db, at=shop.now(), who=who, deed=SUMMED, subject=str(pool.id), cause=shop.cause)
        return pool_file(pool_of(db, pool.id), "sum")
