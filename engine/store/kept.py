"""Connections that a program which runs for long keeps from one piece of work to the next.

To open a store costs as much as what a short answer does with it: its settings, its tables' definitions, the check that
it is up to date. A connection is kept only by whoever asked for that (`keep_connections`), and used by one thread at a
time. One whose file is another by now, or that was left in an unusual state, is closed.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from engine.store.keys import Key


@dataclass(frozen=True)
class File:
    """A file as it was when it was connected to: another one in its place has another number."""

    path: str
    key: Key | None
    device: int
    number: int

    @classmethod
    def at(cls, path: Path, key: Key | None) -> File | None:
        """None where there is none."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(str(path), key, status.st_dev, status.st_ino)


_most = 0
_idle: OrderedDict[int, tuple[File, sqlite3.Connection]] = OrderedDict()  # by `id`, the one unused longest first
_spoiled: set[int] = set()
_lock = threading.Lock()


def keep_connections(most: int) -> None:
    """Keep so many connections that nobody uses; 0 closes them all, and those in use when they are given back."""
    global _most
    with _lock:
        _most = most
        closing = _surplus()
    _close(closing)


def keeps() -> bool:
    return _most > 0


def taken(file: File) -> sqlite3.Connection | None:
    """A kept connection to this file, for one user alone; None if there is none."""
    found, stale = None, []
    with _lock:
        # the one used last has the most of the file in memory
        for number in reversed([number for number, (kept, _) in _idle.items() if kept.path == file.path]):
            if _idle[number][0] != file:
                stale.append(_idle.pop(number)[1])
            elif found is None:
                found = _idle.pop(number)[1]
    _close(stale)
    return found


def given_back(file: File | None, connection: sqlite3.Connection) -> None:
    """Keep the connection for the next piece of work, if it is as it was when it was opened; else close it.

    `file`: what was there before it was opened. Whatever took its place meanwhile, it may not be connected to that.
    """
    is_there = file is not None and file == File.at(Path(file.path), file.key)
    with _lock:
        spoiled = id(connection) in _spoiled
        _spoiled.discard(id(connection))
        if file is None or not is_there or spoiled or not _most or connection.in_transaction:
            closing = [connection]
        else:
            connection.row_factory = None
            _idle[id(connection)] = file, connection
            closing = _surplus()
    _close(closing)


def spoil(connection: sqlite3.Connection) -> None:
    """Whoever changes a setting of a connection says so: it is closed after this piece of work."""
    if _most:
        with _lock:
            _spoiled.add(id(connection))


def closed(connection: sqlite3.Connection) -> None:
    """Close a connection for good, whatever became of it."""
    with _lock:
        _spoiled.discard(id(connection))
    connection.close()


def _surplus() -> list[sqlite3.Connection]:
    return [_idle.popitem(last=False)[1][1] for _ in range(len(_idle) - _most)]


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
