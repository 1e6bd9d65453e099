"""What customers' events say, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.features.events import engagement, engagement_of_one
from engine.features.presets import preset

AS_OF = pd.Timestamp("2026-04-01")
EVENTS = pd.DataFrame(
    [
        (1, "view", "2026-03-31 23:00", np.nan),  # 1 day ago
        (1, "view", "2026-03-02", np.nan),  # 30 days ago
        (1, "view", "2026-03-01", np.nan),  # 31
        (1, "cart", "2026-01-01", np.nan),  # 90
        (1, "rating", "2025-12-31", 5.0),  # 91
        (1, "rating", "2026-03-30", 4.0),
        (1, "rating", "2026-03-30", np.nan),
        (2, "complaint", "2026-03-31", np.nan),
        (3, "wave", "2026-03-20", np.nan),
        (3, "view", "2027-01-01", np.nan),  # a slip: counts as of the day
    ],
    columns=[c.CUSTOMER, c.KIND, c.AT, c.VALUE],
).astype({c.AT: "datetime64[s]"})


def test_counts_and_days_by_hand() -> None:
    told = engagement(EVENTS, AS_OF, preset("shop"))
    assert told.index.tolist() == [1, 2, 3]
    assert told[c.EVENTS_30].tolist() == [4, 0, 2]
    assert told[c.EVENTS_90].tolist() == [6, 0, 2]
    assert told[c.counted_in("view", 30)].tolist() == [2, 0, 1]
    assert told[c.counted_in("view", 90)].tolist() == [3, 0, 1]
    assert told[c.counted_in("complaint", 30)].tolist() == [0, 1, 0]
    assert told[c.LAST_SEEN_DAYS].fillna(-1).tolist() == [1, -1, 0]
    assert told[c.MEAN_RATING].fillna(-1).tolist() == [4.5, -1, -1]
    assert told[c.N_RATINGS].tolist() == [2, 0, 0]


def test_stages_are_those_of_the_preset() -> None:
    shop, social = (engagement(EVENTS, AS_OF, preset(name)) for name in ("shop", "social"))
    assert shop[c.stage_in("interest", 90)].tolist() == [3, 0, 1]
    assert social[c.stage_in("interest", 90)].tolist() == [0, 0, 0]
    assert social[c.stage_in("awareness", 90)].tolist() == [3, 0, 1]
    assert shop[c.stage_in("evaluation", 90)].tolist() == [1, 0, 0]
    assert shop[c.stage_in("evaluation", 30)].tolist() == [0, 0, 0]


def test_the_order_of_events_changes_nothing() -> None:
    told = engagement(EVENTS, AS_OF, preset("shop"))
    pd.testing.assert_frame_equal(told, engagement(EVENTS[::-1], AS_OF, preset("shop")))


@pytest.mark.parametrize("name", ["shop", "social", "finance"])
def test_one_customer_s_are_as_among_all(name: str) -> None:
    told = engagement(EVENTS, AS_OF, preset(name))
    everything: list[Any] = EVENTS.astype(object).where(EVENTS.notna(), None).to_numpy().tolist()
    for customer in (1, 2, 3):
        alone = engagement_of_one([rest for who, *rest in everything if who == customer], AS_OF, preset(name))
        assert alone is not None
        row: dict[Any, float] = told.loc[customer].to_dict()
        assert {**dict.fromkeys(row, 0), **alone} == pytest.approx(row, nan_ok=True)


def test_nobody_s_events() -> None:
    assert engagement_of_one([], AS_OF, preset("shop")) is None
    assert engagement(EVENTS[:0], AS_OF, preset("shop")).empty
