"""What a file cannot tell, for shops made up by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.intake import limits as lim
from engine.intake.limits import Extent, Facts, limits
from engine.phrases import Phrase
from engine.recommend import caution
from engine.segments import segmentation

FACTS = Facts(None, False, True, True, None, "CNY", 500, 0)
# a year of 200 customers, of whom 100 came back three times: 300 repeats in 200 * 180 days are 120 days apart
SHOP = Extent(500, 200, 100, 300, 36_000.0, 40, date(2025, 1, 1), date(2025, 12, 31), has_consents=True)


def told(facts: Facts = FACTS, extent: Extent = SHOP) -> dict[str, str]:
    return {limit.name: f"{limit.what} {limit.then or ''}".strip() for limit in limits(facts, extent)}


def test_the_thresholds_are_those_of_the_rooms() -> None:
    assert lim.CUSTOMERS_FOR_GROUPS == segmentation.FEWEST
    assert lim.CUSTOMERS_FOR_ADVICE == caution.FEW_CUSTOMERS


def test_the_extent_of_a_shop_by_hand() -> None:
    orders = pd.DataFrame(
        {
            c.CUSTOMER: [7, 7, 9, -1],
            c.AT: np.array(["2025-01-01", "2025-01-03", "2025-01-02T12:00", "2025-01-05"], dtype="datetime64[s]"),
        }
    )
    # customer 7 is seen for four days, 9 for two and a half
    assert Extent.of(orders, 3, has_consents=False) == Extent(
        4, 2, 1, 1, 6.5, 3, date(2025, 1, 1), date(2025, 1, 5), has_consents=False
    )
    assert Extent.of(orders[:0], 0, has_consents=True).first is None


def test_a_full_shop_has_no_limits() -> None:
    assert told() == {}


def test_twenty_five_days_are_too_short() -> None:
    # 40 orders of 40 customers came after a first one: 40 * 12 / 10 = 48 days apart, twice that is 96; 96 - 25 = 71
    # days are 2.3 months
    short = replace(
        SHOP, orders=50, customers=40, repeat_buyers=35, repeats=10, exposure_days=480.0, last=date(2025, 1, 25)
    )
    assert short.gap_days == 48
    assert told(extent=short)["period"] == (
        "How often people come back: 25 days are too short to see it. After about 3 more months of orders it shows; or "
        "export further back now."
    )


def test_without_anybody_who_came_back_three_months_are_asked_for() -> None:
    short = replace(SHOP, repeat_buyers=0, repeats=0, last=date(2025, 3, 1))  # 60 days; 30 more
    assert "about 1 more month of" in told(extent=short)["period"]
    assert "period" not in told(extent=replace(short, last=date(2025, 3, 31)))


def test_a_slow_shop_needs_longer_but_not_for_ever() -> None:
    slow = replace(SHOP, repeats=10, exposure_days=36_000.0)  # ten years apart
    assert "about 24 more months" in told(extent=slow)["period"]


def test_few_repeat_buyers_are_counted_and_what_is_missing_at_their_pace() -> None:
    # 10 in a year: the 20 that are missing take two years
    few = replace(SHOP, repeat_buyers=10)
    assert told(extent=few)["repeat_buyers"] == (
        "When somebody buys next: 10 of 200 customers have bought more than once. Forecasts need about 30 who "
        "came back; at the pace so far in about 24 months."
    )
    assert "takes years" in told(extent=replace(SHOP, repeat_buyers=2))["repeat_buyers"]
    assert "there are 0 so far" in told(extent=replace(SHOP, repeat_buyers=0))["repeat_buyers"]


def test_few_customers_make_no_groups() -> None:
    few = replace(SHOP, customers=19)
    assert "19 customers are too few" in told(extent=few)["groups"]
    assert "groups" not in told(extent=replace(SHOP, customers=20))
    assert "few_for_advice" in told(extent=replace(SHOP, customers=99))
    assert "few_for_advice" not in told(extent=replace(SHOP, customers=100))


@pytest.mark.parametrize(
    ("facts", "extent", "name", "words"),
    [
        (replace(FACTS, buyer="absent"), SHOP, "buyer", "no column says so, so 500 orders tell of products and times"),
        (replace(FACTS, buyer="masked"), SHOP, "buyer", "every buyer is masked or empty"),
        (replace(FACTS, buyer="absent", has_products=False), SHOP, "buyer", "tell of times only"),
        (replace(FACTS, names_only=True), SHOP, "names_only", "two people of one name count as one"),
        (replace(FACTS, has_products=False), SHOP, "products", "no column names products"),
        (replace(FACTS, only_price=39.0), SHOP, "one_price", "everything costs the same, ¥39.00"),
        (FACTS, replace(SHOP, products=1), "one_product", "all orders are for one product"),
        (FACTS, replace(SHOP, customers=1), "one_customer", "all orders are one customer's"),
        (FACTS, replace(SHOP, last=date(2025, 1, 1)), "one_day", "of one day, 2025-01-01"),
        (replace(FACTS, has_time_of_day=False), SHOP, "time_of_day", "no time of day"),
        (replace(FACTS, currency=None), SHOP, "currency", "no currency is named"),
        (FACTS, replace(SHOP, has_consents=False), "consent", "nothing says so yet"),
        (replace(FACTS, n_orders=0, n_gone=7), SHOP, "all_gone", "All of its 7 rows were refunded"),
    ],
)
def test_each_limit_is_said_with_its_figures(facts: Facts, extent: Extent, name: str, words: str) -> None:
    assert words in told(facts, extent)[name]


def test_the_platform_says_which_export_names_the_buyer() -> None:
    hint = Phrase("Orders to ship")
    assert told(replace(FACTS, buyer="absent", hint=hint))["buyer"].endswith("only. Orders to ship")


def test_without_customers_nothing_is_said_about_people() -> None:
    nobody = replace(SHOP, customers=0, repeat_buyers=0, repeats=0, exposure_days=0.0, has_consents=False)
    assert list(told(replace(FACTS, buyer="absent"), nobody)) == ["buyer"]
