"""Quantities and money as files write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake import numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.55", 2.55),
        ("-3", -3.0),
        ("¥1,234.50", 1234.5),
        ("1,234", 1234.0),
        ("１２３．５", 123.5),
        ("199元", 199.0),
        ("￥199", 199.0),
        ("1.2万", 12_000.0),
        ("$2,999.00", 2999.0),
        ("-£5.00", -5.0),
        ("£-5.00", -5.0),
        ("(5.00)", -5.0),
        ("3 件", 3.0),
        ("12 USD", 12.0),
        ("HK$ 88", 88.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("'12", 12.0),
        ("0,25", 0.25),
        ("1.234,56", 1234.56),
        ("￥1,234.00元", 1234.0),
        ("USD 5", 5.0),
        ("৳2,999", 2999.0),
        ("₹1,23,456.78", 123456.78),
        ("R$ 5,50", 5.5),
        ("Rs. 300", 300.0),
        ("55 kr", 55.0),
        ("1'234.50", 1234.5),
        ("1’234.50", 1234.5),
        ("1\u202f234,50 €", 1234.5),
        ("1\u00a0234\u00a0567", 1234567.0),
        ("1234,567", 1234.567),
        ("0,125", 0.125),
        ("1.2万元", 12_000.0),
        ("¥3千", 3000.0),
        ("5百万", 5_000_000.0),
        ("1.5k", 1500.0),
        ("5-", -5.0),
        ("5.00 -", -5.0),
        ("−5", -5.0),
        ("–5", -5.0),
        ("（５．００）", -5.0),
        ("¥(5.00)", -5.0),
        ("(¥5.00)", -5.0),
        ("+5", 5.0),
        ("12.-", 12.0),
        ('="12.50"', 12.5),
        ("\t12", 12.0),
        ("\u200b12\n", 12.0),
        ("3 pcs", 3.0),
    ],
)
def test_is_read(text: str, expected: float) -> None:
    assert numbers.read([text])[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "abc",
            "nan",
            "inf",
            "1_000x",
            "1e400",
            "12/3",
            "--5",
            "1,2,3",
            "1e13",
            ".",
            "12%",
            "5元起",
            "1元2",
            "A5",
        ),
        *("5元 3", "12 34", "-(5)", "(5", "5)", "3x4", "约5", "2025-05-01", "五", "½", "5" * 500),
    ],
)
def test_is_not_read(text: str) -> None:
    assert math.isnan(numbers.read([text])[0])


def test_a_decimal_comma_anywhere_makes_it_the_column_s() -> None:
    assert numbers.read(["0,25", "1,5", "3"]).tolist() == [0.25, 1.5, 3.0]


def test_a_decimal_point_after_a_comma_keeps_commas_for_thousands() -> None:
    assert numbers.read(["1,234.50", "2,345"]).tolist() == [1234.5, 2345.0]


@pytest.mark.parametrize("proof", ["10,50", "1.234,56", "1.234.567"])
def test_in_a_column_of_decimal_commas_a_point_is_for_thousands(proof: str) -> None:
    assert numbers.read(["1.234", proof, "2.5"]).tolist()[::2] == [1234.0, 2.5]


@pytest.mark.parametrize(
    ("texts", "example"),
    [
        (["1.234", "5"], "1.234"),
        (["5", "€2.500"], "€2.500"),
        (["1.234", "2.5"], None),
        (["0.125"], None),
        (["1.234", "10,50"], None),
        (["5", "1,234"], None),
        ([], None),
    ],
)
def test_points_that_nothing_decides(texts: list[str], example: str | None) -> None:
    assert numbers.undecided(texts) == example


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("商品总价(元)", "CNY"),
        ("￥12", "CNY"),
        ("£5", "GBP"),
        ("€ 5", "EUR"),
        ("HK$5", "HKD"),
        ("$5", "USD"),
        ("Amount (USD)", "USD"),
        ("Amount", None),
        ("Neuron", None),
        ("৳2,999", "BDT"),
        ("₹5", "INR"),
        ("A$5", "AUD"),
        ("R$5", "BRL"),
        ("chf 5", "CHF"),
        ("100块", "CNY"),
    ],
)
def test_currency(text: str, expected: str | None) -> None:
    assert numbers.currency_in(text) == expected


@settings(max_examples=100)
@given(st.floats(min_value=-1e9, max_value=1e9))
def test_what_a_program_writes_comes_back(value: float) -> None:
    assert numbers.read([repr(value)])[0] == value


@settings(max_examples=100)
@given(st.floats(min_value=-1e8, max_value=1e8))
def test_thousands_come_back(value: float) -> None:
    assert numbers.read([f"{value:,.2f}"])[0] == pytest.approx(round(value, 2))


@settings(max_examples=100)
@given(st.lists(st.text(max_size=20), max_size=5))
def test_any_text_is_read_or_not(texts: list[str]) -> None:
    assert len(numbers.read(texts)) == len(texts)


# between thousands, and before decimals
LOCALES = ((",", "."), (".", ","), (" ", ","), ("'", ","), ("'", "."), ("\u202f", ","), ("\u00a0", "."))


@settings(max_examples=150)
@given(
    st.lists(st.integers(min_value=-(10**9), max_value=10**9), min_size=1, max_size=6),
    st.sampled_from(LOCALES),
    st.sampled_from(["{}", "¥{}", "{} €", "{}元", "USD {}"]),
    st.sampled_from(["-{}", "({})", "{}-"]),
)
def test_what_is_written_in_any_country_comes_back(
    cents: list[int], signs: tuple[str, str], currency: str, negative: str
) -> None:
    thousands, point = signs

    def written(value: int) -> str:
        digits = f"{abs(value) / 100:,.2f}".replace(",", "t").replace(".", point).replace("t", thousands)
        return negative.format(currency.format(digits)) if value < 0 else currency.format(digits)

    assert numbers.read([written(value) for value in cents]).tolist() == pytest.approx([value / 100 for value in cents])
