"""Replies that only show what is stored, kept in memory while nothing has changed: to draw a picture takes long."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot.commands import Request
from bot.replies import Picture, Reply
from engine import Shop

UNSETTLED = 0.1  # seconds; within one tick of the system's clock the file may change twice and look the same
MOST_BYTES = 64_000_000
TEXTS = 4_000  # bytes that a reply takes beside its pictures, about

Stamp = tuple[int, ...]


def stamp(shop: Shop) -> Stamp:
    """What tells one state of the shop's file from the next; nothing while that cannot be told yet."""
    found: list[int] = []
    for name in (shop.path, shop.path.with_name(f"{shop.path.name}-wal")):
        try:
            state = name.stat()
        except OSError:
            continue
        if time.time_ns() - state.st_mtime_ns < UNSETTLED * 1e9:
            return ()
        found += [state.st_ino, state.st_mtime_ns, state.st_size]
    return tuple(found)


@dataclass(frozen=True)
class Sight:
    """Which shop's reply to what, in which state of its file and which hour: sentences say how long ago things were."""

    shop: str
    command: str
    request: Request
    state: Stamp
    hour: str

    @classmethod
    def now(cls, shop: Shop, command: str, request: Request) -> Sight | None:
        """None while the file's state cannot be told."""
        state = stamp(shop)
        same_for_all = replace(request, who="", chat_id=0, chat_name="")
        return cls(str(shop.path), command, same_for_all, state, f"{shop.now():%Y-%m-%d %H}") if state else None


class Shown:
    """The replies shown last, up to a size; the oldest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self._replies: OrderedDict[Sight, Reply] = OrderedDict()
        self._bytes = 0

    def reply(self, asked: Sight | None) -> Reply | None:
        if asked is None or asked not in self._replies:
            return None
        self._replies.move_to_end(asked)
        return self._replies[asked]

    def keep(self, asked: Sight | None, still: Sight | None, reply: Reply) -> None:
        """Keep a reply if nothing has changed while it was made."""
        if asked is None or asked != still or asked in self._replies:
            return
        self._replies[asked] = reply
        self._bytes += _size(reply)
        while self._bytes > self.most_bytes:
            self._bytes -= _size(self._replies.popitem(last=False)[1])


def _size(reply: Reply) -> int:
    return TEXTS + sum(len(part.content) for part in reply.parts if isinstance(part, Picture))
