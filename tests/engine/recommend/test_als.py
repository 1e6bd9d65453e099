from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.recommend.history import Floats, History
from engine.recommend.rankers.als import Als, FittedAls
from tests.engine.recommend.tables import AS_OF, Row, history, positions, rng

SMALL = Als(factors=4, unobserved=0.2, regularisation=0.05, exponent=0.5, ever=0.1, steps=20)


def drawn(customers: int = 40, products: int = 15, seed: int = 3) -> History:
    """Orders on different days, some of the same product again; customer 1 buys everything."""
    numbers = np.random.default_rng(seed)
    who = numbers.integers(2, customers, 300)
    what = numbers.integers(1, products + 1, 300)
    rows: list[Row] = [
        (int(a), int(b), order, f"2026-0{1 + order % 6}-11") for order, (a, b) in enumerate(zip(who, what, strict=True))
    ]
    return history([*rows, *((1, product, 1000, AS_OF) for product in range(1, products + 1))])


def weights(ranker: Als, past: History) -> Floats:
    lately = past.matrix(0.5 ** (past.age_days / ranker.half_life_days)).toarray()
    return np.where(lately > 0, ranker.ever + lately, 0.0)


def ridge(ranker: Als, w: Floats) -> Floats:
    each: Floats = ranker.regularisation * (w.sum(axis=1) + ranker.unobserved * w.shape[1]) ** ranker.exponent
    return each


def equation(ranker: Als, w: Floats, y: Floats, customer: int) -> Floats:
    """The matrix A of one customer, as the paper writes it."""
    shared = ranker.unobserved * y.T @ y + ridge(ranker, w)[customer] * np.eye(y.shape[1])
    whole: Floats = shared + (y.T * w[customer]) @ y
    return whole


def test_a_half_step_is_the_closed_form_of_every_customer() -> None:
    past = drawn()
    y = np.random.default_rng(1).normal(size=(past.products.size, 6)).astype(np.float32)
    fitted = SMALL.resumed(past, {"products": past.products, "factors": y})
    w, exact = weights(SMALL, past), y.astype(float)
    scores = fitted.scores(np.arange(past.customers.size))
    for customer in range(past.customers.size):
        x = np.linalg.solve(equation(SMALL, w, exact, customer), exact.T @ w[customer])
        np.testing.assert_allclose(scores[customer], exact @ x, rtol=1e-3, atol=1e-4)


def test_one_customer_and_one_product_by_hand() -> None:
    # w = 1 (bought today), y = 2, ridge = 0.5 (1 + 0.25 · 1) = 0.625: x = 2 / (0.25 · 4 + 0.625 + 4), x·y = 4 / 5.625
    ranker = Als(factors=1, unobserved=0.25, regularisation=0.5, exponent=1, ever=0)
    past = history([(1, 1, 1, AS_OF)])
    fitted = ranker.resumed(past, {"products": past.products, "factors": np.array([[2.0]], np.float32)})
    assert fitted.scores(positions(0))[0, 0] == pytest.approx(4 / 5.625)


def test_the_objective_falls_with_every_iteration() -> None:
    past = drawn()
    w = weights(SMALL, past)
    before = np.inf
    for iterations in range(1, 9):
        fitted = replace(SMALL, iterations=iterations).fit(past, rng())
        x, y = fitted.of_customers.astype(float), fitted.of_products.astype(float)
        s = x @ y.T
        now = (w * (1 - s) ** 2).sum() + SMALL.unobserved * (s**2).sum()
        now += ridge(SMALL, w) @ (x**2).sum(axis=1) + ridge(SMALL, w.T) @ (y**2).sum(axis=1)
        assert now < before + 1e-4
        before = now


def test_what_people_of_the_same_taste_buy_comes_first() -> None:
    # two tastes, {1, 2, 3, 4} and {5, 6, 7, 8}; nobody bought all four, the last customer 1, 2 and 3
    baskets = [{1, 2, 4}, {2, 3, 4}, {1, 3, 4}, {5, 6, 8}, {6, 7, 8}, {5, 7, 8}] * 3 + [{1, 2, 3}]
    past = history([(who, what, who, AS_OF) for who, basket in enumerate(baskets, 1) for what in basket])
    scores = replace(SMALL, factors=2, iterations=15).fit(past, rng()).scores(positions(len(baskets) - 1))[0]
    assert scores[3] > 0.5 > 10 * scores[4:].max()


def test_the_reason_names_the_purchase_with_the_largest_share_of_the_score() -> None:
    past = drawn()
    fitted = SMALL.fit(past, rng())
    w, y = weights(SMALL, past), fitted.of_products.astype(float)
    scores = fitted.scores(np.arange(past.customers.size))
    customers, products = np.nonzero(scores > 0.05)
    most, share = fitted.telling(customers, products)
    for customer, product, named, told in zip(customers, products, most, share, strict=True):
        # eq. 7 of Hu et al.: the score is a sum over the purchases
        parts = w[customer] * (y @ np.linalg.solve(equation(SMALL, w, y, int(customer)), y[product]))
        assert parts.sum() == pytest.approx(scores[customer, product], rel=1e-2, abs=1e-4)
        assert w[customer, named] > 0
        assert parts[named] == pytest.approx(parts.max(), rel=1e-2, abs=1e-4)
        assert told == pytest.approx(parts.max() / np.maximum(parts, 0).sum(), rel=1e-2, abs=1e-3)


def said(fitted: FittedAls, customer: int, product: int) -> str:
    (reason,) = fitted.reasons(positions(customer), positions(product))
    return str(reason)


def test_the_reason_in_words() -> None:
    rows: list[Row] = [(who, what, who, AS_OF) for who in range(1, 6) for what in (1, 2)]
    rows += [(6, 1, 6, AS_OF), (7, 1, 7, AS_OF), (7, 3, 8, "2026-01-02")]
    fitted = SMALL.fit(history(rows), rng())
    assert said(fitted, 5, 1) == "goes with P1, which they bought"
    assert said(fitted, 6, 1).startswith("goes with what they bought, above all with P1: that is ")
    assert said(fitted, 5, 0) == "they bought it before, and that speaks most for it"


def test_what_was_learned_serves_a_history_that_has_grown() -> None:
    rows: list[Row] = [(who, what, who, AS_OF) for who in range(1, 6) for what in (2, 4)]
    kept = SMALL.fit(history(rows), rng()).kept()
    grown = history([*rows, (9, 2, 9, AS_OF)], products=[1, 2, 3, 4])
    scores = SMALL.resumed(grown, kept).scores(positions(5))[0]
    assert scores[3] > 0.1, "a customer who came since is told what goes with what they bought"
    assert scores[[0, 2]].tolist() == [0.0, 0.0], "products that came since are not known yet"


def test_the_same_seed_and_any_number_of_threads_give_the_same() -> None:
    past = drawn()
    everyone = np.arange(past.customers.size)
    one, other = (replace(SMALL, threads=threads).fit(past, rng()).scores(everyone) for threads in (1, 3))
    np.testing.assert_array_equal(one, other)


def test_who_bought_nothing_has_no_candidates() -> None:
    past = history([(1, 1, 1, AS_OF), (2, 1, 2, AS_OF)], customers=[1, 2, 3], products=[1, 2])
    scores = SMALL.fit(past, rng()).scores(np.arange(3))
    assert not scores[2].any() and not scores[:, 1].any()
