"""Stages at the ends of earlier months: as they were then, and ending with today's."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given, settings

from engine import columns as c
from engine.lifecycle.funnel import funnel
from engine.lifecycle.groups import SINCE_DAYS, WAS, WAS_WARNED, entry_points, group_keys, stage_groups
from engine.lifecycle.history import History, history, month_ends
from engine.lifecycle.known import Known, known, purchases_of
from engine.lifecycle.stages import EVERY, NAMES, standing
from engine.phrases import Phrase
from tests.engine.lifecycle.made import AS_OF, RULES, SHOP, events_of, known_of, orders_of
from tests.engine.lifecycle.test_stages import SHOPS


def by_recency(found: Known) -> Callable[[pd.Timestamp], pd.Series]:
    """A chance that grows by .1 with every 20 days since the last purchase."""
    orders = purchases_of(found)

    def chances(day: pd.Timestamp) -> pd.Series:
        last = orders[orders[c.AT] < day].groupby(c.CUSTOMER)[c.AT].max()
        steps: pd.Series = (day - last).dt.days // 20
        return (steps / 10).clip(upper=1.0)

    return chances


def told(found: Known) -> History:
    return history(found, by_recency(found), RULES)


def path(past: History, customer: int) -> dict[str, str]:
    """A customer's changes: month-day, and the stage, with ! where warned."""
    rows = past.changes()
    mine = rows[rows[c.CUSTOMER] == customer]
    return {
        f"{at:%m-%d}": f"{stage}{'!' * warned}"
        for at, stage, warned in zip(mine[c.AT], mine[c.STAGE], mine[c.WARNED], strict=True)
    }


def test_a_customer_s_way_by_hand() -> None:
    # as of 2026-07-16: 190 days ago is 7 January, 120 days ago 18 March; then the days since and the chance are
    # 1 Feb 25, .1 · 1 Mar 53, .2 · 1 Apr 14, .0 · 1 May 44, .2 · 1 Jun 75, .3 · 1 Jul 105, .5 · 16 Jul 120, .6
    found = known_of({1: [190, 120], 2: [300]})
    assert path(told(found), 1) == {"02-01": "purchase", "03-01": "use"}
    # once, 200 days ago (28 December): 1 Jan 4, .0 · 1 Feb 35, .1 · 1 Mar 63, .3 · 1 Apr 94, .4 · 1 May 124, .6
    # · 1 Jun 155, .7 · 1 Jul 185, .9
    found = known_of({1: [200]})
    assert path(told(found), 1) == {"01-01": "purchase", "03-01": "use", "06-01": "use!", "07-01": "churn"}


def test_the_ends_of_months() -> None:
    assert [f"{day:%Y-%m-%d}" for day in month_ends(known_of({1: [50]}))] == ["2026-06-01", "2026-07-01"]
    assert [f"{day:%Y-%m-%d}" for day in month_ends(known_of(events={1: [("view", 16)]}))] == ["2026-07-01"]
    assert month_ends(known_of({1: [15]})) == ()  # the first of July itself is not over before it
    assert len(month_ends(known_of({1: [900]}))) == 12
    assert month_ends(known_of(customers=[1])) == ()


def test_today_is_no_month_s_end_twice() -> None:
    orders = orders_of({1: [50]})
    as_of = pd.Timestamp("2026-07-01")
    found = known(pd.Index([1]), orders, events_of({}), SHOP, as_of)
    assert [f"{day:%m-%d}" for day in told(found).days] == ["06-01", "07-01"]


@pytest.mark.parametrize(
    ("as_of", "before"), [("2026-07-16", "07-01"), ("2026-07-08", "07-01"), ("2026-07-07", "06-01")]
)
def test_what_today_is_compared_with(as_of: str, before: str) -> None:
    found = known(pd.Index([1]), orders_of({1: [100]}), events_of({}), SHOP, pd.Timestamp(as_of))
    past = told(found)
    assert past.before is not None
    assert f"{past.days[past.before]:%m-%d}" == before


def test_a_shop_of_a_few_days_has_nothing_to_compare_with() -> None:
    assert told(known_of({1: [3]})).before is None


@settings(max_examples=12)
@given(SHOPS)
def test_laws(shop: dict[int, tuple[list[int], list[tuple[str, int]], float]]) -> None:
    found = known_of({i: days for i, (days, _, _) in shop.items() if days}, {i: d for i, (_, d, _) in shop.items()})
    past = told(found)
    # the last entry is today's
    today = standing(found, AS_OF, by_recency(found)(AS_OF), RULES)
    pd.testing.assert_frame_equal(past.now, today)
    assert [EVERY[code] for code in past.stages[:, -1]] == today[c.STAGE].tolist()
    # everybody is in one stage at every time
    counts = past.counts()
    assert (counts.groupby(c.AT)["n"].sum() == len(today)).all()
    # the changes tell the same as the stages
    newest = past.changes().drop_duplicates(c.CUSTOMER, keep="last").set_index(c.CUSTOMER)[c.STAGE]
    told_now = newest.reindex(today.index).astype(object).fillna("unknown")
    assert told_now.tolist() == today[c.STAGE].tolist()


@settings(max_examples=12)
@given(SHOPS)
def test_the_future_is_not_looked_into(shop: dict[int, tuple[list[int], list[tuple[str, int]], float]]) -> None:
    orders = orders_of({i: days for i, (days, _, _) in shop.items()})
    events = events_of({i: deeds for i, (_, deeds, _) in shop.items()})
    then = pd.Timestamp("2026-03-01")
    customers = pd.Index(sorted(shop))
    whole = known(customers, orders, events, SHOP, AS_OF)
    if not set(orders[c.CUSTOMER]) <= set(orders.loc[orders[c.AT] < then, c.CUSTOMER]):
        events = events[events[c.KIND] != "buy"]  # who is known by orders later had events of buying before
        whole = known(customers, orders, events, SHOP, AS_OF)
    part = known(customers, orders[orders[c.AT] < then], events[events[c.AT] < then], SHOP, then)
    late, early = (standing(one, then, by_recency(one)(then), RULES) for one in (whole, part))
    sells = bool(part.purchases.days.size) == bool(whole.purchases.days.size)
    if sells and "rating" not in set(events[c.KIND]):
        assert late[c.STAGE].tolist() == early[c.STAGE].tolist()
        assert late[c.WARNED].tolist() == early[c.WARNED].tolist()


def rows(
    stage: str, was: str, *, warned: bool = False, was_warned: bool = False, days: int = 3, last: int = 10
) -> pd.DataFrame:
    """Somebody who bought on so many days, the last time so many days ago; it is compared with 15 days ago."""
    facts = {c.STAGE: stage, c.WARNED: warned, c.PURCHASE_DAYS: days, c.RECENCY_DAYS: last}
    return pd.DataFrame([{**facts, WAS: was, WAS_WARNED: was_warned, SINCE_DAYS: 15}])


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("new-warned", rows("use", "use", warned=True)),
        ("new-warned", rows("use", "loyalty", warned=True)),
        ("new-churn", rows("churn", "use", was_warned=True)),
        ("no-second", rows("use", "purchase", days=1)),
        ("new-evaluation", rows("evaluation", "interest", days=0)),
        ("new-buyers", rows("purchase", "unknown", days=1)),
        ("new-loyal", rows("loyalty", "use")),
        ("won-back", rows("use", "churn")),
        ("", rows("use", "use")),
        ("", rows("use", "use", warned=True, was_warned=True)),
        ("", rows("churn", "churn")),
        ("won-back", rows("use", "churn", warned=True)),
        ("", rows("use", "churn", last=100)),  # the forecast has changed its mind
    ],
)
def test_who_has_just_moved(key: str, row: pd.DataFrame) -> None:
    assert [group.key for group in entry_points() if group.of(row)[0]] == [key][: bool(key)]


def test_the_keys_of_groups_are_one_of_a_kind() -> None:
    assert len(set(group_keys())) == len(group_keys()) == len(stage_groups()) + len(entry_points())
    assert all(len(key.encode()) <= 20 for key in group_keys())
    assert set(NAMES) == set(EVERY)
    assert all(isinstance(group.meaning, Phrase) for group in (*stage_groups(), *entry_points()))


def test_a_funnel_by_hand() -> None:
    found = known_of(
        {1: [3], 2: [5, 50], 3: [1, 2, 3, 4], 9: [1, 2, 3, 300, 301]},
        {4: [("visit", 3)], 5: [("visit", 3), ("visit", 9)], 6: [("view", 3)], 7: [("cart", 200)], 1: [("view", 9)]},
        [8],
    )
    past = told(found)
    assert [(step.key, step.n) for step in funnel(found, past.now, RULES)] == [
        ("seen", 8),
        ("interested", 7),
        ("weighed", 5),
        ("bought", 4),
        ("again", 3),
        ("often", 2),
    ]
    bought = known_of({1: [3], 2: [5, 50]}, customers=[3])
    assert [(step.key, step.n) for step in funnel(bought, told(bought).now, RULES)] == [
        ("bought", 2),
        ("again", 1),
        ("often", 0),
    ]
