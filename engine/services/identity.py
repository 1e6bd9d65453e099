"""Use cases: who is one person with whom, and the founder's word on it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from engine.errors import NotAllowed, NotFound
from engine.intake.receipt import CampaignNews
from engine.intake.resolution import MAYBE, ONE, TWO
from engine.phrases import Phrase
from engine.services.matching import match_people_again
from engine.shop import Shop
from engine.store import meta, pairs, trail, transaction
from engine.store.pairs import StoredPair

MADE = {ONE: "made one", TWO: "made two"}
MOST = 1_000  # pairs in one list


@dataclass(frozen=True)
class SamePeople:
    """Pairs who may be one person, and pairs who are counted as one; some of each, out of so many."""

    suspected: tuple[StoredPair, ...]
    n_suspected: int
    merged: tuple[StoredPair, ...]
    n_merged: int
    n_apart: int  # pairs of whom the founder has said that they are two
    currency: str | None


@dataclass(frozen=True)
class Settled:
    """A pair as it is now. `changed` is false if it was so before.

    campaigns: what is new of campaigns that the two are in, whose orders are counted anew.
    """

    pair: StoredPair
    changed: bool
    campaigns: tuple[CampaignNews, ...] = ()


def same_people(shop: Shop, *, n: int = 20, skip_suspected: int = 0, skip_merged: int = 0) -> SamePeople:
    """`n` pairs of either kind, the most doubtful first, after those skipped.

    Raises NotAllowed for n outside 1 to 1,000 or a skip below 0.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} pairs at once: ask for 1 to {most}.", n=n, most=MOST))
    if skip_suspected < 0 or skip_merged < 0:
        raise NotAllowed(
            Phrase("Cannot skip {n} pairs: the number must be 0 or more.", n=min(skip_suspected, skip_merged))
        )
    with shop.open() as db:
        return SamePeople(
            tuple(pairs.some(db, MAYBE, n, skip_suspected)),
            pairs.count(db, MAYBE),
            tuple(pairs.some(db, ONE, n, skip_merged)),
            pairs.count(db, ONE),
            pairs.count(db, TWO),
            meta.read(db, "currency"),
        )


def count_as_one(shop: Shop, pair_id: int, *, who: str = "owner") -> Settled:
    """The two of this pair are one person. Raises NotFound; NotAllowed if somebody of them is known to be two."""
    return _settle(shop, pair_id, ONE, who)


def count_as_two(shop: Shop, pair_id: int, *, who: str = "owner") -> Settled:
    """The two of this pair are two people, and stay so whatever a file says. Raises NotFound."""
    return _settle(shop, pair_id, TWO, who)


def _settle(shop: Shop, pair_id: int, state: str, who: str) -> Settled:
    with shop.open() as db, transaction(db):
        done = trail.done_before(db, MADE[state], shop.cause)
        pair = _found(db, pair_id if done is None else int(done))
        if done is not None:
            return Settled(pair, True)
        if pair.state == state == TWO or (state == ONE and pair.a.customer == pair.b.customer):
            return Settled(pair, False)
        if state == ONE:
            _refuse_contradiction(db, pair)
            pairs.make_one(db, pair, who=who, at=shop.now())
        else:
            pairs.make_two(db, pair, who=who, at=shop.now())
        trail.add(db, at=shop.now(), who=who, deed=MADE[state], subject=str(pair.id), cause=shop.cause)
        now = _found(db, pair.id)
        people = {side.customer for side in (pair.a, pair.b, now.a, now.b)}
        return Settled(now, True, match_people_again(db, shop, people))


def _found(db: Database, id_: int) -> StoredPair:
    pair = pairs.by_id(db, id_)
    if pair is None:
        raise NotFound(Phrase("There is no pair {id}; /same shows those that there are.", id=str(id_)))
    return pair


def _refuse_contradiction(db: Database, pair: StoredPair) -> None:
    """Raises NotAllowed if this would make one person of two who were said to be two."""
    other = pairs.between(db, pair.a.customer, pair.b.customer)
    if other is not None and other.id != pair.id:
        raise NotAllowed(
            Phrase(
                "{a} and {b} cannot be one person, since you have said that {c} and {d} are two; say first that these "
                "are one: /same one {id}",
                a=pair.a.key,
                b=pair.b.key,
                c=other.a.key,
                d=other.b.key,
                id=str(other.id),
            )
        )
