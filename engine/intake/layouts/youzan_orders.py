"""有赞's export of orders: one row per order, its products in one cell, “分销员” twice.

The buyer is known by 买家手机号; where that is missing or masked by the receiver's phone, which on a gift is somebody
else's. Revenue: 订单实付金额 without 运费, less 订单已退款金额, spread over the pieces.
Source: 有赞帮助中心, 订单导出字段说明.
"""

from collections.abc import Mapping

from engine import columns as c
from engine.intake import fields as f
from engine.intake import words
from engine.intake.identity import first_said
from engine.intake.layouts import Known, Reshaped, column
from engine.intake.splitting import by_names, counted_after
from engine.intake.tables import Column, Table
from engine.phrases import Phrase, counted

_RECEIVER = ("收货人手机号提货人手机号", "收货人手机号")


def _one_line_per_product(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    receiver = next((found for word in _RECEIVER if (found := column(table, word)) is not None), None)
    notes: tuple[Phrase, ...] = ()
    buyer = cells.get(c.PHONE)
    if buyer is not None and receiver is not None and receiver is not buyer:
        by_receiver = buyer.recoded(words.phone).blank & ~receiver.recoded(words.phone).blank
        cells = {**cells, c.PHONE: first_said([buyer.recoded(words.phone), receiver.recoded(words.phone), buyer])}
        notes = _told(int(by_receiver.sum()))
    if c.PRODUCT_NAME not in cells:
        return Reshaped(table, cells, notes)
    split = by_names(table, cells, c.PRODUCT_NAME, counted_after)
    return Reshaped(split.table, split.cells, notes)


def _told(n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    note = counted(
        "{n} order has no phone of the buyer; the receiver's is used, who on a gift is somebody else.",
        "{n} orders have no phone of the buyer; the receiver's is used, who on a gift is somebody else.",
        n=n,
    )
    return (note,)


LAYOUT = Known(
    name="有赞 orders",
    kind="orders",
    platform="有赞",
    currency="CNY",
    needed="订单号 订单状态 全部商品名称 订单实付金额|订单实收金额 订单创建时间|买家付款时间",
    words={
        c.ORDER_KEY: "订单号",
        c.STATUS: "订单状态",
        f.REFUND_STATUS: "订单退款状态",
        c.AT: "订单创建时间 买家付款时间",
        f.PAID: "订单实付金额 订单实收金额",
        f.SHIPPING: "运费",
        f.ORDER_REFUND: "订单已退款金额",
        c.PRODUCT_NAME: "全部商品名称",
        c.PHONE: "买家手机号 收货人手机号提货人手机号 收货人手机号",
        c.NAME: "买家姓名 收货人提货人 收货人 买家昵称",
        c.CITY: "收货人城市",
        c.REGION: "收货人省份",
    },
    hint=Phrase(
        "有赞 masks phones unless the export is approved for them; 客户 → 客户导出 tells who your customers are."
    ),
    reshape=_one_line_per_product,
)
