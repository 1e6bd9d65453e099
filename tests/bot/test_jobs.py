"""Long work in a process of its own: it answers, refuses, fails, is cancelled, and dies with the bot."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import Jobs, WorkFailed
from engine import Cancelled, NotAllowed, Phrase, Progress, silent


def double(number: int, progress: Progress) -> int:
    progress(Phrase("Doubling"), 0.5)
    return 2 * number


def refuse(progress: Progress) -> None:
    raise NotAllowed(Phrase("not {what}", what="today"))


def fail(progress: Progress) -> None:
    raise ZeroDivisionError("ours")


def die(progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep_long(mark: Path, progress: Progress) -> None:
    mark.write_text(str(os.getpid()))
    time.sleep(60)


def end_well(mark: Path, progress: Progress) -> None:
    """Finishes what it is at when it is asked to end."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    mark.write_text("begun")
    while not asked:
        time.sleep(0.01)
        progress(Phrase("Working on it"), 0.5)
    time.sleep(0.2)
    mark.write_text("done")


async def run(jobs: Jobs, chat_id: int, on_progress: Progress, work: Callable[..., Any], *args: object) -> Any:
    with jobs.under_way(chat_id):
        return await jobs.run(chat_id, on_progress, work, *args)


async def test_work_answers_and_tells_its_progress() -> None:
    heard: list[tuple[str, float]] = []
    result = await run(Jobs(), 1, lambda doing, share: heard.append((str(doing), share)), double, 21)
    assert result == 42
    assert heard == [("Doubling", 0.5)]


async def test_a_refusal_arrives_as_it_was_said() -> None:
    with pytest.raises(NotAllowed) as told:
        await run(Jobs(), 1, silent, refuse)
    assert told.value.phrase == Phrase("not {what}", what="today")


@pytest.mark.parametrize("work", [fail, die])
async def test_a_fault_of_ours_is_told_apart(work: Callable[..., None]) -> None:
    with pytest.raises(WorkFailed):
        await run(Jobs(), 1, silent, work)


async def test_work_can_be_cancelled_before_its_process_is_there() -> None:
    jobs = Jobs()
    with jobs.under_way(7):
        assert jobs.cancel(7)
        with pytest.raises(Cancelled, match="Nothing was changed"):
            await jobs.run(7, silent, double, 21)
    assert await run(jobs, 7, silent, double, 21) == 42


async def test_cancelled_work_may_finish_what_it_is_at(tmp_path: Path) -> None:
    jobs = Jobs()
    mark = tmp_path / "mark"
    with jobs.under_way(7):
        task = asyncio.create_task(jobs.run(7, silent, end_well, mark, grace=30.0))
        while not mark.exists() or not mark.read_text():
            await asyncio.sleep(0.01)
        assert jobs.cancel(7)
        with pytest.raises(Cancelled):
            await task
    assert mark.read_text() == "done"


async def test_cancelled_work_ends_at_once(tmp_path: Path) -> None:
    jobs = Jobs()
    mark = tmp_path / "mark"
    task = asyncio.create_task(run(jobs, 7, silent, sleep_long, mark))
    while not mark.exists() or not mark.read_text():
        await asyncio.sleep(0.02)
    assert not jobs.cancel(8)
    assert jobs.cancel(7)
    with pytest.raises(Cancelled, match="Nothing was changed"):
        await asyncio.wait_for(task, 10)
    assert not alive(int(mark.read_text()))
    assert not jobs.cancel(7)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


SCRIPT = """
import asyncio, sys
from pathlib import Path
from bot.jobs import Jobs
from engine import silent
from tests.bot.test_jobs import sleep_long
if __name__ == "__main__":
    asyncio.run(Jobs().run(1, silent, sleep_long, Path(sys.argv[1])))
"""


def test_work_dies_with_the_bot(tmp_path: Path) -> None:
    mark, script = tmp_path / "mark", tmp_path / "bot_for_test.py"
    script.write_text(SCRIPT)
    root = Path(__file__).parents[2]
    bot = subprocess.Popen([sys.executable, script, mark], env={**os.environ, "PYTHONPATH": str(root)})
    deadline = time.monotonic() + 60
    while (not mark.exists() or not mark.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    bot.kill()
    bot.wait()
    pid = int(mark.read_text())
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(pid)
