"""The rules as they hold now, with all that they go by: what the use cases of recommendations apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.allowed import Allowed
from engine.recommend.barred import Facts
from engine.recommend.history import History, Ints
from engine.recommend.launches import launched
from engine.recommend.ruled import Ruled, Ruling
from engine.recommend.rules import Rules, folded, from_json
from engine.recommend.sameness import likeness, same_things
from engine.services.behaviour import counting_day
from engine.services.wishes import wanting_none
from engine.shop import Shop
from engine.store import recommendation_rules as stored
from engine.store import refusals, segment_rules, segments

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class SegmentNames:
    """What the owner may pin products for: rules of their own, by name, and the groups of the newest run, by key."""

    keys: tuple[str, ...]
    names: Mapping[str, Phrase]

    def __call__(self, key: str) -> Phrase:
        return self.names.get(key, Phrase("{field}", field=key))


@dataclass(frozen=True)
class RulesInForce:
    """The rules of this moment, for one `customer` or for all if None.

    `rules` has no pause that is over. `today` is the day from which purchases count back.
    """

    rules: Rules
    version: int  # of the rules: what was computed under another one is to be ruled anew
    products: pd.DataFrame  # as `engine.recommend.ruled` takes them
    today: pd.Timestamp
    refused: pd.DataFrame
    wanting_none: Ints
    bought: pd.DataFrame
    members: Mapping[str, tuple[int, ...]]
    together: csr_array | None
    customer: int | None = None
    # products that came into the shop lately: only where lists are made for everybody at once
    launched: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @classmethod
    def of(cls, shop: Shop, db: Database, customer: int | None = None) -> RulesInForce:
        version = stored.newest(db)
        day = shop.now().date().isoformat()
        said = from_json(version.rules)
        rules = replace(said, paused=tuple(pause for pause in said.paused if pause.until >= day))
        goods = stored.goods(db)
        products = goods.assign(**{c.TWIN: same_things(goods)})
        today = counting_day(shop, db)
        refused = refusals.pairs(db)
        return cls(
            rules=rules,
            version=version.id,
            products=products,
            today=today,
            refused=refused if customer is None else refused[refused[c.CUSTOMER] == customer],
            wanting_none=wanting_none(db),
            bought=_bought(db, rules, products, today, customer),
            members={pin.segment: _members(db, pin.segment) for pin in rules.pinned if pin.segment is not None},
            together=_together(db, rules, products),
            customer=customer,
        )

    def launching(self, history: History) -> RulesInForce:
        """The same for drawing everybody's lists from a history: launches get their share of the places.

        Not for reading lists that were drawn so, where they have had their say.
        """
        return replace(self, launched=history.products[launched(history)])

    def allowed(self) -> Allowed:
        """Which products may be recommended to anybody, in the order of `products` (by id): ask before drawing
        candidates, so that rules leave no list short.
        """
        return self._ruling.through

    def ruled(
        self,
        picks: pd.DataFrame,
        *,
        top: int | None = None,
        customers: Ints | None = None,
        again: bool | None = None,
    ) -> Ruled:
        """What of `picks` may be shown now (`engine.recommend.ruled.Ruling.of`)."""
        near = self._similarity(picks) if self.rules.relevance < 1 else None
        return self._ruling.of(picks, top=top, customers=customers, again=again, similarity=near)

    @cached_property
    def _ruling(self) -> Ruling:
        facts = Facts(
            refused=self.refused,
            wanting_none=self.wanting_none,
            bought=self.bought,
            members={key: np.array(who, np.int64) for key, who in self.members.items()},
            together=self.together,
            launched=self.launched,
        )
        return Ruling(self.rules, self.products, self.today, facts)

    def _similarity(self, picks: pd.DataFrame) -> csr_array:
        if self.customer is None:
            return self._alike
        pinned = self.products.index[self.products[c.PRODUCT_KEY].isin([pin.product for pin in self.rules.pinned])]
        ids = np.union1d(picks[c.PRODUCT].to_numpy(np.int64), pinned.to_numpy(np.int64))
        positions = self.products.index.get_indexer(pd.Index(ids))
        return likeness(self.products, positions[positions >= 0])

    @cached_property
    def _alike(self) -> csr_array:
        return likeness(self.products, np.arange(len(self.products)))


def segment_names(db: Database) -> SegmentNames:
    named = {rule.name: Phrase("{field}", field=rule.name) for rule in segment_rules.in_force(db)}
    newest = segments.latest(db)
    found = {} if newest is None else {segment.key: segment.name for segment in newest.segments}
    names = {**found, **named}
    return SegmentNames((*named, *(key for key in found if key not in named)), names)


def _members(db: Database, segment: str) -> tuple[int, ...]:
    """The customers of an owner's rule, as it was last looked up, or of a group of the newest run."""
    rule = segment_rules.newest(db, folded(segment))
    run = None if rule is None or rule.rule is None else segment_rules.latest_people(db, rule.id)
    if run is not None:
        return tuple(segments.members(db, run.segments[0].id))
    newest = segments.latest(db)
    found = [] if newest is None else [one for one in newest.segments if one.key == segment]
    return tuple(segments.members(db, found[0].id)) if found else ()


def _bought(
    db: Database, rules: Rules, products: pd.DataFrame, today: pd.Timestamp, customer: int | None
) -> pd.DataFrame:
    """The purchases that the rules ask for: of late, and of what is pinned at any time."""
    parts = []
    if rules.rest_days is not None:
        parts.append(stored.bought_since(db, today - pd.Timedelta(days=rules.rest_days), customer))
    if rules.pinned:
        twin = products[c.TWIN]
        things = twin[products[c.PRODUCT_KEY].isin([pin.product for pin in rules.pinned])]
        parts.append(stored.bought_of(db, products.index[twin.isin(things)].tolist(), customer))
    if not parts:
        return Facts().bought
    newest = pd.concat(parts, ignore_index=True).sort_values(c.AT)
    return newest.drop_duplicates([c.CUSTOMER, c.PRODUCT], keep="last", ignore_index=True)


def _together(db: Database, rules: Rules, products: pd.DataFrame) -> csr_array | None:
    if not rules.bought_with:
        return None
    from scipy.sparse import csr_array

    rows, columns, values = [], [], []
    for position in np.flatnonzero(products[c.PRODUCT_KEY].isin(rules.bought_with)).tolist():
        for other, n in stored.bought_together(db, int(products.index[position])).items():
            rows.append(position)
            columns.append(int(products.index.get_indexer(pd.Index([other]))[0]))
            values.append(float(n))
    return csr_array((values, (rows, columns)), shape=(len(products), len(products)))
