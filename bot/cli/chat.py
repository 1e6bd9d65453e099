"""zhike chat: the bot itself, with Telegram or with the local chat page."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import signal
import sys
import threading
import webbrowser
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from bot import logs
from bot.access import Access
from bot.cli import Face, Verb
from bot.cli.shops import house
from bot.settings import Settings
from engine import NotAllowed, Phrase, chat_of, has_owner, load_demo, paired_chat, start_checks

if TYPE_CHECKING:
    from bot.localchat import LocalChat


MOST_SECONDS = 9.0  # from being told to stop to the end
MENDABLE = 2  # the status of what whoever runs the bot can mend


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="load the demo shop if there is no data yet")
    parser.add_argument("--pair", action="store_true", help="show a new pairing code, to change the owner")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in the browser")
    parser.add_argument("--verbose", action="store_true", help="log what happens")


def run(args: argparse.Namespace, face: Face) -> None:
    logs.set_up(args.verbose)
    mail = face.settings.mail
    for secret in (face.settings.telegram_token, face.settings.webhook_secret, None if mail is None else mail.password):
        logs.keep_secret(secret)
    face = face if face.settings.shops is None else _of_house(args, face)
    # before anything listens: a store that is damaged, newer or cannot be written to is told here
    for note in start_checks(face.shop):
        face.say(note)
    access = Access.at_start(face.shop, again=args.pair) if face.settings.shops is None else Access.to_house(face.shop)
    logs.keep_secret(access.code)
    if args.demo and load_demo(face.shop):
        face.say(Phrase("The demo shop is loaded: a made-up tea shop to play with. Your first own file replaces it."))
    with chat_of(face.shop):
        asyncio.run(_serve(face, access, open_browser=not args.no_browser and sys.stdout.isatty()))


def _of_house(args: argparse.Namespace, face: Face) -> Face:
    """The face of a bot that many founders share."""
    if face.settings.shops is None or face.settings.telegram_token is None:
        raise NotAllowed(Phrase("A bot for several shops talks through Telegram: set ZHIKE_TELEGRAM_TOKEN as well."))
    if args.demo or args.pair:
        raise NotAllowed(
            Phrase("With ZHIKE_SHOPS there is no demo shop, and no code at the start: make one with zhike invite.")
        )
    return replace(face, shop=house(face))


async def _serve(face: Face, access: Access, *, open_browser: bool) -> None:
    # the other verbs start quicker without Telegram's library
    from bot.app import TelegramFace
    from bot.standing import REFUSED

    stop = _told_to_stop()
    # the founder's own choice of language per chat goes before that of the command line
    settings = face.settings
    async with contextlib.AsyncExitStack() as stack:
        if settings.telegram_token is None:
            chat = await _local_chat(face, settings, access)
            stack.push_async_callback(chat.stop)
            settings = replace(
                settings, telegram_token=chat.token, base_url=chat.base_url, base_file_url=chat.base_file_url
            )
        bot = TelegramFace(settings, access, lambda phrase: _tell(face, phrase))
        stack.push_async_callback(bot.stop)
        refused = bot.standing.refused
        if await _done_before(bot.start(), stop, refused):
            if access.code is not None:
                print(f"pairing code: {access.code}")
            if face.settings.telegram_token is None:
                _tell(face, Phrase("The chat is open at {url} (Ctrl-C ends it)", url=chat.url))
                if open_browser:
                    webbrowser.open(chat.url)
            else:
                _tell(face, Phrase("@{name} is listening (Ctrl-C ends it)", name=bot.application.bot.username))
            await _first_of(stop, refused)
        if refused.is_set():
            print(face.words(REFUSED), file=sys.stderr)
            _end_in_time(MENDABLE)
    # a thread that still waits for something, such as a process that is only starting, would hold up the end
    _end(MENDABLE if refused.is_set() else 0)


def _tell(face: Face, phrase: Phrase) -> None:
    face.say(phrase)
    sys.stdout.flush()


def _told_to_stop() -> asyncio.Event:
    """Set when the process is told to end. If it has not ended in time, or is told again, it ends at once.

    That is safe: what is not done is stored, and every change of the store is whole or not there.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told() -> None:
        if stop.is_set():
            _end(0)
        stop.set()
        _end_in_time(0)

    for name in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in its loop; there Ctrl-C arrives as KeyboardInterrupt
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, told)
    return stop


def _end_in_time(status: int) -> None:
    """The process ends with this status, whatever may hold it up."""
    last = threading.Timer(MOST_SECONDS, os._exit, (status,))
    last.daemon = True
    last.start()


def _end(status: int) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status)


async def _first_of(*events: asyncio.Event) -> None:
    """Until one of them is set."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


async def _done_before(starting: Coroutine[Any, Any, None], *events: asyncio.Event) -> bool:
    """Whether it came to its end before one of the events; while Telegram is out of reach it does not."""
    start, over = asyncio.ensure_future(starting), asyncio.ensure_future(_first_of(*events))
    await asyncio.wait((start, over), return_when=asyncio.FIRST_COMPLETED)
    over.cancel()
    if start.done():
        start.result()
        return True
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    return False


async def _local_chat(face: Face, settings: Settings, access: Access) -> LocalChat:
    from bot.localchat import LocalChat
    from bot.localchat.people import USER_ID
    from bot.localchat.place import folder_for, move_in

    shop = face.shop
    token = f"1:{secrets.token_urlsafe(24)}"
    if has_owner(shop):
        # before anybody was paired nothing was said that could be this shop's
        move_in(shop.path)

    def spoken() -> str | None:
        known = paired_chat(shop, USER_ID, USER_ID)
        return None if known is None else known.language

    def entered() -> None:
        # the first link was used; a second browser, or one that has lost its cookies, needs one of its own
        _tell(face, Phrase("The page is open. A link for another browser: {url}", url=chat.url))

    chat = LocalChat(
        folder_for(shop.path),
        port=settings.port,
        token=token,
        start_parameter=access.code,
        spoken=spoken,
        entered=entered,
        key=shop.key,
    )
    try:
        await chat.start()
    except OSError as error:
        raise NotAllowed(
            Phrase(
                "Port {port} is taken, perhaps by a Zhike that runs already at http://127.0.0.1:{port}/ . "
                "Stop it, or choose another port: ZHIKE_PORT={other}",
                port=str(settings.port),
                other=str(settings.port + 1),
            )
        ) from error
    return chat


VERBS = [
    Verb(
        "chat",
        "open the chat: with Telegram if ZHIKE_TELEGRAM_TOKEN is set, else a page in the browser",
        "zhike chat --demo\nZHIKE_TELEGRAM_TOKEN=123:abc zhike chat",
        run,
        add,
    )
]
