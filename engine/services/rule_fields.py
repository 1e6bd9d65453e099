"""What an owner's rule may ask for in this shop, and the cells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.feature_table import Feature
from engine.features import habits, times
from engine.features.bases import behavioural
from engine.features.behavioural import ONE_DAY
from engine.phrases import Phrase
from engine.segments.conditions import FieldKind, RuleField
from engine.segments.rule_language import Vocabulary
from engine.services.bases import StoreSources
from engine.services.known import column_of
from engine.shop import Shop
from engine.store import missing

GENDERS = {
    **dict.fromkeys(("女", "女性", "女士", "woman", "women", "f"), "female"),
    **dict.fromkeys(("男", "男性", "男士", "man", "men", "m"), "male"),
}
NOTHING_IS_NONE = frozenset((c.FREQUENCY, c.MONETARY, c.N_PRODUCTS))  # of who never ordered

OF_ORDERS = (
    RuleField(
        c.FREQUENCY,
        Phrase("orders"),
        "count",
        (
            *("orders", "order count", "number of orders", "purchases", "订单数", "订单", "下单次数", "下单数"),
            *("购买次数", "消费次数", "订单量", "单数"),
        ),
    ),
    RuleField(
        c.RECENCY_DAYS,
        Phrase("last order"),
        "days",
        (
            *("last order", "last purchase", "days since the last order", "days since last order", "recency"),
            *(
                "最近下单",
                "最近一单",
                "最后下单",
                "上次下单",
                "最近一次下单",
                "最近购买",
                "上次购买",
                "最近消费",
                "最后一单",
            ),
            *("最后一单", "距上次下单", "距上次下单天数", "未下单天数"),
        ),
        ago=True,
    ),
    RuleField(
        c.MONETARY,
        Phrase("revenue"),
        "money",
        (
            *("revenue", "spent", "money", "money spent", "total spent", "spending", "消费", "消费金额", "累计消费"),
            *("总消费", "消费额", "金额", "花费", "成交额", "销售额"),
        ),
    ),
    RuleField(
        c.ORDER_VALUE,
        Phrase("money per order"),
        "money",
        ("money per order", "average order", "average order value", "aov", "客单价", "单均消费", "每单金额"),
    ),
    RuleField(
        c.ITEMS_PER_ORDER, Phrase("pieces per order"), "number", ("pieces per order", "items per order", "每单件数")
    ),
    RuleField(
        c.N_PRODUCTS,
        Phrase("different products"),
        "count",
        ("different products", "products", "买过的商品种数", "商品种数", "商品数", "买过的商品"),
    ),
    RuleField(
        c.TENURE_DAYS,
        Phrase("first order"),
        "days",
        ("first order", "first purchase", "days since the first order", "tenure", "首单", "首次下单", "第一次下单"),
        ago=True,
    ),
    RuleField(
        c.GAP_DAYS,
        Phrase("days between orders"),
        "days",
        ("days between orders", "usual days between orders", "gap", "下单间隔天数", "下单间隔", "购买间隔", "复购周期"),
    ),
)
OF_EVENTS = (
    RuleField(
        c.EVENTS_30,
        Phrase("visits in the last 30 days"),
        "count",
        ("visits in the last 30 days", "最近30天的访问次数", "近30天访问"),
    ),
    RuleField(
        c.EVENTS_90,
        Phrase("visits in the last 90 days"),
        "count",
        ("visits in the last 90 days", "最近90天的访问次数", "近90天访问"),
    ),
    RuleField(
        c.LAST_SEEN_DAYS,
        Phrase("last visit"),
        "days",
        ("last visit", "last seen", "days since the last visit", "最近访问", "上次访问", "最近来访"),
        ago=True,
    ),
    RuleField(c.MEAN_RATING, Phrase("mean rating"), "number", ("mean rating", "rating", "平均评分", "评分")),
)
OF_PEOPLE: Mapping[str, RuleField] = {
    c.GENDER: RuleField(c.GENDER, Phrase("gender"), "word", ("gender", "sex", "性别"), meant=GENDERS),
    c.BIRTH_YEAR: RuleField(c.AGE, Phrase("age"), "number", ("age", "年龄")),
    c.CITY: RuleField(c.CITY, Phrase("city"), "place", ("city", "town", "城市", "所在城市")),
    c.REGION: RuleField(c.REGION, Phrase("region"), "place", ("region", "state", "province", "省份", "省", "地区")),
    c.COUNTRY: RuleField(c.COUNTRY, Phrase("country"), "place", ("country", "国家")),
    c.INTERESTS: RuleField(c.INTERESTS, Phrase("interests"), "tags", ("interests", "interest", "tags", "兴趣", "标签")),
}
ALWAYS = (
    RuleField(
        c.JOINED,
        Phrase("joining date"),
        "days",
        ("joined", "joining date", "注册日期", "注册", "加入", "入会"),
        ago=True,
    ),
    RuleField(c.EMAIL, Phrase("e-mail"), "word", ("email", "e-mail", "邮箱")),
    RuleField(c.PHONE, Phrase("phone"), "word", ("phone", "mobile", "电话", "手机", "手机号")),
)
_KINDS: Mapping[str, FieldKind] = {
    "number": "number",
    "scale": "number",
    "yes_no": "yes_no",
    "date": "days",
    "tags": "tags",
}
_HABIT_KINDS: Mapping[str, FieldKind] = {"money": "money", "share": "share", "days": "days", "count": "count"}
_HABIT_NAMES: Mapping[str, tuple[str, ...]] = {
    habits.PRODUCTS_PER_ORDER: ("每单的商品种数",),
    habits.PIECE_PRICE: ("件单价", "每件的价钱"),
    habits.AGAIN_SHARE: ("share bought again", "复购占比", "回购以前买过的商品所占的比例"),
    habits.DISCOUNT_SHARE: ("discount share", "折扣占比", "花在折扣商品上的比例"),
    times.WEEKEND_SHARE: ("weekend share", "周末占比", "周末下单的比例"),
    times.REGULARITY: ("regularity", "下单规律", "下单的规律程度"),
    times.MORNING: ("morning share", "上午占比", "上午（6点到12点）下单的比例"),
    times.AFTERNOON: ("afternoon share", "下午占比", "下午（12点到18点）下单的比例"),
    times.EVENING: ("evening share", "晚上占比", "晚上（18点到24点）下单的比例"),
    times.NIGHT: ("night share", "夜里占比", "夜里（0点到6点）下单的比例"),
}
_HABITS = ("cadence", "basket", "categories", "discounts", "times")


class RuleCells:
    """`engine.segments.rule_language.Vocabulary` of a shop, and frames for it. Of use while `db` is open."""

    def __init__(self, shop: Shop, db: Database) -> None:
        self._db = db
        self._sources = StoreSources(shop, db)

    @property
    def as_of(self) -> pd.Timestamp:
        return self._sources.as_of

    @property
    def behaviour(self) -> pd.DataFrame:
        return self._sources.behaviour

    @cached_property
    def everybody(self) -> pd.Index:
        """All customers, by id."""
        return missing.told(self._db, [c.CITY]).index

    @cached_property
    def vocabulary(self) -> Vocabulary:
        sources = self._sources
        told = {one.key for one in sources.told if one.field}
        people = [field for key, field in OF_PEOPLE.items() if key in told]
        of_orders = OF_ORDERS if sources.n_buyers else ()
        known = [*of_orders, *people, *(OF_EVENTS if sources.has_events else ()), *ALWAYS]
        names = {name.casefold() for field in known for name in field.names}
        for one in missing.asked(self._db):
            # a file's own word for something that is known already does not take its place
            called = tuple(dict.fromkeys(name for name in (one.name, one.key) if name.casefold() not in names))
            kind = _KINDS.get(one.kind, "word")
            if called:
                words = Phrase("{field}", field=one.name)
                known.append(RuleField(column_of(one.key), words, kind, called, ago=one.kind == "date"))
        return Vocabulary(tuple(known), self._of_habits)

    def _of_habits(self) -> tuple[RuleField, ...]:
        taken = {field.key for field in OF_ORDERS}
        return tuple(
            RuleField(
                feature.key,
                feature.words,
                _HABIT_KINDS.get(feature.kind, "number"),
                (str(feature.words), *_HABIT_NAMES.get(feature.key, ()), *_of_category(feature.words)),
            )
            for feature, _ in self._habits.values()
            if feature.key not in taken
        )

    @cached_property
    def _habits(self) -> dict[str, tuple[Feature, pd.Series]]:
        if not self._sources.n_buyers:
            return {}
        makers = [behavioural.HABITS[part][1] for part in _HABITS]
        made = [one for make in makers if make is not None for one in make(self._sources)]
        return {one.feature.key: (one.feature, one.cells) for one in made}

    def frame(self, keys: Sequence[str]) -> pd.DataFrame:
        """A row per customer, by id, and a column for each of `keys`, gaps as they are."""
        return pd.DataFrame({key: self._cells(key).reindex(self.everybody) for key in keys}, index=self.everybody)

    def _cells(self, key: str) -> pd.Series:
        sources = self._sources
        if key in {field.key for field in OF_ORDERS}:
            cells = sources.behaviour[key].reindex(self.everybody)
            return cells.fillna(0.0) if key in NOTHING_IS_NONE else cells
        if key in {field.key for field in OF_EVENTS}:
            cells = sources.engagement[key].reindex(self.everybody)
            return cells.fillna(0) if key in (c.EVENTS_30, c.EVENTS_90) else cells
        if key == c.AGE:
            return sources.as_of.year - missing.told(self._db, [c.BIRTH_YEAR])[c.BIRTH_YEAR].astype("float64")
        if key == c.JOINED:
            return self._days_since(missing.told(self._db, [c.JOINED])[c.JOINED])
        if key in (c.EMAIL, c.PHONE):
            return missing.told(self._db, [key])[key]
        if key in sources.known:
            return self._known(key)
        return self._habits[key][1]

    def _known(self, key: str) -> pd.Series:
        kinds = {column_of(one.key): one.kind for one in missing.asked(self._db)}
        cells = self._sources.known[key]
        return self._days_since(cells) if kinds.get(key) == "date" else cells

    def _days_since(self, days: pd.Series) -> pd.Series:
        at = pd.to_datetime(days, format="ISO8601", errors="coerce")
        return (self.as_of - at.dt.normalize()) / ONE_DAY


def _of_category(words: Phrase) -> tuple[str, ...]:
    category = words.facts.get("category")
    return () if category is None else (f"{category} share", f"{category}占比", f"花在{category}上的比例")
