"""The database file itself: whether it is sound, and who holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from engine.errors import StoreError
from engine.store import trail
from engine.store.complaints import cannot_write
from engine.store.connecting import bare, is_encrypted, make

_RULES = {
    "an order's sum is not the sum of its lines": """
        SELECT count(*) FROM orders o WHERE o.n_lines > 0 AND abs(o.revenue - coalesce(
            (SELECT sum(l.quantity * l.price) FROM lines l WHERE l.order_id = o.id), 0)) > 0.005 * (1 + o.n_lines)""",
    "an order does not have the lines that it should": """
        SELECT count(*) FROM orders o WHERE o.n_lines <>
            (SELECT count(*) FROM lines l WHERE l.order_id = o.id)""",
    "an approved campaign has nobody to write to": """
        SELECT count(*) FROM campaigns c WHERE c.status = 'approved'
            AND NOT EXISTS (SELECT 1 FROM sends s WHERE s.campaign_id = c.id)
            AND NOT EXISTS (SELECT 1 FROM forgettings)""",
    "a campaign was decided on without a trace in the trail": """
        SELECT count(*) FROM campaigns c WHERE c.status IN ('approved', 'dropped') AND NOT EXISTS (
            SELECT 1 FROM trail t WHERE t.deed = c.status AND t.subject = CAST(c.id AS TEXT))""",
    "somebody is both written to and held out": """
        SELECT count(*) FROM sends s JOIN holdouts h USING (campaign_id, customer_id)""",
    "somebody waits for a wave and is written to, held out or of a draft": """
        SELECT (SELECT count(*) FROM reserves r JOIN sends s USING (campaign_id, customer_id))
             + (SELECT count(*) FROM reserves r JOIN holdouts h USING (campaign_id, customer_id))
             + (SELECT count(*) FROM reserves r JOIN campaigns c ON c.id = r.campaign_id
                WHERE c.status <> 'approved')""",
    "more conversions than sends are recorded": """
        SELECT count(*) FROM tallies WHERE conversions > sends""",
    "something was told under a key of another customer": """
        SELECT (SELECT count(*) FROM orders o JOIN identities i ON i.id = o.identity_id
                WHERE i.customer_id IS NOT o.customer_id)
             + (SELECT count(*) FROM events e JOIN identities i ON i.id = e.identity_id
                WHERE i.customer_id <> e.customer_id)
             + (SELECT count(*) FROM consents n JOIN identities i ON i.id = n.identity_id
                WHERE i.customer_id <> n.customer_id)
             + (SELECT count(*) FROM answers w JOIN identities i ON i.id = w.identity_id
                WHERE i.customer_id <> w.customer_id)""",
    "a customer that was merged into another still has orders": """
        SELECT count(*) FROM orders o JOIN customers u ON u.id = o.customer_id WHERE u.merged_into IS NOT NULL""",
    "a customer was merged into one that is none": """
        SELECT count(*) FROM customers u JOIN customers v ON v.id = u.merged_into
            WHERE v.merged_into IS NOT NULL AND v.id <> u.id""",
    "a pair is not what was decided of it": """
        SELECT count(*) FROM pairs p JOIN identities a ON a.id = p.a JOIN identities b ON b.id = p.b
            WHERE (p.state = 'one') <> (a.customer_id = b.customer_id) AND p.state <> 'maybe'""",
    "an answer says nothing": """
        SELECT count(*) FROM answers WHERE value = ''""",
    "an import has no trace in the trail": """
        SELECT count(*) FROM imports i WHERE NOT EXISTS (
            SELECT 1 FROM trail t WHERE t.deed = 'imported' AND t.subject = CAST(i.id AS TEXT))""",
}


@contextmanager
def only_one(path: Path) -> Iterator[bool]:
    """Whether this process is the only one to hold `path`, as long as it does; the system lets go of what is killed."""
    make(path)
    connection = bare(path, None, timeout=0)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise StoreError(cannot_write(path)) from error
        yield False
    else:
        yield True
    finally:
        connection.close()


def file_faults(db: Database, *, quick: bool = False) -> list[str]:
    """What is wrong with the file, in English, at most 20 things; `quick` does not compare indexes with tables."""
    pragma = "quick_check" if quick else "integrity_check"
    found = [str(row[0]) for row in db.conn.execute(f"PRAGMA {pragma}(20)") if row[0] != "ok"]
    if is_encrypted(db.conn):
        found += [str(row[0]) for row in db.conn.execute("PRAGMA cipher_integrity_check").fetchmany(20)]
    return found


def faults(db: Database) -> list[str]:
    """What is wrong with the file or with what it says, in English; empty if it is sound."""
    found = file_faults(db)
    if found:
        return found  # what a damaged file says is no use
    found += [
        f"row {row[1]} of {row[0]} points at a missing row of {row[2]}"
        for row in db.conn.execute("PRAGMA foreign_key_check").fetchmany(20)
    ]
    for what, sql in _RULES.items():
        (n,) = db.conn.execute(sql).fetchone()
        if n:
            found.append(f"{what} ({n})")
    return found + trail.faults(db)


def newest_moment(db: Database) -> datetime | None:
    """The latest time, in UTC, at which something is said to have been stored; None in an empty store."""
    found = db.conn.execute(
        "SELECT max(at) FROM (SELECT max(at) AS at FROM trail UNION ALL SELECT max(at) FROM imports "
        "UNION ALL SELECT max(received_at) FROM inbox UNION ALL SELECT value FROM meta WHERE key = 'last seen')"
    ).fetchone()[0]
    return None if found is None else datetime.fromisoformat(found).astimezone(UTC)


def table_sizes(db: Database) -> dict[str, int]:
    """The number of rows of each table that the files and the founder fill."""
    names = (
        "imports",
        "customers",
        "products",
        "orders",
        "lines",
        "events",
        "attributes",
        "answers",
        "campaigns",
        "sends",
    )
    return {name: int(db.conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in names}
