"""Bad input gets one clear sentence in the chat's language, and changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine import Shop, check_store, list_campaigns, list_customers
from tests.bot.talk import running_bot, text_of, with_button
from tests.engine.services.demo_shop import put_demo


def fingerprint(shop: Shop) -> list[tuple[object, ...]]:
    """Everything that a bad input must not change."""
    with shop.open() as db:
        names = [name for name in db.table_names() if name not in ("inbox", "chats") and not name.startswith("sqlite")]
        return [
            (name, row[0]) for name in names for row in db.conn.execute(f"SELECT count(*) FROM [{name}]").fetchall()
        ] + db.conn.execute("SELECT id, status FROM campaigns").fetchall()


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def one_sentence(text: str) -> None:
    """Short, and without a traceback or the names of our own things."""
    assert 0 < len(text) < 400, text
    for ours in ("Traceback", "Error", "Exception", "None", "engine.", "sqlite", "{"):
        assert ours not in text, text


FILES = {
    "empty.csv": b"",
    "header-only.csv": b"order id,customer,date,product,quantity,price\n",
    "binary.csv": bytes(range(256)) * 40,
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "one-column.csv": b"name\nAnna\nBerta\n",
    "no-date.csv": b"customer,product,price\nA,Tea,3\nB,Cup,4\n",
}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("name", FILES)
async def test_a_bad_file(shop: Shop, tmp_path: Path, name: str, language: str) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name])
    async with running_bot(shop, language=language) as founder:
        before = fingerprint(shop)
        if not FILES[name]:
            # a browser's page refuses an empty file itself; Telegram's apps do as well
            path.write_bytes(b"\n")
        said = text_of(await founder.drops(path))
        one_sentence(said)
        assert is_chinese(said) == (language != "en")
        assert fingerprint(shop) == before


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_a_file_of_21_megabytes(shop: Shop, tmp_path: Path, language: str) -> None:
    path = tmp_path / "large.csv"
    path.write_bytes(b"order,customer,date,product,price\n" + b"1,2,2026-01-01,Tea,3\n" * 1_000_000)
    assert path.stat().st_size > 21_000_000
    async with running_bot(shop, language=language) as founder:
        said = text_of(await founder.drops(path))
        one_sentence(said)
        assert "20MB" in said.replace(" ", "")
        assert is_chinese(said) == (language != "en")


LINES = [
    "/sgements",
    "/nonsense",
    "/customer nobody-of-that-name",
    "/recommend nobody-of-that-name",
    "/customer C0001 OR 1=1",
    "/campaign show 999",
    "/campaign approve 999",
    "/campaign 999",
    "/campaign 1 no_such_goal",
    "/campaign draft 1 win_back - uniform",
    "/campaign dance 1",
    "/outcome 999 A 1/2",
    "/outcome A 41/40",
    "/outcome A 3/400000",
    "/outcome Z 1/2",
    "/outcome all well",
    "/results 999",
    "/segments show 999",
    "/segments sideways",
    "/language klingon",
    "just some words",
]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_bad_words(shop: Shop, language: str) -> None:
    put_demo(shop)
    async with running_bot(shop, language=language) as founder:
        before = fingerprint(shop)
        for line in LINES:
            said = text_of(await founder.says(line))
            one_sentence(said)
            assert is_chinese(said) == (language != "en"), (line, said)
        assert fingerprint(shop) == before
        assert not check_store(shop).faults


async def test_the_nearest_command_is_offered(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        assert "/segments" in text_of(await founder.says("/sgements"))


async def test_an_empty_shop_says_what_to_do(shop: Shop) -> None:
    async with running_bot(shop) as founder:
        for line in ("/segments", "/campaign", "/recommend somebody", "/results", "/outcome"):
            one_sentence(text_of(await founder.says(line)))
        assert not list_campaigns(shop)
        assert list_customers(shop).total == 0


async def test_two_browsers_approve_once(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        segments = await founder.says("/campaign")
        goals = await founder.presses(segments[-1], "(")
        versions = await founder.presses(goals[-1], "back")
        draft = with_button(await founder.presses(versions[-1], "Make the draft"), "Approve")
        data = next(
            button["callback_data"]
            for row in draft["reply_markup"]["inline_keyboard"]
            for button in row
            if button["text"] == "Approve"
        )
        await asyncio.gather(founder.presses_data(draft, data), founder.presses_data(draft, data))
        answers = await founder.answers()
        assert len([message for message in answers if "Choose one way to send it" in text_of([message])]) == 1
        refused = [message["text"] for message in answers if "text" in message][-1]
        one_sentence(refused)
        with shop.open() as db:
            (n,) = db.conn.execute("SELECT count(*) FROM trail WHERE deed = 'approved' AND who <> 'demo'").fetchone()
        assert n == 1
