"""Files of 有赞, 淘宝, 微店, 拼多多 and 1688 with their figures; the comments say how they come about."""

from __future__ import annotations

from tests.engine.intake.layouts.samples import Case, Figures, Row, rows, sample, table

TAOBAO_2018 = "taobao_ExportOrderList_2018.csv"
YOUZAN = "youzan_orders.csv"


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
    # its row has two cells fewer than the header, none of which is used
    "有赞 customers sample": Case(
        "有赞 customers",
        sample("youzan_customers.csv"),
        Figures(customers=1, accepted=1),
        "有赞",
    ),
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
    # 5: the number was rounded by a spreadsheet; its buyer and time tell it apart: 50.
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
            orders=3,
            lines=4,
            customers=2,
            money=180.0,
            accepted=3,
            reasons={"cancelled order": 1, "order not paid": 1},
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
}
