from __future__ import annotations

from itertools import product
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.features.bases.behavioural import FEATURES
from engine.segments.names import DETAILS, NAMES, Frequency, Recency, Scale, Spending, names, slug
from tests.engine.segments.made import alike, groups, one_cloud


def said(features: pd.DataFrame, labels: np.ndarray) -> list[str]:
    return [str(name) for name in names(features, labels)]


def test_every_combination_has_its_own_name() -> None:
    assert set(NAMES) == set(product(get_args(Frequency), get_args(Recency), get_args(Spending)))
    assert len({str(name) for name in NAMES.values()}) == len(NAMES)
    assert set(DETAILS) == {feature.key for feature in FEATURES}


def test_names_say_what_the_groups_are() -> None:
    features, truth = groups(4, 50, np.random.default_rng(0))
    assert said(features, truth) == [
        "Regulars who spend big",
        "Regulars, quiet for a while",
        "One-time buyers, long gone, small orders",
        "Occasional buyers",
    ]


def test_one_group_is_everyone() -> None:
    assert said(alike(5), np.zeros(5, dtype=np.intp)) == ["All customers"]


def test_one_time_buyers_must_nearly_all_have_one_order() -> None:
    members = alike(10).assign(**{c.FREQUENCY: [1] * 8 + [2, 2]})
    assert Scale.of(members).frequency(members) == "one-time"
    members = alike(10).assign(**{c.FREQUENCY: [1] * 7 + [2, 2, 2]})
    assert Scale.of(members).frequency(members) == "occasional"


@pytest.mark.parametrize(("gap", "pace"), [(3, 14), (30, 30), (200, 60), (np.nan, 60)])
def test_what_is_recent_follows_the_shops_pace(gap: float, pace: float) -> None:
    scale = Scale.of(alike(10).assign(**{c.GAP_DAYS: gap}))
    assert (scale.recent, scale.long_gone) == (1.5 * pace, 4 * pace)


def test_where_all_spend_the_same_nobody_spends_big() -> None:
    assert said(alike(10), np.repeat([0, 1], 5)) == ["Occasional buyers (1)", "Occasional buyers (2)"]


def test_two_of_one_name_are_told_apart_by_what_differs_most() -> None:
    features = one_cloud(300, np.random.default_rng(0))
    labels = (features[c.ITEMS_PER_ORDER] < 10).to_numpy().astype(np.intp)
    assert said(features, labels) == [
        "Regulars, quiet for a while: more pieces per order",
        "Regulars, quiet for a while: fewer pieces per order",
    ]


def test_slugs() -> None:
    assert slug(NAMES["regular", "recent", "big"]) == "regulars-who-spend-big"
    assert slug(NAMES["one-time", "long gone", "small"]) == "one-time-buyers-long-gone-small-orders"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 20))
def test_names_and_slugs_are_one_of_a_kind(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 80)])
    given_names = names(one_cloud(80 + k, rng), labels)
    assert len({str(name) for name in given_names}) == k
    assert len({slug(name) for name in given_names}) == k
