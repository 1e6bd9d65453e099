"""Quantities and money as people and programs write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.intake import words

LARGEST = 1e12
LONGEST = 60  # signs in a number
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DASHES = str.maketrans("−–—﹣", "----")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_SIGN = r"[$¥£€৳₹₩₽₺₫₱฿₦₴₪]"
_CODE = (
    "rmb|cny|usd|eur|gbp|hkd|jpy|twd|krw|inr|bdt|brl|aud|cad|nzd|sgd|chf|sek|nok|dkk|pln|rub|try|vnd|php|thb|myr|idr|"
    "mxn|zar|aed|sar|ils|uah|ngn|czk|huf"
)
_MONEY = rf"(?:(?:us|hk|nt|jp|cn|au|ca|nz|sg|mx|[rsac])?{_SIGN}|(?:{_CODE})|rs\.?|tk\.?|rm|rp\.?|kr\.?|zł|人民币)"
_PIECES = "件|个|份|包|瓶|盒|只|条|套|双|支|本|张|台|箱|袋|次|笔|人|岁|年|天|pcs|pieces"
_AFTER = rf"(?:元整?|圆整?|块钱?|円|{_MONEY}|{_PIECES})"
# what stands around the digits: at most one sign, on either side; at most one currency on each
_AROUND = re.compile(
    rf"(?P<open>\(?)\s*(?P<minus>[+-]?)\s*{_MONEY}?\s*(?P<minus2>[+-]?)\s*(?P<open2>\(?)\s*{_MONEY}?"
    rf"\s*(?P<minus4>[+-]?)\s*(?P<core>\.?\d(?:[\d.,' _]*\d)?(?:\.(?!-))?(?:e[+-]?\d+)?)(?:[.,]-{{1,2}})?\s*"
    rf"(?P<times>千万|百万|十万|万|千|亿|w(?![a-z])|k(?![a-z]))?\s*(?:\)(?=.))?\s*{_AFTER}?\s*(?P<minus3>-?)\s*(?P<close>\)?)",
    re.IGNORECASE,
)
_TIMES = {"千": 1e3, "k": 1e3, "万": 1e4, "w": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8}
# proofs that the comma is the decimal sign
_DECIMAL_COMMA = re.compile(
    r"(?:\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:[ ']\d{3})+),\d{1,2}|0,\d+|\d{4,},\d{3}|\d{1,3}(?:[. ']\d{3})+,\d+"
)
_THOUSANDS_POINT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_SEVERAL_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}")
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+|\d{1,2}(?:,\d{2})+,\d{3}|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+"
_NUMBER = re.compile(rf"(?:\d+|\d+(?:_\d+)+|{_GROUPED})?(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)


def _code(code: str, others: str) -> tuple[re.Pattern[str], str]:
    return re.compile(rf"{others}|(?<![a-z]){code.lower()}(?![a-z])"), code


# in the order in which they are looked for: HK$ before $
CURRENCIES = (
    *(
        _code(code, others)
        for code, others in (
            ("TWD", r"nt\$|新台币|台币"),
            ("HKD", r"hk\$|港币|港元"),
            ("AUD", r"(?<![a-z])au?\$|澳元|澳币"),
            ("CAD", r"(?<![a-z])ca?\$|加元|加币"),
            ("NZD", r"nz\$|新西兰元"),
            ("SGD", r"(?<![a-z])sg?\$|新加坡元|新币"),
            ("BRL", r"(?<![a-z])r\$"),
            ("MXN", r"mx\$"),
            ("JPY", r"jp¥|日元|円"),
            ("GBP", r"£|英镑"),
            ("EUR", r"€|欧元"),
            ("BDT", r"৳"),
            ("INR", r"₹|卢比"),
            ("KRW", r"₩|韩元"),
            ("RUB", r"₽|卢布"),
            ("TRY", r"₺"),
            ("VND", r"₫"),
            ("PHP", r"₱"),
            ("THB", r"฿|泰铢"),
            ("NGN", r"₦"),
            ("UAH", r"₴"),
            ("ILS", r"₪"),
            ("PLN", r"zł"),
            ("CHF", r"瑞士法郎"),
            ("MYR", r"(?<![a-z])rm(?![a-z])"),
            ("USD", r"(?<![a-z])\$|us\$|美元|美金"),
        )
    ),
    (re.compile(r"¥|(?<![a-z])(?:cny|rmb)(?![a-z])|人民币|元|块钱?$"), "CNY"),
)


def read(texts: Sequence[str]) -> NDArray[np.float64]:
    """The numbers that `texts` name; NaN where one cannot be read.

    Signs of currencies and units on either side, thousands and full-width digits are understood, 1.2万 is 12,000,
    and (5.00) and 5.00- are -5. Percent is no number here.
    A comma before one or two last digits is a decimal comma, if no text has a decimal point after a comma; 1.234 is
    then 1,234.
    """
    values = np.array([float(text) if _PLAIN.fullmatch(text) else math.nan for text in texts], dtype=np.float64)
    odd = np.flatnonzero(np.isnan(values)).tolist()
    parts = [_parts(texts[i]) for i in odd]
    comma = _has_decimal_commas([core for core, _ in parts])
    for i, (core, times) in zip(odd, parts, strict=True):
        values[i] = _number(core, comma) * times
    if comma:
        for i in set(range(len(texts))).difference(odd):
            core, times = _parts(texts[i])
            values[i] = _number(core, comma) * times
    values[~(np.abs(values) <= LARGEST)] = math.nan
    return values


def is_plain(text: str) -> bool:
    """Whether the text is digits, and a point, alone."""
    return _PLAIN.fullmatch(text) is not None


def undecided(texts: Sequence[str]) -> str | None:
    """One of the texts if all that have a point may mean thousands by it, as 1.234, and nothing decides; else None."""
    pointed = [text for text in texts if "." in text]
    if not pointed or not all(_THOUSANDS_POINT.fullmatch(_parts(text)[0]) for text in pointed):
        return None
    return None if _has_decimal_commas([_parts(text)[0] for text in texts]) else pointed[0]


def _has_decimal_commas(cores: Sequence[str]) -> bool:
    """Whether some text proves that the comma is the decimal sign, and none that it is not."""
    proven = any(_DECIMAL_COMMA.fullmatch(core) or _SEVERAL_POINTS.fullmatch(core) for core in cores)
    return proven and not any(re.search(r",.*\.", core) for core in cores)


def currency_in(text: str) -> str | None:
    """The currency (ISO 4217) that a header or an amount names by its sign or code; ¥ is read as CNY.

    Only its first letters are looked at: no header or amount is longer than `LONGEST`.
    """
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return next((code for pattern, code in CURRENCIES if pattern.search(text)), None)


def _parts(text: str) -> tuple[str, float]:
    """The digits with their points and commas, and what they are to be multiplied by; "" if this is no number."""
    tidy = unicodedata.normalize("NFKC", words.unwrapped(text)).strip().translate(_DASHES).translate(_APOSTROPHES)
    match = _AROUND.fullmatch(tidy) if len(tidy) <= LONGEST and any(sign.isdigit() for sign in tidy) else None
    if match is None:
        return "", 1.0
    signs = [match[name] for name in ("minus", "minus2", "minus3", "minus4") if match[name]]
    brackets = "(" in tidy
    if len(signs) + brackets > 1 or tidy.count("(") != tidy.count(")") or tidy.count("(") > 1:
        return "", 1.0
    times = _TIMES[match["times"].lower()] if match["times"] else 1.0
    return match["core"], -times if brackets or signs == ["-"] else times


def _number(core: str, decimal_comma: bool) -> float:
    if decimal_comma and ("," in core or _THOUSANDS_POINT.fullmatch(core)):
        core = core.replace(".", "").replace(" ", "").replace("'", "").replace(",", ".")
    if not core or not _NUMBER.fullmatch(core):
        return math.nan
    return float(re.sub(r"[, '_]", "", core))
