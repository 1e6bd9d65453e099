"""Quantities and money as people and programs write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e12
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SIGNS = re.compile(
    r"(?:us|hk|nt|jp|cn|au|ca|r)?[$¥]|[£€৳₹₩]|元|圆|块|件|个|岁|年|rmb|cny|usd|eur|gbp|hkd|jpy|twd|\s|_", re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}")
_THOUSANDS_POINT = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
_SEVERAL_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)?(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)

CURRENCIES = (
    (re.compile(r"nt\$|twd|新台币"), "TWD"),
    (re.compile(r"hk\$|hkd|港币|港元"), "HKD"),
    (re.compile(r"jp¥|jpy|日元"), "JPY"),
    (re.compile(r"£|gbp|英镑"), "GBP"),
    (re.compile(r"€|eur(?![a-z])|欧元"), "EUR"),
    (re.compile(r"(?<![a-z])\$|us\$|usd|美元"), "USD"),
    (re.compile(r"¥|cny|rmb|人民币|元"), "CNY"),
)


def read(texts: Sequence[str]) -> NDArray[np.float64]:
    """The numbers that `texts` name; NaN where one cannot be read.

    Signs of currencies, thousands commas and full-width digits are understood, 1.2万 is 12,000, and (5.00) is -5.
    A comma before one or two last digits is a decimal comma, if no text has a decimal point after a comma; 1.234 is
    then 1,234.
    """
    values = np.array([float(text) if _PLAIN.fullmatch(text) else math.nan for text in texts], dtype=np.float64)
    odd = np.flatnonzero(np.isnan(values)).tolist()
    tidy = [_tidied(texts[i]) for i in odd]
    comma = _has_decimal_commas(tidy)
    for i, text in zip(odd, tidy, strict=True):
        values[i] = _number(text, comma)
    if comma:
        for i in set(range(len(texts))).difference(odd):
            values[i] = _number(texts[i], comma)
    values[~(np.abs(values) <= LARGEST)] = math.nan
    return values


def is_plain(text: str) -> bool:
    """Whether the text is digits, and a point, alone."""
    return _PLAIN.fullmatch(text) is not None


def undecided(texts: Sequence[str]) -> str | None:
    """One of the texts if all that have a point may mean thousands by it, as 1.234, and nothing decides; else None."""
    example = next((text for text in texts if "." in text), None)
    if example is None or not all(_THOUSANDS_POINT.fullmatch(_tidied(text)) for text in texts if "." in text):
        return None
    return None if _has_decimal_commas([_tidied(text) for text in texts]) else example


def _has_decimal_commas(tidy: Sequence[str]) -> bool:
    """Whether some text proves that the comma is the decimal sign, and none that it is not."""
    proven = any(_DECIMAL_COMMA.fullmatch(text) or _SEVERAL_POINTS.fullmatch(text) for text in tidy)
    return proven and not any(re.search(r",.*\.", text) for text in tidy)


def currency_in(text: str) -> str | None:
    """The currency (ISO 4217) that a header or an amount names by its sign or code; ¥ is read as CNY."""
    text = unicodedata.normalize("NFKC", text).lower()
    return next((code for pattern, code in CURRENCIES if pattern.search(text)), None)


def _tidied(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).strip().strip("'").replace("−", "-")
    text = _SIGNS.sub("", text)
    return f"-{text[1:-1]}" if text.startswith("(") and text.endswith(")") else text


def _number(text: str, decimal_comma: bool) -> float:
    times = 1.0
    if text.endswith("万"):
        text, times = text[:-1], 10_000.0
    if decimal_comma and ("," in text or _THOUSANDS_POINT.fullmatch(text)):
        text = text.replace(".", "").replace(",", ".")
    if not any(sign.isdigit() for sign in text) or not _NUMBER.fullmatch(text):
        return math.nan
    return float(text.replace(",", "")) * times
