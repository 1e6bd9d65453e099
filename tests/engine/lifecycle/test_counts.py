"""How often, how lately, for how long: counted by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.lifecycle.counts import counts
from tests.engine.lifecycle import cdnow


def orders(*rows: tuple[int, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {c.CUSTOMER: [row[0] for row in rows], c.AT: pd.to_datetime([row[1] for row in rows], format="ISO8601")}
    )


def test_several_orders_of_one_day_are_one_purchase() -> None:
    customers, found = counts(
        orders((7, "2026-01-05 09:00"), (3, "2026-01-02"), (7, "2026-01-05 20:00"), (7, "2026-01-11 08:00")),
        date(2026, 1, 31),
    )
    assert customers.tolist() == [3, 7]
    assert (found.x.tolist(), found.t_x.tolist(), found.T.tolist()) == ([0, 1], [0, 6], [29, 26])


def test_what_comes_later_is_not_known_yet() -> None:
    bought = orders((1, "2026-01-05"), (1, "2026-01-31 23:59"), (1, "2026-02-01"), (2, "2026-02-01"))
    customers, found = counts(bought, date(2026, 1, 31))
    assert customers.tolist() == [1]
    assert (found.x[0], found.t_x[0], found.T[0]) == (1, 26, 26)


def test_before_the_first_order_there_is_nobody() -> None:
    customers, found = counts(orders((1, "2026-01-05")), date(2026, 1, 4))
    assert len(customers) == len(found) == 0


def test_cdnow_has_the_published_number_of_repeat_purchases(datasets: Path) -> None:
    found = cdnow.weeks(datasets)
    # Fader & Hardie: 2,357 customers, 946 of whom bought again, 2,457 repeat purchases in 39 weeks
    assert (len(found), int((found.x > 0).sum()), found.x.sum()) == (2357, 946, 2457)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 40)), min_size=1, max_size=30), st.integers(0, 45))
def test_counts_agree_with_counting_one_by_one(rows: list[tuple[int, int]], last: int) -> None:
    start = date(2026, 1, 1)
    at = pd.Timestamp(start) + pd.to_timedelta([day for _, day in rows], unit="D")
    bought = pd.DataFrame({c.CUSTOMER: [who for who, _ in rows], c.AT: at})
    customers, found = counts(bought, date.fromordinal(start.toordinal() + last))
    days: dict[int, set[int]] = {}
    for who, day in rows:
        if day <= last:
            days.setdefault(who, set()).add(day)
    assert customers.tolist() == sorted(days)
    known = [(len(days[who]) - 1, max(days[who]) - min(days[who]), last - min(days[who])) for who in sorted(days)]
    assert list(zip(found.x, found.t_x, found.T, strict=True)) == known
    assert np.all(found.t_x <= found.T)
