"""Long work runs in a process of its own: the event loop stays free, and work can be cancelled at any moment.

Cancelling ends the process. That is safe because every change of the store is one transaction.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any, TypeVar

from bot.bounds import Bounds, too_much
from bot.lanes import STOPPED, Lane
from bot.logs import described
from engine import Cancelled, EngineError, Phrase, Progress, counted, silent

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
WARMING = -1  # no chat
NICE_DRAWING, NICE_COMPUTING = 5, 10
LAST_SECONDS = 2.0  # for work to end by itself once the program ends
SECONDS_TO_HEAR = 0.5  # between the signal that ends the work and the one that ends us


class WorkFailed(RuntimeError):
    """Work ended by a fault of ours; its traceback is in the log."""


class Jobs:
    """The long work that is under way, at most one piece per chat, and which of it is to be cancelled."""

    def __init__(self, *, drawing: int = 2, computing: int = 2) -> None:
        """So many pieces of work at a time: those that draw what is stored, and those that compute anew."""
        self._drawing, self._computing = Lane(drawing), Lane(computing)
        self._processes: dict[int, Any] = {}
        self._cancelled: set[int] = set()
        self._closing = False
        self._context = _context()
        # a thread that waits for a process is none that answers
        self._threads = ThreadPoolExecutor(drawing + computing, thread_name_prefix="zhike-job")

    @contextmanager
    def under_way(self, chat_id: int) -> Iterator[None]:
        """From here on this chat's work can be cancelled, before its process is there as well."""
        self._processes[chat_id] = None
        try:
            yield
        finally:
            del self._processes[chat_id]
            self._cancelled.discard(chat_id)

    async def run(
        self,
        chat_id: int,
        on_progress: Progress,
        work: Callable[..., Result],
        *args: Any,
        grace: float = 0.0,
        bounds: Bounds | None = None,
        computes: bool = True,
    ) -> Result:
        """`work(*args, progress)` in a process of its own, once there is a place for it; call it `under_way`.

        Work that is cancelled has `grace` seconds to come to an end by itself; `bounds` are of memory and time.
        `computes`: it computes anew, and does not only draw what is stored.
        Raises what the work raises, Cancelled if it was cancelled, WorkFailed if its process died.
        """
        lane = self._computing if computes else self._drawing
        async with lane.place(chat_id, lambda ahead: on_progress(waiting(ahead), 0.0)):
            nice = NICE_COMPUTING if computes else NICE_DRAWING
            return await self._run(chat_id, on_progress, work, args, grace, bounds, nice)

    async def _run(
        self,
        chat_id: int,
        on_progress: Progress,
        work: Callable[..., Result],
        args: tuple[Any, ...],
        grace: float,
        bounds: Bounds | None,
        nice: int,
    ) -> Result:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, work, args, bounds, nice), daemon=True)  # type: ignore[attr-defined]
        await self._away(process.start)
        theirs.close()
        self._processes[chat_id] = process
        try:
            while True:
                if chat_id in self._cancelled:
                    raise Cancelled(STOPPED)
                kind, value = await self._away(_received, ours)
                if kind == "progress":
                    on_progress(*value)
                elif kind == "result":
                    return value  # type: ignore[no-any-return]
                elif kind == "refused":
                    raise value
                elif kind == "failed":
                    logger.error("work failed:\n%s", value)
                    raise WorkFailed(value.splitlines()[-1])
                elif chat_id not in self._cancelled:
                    await self._or_closing()
                    await self._away(process.join)
                    beyond = None if bounds is None else bounds.refusal(process.exitcode)
                    if beyond is not None:
                        raise beyond
                    raise WorkFailed("the work's process died")
        finally:
            if process.is_alive():
                process.terminate()
                if self._closing:
                    await self._away(process.join, LAST_SECONDS)
                    process.kill()
                elif grace and chat_id in self._cancelled:
                    await self._away(process.join, grace)
            ours.close()
            await self._away(process.join)

    async def _away(self, work: Callable[..., Result], *args: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)

    async def _or_closing(self) -> None:
        """Work that died because the whole program is told to end is cut off, and not failed."""
        await asyncio.sleep(SECONDS_TO_HEAR)
        if self._closing:
            raise asyncio.CancelledError

    def close(self) -> None:
        """The program ends: work that is not done is broken off."""
        self._closing = True

    def cancel(self, chat_id: int) -> bool:
        """End the work of this chat; False if there is none."""
        if chat_id not in self._processes:
            return False
        self._cancelled.add(chat_id)
        for lane in (self._drawing, self._computing):
            lane.withdraw(chat_id)
        process = self._processes[chat_id]
        if process is not None:
            process.terminate()
        return True

    async def warm_up(self, *, after: float = 0.0) -> None:
        """Load what work needs before the first work comes, `after` so many seconds."""
        await asyncio.sleep(after)
        with self.under_way(WARMING):
            await self.run(WARMING, silent, _nothing)


def _context() -> BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bot.preloaded"])
    return context


def waiting(ahead: int) -> Phrase:
    """What is said to whom has to wait; `ahead`: how many wait before."""
    if not ahead:
        return Phrase("Others' work comes first; yours is next")
    return counted(
        "Others' work comes first: {n} waits before yours", "Others' work comes first: {n} wait before yours", n=ahead
    )


def _nothing(progress: Progress) -> None:
    """The work of warming up."""


def _received(connection: Connection) -> tuple[str, Any]:
    try:
        message: tuple[str, Any] = connection.recv()
    except (EOFError, OSError):
        return "gone", None
    return message


def _work(
    connection: Connection, work: Callable[..., Any], args: tuple[Any, ...], bounds: Bounds | None, nice: int
) -> None:
    if hasattr(os, "nice"):
        os.nice(nice)  # whoever asks for something short is answered first
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the console is told to every process; ours ends us
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()

    def progress(doing: Phrase, share: float) -> None:
        connection.send(("progress", (doing, share)))

    try:
        if bounds is not None:
            bounds.set_here()
        connection.send(("result", work(*args, progress)))
    except EngineError as error:
        connection.send(("refused", error))
    except BrokenPipeError:
        os._exit(1)  # the bot is gone, and nobody listens
    except MemoryError as error:
        connection.send(("failed", described(error)) if bounds is None else ("refused", too_much()))
    except Exception as error:  # noqa: BLE001 - whatever it is, the bot has to hear of it
        connection.send(("failed", described(error)))


def _end_with_parent(connection: Connection) -> None:
    # The bot never sends: this returns when its end of the pipe closes, because it is done with us or was killed.
    _received(connection)
    os._exit(1)
