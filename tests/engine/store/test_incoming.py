"""Many rows with each statement, and what they share bound once: what is stored is what was told."""

from __future__ import annotations

import sqlite3
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from engine.store.incoming import insert

VALUES: tuple[st.SearchStrategy[Any], ...] = (st.none(), st.integers(0, 2), st.floats(0, 2), st.text(max_size=2))


@given(st.integers(0, 700), st.data())
def test_what_is_stored_is_what_was_told(n: int, data: st.DataObject) -> None:
    columns = {}
    for field in "abc":
        few = data.draw(st.lists(data.draw(st.sampled_from(VALUES)), min_size=1, max_size=5))
        columns[field] = [few[i % len(few)] for i in range(n)]
    db = Database(sqlite3.connect(":memory:"))
    db.conn.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)")
    insert(db, "t", columns)
    stored = db.conn.execute("SELECT a, b, c FROM t ORDER BY id").fetchall()
    assert stored == list(zip(*columns.values(), strict=True))
    db.close()
