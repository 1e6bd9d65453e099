"""So many places: first come, first served, and none is lost when somebody no longer wants it."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lanes import Lane
from engine import Cancelled
from tests.hurried import hurried, settled

N_CHATS = 6


@dataclass
class Hall:
    """Chats that come to a lane, and what they hear and meet there."""

    lane: Lane
    inside: list[int] = field(default_factory=list)
    came_in: list[int] = field(default_factory=list)
    heard: dict[int, list[int]] = field(default_factory=dict)
    tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _leave: dict[int, asyncio.Event] = field(default_factory=dict)

    def comes(self, chat: int) -> None:
        self._leave[chat] = asyncio.Event()
        self.tasks[chat] = asyncio.ensure_future(self._stay(chat))

    def leaves(self, chat: int) -> None:
        self._leave[chat].set()

    async def _stay(self, chat: int) -> None:
        async with self.lane.place(chat, self.heard.setdefault(chat, []).append):
            self.inside.append(chat)
            self.came_in.append(chat)
            try:
                await self._leave[chat].wait()
            finally:
                self.inside.remove(chat)

    async def close(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def hall(places: int, n: int) -> Hall:
    """So many chats that have come, one after the other."""
    made = Hall(Lane(places))
    for chat in range(n):
        made.comes(chat)
        await settled()
    return made


def test_so_many_are_inside_and_the_others_hear_how_many_wait_before_them() -> None:
    async def play() -> None:
        made = await hall(2, 5)
        assert made.inside == [0, 1]
        assert made.heard == {0: [], 1: [], 2: [0], 3: [1], 4: [2]}
        made.leaves(1)
        await asyncio.sleep(1.5)  # news come every second
        assert made.inside == [0, 2]
        assert [made.heard[chat][-1] for chat in (3, 4)] == [0, 1]
        await made.close()

    hurried(play())


def test_first_come_first_served() -> None:
    async def play() -> None:
        made = await hall(1, 5)
        for chat in range(5):
            assert made.inside == [chat]
            made.leaves(chat)
            await settled()
        assert made.came_in == [0, 1, 2, 3, 4]
        made.comes(7)
        await settled()
        assert made.inside == [7]  # a place that nobody waited for is there for the next
        await made.close()

    hurried(play())


def test_who_is_withdrawn_waits_no_more_and_the_next_moves_up() -> None:
    async def play() -> None:
        made = await hall(1, 3)
        made.lane.withdraw(1)
        with pytest.raises(Cancelled, match="Nothing was changed"):
            await made.tasks[1]
        made.lane.withdraw(0)  # who is inside is not thrown out
        made.lane.withdraw(99)
        await settled()
        assert made.inside == [0]
        made.leaves(0)
        await settled()
        assert made.inside == [2]
        await made.close()

    hurried(play())


def test_a_turn_that_comes_just_as_its_task_is_cancelled_goes_to_the_next() -> None:
    async def play() -> None:
        made = await hall(1, 3)
        made.leaves(0)
        while not made.tasks[0].done():
            await asyncio.sleep(0)
        # chat 1 has its turn by now, and has not noticed
        made.tasks[1].cancel()
        await settled()
        assert made.tasks[1].cancelled()
        assert made.came_in == [0, 2]
        made.leaves(2)
        await settled()
        made.comes(3)
        await settled()
        assert made.inside == [3]
        await made.close()

    hurried(play())


def test_work_that_fails_gives_its_place_back() -> None:
    async def play() -> None:
        lane = Lane(1)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with lane.place(1, lambda ahead: None):
                    raise ZeroDivisionError
        async with asyncio.timeout(1), lane.place(2, lambda ahead: None):
            pass

    hurried(play())


Deed = tuple[Literal["comes", "leaves", "cancelled", "withdrawn"], int]
DEEDS = st.tuples(st.sampled_from(["comes", "leaves", "cancelled", "withdrawn"]), st.integers(0, N_CHATS - 1))


@given(places=st.integers(1, 3), turns=st.lists(st.lists(DEEDS, min_size=1, max_size=3), max_size=25))
@settings(max_examples=150)
def test_whatever_happens_the_places_are_taken_in_order_and_none_is_lost(places: int, turns: list[list[Deed]]) -> None:
    """What happens within a turn happens at one moment, before anybody has noticed any of it."""

    async def play() -> None:
        made = Hall(Lane(places))
        inside: list[int] = []
        waiting: deque[int] = deque()
        for turn in turns:
            for deed, chat in turn:
                here = chat in inside or chat in waiting
                if deed == "comes" and not here and (chat not in made.tasks or made.tasks[chat].done()):
                    made.comes(chat)
                    await settled()
                    (inside if len(inside) < places else waiting).append(chat)
                elif deed == "leaves" and chat in inside:
                    made.leaves(chat)
                    inside.remove(chat)
                elif deed == "cancelled" and here:
                    made.tasks[chat].cancel()
                    (inside if chat in inside else waiting).remove(chat)
                elif deed == "withdrawn" and chat in waiting:
                    made.lane.withdraw(chat)
                    waiting.remove(chat)
                while waiting and len(inside) < places:
                    inside.append(waiting.popleft())
            await settled()
            assert sorted(made.inside) == sorted(inside)
            assert len(made.inside) <= places
        await made.close()
        for chat in range(places):
            made.comes(100 + chat)
        await settled()
        assert len(made.inside) == places
        await made.close()

    hurried(play())
