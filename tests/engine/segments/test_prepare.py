from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans as Lloyd
from sklearn.metrics import adjusted_rand_score

from engine import columns as c
from engine.feature_table import Feature, FeatureTable, Kind
from engine.features.bases.behavioural import FEATURES, table
from engine.phrases import Phrase
from engine.segments.choose import one_thread
from engine.segments.prepare import n_different, points
from tests.engine.segments.made import alike, one_cloud


def test_each_column_has_mean_0_and_deviation_1() -> None:
    scaled = points(table(one_cloud(200, np.random.default_rng(1))))
    assert scaled.shape == (200, len([feature.key for feature in FEATURES]))
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1)


def test_skewed_money_is_taken_by_its_size_in_digits() -> None:
    features = pd.concat([alike(4)] * 2, ignore_index=True)
    features[c.MONETARY] = [0.0, 9, 99, 999, 0, 9, 99, 9_999]
    by_digits = np.array([0.0, 1, 2, 3, 0, 1, 2, 4])
    expected = (by_digits - by_digits.mean()) / by_digits.std()
    np.testing.assert_allclose(points(table(features))[:, 0], expected)


def test_what_is_the_same_for_everyone_is_left_out() -> None:
    assert points(table(alike(5))).shape == (5, 0)
    assert n_different(table(alike(5))) == 1


def test_a_column_with_losses_keeps_its_scale() -> None:
    features = alike(4)
    features[c.MONETARY] = [-5.0, 1, 1, 1_000]
    money = features[c.MONETARY].to_numpy()
    np.testing.assert_allclose(points(table(features))[:, 0], (money - money.mean()) / money.std())


def mixed(n: int, rng: np.random.Generator) -> FeatureTable:
    """A feature of each kind, in two bases."""
    words = Phrase("a feature")
    frame = pd.DataFrame(
        {
            "number": rng.lognormal(0, 2, n),
            "share": rng.random(n) ** 4,
            "yes": rng.integers(0, 2, n).astype(float),
            "scale": rng.integers(1, 6, n).astype(float),
            "choice": rng.choice(["a", "b", "c", "d"], n, p=[0.7, 0.1, 0.1, 0.1]),
            "tags": rng.choice(["tea", "tea;books", "", "golf"], n),
        }
    )
    kinds: tuple[Kind, ...] = ("number", "share", "yes_no", "scale", "choice", "tags")
    features = tuple(Feature(key, words, kind, "one") for key, kind in zip(map(str, frame), kinds, strict=True))
    return FeatureTable(frame, features)


@pytest.mark.parametrize("key", ["number", "share", "yes", "scale", "choice", "tags"])
def test_each_feature_has_the_variance_of_one_number(key: str) -> None:
    table = mixed(500, np.random.default_rng(2))
    one = points(FeatureTable(table.frame[[key]], (table.feature(key),)))
    np.testing.assert_allclose(one.mean(axis=0), 0, atol=1e-12)
    assert one.var(axis=0).sum() == pytest.approx(1)
    assert points(table).var(axis=0).sum() == pytest.approx(6)


def test_a_share_is_never_taken_by_its_digits() -> None:
    table = mixed(500, np.random.default_rng(2))
    share = table.frame["share"]
    found = points(FeatureTable(table.frame[["share"]], (table.feature("share"),)))[:, 0]
    np.testing.assert_allclose(found, (share - share.mean()) / share.std(ddof=0))


def test_a_choice_of_two_is_as_far_apart_as_yes_and_no() -> None:
    """By hand: p = .25, so a number 0/1 with deviation 1 has its values 1 / sqrt(.25 * .75) = 2.3094 apart."""
    frame = pd.DataFrame({"choice": ["a", "a", "a", "b"], "yes": [0.0, 0, 0, 1]})
    features = (Feature("choice", Phrase("x"), "choice", "one"), Feature("yes", Phrase("x"), "yes_no", "one"))
    scaled = points(FeatureTable(frame, features))
    yes, choice = scaled[:, :1], scaled[:, 1:]
    assert abs(yes[0] - yes[3]) == pytest.approx(4 / np.sqrt(3))
    assert np.linalg.norm(choice[0] - choice[3]) == pytest.approx(4 / np.sqrt(3))


def test_several_bases_count_alike() -> None:
    """Of each basis the first component has variance 1, or a single feature where that is larger."""
    rng = np.random.default_rng(3)
    taste = rng.normal(size=(400, 1)) + 0.5 * rng.normal(size=(400, 30))
    frame = pd.DataFrame(taste, columns=[f"q{i}" for i in range(30)]).assign(
        money=rng.normal(size=400), place=rng.choice(list("abcdefgh"), 400)
    )
    features = tuple(
        Feature(
            key,
            Phrase("x"),
            "choice" if key == "place" else "number",
            {"money": "two", "place": "three"}.get(key, "one"),
        )
        for key in map(str, frame)
    )
    scaled = points(FeatureTable(frame, features))
    largest = [
        float(np.linalg.eigvalsh(np.cov(block.T, bias=True).reshape(block.shape[1], -1))[-1])
        for block in (scaled[:, :30], scaled[:, 30:31])
    ]
    assert largest == pytest.approx([1, 1])
    assert scaled[:, 31:].var(axis=0).sum() == pytest.approx(1)


def test_neither_of_two_bases_drowns_the_other() -> None:
    """Three groups that only the 6 numbers show, then that only the 90 answers show, are both found by k-means."""
    for of_answers in (False, True):
        rng = np.random.default_rng(5)
        group = rng.integers(3, size=600)
        apart = 4.0 * np.array([[0, 0], [1, 0], [0, 1]])[group]
        buying, taste = rng.normal(size=(600, 2)), rng.normal(size=(600, 2))
        if of_answers:
            taste = taste + apart
        else:
            buying = buying + apart
        numbers = buying @ rng.normal(size=(2, 6)) + 0.6 * rng.normal(size=(600, 6))
        answers = taste @ (rng.normal(size=(2, 90)) * (rng.random((2, 90)) < 0.4)) + 1.5 * rng.normal(size=(600, 90))
        frame = pd.DataFrame(np.hstack([numbers, answers]))
        frame.columns = pd.Index([f"f{i}" for i in range(96)])
        features = tuple(
            Feature(key, Phrase("x"), "number", "buying" if at < 6 else "taste")
            for at, key in enumerate(map(str, frame))
        )
        with one_thread():
            found = Lloyd(3, n_init=5, random_state=1).fit_predict(points(FeatureTable(frame, features)))
        assert adjusted_rand_score(group, found) > 0.3
