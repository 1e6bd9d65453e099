"""Nobody but this machine, and no page but the chat's own."""

from __future__ import annotations

import logging

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from bot.localchat import LocalChat
from tests.bot.localchat.conftest import Person


def origin(chat: LocalChat) -> str:
    return f"http://127.0.0.1:{chat.port}"


@pytest.mark.parametrize("host", ["evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}"])
async def test_a_foreign_name_leads_nowhere(chat: LocalChat, host: str) -> None:
    headers = {"Host": host.format(port=chat.port)}
    async with httpx.AsyncClient(base_url=origin(chat), headers=headers, trust_env=False) as http:
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
    async with httpx.AsyncClient(base_url=origin(chat), headers=headers, trust_env=False) as http:
        assert (await http.get("/")).status_code == 200
        assert (await http.post("/chat/send", json={"text": "x", "key": "1"})).status_code == 200


@pytest.mark.parametrize("foreign", ["https://evil.example", "null", "http://localhost:{port}", None])
async def test_a_foreign_page_cannot_act(chat: LocalChat, person: Person, foreign: str | None) -> None:
    headers = {} if foreign is None else {"Origin": foreign.format(port=chat.port)}
    async with httpx.AsyncClient(base_url=origin(chat), headers=headers, trust_env=False) as http:
        answers = [
            await http.post("/chat/send", json={"text": "x", "key": "1"}),
            await http.post("/chat/upload", data={"key": "2"}, files={"file": ("a", b"x")}),
            await http.post("/chat/press", json={"message_id": 1, "data": "x", "key": "3"}),
        ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert await person.sees() == []
    with pytest.raises(HTTPClientError, match="403"):
        await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{chat.port}/chat/events", headers=headers))


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
    async with httpx.AsyncClient(trust_env=False) as http:
        for method in ("getMe", "sendMessage", "nothing"):
            await http.post(f"{chat.base_url}{chat.token}/{method}")
        await http.post(
            f"{chat.base_url}{chat.token}/sendMessage", data={"chat_id": "1001", "text": "x", "reply_markup": "[]"}
        )
        await http.get(f"{chat.base_file_url}{chat.token}/x", headers={"Host": "evil.example"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert all(secret not in line for line in ours)
