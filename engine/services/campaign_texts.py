"""The messages of a campaign, or of a wave of it: who gets which text, with the chances by which it was drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import ascii_uppercase

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns import messages
from engine.campaigns.audience import Ids
from engine.campaigns.templates import Template
from engine.experiments.assign import Assignment
from engine.services.contact import asking_for_plain
from engine.services.message_settings import settings_of
from engine.services.rules_in_force import RulesInForce
from engine.shop import Shop
from engine.store import orders
from engine.store.sends import Send


def as_ruled(shop: Shop, db: Database, picks: Mapping[int, int]) -> Mapping[int, int]:
    """The picks that the owner's rules let through now; nobody who asked for no product gets one."""
    frame = pd.DataFrame(
        {c.CUSTOMER: np.array([*picks], np.int64), c.PRODUCT: np.array([*picks.values()], np.int64), c.RANK: 1}
    )
    shown = RulesInForce.of(shop, db).ruled(frame, top=1).picks
    return dict(zip(shown[c.CUSTOMER].tolist(), shown[c.PRODUCT].tolist(), strict=True))


def written(
    db: Database,
    people: pd.DataFrame,
    ids: Ids,
    assignment: Assignment,
    texts: Sequence[Template],
    picks: Mapping[int, int],
    *,
    first: int = 1,
) -> list[Send]:
    """The messages of `ids` in their order, the first at the position `first`.

    `people` has a row for each, with the columns customer, name and recency_days.
    """
    products = {id_: product.name for id_, product in orders.products(db).items()}
    of_shop = settings_of(db)
    plain = set(asking_for_plain(db).tolist())
    picks = {customer: product for customer, product in picks.items() if customer not in plain}
    facts = messages.readers(
        *(people, ids.tolist(), picks, products),
        language=texts[0].language,
        shop_name=of_shop.shop_name,
        shop_address=of_shop.shop_address,
    )
    facts = [of_shop.facts if customer in plain else known for customer, known in zip(ids.tolist(), facts, strict=True)]
    texts_of = messages.write_all(texts, assignment.variant.tolist(), facts)
    return [
        Send(
            customer=customer,
            label=ascii_uppercase[variant],
            position=position,
            propensity=chance,
            product=picks.get(customer),
            text=message.text,
            parts=message.parts or None,
            subject=message.subject,
            preheader=message.preheader,
            html=message.html,
            title=message.title,
            plain=customer in plain,
            chances=chances,
        )
        for position, (customer, variant, chance, chances, message) in enumerate(
            zip(
                ids.tolist(),
                assignment.variant.tolist(),
                assignment.propensity.tolist(),
                _rows(assignment),
                texts_of,
                strict=True,
            ),
            start=first,
        )
    ]


def _rows(assignment: Assignment) -> Sequence[tuple[float, ...] | None]:
    """Each message's chances; those that are the same are one object."""
    if assignment.chances is None:
        return [None] * assignment.variant.size
    if assignment.chances.strides[0] == 0 and len(assignment.chances):
        # the same row for all
        return [tuple(assignment.chances[0].tolist())] * assignment.variant.size
    kinds, which = np.unique(assignment.chances, axis=0, return_inverse=True)
    rows = [tuple(kind) for kind in kinds.tolist()]
    return [rows[k] for k in which.reshape(-1).tolist()]
