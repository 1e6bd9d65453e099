"""1688's export of orders: one row per item, the order's cells, its number too, on its first row only.

Revenue: 实付款 without 运费, spread over the lines by what they cost: 涨价或折扣 is in it.
Source: 1688 卖家工作台, 已卖出的货品 › 导出订单.
"""

from collections.abc import Mapping

import numpy as np

from engine import columns as c
from engine.intake import fields as f
from engine.intake import words
from engine.intake.layouts import Known, Reshaped
from engine.intake.tables import Column, Table


def _number_on_each_row(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    """A row with a product and no order number belongs to the order above it."""
    keys = cells[c.ORDER_KEY]
    named = ~keys.recoded(words.identifier).blank
    above = np.maximum.accumulate(np.where(named, np.arange(len(named)), -1))
    product = ~cells[c.PRODUCT_NAME].recoded(words.name).blank
    codes = np.where(product & ~named & (above >= 0), keys.codes[above], keys.codes)
    return Reshaped(table, {**cells, c.ORDER_KEY: Column(keys.header, codes, keys.texts)})


LAYOUT = Known(
    name="1688 orders",
    kind="orders",
    platform="1688",
    currency="CNY",
    needed="订单编号|订单号 下单时间|订单创建时间|订单付款时间 实付款 货品标题 数量",
    words={
        c.ORDER_KEY: "订单编号 订单号",
        c.AT: "下单时间 订单创建时间 订单付款时间",
        c.CUSTOMER_KEY: "买家会员名 买家",
        c.NAME: "收货人姓名 收货人 买家公司名",
        c.PHONE: "联系手机 联系电话",
        c.STATUS: "订单状态",
        f.LINE_STATUS: "退款状态",
        f.PAID: "实付款",
        f.SHIPPING: "运费",
        c.PRODUCT_NAME: "货品标题",
        c.PRODUCT_KEY: "货号 单品货号 offerid skuid",
        c.QUANTITY: "数量",
        c.PRICE: "单价",
    },
    reshape=_number_on_each_row,
)
