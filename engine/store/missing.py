"""What the shop's data hold and lack, as frames with gaps, and how the founder wants gaps treated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlite_utils import Database

from engine import columns as c

_FILE = "file"
_BUYER = "buyer"


def origins(db: Database) -> pd.Series:
    """The name of the file that first told of each customer, indexed by customer; missing where none did."""
    frame = pd.read_sql_query(
        f"SELECT u.id AS {c.CUSTOMER}, i.name AS {_FILE} FROM customers u LEFT JOIN imports i ON i.id = u.import_id "
        "WHERE u.merged_into IS NULL",
        db.conn,
    )
    return frame.set_index(c.CUSTOMER)[_FILE]


@dataclass(frozen=True)
class Asked:
    """A thing that customers' files tell beyond the known fields; `kind` is number, scale, yes_no, choice, date, …"""

    key: str
    name: str
    kind: str


def answers(db: Database) -> tuple[list[Asked], pd.DataFrame]:
    """What is asked of customers beyond the known fields, and one row per customer with an answer, a column for each.

    Of several answers the newest counts. Numbers, scales and yes and no (1 and 0) are numbers, all else is text.
    """
    rows = db.conn.execute("SELECT id, key, name, kind FROM attributes ORDER BY id").fetchall()
    told = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, attribute_id AS attribute, value, number FROM answers "
        "ORDER BY coalesce(import_id, 0), identity_id",
        db.conn,
    ).drop_duplicates([c.CUSTOMER, "attribute"], keep="last")
    by_attribute = {id_: of_one.set_index(c.CUSTOMER) for id_, of_one in told.groupby("attribute")}
    columns = {}
    for id_, key, _, kind in rows:
        if id_ in by_attribute:
            columns[key] = by_attribute[id_]["number" if kind in ("number", "scale", "yes_no") else "value"]
    asked = [Asked(key, name, kind) for _, key, name, kind in rows if key in columns]
    return asked, pd.DataFrame(columns).rename_axis(c.CUSTOMER)


def asked(db: Database) -> list[Asked]:
    """What is asked of customers beyond the known fields, whoever has answered."""
    return [Asked(*row) for row in db.conn.execute("SELECT key, name, kind FROM attributes ORDER BY id")]


def unread(db: Database) -> dict[str, int]:
    """How many answers are no finite number, by the key of the attribute, where numbers are asked."""
    rows = db.conn.execute(
        "SELECT a.key, count(DISTINCT n.customer_id) FROM answers n JOIN attributes a ON a.id = n.attribute_id "
        "WHERE a.kind IN ('number', 'scale', 'yes_no') AND (n.number IS NULL OR abs(n.number) = 9e999) GROUP BY a.key"
    )
    return dict(rows.fetchall())


def told(db: Database, columns: Sequence[str]) -> pd.DataFrame:
    """Some columns of the table customers, by customer."""
    frame = pd.read_sql_query(
        f"SELECT id AS {c.CUSTOMER}, {', '.join(columns)} FROM customers WHERE merged_into IS NULL ORDER BY id", db.conn
    )
    return frame.set_index(c.CUSTOMER)


def sums(db: Database) -> pd.DataFrame:
    """frequency, monetary and the time of the last order (at), by customer; without those who never ordered."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {c.CUSTOMER}, count(*) AS {c.FREQUENCY}, sum(revenue) AS {c.MONETARY}, "
        f"max(at) AS {c.AT} FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id",
        db.conn,
    ).set_index(c.CUSTOMER)
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def buyers(db: Database) -> pd.DataFrame:
    """One row per order: buyer (a customer's id, missing where the file names none), at, revenue."""
    frame = pd.read_sql_query(
        f"SELECT customer_id AS {_BUYER}, at AS {c.AT}, revenue AS {c.REVENUE} FROM orders ORDER BY id", db.conn
    )
    return frame.assign(**{c.AT: pd.to_datetime(frame[c.AT], format="ISO8601")})


def n_without_buyer(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM orders WHERE customer_id IS NULL").fetchone()[0])


def n_orders(db: Database) -> int:
    return int(db.conn.execute("SELECT count(*) FROM orders").fetchone()[0])


def goods(db: Database) -> pd.DataFrame:
    """One row per product: price, category."""
    return pd.read_sql_query(f"SELECT price AS {c.PRICE}, category AS {c.CATEGORY} FROM products ORDER BY id", db.conn)


def told_of_people(db: Database) -> frozenset[str]:
    """Which of gender, birth_year, city, region, country and interests are known of anybody."""
    fields = (c.GENDER, c.BIRTH_YEAR, c.CITY, c.REGION, c.COUNTRY, c.INTERESTS)
    wanted = ", ".join(f"EXISTS (SELECT 1 FROM customers WHERE {field} IS NOT NULL)" for field in fields)
    row = db.conn.execute(f"SELECT {wanted}").fetchone()
    return frozenset(field for field, is_told in zip(fields, row, strict=True) if is_told)


def choices(db: Database) -> dict[str, str]:
    """The chosen treatment of each field that has one."""
    return dict(db.conn.execute("SELECT field, treatment FROM treatments ORDER BY field").fetchall())


def choose(db: Database, field: str, treatment: str, *, who: str, at: datetime) -> None:
    db.conn.execute(
        "INSERT INTO treatments (field, treatment, who, at) VALUES (?, ?, ?, ?) ON CONFLICT (field) DO UPDATE SET "
        "treatment = excluded.treatment, who = excluded.who, at = excluded.at",
        [field, treatment, who, at.isoformat()],
    )


def unchoose(db: Database, field: str) -> None:
    db.conn.execute("DELETE FROM treatments WHERE field = ?", [field])
