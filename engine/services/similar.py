"""Products like a product: what the same people buy, and what is alike in name, description, category and price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.services.recommend_run import lists_in_force
from engine.services.recommend_shown import products_allowed, same_thing
from engine.services.rules_in_force import RulesInForce
from engine.services.which_product import the_product
from engine.shop import Shop
from engine.store import orders, similar_products
from engine.store import recommendations as stored
from engine.store.orders import Product
from engine.store.similar_products import ALIKE, TOGETHER, SimilarProduct

MOST = 50


@dataclass(frozen=True)
class SimilarProducts:
    """The nearest to a product, that `n_buyers` people have bought: by who bought them, and by what is said of them."""

    product: Product
    n_buyers: int
    together: tuple[SimilarProduct, ...]
    alike: tuple[SimilarProduct, ...]
    note: Phrase | None
    fit_at: datetime


def similar_to(shop: Shop, product: str, n: int = 5, *, progress: Progress = silent) -> SimilarProducts:
    """Up to `n` products of each kind that are like the one that `product` names (by number, name or ref).

    Raises NotFound, NotAllowed (several products, n outside 1 to 50) and TooLittleData.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot show {n} similar products: ask for 1 to {most}.", n=n, most=MOST))
    with shop.open() as db:
        what = the_product(db, product)
        force = RulesInForce.of(shop, db)
        lists = lists_in_force(shop, db, force=force, progress=progress)
        shown = products_allowed(force) - same_thing(force, what.id)
        found = [one for one in similar_products.of_product(db, lists, what.id) if one.product.id in shown]
        n_buyers = stored.n_buyers(db, lists, what.id) or 0
        n_products = len(orders.products(db))
    together = tuple(one for one in found if one.how == TOGETHER)[:n]
    alike = tuple(one for one in found if one.how == ALIKE)[:n]
    return SimilarProducts(what, n_buyers, together, alike, _note(found, n_buyers, n_products), lists.fit.at)


def _note(found: list[SimilarProduct], n_buyers: int, n_products: int) -> Phrase | None:
    if n_products < 2:
        return Phrase("It is your only product: there is nothing to compare it with.")
    if not n_buyers:
        return Phrase("Nobody has bought it yet, so nothing is known of what goes with it.")
    if not any(one.how == TOGETHER for one in found):
        return Phrase("No other product has been bought by at least two of its buyers yet.")
    return None
