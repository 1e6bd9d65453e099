"""The benchmarks of recommendations, small: made shops are as told, and what cannot be run is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.peers import protocol
from benchmarks.peers.protocol import Frequency, Span, listed, measured_on
from benchmarks.recommend_a_million import AGAIN, made, measured
from benchmarks.recommend_online_retail import CUTS, FINAL, before, spans
from engine import columns as c
from engine.recommend.recommenders import STATED, recommenders
from engine.recommend.windows import everyone
from tests.engine.recommend.tables import Row, history, rng
from tests.engine.recommend.test_trials import many


def test_a_made_shop_is_sorted_skewed_and_has_habits() -> None:
    shop = made(400, 100, 6_000, rng())
    bought = shop.bought
    assert (shop.customers.size, shop.products.size) == (400, 100)
    assert bought.equals(bought.sort_values([c.CUSTOMER, c.PRODUCT, c.AT], ignore_index=True))
    assert bought[c.AT].max() <= shop.as_of
    sales = np.sort(np.bincount(bought[c.PRODUCT], minlength=100))[::-1]
    assert sales[:10].sum() > 2 * sales[-10:].sum()
    pairs = bought.groupby([c.CUSTOMER, c.PRODUCT]).size()
    assert (pairs > 1).mean() > AGAIN / 4


def test_a_recommender_is_measured_on_it() -> None:
    found = measured("popular", 300, 120, 3_000)
    assert found["said"] == "100% of places filled"
    assert float(str(found["peak"])) >= float(str(found["begun"])) > 0


def test_the_final_months_are_not_looked_at_before_the_end() -> None:
    end = pd.Timestamp("2011-12-09")
    assert [str(one.until.date()) for one in spans(before(FINAL), final=False)] == [
        "2011-07-31", "2011-08-31", "2011-09-30",
    ]  # fmt: skip
    assert [one.origin for one in spans(end, final=False)] == [before(cut) for cut in CUTS]
    assert {(one.origin, one.until) for one in spans(end, final=True)} == {(before(FINAL), end)}


def test_frequency_with_ties_by_what_sells_now() -> None:
    rows: list[Row] = [
        (1, 1, 1, "2026-01-01"),
        (1, 2, 1, "2026-01-01"),
        (1, 2, 2, "2026-01-05"),
        (2, 3, 3, "2026-06-20"),
        (2, 1, 4, "2026-06-21"),
        (3, 3, 5, "2026-06-22"),
    ]
    made = listed(Frequency(), everyone(history(rows)), 1)
    # twice; once, and alive; not at all, but what most buy now
    assert made.all.product[made.all.row == 0].tolist() == [1, 0, 2]
    assert made.new.product[made.new.row == 0].tolist() == [2]


def test_what_cannot_be_run_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(protocol.VARIABLE, raising=False)
    (mix,) = [one for one in recommenders() if one.name == STATED]
    monkeypatch.setattr(protocol, "recommenders", lambda *, deep: [mix])
    span = Span(pd.Timestamp("2026-05-31"), pd.Timestamp("2026-06-30"), 1)
    figures = measured_on("made", many(), [span], {"personal frequency": (0.5, 0.1)})
    assert {row[0] for row in figures.rows} == {"personal frequency", STATED}
    (own,) = [row for row in figures.rows if row[0] == "personal frequency"]
    assert own[-1] == "0.5000 / 0.1000"
    said = "\n".join(figures.notes)
    for peer in protocol.PEERS:
        assert f"skipped: {peer}: ZHIKE_PEERS names no interpreter for it" in said


def test_a_peer_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(protocol.VARIABLE, "false")
    monkeypatch.setattr(protocol, "recommenders", lambda *, deep: [])
    span = Span(pd.Timestamp("2026-05-31"), pd.Timestamp("2026-06-30"), 1)
    figures = measured_on("made", many(), [span], {})
    assert "skipped: implicit BM25: it failed without a word" in figures.notes
