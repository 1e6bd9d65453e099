"""淘宝's export of orders up to about 2019 (ExportOrderList): one row per order, the buyer by 买家会员名.

The products' titles stand in one cell, joined by full-width commas; ExportOrderDetailList has them one by one.
Revenue: 买家实际支付金额 without 买家应付邮费, less 退款金额.
Source: 千牛卖家中心, 已卖出的宝贝 › 批量导出.
"""

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known
from engine.intake.layouts.taobao_orders import one_line_per_title

LAYOUT = Known(
    name="淘宝 orders (old)",
    kind="orders",
    platform="淘宝",
    currency="CNY",
    needed="订单编号 买家会员名 买家实际支付金额 订单状态 订单创建时间|订单付款时间",
    words={
        c.ORDER_KEY: "订单编号",
        c.CUSTOMER_KEY: "买家会员名",
        c.EMAIL: "买家支付宝账号",
        c.PHONE: "联系手机 联系电话",
        c.NAME: "收货人姓名",
        c.STATUS: "订单状态",
        c.AT: "订单创建时间 订单付款时间",
        f.PAID: "买家实际支付金额",
        f.SHIPPING: "买家应付邮费",
        f.ORDER_REFUND: "退款金额",
        c.PRODUCT_NAME: "宝贝标题",
        c.QUANTITY: "宝贝总数量",
    },
    reshape=one_line_per_title,
    items_apart=True,
    precedence=21,
)
