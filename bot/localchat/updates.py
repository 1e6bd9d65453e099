"""The updates that wait for the bot, and the one poller that may wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.localchat.history import History
from bot.localchat.refusals import Json, conflict

MAX_BATCH = 100
MAX_WAIT = 50.0
WEBHOOK = "webhook"
ALLOWED = "allowed_updates"
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Updates:
    """Updates are kept until the bot confirms them, by asking for later ones or by taking them from its webhook."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._poller: asyncio.Future[None] | None = None
        self.arrived = asyncio.Event()

    def add(self, kind: str, body: Json) -> None:
        """Stores an update unless the bot asked not to get this kind. Call `announce` after the transaction."""
        allowed = self._history.setting(ALLOWED)
        if not allowed or kind in allowed:
            self._history.add_update(kind, body)

    def announce(self) -> None:
        """Wakes whoever waits for updates."""
        self.arrived.set()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def webhook(self) -> Json | None:
        """The webhook's settings; None if none is set."""
        settings: Json | None = self._history.setting(WEBHOOK)
        return settings

    def set_webhook(self, settings: Json | None, *, drop_pending: bool) -> None:
        with self._history.transaction():
            self._history.set(WEBHOOK, settings)
            if drop_pending:
                self._history.keep_last_updates(0)
        if settings is not None:
            self._end_poll("terminated by setWebhook request")
        self.arrived.set()

    def allow(self, kinds: Sequence[Any] | None) -> None:
        """From now on only updates of these kinds are kept; all if empty; as before if None."""
        if kinds is not None:
            self._history.set(ALLOWED, list(kinds))

    async def take(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """The oldest updates from `offset` on, those before it being confirmed; waits for one if there is none.

        A negative `offset` counts from the newest. Raises Refused (409) if a webhook is set or another poller came.
        """
        if self.webhook() is not None:
            raise conflict(WEBHOOK_ACTIVE)
        self._end_poll(OTHER_POLLER)
        if offset < 0:
            self._history.keep_last_updates(-offset)
        else:
            self._history.confirm_updates(offset)
        batch = self._history.updates(limit, max(offset, 0))
        if batch or seconds <= 0:
            return batch
        await self._wait(seconds)
        return self._history.updates(limit, max(offset, 0))

    async def _wait(self, seconds: float) -> None:
        poller = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None

    def _end_poll(self, reason: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(reason))
