"""Processes that die by SIGKILL at a random moment of what they do."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.random import Generator

from engine import Shop

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.torture.effects"])

Act = Callable[[Shop], object]


def _act(act: Act, shop: Shop, begun: Any) -> None:
    begun.set()
    act(shop)


def begin(act: Act, shop: Shop) -> Any:
    """A process that has begun to act."""
    begun = CONTEXT.Event()
    child = CONTEXT.Process(target=_act, args=(act, shop, begun))
    child.start()
    assert begun.wait(120)
    return child


def seconds_of(act: Act, shop: Shop) -> float:
    """How long it takes here, so that the kills fall into it."""
    child = begin(act, shop)
    began = time.perf_counter()
    child.join()
    assert child.exitcode == 0
    return time.perf_counter() - began


def killed(act: Act, shop: Shop, kill: int, seconds: float, rng: Generator) -> None:
    """The first one dies after the deed, however slow the machine is; the second as soon as it is there."""
    child = begin(act, shop)
    if kill == 0:
        child.join()
    elif kill > 1:
        time.sleep(rng.uniform(0, 1.1 * seconds))
    child.kill()
    child.join()


def copied(original: Shop, folder: Path) -> Shop:
    """The same shop, with all that lies beside it, in another folder."""
    shutil.copytree(original.path.parent, folder)
    return replace(original, path=folder / original.path.name)
