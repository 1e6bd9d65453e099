"""Taobao's public file of what visitors do: numbers for people, goods and deeds, times to the hour.

Source: Alibaba Tianchi, "User Behavior Data from Taobao": behavior_type is 1 view, 2 favourite, 3 cart, 4 buy.
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
    "userid": c.CUSTOMER_KEY,
    "itemid": c.PRODUCT_KEY,
    "behaviortype": f.BEHAVIOUR,
    "usergeohash": c.PLACE,
    "itemcategory": c.CATEGORY,
    "time": c.AT,
}
NEEDED: Final = {"userid", "itemid", "behaviortype", "time"}


@dataclass(frozen=True)
class TaobaoBehaviour:
    name: str = "Taobao behaviour"
    precedence: int = 10

    def match(self, headers: Sequence[str]) -> Matched | None:
        words = [folded(header) for header in headers]
        if not NEEDED.issubset(words):
            return None
        return Matched("events", {field: words.index(word) for word, field in FIELDS.items() if word in words})


LAYOUT = TaobaoBehaviour()
