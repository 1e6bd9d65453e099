"""What the words of a header speak of, in English and Chinese: “Customer E-mail Address” of a person and an e-mail.

A header that stands in no table of synonyms is still made of ordinary words. Each word stands for a concept, and
`meanings` tells which concepts together make which field. A concept that no rule asks for, such as tax or freight,
keeps a column from being taken for what it is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final

from engine.intake.synonyms import without_unit

_ENGLISH: Final = {
    "ORDER": "order ordered transaction invoice receipt purchase purchased bill ticket booking booked reservation "
    "reserved sale sold checkout deal trade",
    "SALES": "sales",
    "PERSON": "customer buyer client member user guest patron shopper purchaser contact subscriber bidder consumer "
    "payer attendee cardholder who whom",
    "PERSON ACCOUNT": "username",
    "RECIPIENT": "recipient receiver consignee",
    "PRODUCT": "product item good goods article merchandise listing dish commodity stuff thing service",
    "PRODUCT KEY": "sku asin isbn upc ean barcode plu gtin",
    "KEY": "id no number num code key ref reference identifier nr",
    "WHEN": "date time datetime timestamp day on at when",
    "NAME": "name title nickname",
    "EMAIL": "email mail",
    "PHONE": "phone mobile telephone tel cell cellphone whatsapp",
    "QTY": "quantity qty unit_count pieces piece pcs count units amount_of",
    "PRICE": "price rate",
    "UNIT": "unit each per single",
    "MONEY": "amount sum value revenue charge turnover proceeds much",
    "PAY MONEY": "paid",
    "TAKEN": "takings charged took",
    "TOTAL": "total grand overall",
    "SUBTOTAL": "subtotal",
    "NET": "net",
    "GROSS": "gross",
    "LINE": "line row lineitem",
    "STATUS": "status state_of stage",
    "PAY": "payment pay billing financial",
    "CREATE": "created creation create placed submitted",
    "REFUND": "refund refunded return returned",
    "CANCEL": "cancel cancelled canceled cancellation",
    "CITY": "city town",
    "REGION": "region state province county",
    "COUNTRY": "country nation",
    "CURRENCY": "currency",
    "CATEGORY": "category type department collection genre",
    "GENDER": "gender sex",
    "BIRTH": "birth birthday birthdate dob born",
    "YEAR": "year",
    "AGE": "age",
    "TAGS": "tag interest hobby preference",
    "CONSENT": "consent optin subscribed subscribe newsletter agreed permission",
    "OUT": "unsubscribed optout unsubscribe",
    "MARKETING": "marketing",
    "FIRST": "first given forename",
    "LAST": "last surname family",
    "JOIN": "joined join registered registration signup enrolled since",
    "ACCOUNT": "account login handle",
    "ADDRESS": "address",
    # no rule asks for these
    "TAX": "tax vat gst duty",
    "FEE": "fee commission tip surcharge",
    "SHIP": "shipping ship shipped shipment delivery delivered dispatch dispatched fulfillment fulfilment fulfilled "
    "carrier courier tracking",
    "DISCOUNT": "discount coupon voucher promo promotion rebate",
    "COST": "cost profit margin",
    "POINTS": "point loyalty reward",
    "LIFETIME": "spent spend lifetime average avg visits orders purchases frequency",
    "UPDATE": "updated modified update expiry expected due end print printed close closed feedback exported send sent",
    "OTHER": "zip postal postcode street note notes comment message weight height width size color colour image url "
    "link store shop location channel source device staff employee cashier seller vendor supplier brand company "
    "balance rating score position index lat lng ip language website parent",
    "METHOD": "method mode gateway campaign bounce open click roi",
    "OLD": "original list compare retail msrp regular market",
    "": "how bought buy the of in by for a an and or full local utc gmt is to with from my s info information "
    "detail details record data field column customer's text actual final",
}
_CHINESE: Final = {
    "ORDER": "订单 交易 单据 小票 账单 消费 订货 成交 购买 下单 购物 结账 买单 开单 成单 拍下 接龙 服务 预约",
    "ORDER KEY": "单号 流水号 流水",
    "SALES": "销售 销货",
    "SETTLED": "结算",
    "PERSON": "客户 顾客 会员 买家 用户 客人 购买人 购买者 下单人 联系人 付款人 订购人 粉丝 学员 消费者 买方 购方 谁",
    "PERSON NICK": "微信名 微信昵称 旺旺 网名 群昵称",
    "PERSON ACCOUNT": "微信号 帐号 账号 账户 帐户 微信",
    "PERSON KEY": "openid unionid 卡号",
    "NICK": "昵称",
    "RECIPIENT": "收货人 收件人 收货 收件 提货人",
    "PRODUCT": "商品 产品 宝贝 货品 菜品 物品 品 货 项目 存货 物料 单品 选购商品 套餐 课程 团品 东西 sku 什么 啥 哪样",
    "KEY": "编号 号码 号 编码 代码 代号 id",
    "PRODUCT KEY": "货号 条码 条形码 款号",
    "WHEN": "时间 日期 日 年月日 时刻 哪天 几号 什么时候 哪日 啥时候 哪一天 何时",
    "NAME": "姓名 名称 名字 名 标题 称呼",
    "EMAIL": "邮箱 邮件 电子邮件 电邮",
    "PHONE": "手机 手机号 手机号码 电话 电话号码 联系方式 联系电话 联系手机 联系号码",
    "QTY": "数量 件数 份数 个数 套数 瓶数 盒数 斤数 数目 数 件 几个 几件 几份 几斤 几盒 几瓶 几袋 几包",
    "PRICE": "单价 价格 售价 价 卖价",
    "MONEY": "金额 总额 款 销售额 营业额 多少钱 钱 收入 款项 货款 额 销售金额 花费",
    "TOTAL": "总计 合计 总 共计 总共 一共",
    "SUBTOTAL": "小计",
    "PAY MONEY": "实付 实收 应付 应收 实付款 实收款 收款",
    "TAKEN": "收了 收 卖了 花了 付了 给了 卖得 收到 进账 入账 到账 进帐",
    "PAY": "付款 支付 付",
    "STATUS": "状态 进度",
    "CREATE": "创建 提交 生成 录入 成立 登记 记账 记录",
    "REFUND": "退款 退货 退",
    "CANCEL": "取消 作废",
    "CITY": "城市 市",
    "REGION": "省 省份 省市 地区 区域",
    "COUNTRY": "国家",
    "CURRENCY": "币种 货币",
    "CATEGORY": "类别 分类 类目 品类 类型 大类",
    "GENDER": "性别",
    "BIRTH": "生日 出生 出生日期",
    "YEAR": "年份",
    "AGE": "年龄 年纪",
    "TAGS": "标签 兴趣 爱好 偏好",
    "CONSENT": "订阅 同意 授权",
    "OUT": "退订",
    "MARKETING": "营销 推广",
    "JOIN": "注册 入会 加入 开卡 办卡 建档",
    "TAX": "税 税额 税率",
    "FEE": "手续费 佣金 服务费 费 费用 小费",
    "SHIP": "运费 邮费 快递 物流 发货 配送 运单 送货 签收 运单号",
    "DISCOUNT": "优惠 折扣 减免 券 立减 红包 抵扣 补贴",
    "COST": "成本 利润 毛利 进价",
    "POINTS": "积分 成长值",
    "STOCK": "库存",
    "LIFETIME": "累计 次数 平均 客单价 上次 最近 首次 最后 末次 余额 储值",
    "UPDATE": "更新 修改 完成 关闭 打印 到期 截止 售后",
    "OTHER": "备注 留言 地址 邮编 规格 颜色 尺码 门店 店铺 店 渠道 来源 店员 收银员 员工 导购 供应商 品牌 公司 "
    "发票 抬头 是否 序号 行号 桌号 图片 链接 重量 子订单 等级 说明 摘要 序 经手人 业务员",
    "METHOD": "方式",
    "OLD": "原价 市场价 吊牌价 划线价 标价 零售价",
    "": "的 了 买 花 拿 拿了 要了 买了 多少 几 买的 信息 详情 人 用 本 时 元 明细 数据 资料",
}
_WORD = re.compile(r"[a-z]+|[0-9]+|[\u4e00-\u9fff]+")
_ONE_WORD = re.compile(r"\b(e|opt)[- ](mail|in|out)\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
LONGEST_CHINESE: Final = 6
CLOSE: Final = 0.84  # of difflib's ratio: one slip in a word of six letters
KEPT_S: Final = frozenset({"status", "address", "gross", "sales", "pcs", "orders", "purchases", "visits", "units"})


@dataclass(frozen=True)
class Spoken:
    """What a header speaks of: its concepts, the share of its letters that are known words, whether one is misspelt."""

    of: frozenset[str]
    known: float
    slip: bool = False


@cache
def spoken(header: str) -> Spoken:
    """The concepts of a header."""
    plain = unicodedata.normalize("NFKC", header)
    text = without_unit(_CAMEL.sub(" ", plain))
    found: set[str] = set()
    n_known = n_all = 0
    slip = False
    text = (
        text.replace("e-mail", "email").replace("e mail", "email").replace("opt-in", "optin").replace("opt in", "optin")
    )
    for word in _WORD.findall(text.replace("#", " number ")):
        n_all += len(word)
        if word.isdigit():
            continue
        concepts, n, misspelt = _english(word) if word.isascii() else _chinese(word)
        found.update(concepts)
        n_known += n
        slip |= misspelt
    if "SALES" in found:
        found.remove("SALES")
        found.add("ORDER" if found & {"KEY", "WHEN", "STATUS", "QTY", "ORDER"} else "MONEY")
    if "SETTLED" in found:
        found.remove("SETTLED")
        found.add("ORDER" if found else "TAKEN")
    return Spoken(frozenset(found), n_known / n_all if n_all else 0.0, slip)


@cache
def _words(chinese: bool) -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for concepts, words in (_CHINESE if chinese else _ENGLISH).items():
        for word in words.split():
            table[word] = frozenset(concepts.split())
    return table


def _english(word: str) -> tuple[Iterable[str], int, bool]:
    """Concepts, how many letters are known, whether the word is misspelt."""
    whole = _one_english(word)
    if whole is not None:
        return whole, len(word), False
    parts = _parted(word)
    if parts is not None:
        return frozenset().union(*(_one_english(part) or () for part in parts)), len(word), False
    if len(word) > 4:
        near = get_close_matches(word, _words(False), n=1, cutoff=CLOSE)
        if near:
            return _words(False)[near[0]], len(word), True
    return (), 0, False


def _one_english(word: str) -> frozenset[str] | None:
    table = _words(False)
    if word in table:
        return table[word]
    if word.endswith("s") and word not in KEPT_S:
        return table.get(word.removesuffix("s"))
    return None


@cache
def _parted(word: str) -> tuple[str, ...] | None:
    """A word that others were glued into, such as “orderdate”; None if it is none."""
    for cut in range(len(word) - 1, 1, -1):
        if len(word[:cut]) < 3 or _one_english(word[:cut]) is None:
            continue
        rest = word[cut:]
        if _one_english(rest) is not None:
            return word[:cut], rest
        more = _parted(rest)
        if more is not None:
            return (word[:cut], *more)
    return None


def _chinese(word: str) -> tuple[Iterable[str], int, bool]:
    table = _words(True)
    found: set[str] = set()
    n_known = at = 0
    while at < len(word):
        for length in range(min(LONGEST_CHINESE, len(word) - at), 0, -1):
            concepts = table.get(word[at : at + length])
            if concepts is not None:
                found |= concepts
                n_known += length
                at += length
                break
        else:
            at += 1
    return found, n_known, False
