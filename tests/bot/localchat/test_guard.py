"""Nobody but this machine, and no page but the chat's own."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from bot.localchat import LocalChat
from bot.localchat.entry import CONNECTIONS, is_anothers
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import TOKEN, Person, enter, key_of, local_chat, running


def origin(chat: LocalChat) -> str:
    return f"http://127.0.0.1:{chat.port}"


@pytest.mark.parametrize("host", ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"])
async def test_a_foreign_name_leads_nowhere(chat: LocalChat, host: str) -> None:
    headers = {"Host": host.format(port=chat.port)}
    async with httpx.AsyncClient(verify=CERTIFICATES, base_url=origin(chat), headers=headers, trust_env=False) as http:
        for path in (
            "/",
            "/page/app.js",
            "/chat/messages?before=9",
            f"/bot{chat.token}/getMe",
            "/chat/files/x",
            "/nowhere",
        ):
            assert (await http.get(path)).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_the_names_of_this_machine_are_taken(chat: LocalChat, host: str) -> None:
    headers = {"Host": f"{host}:{chat.port}", "Origin": f"http://{host}:{chat.port}"}
    async with httpx.AsyncClient(verify=CERTIFICATES, base_url=origin(chat), headers=headers, trust_env=False) as http:
        await enter(http, chat.url)
        assert (await http.get("/")).status_code == 200
        assert (await http.post("/chat/send", json={"text": "x", "key": "1"})).status_code == 200


@pytest.mark.parametrize("foreign", ["https://evil.example", "null", "http://localhost:{port}", None])
async def test_a_foreign_page_cannot_act(chat: LocalChat, person: Person, foreign: str | None) -> None:
    headers = {} if foreign is None else {"Origin": foreign.format(port=chat.port)}
    async with httpx.AsyncClient(verify=CERTIFICATES, base_url=origin(chat), headers=headers, trust_env=False) as http:
        answers = [
            await http.post("/chat/send", json={"text": "x", "key": "1"}),
            await http.post("/chat/upload", data={"key": "2"}, files={"file": ("a", b"x")}),
            await http.post("/chat/press", json={"message_id": 1, "data": "x", "key": "3"}),
            await http.post("/chat/enter", json={"key": key_of(chat.url)}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert await person.sees() == []
    with pytest.raises(HTTPClientError, match="403"):
        await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{chat.port}/chat/events", headers=headers))


ASKED = ("/chat/messages?before=9", "/chat/commands", "/chat/language", "/chat/files/x")


async def test_whoever_has_not_come_by_the_link_gets_nothing(chat: LocalChat, person: Person) -> None:
    await person.says("a secret")
    headers = {"Origin": origin(chat)}
    async with httpx.AsyncClient(verify=CERTIFICATES, base_url=origin(chat), headers=headers, trust_env=False) as http:
        for cookie in (None, "guessed", chat.url):
            if cookie is not None:
                http.cookies.set(f"zhike-{chat.port}", cookie)
            for path in ASKED:
                assert (await http.get(path)).status_code == 401
            assert (await http.post("/chat/send", json={"text": "x", "key": "1"})).status_code == 401
            assert (await http.post("/chat/upload", data={"key": "2"}, files={"file": ("a", b"x")})).status_code == 401
            assert (await http.post("/chat/enter", json={"key": "guessed"})).status_code == 401
            with pytest.raises(HTTPClientError, match="401"):
                await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{chat.port}/chat/events", headers=headers))
    assert [message["text"] for message in await person.sees()] == ["a secret"]


async def test_the_link_lets_one_in_and_the_next_one_is_another(chat: LocalChat) -> None:
    link = chat.url
    async with httpx.AsyncClient(
        verify=CERTIFICATES, base_url=origin(chat), headers={"Origin": origin(chat)}, trust_env=False
    ) as http:
        answer = await http.post("/chat/enter", json={"key": key_of(link)})
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert (await http.get("/chat/language")).status_code == 200
        assert (await http.post("/chat/enter", json={"key": key_of(link)})).status_code == 401
        assert key_of(chat.url) != key_of(link)


async def test_a_browser_that_came_in_stays_in_over_a_restart(tmp_path: Path) -> None:
    first = local_chat(tmp_path)
    async with (
        running(first),
        httpx.AsyncClient(verify=CERTIFICATES, headers={"Origin": origin(first)}, trust_env=False) as http,
    ):
        await http.post(f"{origin(first)}/chat/enter", json={"key": key_of(first.url)})
        port, session = first.port, http.cookies[f"zhike-{first.port}"]
        stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert session.encode() not in stored
    second = LocalChat(tmp_path, port=port, token=TOKEN)
    async with (
        running(second),
        httpx.AsyncClient(verify=CERTIFICATES, trust_env=False, cookies={f"zhike-{port}": session}) as http,
    ):
        assert (await http.get(f"{origin(second)}/chat/language")).status_code == 200


@pytest.mark.skipif(
    not CONNECTIONS.is_file() or getattr(os, "getuid", lambda: 1)() != 0, reason="needs Linux and another user to be"
)
async def test_another_user_of_the_machine_cannot_use_the_link(chat: LocalChat) -> None:
    code = (
        "import encodings.idna, os, sys, http.client, urllib.request as r; os.setuid(int(sys.argv[4])); "
        "print(r.urlopen(r.Request(sys.argv[1], sys.argv[2].encode(), "
        "{'Content-Type': 'application/json', 'Origin': sys.argv[3]})).status)"
    )
    words = [sys.executable, "-c", code, f"{origin(chat)}/chat/enter", f'{{"key": "{key_of(chat.url)}"}}', origin(chat)]

    def enters(user: int) -> str:
        done = subprocess.run([*words, str(user)], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert "403" in await asyncio.to_thread(enters, 65534)
    assert "200" in await asyncio.to_thread(enters, 0)


def test_whose_connection_it_is_where_nobody_can_tell(tmp_path: Path) -> None:
    assert not is_anothers(1, 2, tmp_path / "nothing")
    table = tmp_path / "tcp"
    row = "0: 0100007F:0001 0100007F:0002 01 00000000:00000000 00:00000000 00000000 {uid} 0 1"
    table.write_text(f"head\n{row.format(uid=os.getuid() + 1)}\n")
    assert is_anothers(1, 2, table)
    table.write_text(f"head\n{row.format(uid=os.getuid())}\n")
    assert not is_anothers(1, 2, table)
    assert not is_anothers(9, 2, table)


async def test_the_page_brings_its_policy(person: Person) -> None:
    answer = await person.http.get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in answer.headers
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "path", ["/page/none.js", "/page/..%2fserver.py", "/page/../history.py", "/page/index.py", "/chat/nothing"]
)
async def test_nothing_else_is_served(person: Person, path: str) -> None:
    assert (await person.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chat/send", {"text": "x"}),
        ("/chat/send", {"text": "  ", "key": "1"}),
        ("/chat/send", {"text": "x", "key": "1" * 65}),
    ],
)
async def test_half_a_request_is_refused(person: Person, path: str, body: dict[str, str]) -> None:
    assert (await person.http.post(path, json=body)).status_code == 400
    assert (await person.http.post(path, content=b"{", headers={"Content-Type": "application/json"})).status_code == 400


async def test_the_token_stays_out_of_the_log(chat: LocalChat, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="tornado")
    caplog.set_level(logging.DEBUG, logger="bot")
    secret = chat.token.partition(":")[2]
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        for method in ("getMe", "sendMessage", "nothing"):
            await http.post(f"{chat.base_url}{chat.token}/{method}")
        await http.post(
            f"{chat.base_url}{chat.token}/sendMessage", data={"chat_id": "1001", "text": "x", "reply_markup": "[]"}
        )
        await http.get(f"{chat.base_file_url}{chat.token}/x", headers={"Host": "evil.example"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert all(secret not in line for line in ours)
