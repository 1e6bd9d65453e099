"""拼多多's export of orders: one row per order, which is of one product. It never tells who the buyer is.

Revenue: 用户实付金额 without 邮费; without that column 商家实收金额, which has in it what 拼多多 adds. Orders that were
not paid have no 订单成交时间.
Source: 拼多多商家后台, 订单查询 › 批量导出.
"""

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known
from engine.phrases import Phrase

LAYOUT = Known(
    name="拼多多 orders",
    kind="orders",
    platform="拼多多",
    currency="CNY",
    needed="订单号 订单状态 订单成交时间 售后状态 用户实付金额|商家实收金额",
    words={
        c.ORDER_KEY: "订单号",
        c.STATUS: "订单状态",
        f.REFUND_STATUS: "售后状态",
        c.AT: "订单成交时间",
        f.PAID: "用户实付金额 商家实收金额",
        f.SHIPPING: "邮费",
        c.PRODUCT_NAME: "商品",
        c.PRODUCT_KEY: "商品id 商家编码规格维度 商家编码商品维度 样式id",
        c.QUANTITY: "商品数量",
    },
    hint=Phrase("拼多多 never tells who the buyer is, in none of its exports."),
)
