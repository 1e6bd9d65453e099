"""How much long work runs at a time: what computes anew waits its turn, and what only draws does not wait behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from engine import Cancelled, Phrase

STOPPED = Phrase("Stopped. Nothing was changed.")
SECONDS_BETWEEN_NEWS = 1.0


class Lane:
    """So many `places`; whoever finds none waits, first come, first served."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: dict[int, asyncio.Future[None]] = {}

    @asynccontextmanager
    async def place(self, chat_id: int, ahead: Callable[[int], None]) -> AsyncIterator[None]:
        """A place for this chat's work; `ahead` hears how many wait before it, whenever that changes.

        Raises Cancelled if it is withdrawn while it waits.
        """
        await self._taken(chat_id, ahead)
        try:
            yield
        finally:
            self._pass_on()

    def withdraw(self, chat_id: int) -> None:
        """What waits for this chat waits no more."""
        waiting = self._waiting.pop(chat_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_exception(Cancelled(STOPPED))

    async def _taken(self, chat_id: int, ahead: Callable[[int], None]) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[chat_id] = turn
        try:
            while not turn.done():
                ahead(list(self._waiting).index(chat_id))
                await asyncio.wait([turn], timeout=SECONDS_BETWEEN_NEWS)
            turn.result()
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._pass_on()  # it came just when nobody wanted it any more
            raise
        finally:
            if self._waiting.get(chat_id) is turn:
                del self._waiting[chat_id]

    def _pass_on(self) -> None:
        for chat_id, turn in list(self._waiting.items()):
            del self._waiting[chat_id]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
