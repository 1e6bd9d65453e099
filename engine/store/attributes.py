"""What customers' files tell beyond the known fields: attributes, and each customer's answer to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.intake.answers import Answers
from engine.store.incoming import Ids, next_id

# a statement for a hundred answers takes half the time of a hundred statements
_PER_STATEMENT = 100
_ROW = "(?, ?, ?, ?, ?, ?)"
_PUT = (
    "INSERT INTO answers (customer_id, attribute_id, identity_id, value, number, import_id) VALUES {rows} "
    "ON CONFLICT (customer_id, attribute_id, identity_id) DO UPDATE SET value = excluded.value, "
    "number = excluded.number, import_id = excluded.import_id WHERE excluded.value <> value"
)
# what an attribute is that two files call differently
_WIDER = {
    frozenset(("number", "scale")): "number",
    frozenset(("number", "yes_no")): "number",
    frozenset(("scale", "yes_no")): "number",
    frozenset(("choice", "yes_no")): "choice",
    frozenset(("choice", "tags")): "tags",
}


@dataclass(frozen=True)
class Attribute:
    """One thing that is known of customers beside the fields; `n` have an answer."""

    id: int
    key: str
    name: str
    kind: str
    n: int


@dataclass(frozen=True)
class Answer:
    """What one customer says; `number` of numbers and scales, 1 and 0 of yes and no."""

    name: str
    key: str
    kind: str
    value: str
    number: float | None


def put(
    db: Database, answers: Sequence[Answers], customers: Ids, import_id: int, *, identities: Ids | None = None
) -> int:
    """Store the answers of `customers` (the store's ids by position); how many known answers are now others.

    `identities` are those under whose keys the file tells; two of one customer may say different things, of which
    the newest counts.

    What the file does not tell stays as it was. Call in the transaction of the import.
    """
    if not answers:
        return 0
    ids, known = _attribute_ids(db, answers)
    before = _count(db) if known else 0
    n_rows = sum(made.n_told for made in answers)
    changed = 0
    rows = _rows(answers, ids, customers, np.zeros_like(customers) if identities is None else identities, import_id)
    whole = n_rows // _PER_STATEMENT
    for size, n in ((_PER_STATEMENT, whole), (1, n_rows - whole * _PER_STATEMENT)):
        statement = _PUT.format(rows=", ".join([_ROW] * size))
        changed += max(db.conn.executemany(statement, _taken(rows, size, n)).rowcount, 0)
    if not known:
        return 0
    return changed - (_count(db) - before)


def _count(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM answers").fetchone()[0])


def _attribute_ids(db: Database, answers: Sequence[Answers]) -> tuple[list[int], bool]:
    """The attributes' ids, new ones added; and whether any was known before."""
    stored = {key: (id_, kind) for id_, key, kind in db.conn.execute("SELECT id, key, kind FROM attributes")}
    first = next_id(db, "attributes")
    ids = []
    known = False
    for made in answers:
        id_, kind = stored.get(made.key, (first, made.kind))
        if made.key in stored:
            known = True
            wider = kind if kind == made.kind else _WIDER.get(frozenset((kind, made.kind)), "text")
            db.conn.execute("UPDATE attributes SET kind = ? WHERE id = ?", [wider, id_])
        else:
            db.conn.execute("INSERT INTO attributes VALUES (?, ?, ?, ?)", [id_, made.key, made.name, made.kind])
            first += 1
        ids.append(id_)
    return ids, known


def _rows(
    answers: Sequence[Answers], ids: Sequence[int], customers: Ids, identities: Ids, import_id: int
) -> Iterator[tuple[Any, ...]]:
    """Customer by customer, so that the table grows at its end."""
    by_id = np.argsort(ids, kind="stable").tolist()
    columns = [
        (
            ids[i],
            answers[i].codes.tolist(),
            answers[i].texts,
            [None if n != n else n for n in answers[i].numbers.tolist()],
        )
        for i in by_id
    ]
    for position, (customer, identity) in enumerate(zip(customers.tolist(), identities.tolist(), strict=True)):
        for id_, codes, texts, numbers in columns:
            code = codes[position]
            if code >= 0:
                yield customer, id_, identity, texts[code], numbers[code], import_id


def _taken(rows: Iterator[tuple[Any, ...]], size: int, n: int) -> Iterator[list[Any]]:
    for _ in range(n):
        yield [value for _ in range(size) for value in next(rows)]


def all_of(db: Database) -> list[Attribute]:
    """Every attribute, in the order in which files brought them."""
    rows = db.conn.execute(
        "SELECT a.id, a.key, a.name, a.kind, coalesce(n, 0) FROM attributes a LEFT JOIN "
        "(SELECT attribute_id, count(DISTINCT customer_id) AS n FROM answers GROUP BY attribute_id) s "
        "ON s.attribute_id = a.id ORDER BY a.id"
    )
    return [Attribute(*row) for row in rows]


def names(db: Database) -> dict[str, str]:
    """The name of every attribute by its key, without a look at the answers."""
    return dict(db.conn.execute("SELECT key, name FROM attributes ORDER BY id").fetchall())


def answers_to(db: Database, key: str) -> pd.Series:
    """What each customer answers to one attribute, as text, indexed by customer; the newest where files differ."""
    rows = db.conn.execute(
        "SELECT n.customer_id, n.value FROM answers n JOIN attributes a ON a.id = n.attribute_id WHERE a.key = ? "
        "ORDER BY n.customer_id, n.import_id",
        [key],
    )
    return pd.Series(dict(rows.fetchall()), dtype="object").rename_axis(c.CUSTOMER)


def of(db: Database, customer_id: int) -> list[Answer]:
    """What one customer says, in the order of the attributes."""
    rows = db.conn.execute(
        "SELECT a.name, a.key, a.kind, n.value, n.number FROM answers n JOIN attributes a ON a.id = n.attribute_id "
        "WHERE n.customer_id = ? ORDER BY a.id, n.import_id",
        [customer_id],
    )
    return list({row[1]: Answer(*row) for row in rows}.values())


def frame(db: Database, keys: Sequence[str] | None = None) -> pd.DataFrame:
    """One row per customer with an answer, by customer: per attribute its number, or its text where it is none.

    The columns are the attributes' keys; `keys` asks for some of them.
    """
    found = [one for one in all_of(db) if keys is None or one.key in keys]
    columns: dict[str, pd.Series] = {}
    for one in found:
        field = "number" if one.kind in ("number", "scale", "yes_no") else "value"
        rows = db.conn.execute(
            f"SELECT customer_id, {field} FROM answers WHERE attribute_id = ? ORDER BY customer_id, import_id", [one.id]
        ).fetchall()
        columns[one.key] = pd.Series(dict(rows), dtype="float64" if field == "number" else "object")
    return pd.DataFrame(columns).sort_index().rename_axis(c.CUSTOMER)
