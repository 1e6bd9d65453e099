from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.recommend.lists import Bought, Candidates, mixed, places, two_lists
from engine.recommend.who import Wanted
from tests.engine.recommend.tables import history, positions

PAST = history([(1, 10, 1, "2026-06-01"), (1, 11, 2, "2026-06-02"), (2, 10, 3, "2026-06-03"), (3, 12, 4, "2026-06-04")])

OWN = positions(0, 1, 2)


def candidates(*rows: tuple[int, int, float]) -> Candidates:
    row, product, score = zip(*rows, strict=True)
    return Candidates(positions(*row), positions(*product), np.array(score), np.zeros(len(rows), np.int64))


def lists(*rows: tuple[bool, int, float], customer: int = 1) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[c.AGAIN, c.RANK, c.SCORE]).assign(**{c.CUSTOMER: customer})
    return table.assign(name=[f"{'a' if again else 'n'}{rank}" for again, rank, _ in rows])


SIX = lists((True, 1, 0.9), (True, 2, 0.5), (True, 3, 0.1), (False, 1, 0.6), (False, 2, 0.5), (False, 3, 0.2))


@pytest.mark.parametrize(
    ("share", "order"),
    [
        (None, "a1 n1 a2 n2 n3 a3"),  # .9 .6 .5 .5 .2 .1, of equals what to buy again
        (0.5, "a1 n1 a2 n2 a3 n3"),
        (0.0, "n1 n2 n3 a1 a2 a3"),
        (1.0, "a1 a2 a3 n1 n2 n3"),
        # the first of four to buy again at the second place, half a product counting as one: 1/4 · 2 = 1/2
        (0.25, "n1 a1 n2 n3 a2 a3"),
        (0.75, "a1 a2 n1 a3 n2 n3"),
    ],
)
def test_how_two_lists_are_mixed(share: float | None, order: str) -> None:
    assert " ".join(mixed(SIX, 6, share)["name"]) == order


def test_a_list_keeps_its_order_though_a_rule_put_a_weak_one_first() -> None:
    pinned = lists((True, 1, 0.0), (True, 2, 0.9), (False, 1, 0.5))
    assert " ".join(mixed(pinned, 3, None)["name"]) == "a1 a2 n1"


def test_people_are_mixed_apart() -> None:
    both = pd.concat([SIX, lists((False, 1, 0.3), customer=2)])
    assert mixed(both, 2, 0.5)[[c.CUSTOMER, "name"]].to_numpy().tolist() == [[1, "a1"], [1, "n1"], [2, "n1"]]


@given(st.integers(0, 9), st.integers(0, 9), st.sampled_from([0.0, 0.1, 0.3, 1 / 3, 0.5, 0.7, 1.0]), st.integers(1, 20))
@settings(max_examples=100)
def test_the_share_holds_at_every_place_and_nothing_is_lost(n_again: int, n_new: int, share: float, n: int) -> None:
    rows = [(True, rank, 1.0) for rank in range(1, n_again + 1)] + [(False, rank, 1.0) for rank in range(1, n_new + 1)]
    shown = mixed(lists(*rows), n, share) if rows else pd.DataFrame({"name": []})
    assert len(shown) == min(n, len(rows))
    for place in range(1, len(shown) + 1):
        so_far = int(shown[c.AGAIN].iloc[:place].sum())
        if so_far < n_again and place - so_far < n_new:
            assert abs(so_far - share * place) <= 0.5 + 1e-9


def test_what_was_bought_before_is_to_buy_again() -> None:
    found = candidates((0, 0, 0.9), (0, 2, 0.8), (0, 1, 0.7), (1, 1, 0.5), (1, 0, 0.4))
    again = Bought(PAST, OWN).before(positions(0, 1), found)
    assert again.tolist() == [True, False, True, False, True]
    chosen, flags, rank = two_lists(found, again, OWN, 1)
    assert list(zip(chosen.row, chosen.product, flags, rank, strict=True)) == [
        (0, 0, True, 1), (0, 2, False, 1), (1, 0, True, 1), (1, 1, False, 1),
    ]  # fmt: skip


def test_one_thing_under_two_numbers_is_once_in_a_list_and_no_discovery() -> None:
    same = positions(0, 0, 2)
    found = candidates((0, 1, 0.9), (0, 0, 0.5), (1, 2, 0.4))
    past = history([(1, 10, 1, "2026-06-01"), (2, 11, 2, "2026-06-01"), (2, 12, 3, "2026-06-01")])
    again = Bought(past, same).before(positions(0, 1), found)
    assert again.tolist() == [True, True, True]
    chosen, _, _ = two_lists(found, again, same, 10)
    assert chosen.product.tolist() == [1, 2]


def test_places() -> None:
    assert places(positions(7, 7, 2, 2, 2, 9)).tolist() == [1, 2, 1, 2, 3, 1]
    assert places(positions()).tolist() == []


def test_who_wants_a_product_most(monkeypatch: pytest.MonkeyPatch) -> None:
    def best(pending: int) -> list[tuple[int, int, int]]:
        monkeypatch.setattr("engine.recommend.who.PENDING", pending)
        wanted = Wanted(2, 6)
        for customers, scores in ((positions(0, 1), (0.3, 0.3)), (positions(2, 3), (0.9, 0.1))):
            found = candidates((0, 5, scores[0]), (1, 5, scores[1]), (1, 4, 0.5))
            wanted.add(customers, found, np.zeros(3, np.bool_))
        result = wanted.best()
        return list(zip(result.product.tolist(), result.customer.tolist(), result.rank.tolist(), strict=True))

    # product 4 is wanted by customers 1 and 3 alike; 5 most by 2, then by 0 and 1 alike, of whom the earlier stays
    assert best(1_000_000) == [(4, 1, 1), (4, 3, 2), (5, 2, 1), (5, 0, 2)]
    assert best(1) == best(1_000_000)
    assert Wanted(2, 6).best().rank.size == 0
