"""淘宝's export of orders today: the table of 21 columns, and the main one (主订单) of the form in two tables.

Neither tells who the buyer is. Revenue: 买家实付金额 without 买家应付邮费, less 退款金额; where a table of sub-orders
comes with it, what was paid and paid back for each of them.
Source: 千牛商家工作台, 订单导出.
"""

from collections.abc import Mapping

from engine import columns as c
from engine.intake import fields as f
from engine.intake import numbers
from engine.intake.layouts import Known, Reshaped, column
from engine.intake.splitting import between_commas, by_names
from engine.intake.tables import Column, Table
from engine.phrases import Phrase


def one_line_per_title(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    """Titles that a comma joins are products of their own if 宝贝种类 says that there are as many."""
    kinds = column(table, "宝贝种类")
    if c.PRODUCT_NAME not in cells or kinds is None:
        return Reshaped(table, cells)
    return by_names(table, cells, c.PRODUCT_NAME, between_commas, numbers.read(kinds.texts)[kinds.codes])


LAYOUT = Known(
    name="淘宝 orders",
    kind="orders",
    platform="淘宝",
    currency="CNY",
    needed="订单编号 买家实付金额 订单状态 订单创建时间|订单付款时间 宝贝总数量|退款金额|确认收货打款金额|买家应付邮费",
    words={
        c.ORDER_KEY: "订单编号",
        c.CUSTOMER_KEY: "买家会员名",
        c.STATUS: "订单状态",
        c.AT: "订单创建时间 订单付款时间",
        f.PAID: "买家实付金额",
        f.SHIPPING: "买家应付邮费",
        f.ORDER_REFUND: "退款金额",
        c.PRODUCT_NAME: "商品标题 宝贝标题",
        c.QUANTITY: "宝贝总数量",
    },
    hint=Phrase(
        "淘宝 no longer tells in any export who the buyer is; a list of your members, or of those who added you on "
        "WeChat, can be imported as customers."
    ),
    reshape=one_line_per_title,
    items_apart=True,
)
