"""What is done by itself, shop after shop: it rests, a fault at one shop is that shop's, and it ends when told to."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from telegram import Bot

from bot.rounds import Rounds, Unchanged
from bot.shown import stamp
from engine import NotFound, Phrase, Shop, StoreError, pair_owner

BOT = Bot("1:nobody-is-asked-anything")


@dataclass
class Visit:
    shop: str
    began: float
    ended: float


class Visits(Rounds):
    """Notes when it was where; what happens there is the shop's own."""

    what = "a visit"
    seconds = 0.01
    patience = 5.0
    rest = 0.0

    def __init__(self, shops: Callable[[], Sequence[Shop]], there: dict[str, Callable[[], object]]) -> None:
        super().__init__(shops, None)
        self.there = there
        self.visits: list[Visit] = []
        self.broken_off: list[str] = []

    async def look_after(self, shop: Shop, bot: Bot) -> None:
        clock = asyncio.get_running_loop().time
        visit = Visit(shop.name, clock(), 0.0)
        try:
            found = self.there.get(shop.name, lambda: None)()
            if isinstance(found, float):
                await asyncio.sleep(found)
        except asyncio.CancelledError:
            self.broken_off.append(shop.name)
            raise
        visit.ended = clock()
        self.visits.append(visit)

    @property
    def names(self) -> list[str]:
        return [visit.shop for visit in self.visits]


def raises(error: Exception) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


@dataclass
class Street:
    """Shops that are looked up; at first there may be trouble with that."""

    folder: Path
    names: Sequence[str]
    troubles: list[Exception] = field(default_factory=list)

    def __call__(self) -> list[Shop]:
        if self.troubles:
            raise self.troubles.pop(0)
        return [Shop(self.folder / name / "zhike.db") for name in self.names]


@asynccontextmanager
async def going_round(rounds: Visits) -> AsyncIterator[Visits]:
    rounds.start(BOT)
    try:
        yield rounds
    finally:
        await rounds.stop()


async def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.005)


async def test_it_goes_from_shop_to_shop_again_and_again(tmp_path: Path) -> None:
    async with going_round(Visits(Street(tmp_path, "abc"), {})) as rounds:
        await until(lambda: len(rounds.visits) >= 6)
    assert rounds.names[:6] == ["a", "b", "c"] * 2


async def test_it_rests_after_each_of_several_as_long_as_it_took_times_rest(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "abc"), dict.fromkeys("abc", lambda: 0.05))
    rounds.rest = 3.0
    async with going_round(rounds):
        await until(lambda: len(rounds.visits) >= 3)
    first, second, third = rounds.visits[:3]
    for before, after in ((first, second), (second, third)):
        assert after.began - before.ended >= 3.0 * 0.05 - 0.02


async def test_where_there_is_one_shop_it_need_not_rest(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "a"), {"a": lambda: 0.02})
    rounds.rest = 1e6
    async with going_round(rounds):
        await until(lambda: len(rounds.visits) >= 3)
    assert set(rounds.names) == {"a"}


async def test_the_first_round_comes_when_it_is_to(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "a"), {})
    rounds.first_after, rounds.seconds = 0.01, 3600.0
    async with going_round(rounds):
        await until(lambda: bool(rounds.visits))
        await asyncio.sleep(0.05)
    assert rounds.names == ["a"]


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("ours"), NotFound(Phrase("gone")), StoreError(Phrase("damaged"))], ids=repr
)
async def test_a_fault_at_one_shop_ends_it_for_no_other(
    tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with going_round(Visits(Street(tmp_path, "abc"), {"b": raises(error)})) as rounds:
        await until(lambda: len(rounds.visits) >= 4)
    assert rounds.names[:4] == ["a", "c", "a", "c"]
    assert "a visit could not be" in caplog.text


@pytest.mark.parametrize("error", [StoreError(Phrase("the disk is full")), OSError("the folder is gone")], ids=repr)
async def test_shops_that_cannot_be_looked_up_are_looked_up_again(
    tmp_path: Path, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    async with going_round(Visits(Street(tmp_path, "a", [error, error]), {})) as rounds:
        await until(lambda: len(rounds.visits) >= 2)
    assert caplog.text.count("the shops could not be looked up") == 2


async def test_told_to_end_it_first_does_what_does_not_take_long(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "ab"), {"a": lambda: 0.1})
    rounds.start(BOT)
    await asyncio.sleep(0.06)
    await rounds.stop()
    assert rounds.names == ["a"]  # and goes on to none
    assert rounds.broken_off == []


async def test_what_takes_long_is_broken_off_when_patience_is_over(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "ab"), {"a": lambda: 60.0})
    rounds.patience = 0.1
    rounds.start(BOT)
    await asyncio.sleep(0.06)
    began = time.monotonic()
    await rounds.stop()
    assert time.monotonic() - began < 5.0
    assert rounds.broken_off == ["a"]
    assert rounds.visits == []


async def test_it_ends_while_it_rests_or_waits_for_the_next_round(tmp_path: Path) -> None:
    for rest, seconds, first in ((1e6, 0.01, None), (0.0, 1e6, 0.01), (0.0, 1e6, None)):
        rounds = Visits(Street(tmp_path, "ab"), {"a": lambda: 0.02})
        rounds.rest, rounds.seconds, rounds.first_after = rest, seconds, first
        rounds.start(BOT)
        await asyncio.sleep(0.1)
        began = time.monotonic()
        await rounds.stop()
        assert time.monotonic() - began < 3.0
        assert rounds._task is not None
        assert rounds._task.done()


async def test_what_was_never_begun_can_end(tmp_path: Path) -> None:
    rounds = Visits(Street(tmp_path, "a"), {})
    await rounds.stop()
    assert rounds._task is None
    assert rounds.visits == []


async def test_what_has_not_changed_needs_no_look_for_a_while(shop: Shop) -> None:
    pair_owner(shop, 1, 1)
    unchanged = Unchanged(0.2)
    assert not unchanged.since(shop)
    unchanged.note(shop, stamp(shop))  # just written: it cannot be told
    assert not unchanged.since(shop)
    rested(shop, 5)
    unchanged.note(shop, stamp(shop))
    assert unchanged.since(shop)
    assert not unchanged.since(replace(shop, path=shop.path.with_name("other.db")))
    rested(shop, 4)
    assert not unchanged.since(shop)
    unchanged.note(shop, stamp(shop))
    assert unchanged.since(shop)
    await asyncio.sleep(0.25)
    assert not unchanged.since(shop)


async def test_what_changes_while_it_is_looked_at_is_looked_at_again(shop: Shop) -> None:
    pair_owner(shop, 1, 1)
    unchanged = Unchanged(3600.0)
    rested(shop, 5)
    before = stamp(shop)
    rested(shop, 4)
    unchanged.note(shop, before)
    assert not unchanged.since(shop)


def rested(shop: Shop, seconds: float) -> None:
    then = time.time_ns() - int(seconds * 1e9)
    for path in shop.path.parent.glob(f"{shop.path.name}*"):
        os.utime(path, ns=(then, then))
