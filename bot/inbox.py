"""The durable inbox. The library confirms updates before their handlers finish, so each is stored first.

    Telegram ──> updater ──> DurableQueue.put (let in? stored) ──> OneChatAtATime (in order per chat) ──> handler
    restart ───> what is not done ─────────────────────────────────────────┘

An update whose handling was cut off is handled again. Effects carry its number as their cause and happen once; the
parts of its answer that went out are not sent again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from telegram import Bot, Update
from telegram.ext import BaseUpdateProcessor

from engine import Inbox, StoreError, forget_old_updates, waiting_updates

logger = logging.getLogger(__name__)

# An update that took the whole process down this often is put aside.
MOST_ATTEMPTS = 3
SECONDS_BETWEEN_TRIES = 1.0
SECONDS_TO_LEAVE = 2.5  # for work to break off, and to store that it did
NO_LIMIT = 1_000_000  # in memory; the library wants a number

Result = TypeVar("Result")
OnTrouble = Callable[[StoreError], Awaitable[None]]


class DurableQueue(asyncio.Queue[object]):
    """Holds only what the store holds already: `put` returns when the update is on disk.

    What `admits` turns away leaves nothing behind.
    In polling the library confirms after `put`, in webhook mode it answers 200 after it. `at_arrival` sees an update
    before it waits for anything: that is how /cancel reaches running work, even while that work is saving. `on_trouble`
    gives, for an update, what hears that it cannot be stored yet.
    """

    def __init__(
        self,
        inbox: Inbox,
        admits: Callable[[Update], Awaitable[bool]],
        at_arrival: Callable[[Update], None],
        on_trouble: Callable[[Update], OnTrouble | None] = lambda update: None,
    ) -> None:
        super().__init__()
        self.inbox = inbox
        self.admits = admits
        self.at_arrival = at_arrival
        self.on_trouble = on_trouble

    async def put(self, item: object) -> None:
        if not isinstance(item, Update) or await self._is_taken(item):
            await super().put(item)

    async def _is_taken(self, update: Update) -> bool:
        """Whether the update is stored and to be handled. What is wrong with one is not to end the polling for all."""
        for _ in range(MOST_ATTEMPTS):
            try:
                return await self._is_stored(update)
            except Exception:  # the library would poll no more
                logger.exception("update %d could not be taken in", update.update_id)
                await asyncio.sleep(SECONDS_BETWEEN_TRIES)
        logger.error("update %d is left out", update.update_id)
        return False

    async def _is_stored(self, update: Update) -> bool:
        if not await self.admits(update):
            return False
        self.at_arrival(update)
        chat = update.effective_chat
        chat_id = None if chat is None else chat.id
        payload = update.to_json()
        if await stored(lambda: self.inbox.receive(update.update_id, chat_id, payload), self.on_trouble(update)):
            return True
        logger.info("update %d was received before", update.update_id)
        return False

    async def put_waiting(self, bot: Bot) -> int:
        """Queue what was received before a restart and is not done, oldest first; how many."""
        await asyncio.to_thread(forget_old_updates, self.inbox.shop)
        waiting = await asyncio.to_thread(waiting_updates, self.inbox.shop)
        for row in waiting:
            await super().put(Update.de_json(json.loads(row.payload), bot))
        return len(waiting)


class OneChatAtATime(BaseUpdateProcessor):
    """Chats run side by side; within a chat one update at a time, in the order of arrival.

    The library's own limit counts what waits for its turn in a chat as well, so that one chat could fill it; what is
    done at a time is limited by the threads that do it, and by how much long work may run.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(NO_LIMIT)
        self.inbox = inbox
        self.locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.closing = False
        self._under_way: set[asyncio.Task[Any]] = set()

    async def close(self, seconds: float) -> None:
        """Begin nothing more; what is not done after so many seconds is left to the next start."""
        self.closing = True
        for patience in (seconds, SECONDS_TO_LEAVE):
            if not self._under_way:
                return
            await asyncio.wait(self._under_way, timeout=patience)
            for task in self._under_way:
                task.cancel()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        if not isinstance(update, Update):
            await coroutine
            return
        chat = update.effective_chat
        async with self.locks[0 if chat is None else chat.id]:
            if self.closing:
                _drop(coroutine)
                return
            task = asyncio.current_task()
            assert task is not None
            self._under_way.add(task)
            try:
                await self._process(update, coroutine)
            finally:
                self._under_way.discard(task)

    async def _process(self, update: Update, coroutine: Awaitable[object]) -> None:
        begun = await stored(lambda: self.inbox.begin(update.update_id))
        if begun is None:
            _drop(coroutine)
            return
        too_often = begun.attempts > MOST_ATTEMPTS
        try:
            if too_often:
                logger.error("update %d is put aside after %d attempts", update.update_id, MOST_ATTEMPTS)
                _drop(coroutine)
            else:
                await coroutine
        except asyncio.CancelledError:
            # it was no fault of the update's: it is asked again at the next start
            logger.info("update %d is left to the next start", update.update_id)
            await asyncio.wrap_future(self.inbox.leave(update.update_id))
            raise
        await stored(lambda: self.inbox.finish(update.update_id, failed=too_often))

    async def initialize(self) -> None:
        """Nothing to open: each piece of work opens the store itself."""

    async def shutdown(self) -> None:
        """Nothing to close."""


async def stored(write: Callable[[], Future[Result]], on_trouble: OnTrouble | None = None) -> Result:
    """What the inbox says once it is on the disk; asked again and again while the store cannot be written."""
    return await _again_and_again(lambda: asyncio.wrap_future(write()), on_trouble)


async def insisting(
    work: Callable[..., Result],
    *args: Any,
    on_trouble: OnTrouble | None = None,
    **options: Any,
) -> Result:
    """`work` away from the event loop, again and again while the store is busy, full or out of reach."""
    return await _again_and_again(lambda: asyncio.to_thread(work, *args, **options), on_trouble)


async def _again_and_again(attempt: Callable[[], Awaitable[Result]], on_trouble: OnTrouble | None) -> Result:
    """What `attempt` gives, once the store lets it; `on_trouble` hears of each error before it is tried again.

    An error here would end the library's polling for good, and lose the update.
    """
    while True:
        try:
            return await attempt()
        except StoreError as error:
            logger.warning("the inbox cannot be written; trying again", exc_info=True)
            if on_trouble is not None:
                await on_trouble(error)
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)


def said_in(update: Update) -> str:
    """The words of an update: those of a message, or what a button says."""
    if update.callback_query is not None:
        return update.callback_query.data or ""
    message = update.effective_message
    return "" if message is None else (message.text or message.caption or "")


def _drop(coroutine: Awaitable[object]) -> None:
    if asyncio.iscoroutine(coroutine):
        coroutine.close()
