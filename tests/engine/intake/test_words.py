"""Identifiers, addresses, states."""

from __future__ import annotations

import pytest

from engine.intake import reasons, words
from engine.phrases import Phrase


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("17850", "17850"),
        ("17850.0", "17850"),
        ("00017", "00017"),
        ('="35150000000000001"', "35150000000000001"),
        ("'9013808660771", "9013808660771"),
        (" ８５１２３Ａ ", "85123A"),
        ("NA", "NA"),
        ("NULL", ""),
        ("nan", ""),
        ("——", ""),
        (" ", ""),
        ("1.5", "1.5"),
        ('="0012"', "0012"),
        ('=""', ""),
        ("\t0012", "0012"),
        ("’0012", "0012"),
        ("\u00a0AB\u200b12\ufeff", "AB12"),
        ("AB\r\n12", "AB 12"),
        ("N/A", ""),
        ("--", ""),
        ("无", ""),
        ("－", ""),
    ],
)
def test_identifier(cell: str, expected: str) -> None:
    assert words.identifier(cell) == expected


def test_a_masked_or_rounded_customer_is_nobody() -> None:
    assert words.customer("tb***1") == ""
    assert words.customer("3.5150000000000E+17") == ""
    assert words.person("张**") == ""


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Test.One@Example.com ", "test.one@example.com"), ("t***@example.com", ""), ("none", ""), ("no address", "")],
)
def test_email(cell: str, expected: str) -> None:
    assert words.email(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("'13800138000", "13800138000"),
        ("13800138000.0", "13800138000"),
        ("+44 20 7946 0000", "+442079460000"),
        ("186******05", ""),
        ("186xxxx0005", ""),
        ("12", ""),
        ("１３８００１３８０００", "13800138000"),
        ('="13800138000"', "13800138000"),
        ("8613800138000", "13800138000"),
        ("0086 13800138000", "13800138000"),
        ("(010) 6552-9988 转 812", "01065529988"),
        ("010-65529988 ext. 12", "01065529988"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("0044 20 7946 0000", "+442079460000"),
        ("手机：13800138000", "13800138000"),
        ("13800138000（妈妈）", "13800138000"),
        ("13800138000 王女士", "13800138000"),
        ("13800138000/13900139000", "13800138000"),
        ("1.38001E+10", ""),
        ("订单12345", ""),
        ("0000000000", ""),
        ("000-000-0000", ""),
        ("12345678", ""),
        ("0123456789", ""),
        ("987654321", ""),
        ("99999999999", ""),
        ("+1 111 111 1111", ""),
        ("13888888888", "13888888888"),
        ("N/A", ""),
    ],
)
def test_phone(cell: str, expected: str) -> None:
    assert words.phone(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("女", "female"),
        ("F", "female"),
        ("男", "male"),
        ("Male", "male"),
        ("其他", "other"),
        ("未知", ""),
        ("", ""),
        ("7", None),
    ],
)
def test_gender(cell: str, expected: str | None) -> None:
    assert words.gender(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("yes", "granted"), ("同意", "granted"), ("no", "withdrawn"), ("已退订", "withdrawn"), ("", ""), ("maybe", None)],
)
def test_consent(cell: str, expected: str | None) -> None:
    assert words.consent(cell) == expected


def test_opted_out() -> None:
    assert [words.opted_out(cell) for cell in ("是", "yes", "2024-05-01", "否", "")] == ["withdrawn"] * 3 + ["", ""]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("交易成功", None),
        ("买家已付款，等待卖家发货", None),
        ("卖家已发货", None),
        ("paid", None),
        ("completed", None),
        ("partially_refunded", None),
        ("无售后", None),
        ("退款关闭", None),
        ("已发货，退款成功", reasons.REFUNDED),
        ("refunded", reasons.REFUNDED),
        ("交易关闭", reasons.CANCELLED),
        ("Cancelled", reasons.CANCELLED),
        ("voided", reasons.CANCELLED),
        ("Failed", reasons.NOT_PAID),
        ("等待买家付款", reasons.NOT_PAID),
        ("pending", reasons.NOT_PAID),
        ("", None),
    ],
)
def test_state_of_order(cell: str, expected: Phrase | None) -> None:
    assert words.state_of_order(cell) is expected


@pytest.mark.parametrize(
    "cell",
    [
        *("未订阅", "未同意", "不", "拒绝", "否", "不想收", "勿扰", "取消"),
        *("off", "opted out", "Opted-Out", "not subscribed", "NOT_SUBSCRIBED", "do not contact", "don't"),
    ],
)
def test_a_no_in_any_words(cell: str) -> None:
    assert words.consent(cell) == "withdrawn"


@pytest.mark.parametrize("cell", ["opted in", "Opt-In", "on", "agreed", "已授权", "✓"])
def test_a_yes_in_any_words(cell: str) -> None:
    assert words.consent(cell) == "granted"


@pytest.mark.parametrize("cell", ["maybe", "pending", "?", "看情况"])
def test_neither_yes_nor_no(cell: str) -> None:
    assert words.consent(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" Ann\u00a0 Lee ", "Ann Lee"),
        ("\t张三", "张三"),
        ("'张三", "张三"),
        ('="张三"', "张三"),
        ("张\n三", "张 三"),
        ("N/A", ""),
        ("——", ""),
        ("－", ""),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
    ],
)
def test_name(cell: str, expected: str) -> None:
    assert words.name(cell) == expected


@pytest.mark.parametrize("cell", ["186******05", "１８６＊＊＊＊＊＊０５", "186••••0005", "张**", "t***@x.cn"])
def test_masked(cell: str) -> None:
    assert words.is_masked(cell)
    assert words.customer(cell) == words.person(cell) == words.phone(cell) == words.email(cell) == ""


@pytest.mark.parametrize("cell", ["13800138000", "Max Xx", "XXL", "ann@xxx.cn", "ABC-XX-1"])
def test_not_masked(cell: str) -> None:
    assert not words.is_masked(cell)


def test_what_a_masked_contact_shows_is_kept() -> None:
    assert words.shown_phone("186 **** **05") == "186******05"
    assert words.shown_phone("186xxxx0005") == "186****0005"
    assert words.shown_phone("138 0013 8000") == "13800138000"
    assert words.shown_phone("***") == ""
    assert words.shown_email("T***@X.cn") == "t***@x.cn"
    assert words.shown_email("a@x.cn") == "a@x.cn"
