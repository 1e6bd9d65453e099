"""What buyers paid for goods, in files that no layout knows: by what adds up, in figures counted by hand."""

from __future__ import annotations

import csv as csv_files
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Shop, import_file
from engine.intake import fields as f
from engine.intake import understand
from engine.intake.choices import Choice
from engine.intake.receipt import Receipt
from tests.engine.intake.files import csv
from tests.engine.intake.held_out_exports import HELD_OUT, HeldOut
from tests.engine.intake.test_proposal import taken


def imported(shop: Shop, tmp_path: Path, rows: Sequence[str], said: Choice | None = None) -> Receipt:
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return import_file(shop, path, choose=None if said is None else lambda headers: said)


def notes(receipt: Receipt) -> str:
    return " ".join(str(note) for note in receipt.notes)


SHIPPED = (
    "订单编号,下单时间,客户编号,商品名称,数量,单价,优惠,运费,实付金额",
    "1,2025-03-01,K1,皂,2,10.00,1.00,5.00,24.00",
    "2,2025-03-02,K2,皂,1,10.00,0.00,5.00,15.00",
    "3,2025-03-03,K1,烛,1,30.00,3.00,0.00,27.00",
)


def test_shipping_in_what_was_paid_does_not_count(shop: Shop, tmp_path: Path) -> None:
    receipt = imported(shop, tmp_path, SHIPPED)
    assert receipt.revenue == 56.00  # 19 + 10 + 27
    assert "without the shipping" in notes(receipt)


def test_shipping_beside_what_was_paid_is_not_taken_off(shop: Shop, tmp_path: Path) -> None:
    rows = [SHIPPED[0], *(row.replace("24.00", "19.00").replace("15.00", "10.00") for row in SHIPPED[1:])]
    assert imported(shop, tmp_path, rows).revenue == 56.00


def test_shipping_that_nothing_decides_is_taken_off_and_told(shop: Shop, tmp_path: Path) -> None:
    rows = ("订单编号,下单时间,客户编号,运费,实付金额", "1,2025-03-01,K1,5.00,24.00", "2,2025-03-02,K2,5.00,15.00")
    receipt = imported(shop, tmp_path, rows)
    assert receipt.revenue == 29.00  # 19 + 10
    assert "Nothing shows whether it includes the shipping" in notes(receipt)


def test_shipping_that_the_founder_leaves_out_is_not_taken_off(shop: Shop, tmp_path: Path) -> None:
    rows = ("订单编号,下单时间,客户编号,运费,实付金额", "1,2025-03-01,K1,5.00,24.00", "2,2025-03-02,K2,5.00,15.00")
    assert imported(shop, tmp_path, rows, Choice(fields={"运费": None})).revenue == 39.00


def test_a_discount_comes_off_prices_where_no_sum_is_told(shop: Shop, tmp_path: Path) -> None:
    rows = [",".join(cell for at, cell in enumerate(row.split(",")) if at < 7) for row in SHIPPED]
    receipt = imported(shop, tmp_path, rows)
    assert receipt.revenue == 56.00
    assert "as a discount" in notes(receipt)


def test_a_share_is_no_discount_in_money(shop: Shop, tmp_path: Path) -> None:
    rows = (
        "Order ID,Order Date,Customer ID,Price,Quantity,Discount",
        "1,2025-03-01,A,10,2,0.2",
        "2,2025-03-02,B,8,1,0",
    )
    assert imported(shop, tmp_path, rows).revenue == 28.00


OFF_THE_ORDER = (
    "order id,date,customer id,item,quantity,price,Our Promise",
    "1,2025-03-01,A,soap,2,10.00,6.00",
    "1,2025-03-01,A,candle,1,30.00,6.00",
    "2,2025-03-02,B,soap,1,10.00,0.00",
)


@pytest.mark.parametrize(("field", "revenue"), [(f.DISCOUNT, 54.00), (f.LINE_DISCOUNT, 48.00)])
def test_a_discount_that_the_founder_names(shop: Shop, tmp_path: Path, field: str, revenue: float) -> None:
    """20 + 30 + 10, less 6 of the order, or 6 of each of its lines."""
    assert imported(shop, tmp_path, OFF_THE_ORDER, Choice(fields={"Our Promise": field})).revenue == revenue


def test_discounts_that_differ_within_an_order_are_each_its_line_s(shop: Shop, tmp_path: Path) -> None:
    rows = (*OFF_THE_ORDER[:2], OFF_THE_ORDER[2].replace("6.00", "4.00"), OFF_THE_ORDER[3])
    assert imported(shop, tmp_path, rows, Choice(fields={"Our Promise": f.DISCOUNT})).revenue == 50.00


def test_a_price_that_grows_with_the_pieces_is_the_line_s(shop: Shop, tmp_path: Path) -> None:
    rows = (
        "order id,date,customer id,item,quantity,price",
        "1,2025-03-01,A,soap,2,20.00",
        "2,2025-03-01,B,soap,1,10.00",
        "3,2025-03-02,B,candle,3,90.00",
        "4,2025-03-03,C,candle,1,30.00",
    )
    receipt = imported(shop, tmp_path, rows)
    assert receipt.revenue == 150.00
    assert "the amount of the line" in notes(receipt)


def test_a_column_that_says_whether_it_was_paid_is_no_sum(shop: Shop, tmp_path: Path) -> None:
    rows = (
        "order id,date,customer id,item,quantity,price,Paid",
        "1,2025-03-01,A,soap,2,10,1",
        "2,2025-03-02,B,soap,1,10,1",
    )
    assert imported(shop, tmp_path, rows).revenue == 30.00


def test_an_order_without_a_time_of_payment_was_never_paid_where_nothing_else_tells(shop: Shop, tmp_path: Path) -> None:
    rows = (
        "order id,order date,Paid On Date,customer id,item,price",
        "1,Mar-14-26,Mar-14-26,A,soap,10",
        "2,Mar-15-26,Mar-15-26,B,soap,10",
        "3,Mar-16-26,,C,soap,10",
    )
    receipt = imported(shop, tmp_path, rows)
    assert (receipt.orders, receipt.revenue) == (2, 20.00)


@pytest.mark.parametrize("export", HELD_OUT, ids=lambda export: export.name)
def test_what_is_confirmed_is_read_as_proposed(export: HeldOut) -> None:
    content = export.text.encode(export.encoding)
    proposal = understand(content, "a.csv").proposal
    again = understand(content, "a.csv", lambda headers: proposal.confirmed()).proposal
    assert taken(again) == taken(proposal)


@settings(max_examples=30)
@given(
    st.sampled_from([export for export in HELD_OUT if export.name not in ("餐饮收银", "ebay orders report")]), st.data()
)
def test_the_order_of_columns_does_not_matter(export: HeldOut, data: st.DataObject) -> None:
    rows = list(csv_files.reader(io.StringIO(export.text), delimiter="\t" if "\t" in export.text[:20] else ","))
    order = data.draw(st.permutations(range(len(rows[0]))))
    turned = csv(*(",".join(f'"{row[at]}"' for at in order) for row in rows))
    straight = csv(*(",".join(f'"{cell}"' for cell in row) for row in rows))
    assert taken(understand(turned, "a.csv").proposal) == taken(understand(straight, "a.csv").proposal)
