from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.phrases import Name
from engine.recommend.history import Floats, History
from engine.recommend.rankers.rating_factors import FittedRatingFactors, RatingFactors
from tests.engine.recommend.tables import Said, positions, rated, rng

DAY = "2026-06-01"
BIASES = RatingFactors(factors=0, ridge_of_bias=2.0, iterations=60, steps=5)


def planted(noise: float = 0.0) -> tuple[History, Floats, np.ndarray]:
    """60 customers, 40 products, two factors and biases; ratings between 0 and 10, half of them told."""
    numbers = np.random.default_rng(11)
    p, q = numbers.normal(size=(60, 2)), numbers.normal(size=(40, 2))
    table = 5 + numbers.normal(0, 0.5, (60, 1)) + numbers.normal(0, 0.5, 40) + 0.6 * p @ q.T
    table = np.clip(table + numbers.normal(0, noise, table.shape), 0, 10)
    told = numbers.random(table.shape) < 0.5
    said = [(int(u) + 1, int(i) + 1, float(table[u, i]), DAY) for u, i in zip(*np.nonzero(told), strict=True)]
    return rated(said), table, told


def error(fitted: FittedRatingFactors, table: Floats, which: np.ndarray) -> float:
    predicted = fitted.predicted(np.arange(60))
    return float(np.sqrt(((predicted - table)[which] ** 2).mean()))


def test_it_recovers_a_planted_matrix_of_two_factors() -> None:
    past, table, told = planted()
    model = RatingFactors(factors=2, ridge=0.01, ridge_of_bias=0.01, iterations=30, steps=5).fit(past, rng())
    assert error(model, table, ~told) < 0.05
    assert error(BIASES.fit(past, rng()), table, ~told) > 0.5


def test_with_noise_it_does_better_than_biases_alone_on_ratings_it_has_not_seen() -> None:
    past, table, told = planted(noise=0.3)
    assert error(RatingFactors().fit(past, rng()), table, ~told) < 0.8 * error(BIASES.fit(past, rng()), table, ~told)


def test_biases_alone_are_one_ridge_regression() -> None:
    past, table, told = planted()
    model = BIASES.fit(past, rng())
    u, i = np.nonzero(told)
    design = np.zeros((u.size, 100))
    design[np.arange(u.size), u] = 1
    design[np.arange(u.size), 60 + i] = 1
    value = (table[told] - table[told].mean()) / table[told].std()
    bias = np.linalg.solve(design.T @ design + 2 * np.eye(100), design.T @ value)
    np.testing.assert_allclose(np.concatenate([model.of_customers, model.of_products]), bias, atol=1e-3)


def test_two_ratings_by_hand() -> None:
    # mean 4; the product's bias is 0 by symmetry: (5 − 4) / (1 + 2), (3 − 4) / (1 + 2)
    model = BIASES.fit(rated([(1, 1, 5, DAY), (2, 1, 3, DAY)]), rng())
    assert model.predicted(positions(0, 1))[:, 0].tolist() == pytest.approx([4 + 1 / 3, 4 - 1 / 3], abs=1e-3)


def test_ten_points_are_learned_as_five_stars_are() -> None:
    past, *_ = planted(noise=0.3)
    halved = History.of(
        past.bought, dict(zip(past.products.tolist(), past.names, strict=True)), past.customers, past.as_of,
        ratings=past.ratings.assign(
            customer=past.customers[past.ratings["customer"]],
            product=past.products[past.ratings["product"]],
            value=past.ratings["value"] / 2,
        ),
    )  # fmt: skip
    everyone = np.arange(60)
    whole, half = (RatingFactors().fit(each, rng()).predicted(everyone) for each in (past, halved))
    np.testing.assert_allclose(whole, 2 * half, rtol=1e-3)


def test_the_objective_falls_with_every_iteration() -> None:
    past, table, told = planted(noise=0.5)
    before = np.inf
    for iterations in range(1, 7):
        ranker = RatingFactors(factors=4, iterations=iterations, steps=20)
        m = ranker.fit(past, rng())
        plain = m.of_customers[:, None].astype(float) + m.of_products + m.p.astype(float) @ m.q.T
        now = (((table - m.mean) / m.spread - plain)[told] ** 2).sum() + ranker.ridge * (
            (m.p**2).sum() + (m.q**2).sum()
        )
        now += ranker.ridge_of_bias * ((m.of_customers**2).sum() + (m.of_products**2).sum())
        assert now < before + 1e-3
        before = now


def test_who_gave_everything_a_five_and_a_product_that_nobody_rated() -> None:
    said: list[Said] = [(who, what, 3 + (who + what) % 3, DAY) for who in range(1, 6) for what in range(1, 5)]
    said += [(9, what, 5, DAY) for what in range(1, 4)]
    past = rated(said, [(9, 7, 1, DAY)], customers=[10])
    scores = RatingFactors().fit(past, rng()).scores(np.arange(7))
    assert scores[5, 3] >= 4, "a generous customer will be generous"
    assert not scores[:, 4].any(), "nobody has rated product 7"
    assert not scores[6].any(), "customer 10 has rated nothing"


def test_one_rating_is_enough_for_no_more_than_its_own_product() -> None:
    model = RatingFactors().fit(rated([(1, 1, 5, DAY)], [(1, 2, 1, DAY)]), rng())
    assert (model.scores(positions(0)) > 0).tolist() == [[True, False]]


def test_ratings_outside_every_scale_count_for_nothing() -> None:
    past = rated([(1, 1, 5, DAY), (2, 1, 4, DAY), (2, 2, -3, DAY), (1, 2, 1e9, DAY)])
    model = RatingFactors().fit(past, rng())
    assert model.ratings.top == 5 and model.ratings.value.tolist() == [5, 4]


def test_a_rating_in_the_future_counts_for_nothing() -> None:
    assert rated([(1, 1, 5, DAY), (1, 1, 1, "2030-01-01")]).ratings["value"].tolist() == [5]


def test_predictions_are_held_to_the_scale() -> None:
    past, *_ = planted()
    model = replace(RatingFactors(), ridge=0.001, ridge_of_bias=0.001).fit(past, rng())
    predicted = model.predicted(np.arange(60))
    assert predicted.min() >= 0 and predicted.max() <= 10


def test_what_was_learned_serves_a_history_that_has_grown() -> None:
    past, *_ = planted()
    kept = RatingFactors().fit(past, rng()).kept()
    told = [(1, 1, 9.0, DAY), (1, 2, 4.0, DAY)]
    model = RatingFactors().resumed(rated(told, [(1, 50, 1, DAY)]), kept)
    assert model.scores(positions(0))[0, 0] > 5 and model.scores(positions(0))[0, 2] == 0


def test_the_reasons_in_words() -> None:
    # two tastes: 1 and 2 against 3 and 4; the last customer has rated product 1 only
    said: list[Said] = []
    for who in range(1, 13):
        said += [(who, what, 5 if (what < 3) == (who % 2 == 0) else 1, DAY) for what in (1, 2, 3, 4)]
    past = rated([*said, (13, 1, 5, DAY), (13, 3, 1, DAY)])
    model = RatingFactors(factors=2, ridge=0.1).fit(past, rng())
    by_taste, before, disliked = model.reasons(positions(12, 12, 12), positions(1, 0, 3))
    assert str(by_taste) == "gave P1 5 of 5; 6 people who liked that too gave this 5.0 on average"
    assert str(before) == "gave it 5 of 5 before"
    assert str(disliked) == "12 people rated it: 3.0 of 5 on average"


opinions = st.dictionaries(
    st.tuples(st.integers(1, 6), st.integers(1, 6)), st.sampled_from([1, 2, 3, 4, 5]), min_size=1, max_size=30
)


@settings(max_examples=40)
@given(opinions)
def test_reasons_are_true(drawn: dict[tuple[int, int], int]) -> None:
    past = rated([(who, what, value, DAY) for (who, what), value in drawn.items()])
    model = RatingFactors(factors=3, ridge=0.3).fit(past, rng())
    customer, product = np.nonzero(model.scores(np.arange(past.customers.size)))
    who, what = past.customers[customer].tolist(), past.products[product].tolist()
    for u, i, reason in zip(who, what, model.reasons(customer, product), strict=True):
        if "own" in reason.facts and "other" not in reason.facts:
            assert drawn[u, i] == reason.facts["own"]
            continue
        assert (u, i) not in drawn
        values = {a: value for (a, b), value in drawn.items() if b == i}
        other = reason.facts.get("other")
        if isinstance(other, Name):
            liked = int(other.en[1:])
            assert drawn[u, liked] == reason.facts["own"] >= 3
            values = {a: value for a, value in values.items() if drawn.get((a, liked), 0) >= 3}
        assert reason.facts["n"] == len(values)
        assert reason.facts["mean"] == pytest.approx(np.mean(list(values.values())))
