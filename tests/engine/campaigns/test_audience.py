"""Audience, holdout and list: each person is somewhere exactly once, and the list is safe to open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.campaigns.audience import Rules, audience, days_since, n_unrecorded, unsubscribed
from engine.campaigns.holdout import default_share, split
from engine.campaigns.rules import Rulebook
from engine.errors import NotAllowed

NEVER = float("nan")
ASKING = Rules(book=Rulebook({("text", ""): {"consent": "agreed"}}))


def people(*recency: float) -> pd.DataFrame:
    return pd.DataFrame({c.CUSTOMER: range(1, len(recency) + 1), c.RECENCY_DAYS: recency})


def test_who_bought_and_never_objected_is_in() -> None:
    result = audience(people(3, 3, 3, NEVER, NEVER), {1: "granted", 2: "withdrawn", 4: "granted"}, Rules())
    assert result.included.tolist() == [1, 3, 4]
    assert result.excluded == {2: "unsubscribed", 5: "no consent on record"}
    assert n_unrecorded(result.included, {1: "granted", 2: "withdrawn", 4: "granted"}) == 1


def test_without_soft_opt_in_only_who_agreed_is_in() -> None:
    result = audience(people(3, 3, 3), {1: "granted", 2: "withdrawn"}, ASKING)
    assert result.included.tolist() == [1]
    assert result.reasons() == {"unsubscribed": 1, "no consent on record": 1}


def test_nobody_is_an_audience_of_nobody() -> None:
    result = audience(people(), {}, Rules())
    assert result.included.tolist() == []
    assert result.excluded == {}


@settings(max_examples=50)
@given(
    recency=st.lists(st.just(NEVER) | st.integers(1, 900).map(float), max_size=20),
    words=st.lists(st.sampled_from(["granted", "withdrawn", None]), min_size=20, max_size=20),
    soft=st.booleans(),
)
def test_everybody_is_in_or_out_and_nobody_who_objected_is_in(
    recency: list[float], words: list[str | None], soft: bool
) -> None:
    consent = {i: word for i, word in enumerate(words, start=1) if word is not None}
    result = audience(people(*recency), consent, Rules() if soft else ASKING)
    assert sorted([*result.included.tolist(), *result.excluded]) == list(range(1, len(recency) + 1))
    assert unsubscribed(result.included, consent).size == 0


def test_days_are_calendar_days() -> None:
    last = pd.Series(["2026-10-31 23:59", "2026-10-01T08:00:00", None])
    days = days_since(last, pd.Timestamp("2026-11-01"))
    assert days.tolist()[:2] == [1, 31]
    assert pd.isna(days[2])


@pytest.mark.parametrize(("n", "share"), [(0, 0.0), (49, 0.0), (50, 0.1), (4000, 0.1)])
def test_the_usual_holdout(n: int, share: float) -> None:
    assert default_share(n) == share


@settings(max_examples=50)
@given(n=st.integers(0, 300), share=st.floats(0, 0.5), seed=st.integers(0, 9))
def test_a_split_loses_nobody(n: int, share: float, seed: int) -> None:
    ids = np.arange(n) * 7
    kept, held = split(ids, share, np.random.default_rng(seed))
    assert sorted([*kept.tolist(), *held.tolist()]) == ids.tolist()
    assert held.size == min(round(share * n), max(n - 1, 0))
    assert kept.tolist() == split(ids, share, np.random.default_rng(seed))[0].tolist()


def test_everybody_has_the_same_chance_to_be_held_out() -> None:
    rng = np.random.default_rng(1)
    held = np.concatenate([split(np.arange(50), 0.1, rng)[1] for _ in range(2000)])
    counts = np.bincount(held, minlength=50)
    # 200 each with a standard deviation of 13.4
    assert abs(counts - 200).max() < 5 * 13.4


@pytest.mark.parametrize("share", [float("nan"), float("inf"), -float("inf")])
def test_a_holdout_that_is_no_number_is_refused(share: float) -> None:
    with pytest.raises(NotAllowed, match=r"from 0 to 0\.5, such as 0\.1"):
        split(np.arange(10), share, np.random.default_rng(0))


@pytest.mark.parametrize("share", [-0.01, 0.51])
def test_a_holdout_outside_its_bounds_is_refused(share: float) -> None:
    with pytest.raises(NotAllowed, match="choose 0% to 50%"):
        split(np.arange(10), share, np.random.default_rng(0))
