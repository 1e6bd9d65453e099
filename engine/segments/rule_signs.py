"""The words and signs of rules that an owner writes, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import normalize

from engine.segments.conditions import Sign

_SIGNS: Mapping[Sign, tuple[str, ...]] = {
    ">=": (
        *(">=", "=>", "at least", "not less than", "no less than", "大于等于", "大于或等于", "不小于", "不少于"),
        *("不低于", "至少", "不早于", "since", "自"),
    ),
    "<=": (
        *("<=", "=<", "at most", "not more than", "no more than", "up to", "within the last", "in the last", "within"),
        *("小于等于", "小于或等于", "不大于", "不超过", "不多于", "不高于", "至多", "最多", "不晚于"),
    ),
    "!=": ("!=", "<>", "is not", "are not", "isn't", "not", "不等于", "不是", "不为"),
    ">": (
        *(">", "more than", "greater than", "higher than", "older than", "over", "above", "after", "大于", "超过"),
        *("高于", "多于", "晚于", "早过"),
    ),
    "<": (
        *("<", "less than", "fewer than", "lower than", "younger than", "under", "below", "before", "小于", "低于"),
        *("少于", "不到", "不足", "不满", "早于"),
    ),
    "=": ("==", "=", "is", "are", "equals", "equal to", "exactly", "in", "等于", "是", "为", "属于", ":"),
    "has": ("has", "have", "contains", "contain", "includes", "include", "包含", "包括", "含有", "含", "有"),
    "has not": (
        *("has not", "has no", "have no", "does not have", "doesn't have", "does not contain", "without"),
        *("不包含", "不包括", "不含", "没有", "无"),
    ),
}
# "60 days ago or more": a sign behind its number
_BEHIND: Mapping[Sign, tuple[str, ...]] = {
    ">=": ("or more", "or higher", "or longer", "及以上", "或以上", "以上", "起"),
    "<=": ("or less", "or fewer", "or lower", "及以下", "或以下", "以下", "以内", "之内", "内"),
}
AND = r"(?:and\b|&&|&|并且|而且|同时|且|并)"
OR = r"(?:or\b|\|\||\||或者|或是|或)"
NOT = r"(?:not\b|!(?!=)|并非|非|不(?=\())"
LISTED = r"[,、/]"
BETWEEN = r"(?:is\s+|are\s+|在\s*)?(?:between\b|介于|从)"
UP_TO = r"(?:and\b|to\b|到|至|和|与|-|~)"
UNITS: Mapping[str, float] = {
    **dict.fromkeys(("days ago", "day ago", "days", "day", "d", "天前", "天", "日"), 1.0),
    **dict.fromkeys(("weeks ago", "week ago", "weeks", "week", "个星期", "星期", "周", "个周"), 7.0),
    **dict.fromkeys(("months ago", "month ago", "months", "month", "个月前", "个月"), 30.0),
    **dict.fromkeys(("years ago", "year ago", "years", "year", "年前", "年"), 365.0),
}
COUNTS = (
    *("orders", "order", "times", "time", "pieces", "piece", "products", "product", "visits", "visit", "years old"),
    *("years", "次", "单", "笔", "件", "个", "种", "岁", "分", "人", "口"),
)
CURRENCIES = ("元", "块钱", "块", "人民币", "rmb", "cny", "usd", "dollars", "dollar", "eur", "euros", "euro", "gbp")
TIMES: Mapping[str, float] = {"万": 1e4, "w": 1e4, "千": 1e3, "k": 1e3, "百": 1e2, "百万": 1e6, "亿": 1e8, "m": 1e6}
YES = frozenset(("yes", "true", "y", "1", "是", "有", "对"))
NO = frozenset(("no", "false", "n", "0", "否", "无", "没有", "不是"))
KNOWN = frozenset(("known", "已知", "有值"))
UNKNOWN = frozenset(("unknown", "missing", "empty", "not known", "未知", "不详", "空"))
QUOTES: Mapping[str, str] = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "'": "'", "‘": "’", "《": "》"}


def plain(text: str) -> str:
    """The rule with half-width signs, one sign for each meaning, and single spaces."""
    text = normalize("NFKC", text)
    for given, meant in (("≥", ">="), ("≧", ">="), ("⩾", ">="), ("≤", "<="), ("≦", "<="), ("⩽", "<="), ("≠", "!=")):
        text = text.replace(given, meant)
    return " ".join(text.split())


def words(of: Mapping[Sign, tuple[str, ...]]) -> dict[str, Sign]:
    """Each word with its sign, the longest first."""
    pairs = [(word, sign) for sign, some in of.items() for word in some]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


SIGNS, BEHIND = words(_SIGNS), words(_BEHIND)


def pattern(some: list[str]) -> str:
    """A regular expression of any of these words; Latin ones stand by themselves."""
    ordered = sorted(some, key=len, reverse=True)
    return "(?:" + "|".join(_whole(word) for word in ordered) + ")"


def _whole(word: str) -> str:
    escaped = re.escape(word).replace(r"\ ", r"\s+")
    return escaped + (r"(?![a-z0-9_])" if word[-1].isascii() and word[-1].isalnum() else "")


_SPELT = pattern([word for word in SIGNS if word[0].isalpha()])
SIGN = re.compile(rf"(?:(?:is|are|was|were)\s+(?={_SPELT}))?(?:在\s*)?(?P<sign>{pattern(list(SIGNS))})", re.I)
AFTER = re.compile(pattern(list(BEHIND)), re.I)
