"""Who for a product: the customers most likely to want it, to look at, as a list, or to write to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from engine.errors import NotAllowed
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.recommend.caution import FEW_CUSTOMERS
from engine.services.files import write_out
from engine.services.recommend_people import WHO
from engine.services.recommend_run import lists_in_force
from engine.services.recommend_shown import pairs_shown
from engine.services.rules_in_force import RulesInForce
from engine.services.which_product import the_product
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import audiences, customers, orders, transaction, who_for
from engine.store import recommendations as stored
from engine.store.orders import Product
from engine.store.recommendations import InForce
from engine.store.segments import StoredSegment
from engine.store.who_for import Wanting

MOST = 1_000  # in one list
LIKELIEST, FEWEST = 0.1, 10  # of the customers: so many are worth a message, of whom it is known
HEADER = (*WHO, Phrase("bought before"), Phrase("why"))


@dataclass(frozen=True)
class WhoFor:
    """Some of the `total` customers who may want a product after the first `offset`, the likeliest first.

    `n_again` of all of them had bought it before. The first `n_likeliest` are worth a message. `n_buyers` have ever
    bought it.
    """

    product: Product
    rows: tuple[Wanting, ...]
    total: int
    n_again: int
    n_likeliest: int
    n_buyers: int
    offset: int
    note: Phrase | None
    computed_at: datetime
    fit_at: datetime


def who_for_product(shop: Shop, product: str, n: int = 10, *, offset: int = 0, progress: Progress = silent) -> WhoFor:
    """The customers most likely to want the product that `product` names (by number, name or ref).

    Raises NotFound, NotAllowed (several products, n outside 1 to 1,000) and TooLittleData.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} customers at once: ask for 1 to {most}.", n=n, most=MOST))
    with shop.open() as db:
        what = the_product(db, product)
        lists, found = _wanting(shop, db, what, progress)
        n_buyers, n_likeliest = stored.n_buyers(db, lists, what.id) or 0, _n_likeliest(db)
    return WhoFor(
        product=what,
        rows=tuple(found[offset : offset + n]),
        total=len(found),
        n_again=sum(one.again for one in found),
        n_likeliest=min(len(found), n_likeliest),
        n_buyers=n_buyers,
        offset=offset,
        note=_note(found, n_buyers, lists),
        computed_at=lists.run.at,
        fit_at=lists.fit.at,
    )


def export_who(
    shop: Shop, product: str, out: Path | str | None = None, say: Say = str, *, progress: Progress = silent
) -> Path:
    """Write all of them as CSV with the columns of `HEADER`; where it was written. Raises as `who_for_product`."""
    with shop.open() as db:
        what = the_product(db, product)
        _, found = _wanting(shop, db, what, progress)
    return write_out(shop, f"who-for-{what.id}.csv", csv_parts(HEADER, _cells(found, say), say), out)


def product_audience(shop: Shop, product: str, n: int | None = None, *, progress: Progress = silent) -> StoredSegment:
    """The `n` likeliest as a segment that a campaign can be drafted for; the same one while it is the same people.

    None is a tenth of all customers. Raises as `who_for_product`, and NotAllowed if there is nobody.
    """
    with shop.open() as db:
        what = the_product(db, product)
        lists, found = _wanting(shop, db, what, progress)
        found = found[: _n_likeliest(db) if n is None else n]
        if not found:
            raise NotAllowed(
                Phrase("There is nobody yet of whom it is known that they may want {product}.", product=what.name)
            )
        with transaction(db):
            return audiences.same_or_new(
                db,
                kind=audiences.RECOMMENDED,
                key=f"who-for-{what.id}",
                name=Phrase("who may want {product}", product=what.name),
                sentence=counted(
                    "{n} customer who is most likely to want {product}",
                    "{n} customers who are most likely to want {product}",
                    n=len(found),
                    product=what.name,
                ),
                members=[one.customer.id for one in found],
                shares=shares_of(db, [one.customer.id for one in found]),
                settings={"of": lists.run.id, "product": what.id},
                seed=lists.run.seed,
                data_version=lists.run.data_version,
                at=shop.now(),
                cause=shop.cause,
            )


def shares_of(db: Database, members: Sequence[int]) -> tuple[float, float]:
    """Which share of the customers and of the money these are."""
    money = orders.sums(db)["monetary"]
    total = float(money.sum())
    theirs = float(money.reindex(list(members)).sum())
    return len(members) / max(1, customers.count(db)), theirs / total if total > 0 else 0.0


def _n_likeliest(db: Database) -> int:
    return max(FEWEST, round(LIKELIEST * customers.count(db)))


def _wanting(shop: Shop, db: Database, what: Product, progress: Progress) -> tuple[InForce, list[Wanting]]:
    """Who may want it, as the rules let through now."""
    force = RulesInForce.of(shop, db)
    lists = lists_in_force(shop, db, force=force, progress=progress)
    found = who_for.wanting(db, lists, what.id)
    shown = pairs_shown(force, [one.customer.id for one in found], [what.id] * len(found))
    return lists, [one for one, is_shown in zip(found, shown, strict=True) if is_shown]


def _note(found: Sequence[Wanting], n_buyers: int, lists: InForce) -> Phrase | None:
    if not found and not n_buyers:
        return Phrase("Nobody has bought it yet, and nothing else that is known of it says who may want it.")
    if not found:
        return Phrase("Nothing that customers did speaks for it, beside that some have bought it.")
    if lists.run.quality["customers"] < FEW_CUSTOMERS:
        return counted(
            "Take this as a hint: it rests on the orders of {n} customer.",
            "Take this as a hint: it rests on the orders of {n} customers.",
            n=lists.run.quality["customers"],
        )
    return None


def _cells(found: Sequence[Wanting], say: Say) -> Iterator[tuple[str | None, ...]]:
    yes, no = say(Phrase("yes")), say(Phrase("no"))
    for one in found:
        who = one.customer
        yield who.key, who.name, who.email, who.phone, who.city, yes if one.again else no, say(one.reason)
