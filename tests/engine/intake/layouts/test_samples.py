"""Every layout on a file of its platform; the figures are worked out by hand, as the comments say."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import columns as c
from engine.intake import layouts, understand
from engine.intake.encodings import as_utf8
from engine.intake.layouts import Known
from tests.engine.intake.layouts.samples import Figures, Row, come_to, header_of, read, under

Make = Callable[[Path], bytes]


def sample(name: str) -> Make:
    return lambda folder: (folder / name).read_bytes()


def rows(name: str, *made: Row, encoding: str = "utf-8") -> Make:
    """Rows under the header of a sample that has none, or other ones."""
    return lambda folder: under(header_of(folder / name, encoding), *made, encoding=encoding)


def table(header: str, *lines: str, encoding: str = "utf-8") -> Make:
    return lambda _: "\n".join([header, *lines]).encode(encoding)


@dataclass(frozen=True)
class Case:
    layout: str
    make: Make
    figures: Figures
    platform: str


SHOPIFY = "shopify_orders_export.csv"
WOO = "woocommerce_order_export_plugin.csv"
STRIPE = "stripe_payments.csv"
TAOBAO_2018 = "taobao_ExportOrderList_2018.csv"
YOUZAN = "youzan_orders.csv"


def shopify(name: str, price: str, quantity: str = "1", **order: str) -> Row:
    return {
        "Name": name,
        "Email": f"{name[1:]}@example.com",
        "Created at": "2025-10-07 09:50:26 +0200",
        "Lineitem name": f"Item {price}",
        "Lineitem price": price,
        "Lineitem quantity": quantity,
        **{key.replace("_", " "): value for key, value in order.items()},
    }


def woo(order: str, item: str, total: str, quantity: str = "1", kept: str = "", back: str = "", **more: str) -> Row:
    return {
        "Order Number": order,
        "Order Status": more.get("status", "Completed"),
        "Order Date": "2026-01-05 10:22",
        "Email (Billing)": more.get("email", f"{order}@example.com"),
        "Name": item,
        "Quantity": quantity,
        "Quantity (- Refund)": kept or quantity,
        "Item Cost": "999",
        "Order Line Total": total,
        "Order Line Total Refunded": back or "0",
        "Order Refund Amount": more.get("order_back", "0"),
        "Cart Discount Amount": more.get("discount", "0"),
    }


def stripe(payment: str, amount: str, **more: str) -> Row:
    return {
        "id": payment,
        "Created (UTC)": "2026-01-05 10:22",
        "Amount": amount,
        "Amount Refunded": "0.00",
        "Currency": "usd",
        "Status": "Paid",
        "Captured": "true",
        "Customer ID": "cus_A",
        **{key.replace("_", " "): value for key, value in more.items()},
    }


def taobao(order: str, buyer: str, paid: str, **more: str) -> Row:
    return {
        "订单编号": f'="{order}"',
        "买家会员名": buyer,
        "买家实际支付金额": paid,
        "买家应付邮费": "0.00",
        "订单状态": "交易成功",
        "订单创建时间": "2018-07-08 00:42:32",
        "宝贝标题": "锅",
        "宝贝种类": "1",
        "宝贝总数量": "1",
        "退款金额": "0.00",
        **more,
    }


def youzan(order: str, phone: str, paid: str, goods: str, **more: str) -> Row:
    return {
        "订单号": order,
        "订单状态": "交易完成",
        "订单创建时间": "2026-06-19 10:00:00",
        "订单实付金额": paid,
        "运费": "0.00",
        "全部商品名称": goods,
        "收货人手机号/提货人手机号": "13900000009",
        "买家手机号": phone,
        "订单已退款金额": "0.00",
        **more,
    }


CASES = {
    # lines 64.80 and 2 × 5.00, no discount, nothing back; 8.42 are taxes. One row per line, order cells on the first
    "Shopify sample": Case(
        "Shopify orders",
        sample(SHOPIFY),
        Figures(orders=1, lines=2, customers=1, money=74.80, accepted=2, currency="CAD"),
        "Shopify",
    ),
    # 1: 2 × 30 + 40 = 100, 10 off = 90. 2: 50, its 5 off are off shipping, since the subtotal is 50; 20 back = 30.
    # 3: cancelled (20 back to its buyer). 4: 50 of 50 back: refunded. 5: in another currency. 6: not paid.
    # In: 90 + 30 = 120 in 3 rows. Returned: 20 of order 2, 20 of order 3, 50 of order 4 = 90.
    "Shopify discounts, refunds, currencies": Case(
        "Shopify orders",
        rows(
            SHOPIFY,
            shopify("#1", "30", "2", Currency="EUR", Subtotal="90", Discount_Amount="10", Financial_Status="paid"),
            {**shopify("#1", "40"), "Email": ""},
            shopify(
                "#2",
                "50",
                Currency="EUR",
                Subtotal="50",
                Discount_Amount="5",
                Refunded_Amount="20",
                Financial_Status="partially_refunded",
            ),
            shopify("#3", "20", Currency="EUR", Cancelled_at="2025-10-08 09:50:26 +0200"),
            shopify("#4", "50", Currency="EUR", Refunded_Amount="55", Financial_Status="refunded"),
            shopify("#5", "10", Currency="USD"),
            shopify("#6", "10", Currency="EUR", Financial_Status="pending"),
        ),
        Figures(
            orders=2,
            lines=3,
            customers=2,
            money=120.0,
            accepted=3,
            reasons={
                "cancelled order": 1,
                "refunded order": 1,
                "in another currency than most of the file": 1,
                "order not paid": 1,
            },
            currency="EUR",
            returned=90.0,
        ),
        "Shopify",
    ),
    "Shopify customers": Case(
        "Shopify customers", sample("shopify_customers_export.csv"), Figures(customers=1, accepted=1), "Shopify"
    ),
    # two people by e-mail; the third row has neither e-mail nor phone
    "Shopify customers, old": Case(
        "Shopify customers",
        rows(
            "shopify_customers_export_old.csv",
            {"First Name": "Ann", "Email": "ann@example.com", "Accepts Email Marketing": "yes"},
            {"First Name": "Bob", "Email": "bob@example.com", "Accepts SMS Marketing": "yes"},
            {"First Name": "Cat"},
        ),
        Figures(customers=2, accepted=2, reasons={"no customer number, e-mail, phone or name": 1}),
        "Shopify",
    ),
    # 2999 are the net sales; “1x Blue Mug, 2x Tea” is two lines of one row
    "WooCommerce analytics": Case(
        "WooCommerce analytics",
        sample("woocommerce_analytics_orders.csv"),
        Figures(orders=1, lines=2, customers=1, money=2999.0, accepted=1, currency="USD"),
        "WooCommerce",
    ),
    # 1: 12.50 + 7.50, nothing back. 2: 3 for 30, 1 piece and 10 back = 20. 3: all of it back. 4: cancelled, 8.
    # In: 20 + 20. Returned: 10 + 15 + 8
    "WooCommerce plugin": Case(
        "WooCommerce export plugin",
        rows(
            WOO,
            woo("1", "Mug", "12.50"),
            woo("1", "Tea", "7.50", discount="5"),
            woo("2", "Tea", "30", "3", kept="2", back="-10", order_back="10"),
            woo("3", "Pot", "15", back="15", kept="0"),
            woo("4", "Pot", "8", status="Cancelled"),
        ),
        Figures(
            orders=2,
            lines=3,
            customers=2,
            money=40.0,
            accepted=3,
            reasons={"refunded order": 1, "cancelled order": 1},
            returned=33.0,
        ),
        "WooCommerce",
    ),
    # 01/13/2026 is 13 January, so 02/01/2026 is 1 February: month first. 115 - 15 shipping + 20
    "WooCommerce plugin, orders": Case(
        "WooCommerce export plugin",
        table(
            "order_id,order_number,order_date,paid_date,status,shipping_total,order_total,order_currency,"
            "customer_id,customer_email,billing_first_name,billing_last_name",
            "7,7,02/01/2026 10:00:00,,completed,15.00,115.00,GBP,0,ann@example.com,Ann,Lee",
            "8,8,01/13/2026 10:00:00,,completed,,20.00,GBP,0,bob@example.com,Bob,Ray",
            "9,9,01/13/2026 10:00:00,,failed,,20.00,GBP,0,bob@example.com,Bob,Ray",
        ),
        Figures(
            orders=2,
            customers=2,
            money=120.0,
            accepted=2,
            reasons={"order not paid": 1},
            currency="GBP",
        ),
        "WooCommerce",
    ),
    # 7: 2 mugs for 20 and a tea for 5; 8: a tea for 5. What was paid has shipping and taxes in it
    "WooCommerce plugin, a column per item": Case(
        "WooCommerce export plugin",
        table(
            "order_id,order_date,status,shipping_total,order_total,order_currency,customer_email,line_item_1,line_item_2",
            "7,02/01/2026 10:00:00,completed,5.00,36.00,GBP,ann@example.com,"
            "name:Mug|product_id:12|sku:M1|quantity:2|total:20.00,name:Tea|product_id:13|sku:|quantity:1|total:5.00",
            "8,01/13/2026 10:00:00,completed,5.00,11.00,GBP,bob@example.com,"
            "name:Tea|product_id:13|sku:|quantity:1|total:5.00,",
        ),
        Figures(orders=2, lines=3, customers=2, money=30.0, accepted=2, currency="GBP"),
        "WooCommerce",
    ),
    # 1: 49.95. 2: 20 - 5. 3: 0,25 with a decimal comma is read 0.25. 4: all back, 10. 5: failed. 6: not captured.
    "Stripe payments": Case(
        "Stripe payments",
        rows(
            STRIPE,
            stripe("ch_1", "49,95"),
            stripe("ch_2", "20,00", Amount_Refunded="5,00"),
            stripe("ch_3", "0,25", Customer_ID="cus_B"),
            stripe("ch_4", "10,00", Amount_Refunded="10,00", Status="Refunded"),
            stripe("ch_5", "10,00", Status="Failed"),
            stripe("ch_6", "10,00", Captured="false"),
        ),
        Figures(
            orders=3,
            customers=2,
            money=65.20,
            accepted=3,
            reasons={"refunded order": 1, "order not paid": 2},
            currency="USD",
            returned=15.0,
        ),
        "Stripe",
    ),
    # paid in dollars and pounds, settled in euros: 9 + 12 - 6
    "Stripe converted": Case(
        "Stripe payments",
        rows(
            STRIPE,
            stripe("ch_1", "10.00", Converted_Amount="9.00", Converted_Currency="eur"),
            stripe(
                "ch_2",
                "10.00",
                Currency="gbp",
                Amount_Refunded="5.00",
                Converted_Amount="12.00",
                Converted_Amount_Refunded="6.00",
                Converted_Currency="eur",
            ),
        ),
        Figures(orders=2, customers=1, money=15.0, accepted=2, currency="EUR", returned=6.0),
        "Stripe",
    ),
    "Stripe customers": Case(
        "Stripe customers", sample("stripe_customers.csv"), Figures(customers=1, accepted=1), "Stripe"
    ),
    # 100.00 paid, no shipping, nothing back
    "有赞 sample": Case(
        "有赞 orders",
        sample(YOUZAN),
        Figures(orders=1, lines=1, customers=1, money=100.0, accepted=1, currency="CNY"),
        "有赞",
    ),
    # 1: 112 - 12 shipping = 100 on 3 lines, of a buyer who is not the receiver. 2: masked: the receiver's phone; 60, 15
    # of it back = 45. 3: both masked: no customer, 30. 4: closed. In 2 rows: 100 + 45, without customer 30.
    "有赞 packed and masked": Case(
        "有赞 orders",
        rows(
            YOUZAN,
            youzan("E1", "13800000001", "112.00", "草莓蛋糕(1件);红茶(2件);蜡烛(1件)", 运费="12.00"),
            youzan("E2", "186******05", "60.00", "红茶(1件)", 订单已退款金额="15.00", 订单退款状态="部分退款"),
            youzan("E3", "186******05", "30.00", "红茶", **{"收货人手机号/提货人手机号": "139******09"}),
            youzan("E4", "13800000001", "30.00", "红茶", 订单状态="交易关闭"),
        ),
        Figures(
            orders=3,
            lines=5,
            customers=2,
            money=175.0,
            accepted=2,
            without_customer=1,
            reasons={"cancelled order": 1},
            currency="CNY",
            returned=45.0,
        ),
        "有赞",
    ),
    # the second person's phone is masked, and the third row repeats the first person
    "有赞 customers": Case(
        "有赞 customers",
        table(
            "客户姓名,客户昵称,客户手机号,客户生日,客户性别,标签,消费次数,成为客户时间,微信地域,",
            "测试甲,甲,13800138000,1990-01-01,女,生日蛋糕,2,2024-01-01 10:00:00,北京,",
            "测试乙,乙,186******05,,男,,1,2024-01-02 10:00:00,,",
            "测试甲,甲,13800138000,,,,2,2024-01-01 10:00:00,北京,",
        ),
        Figures(customers=1, accepted=2, reasons={"no customer number, e-mail, phone or name": 1}),
        "有赞",
    ),
    # 201.12 paid, no shipping, nothing back
    "淘宝 2017 sample": Case(
        "淘宝 orders (old)",
        sample("taobao_ExportOrderList_2017.csv"),
        Figures(orders=1, lines=1, customers=1, money=201.12, accepted=1, currency="CNY"),
        "淘宝",
    ),
    # 1: 110 - 10 = 100 on two titles. 2: 50 - 20 back = 30; its comma is part of one title. 3: closed. 4: not paid.
    # 5: the number was rounded by a spreadsheet.
    "淘宝 2018": Case(
        "淘宝 orders (old)",
        rows(
            TAOBAO_2018,
            taobao("101", "tb1", "110.00", 买家应付邮费="10.00", 宝贝标题="锅，铲", 宝贝种类="2", 宝贝总数量="2"),
            taobao("102", "tb2", "50.00", 退款金额="20.00", 宝贝标题="锅，好用", 宝贝总数量="1"),
            taobao("103", "tb2", "50.00", 订单状态="交易关闭"),
            taobao("104", "tb2", "0.00", 订单状态="等待买家付款"),
            {**taobao("105", "tb2", "50.00"), "订单编号": "3.515E+17"},
            encoding="gb18030",
        ),
        Figures(
            orders=2,
            lines=3,
            customers=2,
            money=130.0,
            accepted=2,
            reasons={"cancelled order": 1, "order not paid": 1, "order number rounded by the spreadsheet": 1},
            currency="CNY",
            returned=70.0,
        ),
        "淘宝",
    ),
    # today's 21 columns, without a buyer: 88 - 8
    "淘宝 today": Case(
        "淘宝 orders",
        table(
            "订单编号,支付单号,买家应付货款,买家应付邮费,总金额,买家实付金额,订单状态,收货地址,运送方式,订单创建时间,"
            "商品标题,宝贝种类,物流单号,物流公司,备注标签,商家备注,宝贝总数量,开票信息,手机订单,商品属性SKU,发货时间",
            "201,,80,8,88,88,交易成功,江苏省 南京市 建邺区 沙洲街道****,快递,2026-03-01 10:00:00,锅,1,,,,,2,,,,",
            "202,,80,8,88,0,交易关闭,江苏省 南京市 建邺区 沙洲街道****,快递,2026-03-01 10:00:00,锅,1,,,,,2,,,,",
        ),
        Figures(
            orders=1,
            lines=1,
            money=80.0,
            without_customer=1,
            reasons={"cancelled order": 1},
            currency="CNY",
        ),
        "淘宝",
    ),
    # A: 2 × 10 + 1 × 30, 5 back = 45 on two lines. B: prices for two, names for three: one line, price unreadable.
    "微店": Case(
        "微店 orders",
        table(
            "订单编号,订单状态,订单类型,下单时间,商品名称,商品ID,购买数量,商品价格,退款状态,退款金额,收件人姓名,"
            "收件人手机,省,市,下单账号",
            "A,已完成,普通,2026-03-01 10:00:00,茶[绿];壶,11;12,2;1,10.00;30.00,,5.00,张三,13800000001,浙江,杭州,wd1",
            "B,已完成,普通,2026-03-01 11:00:00,茶;壶;杯,11;12;13,1;1;1,10.00;30.00,,,李四,13800000002,浙江,杭州,wd2",
            "C,已关闭,普通,2026-03-01 11:00:00,茶,11,1,10.00,,,李四,13800000002,浙江,杭州,wd2",
        ),
        Figures(
            orders=1,
            lines=2,
            customers=1,
            money=45.0,
            accepted=1,
            reasons={"quantity cannot be read": 1, "cancelled order": 1},
            currency="CNY",
            returned=15.0,
        ),
        "微店",
    ),
    # the newer headers, with what was paid after discounts: 1 × 8 + 3 × 4, of which the 4s went back
    "微店, newer": Case(
        "微店 orders",
        table(
            "订单编号,订单状态,支付时间,商品名称,商品id,商品件数,单品折扣后价格,商品原始单价,退款状态,"
            "收件人/提货人姓名,收件人/提货人手机号,下单账号",
            "A,已完成,2026-03-01 10:00:00,茶;壶,11;12,1;3,8.00;4.00,10.00;5.00,;退款成功,张三,13800000001,wd1",
        ),
        Figures(orders=1, lines=1, customers=1, money=8.0, accepted=1, currency="CNY", returned=12.0),
        "微店",
    ),
    # 19.50 for 2 pieces; nobody is named
    "拼多多 sample": Case(
        "拼多多 orders",
        sample("pinduoduo_orders_part.csv"),
        Figures(orders=1, lines=1, money=19.50, without_customer=1, currency="CNY"),
        "拼多多",
    ),
    # 1: 25 - 5 postage. 2: cancelled, without a time. 3: refunded. 4: a time is missing
    "拼多多 whole": Case(
        "拼多多 orders",
        table(
            "商品\t订单号\t订单状态\t商品总价(元)\t邮费(元)\t用户实付金额(元)\t商家实收金额(元)\t商品数量(件)\t商品id\t"
            "售后状态\t订单成交时间",
            "饼干\t1\t已收货\t20\t5\t25\t26\t1\t9\t无售后\t2026-09-15 23:06:56",
            "饼干\t2\t已取消\t20\t5\t0\t0\t1\t9\t无售后\t",
            "饼干\t3\t已发货，退款成功\t20\t5\t25\t25\t1\t9\t退款成功\t2026-09-15 23:06:56",
            "饼干\t4\t待发货\t20\t5\t25\t25\t1\t9\t无售后\t",
        ),
        Figures(
            orders=1,
            lines=1,
            money=20.0,
            without_customer=1,
            reasons={"cancelled order": 1, "refunded order": 1, "no date": 1},
            currency="CNY",
        ),
        "拼多多",
    ),
    # 1: 2 × 30 + 1 × 40 = 100, 10 less and 8 freight: 98 paid, 90 for goods. 2: one line at 50. 3: closed
    "1688": Case(
        "1688 orders",
        table(
            "订单编号,买家公司名,买家会员名,货品总价(元),运费(元),涨价或折扣(元),实付款(元),订单状态,订单创建时间,"
            "收货人姓名,联系手机,货品标题,单价(元),数量,货号,Offer ID,SKU ID",
            "1,某公司,ali1,100,8,-10,98,交易成功,2026-03-01 10:00:00,张三,13800000001,杯,30,2,B1,1,11",
            ",,,,,,,,,,,盘,40,1,B2,2,12",
            "2,某公司,ali1,50,0,0,50,等待卖家发货,2026-03-02 10:00:00,张三,13800000001,碗,50,1,B3,3,13",
            "3,另一家,ali2,50,0,0,50,交易关闭,2026-03-02 10:00:00,李四,13800000002,碗,50,1,B3,3,13",
        ),
        Figures(
            orders=2,
            lines=3,
            customers=1,
            money=140.0,
            accepted=3,
            reasons={"cancelled order": 1},
            currency="CNY",
            returned=50.0,
        ),
        "1688",
    ),
    # the short form, where each row says what was paid for it: 12 + 8
    "1688, short": Case(
        "1688 orders",
        table(
            "订单号,下单时间,物流公司,实付款,运单号,买家,收货地址,货品标题,规格,数量,退款状态,订单状态",
            "1,2026-03-01 10:00:00,,12,,ali1,,杯,红,2,,交易成功",
            "1,2026-03-01 10:00:00,,8,,ali1,,盘,白,2,,交易成功",
        ),
        Figures(orders=1, lines=2, customers=1, money=20.0, accepted=2, currency="CNY"),
        "1688",
    ),
    "Mailchimp audience": Case(
        "Mailchimp audience", sample("mailchimp_audience.csv"), Figures(customers=1, accepted=1), "Mailchimp"
    ),
}


@pytest.fixture
def folder(datasets: Path) -> Path:
    return datasets / "layouts"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_figures_are_those_worked_out_by_hand(case: Case, folder: Path) -> None:
    data = case.make(folder)
    found = understand(data, "export.csv")
    assert (come_to(found), found.platform) == (case.figures, case.platform)
    layout = next(one for one in layouts.registered() if one.match(found.table.headers) is not None)
    assert layout.name == case.layout


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_columns_may_stand_in_any_order_and_headers_be_written_widely(case: Case, folder: Path) -> None:
    data = case.make(folder)
    with as_utf8(data, "export.csv").open() as file:
        text = file.read().decode()
    delimiter = "\t" if "\t" in text.splitlines()[0] else ","
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    order = list(range(len(records[0])))
    random.Random(7).shuffle(order)
    out = io.StringIO()
    # rows that end with one comma more than the header keep it at their end
    turned = [[record[i] for i in order] + record[len(order) :] for record in records if len(record) >= len(order)]
    turned[0] = [f" {unicodedata.normalize('NFKC', header).upper()}  ".replace("(", "（") for header in turned[0]]
    csv.writer(out).writerows(turned)
    if len(turned) == len(records):
        assert read(out.getvalue().encode()) == case.figures


@pytest.mark.parametrize(
    "layout", [one for one in layouts.registered() if isinstance(one, Known)], ids=lambda o: o.name
)
def test_columns_that_some_exports_lack_are_not_needed(layout: Known) -> None:
    # each alternative alone, with nothing else in the file
    for pick in (0, -1):
        headers = [word.split("|")[pick] for word in layout.needed.split()]
        found = layout.match(headers)
        assert found is not None
        row = ["1"] * len(headers)
        for field, value in ((c.AT, "2026-05-01"), (c.STATUS, "paid"), (c.EMAIL, "a@x.org"), (c.PHONE, "13800138000")):
            if field in found.columns:
                row[found.columns[field]] = value
        figures = read("\n".join([",".join(headers), ",".join(row)]).encode())
        assert figures.accepted + figures.without_customer + sum(figures.reasons.values()) == 1


def test_every_layout_has_a_sample() -> None:
    assert {case.layout for case in CASES.values()} | {"by name", "淘宝 items"} == {
        layout.name for layout in layouts.registered()
    }
