"""The key of an encrypted database: from a file, the environment or the keyboard; never from an argument."""

from __future__ import annotations

import getpass
import os
import secrets
import stat
import sys
from pathlib import Path

from bot.settings import Settings
from engine import Key, Language, NotAllowed, Phrase, Shop, is_encrypted

LONGEST = 4096  # bytes


def key_of(settings: Settings, shop: Shop, language: Language, *, may_ask: bool) -> Key | None:
    """The key that the owner has named, or types when the database needs one; None if there is none.

    Raises NotAllowed if its file cannot be used.
    """
    if settings.key is not None:
        return Key(settings.key)
    if settings.key_file is not None and settings.key_file.exists():
        return Key(_read(settings.key_file))
    if not is_encrypted(shop):
        return None
    if settings.key_file is not None:
        raise NotAllowed(Phrase("There is no key at {path}: see ZHIKE_KEY_FILE.", path=str(settings.key_file)))
    if may_ask and sys.stdin.isatty() and sys.stderr.isatty():
        words = getpass.getpass(Phrase("Key of {path}: ", path=str(shop.path)).say(language))
        return Key(words) if words else None
    return None


def new_key_file(settings: Settings) -> Key | None:
    """A key by chance in the file that the settings name, which is not there yet; None if they name none.

    Raises NotAllowed if it cannot be written.
    """
    path = settings.key_file
    if path is None:
        return None
    words = secrets.token_urlsafe(32)
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(words + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
        ) from error
    return Key(words)


def _read(path: Path) -> str:
    try:
        if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise NotAllowed(
                Phrase("Other users of this computer can read the key at {path}: chmod 600 it first.", path=str(path))
            )
        with path.open("rb") as file:
            words = file.read(LONGEST + 1)
        text = words.decode().strip("\r\n")
    except (OSError, UnicodeDecodeError):
        text, words = "", b""
    if not text or len(words) > LONGEST:
        raise NotAllowed(Phrase("There is no key in {path}: it has to hold one line of text.", path=str(path)))
    return text
