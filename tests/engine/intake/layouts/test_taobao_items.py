"""淘宝's orders and their items, in one workbook."""

from __future__ import annotations

from engine import columns as c
from engine.intake import orders, understand
from tests.engine.intake.files import TODAY, said, xlsx
from tests.engine.intake.layouts.samples import Figures, come_to

MAIN = (
    (
        "订单编号",
        "订单状态",
        "买家实付金额",
        "买家应付邮费",
        "确认收货打款金额",
        "退款金额",
        "订单创建时间",
        "收货地址",
    ),
    ("301", "交易成功", "110.00", "10.00", "110.00", "20.00", "2026-03-01 10:00:00", "江苏省 南京市****"),
    ("302", "交易成功", "50.00", "0.00", "50.00", "0.00", "2026-03-02 10:00:00", "江苏省 南京市****"),
    ("303", "交易关闭", "0.00", "0.00", "0.00", "0.00", "2026-03-03 10:00:00", "江苏省 南京市****"),
)
SUB = (
    (
        "子订单编号",
        "主订单编号",
        "商品标题",
        "商品价格",
        "购买数量",
        "订单状态",
        "买家实付金额",
        "退款状态",
        "退款金额",
        "商品ID",
    ),
    ("1", "301", "锅", "80.00", "1", "交易成功", "70.00", "没有申请退款", "0.00", "11"),
    ("2", "301", "铲", "20.00", "2", "交易关闭", "30.00", "退款成功", "30.00", "12"),
    ("3", "999", "盆", "20.00", "1", "交易成功", "20.00", "没有申请退款", "0.00", "13"),
)
# 301: 70 of 锅, 铲 went back (30). 302: no items told. 303: closed, no items told. 999: no order told.
FIGURES = Figures(
    orders=1,
    lines=1,
    money=70.0,
    without_customer=1,
    reasons={
        "cancelled order": 1,
        "item of an order that is not known": 1,
        "order without items in the file": 2,
    },
    currency="CNY",
)


def test_main_and_sub_orders_are_joined_whichever_comes_first() -> None:
    first = understand(xlsx(*SUB, before={"主订单": MAIN}), "导出.xlsx")
    second = understand(xlsx(*MAIN, before={"子订单": SUB}), "导出.xlsx")
    assert come_to(first) == come_to(second) == FIGURES
    assert "The items of “Data” were put to the orders of “主订单” by their order number." in said(first.notes)
    assert first.hint is not None
    assert "no longer tells" in str(first.hint)


def test_rows_have_numbers_of_their_own() -> None:
    found = understand(xlsx(*SUB, before={"主订单": MAIN}), "导出.xlsx")
    told = orders.read(found.table, found.cells, TODAY)
    # the items' rows are 2 to 4; rows 3 and 4 of the orders, which have none, follow as 4 + 3 and 4 + 4
    assert told.rejected[c.ROW].tolist() == [3, 4, 7, 8]
    assert "Rows of “主订单” without items are numbered from 6 on." in said(found.notes)
    assert found.table.n_rows == 5


def test_a_sheet_of_items_without_a_row_leaves_the_orders_as_they_are() -> None:
    found = understand(xlsx(*SUB[:1], before={"主订单": MAIN}), "导出.xlsx")
    told = come_to(found)
    assert (told.orders, told.lines, told.money) == (2, 0, 130.0)
    assert told.reasons == {"cancelled order": 1}


OLD_ITEMS = (
    ("订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "订单状态"),
    ("101", "锅", "100", "1", "K1", "", "交易成功"),
    ("101", "铲", "50", "2", "K2", "", "交易成功"),
)
OLD_ORDERS = (
    (
        "订单编号",
        "买家会员名",
        "买家应付邮费",
        "买家实际支付金额",
        "订单状态",
        "订单创建时间",
        "宝贝标题",
        "宝贝种类",
        "宝贝总数量",
    ),
    ("101", "tb1", "10", "170", "交易成功", "2018-07-08 00:42:32", "锅，铲", "2", "3"),
)


def test_what_was_paid_for_an_order_is_spread_over_its_items_by_their_prices() -> None:
    found = understand(xlsx(*OLD_ITEMS, before={"订单": OLD_ORDERS}), "导出.xlsx")
    told = orders.read(found.table, found.cells, TODAY)
    # 170 - 10 postage = 160 for goods of 200: each piece at 80 %
    assert told.lines[[c.QUANTITY, c.PRICE]].values.tolist() == [[1.0, 80.0], [2.0, 40.0]]
    assert told.goods[c.PRODUCT_KEY].tolist() == ["K1", "K2"]
    assert told.people[c.CUSTOMER_KEY].tolist() == ["tb1"]


def test_orders_alone_tell_titles_for_want_of_items() -> None:
    found = understand(xlsx(*OLD_ORDERS), "订单.xlsx")
    told = orders.read(found.table, found.cells, TODAY)
    assert told.goods[c.PRODUCT_KEY].tolist() == ["锅", "铲"]
    # 3 pieces on two titles
    assert told.lines[c.QUANTITY].tolist() == [1.5, 1.5]
    assert told.orders[c.REVENUE].tolist() == [160.0]
    assert found.items_apart
