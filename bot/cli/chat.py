"""zhike chat: the bot itself, with Telegram or with the local chat page."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import signal
import sys
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import logs
from bot.access import Access
from bot.cli import Face, Verb
from bot.settings import Settings
from engine import NotAllowed, Phrase, chat_of, has_owner, load_demo, paired_chat

if TYPE_CHECKING:
    from bot.localchat import LocalChat


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
    # opens the store before anything listens: a damaged or newer one is told here
    access = Access.at_start(face.shop, again=args.pair)
    logs.keep_secret(access.code)
    if args.demo and load_demo(face.shop):
        face.say(Phrase("The demo shop is loaded: a made-up tea shop to play with. Your first own file replaces it."))
    with chat_of(face.shop):
        asyncio.run(_serve(face, access, open_browser=not args.no_browser and sys.stdout.isatty()))


async def _serve(face: Face, access: Access, *, open_browser: bool) -> None:
    # the other verbs start quicker without Telegram's library
    from bot.app import TelegramFace

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        # Windows has no signal handlers in its loop; there Ctrl-C arrives as KeyboardInterrupt
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    # the founder's own choice of language per chat goes before that of the command line
    settings = face.settings
    async with contextlib.AsyncExitStack() as stack:
        if settings.telegram_token is None:
            chat = await _local_chat(face, settings, access)
            stack.push_async_callback(chat.stop)
            settings = replace(
                settings, telegram_token=chat.token, base_url=chat.base_url, base_file_url=chat.base_file_url
            )
        bot = TelegramFace(settings, face.shop, access)
        await bot.start()
        stack.push_async_callback(bot.stop)
        if access.code is not None:
            print(f"pairing code: {access.code}")
        if face.settings.telegram_token is None:
            face.say(Phrase("The chat is open at {url} (Ctrl-C ends it)", url=chat.url))
            if open_browser:
                webbrowser.open(chat.url)
        else:
            face.say(Phrase("@{name} is listening (Ctrl-C ends it)", name=bot.application.bot.username))
        sys.stdout.flush()
        await stop.wait()


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
        face.say(Phrase("The page is open. A link for another browser: {url}", url=chat.url))
        sys.stdout.flush()

    chat = LocalChat(
        folder_for(shop.path),
        port=settings.port,
        token=token,
        start_parameter=access.code,
        spoken=spoken,
        entered=entered,
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
