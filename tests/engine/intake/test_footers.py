"""Totals and notes are left out with a reason; a product that is called Total stays."""

from __future__ import annotations

import pytest

from engine import columns as c
from engine.intake import reasons
from engine.intake.reading import read
from tests.engine.intake.files import bought, csv, xlsx

HEADER = "订单号,客户,日期,商品,数量,金额"
LINES = ("1,甲,2025-05-01,茶,1,10", "2,乙,2025-05-02,蛋糕,2,30.5")


def left_out(*rows: str) -> list[tuple[int, str]]:
    (table,) = read(csv(*rows), "a.csv")
    return [(broken.row, broken.reason.message) for broken in table.broken]


@pytest.mark.parametrize(
    "row",
    [
        "合计,,,,3,40.5",
        "合 计：,,,,,40.5",
        ",,,总计,3,40.50元",
        "Total,,,,,",
        "Grand total:,,,,3,40.5",
        "Sum,,,,3,",
        "本月合计,,,,3,40.5",
        "总计：40.5元,,,,,",
        ",,,,3,40.5",
        ",,,,,¥40.50",
    ],
)
def test_a_total_at_the_end(row: str) -> None:
    assert left_out(HEADER, *LINES, row) == [(4, reasons.TOTAL.message)]


def test_a_row_that_says_nothing_is_no_note() -> None:
    assert left_out(HEADER, *LINES, ",,NULL,,,") == []


def test_subtotals_between_the_rows() -> None:
    rows = (HEADER, LINES[0], "小计,,,,1,10", LINES[1], "小计,,,,2,30.5", "合计,,,,3,40.5")
    assert left_out(*rows) == [(row, reasons.TOTAL.message) for row in (3, 5, 6)]


def test_notes_under_the_total() -> None:
    rows = (HEADER, *LINES, "合计,,,,3,40.5", "", "备注：只含已付款订单,,,,,", "制表人：,小王,,,,")
    assert left_out(*rows) == [(4, reasons.TOTAL.message), (6, reasons.NOTE.message), (7, reasons.NOTE.message)]


@pytest.mark.parametrize(
    "row",
    [
        "3,丙,2025-05-03,Total,1,5",
        "3,丙,2025-05-03,合计,3,40.5",
        "3,,2025-05-03,茶,1,5",
        ",,2025-05-03,茶,1,5",
        ",,,茶,1,5",
        ",,,,1,5",
        "3,丙,,,,",
    ],
)
def test_no_total(row: str) -> None:
    assert left_out(HEADER, *LINES, row) == []


def test_a_product_called_total_in_a_list_of_prices() -> None:
    assert left_out("product,price", "Tea,3", "Total,4", "Cake,5") == []
    assert left_out("product,price", "Tea,3", "Cake,5", "Total,8") == [(4, reasons.TOTAL.message)]


def test_the_last_of_some_numbers_is_no_total_by_chance() -> None:
    assert left_out("customer id,birth year,gender", "1,1985,F", "2,1990,M", "3,,") == []


def test_a_customer_with_an_address_alone_is_no_note() -> None:
    assert left_out("姓名,邮箱,城市,电话", "甲,a@x.cn,南京,1", "乙,b@x.cn,苏州,2", "备注丙,c@x.cn,,") == []


def test_totals_count_among_the_rejected_rows() -> None:
    found, told = bought(csv(HEADER, *LINES, "合计,,,,3,40.5"))
    assert found.table.n_rows == 3
    assert told.accepted == 2
    assert told.rejected[[c.ROW, c.REASON, c.TEXT]].values.tolist() == [[4, reasons.TOTAL.message, "合计,,,,3,40.5"]]


def test_a_total_in_a_workbook() -> None:
    rows = [("order id", "date", "price"), ("1", "2025-05-01", 2), ("2", "2025-05-01", 3), ("Total", None, 5)]
    (table,) = read(xlsx(*rows), "a.xlsx")
    assert [(broken.row, broken.text) for broken in table.broken] == [(4, "Total,,5")]
