"""微店's export of orders: one row per order, its items in parallel cells with semicolons between.

The buyer is 下单账号, not the receiver. Revenue: 单品折扣后价格 (商品价格 before) times the pieces, less 退款金额;
shipping stands apart and does not count.
Source: 微店商家后台, 订单导出.
"""

from collections.abc import Mapping

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known, Reshaped
from engine.intake.splitting import between_semicolons, in_parallel
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_PACKED = (c.PRODUCT_KEY, c.QUANTITY, c.PRICE, f.REFUND, f.LINE_STATUS)


def _one_line_per_item(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    new = dict(cells)
    refund = cells.get(f.ORDER_REFUND)
    if refund is not None:
        # one amount is the order's, several are each an item's
        new[f.ORDER_REFUND] = refund.recoded(lambda text: text if len(between_semicolons(text)) == 1 else "")
        new[f.REFUND] = refund.recoded(lambda text: text if len(between_semicolons(text)) > 1 else "")
    return in_parallel(table, new, c.PRODUCT_NAME, _PACKED)


LAYOUT = Known(
    name="微店 orders",
    kind="orders",
    platform="微店",
    currency="CNY",
    needed="订单编号 订单状态 下单时间|付款时间|支付时间 商品名称 购买数量|商品件数 "
    "下单账号|收件人手机|收件人提货人手机号|是否已成团 商品价格|单品折扣后价格",
    words={
        c.ORDER_KEY: "订单编号",
        c.STATUS: "订单状态",
        c.AT: "下单时间 付款时间 支付时间",
        c.CUSTOMER_KEY: "下单账号",
        c.PHONE: "收件人手机 收件人提货人手机号",
        c.NAME: "收件人姓名 收件人提货人姓名",
        c.REGION: "省",
        c.CITY: "市",
        c.PRODUCT_NAME: "商品名称",
        c.PRODUCT_KEY: "商品id 商品编码",
        c.QUANTITY: "购买数量 商品件数",
        c.PRICE: "单品折扣后价格 商品价格",
        f.ORDER_REFUND: "退款金额",
        f.LINE_STATUS: "退款状态",
    },
    hint=Phrase("In 微店's export of orders the column 下单账号 tells who the buyer is: choose it when you export."),
    reshape=_one_line_per_item,
)
