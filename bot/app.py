"""Builds the Telegram application and runs it: by polling, by webhook, or against the local chat."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

from telegram import Bot, BotCommand, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from bot.access import Access
from bot.commands import commands
from bot.conversation import Conversation
from bot.daily import DailyWork
from bot.delivery import PAUSES
from bot.digest import Digest
from bot.door import Door
from bot.inbox import DurableQueue, OneChatAtATime
from bot.jobs import Jobs
from bot.language import NAMES, language
from bot.pace import PoliteLimiter
from bot.settings import Settings
from bot.standing import Standing
from bot.trouble import Trouble
from bot.webhook import Listening, Webhook
from engine import Inbox, NotAllowed, Phrase, keep_connections

logger = logging.getLogger(__name__)

THREADS = 8  # many that want the interpreter at a time keep one another from it
CONNECTIONS = 48  # that are kept between two pieces of work
GRACE = 3.0  # seconds for what is being answered when the bot is to end
LAST_SECONDS = 1.0  # for each step after that; all together stays under ten
UNTIL_WARM = 5.0  # seconds in which whoever waited for the start is answered first
HEARD = [Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


class TelegramFace:
    """The bot in one process: built from settings, started, stopped."""

    def __init__(
        self,
        settings: Settings,
        access: Access,
        say: Callable[[Phrase], None] | None = None,
        *,
        limiter: PoliteLimiter | None = None,
    ) -> None:
        """`say` hears what whoever runs the bot has to know; without it, the log does.

        `limiter` keeps another pace than Telegram's, for a server that bears any.
        """
        if settings.telegram_token is None:
            raise ValueError("a token is needed, of Telegram's or of the local chat's")
        self.settings = settings
        self.access = access
        self.standing = Standing(say or (lambda phrase: logger.warning("%s", phrase)))
        self.jobs = Jobs()
        self.inbox = Inbox(access.store)
        conversation = Conversation(access, self.jobs, self.inbox, settings.language)
        polls = settings.webhook_url is None
        self.trouble = Trouble(access, settings.language, lambda: self.application.bot, looks_ahead=polls)
        self.door = Door(access, settings.language, self.trouble.of)
        self.digest = Digest(access.shops, settings.language)
        self.daily = DailyWork(access.shops, settings.language)
        self.one_at_a_time = OneChatAtATime(self.inbox)
        self.queue = DurableQueue(self.inbox, self.door.admits, conversation.at_arrival, self.trouble.of)
        builder = (
            Application.builder()
            .token(settings.telegram_token)
            .update_queue(self.queue)
            .concurrent_updates(self.one_at_a_time)
            .rate_limiter(limiter or PoliteLimiter())
            .request(
                self.standing.requests(
                    connection_pool_size=64,
                    connect_timeout=10,
                    read_timeout=20,
                    write_timeout=20,
                    media_write_timeout=60,
                    pool_timeout=20,
                )
            )
            .get_updates_request(self.standing.requests(polling=True, read_timeout=40))
        )
        if settings.base_url is not None:
            builder = builder.base_url(settings.base_url)
        if settings.base_file_url is not None:
            builder = builder.base_file_url(settings.base_file_url)
        self.application = builder.build()
        self.application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, conversation.answer))
        self.application.add_handler(CallbackQueryHandler(conversation.answer))
        self.application.add_error_handler(conversation.apologise)
        self._warming: asyncio.Task[None] | None = None
        self._webhook: Webhook | None = None

    async def start(self) -> None:
        """Answer what was left over from before, then listen."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="zhike"))
        keep_connections(CONNECTIONS)
        await self._reach_telegram()
        await self.access.guests_now()  # remembered for when the store cannot be read
        left = await self.queue.put_waiting(self.application.bot)
        if left:
            logger.info("%d updates were left over from before", left)
        await self.application.start()
        await _tell_commands(self.application.bot)
        if self.settings.webhook_url is None:
            await self._poll()
        else:
            await self._be_called(self.settings.webhook_url)
        self.digest.start(self.application.bot)
        self.daily.start(self.application.bot)
        self._warming = asyncio.create_task(self.jobs.warm_up(after=UNTIL_WARM))

    async def _poll(self) -> None:
        updater = self.application.updater
        if updater is None:
            raise RuntimeError("the application was built without an updater")
        await updater.start_polling(
            timeout=25, allowed_updates=HEARD, bootstrap_retries=-1, error_callback=self.standing.poll_failed
        )

    async def _be_called(self, url: str) -> None:
        """Raises NotAllowed where the port is taken, or Telegram does not take the URL."""
        secret = self.settings.webhook_secret or secrets.token_urlsafe(32)
        self._webhook = Webhook(Listening.of(self.settings), secret, self.application.bot, self.queue.put)
        self._webhook.start()

        async def ask() -> None:
            # one call at a time keeps the order of a chat's messages
            await self.application.bot.set_webhook(url, secret_token=secret, allowed_updates=HEARD, max_connections=1)

        try:
            await _once_reached(ask)
        except BadRequest as error:
            raise NotAllowed(Phrase("Telegram does not take ZHIKE_WEBHOOK_URL: {why}", why=error.message)) from error

    async def _reach_telegram(self) -> None:
        """Raises NotAllowed for a token that Telegram does not know."""
        try:
            await _once_reached(self.application.initialize)
        except InvalidToken:
            raise NotAllowed(
                Phrase("Telegram does not know this bot: look at ZHIKE_TELEGRAM_TOKEN, or ask @BotFather anew.")
            ) from None  # the error's own words hold the token
        self.standing.is_known = True

    async def stop(self) -> None:
        """Take nothing new and finish what is nearly done; the rest is stored, and is answered at the next start."""
        self.jobs.close()
        if self._warming is not None:
            self._warming.cancel()
        await asyncio.gather(
            self.one_at_a_time.close(GRACE),
            self.digest.stop(),
            self.daily.stop(),
            self.door.stop(),
            _at_most(GRACE, self._stop_listening()),
            *([] if self._warming is None else [self._warming]),
            return_exceptions=True,
        )
        if self.application.running:
            await _at_most(LAST_SECONDS, self.application.stop())
        await _at_most(LAST_SECONDS, self.application.shutdown())
        await _at_most(LAST_SECONDS, asyncio.to_thread(self.inbox.close))
        keep_connections(0)

    async def _stop_listening(self) -> None:
        if self._webhook is not None:
            await self._webhook.stop()
        if self.application.updater is not None and self.application.updater.running:
            await self.application.updater.stop()


async def _once_reached(ask: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Until Telegram can be reached: a machine may start before its network does. Raises what Telegram refuses."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            await ask()
        except BadRequest:
            raise
        except (NetworkError, RetryAfter) as error:
            logger.warning("Telegram cannot be reached; trying again in %d s: %s", pause, type(error).__name__)
            await asyncio.sleep(pause)
        else:
            return


async def _at_most(seconds: float, ending: Coroutine[Any, Any, None]) -> None:
    """What does not come to an end in time, such as a server that does not answer, ends with the process."""
    try:
        await asyncio.wait_for(ending, seconds)
    except TimeoutError:
        logger.warning("something did not end in time and is left")
    except Exception:  # the rest has to end all the same
        logger.warning("something did not end well and is left", exc_info=True)


async def _tell_commands(bot: Bot) -> None:
    listed = [command for command in commands().values() if command.listed]
    try:
        for code in NAMES:
            menu = [BotCommand(command.name, command.summary.say(language(code))) for command in listed]
            await bot.set_my_commands(menu, language_code="" if code == "en" else code)
    except TelegramError:
        # The menu is a convenience; the commands work without it.
        logger.warning("the menu of commands could not be set", exc_info=True)
