"""Each check of data quality on a table that an eye can check."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.intake import festivals, reasons
from engine.intake.evidence import Evidence, Finding, LeftOut
from engine.intake.quality import checks, findings, in_order

TODAY = date(2026, 11, 23)
Row = tuple[int, str, int, float, float]  # customer, at, product, pieces, price


def shop(
    rows: list[Row], n_people: int = 3, n_goods: int = 3, charges: tuple[int, ...] = (), **facts: object
) -> Evidence:
    """One order of one line per row."""
    who, at, product, pieces, price = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    quantity, prices = np.array(pieces, dtype=float), np.array(price, dtype=float)
    told: dict[str, object] = {
        "people": pd.DataFrame({c.CUSTOMER_KEY: [f"K{i}" for i in range(n_people)]}, dtype=object),
        "returned": np.zeros(n_people),
        "currency": "CNY",
        "today": TODAY,
    }
    return Evidence(
        orders=pd.DataFrame(
            {
                c.ORDER_KEY: np.array([f"N{i}" for i in range(len(rows))], dtype=object),
                c.CUSTOMER: np.array(who, dtype=np.int64),
                c.AT: np.array(at, dtype="datetime64[s]"),
                c.REVENUE: quantity * prices,
                c.QUANTITY: quantity,
            }
        ),
        lines=pd.DataFrame(
            {
                c.ORDER: np.arange(len(rows)),
                c.PRODUCT: np.array(product, dtype=np.int64),
                c.QUANTITY: quantity,
                c.PRICE: prices,
            }
        ),
        goods=pd.DataFrame({c.PRODUCT_KEY: [f"P{i}" for i in range(n_goods)]}, dtype=object),
        charges=np.isin(np.arange(n_goods), charges),
        **(told | facts),  # type: ignore[arg-type]
    )


def usual(n: int, first: str = "2025-01-01T10:00") -> list[Row]:
    """An order a day of three customers and three products, each at its price of 10, 11 or 12."""
    start = np.datetime64(first, "s")
    return [
        (i % 3, str(start + np.timedelta64(i * 86_400 + i % 7 * 60, "s")), i % 3, 1.0, 10.0 + i % 3) for i in range(n)
    ]


def found(evidence: Evidence) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings(evidence)}


def examples(finding: Finding) -> list[str]:
    return [str(example) for example in finding.examples]


def test_every_check_says_what_it_looks_at() -> None:
    assert len(checks()) == len(set(map(str, in_order([])))) >= 14
    one = findings(shop(usual(5), repeated=1))
    assert [finding.check for finding in one] == ["repeated_rows"]
    assert set(in_order([])) - set(in_order(one)) == {checks()["repeated_rows"].LOOKED_AT}


def test_nothing_odd_and_nothing_at_all_find_nothing() -> None:
    assert found(shop(usual(200))) == {}
    assert found(shop([])) == {}
    assert found(Evidence.of_people(pd.DataFrame({c.CUSTOMER_KEY: ["K0"]}, dtype=object), 0, TODAY)) == {}


def test_many_pieces() -> None:
    finding = found(shop([*usual(50), (0, "2025-02-20T10:00", 1, 80_995, 11.0)]))["many_pieces"]
    assert (finding.n, examples(finding)) == (1, ["order N50, 2025-02-20: P1, 80,995 pieces"])


def test_pieces_of_a_charge_are_money() -> None:
    assert "many_pieces" not in found(
        shop([*usual(50), (0, "2025-02-20T10:00", 3, 8_000, 1.0)], n_goods=4, charges=(3,))
    )


def test_a_large_order_is_told_by_how_many_times_it_is_usual() -> None:
    # 11 is the middle of 10, 11 and 12
    finding = found(shop([*usual(50), (0, "2025-02-20T10:00", 1, 50, 11.0)]))["large_orders"]
    assert (finding.n, examples(finding)) == (1, ["order N50, 2025-02-20: ¥550.00, 50 times the usual"])


def test_cents_among_euros() -> None:
    finding = found(shop([*usual(50), (0, "2025-02-20T10:00", 1, 1, 1100.0), (1, "2025-02-20T11:00", 2, 1, 1.2)]))
    assert finding["tenfold_prices"].n == 2
    assert examples(finding["tenfold_prices"]) == [
        "P1: ¥1,100.00 in order N50, 2025-02-20; usually ¥11.00",
        "P2: ¥1.20 in order N51, 2025-02-20; usually ¥12.00",
    ]


def test_a_price_of_half_is_a_bargain() -> None:
    assert "tenfold_prices" not in found(shop([*usual(50), (0, "2025-02-20T10:00", 1, 1, 5.5)]))


def test_an_order_entered_twice_has_customer_minute_and_sum() -> None:
    twice: list[Row] = [(0, "2025-03-01T10:00:05", 1, 3, 11.0), (0, "2025-03-01T10:00:50", 1, 3, 11.0)]
    finding = found(shop([*usual(50), *twice]))["entered_twice"]
    assert (finding.n, examples(finding)) == (1, ["N50, N51: K0, 2025-03-01, ¥33.00"])
    others: list[Row] = [(1, *twice[1][1:]), (0, "2025-03-01T10:01:00", 1, 3, 11.0), (-1, *twice[1][1:])]
    for other in others:
        assert "entered_twice" not in found(shop([*usual(50), twice[0], other]))


def test_without_times_of_day_two_orders_must_hold_the_same() -> None:
    day = "2025-03-01"
    rows: list[Row] = [(0, day, 1, 3, 10.0), (0, day, 2, 3, 10.0), (1, day, 2, 3, 10.0), (1, day, 2, 3, 10.0)]
    finding = found(shop(rows))["entered_twice"]
    assert (finding.n, examples(finding)) == (1, ["N2, N3: K1, 2025-03-01, ¥30.00"])


def test_rows_that_repeat_have_the_line_that_stands_twice() -> None:
    evidence = shop(usual(5), repeated=1)
    twice = pd.concat([evidence.lines, evidence.lines.iloc[[2]]], ignore_index=True)
    made = found(Evidence(**{**evidence.__dict__, "lines": twice}))["repeated_rows"]
    assert (made.n, examples(made)) == (1, ["order N2, 2025-01-03: P2, 2 times"])


@pytest.mark.parametrize(
    ("check", "reason"), [("negative_prices", reasons.NEGATIVE_PRICE), ("currencies", reasons.OTHER_CURRENCY)]
)
def test_rows_left_out_are_shown_as_they_stand(check: str, reason: object) -> None:
    text = str(reason)
    evidence = shop(usual(5), reasons={text: 2}, left_out={text: [LeftOut(7, "A,1,-5")]})
    finding = found(evidence)[check]
    assert (finding.n, examples(finding)) == (2, ["row 7: A,1,-5"])


def test_dates_ahead_of_today_and_not_of_tomorrow() -> None:
    finding = found(shop([*usual(5), (0, "2026-11-24T10:00", 0, 1, 10), (0, "2062-11-25T10:00", 0, 1, 10)]))["future"]
    assert (finding.n, examples(finding)) == (1, ["order N6, 2062-11-25"])


def test_ages_that_cannot_be() -> None:
    people = pd.DataFrame(
        {
            c.CUSTOMER_KEY: ["a", "b", "c", "d"],
            c.NAME: ["Ann", None, None, None],
            c.BIRTH_YEAR: [1900, 1990, 2025, None],
            c.JOINED: ["2020-01-01", None, None, "2031-05-01"],
        },
        dtype=object,
    )
    finding = found(Evidence.of_people(people, 0, TODAY))["birth_years"]
    assert (finding.n, examples(finding)) == (
        3, ["Ann (a): born in 1900", "c: born in 2025", "d: joined on 2031-05-01"]
    )  # fmt: skip


def test_more_returned_than_bought() -> None:
    finding = found(shop(usual(3), returned=np.array([10.0, 11.5, 0.0])))["more_returned"]
    assert (finding.n, examples(finding)) == (1, ["K1: bought ¥11.00, gave back ¥11.50"])


def test_a_reseller_is_told_with_its_share() -> None:
    # 30 customers bought for 10 each, one for 700: 70 % of 1,000
    rows: list[Row] = [(i, f"2025-01-{i + 1:02}T10:00", 0, 1, 10.0) for i in range(30)]
    finding = found(shop([*rows, (30, "2025-01-31T10:00", 0, 70, 10.0)], n_people=31))["resellers"]
    assert (finding.n, examples(finding)) == (1, ["K30: ¥700.00, 70.0% of the money"])
    assert not finding.is_fault


def test_orders_of_nobody_have_their_share() -> None:
    finding = found(shop([*usual(9), (-1, "2025-01-20T10:00", 0, 2, 10.0)]))["nobody"]
    assert str(finding.what) == "1 order (10%) has no customer; it is worth ¥20.00."
    assert "nobody" not in found(shop(usual(9)))


def test_where_all_orders_are_nobodys_it_is_told() -> None:
    told = findings(shop([(-1, at, product, pieces, price) for _, at, product, pieces, price in usual(9)], n_people=0))
    assert [(finding.check, finding.n) for finding in told] == [("nobody", 9)]
    names = {str(looked) for looked in in_order(told, ["orders"])}
    assert names.isdisjoint({"orders without a customer", "customers who buy like resellers"})
    assert "gaps in time" in names


def test_what_is_not_there_is_not_in_order() -> None:
    assert in_order([], []) == ()
    assert [*map(str, in_order([], ["customers"]))] == [
        "ages and joining dates that cannot be",
        "rows that are exactly alike",
    ]


def test_a_price_divided_by_a_slip_in_the_pieces_is_one_fault() -> None:
    told = found(shop([*usual(50), (0, "2025-02-20T10:00", 1, 80_995, 11.0 / 80_995)]))
    assert "many_pieces" in told
    assert "tenfold_prices" not in told


def test_postage_is_no_product() -> None:
    finding = found(shop([*usual(9), (0, "2025-01-20T10:00", 3, 1, 1.0)], n_goods=4, charges=(3,)))["charges"]
    # 1 of 99 + 1
    assert str(finding.what) == "1 product is none, but postage, a fee or a correction: 1.0% of the money."
    assert examples(finding) == ["P3: 1 line"]


def test_a_gap_in_a_busy_shop() -> None:
    busy = [row for row in usual(120) for _ in range(3)]
    rows = [row for row in busy if not "2025-03-05" <= row[1] < "2025-03-15"]
    finding = found(shop(rows))["time_gaps"]
    assert finding.is_fault
    # three orders a day, ten days
    assert examples(finding) == ["2025-03-05 to 2025-03-14, 10 days: about 30 orders were to be expected"]


def test_a_small_shop_may_have_gaps() -> None:
    rows: list[Row] = [(0, f"2025-{month:02}-10T10:00", 0, 1, 10.0) for month in (1, 2, 3, 5, 6, 9, 10)]
    assert "time_gaps" not in found(shop(rows))


def test_the_spring_festival_is_no_fault() -> None:
    busy = [row for row in usual(120) for _ in range(3)]
    rows = [row for row in busy if not "2025-01-26" <= row[1] < "2025-02-06"]
    finding = found(shop(rows))["time_gaps"]
    assert not finding.is_fault
    assert examples(finding) == ["2025-01-26 to 2025-02-05, 11 days: over the Spring Festival"]


def test_the_chinese_year_begins_between_21_january_and_20_february() -> None:
    years = [day.year for day in festivals.SPRING_DAYS]
    assert years == list(range(2000, 2040))
    assert all(date(day.year, 1, 21) <= day <= date(day.year, 2, 20) for day in festivals.SPRING_DAYS)
    # a lunar year has 12 or 13 months: 353 to 355, or 383 to 385 days
    apart = {(b - a).days for a, b in zip(festivals.SPRING_DAYS, festivals.SPRING_DAYS[1:], strict=False)}
    assert apart <= {353, 354, 355, 383, 384, 385}


def test_nobody_closes_two_months_for_a_festival() -> None:
    assert festivals.between(date(2025, 1, 1), date(2025, 3, 1)) is None
    assert festivals.between(date(2025, 10, 1), date(2025, 10, 8)) == festivals.NATIONAL


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2), max_size=20), st.sampled_from([30, 60]))
def test_usual_orders_add_no_outlier(more: list[int], n: int) -> None:
    odd: list[Row] = [(0, "2025-04-20T10:00", 1, 900, 11.0)]
    days = [
        (i, str(np.datetime64("2025-06-01T09:00", "s") + np.timedelta64(at, "D")), i, 1.0, 10.0 + i)
        for at, i in enumerate(more)
    ]
    before, after = (found(shop([*usual(n), *odd, *rows])) for rows in ([], days))
    for check in ("many_pieces", "large_orders", "tenfold_prices"):
        assert [f.n for f in [before.get(check)] if f] == [f.n for f in [after.get(check)] if f]


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rng: object) -> None:
    rows: list[Row] = [*usual(60), (0, "2025-02-20T10:00", 1, 900, 11.0), (1, "2025-02-21T10:00", 2, 1, 1200.0)]
    mixed = rows.copy()
    rng.shuffle(mixed)  # type: ignore[attr-defined]
    counts = [{check: finding.n for check, finding in found(shop(some)).items()} for some in (rows, mixed)]
    assert counts[0] == counts[1]
    assert set(counts[0]) == {"many_pieces", "large_orders", "tenfold_prices"}


def test_days_of_the_shop_reach_over_new_year() -> None:
    assert festivals.between(date(2010, 12, 24), date(2011, 1, 3)) == festivals.CHRISTMAS
    assert festivals.between(date(2011, 1, 2), date(2011, 1, 2) + timedelta(days=9)) is None


def test_bare_days_beside_times_are_entered_twice_only_if_they_hold_the_same() -> None:
    rows: list[Row] = [
        (0, "2025-01-01T00:00", 0, 1, 10.0),
        (0, "2025-01-01T00:00", 1, 1, 10.0),
        (1, "2025-01-01T00:00", 1, 1, 10.0),
        (1, "2025-01-01T00:00", 1, 1, 10.0),
        (2, "2025-01-01T10:00", 0, 1, 10.0),
        (2, "2025-01-01T10:00", 1, 1, 10.0),
    ]
    # the two of K1 hold the same; the two of K2 are of one minute
    assert found(shop(rows))["entered_twice"].n == 2
