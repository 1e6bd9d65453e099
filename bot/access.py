"""Who may talk: owners, who have shown a code, and whom they invite.

This is the one place that knows whose chat belongs to which shop.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.shown import Stamp, stamp
from engine import (
    Chat,
    Guests,
    Shop,
    guest_in,
    guests,
    has_owner,
    no_standing_code,
    open_shops,
    shop_in,
    standing_code,
)


def is_allowing(said: str) -> bool:
    """Whether a text in a group is the one by which its owner allows it."""
    head, *words = said.split() or [""]
    return head.partition("@")[0] == "/helpers" and words == ["allow"]


@dataclass
class Access:
    """The pairing code of this start of the bot, if there is one, and who is let in by what the store says now.

    `store` has the inbox and the codes: it is that of the one shop or, if there are `several`, the house's.
    """

    store: Shop
    code: str | None = None
    several: bool = False
    _guests: Guests | None = field(default=None, repr=False)
    _as_of: Stamp = field(default=(), repr=False)

    @classmethod
    def at_start(cls, shop: Shop, *, again: bool) -> Access:
        """A code where there is no owner yet, or one is to be paired `again`; those of earlier starts are void."""
        if again or not has_owner(shop):
            return cls(shop, standing_code(shop))
        no_standing_code(shop)
        return cls(shop)

    @classmethod
    def to_house(cls, house: Shop) -> Access:
        """Many founders' bot: who runs it makes a code for each."""
        return cls(house, several=True)

    def shops(self) -> tuple[Shop, ...]:
        """All shops that are talked of."""
        return open_shops(self.store) if self.several else (self.store,)

    async def shop_of(self, user_id: int, chat_id: int) -> Shop | None:
        """The shop that this user is let into, if it is the one that is talked of in this chat."""
        known = await self.guests_now()
        name = known.users.get(user_id)
        if name is None or (self.several and chat_id < 0 and known.groups.get(chat_id, name) != name):
            return None if self.several else self.store
        return self.shop_named(name)

    def shop_named(self, name: str) -> Shop:
        return shop_in(self.store, name) if self.several else self.store

    def guest(self, shop: Shop, chat_id: int, user_id: int, said: str = "") -> Chat | None:
        """Who asks, as the stores have it now; None for whoever is not let in."""
        if self.several and self.guests().users.get(user_id) != shop.name:
            return None
        return guest_in(shop, chat_id, user_id, allowing=is_allowing(said))

    async def guests_now(self) -> Guests:
        known = self.known_guests()
        return await asyncio.to_thread(self.guests) if known is None else known

    @property
    def remembered(self) -> Guests | None:
        """Who was let in when that was last read."""
        return self._guests

    def known_guests(self) -> Guests | None:
        """Who is let in, without reading: None if the store has changed since. A flood of strangers costs no more."""
        as_of = stamp(self.store)
        return self._guests if as_of and as_of == self._as_of else None

    def guests(self) -> Guests:
        """Who is let in, and which codes work."""
        as_of = stamp(self.store)
        known = guests(self.store, self._guests, several=self.several)
        self._guests, self._as_of = known, as_of
        return known
