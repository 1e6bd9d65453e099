"""What files tell of customers beside their orders, and which basis each such thing belongs to, by its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from engine import columns as c
from engine.features.presets import presets
from engine.phrases import Phrase

ToldKind = Literal["number", "scale", "choice", "yes_no", "date", "tags", "text"]
Basis = Literal["behavioural", "demographic", "geographic", "psychographic"]

A_SURVEY = 5  # scales of one kind

# Words as headers are folded: lower case, without spaces and signs. One of five letters or more, and a Chinese one,
# may be part of a name; a shorter one is a whole name, or begins one where a hyphen follows it.
GEOGRAPHIC: Final = (
    *("district", "county", "region", "province", "citytier", "citylevel", "village", "urban", "rural", "area", "zone"),
    *("suburb", "town-", "territory", "neighbourhood", "neighborhood"),
    *("区县", "区域", "地区", "大区", "城市", "商圈", "乡镇", "城乡", "片区", "街道"),
)
DEMOGRAPHIC: Final = (
    *("income", "salary", "wage", "earnings", "kid-", "kids", "teen-", "child", "sibling", "household", "family"),
    *("dependents", "dependants", "education", "degree", "schooling", "marital", "married", "spouse", "partner"),
    *("occupation", "profession", "job-", "employment", "employer", "gender", "sex", "agegroup", "agerange", "ageband"),
    *("age", "generation", "nationality", "ethnicity", "race", "homeowner", "houseblock", "dwelling", "height"),
    *("weight", "handed", "language", "zodiac", "pregnan"),
    *(
        "收入",
        "工资",
        "薪",
        "孩子",
        "子女",
        "小孩",
        "宝宝",
        "儿童",
        "家庭",
        "人口",
        "兄弟姐妹",
        "独生",
        "学历",
        "教育程度",
    ),
    *("文化程度", "婚姻", "婚否", "已婚", "配偶", "职业", "行业", "工作", "岗位", "职位", "年龄段", "年龄层", "年代"),
    *("民族", "国籍", "星座", "属相", "生肖", "住房", "房产", "身高", "体重", "有车"),
)
CHANNEL: Final = (
    *("channel", "source", "platform", "referrer", "utm", "contact", "device", "webpurchase", "catalogpurchase"),
    *("storepurchase", "onlinepurchase", "offlinepurchase", "apppurchase"),
    *("渠道", "来源", "平台", "门店", "终端", "线上", "线下"),
)
OPINION: Final = (
    *(
        "happy",
        "happiness",
        "satisf",
        "attitude",
        "opinion",
        "prefer",
        "interest",
        "importan",
        "likelihood",
        "lifestyle",
    ),
    *("personality", "motivation", "loyalty-", "trust", "stress", "rating", "review"),
    *("满意", "喜欢", "喜好", "偏好", "兴趣", "爱好", "看重", "在意", "态度", "评分", "打分", "意愿", "性格", "信任"),
)
BOUGHT: Final = (
    *("purchase", "orders", "spent", "mnt-", "amount", "visits", "logins", "views", "clicks", "recency", "frequency"),
    *("complain", "accepted", "response", "outcome", "converted", "churn", "exited", "default", "subscribed", "y"),
    *("month", "day", "dayofweek", "weekday", "lastcontact", "discount", "coupon", "deals", "returns"),
    *(
        "消费",
        "购买",
        "下单",
        "订单",
        "访问",
        "登录",
        "浏览",
        "点击",
        "成长值",
        "积分",
        "余额",
        "储值",
        "优惠券",
        "退货",
    ),
    *("投诉", "流失", "复购"),
)

_FIELDS: Final[dict[str, Basis]] = {
    c.GENDER: "demographic",
    c.BIRTH_YEAR: "demographic",
    c.COUNTRY: "geographic",
    c.REGION: "geographic",
    c.CITY: "geographic",
    c.INTERESTS: "psychographic",
}


@dataclass(frozen=True)
class Told:
    """One thing that is known of customers: `key` is its column; `field` if it is one of the store's own fields."""

    key: str
    words: Phrase
    kind: ToldKind
    field: bool = False


def basis_of(one: Told, n_scales: int) -> Basis | None:
    """The basis that uses it; None for what tells nothing of a group. `n_scales`: among how many scales it stands.

    A scale among many others is a question of a survey, whatever its name: “Children” from 1 to 5 is an opinion.
    """
    if one.field:
        return _FIELDS.get(one.key)
    if one.kind == "date":
        return None
    if one.kind in ("text", "tags") or (one.kind == "scale" and n_scales >= A_SURVEY):
        return "psychographic"
    word = one.key.removeprefix("answer ")
    if one.kind in ("choice", "yes_no") and names(GEOGRAPHIC, word):
        return "geographic"
    if names(DEMOGRAPHIC, word):
        return "demographic"
    is_opinion = names(OPINION, word) or any(preset.role_of(word) == "satisfaction" for preset in presets())
    if one.kind == "scale" or is_opinion:
        return "psychographic"
    if one.kind == "number" or names((*CHANNEL, *BOUGHT), word) or any(preset.role_of(word) for preset in presets()):
        return "behavioural"
    return "psychographic"


def of_basis(told: Sequence[Told], basis: Basis) -> tuple[Told, ...]:
    """Those that this basis uses, in their order."""
    n_scales = sum(one.kind == "scale" for one in told)
    return tuple(one for one in told if basis_of(one, n_scales) == basis)


def names(words: Sequence[str], key: str) -> bool:
    """Whether one of `words` is `key`, or stands in it where it may."""
    return any(
        word.rstrip("-") == key
        or (word.endswith("-") and key.startswith(word[:-1]))
        or ((len(word) >= 5 or not word.isascii()) and word in key)
        for word in words
    )


def with_short_scales(told: Sequence[Told], cells: pd.DataFrame) -> tuple[Told, ...]:
    """The same, where a column of numbers among many scales is one of them, on which nobody chose an end.

    Nobody of a thousand finds no fun with friends, so that the answers to it go from 2 to 5.
    """
    ranges = [(cells[one.key].min(), cells[one.key].max()) for one in told if one.kind == "scale"]
    usual = pd.Series(ranges, dtype=object).value_counts()
    if not len(usual) or usual.iloc[0] < A_SURVEY:
        return tuple(told)
    low, high = usual.index[0]

    def is_one(one: Told) -> bool:
        if one.kind != "number" or one.field or names((*DEMOGRAPHIC, *BOUGHT), one.key):
            return False
        answers = cells[one.key].dropna()
        return bool(len(answers) and (answers % 1 == 0).all() and answers.between(low, high).all())

    return tuple(replace(one, kind="scale") if is_one(one) else one for one in told)
