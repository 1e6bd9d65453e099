"""While the store that founders share takes nothing, each of them hears of it once, and a stranger does not."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from telegram import Bot, Update

from bot.access import Access
from bot.app import TelegramFace
from bot.settings import Settings
from bot.trouble import Trouble
from engine import Phrase, Shop, StoreError, house_at, invite_founder, redeem_code, shop_in
from engine.services.chats import set_language
from tests.bot.talk import free_port
from tests.torture.bot_api import TOKEN, BotApi, listening
from tests.torture.bots import all_done, until, with_helpers

ANNA, BEN, STRANGER = 11, 22, 99
CANNOT = "I cannot store anything right now"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.store.connecting.BUSY_SECONDS", 0.2)
    monkeypatch.setattr("bot.inbox.SECONDS_BETWEEN_TRIES", 0.1)
    monkeypatch.setattr(Trouble, "between_looks", 0.2)


@pytest.fixture
def house(tmp_path: Path) -> Shop:
    made = house_at(tmp_path / "shops")
    for user, name in ((ANNA, "anna"), (BEN, "ben")):
        assert redeem_code(made, invite_founder(made, name)[1], chat_id=user, user_id=user) is not None
    return made


@asynccontextmanager
async def polling(access: Access) -> AsyncIterator[BotApi]:
    """The bot, and the Telegram that it polls."""
    api = BotApi(free_port())
    async with listening(api):
        at = f"http://127.0.0.1:{api.port}"
        bot = TelegramFace(
            Settings(
                db=access.store.path,
                telegram_token=TOKEN,
                base_url=f"{at}/bot",
                base_file_url=f"{at}/file/bot",
            ),
            access,
        )
        await bot.start()
        try:
            yield api
        finally:
            await bot.stop()


@contextmanager
def locked(shop: Shop) -> Iterator[None]:
    """Nobody can write."""
    with closing(sqlite3.connect(shop.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_every_founder_who_asks_is_told_once(house: Shop) -> None:
    set_language(shop_in(house, "ben"), BEN, "zh")
    async with polling(Access.to_house(house)) as api:
        with locked(house):
            for _ in range(3):
                for user in (ANNA, BEN, STRANGER):
                    api.says(user, "/help")
            await until(lambda: bool(api.texts(ANNA) and api.texts(BEN)), 30)
            api.says(ANNA, "/help")
            await asyncio.sleep(1)
            assert len(api.texts(ANNA)) == len(api.texts(BEN)) == 1
            assert CANNOT in api.texts(ANNA)[0]
            assert "Whoever runs this bot" in api.texts(ANNA)[0]
            assert str(house.path.parent) not in "".join(api.texts(ANNA) + api.texts(BEN))
            assert "现在" in api.texts(BEN)[0]
            assert api.texts(STRANGER) == []
        await all_done(house, api)
        assert sum("What I can do" in text for text in api.texts(ANNA)) == 4
        assert len(api.texts(BEN)) == 4


async def test_a_helper_behind_the_owner_is_told_as_well(shop: Shop) -> None:
    with_helpers(shop, 2)
    async with polling(Access.at_start(shop, again=False)) as api:
        with locked(shop):
            for user in (1, 2):
                api.says(user, "/help")
            await until(lambda: bool(api.texts(1) and api.texts(2)), 30)
            assert all(CANNOT in api.texts(user)[0] for user in (1, 2))
        await all_done(shop, api)


async def test_where_the_store_cannot_be_read_either_who_was_let_in_is_remembered(house: Shop) -> None:
    access, api = Access.to_house(house), BotApi(free_port())
    await access.guests_now()
    house.path.write_bytes(b"this is no database at all" * 1000)
    async with listening(api), Bot(TOKEN, base_url=f"http://127.0.0.1:{api.port}/bot") as bot:
        trouble = Trouble(access, None, lambda: bot)
        for user in (ANNA, STRANGER, ANNA):
            update = Update.de_json({"update_id": 1, "message": {**api.frame(user), "text": "/help"}}, bot)
            await trouble.of(update)(StoreError(Phrase("{path} is damaged", path=str(house.path))))
    assert [text[: len(CANNOT)] for text in api.texts(ANNA)] == [CANNOT]
    assert api.texts(STRANGER) == []
