"""At the doors: forged webhooks, other pages and users at the local chat, floods of strangers; over real HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from telegram import Bot, Update
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from bot.access import Access
from bot.door import Door
from bot.inbox import DurableQueue
from bot.localchat import LocalChat
from bot.trouble import Trouble
from engine import Inbox, Shop, passing_code
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import enter, local_chat, running
from tests.bot.telegram import OWNER, SECRET, World, world
from tests.engine.services.demo_shop import put_demo

STRANGER = 3
HEADER = "X-Telegram-Bot-Api-Secret-Token"
RIGHT = {HEADER: SECRET, "Content-Type": "application/json"}
GOOD = b'{"update_id": 900000001, "message": %s}'
MINE = (
    b'{"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, '
    b'"from": {"id": 1, "is_bot": false, "first_name": "x"}, "text": "/export"}'
)

# method, what is behind the address, headers, body
FORGED: dict[str, tuple[str, str, dict[str, str], bytes]] = {
    "no secret": ("POST", "", {"Content-Type": "application/json"}, GOOD % MINE),
    "wrong secret": ("POST", "", {**RIGHT, HEADER: "guessed"}, GOOD % MINE),
    "empty secret": ("POST", "", {**RIGHT, HEADER: ""}, GOOD % MINE),
    "beginning of the secret": ("POST", "", {**RIGHT, HEADER: SECRET[:-1]}, GOOD % MINE),
    "longer than the secret": ("POST", "", {**RIGHT, HEADER: SECRET + "x"}, GOOD % MINE),
    "secret in the address": ("POST", f"?secret={SECRET}", {"Content-Type": "application/json"}, GOOD % MINE),
    "secret in a cookie": (
        "POST",
        "",
        {"Content-Type": "application/json", "Cookie": f"{HEADER}={SECRET}"},
        GOOD % MINE,
    ),
    "another path": ("POST", "/../other", RIGHT, GOOD % MINE),
    "read": ("GET", "", RIGHT, b""),
    "put": ("PUT", "", RIGHT, GOOD % MINE),
    "delete": ("DELETE", "", RIGHT, b""),
    "form": ("POST", "", {**RIGHT, "Content-Type": "application/x-www-form-urlencoded"}, GOOD % MINE),
    "garbage": ("POST", "", RIGHT, b"\xff\xfe{{{"),
    "nothing": ("POST", "", RIGHT, b""),
    "list": ("POST", "", RIGHT, b"[]"),
    "number": ("POST", "", RIGHT, b"7"),
    "null": ("POST", "", RIGHT, b"null"),
    "no number of it": ("POST", "", RIGHT, b'{"message": %s}' % MINE),
    "text for a number": ("POST", "", RIGHT, b'{"update_id": "x", "message": %s}' % MINE),
    "huge number": ("POST", "", RIGHT, b'{"update_id": 99999999999999999999999, "message": %s}' % MINE),
    "deep": ("POST", "", RIGHT, b"[" * 100_000),
    "deep message": (
        "POST",
        "",
        RIGHT,
        b'{"update_id": 5, "message": ' + b'{"reply_to_message": ' * 3000 + b"{}" + b"}" * 3001,
    ),
    "message of a list": ("POST", "", RIGHT, b'{"update_id": 900000002, "message": [1]}'),
    "too large": ("POST", "", RIGHT, b" " * 120 * 2**20),
}

FOREIGN = (
    "https://evil.example",
    "null",
    "http://localhost:{port}",
    "http://127.0.0.1:1",
    "http://evil.127.0.0.1:{port}",
)
POSTS = ("/chat/send", "/chat/upload", "/chat/press", "/chat/enter")
READS = ("/chat/messages?before=9", "/chat/language", "/chat/commands", "/chat/files/x")
# origin, path: each with the cookie of somebody who is in
PAGES = [(origin, path) for origin in FOREIGN for path in POSTS] + [("https://evil.example", path) for path in READS]


@pytest.fixture
def tea(shop: Shop) -> Shop:
    put_demo(shop)
    return shop


async def test_forged_webhooks(tea: Shop) -> None:
    async with world(tea) as bot:
        before = len(bot.telegram.sent(OWNER))
        async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False, timeout=60) as http:
            for name, (method, behind, headers, body) in FORGED.items():
                try:
                    answer = await http.request(method, f"{bot.telegram.hook}{behind}", headers=headers, content=body)
                except httpx.HTTPError:
                    assert name == "too large", name  # the connection is closed in the middle of it
                    continue
                assert answer.status_code >= 400 or answer.content in (b"", b"{}"), name
                assert "Traceback" not in answer.text, name
        await bot.settled()
        assert len(bot.telegram.sent(OWNER)) == before
        assert not any(name == "sendDocument" for name, _ in bot.telegram.asked)
        assert "What I can do" in await bot.answers(OWNER, "/help")


async def test_other_pages_get_nothing_from_the_local_chat(tmp_path: Path) -> None:
    async with running(local_chat(tmp_path)) as chat:
        own = f"http://127.0.0.1:{chat.port}"
        async with httpx.AsyncClient(verify=CERTIFICATES, base_url=own, trust_env=False) as http:
            http.headers["Origin"] = own
            await enter(http, chat.url)
            await http.post("/chat/send", json={"text": "a secret", "key": "1"})
            for n, (origin, path) in enumerate(PAGES):
                headers = {"Origin": origin.format(port=chat.port)}
                body = {"text": "x", "key": f"k{n}", "data": "x", "message_id": "1"}
                if path in READS:
                    answers = [await http.get(path, headers=headers)]
                else:
                    # a page of another site may send forms and plain texts without asking first
                    answers = [
                        await http.post(path, headers=headers, data=body),
                        await http.post(path, headers=headers, json=body),
                        await http.post(path, headers=headers | {"Content-Type": "text/plain"}, content=b"{}"),
                    ]
                for answer in answers:
                    assert answer.status_code == 403, (origin, path)
                    assert "secret" not in answer.text
                    assert "Access-Control-Allow-Origin" not in answer.headers
                assert (await http.options(path, headers=headers)).status_code in (403, 405)
            shown = (await http.get("/chat/messages?before=99")).json()["messages"]
            assert [message["text"] for message in shown] == ["a secret"]
            cookie = f"zhike-{chat.port}={http.cookies[f'zhike-{chat.port}']}"
        await refused_sockets(chat, cookie)
        await refused_paths(chat)


async def refused_sockets(chat: LocalChat, cookie: str) -> None:
    for origin in (*FOREIGN, ""):
        headers = {"Cookie": cookie} | ({"Origin": origin.format(port=chat.port)} if origin else {})
        with pytest.raises(HTTPClientError, match="403"):
            await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{chat.port}/chat/events", headers=headers))


async def refused_paths(chat: LocalChat) -> None:
    """Without the token or the cookie, and by addresses that were made up."""
    paths = (
        *("/bot1:guessed/getMe", "/bot/getMe", "/file/bot1:guessed/documents/x", "/page/../server.py"),
        *("/page/%2e%2e%2fserver.py", "/..%2f..%2fetc/passwd", "/chat/files/..%2f..%2fetc%2fpasswd", "/.git/config"),
        *(f"/file/bot{chat.token}/../../etc/passwd", f"/file/bot{chat.token}/localchat.db", "/chat/messages"),
    )
    async with httpx.AsyncClient(
        verify=CERTIFICATES, base_url=f"http://127.0.0.1:{chat.port}", trust_env=False
    ) as http:
        for path in paths:
            answer = await http.get(path)
            assert answer.status_code in (400, 401, 403, 404), path
            assert "root:" not in answer.text


def size(shop: Shop) -> int:
    return sum(path.stat().st_size for path in shop.path.parent.glob(f"{shop.path.name}*") if path.is_file())


def rows(shop: Shop) -> dict[str, int]:
    with shop.open() as db:
        return {name: db.conn.execute(f"SELECT count(*) FROM [{name}]").fetchone()[0] for name in db.table_names()}


async def test_ten_thousand_messages_of_a_stranger_cost_nothing(tea: Shop) -> None:
    async with world(tea) as bot:
        alone = await timed(bot)
        before, counted = size(tea), rows(tea)
        flood = asyncio.create_task(pour(bot, 10_000))
        meanwhile = [await timed(bot) for _ in range(3)]
        await flood
        assert min(meanwhile) < alone + 3
        after = rows(tea)
        grown = {name: after[name] - n for name, n in counted.items() if after[name] != n}
        # what is done daily notes that it was
        assert {name: n for name, n in grown.items() if name != "meta"} == {"inbox": 3}
        assert size(tea) - before < 300_000
        assert len(bot.telegram.sent(STRANGER)) == 5


async def timed(bot: World) -> float:
    """Seconds until the owner has an answer."""
    begun, before = time.monotonic(), len(bot.telegram.sent(OWNER))
    await bot.telegram.says(OWNER, "/help")
    while len(bot.telegram.sent(OWNER)) == before:
        assert time.monotonic() - begun < 60
        await asyncio.sleep(0.01)
    return time.monotonic() - begun


async def pour(bot: World, n: int) -> None:
    """So many messages of one stranger, as fast as one connection of Telegram's brings them."""
    where = urlsplit(bot.telegram.hook)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    head = f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\n{HEADER}: {SECRET}\r\n"
    head += "Content-Type: application/json\r\n"
    for number in range(n):
        update = {"update_id": 1_000_000 + number, "message": message(STRANGER, "give me the customers " * 20)}
        body = json.dumps(update)
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert b"Content-Length: 0" in answer, answer
    writer.close()


WAYS: dict[str, Callable[[int, str], dict[str, Any]]] = {
    "texts": lambda user, code: {"message": message(user, "hello")},
    "wrong codes": lambda user, code: {"message": message(user, f"/start {code}")},
    "codes that begin right": lambda user, code: {"message": message(user, code)},
    "buttons": lambda user, code: {
        "callback_query": {
            "id": "1",
            "chat_instance": "1",
            "data": "/export",
            "from": person(user),
            "message": message(user, "x"),
        }
    },
    "groups": lambda user, code: {"message": message(user, "/export", chat=-user)},
}


def person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "x" * 60}


def message(user: int, text: str, chat: int | None = None) -> dict[str, Any]:
    where = {"id": user, "type": "private"} if chat is None else {"id": chat, "type": "group", "title": "x"}
    return {"message_id": 1, "date": 1, "chat": where, "from": person(user), "text": text}


@pytest.mark.parametrize("way", WAYS)
async def test_strangers_cost_nothing_however_many_and_the_owner_still_pairs(shop: Shop, way: str) -> None:
    """Ten thousand of them, a fifth in each way.

    Real updates through the real queue; the bot that answers them is none, so that each answer is one that fails.
    """
    access = Access.at_start(shop, again=False)
    assert access.code is not None
    bot = Bot("1:a")
    trouble = Trouble(access, None, lambda: bot)
    door = Door(access, None, trouble.of)
    queue = DurableQueue(Inbox(shop), door.admits, lambda update: None, trouble.of)
    before, counted = size(shop), rows(shop)
    wrong = {"wrong codes": "23456789", "codes that begin right": access.code[:-2] + "22"}.get(way, "")
    wrong = wrong if wrong != access.code else access.code[:-2] + "33"
    begun = time.monotonic()
    asked = []
    door._turn_away = lambda update, *_: asked.append(update)  # type: ignore[method-assign]
    for user in range(10_000, 12_000):
        await queue.put(Update.de_json({"update_id": user, **WAYS[way](user, wrong)}, bot))
    assert time.monotonic() - begun < 30
    assert queue.empty()
    grown = {name: n - counted[name] for name, n in rows(shop).items() if n != counted[name]}
    grown.pop("sqlite_sequence", None)
    assert set(grown) <= {"pairing_tries", "pairing_codes"}
    assert sum(map(abs, grown.values())) <= 250
    assert size(shop) - before < 1_000_000
    right = access.code if "pairing_codes" not in grown else passing_code(shop, "owner")
    await queue.put(Update.de_json({"update_id": 30_000, "message": message(1, f"/start {right}")}, bot))
    assert queue.qsize() == 1
