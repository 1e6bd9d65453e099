"""Each row of the reference's table of stages, by hand, and the laws that hold for everybody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.lifecycle.dated import day_number
from engine.lifecycle.known import Signs, known, purchases_of
from engine.lifecycle.stages import EVERY, STAGES, standing
from tests.engine.lifecycle.made import AS_OF, RULES, SHOP, Deed, events_of, known_of, orders_of

NOBODY = pd.Series(dtype="float64")


def stage(
    bought: list[int], deeds: list[Deed] | None = None, p_none: float | None = None, *, signs: Signs = SHOP
) -> tuple[str, bool]:
    """The stage and the mark of a customer of a shop that sells."""
    orders = {1: bought} if bought else {}
    found = known_of({**orders, 2: [500]}, {1: deeds} if deeds else None, [1], signs)
    chances = NOBODY if p_none is None else pd.Series({1: p_none})
    row = standing(found, AS_OF, chances, RULES).loc[1]
    return str(row[c.STAGE]), bool(row[c.WARNED])


# Source: the seven stages of shared/reference/lifecycle_and_rfm.md, with H = 90 and W1 = 40
@pytest.mark.parametrize(
    ("deeds", "told"),
    [
        ([("visit", 3)], "awareness"),
        ([("open", 300)], "awareness"),
        ([("visit", 9), ("visit", 2)], "interest"),  # two sessions
        ([("view", 300)], "interest"),
        ([("click", 1)], "interest"),
        ([("cart", 30)], "evaluation"),
        ([("cart", 31)], "interest"),  # 30 days have passed
        ([("trial", 5), ("view", 1)], "evaluation"),
        ([("login", 90)], "use"),
        ([("support", 3)], "use"),
        ([("login", 91)], "interest"),
        ([("referral", 90)], "loyalty"),
        ([("referral", 2), ("cart", 2)], "evaluation"),  # no order yet: what is to be won
        ([("unsubscribe", 2)], "unknown"),
        ([], "unknown"),
    ],
)
def test_who_never_bought(deeds: list[Deed], told: str) -> None:
    assert stage([], deeds) == (told, False)


@pytest.mark.parametrize(
    ("bought", "p_none", "told"),
    [
        ([40], 0.95, ("purchase", False)),  # one order, W1 not over
        ([41], 0.95, ("churn", False)),
        ([41], 0.8, ("churn", False)),
        ([41], 0.79, ("use", True)),
        ([41], 0.65, ("use", True)),
        ([41], 0.64, ("use", False)),
        ([5, 20], 0.95, ("churn", False)),  # two orders: no new buyer any more
        ([5, 5], 0.95, ("purchase", False)),  # two orders of one day are one purchase day
        ([5, 20, 60], 0.1, ("use", False)),  # 3 days are too few
        ([5, 20, 60, 90], 0.5, ("loyalty", False)),
        ([5, 20, 60, 90], 0.51, ("use", False)),
        ([5, 5, 20, 60], 0.1, ("use", False)),
        # gaps of 15, 40 and 30 days: up to 37 days without an order are usual
        ([5, 20, 60, 90], 0.9, ("use", False)),
        ([37, 52, 92, 122], 0.9, ("use", False)),
        ([38, 53, 93, 123], 0.7, ("use", True)),
        ([38, 53, 93, 123], 0.9, ("churn", False)),
        ([5, 20, 60, 90], None, ("use", False)),  # what is not known is not guessed
        ([300], None, ("use", False)),
    ],
)
def test_who_bought(bought: list[int], p_none: float | None, told: tuple[str, bool]) -> None:
    assert stage(bought, p_none=p_none) == told


@pytest.mark.parametrize(
    ("bought", "p_none", "usual_gap", "told"),
    [
        # one gap of 60 days: as usual as the shop's own gap is
        ([70, 130], 0.9, 60.0, ("use", False)),  # 75 days, the usual 60 and a quarter more
        ([76, 136], 0.9, 60.0, ("churn", False)),
        ([70, 130], 0.9, 40.0, ("churn", False)),
        ([70, 130], 0.9, None, ("churn", False)),
        # once a year, of which H = 90 says nothing
        ([300, 665], 0.95, 365.0, ("use", False)),
        ([300, 665, 1030], 0.95, 365.0, ("use", False)),
        ([300, 665, 1030, 1395], 0.95, 365.0, ("loyalty", False)),
        ([456, 821, 1186, 1551], 0.95, 365.0, ("loyalty", False)),  # 456.25 days
        ([457, 822, 1187, 1552], 0.95, 365.0, ("churn", False)),
        # likely to come again, but away for more than three usual gaps, their own or the shop's
        ([150, 160, 170, 180], 0.4, 50.0, ("loyalty", False)),
        ([151, 161, 171, 181], 0.4, 50.0, ("use", False)),
        ([90, 91, 92, 93], 0.4, 10.0, ("loyalty", False)),  # the next 90 days are foretold: so many are not long
        ([91, 92, 93, 94], 0.4, 10.0, ("use", False)),
        ([299, 399, 499, 599], 0.4, 50.0, ("loyalty", False)),
    ],
)
def test_who_is_within_their_own_rhythm(
    bought: list[int], p_none: float, usual_gap: float | None, told: tuple[str, bool]
) -> None:
    found = known_of({1: bought})
    row = standing(found, AS_OF, pd.Series({1: p_none}), replace(RULES, usual_gap=usual_gap)).loc[1]
    assert (str(row[c.STAGE]), bool(row[c.WARNED])) == told


@given(st.lists(st.lists(st.integers(1, 400), min_size=1, max_size=6), min_size=1, max_size=5), st.integers(0, 400))
def test_usual_gaps_are_medians_of_what_was_known(shop: list[list[int]], ago: int) -> None:
    found, day = known_of(dict(enumerate(shop))), AS_OF - pd.Timedelta(days=ago)
    then = [sorted(day for day in set(bought) if day > ago) for bought in shop]
    expected = [np.median(np.diff(days)) if len(days) > 1 else np.nan for days in then]
    assert found.gaps.medians(day_number(day)).tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("deeds", "p_none", "told"),
    [
        ([("view", 90)], 0.9, ("use", True)),  # seen in the last 90 days: not lost, but warned of
        ([("view", 91)], 0.9, ("churn", False)),
        ([("view", 100)], 0.9, ("churn", False)),  # before the last order
        ([("unsubscribe", 3)], 0.9, ("churn", False)),
        ([("buy", 3)], 0.9, ("churn", False)),  # what the orders tell already
        ([("view", 10)], 0.7, ("use", False)),
        ([("rating", 10)], 0.1, ("loyalty", False)),
        ([("rating", 91)], 0.1, ("use", False)),
        ([("referral", 20)], 0.9, ("loyalty", True)),
        ([("login", 20)], 0.1, ("use", False)),
    ],
)
def test_who_bought_and_was_seen(deeds: list[Deed], p_none: float, told: tuple[str, bool]) -> None:
    assert stage([95, 150], deeds, p_none) == told


def test_a_poor_rating_shows_no_loyalty() -> None:
    found = known_of(
        {1: [50, 60], 2: [50, 60], 3: [50, 60]}, {1: [("rating", 3, 1)], 2: [("rating", 3, 5)], 3: [("rating", 3, 5)]}
    )
    told = standing(found, AS_OF, pd.Series({1: 0.1, 2: 0.1, 3: 0.1}), RULES)
    assert told[c.STAGE].tolist() == ["use", "loyalty", "loyalty"]


def test_where_nothing_is_sold_the_furthest_sign_counts() -> None:
    deeds: list[Deed] = [("cart", 3), ("login", 2)]
    told = standing(known_of(events={1: deeds}), AS_OF, NOBODY, RULES)
    assert told.loc[1, c.STAGE] == "use"


def test_buying_events_stand_for_orders_where_there_are_none() -> None:
    found = known_of({3: [10]}, {1: [("buy", 5), ("buy", 50), ("view", 5)], 2: [("view", 3)], 3: [("buy", 200)]})
    told = standing(found, AS_OF, pd.Series({1: 0.9, 3: 0.9}), RULES)
    assert told[c.PURCHASE_DAYS].tolist() == [2, 0, 1]
    assert told[c.STAGE].tolist() == ["churn", "interest", "purchase"]
    assert found.n_taken_from_events == 1
    assert len(purchases_of(found)) == 3


def test_half_an_hour_parts_two_visits() -> None:
    events = events_of({1: [("visit", 3)] * 3})
    events[c.AT] += pd.to_timedelta([0, 30, 61], unit="min")
    found = known_of(events={1: [("visit", 3)]})
    found = known(found.customers, orders_of({}), events, SHOP, AS_OF)
    assert standing(found, AS_OF, NOBODY, RULES)[c.VISITS].tolist() == [2]


def test_what_tells_the_stage() -> None:
    found = known_of(
        {1: [95, 150], 2: [3, 20]},
        {
            1: [("login", 60), ("view", 10)],
            3: [("visit", 8)],
            4: [("cart", 7), ("view", 2)],
            5: [("visit", 9), ("open", 4)],
        },
    )
    told = standing(found, AS_OF, pd.Series({1: 0.9, 2: 0.2}), RULES)
    assert told[c.SIGN].fillna("").tolist() == ["view", "", "visit", "cart", "open"]
    assert told[c.SIGN_DAYS].tolist()[:1] == [10]
    assert told[c.RECENCY_DAYS].tolist()[:2] == [95, 3]
    assert told[c.RECENCY_DAYS].isna().tolist() == [False, False, True, True, True]


def test_which_stages_the_events_can_show() -> None:
    assert known_of({1: [3]}).shown == frozenset()
    assert known_of({1: [3]}, {1: [("visit", 3)], 2: [("cart", 1)]}).shown == {"awareness", "evaluation"}


def test_nothing_at_all() -> None:
    told = standing(known_of(), AS_OF, NOBODY, RULES)
    assert told.empty
    assert standing(known_of(customers=[7]), AS_OF, NOBODY, RULES)[c.STAGE].tolist() == ["unknown"]


def test_a_customer_with_ten_thousand_orders() -> None:
    found = known_of({1: [day for day in range(1, 2001) for _ in range(5)], 2: [50]})
    told = standing(found, AS_OF, pd.Series({1: 0.0, 2: 0.3}), RULES)
    assert told[c.PURCHASE_DAYS].tolist() == [2000, 1]
    assert told[c.STAGE].tolist() == ["loyalty", "use"]


DAYS = st.lists(st.integers(1, 600), max_size=8)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["visit", "view", "cart", "buy", "login", "rating", "unsubscribe", "odd"]), st.integers(1, 600)
    ),
    max_size=6,
)
SHOPS = st.dictionaries(st.integers(1, 12), st.tuples(DAYS, DEEDS, st.floats(0, 1)), min_size=1, max_size=12)


@settings(max_examples=25)
@given(SHOPS)
def test_everyone_has_one_stage_and_rows_may_come_in_any_order(
    shop: dict[int, tuple[list[int], list[tuple[str, int]], float]],
) -> None:
    orders = orders_of({id_: days for id_, (days, _, _) in shop.items()})
    events = events_of({id_: deeds for id_, (_, deeds, _) in shop.items()})
    chances = pd.Series({id_: chance for id_, (_, _, chance) in shop.items()})
    customers = pd.Index(sorted(shop), dtype="int64")
    told = standing(known(customers, orders, events, SHOP, AS_OF), AS_OF, chances, RULES)
    mixed = standing(
        known(
            customers[::-1], orders.sample(frac=1, random_state=1), events.sample(frac=1, random_state=2), SHOP, AS_OF
        ),
        AS_OF,
        chances.sample(frac=1, random_state=3),
        RULES,
    )
    pd.testing.assert_frame_equal(told, mixed)
    assert told.index.tolist() == sorted(shop)
    assert told[c.STAGE].notna().all()
    assert set(told[c.STAGE]) <= set(EVERY)
    assert set(told.loc[told[c.WARNED], c.STAGE]) <= {"use", "loyalty"}
    bought = told[c.PURCHASE_DAYS] > 0
    assert not set(told.loc[~bought, c.STAGE]) & {"purchase", "churn"}
    assert not set(told.loc[bought, c.STAGE]) & {"unknown", "awareness", "interest", "evaluation"}
    # a reason's event is there for everybody whose stage events alone can tell
    assert told.loc[~bought & (told[c.STAGE] != "unknown"), c.SIGN].notna().all()


@settings(max_examples=20)
@given(DAYS.filter(bool), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_of_leaving_never_makes_it_better(bought: list[int], one: float, other: float) -> None:
    rank = {("loyalty", False): 0, ("use", False): 1, ("use", True): 2, ("churn", False): 3}
    low, high = stage(bought, p_none=min(one, other)), stage(bought, p_none=max(one, other))
    if low[0] == "purchase":
        assert low == high
    else:
        assert rank[low] <= rank[high]


def test_thresholds_can_be_set() -> None:
    found = known_of({1: [50, 100]})
    strict = replace(RULES, lost_from=0.5)
    assert standing(found, AS_OF, pd.Series({1: 0.6}), strict).loc[1, c.STAGE] == "churn"
    assert STAGES == ("awareness", "interest", "evaluation", "purchase", "use", "loyalty", "churn")
    assert np.isclose(RULES.lost_from, 0.8)


# by hand: three usual gaps of 100 days are 300, two are 200
@pytest.mark.parametrize(
    ("bought", "told"),
    [
        ([30], ("purchase", False)),
        ([200], ("use", False)),
        ([201], ("use", True)),
        ([300], ("use", True)),
        ([301], ("churn", False)),
        ([1328, 1400, 1500, 1600], ("churn", False)),
        ([200, 300, 400, 500], ("loyalty", False)),
        ([201, 300, 400, 500], ("use", True)),
        ([200, 300, 400], ("use", False)),
    ],
)
def test_by_plain_days(bought: list[int], told: tuple[str, bool]) -> None:
    found = known_of({1: bought, 2: [500]}, None, [1], SHOP)
    row = standing(found, AS_OF, NOBODY, replace(RULES, lost_days=300, warned_days=200)).loc[1]
    assert (str(row[c.STAGE]), bool(row[c.WARNED])) == told
