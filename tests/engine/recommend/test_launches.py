from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History
from engine.recommend.launches import came_in, launched, with_launches
from tests.engine.recommend.tables import AS_OF, Row, interactions

LAUNCHED = np.array([8, 9])


def made(lists: dict[int, dict[int, float]]) -> pd.DataFrame:
    """Each customer's products with their scores, best first."""
    rows = [
        (customer, product, score)
        for customer, scores in lists.items()
        for product, score in sorted(scores.items(), key=lambda pick: -pick[1])
    ]
    return pd.DataFrame(rows, columns=[c.CUSTOMER, c.PRODUCT, c.SCORE]).astype({c.CUSTOMER: int, c.PRODUCT: int})


def shown(picks: pd.DataFrame) -> dict[int, list[int]]:
    return {who: picks[c.PRODUCT][picks[c.CUSTOMER] == who].tolist() for who in picks[c.CUSTOMER].unique().tolist()}


def test_those_who_want_it_most_get_it() -> None:
    picks = made({who: {1: 0.9, 2: 0.8, 8: who / 100} for who in (1, 2, 3, 4)})
    # a quarter of 8 places are 2
    assert shown(with_launches(picks, LAUNCHED, 0.25, 2)) == {1: [1, 2], 2: [1, 2], 3: [1, 8], 4: [1, 8]}


def test_the_launches_take_turns() -> None:
    picks = made({who: {1: 0.9, 2: 0.8, 8: 0.5, 9: 0.1} for who in (1, 2, 3, 4)})
    after = with_launches(picks, LAUNCHED, 0.25, 2)
    assert sorted(after[c.PRODUCT][after[c.PRODUCT] > 7]) == [8, 9]


def test_what_earned_its_place_counts() -> None:
    picks = made({1: {8: 0.9, 2: 0.8, 9: 0.7}, 2: {1: 0.9, 2: 0.8, 9: 0.7}})
    assert shown(with_launches(picks, LAUNCHED, 0.25, 2)) == {1: [8, 2], 2: [1, 2]}


def test_what_earned_its_place_is_not_taken_away() -> None:
    picks = made({1: {8: 0.9, 9: 0.8, 1: 0.7}})
    assert shown(with_launches(picks, LAUNCHED, 0.1, 2)) == {1: [8, 9]}


def test_nothing_to_show() -> None:
    assert with_launches(made({}), LAUNCHED, 0.5, 3).empty
    assert shown(with_launches(made({1: {1: 0.5}}), np.array([], np.int64), 1.0, 3)) == {1: [1]}


def test_a_share_above_all_is_refused() -> None:
    with pytest.raises(ValueError, match=r"share is 1.5"):
        with_launches(made({}), LAUNCHED, 1.5, 3)


scores = st.dictionaries(st.integers(1, 9), st.floats(0, 1), min_size=1)


@given(st.dictionaries(st.integers(1, 6), scores), st.floats(0, 1), st.integers(1, 5), st.sets(st.integers(1, 9)))
def test_laws(lists: dict[int, dict[int, float]], share: float, k: int, new: set[int]) -> None:
    picks = made(lists)
    after = with_launches(picks, np.array(sorted(new), np.int64), share, k)
    before = picks.groupby(c.CUSTOMER).head(k)
    assert after.index.is_monotonic_increasing, "the order stays"
    assert after.groupby(c.CUSTOMER).size().to_dict() == before.groupby(c.CUSTOMER).size().to_dict()
    kept = set(before.index) & set(after.index)
    gone, came = set(before.index) - kept, set(after.index) - kept
    assert picks.loc[sorted(came), c.PRODUCT].isin(new).all()
    assert not picks.loc[sorted(gone), c.PRODUCT].isin(new).any()
    had = int(before[c.PRODUCT].isin(new).sum())
    wanted = math.floor(share * len(before) + 1e-9) - had
    possible = 0
    for who, rows in picks.groupby(c.CUSTOMER):
        is_new = rows[c.PRODUCT].isin(new)
        most = math.ceil(share * min(len(rows), k) - 1e-9)
        possible += min(max(0, most - int(is_new[:k].sum())), int(is_new[k:].sum()))
        assert int(after[after[c.CUSTOMER] == who][c.PRODUCT].isin(new).sum()) <= max(most, int(is_new[:k].sum()))
    assert len(came) == max(0, min(wanted, possible)), "the share is reached as far as there are launches to show"


def shop(rows: list[Row], **told: list[str | None]) -> History:
    products = {id_: Name(f"P{id_}") for id_ in range(1, 5)}
    catalogue = pd.DataFrame({name: pd.to_datetime(pd.Series(days, list(products))) for name, days in told.items()})
    return History.of(interactions(rows), products, [1], pd.Timestamp(AS_OF), catalogue=catalogue)


SOLD: list[Row] = [(1, 1, 1, "2026-01-01"), (1, 2, 2, "2026-06-10"), (1, 3, 3, "2026-06-10")]


def test_the_date_that_is_told_counts_before_the_first_sale() -> None:
    past = shop(SOLD, launched=[None, None, "2025-12-01", "2026-06-20"])
    assert launched(past, 30).tolist() == [1, 3]


def test_what_the_store_heard_of_before_it_was_sold() -> None:
    past = shop(SOLD, added=["2026-02-01", "2026-02-01", "2026-03-01", "2026-06-25"])
    assert came_in(past, 30).dt.strftime("%m-%d").fillna("").tolist() == ["", "06-10", "03-01", "06-25"]
    assert launched(past, 30).tolist() == [1, 3]


def test_a_shop_that_has_just_begun_has_no_launches() -> None:
    past = shop([(1, 1, 1, "2026-06-20"), (1, 2, 2, "2026-06-25")], added=["2026-06-29"] * 4)
    assert launched(past, 30).size == 0


def test_what_is_announced_is_not_launched() -> None:
    assert launched(shop(SOLD, launched=[None, "2026-12-24", None, None]), 30).tolist() == [2]


def test_a_shop_without_orders() -> None:
    assert launched(shop([], launched=[None, None, None, "2026-06-20"]), 30).tolist() == [3]
