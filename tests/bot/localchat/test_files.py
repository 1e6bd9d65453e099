"""Files that the person sends: kept whole, named rightly, given to the bot up to Telegram's limit."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from bot.localchat import LocalChat
from bot.localchat.uploads import file_name
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import Person, picture

MEGABYTE = 1024 * 1024


async def test_a_file_reaches_the_bot_whole(bot: Bot, person: Person) -> None:
    body = "日期,金额\r\n2026-11-01,12.50\r\n".encode("gb18030") * 1000
    await person.attaches("2026 订单（全部）.csv", body, caption="这是 /import 的文件")
    (update,) = await bot.get_updates()
    assert update.message is not None
    document = update.message.document
    assert document is not None
    assert (document.file_name, document.file_size) == ("2026 订单（全部）.csv", len(body))
    assert update.message.caption == "这是 /import 的文件"
    assert bytes(await (await bot.get_file(document)).download_as_bytearray()) == body


async def test_words_too_long_for_a_caption_follow_the_file(bot: Bot, person: Person) -> None:
    assert len(await person.attaches("a.csv", b"x", caption="字" * 1024)) == 1
    assert len(await person.attaches("b.csv", b"x", caption="字" * 1025)) == 2
    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [len(message.caption or "") for message in messages] == [1024, 0, 0]
    assert messages[2].text == "字" * 1025


async def test_a_file_above_20_mb_is_a_message_that_the_bot_cannot_fetch(bot: Bot, person: Person) -> None:
    await person.attaches("big.csv", bytes(20 * MEGABYTE))
    await person.attaches("bigger.csv", bytes(21 * MEGABYTE))
    big, bigger = [update.message.document for update in await bot.get_updates() if update.message]
    assert big is not None
    assert bigger is not None
    assert (await bot.get_file(big)).file_size == 20 * MEGABYTE
    with pytest.raises(BadRequest, match=r"^File is too big$"):
        await bot.get_file(bigger)


async def test_a_file_above_60_mb_is_refused(bot: Bot, person: Person) -> None:
    with pytest.raises(httpx.HTTPStatusError, match="413"):
        await person.attaches("huge.csv", bytes(60 * MEGABYTE + 1))
    with pytest.raises(httpx.HTTPStatusError, match="400"):
        await person.attaches("empty.csv", b"")
    assert await person.sees() == []


async def test_an_unknown_file_is_refused(bot: Bot, chat: LocalChat) -> None:
    with pytest.raises(BadRequest, match=r"^Wrong file_id or the file is temporarily unavailable$"):
        await bot.get_file("nothing")
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        answers = [
            await http.get(f"{chat.base_file_url}{chat.token}/documents/none"),
            await http.get(f"{chat.base_file_url}{chat.token}/%2e%2e/localchat.db"),
            await http.get(f"{chat.base_file_url}1:other/documents/none"),
        ]
    assert [answer.status_code for answer in answers] == [404, 404, 401]
    stranger = Bot("1:other", base_url=chat.base_url)
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_a_picture_is_a_photo_where_it_can_be(bot: Bot, person: Person) -> None:
    await person.attaches("shop.png", picture(), kind="photo")
    await person.attaches("shop.png", picture())
    await person.attaches("strip.png", picture(900, 10), kind="photo")
    messages = [update.message for update in await bot.get_updates()]
    assert [bool(message and message.photo) for message in messages] == [True, False, False]


async def test_a_download_has_its_name_and_is_never_shown_as_a_page(bot: Bot, person: Person) -> None:
    await person.attaches('订单 "a".html', b"<script>alert(1)</script>")
    document = (await person.sees())[0]["document"]
    assert isinstance(document, dict)
    answer = await person.http.get(f"/chat/files/{document['file_id']}")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"__ _a_.html\"; filename*=UTF-8''%E8%AE%A2%E5%8D%95%20%22a%22.html"
    )
    assert (await person.http.get("/chat/files/none")).status_code == 404


async def test_what_is_kept_is_the_owners_alone(bot: Bot, person: Person, chat: LocalChat, tmp_path: Path) -> None:
    await person.attaches("a.csv", b"x")
    kept = [tmp_path / "localchat.db", tmp_path / "localchat-files", *(tmp_path / "localchat-files").rglob("*")]
    assert len(kept) == 4
    assert {path.name: path.stat().st_mode & 0o077 for path in kept} == {path.name: 0 for path in kept}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("orders.csv", "orders.csv"),
        ("..\\..\\etc/passwd", "passwd"),
        ("../..", "file"),
        ("a\x00b\n.csv", "ab.csv"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("顾客.xlsx", "顾客.xlsx"),
    ],
)
def test_a_name_has_no_folders_and_no_tricks(given: str, kept: str) -> None:
    assert file_name(given) == kept
