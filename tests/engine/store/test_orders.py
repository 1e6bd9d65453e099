"""The store's sums by customer are those of its orders."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.features.behavioural import rfm, sums_of
from engine.store import connected
from engine.store.orders import orders, sums

MARCH = pd.Timestamp("2026-03-01")


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.datetimes(datetime(2025, 1, 1), datetime(2026, 2, 27)), st.integers(0, 500)),
        min_size=1,
        max_size=30,
    )
)
def test_sums(rows: list[tuple[int, datetime, int]]) -> None:
    with TemporaryDirectory() as folder, connected(Path(folder) / "shop.db") as db:
        for customer in {row[0] for row in rows}:
            db.conn.execute("INSERT INTO customers (id, key) VALUES (?, ?)", [customer, str(customer)])
        db.conn.executemany(
            "INSERT INTO orders (key, customer_id, at, revenue, quantity, n_lines) VALUES (?, ?, ?, ?, 2, 1)",
            [(str(i), customer, at.isoformat(), money / 100) for i, (customer, at, money) in enumerate(rows)],
        )
        pd.testing.assert_frame_equal(rfm(sums(db), MARCH), rfm(sums_of(orders(db)), MARCH), check_dtype=False)
