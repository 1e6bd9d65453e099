"""Who may talk: the owner, who has once shown the code that the console prints. Nobody else gets data."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from bot.replies import Reply, says
from engine import Phrase, Shop, has_owner, pair_owner

# without 0 O 1 I L, which are hard to tell apart
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TRIES = 20


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


@dataclass
class Access:
    """The pairing code of this start of the bot. It works once, and not after too many wrong tries."""

    shop: Shop
    code: str | None = None
    tries_left: int = field(default=TRIES)

    @classmethod
    def at_start(cls, shop: Shop, *, again: bool) -> Access:
        """A code where there is no owner yet, or where one is to be paired `again`."""
        return cls(shop, new_code() if again or not has_owner(shop) else None)

    def admits(self, text: str) -> bool:
        """Whether a stranger's text holds the code, alone or behind /start; the code is spent by it."""
        if self.code is None or self.tries_left == 0:
            return False
        word = text.removeprefix("/start").strip().upper()
        if not word:
            return False
        if not hmac.compare_digest(word.encode(), self.code.encode()):
            self.tries_left -= 1
            return False
        return True

    def pair(self, shop: Shop, chat_id: int, user_id: int) -> None:
        pair_owner(shop, chat_id, user_id)
        self.code = None


def refusal() -> Reply:
    """What a stranger reads."""
    return says(
        Phrase(
            "This assistant belongs to one shop and talks to its owner only. "
            "If it is yours, send the pairing code that its console shows."
        )
    )
