"""What of stored recommendations may be shown now: rules and refusals hold whatever a list's age."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Phrase, to_json
from engine.recommend.ruled import PINNED, RANKER
from engine.services.rules_in_force import RulesInForce
from engine.store import customers, orders, segments
from engine.store import recommendations as stored
from engine.store.recommendations import InForce, Recommended

CHUNK = 20_000  # customers at once
_AT = "position"


def lists_shown(
    db: Database, lists: InForce, force: RulesInForce, segment_id: int | None = None
) -> Iterator[pd.DataFrame]:
    """The lists of everyone, or of a segment's people, as `engine.store.recommendations.of_people`, some at a time.

    RANK is the place among what is shown.
    """
    members = customers.frame(db)[c.CUSTOMER].tolist() if segment_id is None else segments.members(db, segment_id)
    for start in range(0, len(members), CHUNK):
        rows = stored.of_people(db, lists, members[start : start + CHUNK])
        yield rows if _is_plain(force) else _both(rows, force, np.unique(members[start : start + CHUNK]))


def shown_to(
    db: Database, rows: Sequence[Recommended], force: RulesInForce, customer_id: int, top: int
) -> tuple[list[Recommended], Phrase | None]:
    """What of one customer's lists may be shown, and why nothing is if nothing is left."""
    table = pd.DataFrame(
        {
            c.CUSTOMER: np.full(len(rows), customer_id, np.int64),
            c.PRODUCT: np.array([row.product.id for row in rows], np.int64),
            c.RANK: np.array([row.rank for row in rows], np.int64),
            c.AGAIN: np.array([row.again for row in rows], np.bool_),
            _AT: np.arange(len(rows), dtype=np.float64),
        }
    )
    result: list[Recommended] = []
    nothing: Phrase | None = None
    for again in (True, False):
        ruled = _reading(force).ruled(
            table[table[c.AGAIN] == again], top=top, customers=np.array([customer_id]), again=again
        )
        nothing = nothing or ruled.nothing
        for rank, (position, product) in enumerate(zip(ruled.picks[_AT], ruled.picks[c.PRODUCT], strict=True), start=1):
            if pd.isna(position):
                result.append(Recommended(again, rank, orders.products(db)[int(product)], 0.0, RANKER, PINNED))
            else:
                result.append(replace(rows[int(position)], rank=rank))
    return result, None if result else nothing


def pairs_shown(force: RulesInForce, customer: Sequence[int], product: Sequence[int]) -> np.ndarray:
    """Which of these pairs may be shown, each for itself: there is no list whose places they share."""
    n = len(customer)
    table = pd.DataFrame({c.CUSTOMER: customer, c.PRODUCT: product, _AT: np.arange(n)}).astype(np.int64)
    alone = replace(_reading(force).rules, pinned=(), most_per_category=None)
    flags = np.zeros(n, np.bool_)
    kept = replace(force, rules=alone).ruled(table.assign(**{c.RANK: 1})).picks
    flags[kept[_AT].to_numpy(np.int64)] = True
    return flags


def products_allowed(force: RulesInForce) -> frozenset[int]:
    """The ids of the products that may be shown to anybody."""
    return frozenset(force.products.index[force.allowed().mask].tolist())


def same_thing(force: RulesInForce, product_id: int) -> frozenset[int]:
    """The ids under which the same product goes, its own among them."""
    twin = force.products[c.TWIN]
    return frozenset(force.products.index[twin == twin.get(product_id)].tolist()) | {product_id}


def _reading(force: RulesInForce) -> RulesInForce:
    """The rules for lists that were drawn under them: variety and launches have had their say."""
    return replace(force, rules=replace(force.rules, relevance=1.0, launches=0.0))


def _is_plain(force: RulesInForce) -> bool:
    """Whether nothing speaks of single customers, so that the lists are as they were drawn."""
    rules = force.rules
    general = rules.rest_days is None and not rules.pinned
    return general and force.refused.empty and not force.wanting_none.size


def _both(rows: pd.DataFrame, force: RulesInForce, people: np.ndarray) -> pd.DataFrame:
    parts = [
        _reading(force)
        .ruled(rows[rows[c.AGAIN] == again], top=stored.LONGEST, customers=people, again=again)
        .picks.assign(**{c.AGAIN: again})
        for again in (True, False)
    ]
    shown = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    pinned = shown[c.RANKER] == RANKER
    shown[c.REASON] = shown[c.REASON].mask(pinned, to_json(PINNED))
    return shown.assign(**{c.RANK: shown[c.LIST_PLACE]})
