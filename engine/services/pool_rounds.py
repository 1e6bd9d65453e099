"""A round of pooling before anything is counted: the invitation, the answers, the roster."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from sqlite_utils import Database

from engine import store
from engine.campaigns import templates
from engine.campaigns.channels import channel_named, channels
from engine.errors import FileRefused, NotAllowed
from engine.phrases import Phrase
from engine.privacy.pool import counts as counting
from engine.privacy.pool import documents, masks, paillier
from engine.privacy.pool import roster as rosters
from engine.privacy.pool.documents import Document
from engine.privacy.pool.roster import MOST_NAME, Member, Roster
from engine.privacy.pool.terms import ANY, FEWEST_SHOPS, LONGEST_DAYS, MOST_CELLS, MOST_SHOPS, Cell, Terms, terms_of
from engine.services.message_settings import settings_of
from engine.services.pool import FileKind, PoolCard, PoolFile, pool_of, totals_of
from engine.services.pool_own_counts import own_counts
from engine.services.templates import library
from engine.shop import Shop
from engine.store import pools as stored
from engine.store import trail
from engine.store.pools import File, Pool

INVITED, JOINED, STARTED = "pool begun", "pool joined", "pool started"
_EPSILONS = (0.1, 4.0)


def invite(
    shop: Shop, goals: Sequence[str], *, channel: str, fewest: int, epsilon: float, days: int, who: str
) -> PoolFile:
    if not FEWEST_SHOPS <= fewest <= MOST_SHOPS:
        raise NotAllowed(
            Phrase("A pool takes {fewest} to {most} shops at least.", fewest=FEWEST_SHOPS, most=MOST_SHOPS)
        )
    if not _EPSILONS[0] <= epsilon <= _EPSILONS[1]:
        raise NotAllowed(
            Phrase("The privacy loss (epsilon) is {least} to {most}.", least=_EPSILONS[0], most=_EPSILONS[1])
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise NotAllowed(Phrase("A pool lasts 1 to {most} days.", most=LONGEST_DAYS))
    with shop.open() as db, store.transaction(db):
        before = trail.done_before(db, INVITED, shop.cause)
        if before is not None:
            return pool_file(pool_of(db, int(before)), "invitation")
        terms = Terms(
            secrets.token_hex(32),
            channel if channel == ANY else channel_named(channel).key,
            cells_for(db, goals),
            fewest,
            round(100 * epsilon),
            shop.now() + timedelta(days=days),
        )
        document = rosters.invitation(terms, signing_key(shop, db))
        id_ = stored.add(db, terms.round, document.content, organised=True, at=shop.now())
        trail.add(db, at=shop.now(), who=who, deed=INVITED, subject=str(id_), cause=shop.cause)
        return pool_file(pool_of(db, id_), "invitation")


def answer(shop: Shop, pool_id: int | None, *, name: str | None, keep_key: bool, who: str) -> PoolFile:
    with shop.open() as db, store.transaction(db):
        pool = pool_of(db, pool_id)
        if pool.joined is not None:
            return pool_file(pool, "join")
        round_, terms = invitation_of(pool)
        refuse_late(shop, terms)
        if keep_key and pool.organised:
            raise NotAllowed(rosters.NOT_BOTH)
        called = _name(name or settings_of(db).shop_name)
        own_counts(shop, db, terms)
        signing, exchange = signing_key(shop, db), masks.new_exchange_key()
        key = paillier.new_key() if keep_key else None
        joined = rosters.join(round_, called, masks.public_of(exchange), key, signing)
        secret = {} if key is None else {"p": _bytes(key.p), "q": _bytes(key.q)}
        stored.change(db, pool.id, name=called, exchange=exchange, joined=joined.content, **secret)
        if pool.organised:
            stored.put_file(db, pool.id, "join", File(joined.key, 0, joined.hash, joined.content), shop.now())
        trail.add(db, at=shop.now(), who=who, deed=JOINED, subject=str(pool.id), cause=shop.cause)
        return pool_file(pool_of(db, pool.id), "join")


def start(shop: Shop, pool_id: int | None, *, without: Sequence[str], who: str) -> PoolFile:
    with shop.open() as db, store.transaction(db):
        pool = pool_of(db, pool_id)
        if not pool.organised:
            raise NotAllowed(Phrase("Only the shop that began the pool starts it."))
        round_, terms = invitation_of(pool)
        refuse_late(shop, terms)
        joined = _without(joins(db, pool), without, round_)
        current = None if pool.roster is None else roster_of(pool)
        if pool.result is not None or (current is not None and _same(current, joined)):
            return pool_file(pool, "roster")
        attempt = 1 if current is None else current.attempt + 1
        document = rosters.roster(round_, joined, attempt, signing_key(shop, db))
        take_roster(db, pool, rosters.roster_of(document, tuple(channels())), document)
        trail.add(db, at=shop.now(), who=who, deed=STARTED, subject=str(pool.id), cause=shop.cause)
        return pool_file(pool_of(db, pool.id), "roster")


def take_roster(db: Database, pool: Pool, roster: Roster, document: Document) -> None:
    """From now on this one counts, and nothing is handed in for it yet. Call in a transaction."""
    stored.change(
        db, pool.id, roster=document.content, roster_hash=roster.hash, submitted=None, counts=None, summed=None
    )


def cells_for(db: Database, goals: Sequence[str]) -> tuple[Cell, ...]:
    """The values that the traits of messages for these goals have; a trait with one value tells nothing."""
    texts, cells = library(db), []
    for goal in dict.fromkeys(goals):
        templates.goal_named(texts, goal)
        values: dict[str, set[str]] = defaultdict(set)
        for text in texts:
            if text.goal == goal:
                for trait in templates.TRAITS:
                    values[trait] |= {text.traits[trait]} if trait in text.traits else set()
        cells += [
            Cell(goal, trait, value) for trait in templates.TRAITS if len(values[trait]) > 1
            for value in sorted(values[trait])
        ]  # fmt: skip
    if not 0 < len(cells) <= MOST_CELLS:
        raise NotAllowed(Phrase("That is too much, or nothing, for one pool; name one goal, such as win_back."))
    return tuple(cells)


def card(shop: Shop, db: Database, pool: Pool) -> PoolCard:
    """The round as it is now."""
    _, terms = invitation_of(pool)
    roster = None if pool.roster is None else roster_of(pool)
    counted = None if pool.counts is None else counting.unpacked(pool.counts)
    told = None if pool.totals is None else totals_of(json.loads(pool.totals))
    handed: set[str] = set()
    if roster is not None and pool.organised:
        handed = {file.key for file in stored.files(db, pool.id, "submission", roster.hash)}
    key = own_name(db)
    return PoolCard(
        pool.id,
        tuple(templates.title(goal) for goal in terms.goals),
        terms.channel,
        len(terms.cells),
        terms.fewest,
        terms.epsilon,
        terms.until,
        shop.now() > terms.until,
        pool.organised,
        pool.name,
        pool.joined is not None and "modulus" in documents.read(pool.joined).body,
        joined=tuple(documents.read(file.content).body["name"] for file in stored.files(db, pool.id, "join")),
        members=() if roster is None else tuple(member.name for member in roster.members),
        keeper=None if roster is None else roster.keeper.name,
        fingerprint=None if roster is None else roster.fingerprint,
        attempt=0 if roster is None else roster.attempt,
        member=roster is not None and key is not None and roster.member(key) is not None,
        submitted=pool.submitted is not None,
        per_customer=0 if counted is None else counted.per_customer,
        n_campaigns=0 if counted is None else counted.n_campaigns,
        n_sends=0 if counted is None else counted.n_sends,
        halved=0 if counted is None else counted.halved,
        missing=()
        if roster is None or not pool.organised
        else tuple(member.name for member in roster.members if member.key not in handed),
        summed=pool.summed is not None,
        result=told,
        used=pool.used,
    )


# what the steps share


def signing_key(shop: Shop, db: Database) -> bytes:
    """This shop's own, made when it is first needed. Call in a transaction."""
    kept = stored.signing_key(db)
    if kept is None:
        kept = documents.new_signing_key()
        stored.keep_signing_key(db, kept, shop.now())
    return kept


def own_name(db: Database) -> str | None:
    """The public key that others know this shop by; None before it has one."""
    kept = stored.signing_key(db)
    return None if kept is None else documents.name_of(kept)


def invitation_of(pool: Pool) -> tuple[Document, Terms]:
    document = documents.read(pool.invitation)
    return document, terms_of(document.body, tuple(channels()))


def roster_of(pool: Pool) -> Roster:
    """Raises NotAllowed before the round has started."""
    if pool.roster is None:
        raise NotAllowed(
            Phrase("Pool {id} has not started: the shop that began it sends a file when all have joined.",
                   id=str(pool.id))
        )  # fmt: skip
    return rosters.roster_of(documents.read(pool.roster), tuple(channels()))


def joins(db: Database, pool: Pool) -> list[Document]:
    return [documents.read(file.content) for file in stored.files(db, pool.id, "join")]


def refuse_late(shop: Shop, terms: Terms) -> None:
    """Raises FileRefused once the time of the round is over."""
    if shop.now() > terms.until:
        raise FileRefused(Phrase("This pool ended on {day}; begin another one.", day=terms.until.date()))


def pool_file(pool: Pool, kind: FileKind) -> PoolFile:
    """A file of the round that is stored."""
    content = {
        "invitation": pool.invitation,
        "join": pool.joined,
        "roster": pool.roster,
        "submission": pool.submitted,
        "sum": pool.summed,
        "result": pool.result,
    }[kind]
    assert content is not None
    return PoolFile(pool.id, kind, f"zhike-pool-{pool.round[:6]}-{_said(pool, kind)}.json", content)


def _said(pool: Pool, kind: FileKind) -> str:
    """The kind, and whose it is where each shop has one of its own."""
    if kind not in ("join", "submission") or pool.name is None:
        return kind
    kept = "".join(letter if letter.isalnum() else "-" for letter in pool.name).strip("-")
    return f"{kind}-{kept}" if kept else kind


def _name(name: str | None) -> str:
    called = " ".join((name or "").split())
    if not called or len(called) > MOST_NAME or not called.isprintable():
        raise NotAllowed(
            Phrase("Say what your shop is called, as the others know it, in up to {n} letters.", n=MOST_NAME)
        )
    return called


def _without(joined: Sequence[Document], without: Sequence[str], round_: Document) -> list[Document]:
    left = [" ".join(name.split()).casefold() for name in without]
    members: list[tuple[Member, Document]] = [(rosters.member_of(one, round_), one) for one in joined]
    there = tuple(member.name for member, _ in members)
    for name in left:
        if name not in [one.casefold() for one in there]:
            raise NotAllowed(Phrase("“{name}” has not joined; there are: {names}.", name=name, names=there))
    return [one for member, one in members if member.name.casefold() not in left]


def _same(roster: Roster, joined: Sequence[Document]) -> bool:
    return {(member.key, member.exchange) for member in roster.members} == {
        (one.key, documents.blob(one.body, "exchange", 32)) for one in joined
    }


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
