"""Rows that name several products."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.intake import orders, reasons, splitting
from engine.intake.tables import Coder, Column, Table
from tests.engine.intake.files import TODAY, bought, csv


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("1x Blue Mug, 2x Tea", [("Blue Mug", "1"), ("Tea", "2")]),
        ("2× Salt, fine, 1x Tea", [("Salt, fine", "2"), ("Tea", "1")]),
        ("Gift card", [("Gift card", "")]),
        ("", [("", "")]),
    ],
)
def test_pieces_before_the_name(cell: str, parts: list[tuple[str, str]]) -> None:
    assert splitting.counted_before(cell) == parts


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("草莓蛋糕(1件);红茶（2件）", [("草莓蛋糕", "1"), ("红茶", "2")]),
        ("草莓蛋糕(6寸)(1件)", [("草莓蛋糕(6寸)", "1")]),
        ("草莓蛋糕", [("草莓蛋糕", "")]),
        ("a;b;", [("a", ""), ("b", "")]),
    ],
)
def test_pieces_after_the_name(cell: str, parts: list[tuple[str, str]]) -> None:
    assert splitting.counted_after(cell) == parts


def column(header: str, cells: list[str]) -> Column:
    coder = Coder()
    for cell in cells:
        coder.add(cell)
    return coder.column(header)


ROW = st.tuples(
    st.lists(st.sampled_from(["茶", "壶", "杯"]), min_size=1, max_size=3),  # products
    st.integers(0, 3),  # pieces; none makes the line a fault
    st.sampled_from(["ann", "", "bob"]),
    st.sampled_from(["paid", "cancelled", ""]),
    st.sampled_from(["", "退款成功"]),  # of the first product
)


@given(st.lists(ROW, min_size=1, max_size=8))
@settings(max_examples=80)
def test_a_row_that_becomes_several_lines_stays_one_row_in_every_count(
    made: list[tuple[list[str], int, str, str, str]],
) -> None:
    n = len(made)
    cells = {
        c.ORDER_KEY: column("order", [str(i // 2) for i in range(n)]),
        c.CUSTOMER_KEY: column("customer", [who for *_, who, _, _ in made]),
        c.AT: column("date", ["2025-05-01"] * n),
        c.PRODUCT_NAME: column("product", [";".join(goods) for goods, *_ in made]),
        c.QUANTITY: column("pieces", [";".join([str(pieces)] * len(goods)) for goods, pieces, *_ in made]),
        c.PRICE: column("price", ["2"] * n),
        c.STATUS: column("status", [status for *_, status, _ in made]),
        "line_status": column("back", [";".join([back] + ["-"] * (len(goods) - 1)) for goods, *_, back in made]),
    }
    table = Table("made.csv", tuple(cells.values()), np.arange(2, n + 2))
    shaped = splitting.in_parallel(table, cells, c.PRODUCT_NAME, (c.QUANTITY, c.PRICE, "line_status"))
    told = orders.read(shaped.table, shaped.cells, TODAY)
    assert shaped.table.n_rows == n
    assert len(shaped.table.rows) == sum(len(goods) for goods, *_ in made)
    assert told.accepted + told.without_customer + len(told.rejected) == n
    assert told.rejected[c.ROW].is_unique
    # in every cell of the file, and in the money, nothing is lost or doubled
    assert told.lines[c.QUANTITY].to_numpy() @ told.lines[c.PRICE].to_numpy() == told.orders[c.REVENUE].sum()
    assert table.n_repeated == shaped.table.n_repeated


HEADER = "订单编号,订单状态,下单时间,商品名称,购买数量,商品价格,退款状态,下单账号"


def test_an_item_that_went_back_leaves_the_others_of_its_row() -> None:
    _, told = bought(csv(HEADER, "A,已完成,2026-03-01,茶;壶,2;1,10;30,退款成功;,wd1"))
    assert (told.accepted, len(told.rejected)) == (1, 0)
    assert told.orders[c.REVENUE].tolist() == [30.0]
    # 2 × 10 went back
    assert told.returns[[c.QUANTITY, c.REVENUE]].values.tolist() == [[2.0, 20.0]]
    assert "1 order was refunded in part: 20.00 that went back" in " ".join(map(str, told.notes))


def test_an_item_that_cannot_be_read_takes_its_row_along() -> None:
    _, told = bought(csv(HEADER, "A,已完成,2026-03-01,茶;壶,2;x,10;30,,wd1", "B,已完成,2026-03-01,茶,1,10,,wd1"))
    assert told.rejected[[c.ROW, c.REASON]].values.tolist() == [[2, reasons.QUANTITY_UNREADABLE.message]]
    assert told.orders[c.ORDER_KEY].tolist() == ["B"]


def test_cells_with_other_numbers_of_parts_stay_one_line_which_is_told() -> None:
    found, told = bought(csv(HEADER, "A,已完成,2026-03-01,茶;壶;杯,1;1,10,,wd1", "B,已完成,2026-03-01,茶,1,10,,wd1"))
    assert "1 row names several products in a way that does not tell them apart" in " ".join(map(str, found.notes))
    assert told.rejected[c.ROW].tolist() == [2]
