"""What the tables hold of those `listed` (`store/forgetting.py`), row by row, as they are told of it themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from sqlite_utils import Database

from engine.phrases import Name, Phrase, from_json
from engine.store import wordings
from engine.store.personal import PERSONAL

Row = dict[str, Any]

# what stands for a number of another table
_NAMED: Final = {
    "product_id": "(SELECT coalesce(name_en, name) || char(31) || coalesce(name_zh, name) FROM products "
    "WHERE id = t.product_id)",
    "attribute_id": "(SELECT name FROM attributes WHERE id = t.attribute_id)",
    "segment_id": "(SELECT name FROM segments WHERE id = t.segment_id)",
    "run_id": "(SELECT at FROM runs WHERE id = t.run_id)",
    "order_id": "(SELECT key FROM orders WHERE id = t.order_id)",
    "import_id": "(SELECT name FROM imports WHERE id = t.import_id)",
    "told_by": "(SELECT name FROM imports WHERE id = t.told_by)",
}


def columns(db: Database, table: str) -> list[str]:
    """Those that tell something about a person, in their order."""
    hidden = PERSONAL[table].hidden
    return [row[1] for row in db.conn.execute(f"PRAGMA table_info({table})") if row[1] not in hidden]


def rows(db: Database, table: str) -> list[Row]:
    """What a table holds of those `listed`; names stand for numbers, and what is said is a Phrase."""
    names = columns(db, table)
    if not names:
        return []
    held = PERSONAL[table]
    said = ", ".join(f"{_NAMED[name]} AS {name}" if name in _NAMED else f't."{name}"' for name in names)
    # the conditions name columns of the table itself
    found = db.conn.execute(
        f"SELECT {said} FROM {table} t WHERE {held.where} ORDER BY "
        f"{', '.join(f't.{part.strip()}' for part in held.order.split(','))}"
    ).fetchall()
    reading = _readers(db)
    return [
        {name: reading[name](value) if name in reading and value is not None else value for name, value in row.items()}
        for row in (dict(zip(names, values, strict=True)) for values in found)
        if any(value not in (None, "") for value in row.values())
    ]


def _readers(db: Database) -> dict[str, Callable[[Any], Any]]:
    """How the values of some columns are read."""
    return {
        "product_id": lambda text: Name(*str(text).split("\x1f")),
        "segment_id": from_json,
        "reason": lambda text: _reason(db, str(text)),
        "features": json.loads,
    }


def _reason(db: Database, text: str) -> Phrase:
    if text[:1] in "[{":
        return next(wordings.reasons(db, [text]))
    return Phrase(text)
