"""Who may talk: the owner, who has shown the code that the console prints, and whom the owner invites.

This is the one place that knows whose chat belongs to which shop.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from engine import Chat, Guests, Shop, guest_in, guests, has_owner, no_standing_code, standing_code

# seconds; within one tick of the system's clock the file may change twice and look the same
UNSETTLED = 0.1


def is_allowing(said: str) -> bool:
    """Whether a text in a group is the one by which its owner allows it."""
    head, *words = said.split() or [""]
    return head.partition("@")[0] == "/helpers" and words == ["allow"]


@dataclass
class Access:
    """The pairing code of this start of the bot, if there is one, and who is let in by what the store says now."""

    shop: Shop
    code: str | None = None
    _guests: Guests | None = field(default=None, repr=False)
    _as_of: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def at_start(cls, shop: Shop, *, again: bool) -> Access:
        """A code where there is no owner yet, or one is to be paired `again`; those of earlier starts are void."""
        if again or not has_owner(shop):
            return cls(shop, standing_code(shop))
        no_standing_code(shop)
        return cls(shop)

    def shop_of(self, chat_id: int) -> Shop:
        """The shop that is talked of in this chat."""
        return self.shop

    def guest(self, shop: Shop, chat_id: int, user_id: int, said: str = "") -> Chat | None:
        """Who asks, as the store has it now; None for whoever is not let in."""
        return guest_in(shop, chat_id, user_id, allowing=is_allowing(said))

    def known_guests(self) -> Guests | None:
        """Who is let in, without reading: None if the store has changed since. A flood of strangers costs no more."""
        as_of = self._stamp()
        return self._guests if as_of and as_of == self._as_of else None

    def guests(self) -> Guests:
        """Who is let in, and which codes work."""
        as_of = self._stamp()
        self._guests, self._as_of = guests(self.shop), as_of
        return self._guests

    def _stamp(self) -> tuple[int, ...]:
        """What tells one state of the file from the next; nothing while that cannot be told yet."""
        found: list[int] = []
        for name in (self.shop.path, self.shop.path.with_name(f"{self.shop.path.name}-wal")):
            try:
                state = name.stat()
            except OSError:
                continue
            if time.time_ns() - state.st_mtime_ns < UNSETTLED * 1e9:
                return ()
            found += [state.st_ino, state.st_mtime_ns, state.st_size]
        return tuple(found)
