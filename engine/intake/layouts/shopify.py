"""Shopify's export of orders: one row per item, the order's own cells on its first row only.

“Name” is the order's number (#1001), “Total” the order's sum and “Phone” the buyer's.
Source: Shopify Help Center, "Exporting orders", column descriptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Matched
from engine.intake.synonyms import folded

FIELDS: Final = {
    "name": c.ORDER_KEY,
    "createdat": c.AT,
    "cancelledat": f.CANCELLED_AT,
    "financialstatus": c.STATUS,
    "currency": c.CURRENCY,
    "email": c.EMAIL,
    "phone": c.PHONE,
    "billingname": c.NAME,
    "billingcity": c.CITY,
    "billingprovince": c.REGION,
    "billingcountry": c.COUNTRY,
    "lineitemsku": c.PRODUCT_KEY,
    "lineitemname": c.PRODUCT_NAME,
    "lineitemquantity": c.QUANTITY,
    "lineitemprice": c.PRICE,
}
NEEDED: Final = {"name", "createdat", "lineitemname", "lineitemquantity", "lineitemprice"}


@dataclass(frozen=True)
class Shopify:
    name: str = "Shopify orders"
    precedence: int = 10

    def match(self, headers: Sequence[str]) -> Matched | None:
        words = [folded(header) for header in headers]
        if not NEEDED.issubset(words):
            return None
        return Matched("orders", {field: words.index(word) for word, field in FIELDS.items() if word in words})


LAYOUT = Shopify()
