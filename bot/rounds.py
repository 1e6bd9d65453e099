"""What is done by itself, shop after shop: none is held open longer than it takes, none harms the others."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from bot.shown import Stamp, stamp
from engine import Shop


class Rounds:
    """Goes through the shops, and rests after each, where there are several, as long as it took times `rest`."""

    rest = 2.0

    def __init__(self, shops: Callable[[], Sequence[Shop]], over: asyncio.Event) -> None:
        self._shops = shops
        self._over = over

    async def each(self) -> AsyncIterator[Shop]:
        """Each shop, until all of it is over."""
        shops = await asyncio.to_thread(self._shops)
        clock = asyncio.get_running_loop().time
        for shop in shops:
            if self._over.is_set():
                return
            began = clock()
            yield shop
            if len(shops) > 1:
                await self.over_within((clock() - began) * self.rest)

    async def over_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        return self._over.is_set()


class Unchanged:
    """Which shops need no look: their file is as it was after the last one, and that is not long ago."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._seen: dict[str, tuple[Stamp, float]] = {}

    def since(self, shop: Shop) -> bool:
        state, at = self._seen.get(str(shop.path), ((), 0.0))
        return bool(state) and state == stamp(shop) and asyncio.get_running_loop().time() < at + self.seconds

    def note(self, shop: Shop, state: Stamp) -> None:
        """It was looked at, and was so before."""
        self._seen[str(shop.path)] = state, asyncio.get_running_loop().time()
