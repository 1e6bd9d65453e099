from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as checked
from hypothesis import strategies as st
from numpy.random import Generator
from scipy.sparse import csr_array

from engine.phrases import Phrase
from engine.recommend import mixing
from engine.recommend.history import History, Ints
from engine.recommend.mixing import Pick, members, recommended
from engine.recommend.rankers import Fitted, Ranker
from tests.engine.recommend.tables import AS_OF, Row, history, positions


@dataclass(frozen=True)
class Listed(Ranker, Fitted):
    """A ranker that has the same list for everyone: product positions, best first."""

    name: str = ""
    best: tuple[int, ...] = ()
    personal: bool = True

    @property
    def label(self) -> Phrase:
        return Phrase("a list")

    def fit(self, history: History, rng: Generator) -> Listed:
        return self

    def scores(self, customers: Ints) -> csr_array:
        row = np.zeros(5)
        row[list(self.best)] = np.arange(len(self.best), 0, -1)
        return csr_array(np.tile(row, (customers.size, 1)))

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        return [Phrase("{name} {product}", name=self.name, product=int(product)) for product in products]


FIVE = history([(1, product, 1, AS_OF) for product in (10, 11, 12, 13, 14)], customers=[1, 2])
AGAIN = Listed("repeat", (0, 1))
NEW = Listed("item_to_item", (1, 2))
FILLER = Listed("filler", (4, 0, 3), personal=False)


def for_one(top: int = 10) -> list[Pick]:
    return list(recommended(FIVE, [FILLER, NEW, AGAIN], customers=positions(0), top=top))


def test_places_count_by_weight_and_add_up() -> None:
    picks = for_one()
    best = 1.3 / 6
    assert [(pick.rank, pick.product, pick.ranker) for pick in picks] == [
        (1, 11, "repeat"), (2, 10, "repeat"), (3, 12, "item_to_item"), (4, 14, "filler"), (5, 13, "filler"),
    ]  # fmt: skip
    expected = [(1 / 7 + 0.3 / 6) / best, 1 / 6 / best, 0.3 / 7 / best, 0, 0]
    assert [pick.score for pick in picks] == pytest.approx(expected)
    assert [str(pick.reason) for pick in picks] == ["repeat 1", "repeat 0", "item_to_item 2", "filler 4", "filler 3"]


def test_first_on_every_list_is_one() -> None:
    lists = [Listed("repeat", (3,)), Listed("item_to_item", (3, 1))]
    first = next(iter(recommended(FIVE, lists)))
    assert first.product == 13
    assert first.score == pytest.approx(1.0)


def test_a_shorter_list_is_the_beginning_of_a_longer_one() -> None:
    assert for_one(top=2) == for_one(top=5)[:2]


def test_batches_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    past = history([(who, 1 + (who * step) % 5, who, AS_OF) for who in range(1, 8) for step in (1, 2)])
    whole = list(recommended(past, members()))
    monkeypatch.setattr(mixing, "BATCH", 2)
    assert list(recommended(past, members())) == whole


def test_progress_goes_from_nothing_towards_one() -> None:
    shares: list[float] = []
    list(recommended(FIVE, [AGAIN, FILLER], progress=lambda _, share: shares.append(share)))
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_an_empty_catalogue_gives_nothing() -> None:
    assert list(recommended(history([], products=[], customers=[1]), members())) == []


def test_settings_survive_the_store() -> None:
    used = mixing.settings(members())
    assert json.loads(json.dumps(used)) == used
    assert set(used["rankers"]) == {ranker.name for ranker in members()}


def test_history_leads_then_what_goes_with_it_then_what_is_popular() -> None:
    rows: list[Row] = [(who, product, who, AS_OF) for who in range(1, 6) for product in (1, 2)]
    rows += [(who, 3, who, AS_OF) for who in range(6, 20)]
    rows += [(30, 1, 30, AS_OF)]
    picks = recommended(history(rows), members())
    assert [(pick.product, pick.ranker) for pick in picks if pick.customer == 30] == [
        (1, "repeat"), (2, "item_to_item"), (3, "popular"),
    ]  # fmt: skip


bought = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 8), st.integers(1, 12), st.just("2026-06-01")), min_size=1, max_size=40
)


@checked(max_examples=40, deadline=None)
@given(bought, st.integers(1, 9))
def test_laws_of_every_list(rows: list[Row], top: int) -> None:
    past = history(rows, products=range(1, 10), customers=range(1, 8))
    picks = list(recommended(past, members(), top=top))
    sold = {row[1] for row in rows}
    assert {pick.customer for pick in picks} == set(range(1, 8))
    for customer in range(1, 8):
        mine = [pick for pick in picks if pick.customer == customer]
        own = {row[1] for row in rows if row[0] == customer}
        assert [pick.rank for pick in mine] == list(range(1, min(top, len(sold)) + 1))
        assert len({pick.product for pick in mine}) == len(mine)
        assert {pick.product for pick in mine} <= sold
        assert [pick.score for pick in mine] == sorted((pick.score for pick in mine), reverse=True)
        assert all(0 <= pick.score <= 1 + 1e-12 for pick in mine)
        assert all((pick.ranker == "repeat") == (pick.product in own) for pick in mine)
        assert all((pick.score == 0) == (pick.ranker == "popular") for pick in mine)
