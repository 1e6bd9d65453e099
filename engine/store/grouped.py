"""Many small writes as few transactions: while one is on its way to the disk, the next ones gather.

A commit that waits for the disk takes milliseconds, whatever is in it.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlite_utils import Database

from engine.errors import StoreError

Result = TypeVar("Result")
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class _Asked(Generic[Result]):
    write: Callable[[Database], Result]
    told: Future[Result]


class GroupedWrites:
    """One thread that writes for all others, in the order in which they ask.

    `opened` gives a connection, `transaction` one transaction of it. The thread starts with the first write.
    """

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Database]],
        transaction: Callable[[Database], AbstractContextManager[Database]],
    ) -> None:
        self._opened = opened
        self._transaction = transaction
        self._lock = threading.Lock()
        self._writer: _Writer | None = None
        self._ending: _Writer | None = None

    def ask(self, write: Callable[[Database], Result]) -> Future[Result]:
        """What `write` gives back, once it is on the disk; what it raises, or StoreError, if nothing of it is."""
        told: Future[Result] = Future()
        told.set_running_or_notify_cancel()  # from here on it happens, whether or not somebody waits for it
        with self._lock:
            if self._writer is None:
                self._writer = _Writer(self._opened, self._transaction, after=self._ending)
                self._writer.start()
            self._writer.asked.put(_Asked(write, told))
        return told

    def close(self) -> None:
        """Write what was asked for, and end. What is asked for later begins anew."""
        with self._lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.asked.put(None)
                self._ending = writer
        if writer is not None:
            writer.join()


class _Writer(threading.Thread):
    """Writes what is asked for until None is; begins when the one before it has ended."""

    def __init__(
        self,
        opened: Callable[[], AbstractContextManager[Database]],
        transaction: Callable[[Database], AbstractContextManager[Database]],
        after: threading.Thread | None,
    ) -> None:
        super().__init__(name="zhike-inbox", daemon=True)
        self.asked: queue.SimpleQueue[_Asked[Any] | None] = queue.SimpleQueue()
        self._opened = opened
        self._transaction = transaction
        self._after = after
        self._stack = ExitStack()
        self._db: Database | None = None

    def run(self) -> None:
        if self._after is not None:
            self._after.join()
            self._after = None
        over = False
        while not over:
            batch = [self.asked.get()]
            with contextlib.suppress(queue.Empty):
                while batch[-1] is not None and len(batch) < MOST_AT_ONCE:
                    batch.append(self.asked.get_nowait())
            over = batch[-1] is None
            asked = [one for one in batch if one is not None]
            if asked and not self._written(asked) and len(asked) > 1:
                # one of them may be at fault; the others are not to suffer for it
                for one in asked:
                    if not one.told.done():
                        self._written([one])
        self._let_go()

    def _written(self, asked: list[_Asked[Any]]) -> bool:
        """Whether all of them are on the disk, or what failed has been told."""
        try:
            if self._db is None:
                self._db = self._stack.enter_context(self._opened())
            with self._transaction(self._db) as db:
                results = [one.write(db) for one in asked]
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever asked has to hear of it
            told = self._let_go(error)
            if len(asked) > 1 and not isinstance(told, StoreError):
                return False
            for one in asked:
                one.told.set_exception(told)
            return True
        for one, result in zip(asked, results, strict=True):
            one.told.set_result(result)
        return True

    def _let_go(self, error: Exception | None = None) -> Exception:
        """Close the connection; the error as the store tells it."""
        stack, self._stack, self._db = self._stack, ExitStack(), None
        try:
            stack.__exit__(
                None if error is None else type(error), error, None if error is None else error.__traceback__
            )
        except Exception as told:  # noqa: BLE001 - it is what the store makes of the error
            return told
        return error if error is not None else RuntimeError("closed")
