"""Which field a header names by its words, if it stands in no table of synonyms, and how surely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from engine import columns as c
from engine.intake import fields as f
from engine.intake.concepts import spoken

SLIP: Final = 0.85  # what a misspelt word leaves of the confidence


@dataclass(frozen=True)
class Rule:
    """A header that speaks of all of `of`, and of nothing but these and `also`, names `field` this surely."""

    field: str
    of: frozenset[str]
    also: frozenset[str]
    surely: float


_WHERE: Final = "PERSON RECIPIENT SHIP PAY ADDRESS NAME KEY ORDER"
_RULES: Final = (
    (c.ORDER_KEY, "ORDER KEY", "PAY", 0.9),
    (c.ORDER_KEY, "ORDER", "", 0.6),
    (c.CUSTOMER_KEY, "PERSON KEY", "ACCOUNT ORDER", 0.9),
    (c.CUSTOMER_KEY, "PERSON ACCOUNT", "ORDER KEY NAME", 0.88),
    (c.CUSTOMER_KEY, "PERSON NICK", "", 0.6),
    (c.CUSTOMER_KEY, "PERSON", "", 0.78),
    (c.CUSTOMER_KEY, "ACCOUNT", "KEY", 0.6),
    (c.NAME, "PERSON NAME", "PAY ORDER RECIPIENT", 0.9),
    (c.NAME, "PERSON NICK", "NAME", 0.85),
    (c.NAME, "RECIPIENT NAME", "", 0.85),
    (c.NAME, "RECIPIENT", "", 0.82),
    (c.NAME, "NICK", "ORDER", 0.8),
    (c.NAME, "PAY NAME", "", 0.75),
    (c.NAME, "SHIP NAME", "", 0.7),
    (c.NAME, "PERSON", "", 0.76),
    (c.NAME, "NAME", "", 0.6),
    (f.FIRST_NAME, "FIRST NAME", "PERSON PAY", 0.9),
    (f.LAST_NAME, "LAST NAME", "PERSON PAY", 0.9),
    (f.LAST_NAME, "LAST", "PERSON", 0.6),
    (c.EMAIL, "EMAIL", "PERSON PAY ADDRESS ACCOUNT RECIPIENT ORDER", 0.92),
    (c.PHONE, "PHONE", "PERSON PAY KEY RECIPIENT SHIP", 0.9),
    (c.AT, "ORDER WHEN", "CREATE PAY PERSON", 0.92),
    (c.AT, "ORDER CREATE", "", 0.85),
    (c.AT, "CREATE WHEN", "PERSON", 0.88),
    (c.AT, "PAY WHEN", "MONEY", 0.85),
    (c.AT, "WHEN", "", 0.88),
    (c.AT, "CREATE", "", 0.7),
    (c.JOINED, "JOIN WHEN", "PERSON", 0.92),
    (c.JOINED, "JOIN", "PERSON", 0.8),
    (c.JOINED, "CREATE WHEN", "PERSON", 0.8),
    (f.BIRTHDAY, "BIRTH", "WHEN PERSON", 0.9),
    (c.BIRTH_YEAR, "BIRTH YEAR", "PERSON", 0.92),
    (f.AGE, "AGE", "PERSON", 0.9),
    (c.GENDER, "GENDER", "PERSON", 0.9),
    (c.CITY, "CITY", _WHERE, 0.9),
    (c.REGION, "REGION", _WHERE, 0.88),
    (c.COUNTRY, "COUNTRY", _WHERE, 0.9),
    (c.INTERESTS, "TAGS", "PERSON", 0.88),
    (c.CONSENT, "CONSENT", "PERSON EMAIL MARKETING PHONE", 0.88),
    (c.CONSENT, "MARKETING", "EMAIL PERSON", 0.6),
    (f.OPTED_OUT, "OUT", "PERSON EMAIL MARKETING WHEN", 0.88),
    (c.PRODUCT_KEY, "PRODUCT KEY", "ORDER", 0.9),
    (c.PRODUCT_NAME, "PRODUCT NAME", "ORDER", 0.9),
    (c.PRODUCT_NAME, "PRODUCT", "ORDER", 0.85),
    (c.PRODUCT_NAME, "NAME", "", 0.55),
    (c.CATEGORY, "CATEGORY", "PRODUCT NAME", 0.85),
    (c.QUANTITY, "QTY", "PRODUCT ORDER TOTAL KEY LINE", 0.9),
    (c.PRICE, "PRICE", "PRODUCT UNIT NET ORDER", 0.88),
    (c.PRICE, "UNIT MONEY", "PRODUCT NET", 0.8),
    (c.REVENUE, "LINE MONEY", "TOTAL PRODUCT NET", 0.9),
    (c.REVENUE, "LINE TOTAL", "PRODUCT PRICE NET", 0.9),
    (c.REVENUE, "PRODUCT MONEY", "TOTAL NET PAY", 0.87),
    (c.REVENUE, "PRODUCT TOTAL", "NET PRICE", 0.87),
    (c.REVENUE, "SUBTOTAL", "PRODUCT LINE MONEY", 0.85),
    (c.REVENUE, "MONEY", "NET", 0.8),
    (f.ORDER_TOTAL, "ORDER MONEY", "TOTAL PAY NET PERSON", 0.9),
    (f.ORDER_TOTAL, "ORDER TOTAL", "PAY NET GROSS PRICE", 0.9),
    (f.ORDER_TOTAL, "PAY MONEY", "TOTAL PERSON NET ORDER", 0.88),
    (f.ORDER_TOTAL, "TOTAL MONEY", "NET PERSON", 0.87),
    (f.ORDER_TOTAL, "TOTAL", "NET PRICE", 0.85),
    (f.ORDER_TOTAL, "MONEY", "NET", 0.79),
    (c.REVENUE, "TAKEN", "PERSON PAY ORDER", 0.66),
    (c.REVENUE, "TAKEN MONEY", "PERSON PAY ORDER TOTAL", 0.8),
    (f.ORDER_TOTAL, "GROSS MONEY", "TOTAL", 0.75),
    (f.ORDER_TOTAL, "TOTAL GROSS", "MONEY", 0.75),
    (f.REFUND, "REFUND MONEY", "TOTAL ORDER PRODUCT PAY", 0.9),
    (f.REFUND, "REFUND", "TOTAL", 0.7),
    (f.REFUND_STATUS, "REFUND STATUS", "ORDER PRODUCT", 0.9),
    (f.CANCELLED_AT, "CANCEL WHEN", "ORDER", 0.9),
    (c.STATUS, "STATUS", "ORDER PAY", 0.88),
    (c.CURRENCY, "CURRENCY", "ORDER PAY KEY", 0.92),
)
RULES: Final = tuple(
    Rule(field, frozenset(of.split()), frozenset(also.split()), surely) for field, of, also, surely in _RULES
)


@cache
def named(header: str) -> dict[str, float]:
    """Field → how surely the header's words name it, between 0 and 1; fields that they do not name are absent."""
    found: dict[str, float] = {}
    for field, surely in _named(header):
        found[field] = max(found.get(field, 0.0), surely)
    return found


def _named(header: str) -> Iterator[tuple[str, float]]:
    said = spoken(header)
    weight = said.known * (SLIP if said.slip else 1.0)
    for rule in RULES:
        if rule.of <= said.of <= rule.of | rule.also:
            yield rule.field, rule.surely * weight
