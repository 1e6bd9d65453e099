"""The rule for shops whose past is too short to learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st
from scipy.sparse import csr_array

from engine.phrases import Phrase
from engine.recommend import mixing
from engine.recommend.history import History, Ints
from engine.recommend.lists import Candidates
from engine.recommend.mixing import Mix, Mixing
from engine.recommend.rankers import Fitted
from tests.engine.recommend.tables import AS_OF, Row, history, positions, rng


@dataclass(frozen=True)
class Listed(Fitted):
    """The same list for everyone: product positions, best first."""

    best: tuple[int, ...] = ()

    def scores(self, customers: Ints) -> csr_array:
        row = np.zeros(5)
        row[list(self.best)] = np.arange(len(self.best), 0, -1)
        return csr_array(np.tile(row, (customers.size, 1)))

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        return [Phrase("{best} {product}", best=self.best[0], product=int(product)) for product in products]


FIVE = history([(1, product, 1, AS_OF) for product in (10, 11, 12, 13, 14)], customers=[1, 2])
THREE = (("repeat", 1.0), ("item_to_item", 0.3), ("popular", 0.0))


def mix(*lists: tuple[int, ...]) -> Mix:
    return Mix(FIVE, THREE[: len(lists)], tuple(Listed(best) for best in lists))


def told(found: Candidates, names: tuple[str, ...]) -> list[tuple[int, str]]:
    return list(zip(found.product.tolist(), [names[position] for position in found.ranker.tolist()], strict=True))


def test_places_count_by_weight_and_add_up() -> None:
    one = mix((0, 1), (1, 2), (4, 0, 3))
    found = one.candidates(positions(0))
    assert told(found, one.names) == [
        (1, "repeat"), (0, "repeat"), (2, "item_to_item"), (4, "popular"), (3, "popular"),
    ]  # fmt: skip
    best = 1.3 / 6
    assert found.score.tolist() == pytest.approx([(1 / 7 + 0.3 / 6) / best, 1 / 6 / best, 0.3 / 7 / best, 0, 0])
    said = one.reasons(positions(0, 0, 0, 0, 0), found.product, found.ranker)
    assert [str(reason) for reason in said] == ["0 1", "0 0", "1 2", "4 4", "4 3"]


def test_first_on_every_list_is_one() -> None:
    found = mix((3,), (3, 1)).candidates(positions(0))
    assert (found.product[0], found.score[0]) == (3, pytest.approx(1.0))


def test_lists_of_what_is_new_leave_out_what_was_bought() -> None:
    past = history([(1, 10, 1, AS_OF), (1, 11, 1, AS_OF), (2, 12, 2, AS_OF), (2, 13, 3, AS_OF)], products=range(10, 15))
    one = Mix(past, THREE[:1], (Listed((0, 3, 2, 1)),))
    assert one.lists(positions(0, 1), 9, new=False).product.tolist() == [0, 3, 2, 1] * 2
    found = one.lists(positions(0, 1), 9, new=True)
    assert (found.row.tolist(), found.product.tolist(), found.place.tolist()) == (
        [0, 0, 1, 1], [3, 2, 0, 1], [1, 2, 1, 2],
    )  # fmt: skip


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    past = history([(who, 1 + (who * step) % 5, who, AS_OF) for who in range(1, 8) for step in (1, 2)])
    fitted = Mixing().fit(past, rng())
    whole = fitted.lists(np.arange(7), 4, new=False)
    monkeypatch.setattr(mixing, "BATCH", 2)
    for one, other in zip(fitted.lists(np.arange(7), 4, new=False), whole, strict=True):
        np.testing.assert_array_equal(one, other)


def test_history_leads_then_what_goes_with_it_then_what_is_popular() -> None:
    rows: list[Row] = [(who, product, who, AS_OF) for who in range(1, 6) for product in (1, 2)]
    rows += [(who, 3, who, AS_OF) for who in range(6, 20)]
    rows += [(30, 1, 30, AS_OF)]
    past = history(rows)
    fitted = Mixing(weights=THREE).fit(past, rng())
    found = fitted.candidates(positions(int(np.searchsorted(past.customers, 30))))
    assert told(found, fitted.names) == [(0, "repeat"), (1, "item_to_item"), (2, "popular")]


bought = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 8), st.integers(1, 12), st.just("2026-06-01")), min_size=1, max_size=40
)


@checked(max_examples=40)
@given(bought, st.integers(1, 9))
def test_laws_of_every_list(rows: list[Row], top: int) -> None:
    past: History = history(rows, products=range(1, 10), customers=range(1, 8))
    fitted = Mixing().fit(past, rng())
    found = fitted.candidates(np.arange(7))
    n_sold = len({row[1] for row in rows})
    listed = fitted.lists(np.arange(7), top, new=False)
    assert np.bincount(listed.row, minlength=7).min() >= min(top, n_sold)
    for customer in range(7):
        mine = found.only(found.row == customer)
        assert np.unique(mine.product).size == mine.product.size >= n_sold
        assert (np.diff(mine.score) <= 0).all()
        assert ((mine.score >= 0) & (mine.score <= 1 + 1e-12)).all()
