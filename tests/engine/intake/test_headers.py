"""Where a table's header stands, and what its columns are called."""

from __future__ import annotations

import pytest

from engine.intake.headers import header, header_row
from engine.intake.reading import read
from tests.engine.intake.files import csv, xlsx


def names(*rows: str) -> list[str]:
    return header([row.split(",") for row in rows]).names


def test_a_group_over_several_columns_is_left_out_where_the_lower_name_says_it_all() -> None:
    found = header(
        [row.split(",") for row in ("订单号,日期,收货信息,,,金额", ",,省,市,区,", "1,2025-05-01,江苏,南京,建邺,9")]
    )
    assert found.at == 1
    assert found.names == ["订单号", "日期", "省", "市", "区", "金额"]


def test_groups_tell_columns_of_one_name_apart() -> None:
    assert names("下单人,,收货人,,", "姓名,电话,姓名,电话,订单号", "甲,1,乙,2,3") == [
        "下单人 姓名",
        "下单人 电话",
        "收货人 姓名",
        "收货人 电话",
        "订单号",
    ]


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        (["order id,price,date", "1,2,2025-05-01"], 0),
        (["五月订单", "", "订单号,金额,日期", "1,2,2025-05-01"], 2),
        (["a survey,,,", "music,dance,folk,age", "5,2,1,20", "3,,1,19"], 1),
        (["age;job;default".replace(";", ","), "58,admin,no", "44,no,no number"], 0),
        (["order id,,note", "1,x,y"], 0),
    ],
)
def test_the_header_is_below_titles_and_is_no_row(rows: list[str], at: int) -> None:
    assert header_row([row.split(",") for row in rows]) == at
    assert header([row.split(",") for row in rows]).at == at


def test_header_cells_lose_what_programs_put_around_them() -> None:
    assert names("\ufeff 订单号 ,宝贝标题\u3000,\u200b金额,\t日期\n时间,分销员,分销员,", "1,2,3,4,5,6,7") == [
        "订单号",
        "宝贝标题",
        "金额",
        "日期 时间",
        "分销员",
        "分销员 2",
        "",
    ]


def test_merged_header_cells_of_a_workbook() -> None:
    rows = [
        ("2025年订单表", None, None, None),
        ("订单号", "收货信息", None, "金额"),
        (None, "省", "市", None),
        ("1", "江苏", "南京", 9),
    ]
    (table,) = read(xlsx(*rows), "a.xlsx")
    assert table.headers == ("订单号", "省", "市", "金额")
    assert table.rows.tolist() == [4]


def test_data_below_an_empty_header_cell_stay() -> None:
    (table,) = read(xlsx(("order id", "price"), (1, 2, "left over")), "a.xlsx")
    assert table.headers == ("order id", "price", "")
    (ragged,) = read(csv("order id,,price", "1,x,2"), "a.csv")
    assert [column.texts_at(column.codes)[0] for column in ragged.columns] == ["1", "x", "2"]


def test_a_name_of_many_thousand_signs_is_cut() -> None:
    assert names("order id," + "x" * 70_000, "1,2") == ["order id", "x" * 200 + "…"]
