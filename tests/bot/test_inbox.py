"""What is said to the bot on its way into the store."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Update

from bot.inbox import DurableQueue
from engine import Inbox, Shop, waiting_updates

BOT = Bot("1:nobody-is-asked-anything")


def update(number: int, text: str = "/help") -> Update:
    who: dict[str, Any] = {"id": 1, "is_bot": False, "first_name": "Mia"}
    message = {"message_id": number, "date": 1, "chat": {"id": 1, "type": "private"}, "from": who, "text": text}
    return Update.de_json({"update_id": number, "message": message}, BOT)


def queue(shop: Shop, faults: list[Exception]) -> DurableQueue:
    """A queue whose door lets everybody in; at first these faults happen there."""

    async def admits(update: Update) -> bool:
        if faults:
            raise faults.pop(0)
        return True

    return DurableQueue(Inbox(shop), admits, lambda update: None)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.inbox.SECONDS_BETWEEN_TRIES", 0.01)


async def test_what_is_wrong_with_one_update_stops_no_other(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    made = queue(shop, [KeyError("ours")] * 3)
    try:
        await made.put(update(1))
        assert made.empty()
        await made.put(update(2))
        assert made.qsize() == 1
    finally:
        made.inbox.close()
    assert [waiting.update_id for waiting in waiting_updates(shop)] == [2]
    assert "update 1 is left out" in caplog.text


async def test_a_fault_that_passes_loses_no_update(shop: Shop) -> None:
    made = queue(shop, [OSError("too many open files")])
    try:
        for _ in range(2):
            await made.put(update(1))
    finally:
        made.inbox.close()
    assert made.qsize() == 1  # the second is the same update again
    assert [waiting.update_id for waiting in waiting_updates(shop)] == [1]
