"""Exports of platforms that no layout knows: their own headers, made-up rows, and what they hold, added by hand.

Headers of eBay: github.com/randomecho/shifted-sales-report; of Square: its items export as lunhsiangyuan/VannaAi_sql
stores it; of the two Chinese systems: jc1144096387/mall-admin-web and the import format of 店小秘. The others were
written down as their sellers describe them.
"""

# rows stand as the platforms write them
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Export:
    """A file, and what a founder would count in it. `tuned`: the words were looked at while the table was made."""

    name: str
    text: str
    orders: int
    customers: int
    revenue: float
    tuned: bool = False


EXPORTS = (
    Export(
        "shopee",
        "Order ID,Order Status,Order Creation Date,Product Name,SKU Reference No.,Deal Price,Quantity,Username (Buyer),"
        "Receiver Name,Phone Number,Tracking Number*\n"
        "24A1,Completed,2025-03-01 09:10,Soap,SO-1,5.50,2,annlee,Ann L.,+6591234567,T1\n"
        "24A1,Completed,2025-03-01 09:10,Candle,CA-1,12.00,1,annlee,Ann L.,+6591234567,T1\n"
        "24A2,Cancelled,2025-03-02 10:00,Soap,SO-1,5.50,1,bobray,Bob R.,+6598765432,T2\n"
        "24A3,Completed,2025-03-05 12:30,Candle,CA-1,12.00,3,bobray,Bob R.,+6598765432,T3\n",
        2,
        2,
        59.00,  # 11 + 12, 36; one cancelled
        tuned=True,
    ),
    Export(
        "hand-made english",
        "When,Whom,Stuff,How much\n"
        "3 March 2025,Ann Lee,Soap,$5.50\n4 March 2025,Bob Ray,Candle,$12.00\n9 April 2025,Ann Lee,Candle,$12.00\n",
        3,
        2,
        29.50,
        tuned=True,
    ),
    Export(
        "wechat sheet",
        "微信名,电话,买了什么,多少钱,日期,备注\n小雨,13800000001,手工皂,58,2025.3.8,\n阿强,13800000002,香薰蜡烛,88.5,2025.3.9,要包装\n"
        "小雨,13800000001,香薰蜡烛,88.5,2025.4.1,\n",
        3,
        2,
        235.00,
        tuned=True,
    ),
    Export(
        "traditional characters",
        "訂單編號,訂單成立日期,買家帳號,商品名稱,數量,成交單價,運費\n"
        "25A,2025-05-01,mei88,茶葉,2,150,60\n25B,2025-05-02,lin07,茶葉,1,150,60\n25B,2025-05-02,lin07,茶杯,1,80,60\n",
        2,
        2,
        530.00,  # 300; 150 + 80
        tuned=True,
    ),
    Export(
        "ebay",
        "Sales Record Number,Order Number,Buyer Username,Buyer Name,Buyer Email,Buyer City,Buyer State,Buyer Country,"
        "Ship To Name,Ship To Phone,Item Number,Item Title,Custom Label,Quantity,Sold For,Shipping And Handling,"
        "Total Price,Payment Method,Sale Date,Paid On Date,Shipped On Date\n"
        "101,12-100,ann_l,Ann Lee,ann@example.org,Reno,NV,United States,Ann Lee,7755550100,3301,Old camera,OC1,1,$40.00,"
        "$5.00,$45.00,PayPal,2025-03-03,2025-03-03,2025-03-04\n"
        "102,12-101,bobby,Bob Ray,bob@example.org,Provo,UT,United States,Bob Ray,8015550100,3302,Lens cap,LC1,2,$4.00,"
        "$2.00,$10.00,PayPal,2025-03-08,2025-03-09,2025-03-10\n"
        "103,12-102,ann_l,Ann Lee,ann@example.org,Reno,NV,United States,Ann Lee,7755550100,3302,Lens cap,LC1,1,$4.00,"
        "$2.00,$6.00,PayPal,2025-04-01,2025-04-01,2025-04-02\n",
        3,
        2,
        52.00,  # 40 + 8 + 4 of goods
        tuned=True,
    ),
    Export(
        "square items",
        "Date,Time,Time Zone,Category,Item,Qty,Price Point Name,SKU,Modifiers Applied,Gross Sales,Discounts,Net Sales,Tax,"
        "Transaction ID,Payment ID,Device Name,Notes,Details,Event Type,Location,Customer ID,Customer Name\n"
        "2025-03-01,09:15:00,Eastern,Coffee,Latte,2,Regular,LA1,,$9.00,$0.00,$9.00,$0.72,TX1,P1,iPad,,u,Payment,Main,C1,Ann\n"
        "2025-03-01,09:15:00,Eastern,Food,Bagel,1,Regular,BA1,,$3.50,-$0.50,$3.00,$0.24,TX1,P1,iPad,,u,Payment,Main,C1,Ann\n"
        "2025-03-02,10:05:00,Eastern,Coffee,Latte,1,Regular,LA1,,$4.50,$0.00,$4.50,$0.36,TX2,P2,iPad,,u,Payment,Main,C2,Bo\n",
        2,
        2,
        16.50,
    ),
    Export(
        "shopkeep",
        "Time,Cashier Name,Store Code,UPC,Line Item,Department,Category,Supplier,Cost,Price,Quantity,Subtotal,Discounts,"
        "Net Total,Tax,Total Due,Transaction ID,Customer ID\n"
        "2025-03-01 09:00,Kim,S1,0012,Mug,Home,Cups,Acme,2.00,6.00,2,12.00,0.00,12.00,0.90,12.90,T-1,K7\n"
        "2025-03-03 15:20,Kim,S1,0013,Tray,Home,Trays,Acme,4.00,9.00,1,9.00,0.00,9.00,0.70,9.70,T-2,K8\n"
        "2025-03-09 11:45,Kim,S1,0012,Mug,Home,Cups,Acme,2.00,6.00,1,6.00,0.00,6.00,0.45,6.45,T-3,K7\n",
        3,
        2,
        27.00,
    ),
    Export(
        "bookings",
        "Booking Reference,Booked On,Guest E-mail Address,Guest Full Name,Service,Amount Paid,Payment Status\n"
        "B-1,2025-02-01,ann@example.org,Ann Lee,Massage 60,70.00,Paid\n"
        "B-2,2025-02-03,bob@example.org,Bob Ray,Massage 30,40.00,Paid\n"
        "B-3,2025-02-20,ann@example.org,Ann Lee,Massage 30,40.00,Refunded\n",
        2,
        2,
        110.00,
        tuned=True,
    ),
    Export(
        "mall-admin 商城后台",
        "订单id,用户名,商品名,创建时间,商品数量,订单总价,收货地址,订单状态\n"
        "8001,lily,保温杯,2025-03-01 10:00:00,1,59.00,上海市,已完成\n"
        "8002,tom,雨伞,2025-03-02 11:00:00,2,78.00,北京市,已完成\n"
        "8003,lily,雨伞,2025-03-05 12:00:00,1,39.00,上海市,已取消\n",
        2,
        2,
        137.00,
    ),
    Export(
        "店小秘",
        "订单号,店铺账号,SKU,属性,数量,单价,币种,发货仓库,买家姓名,地址1,城市,省/州,国家二字码,邮编,手机,Email,买家备注,下单时间,客服备注\n"
        "D1,us01,TS-1,红,2,15.90,USD,义乌,Ann Lee,1 St,Reno,NV,US,89501,7755550100,ann@example.org,,2025-03-01 01:02:03,\n"
        "D2,us01,TS-2,蓝,1,19.90,USD,义乌,Bob Ray,2 St,Provo,UT,US,84601,8015550100,bob@example.org,,2025-03-02 04:05:06,\n"
        "D3,us01,TS-1,红,1,15.90,USD,义乌,Ann Lee,1 St,Reno,NV,US,89501,7755550100,ann@example.org,,2025-03-20 07:08:09,\n",
        3,
        2,
        67.60,  # 31.80 + 19.90 + 15.90
    ),
    Export(
        "快手小店",
        "订单号,订单创建时间,订单支付时间,订单状态,实付款,运费,商品名称,商品ID,SKU编码,成交数量,买家昵称,收货人姓名,收货人电话\n"
        "24001,2025-03-01 20:00:01,2025-03-01 20:00:30,交易成功,39.90,0.00,辣酱,55,LJ1,1,吃货小王,王*,139****0001\n"
        "24002,2025-03-01 21:10:00,2025-03-01 21:10:20,交易成功,79.80,0.00,辣酱,55,LJ1,2,阿美,陈*,138****0002\n"
        "24003,2025-03-08 19:30:00,2025-03-08 19:31:00,交易成功,25.00,0.00,豆豉,56,DC1,1,吃货小王,王*,139****0001\n",
        3,
        2,
        144.70,
        tuned=True,
    ),
    Export(
        "门店收银",
        "流水单号,结账时间,会员卡号,会员手机,菜品名称,份数,菜品单价,实收金额,支付方式,收银员\n"
        "L001,2025-03-01 12:10,VIP01,13900000001,牛肉面,2,28.00,56.00,微信,小李\n"
        "L002,2025-03-01 12:40,VIP02,13900000002,牛肉面,1,28.00,28.00,支付宝,小李\n"
        "L003,2025-03-02 18:05,VIP01,13900000001,凉皮,1,12.00,12.00,微信,小李\n",
        3,
        2,
        96.00,
    ),
    Export(
        "小红书",
        "订单号,订单状态,用户下单时间,用户支付时间,SKU名称,SKU条码,SKU件数,商品总价(元),用户实付金额(元),下单用户ID,收件人省份\n"
        "P100,已完成,2025-03-01 08:00:00,2025-03-01 08:00:10,口红,690001,1,99.00,89.00,u_77,浙江省\n"
        "P101,已完成,2025-03-03 09:00:00,2025-03-03 09:00:10,腮红,690002,2,120.00,110.00,u_78,广东省\n"
        "P102,已取消,2025-03-04 09:00:00,,口红,690001,1,99.00,0.00,u_77,浙江省\n",
        2,
        2,
        199.00,  # what was paid, 89 + 110; one cancelled
        tuned=True,
    ),
    Export(
        "etsy sold items",
        "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Order Shipping,Order Sales Tax,Item Total,"
        "Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship City,Ship Country,Order ID\n"
        "03/01/25,Ring,annlee,1,25.00,,0.00,3.00,0,25.00,USD,T1,L1,03/01/2025,03/02/2025,Ann Lee,Reno,United States,901\n"
        "03/01/25,Pin,annlee,2,4.00,,0.00,3.00,0,8.00,USD,T2,L2,03/01/2025,03/02/2025,Ann Lee,Reno,United States,901\n"
        "03/15/25,Pin,bobray,1,4.00,,0.00,3.00,0,4.00,USD,T3,L2,03/15/2025,03/16/2025,Bob Ray,Provo,United States,902\n",
        2,
        2,
        37.00,
    ),
    Export(
        "lazada",
        "orderItemId,lazadaSku,sellerSku,createTime,updateTime,orderNumber,customerName,customerEmail,shippingName,"
        "shippingPhone,shippingCity,paidPrice,unitPrice,shippingFee,itemName,status\n"
        "1,L-1,S-1,2025-03-01 10:00,2025-03-04 10:00,7001,Mei Tan,mei@example.org,Mei Tan,6591110001,Ipoh,9.50,10.00,1.00,Fan,"
        "delivered\n"
        "2,L-2,S-2,2025-03-02 11:00,2025-03-05 10:00,7002,Raj Nair,raj@example.org,Raj Nair,6591110002,Klang,20.00,20.00,1.00,"
        "Lamp,delivered\n"
        "3,L-1,S-1,2025-03-03 12:00,2025-03-03 13:00,7003,Mei Tan,mei@example.org,Mei Tan,6591110001,Ipoh,10.00,10.00,1.00,Fan,"
        "canceled\n",
        2,
        2,
        29.50,  # what was paid after discounts, 9.50 + 20; one cancelled
        tuned=True,
    ),
    Export(
        "class passes",
        "Purchase Timestamp,Client Surname,Client Forename,Client Mobile No,Pass Bought,Units Bought,Unit Rate,Receipt Ref\n"
        "2025-01-05 09:00,Lee,Ann,+447700900001,Ten classes,1,90.00,R10\n"
        "2025-01-07 10:00,Ray,Bob,+447700900002,One class,3,10.00,R11\n"
        "2025-02-05 09:00,Lee,Ann,+447700900001,One class,2,10.00,R12\n",
        3,
        2,
        140.00,
    ),
    Export(
        "京东",
        "订单号,商品ID,商品名称,订购数量,京东价,订单金额,结算金额,订单状态,下单帐号,客户姓名,联系电话,下单时间,付款确认时间\n"
        "3001,9001,充电宝,1,99.00,99.00,95.00,完成,jd_aaa,王五,13900000001,2025-03-01 10:00:00,2025-03-01 10:01:00\n"
        "3002,9002,数据线,2,19.00,38.00,38.00,完成,jd_bbb,赵六,13900000002,2025-03-02 10:00:00,2025-03-02 10:01:00\n"
        "3003,9002,数据线,1,19.00,19.00,19.00,已取消,jd_aaa,王五,13900000001,2025-03-03 10:00:00,\n",
        2,
        2,
        133.00,  # what was settled after discounts, 95 + 38; one cancelled
        tuned=True,
    ),
    Export(
        "团购接龙",
        "序号,接龙昵称,手机号码,团品,份数,应付(元),接龙时间,自提点\n"
        "1,楼上小张,13900000001,草莓,2,50.00,2025/3/1 9:00,东门\n"
        "2,6栋老李,13900000002,草莓,1,25.00,2025/3/1 9:05,东门\n"
        "3,楼上小张,13900000001,蓝莓,1,30.00,2025/3/8 9:00,东门\n",
        3,
        2,
        105.00,
        tuned=True,
    ),
    Export(
        "美容院",
        "服务日期,顾客,顾客电话,服务项目,消费金额,美容师\n"
        "2025年3月1日,刘女士,13900000001,面部护理,298,小陈\n"
        "2025年3月2日,孙女士,13900000002,肩颈按摩,198,小陈\n"
        "2025年4月2日,刘女士,13900000001,面部护理,298,小陈\n",
        3,
        2,
        794.00,
        tuned=True,
    ),
    Export(
        "coffee mini program",
        "订单编号,付款时间,收货人,联系电话,商品名称,单价,数量,优惠金额,运费,实付款,订单状态\n"
        "A1001,2025-03-01 10:12:00,王芳,13800000001,手冲咖啡豆,68.00,2,10.00,8.00,134.00,已完成\n"
        "A1002,2025-03-02 09:00:00,李强,13800000002,滤纸,15.00,1,0.00,8.00,23.00,已完成\n"
        "A1003,2025-03-05 20:40:00,王芳,13800000001,滤纸,15.00,3,5.00,0.00,40.00,已发货\n"
        "A1004,,赵敏,13800000003,手冲咖啡豆,68.00,1,0.00,8.00,0.00,已取消\n"
        "A1005,2025-04-11 12:00:00,李强,13800000002,手冲咖啡豆,68.00,1,8.00,8.00,68.00,已完成\n",
        4,
        2,
        241.0,  # 134 - 8, 23 - 8, 40, 68 - 8; one cancelled
    ),
    Export(
        "candle shop",
        "Order Number,Created At,Customer Email,Customer Name,Item,Unit Price,Qty,Discount,Shipping Fee,Total Paid,Payment Status\n"
        "SL-1,2025-03-01 10:12,ann@x.org,Ann Lee,Candle,12.00,2,4.00,5.00,25.00,paid\n"
        "SL-2,2025-03-03 11:00,bob@x.org,Bob Ray,Soap,6.50,1,0.00,5.00,11.50,paid\n"
        "SL-3,2025-03-09 18:30,ann@x.org,Ann Lee,Soap,6.50,4,0.00,0.00,26.00,paid\n"
        "SL-4,2025-03-12 08:05,cy@x.org,Cy Poe,Candle,12.00,1,0.00,5.00,0.00,voided\n"
        "SL-5,2025-04-02 09:45,bob@x.org,Bob Ray,Candle,12.00,3,6.00,5.00,35.00,refunded\n"
        "SL-6,2025-04-20 13:15,dee@x.org,Dee Fox,Candle,12.00,1,0.00,5.00,17.00,paid\n",
        4,
        3,
        64.5,  # 25 - 5, 11.50 - 5, 26, 17 - 5; one voided, one refunded
    ),
    Export(
        "invoices",
        "Invoice #,Client,Date,Due Date,Amount,Status\n"
        '2025-001,Maple Studio,03/25/2025,04/24/2025,"$1,200.00",Paid\n'
        "2025-002,Otter & Co,03/28/2025,04/27/2025,$450.00,Paid\n"
        "2025-003,Maple Studio,04/15/2025,05/15/2025,$600.00,Cancelled\n"
        "2025-004,Otter & Co,05/02/2025,06/01/2025,$475.50,Paid\n"
        "2025-005,Birch Ltd,05/20/2025,06/19/2025,$80.00,Paid\n",
        4,
        3,
        2205.5,  # 1,200 + 450 + 475.50 + 80; one cancelled
    ),
    Export(
        "hairdresser's members",
        "会员卡号,姓名,手机号码,消费日期,消费项目,消费金额,支付方式,门店\n"
        "V001,陈晓,13900000001,2025/3/2,洗剪吹,68,微信,中山路店\n"
        "V002,林涛,13900000002,2025/3/2,染发,298,会员卡,中山路店\n"
        "V001,陈晓,13900000001,2025/3/30,洗剪吹,68,微信,中山路店\n"
        "V003,周洁,13900000003,2025/4/6,烫发,398,支付宝,人民路店\n"
        "V002,林涛,13900000002,2025/4/12,洗剪吹,58,会员卡,中山路店\n"
        "合计,,,,,890,,\n",
        5,
        3,
        890.0,  # as its own total says
    ),
    Export(
        "till of a café",
        "Order ID,Order Date,Customer Name,Customer Phone,Item Name,Item Price,Quantity,Item Discount,Tax,Item Total\n"
        "C77,12-Mar-2025 12:03 PM,Jo March,+1 617 555 0101,Latte,4.50,2,0.00,0.63,9.63\n"
        "C77,12-Mar-2025 12:03 PM,Jo March,+1 617 555 0101,Bagel,3.25,1,0.25,0.21,3.21\n"
        "C78,12-Mar-2025 12:40 PM,Amy Lau,+1 617 555 0102,Latte,4.50,1,0.00,0.32,4.82\n"
        "C79,14-Mar-2025 08:15 AM,Jo March,+1 617 555 0101,Beans 1kg,22.00,1,2.00,1.40,21.40\n"
        "C80,15-Mar-2025 09:00 AM,,,Latte,4.50,1,0.00,0.32,4.82\n",
        3,
        2,
        36.5,  # 9 + 3.25 - 0.25, 4.50, 22 - 2; one without a buyer
    ),
)
