"""Work on a file from the chat has limits of memory and time, and one sentence where it goes beyond them."""

from __future__ import annotations

import sys

import pytest

from bot.bounds import Bounds
from bot.jobs import Jobs, WorkFailed
from engine import NotAllowed, Progress, silent

LIMITED = pytest.mark.skipif(sys.platform != "linux", reason="its kernel counts what a process maps")
MB = 2**20


def takes(megabytes: int, progress: Progress) -> int:
    return len(bytearray(megabytes * MB))


def loops(progress: Progress) -> None:
    while True:
        pass


def dies(progress: Progress) -> None:
    import os

    os._exit(3)


@LIMITED
async def test_memory_beyond_the_limit_is_refused_and_below_it_is_there() -> None:
    jobs = Jobs()
    with jobs.under_way(1):
        bounds = Bounds(memory=300 * MB, seconds=60)
        assert await jobs.run(1, silent, takes, 100, bounds=bounds) == 100 * MB
        with pytest.raises(NotAllowed, match="more memory or time"):
            await jobs.run(1, silent, takes, 400, bounds=bounds)
        assert await jobs.run(1, silent, takes, 400) == 400 * MB


@LIMITED
async def test_endless_work_is_ended() -> None:
    jobs = Jobs()
    with jobs.under_way(1), pytest.raises(NotAllowed, match="more memory or time"):
        await jobs.run(1, silent, loops, bounds=Bounds(memory=300 * MB, seconds=1))


async def test_a_process_that_dies_by_itself_is_our_fault() -> None:
    jobs = Jobs()
    with jobs.under_way(1), pytest.raises(WorkFailed):
        await jobs.run(1, silent, dies, bounds=Bounds(memory=300 * MB, seconds=60))
