"""The demo shop, imported once in a process and copied from then on."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from engine.services.demo import load_demo
from engine.services.segments import find_segments
from engine.shop import Shop
from tests.clock import At


def put_demo(shop: Shop, *, segments: bool = False) -> None:
    """Make an empty `shop` what `load_demo` makes of it at noon of 23 November 2026, with its `segments` found."""
    shutil.copytree(_with_segments() if segments else _loaded(), shop.path.parent, dirs_exist_ok=True)
    assert shop.path.name == "shop.db"


@cache
def _loaded() -> Path:
    shop = _new()
    load_demo(shop)
    return shop.path.parent


@cache
def _with_segments() -> Path:
    shop = _new()
    put_demo(shop)
    find_segments(shop)
    return shop.path.parent


def _new() -> Shop:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Shop(folder / "shop.db", clock=At())
