"""An event loop on which waiting takes no time: its clock jumps to when something is due."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class _Selector(selectors.DefaultSelector):
    """Finds what is ready at once, and notes how long there would have been nothing."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is not None:
            self.passed += max(timeout, 0.0)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Selector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.passed


def hurried(work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives; it may sleep for hours. Not for work that waits for threads, processes or other machines."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(work)


async def settled() -> None:
    """When everything that could go on has done so."""
    for _ in range(20):
        await asyncio.sleep(0)
