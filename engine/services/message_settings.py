"""What messages say of the shop itself, and what an SMS costs."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlite_utils import Database

from engine import store
from engine.campaigns.messages import LONGEST_FACT, Facts, clean
from engine.errors import NotAllowed, NotFound
from engine.phrases import Money, Phrase
from engine.shop import Shop
from engine.store import meta, trail

MOST_PRICE = 100.0
NOTHING = ("", "-", "off", "none", "无", "取消")


@dataclass(frozen=True)
class MessageSettings:
    """`sms_price` is for one part of an SMS, in the shop's currency. What has not been said is None."""

    shop_name: str | None = None
    shop_address: str | None = None
    sms_price: float | None = None
    currency: str | None = None

    @property
    def facts(self) -> Facts:
        """What messages may say of the shop."""
        return Facts(shop_name=self.shop_name, shop_address=self.shop_address)

    def cost(self, n_parts: int) -> Money | None:
        return None if self.sms_price is None else Money(self.sms_price * n_parts, self.currency)


def settings_of(db: Database) -> MessageSettings:
    price = meta.read(db, "sms_price")
    return MessageSettings(
        meta.read(db, "shop_name"),
        meta.read(db, "shop_address"),
        None if price is None else float(price),
        meta.read(db, "currency"),
    )


def message_settings(shop: Shop) -> MessageSettings:
    with shop.open() as db:
        return settings_of(db)


def set_message_setting(shop: Shop, setting: str, text: str, *, who: str = "owner") -> MessageSettings:
    """Say what the shop is called (name), where it is (address) or what a part of an SMS costs (price).

    A text such as “-” takes it back. Raises NotFound for another setting, NotAllowed for a text that is none.
    """
    if setting not in SETTINGS:
        raise NotFound(
            Phrase("There is no setting “{name}”; choose one of: {names}.", name=setting, names=(*SETTINGS,))
        )
    key, read = SETTINGS[setting]
    with shop.open() as db, store.transaction(db):
        if trail.done_before(db, "set", shop.cause) is None:
            if text.strip().lower() in NOTHING:
                meta.forget(db, key)
            else:
                meta.write(db, key, read(text))
            trail.add(db, at=shop.now(), who=who, deed="set", subject=key, cause=shop.cause)
        return settings_of(db)


def _line(text: str) -> str:
    line = clean(text)
    if line is None or len(text.strip()) > LONGEST_FACT:
        raise NotAllowed(Phrase("Write it in one line of at most {longest} characters.", longest=LONGEST_FACT))
    return line.strip("【】[]")


def _price(text: str) -> str:
    try:
        price = float(text.strip().lstrip("¥￥$€£").replace("，", ",").replace(",", ".").rstrip("元").strip())
    except ValueError:
        price = math.nan
    if not 0 <= price <= MOST_PRICE:
        raise NotAllowed(
            Phrase("“{text}” is no price of one SMS part: write a number such as 0.05.", text=text.strip())
        )
    return str(price)


SETTINGS: Final[dict[str, tuple[str, Callable[[str], str]]]] = {
    "name": ("shop_name", _line),
    "address": ("shop_address", _line),
    "price": ("sms_price", _price),
}
