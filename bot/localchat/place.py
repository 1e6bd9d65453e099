"""Where a database's chat is kept: in a folder of its own beside it, not shared with another shop's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.localchat.history import History
from bot.localchat.uploads import put_out, take_in
from engine import Key

HISTORY = "localchat.db"
FILES = "localchat-files"
# in this order: a move that is cut short goes on where it stopped
_MOVED = (FILES, f"{HISTORY}-wal", f"{HISTORY}-shm", HISTORY)


def folder_for(database: Path) -> Path:
    """`data/zhike.db-chat` for `data/zhike.db`."""
    return database.with_name(f"{database.name}-chat")


def move_in(database: Path) -> None:
    """Take over the chat of earlier versions, which was one for all databases of a folder.

    It is the default database's, or where there is none, that of the first one to ask.
    """
    old, new = database.parent, folder_for(database)
    is_heir = database.name == "zhike.db" or not (old / "zhike.db").exists()
    if not is_heir or not (old / HISTORY).is_file() or (new / HISTORY).exists():
        return
    new.mkdir(mode=0o700, exist_ok=True)
    for name in _MOVED:
        if (old / name).exists():
            (old / name).rename(new / name)


def all_encrypted(database: Path, key: Key) -> None:
    """The chat of a database, whose history is encrypted by now, keeps its files in there."""
    _with_history(database, key, take_in)


def all_plain(database: Path, key: Key) -> None:
    """The chat of a database, whose history is still encrypted, keeps its files beside it."""
    _with_history(database, key, put_out)


def _with_history(database: Path, key: Key, move: Callable[[Path, History], None]) -> None:
    folder = folder_for(database)
    if not (folder / HISTORY).is_file():
        return
    history = History(folder / HISTORY, key)
    try:
        if history.holds_files:
            move(folder / FILES, history)
    finally:
        history.close()
