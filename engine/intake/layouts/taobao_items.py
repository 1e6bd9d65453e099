"""淘宝's items of orders: ExportOrderDetailList of the old export, 子订单 of today's. No date and no buyer.

They belong to a table of orders: in the same ZIP or workbook, or imported before. Revenue of a line: what was paid
for the sub-order where that is told, else its price at the share that the order's money is of all its prices.
Source: 千牛卖家中心, 批量导出 › 宝贝报表.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Matched, chosen, has_all

WORDS = {
    c.ORDER_KEY: "主订单编号 订单编号",
    c.PRODUCT_KEY: "外部系统编号 商家编码 商品id",
    c.PRODUCT_NAME: "标题 商品标题 宝贝标题",
    c.QUANTITY: "购买数量",
    c.PRICE: "价格 商品价格",
    c.REVENUE: "买家实付金额",
    f.REFUND: "退款金额",
    f.LINE_STATUS: "退款状态",
    c.STATUS: "订单状态",
}
NEEDED = "主订单编号|订单编号 标题|商品标题|宝贝标题 价格|商品价格|买家实付金额 购买数量"
# with a date it is a table of orders
DATES = "订单创建时间|订单付款时间|下单时间|付款时间|成交时间"


@dataclass(frozen=True)
class Items:
    name: str = "淘宝 items"
    precedence: int = 22

    def match(self, headers: Sequence[str]) -> Matched | None:
        if not has_all(headers, NEEDED) or has_all(headers, DATES):
            return None
        columns = chosen(headers, WORDS)
        if c.REVENUE in columns:
            columns.pop(c.PRICE, None)
        return Matched("items", columns, platform="淘宝", currency="CNY")


LAYOUT = Items()
