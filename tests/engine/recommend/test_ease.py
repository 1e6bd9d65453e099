from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommend.history import History
from engine.recommend.rankers import ease
from engine.recommend.rankers.ease import RANKER, Ease
from tests.engine.recommend.tables import AS_OF, Row, bought, history, positions, rng

PLAIN = Ease(regularisation=1, fit_half_life_days=inf, breadth=0, half_life_days=inf, least=1, least_together=1)
MANY = [{1, 2}, {1, 2, 3}, {2, 3}, {1, 4}, {4, 5}, {1, 3, 5}, {2, 5}, {1, 2, 4, 6}]

baskets = st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=10)


def learned(ranker: Ease, past: History) -> np.ndarray:
    """Bought products by candidates, as B in the paper."""
    return np.asarray(ranker.fit(past, rng()).into.toarray())


def closed_form(past: History, regularisation: float) -> np.ndarray:
    """Equation 8, in double precision and all at once; without weights for pairs that nobody bought."""
    x = (past.matrix(np.ones(len(past.bought))).toarray() > 0).astype(float)
    gram = x.T @ x
    p = np.linalg.inv(gram + regularisation * np.diag(gram).mean() * np.eye(len(gram)))
    weights = np.eye(len(gram)) - p / np.diag(p)
    return np.where((weights > 0) & (gram == 0), 0, weights)


def test_two_products_give_a_known_answer() -> None:
    # XᵀX = [[3, 2], [2, 2]], λ = 2.5: a product's weight is shared buyers / (the other's buyers + λ)
    past = history(bought({1, 2}, {1, 2}, {1}))
    np.testing.assert_allclose(learned(PLAIN, past), [[0, 2 / 5.5], [2 / 4.5, 0]], rtol=1e-6)


def test_weights_are_those_of_the_closed_form() -> None:
    past = history(bought(*MANY))
    np.testing.assert_allclose(learned(PLAIN, past), closed_form(past, 1), atol=1e-6)


@settings(max_examples=25)
@given(baskets, st.sampled_from([0.1, 1.0, 10.0]))
def test_regressed_on_all_neighbours_it_is_the_closed_form(what: list[set[int]], regularisation: float) -> None:
    past = history(bought(*what))
    near = replace(PLAIN, regularisation=regularisation, exact=0)
    np.testing.assert_allclose(learned(near, past), closed_form(past, regularisation), atol=2e-5)


def test_regressed_on_few_neighbours_a_product_has_no_other_weights() -> None:
    few = learned(replace(PLAIN, exact=0, neighbours=2), history(bought(*MANY)))
    assert np.count_nonzero(few, axis=0).max() == 2
    # 6 was bought with 1, 2 and 4, once each: 4, with the fewest buyers, is nearest by cosine
    assert few[3, 5] > 0


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    past = history(bought(*MANY))
    whole = [learned(ranker, past) for ranker in (PLAIN, replace(PLAIN, exact=0, neighbours=3))]
    monkeypatch.setattr(ease, "BLOCK", 2)
    monkeypatch.setattr(ease, "SOLVED", 1)
    apart = [learned(ranker, past) for ranker in (PLAIN, replace(PLAIN, exact=0, neighbours=3))]
    np.testing.assert_allclose(apart, whole, atol=1e-6)


def test_only_the_largest_weights_stay() -> None:
    past = history(bought(*MANY))
    whole, part = learned(PLAIN, past), learned(replace(PLAIN, kept_weights=2), past)
    assert (np.count_nonzero(part, axis=0) <= 2).all()
    assert (part[part != 0] == whole[part != 0]).all()


def test_products_with_few_buyers_and_beyond_the_core_take_no_part() -> None:
    past = history(bought(*MANY))
    # buyers: 5, 5, 3, 3, 3, 1
    assert not learned(replace(PLAIN, least=2), past)[5].any()
    core = learned(replace(PLAIN, core=2), past)
    assert {int(row) for row in np.flatnonzero(core.any(axis=1))} == {0, 1}


def test_an_old_purchase_and_a_broad_customer_say_less_of_a_pair() -> None:
    rows: list[Row] = [*bought({1, 2}, {1, 2}), (8, 3, 80, "2025-06-30"), (8, 4, 80, "2025-06-30")]
    rows += [(9, 3, 90, "2025-06-30"), (9, 4, 90, "2025-06-30")]
    aged = learned(replace(PLAIN, fit_half_life_days=90), history(rows))
    assert aged[0, 1] > aged[2, 3] > 0
    alike = bought({1, 2}, {1, 2}, {3, 4, *range(5, 15)}, {3, 4, *range(15, 25)})
    assert (learned(replace(PLAIN, breadth=0.5), history(alike))[2, 3]) < learned(PLAIN, history(alike))[2, 3]


def test_the_score_goes_through_the_root_of_the_orders() -> None:
    rows: list[Row] = [*bought({1, 2}, {1, 2}), (3, 1, 10, AS_OF), (3, 1, 11, AS_OF), (3, 1, 12, "2026-06-20")]
    fitted = replace(PLAIN, half_life_days=10).fit(history(rows), rng())
    # two orders today and one ten days ago
    score = fitted.scores(positions(2)).toarray()[0, 1]
    assert score == pytest.approx(np.sqrt(2.5) * fitted.into.toarray()[0, 1], rel=1e-6)


@settings(max_examples=30)
@given(baskets)
def test_reasons_are_true(what: list[set[int]]) -> None:
    past = history(bought(*what))
    fitted = replace(RANKER, least=1, least_together=2).fit(past, rng())
    table = fitted.scores(np.arange(past.customers.size)).toarray()
    customers, products = (where.astype(np.int64) for where in np.nonzero(table > 0))
    weights = fitted.into.toarray()
    for customer, product, reason in zip(
        customers.tolist(), products.tolist(), fitted.reasons(customers, products), strict=True
    ):
        other = int(reason.facts["other"].en[1:])
        own = np.flatnonzero(np.isin(past.products, list(what[customer])))
        assert other in what[customer]
        assert weights[past.products.searchsorted(other), product] == weights[own, product].max()
        assert reason.facts["n"] == sum({other, int(past.products[product])} <= basket for basket in what) >= 2


def test_resumed_with_new_orders_and_products_it_keeps_its_weights_and_counts_anew() -> None:
    before = history(bought(*MANY), products=range(1, 7))
    fitted = PLAIN.fit(before, rng())
    rows = [*bought(*MANY), (20, 0, 200, AS_OF), (20, 1, 200, AS_OF), (20, 2, 200, AS_OF), (21, 1, 201, AS_OF)]
    after = history(rows, products=range(7))
    resumed = PLAIN.resumed(after, fitted.kept())
    np.testing.assert_array_equal(resumed.weights.toarray()[1:, 1:], fitted.weights.toarray())
    # three of MANY and customer 20 bought both 1 and 2
    (reason,) = resumed.reasons(positions(9), positions(2))
    assert str(reason) == "4 people who bought P1 also bought this"
    gone = PLAIN.resumed(history(bought(*MANY), products=range(2, 7)), fitted.kept())
    np.testing.assert_array_equal(gone.weights.toarray(), fitted.weights.toarray()[1:, 1:])
