"""The message in which work tells where it is goes away, whatever the network does just then."""

from __future__ import annotations

import asyncio
import json

import pytest
from telegram import Bot
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.commands import Request
from bot.watched import Watched


class Slowly(BaseRequest):
    """Telegram behind a slow line: it acts when it is asked, and answers a tenth of a second later."""

    read_timeout = 5.0

    def __init__(self, *, lost: int = 0) -> None:
        self.there: set[int] = set()
        self.asked: list[str] = []
        self.lost = lost  # deletions that do not arrive

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[1]
        self.asked.append(name)
        result: object = True
        if name == "sendMessage":
            self.there.add(len(self.asked))
            result = {"message_id": len(self.asked), "date": 0, "chat": {"id": 1, "type": "private"}, "text": "…"}
        elif name == "deleteMessage":
            if self.lost:
                self.lost -= 1
                raise NetworkError("the line is down")
            assert request_data is not None
            self.there.remove(int(str(request_data.parameters["message_id"])))
        await asyncio.sleep(0.1)
        return 200, json.dumps({"ok": True, "result": result}).encode()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Watched, "quiet_seconds", 0.01)
    monkeypatch.setattr(Watched, "between_edits", 0.01)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.15, 0.3])
async def test_work_that_ends_while_the_message_is_on_its_way_leaves_none(seconds: float) -> None:
    line = Slowly()
    async with Watched(Bot("1:a", request=line, get_updates_request=line), Request("en", chat_id=1)):
        await asyncio.sleep(seconds)
    assert not line.there


async def test_a_deletion_that_does_not_arrive_is_repeated() -> None:
    line = Slowly(lost=2)
    async with Watched(Bot("1:a", request=line, get_updates_request=line), Request("en", chat_id=1)):
        await asyncio.sleep(0.3)
    assert "sendMessage" in line.asked
    assert not line.there
