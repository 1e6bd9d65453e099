"""Small shops on real files, for tests of keeping them."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import FrameType
from typing import Any

from engine import Key, Shop, import_file
from tests.clock import NOON, At

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.engine.services.kept"])
KEY = Key("one key for all of these tests")
WATCHED = ("copies.py", "restoring.py", "restored.py", "encrypting.py", "backups.py", "connecting.py")


def orders(n: int, *, first: int = 0) -> str:
    """A file of so many orders; each customer has two."""
    rows = [f"O{i},C{i // 2},k{i // 2}@example.com,2026-0{1 + i % 9}-1{i % 9},P{i % 5},1,9.5" for i in range(first, n)]
    return "\n".join(["order id,customer id,email,date,sku,quantity,price", *rows])


@cache
def _original() -> Path:
    shop = Shop(Path(mkdtemp()) / "shop.db", clock=At(NOON))
    add_orders(shop, 40)
    return shop.path


def small_shop(folder: Path, key: Key | None = None) -> Shop:
    """A shop of twenty customers with two orders each, imported at noon of 23 November 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = Shop(folder / "shop.db", clock=At(NOON), key=key)
    if key is None:
        shutil.copy(_original(), shop.path)
    else:
        add_orders(shop, 40)
    return shop


def add_orders(shop: Shop, n: int, *, first: int = 0) -> None:
    file = shop.path.with_name(f"orders-{n}.csv")
    file.write_text(orders(n, first=first))
    import_file(shop, file)
    file.unlink()


def n_orders(shop: Shop) -> int:
    with shop.open() as db:
        return int(db.conn.execute("SELECT count(*) FROM orders").fetchone()[0])


def at(shop: Shop, moment: datetime) -> Shop:
    return replace(shop, clock=At(moment))


def killed_at(step: int, work: Callable[..., Any], *args: Any) -> bool:
    """Whether a process that does `work` was killed at the `step`-th line of the code that keeps files."""
    child = CONTEXT.Process(target=_die_at, args=(step, work, args))
    child.start()
    child.join()
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def _die_at(step: int, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    left = step

    def local(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal left
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return local

    def called(frame: FrameType, event: str, arg: Any) -> Any:
        return local if frame.f_code.co_filename.endswith(WATCHED) else None

    sys.settrace(called)
    work(*args)


@contextmanager
def held_open(shop: Shop) -> Iterator[None]:
    """Another process has the store open."""
    opened, over = CONTEXT.Event(), CONTEXT.Event()
    other = CONTEXT.Process(target=_hold, args=(shop, opened, over))
    other.start()
    try:
        assert opened.wait(60)
        yield
    finally:
        over.set()
        other.join()


def _hold(shop: Shop, opened: Any, over: Any) -> None:
    with shop.open():
        opened.set()
        over.wait(60)
