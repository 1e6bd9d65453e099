"""Delivery of updates to the bot's webhook: one at a time, in order, again and again until it is taken."""

from __future__ import annotations

import asyncio
import json
import time

from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPRequest

from bot.localchat.history import History
from bot.localchat.refusals import Json
from bot.localchat.updates import Updates

FIRST_PAUSE = 0.5
LAST_PAUSE = 30.0
PATIENCE = 60.0
# the name of a header, and no secret itself
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # nosec B105


class Delivery:
    """The task that posts updates while a webhook is set. An update is confirmed by an answer of 2xx."""

    def __init__(self, updates: Updates, history: History) -> None:
        self._updates = updates
        self._history = history
        self.last_error: Json = {}

    async def run(self) -> None:
        """Goes on until it is cancelled."""
        client = AsyncHTTPClient(force_instance=True)
        pause = FIRST_PAUSE
        try:
            while True:
                self._updates.arrived.clear()
                delivered = await self._deliver_next(client)
                if delivered:
                    pause = FIRST_PAUSE
                elif delivered is None:
                    await self._updates.arrived.wait()
                else:
                    await self._rest(pause)
                    pause = min(pause * 2, LAST_PAUSE)
        finally:
            client.close()

    def forget_errors(self) -> None:
        self.last_error = {}

    async def _deliver_next(self, client: AsyncHTTPClient) -> bool | None:
        """Whether the oldest update was taken; None if there is nothing to deliver."""
        webhook = self._updates.webhook()
        waiting = self._history.updates(1) if webhook else []
        if webhook is None or not waiting:
            return None
        problem = await self._post(client, webhook, waiting[0])
        if problem is None:
            self._history.confirm_updates(waiting[0]["update_id"] + 1)
            return True
        self.last_error = {"last_error_date": int(time.time()), "last_error_message": problem}
        return False

    async def _post(self, client: AsyncHTTPClient, webhook: Json, update: Json) -> str | None:
        """What went wrong, in Telegram's words; None if the bot took it."""
        headers = {"Content-Type": "application/json"}
        if webhook.get("secret_token"):
            headers[SECRET_HEADER] = webhook["secret_token"]
        request = HTTPRequest(
            webhook["url"],
            method="POST",
            headers=headers,
            body=json.dumps(update, ensure_ascii=False),
            request_timeout=PATIENCE,
            follow_redirects=False,
        )
        try:
            response = await client.fetch(request, raise_error=False)
        except (OSError, HTTPError, ValueError) as error:
            return "Connection refused" if isinstance(error, ConnectionRefusedError) else f"Connection failed: {error}"
        if response.code == 599:
            return "Read timeout expired"
        return (
            None if response.code // 100 == 2 else f"Wrong response from the webhook: {response.code} {response.reason}"
        )

    async def _rest(self, seconds: float) -> None:
        """Waits, but no longer than until the bot sets its webhook anew or something else arrives."""
        try:
            await asyncio.wait_for(self._updates.arrived.wait(), seconds)
        except TimeoutError:
            return
