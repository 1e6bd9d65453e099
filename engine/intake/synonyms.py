"""The one table of what files call their columns, in Chinese and English.

A field's words stand in order of preference: where a file has several, the first in the table is used. Words are
written as `folded` leaves them: lower case, half width, without spaces, underscores, hyphens and units.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from engine import columns as c
from engine.intake import fields as f

_UNIT = re.compile(r"\((元|件|个|岁|人民币|rmb|cny|usd|eur|gbp|hkd|jpy|utc|[¥£€$])\)")
_BEFORE_TAX = re.compile(r"\((?:(?:ex|excl|excluding)\.? ?(?:tax|vat|gst)|不含税)\)")
_CURRENCY_AFTER = re.compile(r"(?<![\s_/])[\s_/]+(元|rmb|cny|usd|eur|gbp|hkd|jpy|twd|[¥£€$])$")
# the traditional characters of headers, as shops in Taiwan and Hong Kong write them
_SIMPLIFIED = str.maketrans(
    "訂單編號時間買賣電話機碼數量價總額顧員稱狀態貨幣類別標題國備註創發實際運費優點選規會購產個項聯絡資訊郵帳戶應計應積櫃結賬開註冊齡歲",
    "订单编号时间买卖电话机码数量价总额顾员称状态货币类别标题国备注创发实际运费优点选规会购产个项联络资讯邮帐户应计应积柜结账开注册龄岁",
)
_IGNORED = re.compile(r"[\s_\-.:'\"#*?/\\]+")

_PERSON: Final[Mapping[str, str]] = {
    c.EMAIL: "email emailaddress customeremail buyeremail contactemail useremail email(billing) billingemail mail "
    "电子邮箱 邮箱 电子邮件 邮件 邮箱地址 客户邮箱 买家邮箱 买家支付宝账号",
    c.PHONE: "phone customerphone mobile mobilephone phonenumber mobilenumber telephone tel cellphone "
    "phone(billing) billingphone buyerphone "
    "手机 手机号 手机号码 联系手机 客户手机号 买家手机号 买家手机 会员手机号 电话 联系电话 电话号码 联系方式 "
    "收货人手机号提货人手机号 收货人手机号 收货人手机 收件人手机 收件人手机号 "
    "收件人手机提货人手机号 收件人提货人手机号",
    c.NAME: "customername clientname buyername fullname contactname displayname billingname cardholder "
    "客户姓名 客户名称 客户名 顾客姓名 买家姓名 会员姓名 姓名 名字 收货人姓名 收件人姓名 收件人提货人姓名 "
    "收货人提货人 收货人 收件人 客户昵称 买家昵称 昵称 微信名 微信昵称",
    f.FIRST_NAME: "firstname givenname firstname(billing) billingfirstname 名",
    f.LAST_NAME: "lastname surname familyname lastname(billing) billinglastname 姓",
    c.GENDER: "gender sex customergender 性别 客户性别 会员性别",
    c.BIRTH_YEAR: "birthyear yearofbirth yearbirth 出生年份 出生年 生年",
    f.BIRTHDAY: "birthday birthdate dateofbirth dob 生日 出生日期 客户生日 会员生日",
    f.AGE: "age customerage 年龄 客户年龄",
    c.CITY: "city town customercity defaultaddresscity city(billing) billingcity shippingcity "
    "城市 市 所在城市 客户城市 收货人城市 收货城市",
    c.REGION: "region state province customerstate provincecode defaultaddressprovincecode "
    "statecode(billing) billingprovince billingstate shippingprovince "
    "省 省份 省自治区 省市自治区 所在省份 所在省 收货人省份 收货省份 微信地域",
    c.COUNTRY: "country customercountry countrycode defaultaddresscountrycode countrycode(billing) billingcountry "
    "shippingcountry 国家 国家地区 所在国家",
    c.INTERESTS: "interests interest hobbies hobby tags tag preferences 兴趣 兴趣爱好 爱好 偏好 标签 客户标签",
}

_GOODS: Final[Mapping[str, str]] = {
    c.PRODUCT_NAME: "productname product producttitle itemname itemdescription description lineitemname item title "
    "stockdescription goods goodsname name "
    "商品名称 商品名 商品标题 宝贝标题 货品标题 产品名称 产品名 货品名称 品名 商品 产品 标题 全部商品名称 "
    "买了什么 名称",
    c.PRODUCT_NAME_ZH: "productnamezh chineseproductname namezh "
    "productnamechinese chinesename productnamecn namecn titlezh "
    "中文名 中文名称 商品中文名 产品中文名",
    c.PRODUCT_NAME_EN: "productnameen englishproductname nameen productnameenglish englishname titleen "
    "英文名 英文名称 商品英文名 产品英文名",
    c.CATEGORY: "category productcategory producttype itemcategory department "
    "类别 分类 商品分类 商品类别 产品类别 类目 品类",
}

_PRODUCT_KEYS: Final = (
    "productid productnumber stockcode sku "
    "productsku lineitemsku itemsku productcode itemcode itemid productno itemno productkey "
    "商品id 商品编号 商品编码 商品代码 产品id 产品编号 产品编码 商家编码 货号 外部系统编号 "
    "商家编码规格维度 商家编码商品维度 宝贝id 样式id"
)
_CUSTOMER_KEYS: Final = (
    "customerid clientid buyerid userid memberid customerno customernumber customerkey customeruser customercode "
    "custid custno membernumber memberno "
    "客户id 客户号 客户编号 客户代码 顾客号 用户号 顾客id 顾客编号 用户id 用户编号 会员id 会员号 会员编号 会员卡号 "
    "买家id 买家账号 下单账号 买家会员名 买家旺旺 买家"
)
# of a person, and of a product: a column called so may hold a name as well as a number
_BARE_CUSTOMER: Final = "customer client buyer member user username 客户 顾客 会员 会员名 用户 用户名"
_BARE_PRODUCT: Final = "product item goods 商品 产品"
_PRICES: Final = (
    "unitprice price lineitemprice itemprice itemcost productprice sellingprice saleprice salesprice soldfor "
    "单价 商品单价 商品价格 单品折扣后价格 销售单价 成交单价 产品单价 宝贝单价 价格 售价"
)

ORDERS: Final[Mapping[str, str]] = {
    c.ORDER_KEY: "orderid ordernumber orderno order invoiceno invoicenumber invoiceid invoice orderkey ordername "
    "transactionid transactionno receiptno receiptnumber purchaseid "
    "订单编号 订单号 订单id 主订单编号 订单号码 单号 交易编号 交易号 流水号",
    c.CUSTOMER_KEY: f"{_CUSTOMER_KEYS} {_BARE_CUSTOMER}",
    c.AT: "orderdate orderdatetime ordertime orderedat orderplaced invoicedate purchasedate purchasetime purchasedat "
    "transactiondate createdat created createddate datecreated paidat paiddate saledate timestamp "
    "datetime date time 订单创建时间 下单时间 订单时间 创建时间 订单日期 下单日期 订单成交时间 成交时间 交易时间 "
    "购买时间 购买日期 订单付款时间 买家付款时间 付款时间 支付时间 交易成功时间 销售日期 日期 时间",
    c.PRODUCT_KEY: _PRODUCT_KEYS,
    **_GOODS,
    c.QUANTITY: "quantity qty lineitemquantity quantityordered orderquantity itemquantity itemssold units unitssold "
    "numberofitems pieces 数量 购买数量 商品数量 商品件数 宝贝总数量 宝贝数量 件数 销售数量 订购数量 总数量",
    c.PRICE: _PRICES,
    c.REVENUE: "linetotal amountoftheline orderlinetotal "
    "lineamount lineitemtotal itemtotal totalprice sales revenue subtotal amount "
    "小计 金额小计 商品总价 商品金额 销售额 销售金额 成交金额 金额 多少钱",
    f.ORDER_TOTAL: "ordertotal amountoftheorder orderamount "
    "ordertotalamount grandtotal totalamount total netsales totalpaid "
    "买家实际支付金额 买家实付金额 用户实付金额 订单实付金额 实付金额 实付款 实付 商家实收金额 订单实收金额 实收金额 "
    "订单金额 订单总金额 总金额 总价 合计 应收订单金额 商品金额合计 买家应付货款",
    # what these are is told by the words of headers and by what adds up (`engine.intake.sums`), or by the founder
    f.PAID: "amountpaidfortheorder 订单实付金额",
    f.SHIPPING: "shipping 运费",
    f.DISCOUNT: "discount 优惠金额",
    f.LINE_DISCOUNT: "discountontheline 单品优惠",
    f.SUBTOTAL: "amountofthegoods 折后商品金额",
    f.ORDER_REFUND: "amountrefundedoftheorder 订单退款金额",
    f.KEPT: "quantitythatwaskept 退货后的数量",
    f.REFUND: "amountrefunded refundedamount refundamount orderrefundamount orderlinetotalrefunded "
    "退款金额 订单已退款金额 已退款金额",
    f.CANCELLED_AT: "cancelledat canceledat cancelleddate dateofcancellation 取消时间 取消日期",
    c.STATUS: "orderstatus financialstatus paymentstatus status 订单状态 交易状态 状态",
    f.REFUND_STATUS: "refundstatus returnstatus 订单退款状态 退款状态 售后状态 维权状态",
    c.CURRENCY: "currency currencycode ordercurrency 币种 货币 货币代码",
    **_PERSON,
}

CUSTOMERS: Final[Mapping[str, str]] = {
    c.CUSTOMER_KEY: f"{_CUSTOMER_KEYS} id key no number 编号 {_BARE_CUSTOMER}",
    **_PERSON,
    c.NAME: _PERSON[c.NAME] + " name customer client buyer 客户 顾客 会员",
    c.JOINED: "joined joinedat joiningdate joindate "
    "joineddate registered registeredat registrationdate signupdate customersince "
    "membersince dtcustomer createdat created datecreated optintime "
    "注册时间 注册日期 成为客户时间 成为会员时间 入会时间 入会日期 加入时间 加入日期 建档时间",
    c.CONSENT: "consent marketingconsent acceptsemailmarketing acceptsmarketing emailmarketing emailconsent optin "
    "optedin subscribed subscription newsletter "
    "营销同意 同意接收 是否同意接收 是否同意接收消息 是否接收营销 接收营销 "
    "是否同意 同意 是否同意营销 是否同意接收营销 同意接收营销信息 营销许可 是否订阅 订阅 订阅状态",
    f.OPTED_OUT: "unsubscribed optedout optout donotcontact unsubtime 退订 是否退订 已退订 拒收",
}

PRODUCTS: Final[Mapping[str, str]] = {
    c.PRODUCT_KEY: _PRODUCT_KEYS + " id key code 编号 编码",
    **_GOODS,
    c.CATEGORY: _GOODS[c.CATEGORY] + " categories productcategories type 商品类目 商品类型 商品分组 分组",
    c.PRICE: _PRICES + " variantprice regularprice retailprice listprice 零售价 标价",
    c.COST: "costperpiece cost costperitem unitcost itemcost costprice productcost purchaseprice purchasecost "
    "buyingprice costofgoods landedcost cogs "
    "进价 成本 成本价 进货价 采购价 商品成本 商品进价 商品成本价 成本单价 进货成本 采购成本 单件成本",
    c.LAUNCHED: "launchdate launched launchedat releasedate released publishedat publisheddate datepublished "
    "availablesince availablefrom onsalesince listedat listingdate newsince "
    "上架日期 上架时间 首次上架时间 最近上架时间 上新日期 上新时间 上市日期 上市时间 发布日期 发布时间 "
    "createdat created datecreated createddate creationdate dateadded addedat 创建时间 创建日期 添加时间 建档时间",
    c.ATTRIBUTES: "attributes productattributes specifications specs 商品属性 属性 产品属性 商品规格属性 规格属性",
    c.STOCK: "stock stockquantity instock inventory inventoryquantity variantinventoryqty onhand available "
    "库存 库存数量 库存量 商品库存 现有库存 可售库存 quantity qty 数量",
    c.DESCRIPTION: "description productdescription body body(html) longdescription details "
    "描述 商品描述 产品描述 商品详情 详情 简介 商品简介 介绍 说明",
}

# events: a column that says what was done …
_NOT_OF_AN_EVENT: Final = frozenset(["name", "名称", "title", "标题", "description"])
EVENTS: Final[Mapping[str, str]] = {
    c.KIND: "event eventtype eventname behaviortype behaviourtype behavior behaviour action actiontype activitytype "
    "事件 事件类型 事件名称 事件名 行为 行为类型 用户行为 动作 动作类型 互动 互动类型",
    c.CUSTOMER_KEY: f"{_CUSTOMER_KEYS} visitorid accountid openid 访客id 账号 粉丝id "
    f"{_BARE_CUSTOMER} visitor 访客 粉丝",
    c.EMAIL: _PERSON[c.EMAIL],
    c.PHONE: _PERSON[c.PHONE],
    c.NAME: _PERSON[c.NAME] + " name",
    c.AT: "eventtime eventdate eventtimestamp occurredat happenedat behaviortime behaviourtime actiontime "
    "事件时间 行为时间 发生时间 发生日期 操作时间 互动时间 visittime visitdate visitedat 访问时间 访问日期 "
    "viewtime viewedat 浏览时间 logintime loggedinat 登录时间 opentime openedat 打开时间 clicktime clickedat 点击时间 "
    "posttime postedat 发帖时间 发布时间 ratedat ratingdate reviewdate reviewtime reviewedat 评价时间 评分时间 "
    "timestamp datetime time date at createdat created 时间 日期 创建时间",
    c.PRODUCT_KEY: _PRODUCT_KEYS + " movieid contentid 内容id 帖子id",
    c.PRODUCT_NAME: " ".join(word for word in _GOODS[c.PRODUCT_NAME].split() if word not in _NOT_OF_AN_EVENT),
    c.CATEGORY: _GOODS[c.CATEGORY],
    c.QUANTITY: "quantity qty count times 数量 次数",
    c.VALUE: "rating ratingoramount ratings score stars star satisfaction nps npsscore reviewscore "
    "评分 评分或金额 打分 分数 得分 星级 满意度 评价星级 value 值 数值 amount price 金额 价格",
    c.PLACE: "place location channel source store city geohash usergeohash page url platform "
    "地点 位置 渠道 来源 门店 城市 页面 平台",
}
# … or whose time or value says it by its name
IMPLIED_EVENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(["visittime", "visitdate", "visitedat", "访问时间", "访问日期"], "visit"),
    **dict.fromkeys(["viewtime", "viewedat", "浏览时间"], "view"),
    **dict.fromkeys(["logintime", "loggedinat", "登录时间"], "login"),
    **dict.fromkeys(["opentime", "openedat", "打开时间"], "open"),
    **dict.fromkeys(["clicktime", "clickedat", "点击时间"], "click"),
    **dict.fromkeys(["posttime", "postedat", "发帖时间"], "post"),
    **dict.fromkeys(
        ["rating", "ratings", "score", "stars", "star", "satisfaction", "nps", "npsscore", "reviewscore"], "rating"
    ),
    **dict.fromkeys(["评分", "打分", "星级", "满意度", "评价星级"], "rating"),
}

CALLED_OR_NUMBERED: Final = frozenset([*_BARE_CUSTOMER.split(), "买家"])
BARE: Final = CALLED_OR_NUMBERED | frozenset(_BARE_PRODUCT.split())

# the columns of Zhike's own list of whom to write to: it is read back as an outcome, and is no list of customers
OWN_LISTS: Final = (frozenset(["customer", "version", "text"]), frozenset(["客户", "版本", "内容"]))

# when an order was paid: an order without this, of nothing, never was
_WHEN_PAID = (
    "paidat datepaid paiddate paidon paidondate paidtime paymenttime paymentdate "
    "订单付款时间 买家付款时间 付款时间 付款日期 支付时间 支付日期 支付完成时间"
)
WHEN_PAID: Final = frozenset(_WHEN_PAID.split())


def folded(header: str) -> str:
    """A header as the table writes it."""
    return _IGNORED.sub("", without_unit(header))


def without_unit(header: str) -> str:
    """A header in lower case, half width and simplified characters, without its unit or currency."""
    text = unicodedata.normalize("NFKC", header).strip().lower().translate(_SIMPLIFIED)
    return _CURRENCY_AFTER.sub("", _UNIT.sub("", _BEFORE_TAX.sub("", text).strip()))
