"""The messages of a campaign: who gets which text, drawn by which chances."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from engine.experiments.tally import Weights

MESSAGE = (
    "campaign_id, customer_id, variant_id, position, propensity, product_id, text, parts, subject, preheader, html, "
    "title, plain, draw_id"
)

# of a send `s`: nobody got it, as is known of what was refused, skipped or withheld
NOT_GOT = (
    "EXISTS (SELECT 1 FROM deliveries n WHERE n.campaign_id = s.campaign_id AND n.customer_id = s.customer_id "
    "AND n.state IN ('refused', 'withheld'))"
)


@dataclass(frozen=True)
class Send:
    """One person's message: `label` names its variant, `position` counts from 1.

    `parts`: of how many parts an SMS is. An e-mail has a subject and may have a preheader and HTML.
    `plain`: it goes by nothing that is known of them, as they asked.
    `chances`: of all variants at the draw, in their order; None where nothing was drawn.
    """

    customer: int
    label: str
    position: int
    propensity: float
    product: int | None
    text: str
    parts: int | None = None
    subject: str | None = None
    preheader: str | None = None
    html: str | None = None
    title: str | None = None
    plain: bool = False
    chances: tuple[float, ...] | None = None


def put(db: Database, campaign_id: int, sends: Iterable[Send]) -> None:
    """Store the messages of a campaign whose variants are stored. Call in a transaction."""
    variants = variant_ids(db, campaign_id)
    draws: dict[tuple[float, ...], int] = {}

    def draw(chances: tuple[float, ...] | None) -> int | None:
        if chances is not None and chances not in draws:
            cursor = db.conn.execute(
                "INSERT INTO draws (campaign_id, chances) VALUES (?, ?)", [campaign_id, json.dumps(chances)]
            )
            draws[chances] = int(cursor.lastrowid or 0)
        return None if chances is None else draws[chances]

    rows = [
        (
            *(campaign_id, send.customer, variants[send.label], send.position, send.propensity, send.product),
            *(send.text, send.parts, send.subject, send.preheader, send.html, send.title, int(send.plain)),
            draw(send.chances),
        )
        for send in sends
    ]
    db.conn.executemany(
        f"INSERT INTO sends ({MESSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def variant_ids(db: Database, campaign_id: int) -> Mapping[str, int]:
    """By label."""
    return dict(db.conn.execute("SELECT label, id FROM variants WHERE campaign_id = ?", [campaign_id]).fetchall())


def chances_at_draw(db: Database, campaign_id: int, n_variants: int, *, got: bool = False) -> Weights:
    """Messages × variants, in the order of sending; NaN where they were not recorded.

    `got`: without what nobody got.
    """
    known = {
        id_: json.loads(chances)
        for id_, chances in db.conn.execute("SELECT id, chances FROM draws WHERE campaign_id = ?", [campaign_id])
    }
    those = f"NOT {NOT_GOT}" if got else "true"
    ids = db.conn.execute(
        f"SELECT s.draw_id FROM sends s WHERE s.campaign_id = ? AND {those} ORDER BY s.position", [campaign_id]
    )
    unknown = [float("nan")] * n_variants
    rows = [known.get(id_, unknown) for (id_,) in ids]
    return np.array(rows, float).reshape(len(rows), n_variants)


def last_position(db: Database, campaign_id: int) -> int:
    """Of the messages of a campaign, those that wait included; 0 if there are none."""
    (last,) = db.conn.execute(
        "SELECT max(position) FROM (SELECT position FROM sends WHERE campaign_id = ?1 "
        "UNION ALL SELECT position FROM reserves WHERE campaign_id = ?1)",
        [campaign_id],
    ).fetchone()
    return int(last or 0)


def put_contexts(db: Database, campaign_id: int, features: Mapping[int, Iterable[float]]) -> None:
    """What is known of each customer for a policy that chooses for each. Call in a transaction."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO contexts (campaign_id, customer_id, features) VALUES (?, ?, ?)",
        ((campaign_id, customer, json.dumps(list(row))) for customer, row in features.items()),
    )


def contexts(db: Database, campaign_id: int) -> dict[int, list[float]]:
    """By customer; empty for a campaign whose policy does not go by what people are like."""
    rows = db.conn.execute("SELECT customer_id, features FROM contexts WHERE campaign_id = ?", [campaign_id])
    return {customer: json.loads(features) for customer, features in rows}


def goes_by_person(db: Database, campaign_id: int) -> bool:
    """Whether each person's chances went by what they are like."""
    row = db.conn.execute("SELECT EXISTS (SELECT 1 FROM contexts WHERE campaign_id = ?)", [campaign_id]).fetchone()
    return bool(row[0])
