from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.feature_table import Feature, FeatureTable
from engine.features.bases.behavioural import FEATURES, table
from engine.phrases import Phrase
from engine.segments.claims import HEDGED, PLAIN, Behaviour, Claim
from engine.segments.names import DETAILS, Named, keys, names, slug
from tests.engine.segments.made import alike, features_of, groups, one_cloud


def said(features: pd.DataFrame, labels: np.ndarray) -> list[str]:
    return [str(one.name) for one in names(table(features), features, labels)]


def test_every_feature_can_tell_two_of_one_name_apart() -> None:
    assert set(DETAILS) == {feature.key for feature in FEATURES}


def test_names_say_what_the_groups_are() -> None:
    features, truth = groups(4, 50, np.random.default_rng(0))
    assert said(features, truth) == [
        "Regulars who spend more than most",
        "Repeat buyers who spend less than most, quiet for a while",
        "One-time buyers who spend little, long gone",
        "Occasional buyers who spend more than most",
    ]


def test_one_group_is_everyone() -> None:
    assert said(alike(5), np.zeros(5, dtype=np.intp)) == ["All customers"]


@pytest.mark.parametrize(
    ("orders", "words"),
    [
        ([1] * 9 + [7], "One-time buyers"),
        ([1] * 8 + [7, 7], "Mostly one-time buyers"),
        ([1] * 8 + [2, 2], "Occasional buyers"),  # true of all, where the hedged word is true of most
        ([4] * 9 + [1], "Regulars"),
        ([4] * 7 + [1] * 3, "Mostly regulars"),
        ([2] * 5 + [9] * 5, "Repeat buyers"),
        ([1] * 5 + [9] * 5, None),
    ],
)
def test_a_word_is_true_of_nearly_all_or_hedged(orders: list[int], words: str | None) -> None:
    members = alike(10).assign(**{c.FREQUENCY: orders})
    claim = Behaviour(members).frequency(np.ones(10, dtype=bool))
    assert (None if claim is None else str(claim.words)) == words


@pytest.mark.parametrize(("gap", "pace"), [(3, 14), (30, 30), (200, 60), (np.nan, 60)])
def test_what_is_recent_follows_the_shops_pace(gap: float, pace: float) -> None:
    habits = Behaviour(alike(10).assign(**{c.GAP_DAYS: gap}))
    assert (habits.recent, habits.long_gone) == (1.5 * pace, 4 * pace)


def test_where_all_spend_the_same_nobody_spends_big() -> None:
    assert said(alike(10), np.repeat([0, 1], 5)) == ["Occasional buyers (1)", "Occasional buyers (2)"]


def test_two_of_one_name_are_told_apart_by_what_differs_most() -> None:
    features = one_cloud(300, np.random.default_rng(0))
    labels = (features[c.ITEMS_PER_ORDER] < 10).to_numpy().astype(np.intp)
    assert said(features, labels) == [
        "Regulars, mostly quiet for a while: more pieces per order",
        "Regulars, mostly quiet for a while: fewer pieces per order",
    ]


def test_a_hedge_is_told_with_its_share() -> None:
    features = features_of(*np.tile(np.array([[10.0], [1], [25], [3], [4]]), 20))
    features[c.FREQUENCY] = [1] * 8 + [9, 9] + [9] * 10
    first, second = names(table(features), features, np.repeat([0, 1], 10))
    assert (str(first.name), [str(one) for one in first.hedges]) == (
        "Mostly one-time buyers",
        ["80% of them: ordered once."],
    )
    assert (str(second.name), second.hedges) == ("Regulars", ())


def people(seed: int, size: int) -> FeatureTable:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, size).astype("float64"),
            "likes_opera": rng.integers(1, 6, size).astype("float64"),
            c.GENDER: rng.choice(["female", "male"], size).astype(object),
            c.REGION: rng.choice(["广东", "浙江", "Berlin"], size).astype(object),
            "interests": rng.choice(["tea", "tea;books", "books;cars", ""], size).astype(object),
            "member": rng.integers(0, 2, size).astype("float64"),
        }
    )
    features = (
        Feature("age", Phrase("age"), "number", "demographic"),
        Feature("likes_opera", Phrase("{field}", field="Opera"), "scale", "psychographic"),
        Feature(c.GENDER, Phrase("{field}", field="gender"), "choice", "demographic"),
        Feature(c.REGION, Phrase("{field}", field="region"), "choice", "geographic"),
        Feature("interests", Phrase("{field}", field="interests"), "tags", "psychographic"),
        Feature("member", Phrase("{field}", field="member"), "yes_no", "demographic"),
    )
    return FeatureTable(frame, features)


def empty(of: FeatureTable) -> pd.DataFrame:
    return alike(1).head(0).reindex(of.frame.index)


def test_people_are_named_by_who_they_are() -> None:
    everyone = people(0, 400)
    women = (everyone.frame[c.GENDER] == "female").to_numpy()
    old = (everyone.frame["age"] >= 40).to_numpy()
    labels = np.where(women, 0, np.where(old, 1, 2)).astype(np.intp)
    found = [str(one.name) for one in names(everyone, empty(everyone), labels)]
    assert found[0] == "women"
    assert found[1] == "40 years or older, men"
    assert found[2] == "under 40 years old, men"


def promises(named: Named, labels: np.ndarray, segment: int) -> None:
    for claim in named.claims:
        assert isinstance(claim, Claim)
        assert len(claim.holds) == np.count_nonzero(labels == segment)
        assert claim.share >= (HEDGED if claim.hedged else PLAIN)
        assert ("ostly" in str(claim.words)) == claim.hedged
        if claim.hedged:
            assert f"{claim.share:.0%} of them" in str(claim.told())
            assert claim.told() in named.hedges


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(2, 12))
def test_a_name_promises_no_more_than_holds(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 80)]).astype(np.intp)
    features = one_cloud(80 + k, rng)
    features[c.FREQUENCY] = rng.integers(1, 7, len(features))
    for segment, named in enumerate(names(table(features), features, labels)):
        promises(named, labels, segment)
        members = features[labels == segment]
        words = str(named.name)
        if words.startswith("One-time"):
            assert (members[c.FREQUENCY] == 1).mean() >= 0.9
        if words.startswith("Regulars"):
            assert (members[c.FREQUENCY] >= 4).mean() >= 0.9
        if ", long gone" in words:
            assert (members[c.RECENCY_DAYS] > Behaviour(features).long_gone).mean() >= 0.9


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_a_name_of_people_promises_no_more_than_holds(seed: int, k: int) -> None:
    everyone = people(seed % 1000, 60)
    rng = np.random.default_rng(seed)
    first = everyone.frame["age"].to_numpy()
    labels = np.argsort(np.argsort(first + rng.normal(0, 10, 60))) * k // 60
    for segment, named in enumerate(names(everyone, empty(everyone), labels.astype(np.intp))):
        promises(named, labels, segment)


def test_slugs() -> None:
    assert slug(Phrase("Regulars who spend big")) == "regulars-who-spend-big"
    # a name without a Latin letter gets a number, and no key comes twice
    assert keys([Phrase("广东"), Phrase("a b"), Phrase("a, b")]) == ["segment-1", "a-b", "a-b-3"]


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(2, 20))
def test_names_and_keys_are_one_of_a_kind(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    labels = np.concatenate([np.arange(k), rng.integers(0, k, 80)])
    features = one_cloud(80 + k, rng)
    given_names = [one.name for one in names(table(features), features, labels)]
    assert len({str(name) for name in given_names}) == k
    assert len(set(keys(given_names))) == k
