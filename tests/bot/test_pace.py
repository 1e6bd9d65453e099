"""How fast the bot speaks: a chat's own pace, and what Telegram's 429 holds up, and what it does not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot import pace
from bot.pace import GROUP, MARGIN, PRIVATE, Heard, Pace, PoliteLimiter
from tests.hurried import hurried

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@dataclass
class Telegram:
    """Notes at which second it heard of each message; some chats are told to wait, as often as it is written here."""

    limiter: PoliteLimiter = field(default_factory=PoliteLimiter)
    refusals: dict[str, list[float]] = field(default_factory=dict)
    heard: list[tuple[str, float]] = field(default_factory=list)
    asked: int = 0

    async def sends(self, chat: str, method: str = "sendMessage", retries: int | None = None) -> str:
        data: dict[str, Any] = {"chat_id": chat} if chat else {}
        answer = await self.limiter.process_request(self._hear, (chat,), {}, method, data, retries)
        return str(answer)

    async def _hear(self, chat: str) -> str:
        self.asked += 1
        if self.refusals.get(chat):
            raise RetryAfter(timedelta(seconds=self.refusals[chat].pop(0)))
        self.heard.append((chat, round(asyncio.get_running_loop().time(), 6)))
        return "sent"

    async def all_of(self, *chats: str, method: str = "sendMessage") -> dict[str, list[float]]:
        """At which seconds each chat had its messages, if they are all to go at once."""
        await asyncio.gather(*(self.sends(chat, method) for chat in chats))
        return {chat: [at for one, at in self.heard if one == chat] for chat in dict.fromkeys(chats)}


@pytest.mark.parametrize(("chat", "seconds"), [("7", 1), ("-100", 3), ("@tea", 3)])
def test_a_burst_and_then_one_after_the_other(chat: str, seconds: int) -> None:
    heard = hurried(Telegram().all_of(*[chat] * 8))
    assert heard[chat] == [0, 0, 0, 0, 0, seconds, 2 * seconds, 3 * seconds]


def test_a_chat_holds_up_no_other() -> None:
    heard = hurried(Telegram().all_of(*["1"] * 20, "2", "3"))
    assert heard["1"][-1] == 15
    assert heard["2"] == heard["3"] == [0]


def test_what_does_not_show_in_the_chat_does_not_count() -> None:
    async def play() -> dict[str, list[float]]:
        telegram = Telegram()
        await telegram.all_of(*["1"] * 50, method="sendChatAction")
        await telegram.all_of(*[""] * 50, method="answerCallbackQuery")
        return await telegram.all_of(*["1"] * 6)

    assert hurried(play())["1"][50:] == [0, 0, 0, 0, 0, 1]


def test_who_is_told_to_wait_waits_as_long_and_holds_up_no_other() -> None:
    async def play() -> dict[str, list[float]]:
        telegram = Telegram(refusals={"1": [7]})
        first = asyncio.ensure_future(telegram.sends("1"))
        await asyncio.sleep(1)
        heard = await telegram.all_of("1", "2")
        assert await first == "sent"
        return heard

    heard = hurried(play())
    assert heard["1"] == [7 + MARGIN, 7 + MARGIN]
    assert heard["2"] == [1]


def test_told_to_wait_without_a_chat_all_wait() -> None:
    """Such as for the menu of commands, which belongs to no chat."""

    async def play() -> dict[str, list[float]]:
        telegram = Telegram(refusals={"": [4]})
        first = asyncio.ensure_future(telegram.sends("", "setMyCommands"))
        await asyncio.sleep(1)
        heard = await telegram.all_of("1", "2")
        await first
        return heard

    assert hurried(play()) == {"1": [4 + MARGIN], "2": [4 + MARGIN]}


@pytest.mark.parametrize(
    ("refused", "between", "waits"),
    [
        (("1", "2", "3"), 0.5, True),
        (("1", "2"), 0.5, False),
        (("1", "2", "1", "2"), 0.2, False),  # two chats, however often
        (("1", "2", "3"), 1.5, False),  # three, but not within a moment
    ],
)
def test_if_several_chats_are_told_to_wait_within_a_moment_all_do(
    refused: tuple[str, ...], between: float, waits: bool
) -> None:
    async def play() -> float:
        telegram = Telegram(refusals={chat: [60] * refused.count(chat) for chat in refused})
        for chat in refused:
            with pytest.raises(RetryAfter):
                await asyncio.wait_for(telegram.sends(chat, retries=0), 100)
            telegram.limiter._chat(chat).not_before = 0.0  # somebody asks in this chat all the same
            await asyncio.sleep(between)
        began = asyncio.get_running_loop().time()
        await telegram.sends("9")
        return asyncio.get_running_loop().time() - began

    assert (hurried(play()) > 50) is waits


def test_after_so_many_retries_it_is_raised() -> None:
    async def play(retries: int | None) -> tuple[int, float]:
        telegram = Telegram(PoliteLimiter(retries=2), {"1": [5] * 10})
        with pytest.raises(RetryAfter):
            await telegram.sends("1", retries=retries)
        return telegram.asked, round(asyncio.get_running_loop().time(), 6)

    assert hurried(play(None)) == (3, 2 * (5 + MARGIN))
    assert hurried(play(0)) == (1, 0)


def test_another_error_is_no_reason_to_ask_again() -> None:
    asked: list[str] = []

    async def fails() -> None:
        asked.append("once")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hurried(PoliteLimiter().process_request(fails, (), {}, "sendMessage", {"chat_id": 1}, None))
    assert asked == ["once"]


def test_only_chats_that_could_speak_at_once_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_REMEMBERED", 3)
    now = 0.0

    async def play() -> None:
        nonlocal now
        telegram = Telegram(PoliteLimiter(clock=lambda: now), {"told": [100]})
        with pytest.raises(RetryAfter):
            await telegram.sends("told", retries=0)
        for chat in ("a", "b", "c", "d"):
            await telegram.sends(chat)
        # each of them has just spoken, so that a part of its burst is used up
        assert set(telegram.limiter._chats) == {"told", "a", "b", "c", "d"}
        now = 50.0
        for chat in ("e", "f", "g"):
            await telegram.sends(chat)
        assert set(telegram.limiter._chats) == {"told", "e", "f", "g"}
        now = 200.0
        for chat in ("h", "i", "j"):
            await telegram.sends(chat)
        assert set(telegram.limiter._chats) == {"h", "i", "j"}

    hurried(play())


def test_the_pace_by_a_given_clock() -> None:
    chat, every_two = Heard(), Pace(burst=3, seconds=2.0)
    assert [chat.wait(every_two, 10.0) for _ in range(5)] == [0, 0, 0, 2, 4]
    # a second later one more would go at 16; twenty seconds later the burst is there again
    assert chat.wait(every_two, 11.0) == 5
    assert [chat.wait(every_two, 40.0) for _ in range(4)] == [0, 0, 0, 2]


@given(
    st.sampled_from([PRIVATE, GROUP, Pace(1, 2.0)]),
    st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=60),
)
def test_in_no_time_more_go_than_the_pace_allows_and_none_waits_for_nothing(pace: Pace, pauses: list[float]) -> None:
    chat, now, sent = Heard(), 0.0, []
    for pause in pauses:
        now += pause
        sent.append(now + chat.wait(pace, now))
        if sent[-1] > now + 1e-9:
            # it waits because `burst` others went so shortly before it
            assert sent[-1] - sent[-1 - pace.burst] <= pace.burst * pace.seconds + 1e-6
    assert sent == sorted(sent)
    for first in range(len(sent)):
        for last in range(first, len(sent)):
            allowed = pace.burst + (sent[last] - sent[first]) / pace.seconds
            assert last - first + 1 <= allowed + 1e-6
