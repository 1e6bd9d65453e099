"""What a customer would buy next: answered from the store, from the lists of `recommend_run`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed
from engine.phrases import Name, Phrase
from engine.progress import Progress, silent
from engine.recommend.caution import caution
from engine.recommend.lists import mixed
from engine.recommend.rankers import rankers
from engine.services.due_days import due_of_customer
from engine.services.recommend_draw import Drawing
from engine.services.recommend_history import history_of
from engine.services.recommend_run import lists_in_force, resumed
from engine.services.recommend_shown import shown_to
from engine.services.rules_in_force import RulesInForce
from engine.services.whom import the_one
from engine.shop import Shop
from engine.store import meta, orders
from engine.store import recommendations as stored
from engine.store.customers import Customer
from engine.store.recommendations import LONGEST, InForce, Recommended
from engine.store.runs import Run

MOST = 50
SHARE: Final = "recommend_again"  # in the shop's facts: the share of what to buy again, nothing for by score

Which = Literal["both", "again", "new"]


@dataclass(frozen=True)
class Recommendation:
    product_id: int
    product: str  # its key
    name: Name
    again: bool  # the customer had bought it before
    score: float  # more is better
    reason: Phrase
    ranker: str
    due: Phrase | None = None  # when, if it is due about now

    @property
    def personal(self) -> bool:
        """Whether anything the customer did speaks for it; else it is what most people buy."""
        return self.ranker not in rankers() or rankers()[self.ranker].personal


@dataclass(frozen=True)
class Recommendations:
    """`which` of the two lists it is, or both, mixed with `share` to buy again (None: the better score first).

    `fit_at` is when all was learned, `computed_at` when this customer's list was made.
    """

    customer: Customer
    which: Which
    items: tuple[Recommendation, ...]  # best first
    n_again: int  # how many there are in each list
    n_new: int
    share: float | None
    note: Phrase | None  # how little it rests on, or why nothing is shown
    run: Run
    computed_at: datetime
    fit_at: datetime


def refresh_recommendations(shop: Shop, *, refresh: bool = False, progress: Progress = silent) -> Run:
    """The newest run of the lists in force (`lists_in_force`), made anew where that is needed, or with `refresh`."""
    with shop.open() as db:
        return lists_in_force(shop, db, refresh=refresh, progress=progress).run


def recommend_for(
    shop: Shop, customer: str, n: int = 5, progress: Progress = silent, *, which: str = "both"
) -> Recommendations:
    """Up to `n` products for the customer that `customer` names (by key, e-mail, phone or name).

    Raises NotFound, NotAllowed (several customers, `n` outside 1 to 50, another list than both, again, new) and
    TooLittleData.
    """
    check_n(n)
    asked = known(which)
    with shop.open() as db:
        return for_one(shop, db, the_one(db, customer), asked, n, progress)


def for_one(shop: Shop, db: Database, who: Customer, which: Which, n: int, progress: Progress) -> Recommendations:
    """The lists of one customer, as the rules and their own refusals let through now."""
    force = RulesInForce.of(shop, db, who.id)
    lists = lists_in_force(shop, db, force=force, progress=progress)
    rows, nothing = shown_to(db, stored.of_customer(db, lists, who.id), force, who.id, LONGEST)
    items, share = items_of(rows, due_of_customer(shop, db, lists, who.id)), mix_share(db)
    shown = chosen(items, which, n, share)
    if len(shown) < n and (n > LONGEST or not force.refused.empty):
        # what was refused leaves room for what was not stored
        rows, nothing = shown_to(db, _longer(shop, db, lists, force, who, n, progress), force, who.id, MOST)
        items = items_of(rows, due_of_customer(shop, db, lists, who.id))
        shown = chosen(items, which, n, share)
    n_again = sum(item.again for item in items)
    return Recommendations(
        customer=who,
        which=which,
        items=shown,
        n_again=n_again,
        n_new=len(items) - n_again,
        share=share,
        note=nothing if not items else caution([item.personal for item in shown], lists.run.quality),
        run=lists.run,
        computed_at=lists.run.at,
        fit_at=lists.fit.at,
    )


def known_next(shop: Shop, db: Database, who: Customer, n: int = 3) -> tuple[Name, ...]:
    """The first products of a customer's list as it is in the store, under the rules of now; none where it is old."""
    lists = stored.in_force(db)
    if lists is None or lists.run.data_version != orders.data_version(db):
        return ()
    rows = stored.of_customer(db, lists, who.id)
    shown, _ = shown_to(db, rows, RulesInForce.of(shop, db, who.id), who.id, LONGEST)
    return tuple(item.name for item in chosen(items_of(shown, {}), "both", n, mix_share(db)))


def chosen(items: Sequence[Recommendation], which: Which, n: int, share: float | None) -> tuple[Recommendation, ...]:
    """The first `n` of one list, or of both as they are mixed."""
    if which != "both":
        return tuple(item for item in items if item.again == (which == "again"))[:n]
    again = np.array([item.again for item in items], np.bool_)
    table = pd.DataFrame({c.CUSTOMER: 0, c.AGAIN: again, c.SCORE: [item.score for item in items]})
    table[c.RANK] = table.groupby(c.AGAIN).cumcount() + 1
    return tuple(items[position] for position in mixed(table, n, share).index)


def items_of(rows: Sequence[Recommended], due: Mapping[int, Phrase]) -> list[Recommendation]:
    return [
        Recommendation(
            row.product.id,
            row.product.key,
            row.product.name,
            row.again,
            row.score,
            row.reason,
            row.ranker,
            due.get(row.product.id),
        )
        for row in rows
    ]


def recommend_mix(shop: Shop) -> float | None:
    """The share of what to buy again in mixed lists, 0 to 1; None where the better score comes first."""
    with shop.open() as db:
        return mix_share(db)


def set_recommend_mix(shop: Shop, share: float | None) -> float | None:
    """Mix all lists so from now on; the share. Raises NotAllowed for one outside 0 to 1."""
    if share is not None and not 0 <= share <= 1:
        raise NotAllowed(
            Phrase("The share of products to buy again is {share:.0%}: give one from 0% to 100%.", share=share)
        )
    with shop.open() as db:
        if share is None:
            meta.forget(db, SHARE)
        else:
            meta.write(db, SHARE, repr(share))
    return share


def mix_share(db: Database) -> float | None:
    text = meta.read(db, SHARE)
    return None if text is None else float(text)


def check_n(n: int) -> None:
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot recommend {n} products: ask for 1 to {most}.", n=n, most=MOST))


def known(which: str) -> Which:
    for one in get_args(Which):
        if which == one:
            return one  # type: ignore[no-any-return]
    raise NotAllowed(Phrase("There is no list “{which}”: choose {lists}.", which=which, lists=get_args(Which)))


def _longer(
    shop: Shop, db: Database, lists: InForce, force: RulesInForce, who: Customer, n: int, progress: Progress
) -> list[Recommended]:
    """Longer lists than are stored; they begin with the stored ones."""
    history = history_of(shop, db, progress)
    drawing = Drawing(history, resumed(db, lists, history), force, n)
    products = orders.products(db)
    return [
        Recommended(again, rank, products[product], score, ranker, reason)
        for _, again, rank, product, score, ranker, reason in drawing.lists(
            np.searchsorted(history.customers, [who.id])
        )
    ]
