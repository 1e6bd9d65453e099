"""Taking somebody out of the local chat: messages that name them, files that do, and what deleting leaves behind."""

from __future__ import annotations

from pathlib import Path

from bot.localchat.history import History, StoredFile
from bot.localchat.place import FILES, HISTORY
from bot.localchat.refusals import Json
from bot.localchat.uploads import Files
from engine import Key, Traces, file_names

PATIENCE = 20.0  # seconds that somebody else may go on reading
TO_WIPE = "to_wipe"
_KEPT = ("message_id", "from", "chat", "date")  # of a message that named somebody


def forget_in(folder: Path, traces: Traces, instead: str, key: Key | None = None) -> bool:
    """Put `instead` in place of each message in the chat of `folder` that names somebody, and remove their files.

    Whether nothing is left in the file of the chat either. Files that cannot be looked into go, too.
    """
    if not (folder / HISTORY).is_file():
        return True
    history = History(folder / HISTORY, key)
    try:
        files = Files(folder / FILES, history)
        gone = {file.id for file in history.files() if _names(files, file, traces)}
        with history.transaction():
            for message in history.all_messages():
                if traces.without(message) != message or _file_of(message) in gone:
                    history.replace_message(_without(message, instead))
            for number, body in history.all_updates():
                if (kept := traces.without(body)) != body:
                    history.replace_update(number, kept)
            for file in history.files():
                if file.id in gone:
                    files.remove(file)
                    history.remove_file(file.id)
            history.set(TO_WIPE, True)
        return _wiped(history)
    finally:
        history.close()


def finish_forgetting_in(folder: Path, key: Key | None = None) -> bool:
    """Wipe what an earlier `forget_in` has left; whether nothing is left."""
    if not (folder / HISTORY).is_file():
        return True
    history = History(folder / HISTORY, key)
    try:
        return not history.setting(TO_WIPE) or _wiped(history)
    finally:
        history.close()


def _wiped(history: History) -> bool:
    if not history.wipe(PATIENCE):
        return False
    history.set(TO_WIPE, False)
    return True


def _names(files: Files, file: StoredFile, traces: Traces) -> bool:
    if traces.found_in(file.name):
        return True
    with files.readable(file) as path:
        return path.is_file() and file_names(path, traces)


def _file_of(message: Json) -> str | None:
    document = message.get("document") or {}
    file_id = document.get("file_id")
    return None if file_id is None else str(file_id)


def _without(message: Json, instead: str) -> Json:
    return {**{key: message[key] for key in _KEPT if key in message}, "text": instead}
