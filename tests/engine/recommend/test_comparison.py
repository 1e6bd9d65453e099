"""Who won, by how much, and whether the data can show it: against closed forms and by construction."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.lifecycle.kept import packed, unpacked
from engine.phrases import Phrase
from engine.recommend.comparison import Comparison, compared, difference, interval, redrawn
from engine.recommend.history import Floats, Ints
from engine.recommend.metrics import METRICS
from engine.recommend.trials import Measured, Trial, Tried
from tests.engine.recommend.tables import rng


def measured(values: Floats, customers: Ints | None = None) -> Measured:
    """Every metric with the same values."""
    who = np.arange(values.size) if customers is None else customers
    return Measured(who, dict.fromkeys(METRICS, values), 0.5, 3.0, 0.7)


def trial(**values: Floats) -> Trial:
    tried = tuple(Tried(name, Phrase("{name}", name=name), measured(v), measured(v)) for name, v in values.items())
    return Trial(10, 30, (date(2026, 5, 1),), tried)


def test_the_error_is_that_of_a_mean() -> None:
    # standard error of the mean of n independent values: s / sqrt(n)
    values = rng().random(400)
    draws = redrawn([measured(values)], rng(), 4_000)[0, :, 0]
    assert draws.mean() == pytest.approx(values.mean(), abs=0.001)
    assert draws.std() == pytest.approx(values.std() / 20, rel=0.05)
    found = interval(values.mean(), draws)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=0.05)


def test_a_customer_of_two_windows_is_drawn_as_one() -> None:
    values = rng().random(200)
    once = redrawn([measured(values)], rng(), 4_000)[0, :, 0]
    twice = redrawn([measured(np.tile(values, 2), np.tile(np.arange(200), 2))], rng(), 4_000)[0, :, 0]
    assert twice.std() == pytest.approx(once.std(), rel=0.05)


def test_what_is_paired_shows_a_difference_that_each_alone_would_hide() -> None:
    values = rng().random(100)
    better = values + 0.02
    found = difference(measured(better), measured(values), "ndcg", rng())
    assert (found.value, found.low, found.high) == pytest.approx((0.02, 0.02, 0.02))
    assert found.is_clear
    alone = compared(trial(popular=values, better=better), "popular", rng()).of("better").all.ndcg
    assert alone.low < values.mean()


def test_the_first_stays_unless_another_is_clearly_better() -> None:
    values = rng().random(300)
    noise = np.random.default_rng(9).normal(0, 0.3, 300)
    hardly = values + noise - noise.mean() + 0.005
    kept = compared(trial(first=values, other=hardly, popular=values / 2), "popular", rng())
    assert (kept.all.chosen, kept.all.second) == ("first", "other")
    assert kept.all.ahead is not None and not kept.all.ahead.is_clear
    clearly = values + noise - noise.mean() + 0.2
    moved = compared(trial(first=values, other=clearly, popular=values / 2), "popular", rng())
    assert (moved.all.chosen, moved.all.second) == ("other", "first")
    assert moved.all.ahead is not None and moved.all.ahead.low > 0
    assert moved.all.ahead.value == pytest.approx(0.2 / values.mean())


def test_beside_best_sellers() -> None:
    values = rng().random(50)
    found = compared(trial(first=values, popular=values / 2), "popular", rng())
    assert found.all.over_baseline is not None
    assert found.all.over_baseline.value == pytest.approx(1)
    alone = compared(trial(popular=values), "popular", rng())
    assert (alone.all.chosen, alone.all.second, alone.all.ahead, alone.all.over_baseline) == (
        "popular",
        None,
        None,
        None,
    )


def test_where_nobody_found_anything_there_is_no_share_of_it() -> None:
    found = compared(trial(first=np.full(30, 0.5), popular=np.zeros(30)), "popular", rng())
    assert (found.all.second, found.all.ahead) == ("popular", None)


def test_nobody_bought_anything_new() -> None:
    some, none = measured(np.ones(30)), measured(np.empty(0))
    made = Trial(10, 30, (date(2026, 5, 1),), (Tried("popular", Phrase("best-sellers"), some, none),))
    found = compared(made, "popular", rng())
    assert (found.n_customers, found.n_new) == (30, 0)
    assert found.of("popular").new.ndcg.value == 0


def test_nothing_was_tried() -> None:
    with pytest.raises(ValueError, match="too short"):
        compared(Trial(10, 30, (), (), untested=Phrase("too short")), "popular", rng())


def test_the_store_gives_back_what_it_kept() -> None:
    values = rng().random(40)
    found = compared(trial(first=values, popular=values / 2), "popular", rng())
    assert unpacked(Comparison, packed(found)) == found


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=30), st.floats(-1, 2))
def test_an_interval_holds_its_value(draws: list[float], value: float) -> None:
    found = interval(value, np.array(draws))
    assert found.low <= found.value <= found.high
