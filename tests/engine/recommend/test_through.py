from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.recommend import through
from engine.recommend.interactions import decayed, divided, ever, newest
from engine.recommend.purchases import Purchases
from engine.recommend.rankers.ease import Ease
from engine.recommend.rankers.item_to_item import ItemToItem
from engine.recommend.rankers.tifu_knn import TifuKnn
from engine.recommend.rankers.user_neighbours import UserNeighbours
from engine.recommend.through import buyers_of_both
from tests.engine.recommend.tables import Row, bought, history, positions

ROWS: list[Row] = [
    (1, 1, 1, "2026-06-10"),
    (1, 1, 2, "2026-06-20"),
    (1, 3, 2, "2026-06-20"),
    (3, 2, 3, "2026-06-30"),
]


def test_what_the_purchases_of_a_pair_count() -> None:
    past = history(ROWS, customers=[1, 2, 3])
    assert ever(past).toarray().tolist() == [[1, 0, 1], [0, 0, 0], [0, 1, 0]]
    assert decayed(past, 10).toarray().tolist() == [[0.75, 0, 0.5], [0, 0, 0], [0, 1, 0]]
    assert newest(past, 10).toarray().tolist() == [[0.5, 0, 0.5], [0, 0, 0], [0, 1, 0]]
    np.testing.assert_allclose(
        divided(decayed(past, 10), 1).toarray(), [[0.6, 0.0, 0.4], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    )
    assert {matrix.dtype for matrix in (ever(past), decayed(past, 10), newest(past, 10))} == {np.dtype(np.float32)}


def test_what_is_lacking_to_learn_from_others() -> None:
    alone, apart = history(bought({1, 2}, {1})), history(bought({1, 2}, {3, 4}))
    assert "two different products" in str(ItemToItem().lacking(alone))
    assert str(Ease().lacking(alone)) == str(ItemToItem().lacking(alone))
    assert ItemToItem().lacking(apart) is None
    assert "same product" in str(UserNeighbours().lacking(apart))
    assert str(TifuKnn().lacking(apart)) == str(UserNeighbours().lacking(apart))
    assert UserNeighbours().lacking(alone) is None


def test_a_purchase_of_long_ago_never_counts_nothing() -> None:
    past = history(ROWS, as_of="2090-01-01")
    for matrix in (newest(past, 10), decayed(past, 10)):
        assert (matrix.data**2 > 0).all()


def test_when_a_pair_was_bought() -> None:
    purchases = Purchases.of(history(ROWS, customers=[1, 2, 3]))
    pairs = positions(0, 0, 1, 2), positions(0, 2, 0, 1)
    assert purchases.times(*pairs).tolist() == [2, 1, 0, 1]
    assert [str(day) for day in purchases.last(*pairs)] == ["2026-06-20", "2026-06-20", "NaT", "2026-06-30"]
    assert purchases.n_orders.tolist() == [2, 0, 1]


@settings(max_examples=30)
@given(st.lists(st.sets(st.integers(1, 5), min_size=1), min_size=1, max_size=8), st.sampled_from([1, 7, 10_000]))
def test_buyers_of_both_as_counted_one_by_one(baskets: list[set[int]], gathered: int) -> None:
    past = history(bought(*baskets), products=range(1, 6))
    one, other = (where.ravel() for where in np.indices((5, 5)))
    before, through.GATHERED = through.GATHERED, gathered
    try:
        both = buyers_of_both(ever(past).tocsc(), one, other)
    finally:
        through.GATHERED = before
    expected = [sum({a + 1, b + 1} <= basket for basket in baskets) for a, b in zip(one, other, strict=True)]
    assert both.tolist() == expected
