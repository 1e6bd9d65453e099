"""What SQLite complains of, as sentences: the file, its folder, the disk below it, its key."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import NotFound, StoreError
from engine.phrases import Phrase

# faults of ours, and not of the file
_OURS = ("IntegrityError", "ProgrammingError", "InterfaceError", "NotSupportedError", "DataError")
_LEAST_FREE = 1_000_000  # bytes
_NOT_A_DATABASE = "not a database"


def database_errors() -> tuple[type[Exception], ...]:
    """The classes of error that a store may raise: SQLite's, SQLCipher's, and pandas' that wraps either."""
    found: list[type[Exception]] = [sqlite3.DatabaseError]
    for module in ("sqlcipher3.dbapi2", "pandas.errors"):
        if module in sys.modules:
            found.append(sys.modules[module].DatabaseError)
    return tuple(found)


def is_no_database(error: Exception) -> bool:
    """Whether the file is not of SQLite's, or its key is another."""
    return _NOT_A_DATABASE in str(error)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns complaints about the file at `path` into sentences; a fault of ours stays what it is.

    Raises NotFound for a number beyond all that are kept.
    """
    try:
        yield
    except OverflowError as error:
        if "to SQLite" not in str(error):
            raise
        raise NotFound(Phrase("There is nothing here with a number as large as that.")) from error
    except database_errors() as error:
        phrase = _sentence(error, path)
        if phrase is None:
            raise
        raise StoreError(phrase) from error


@contextmanager
def file_told(path: Path) -> Iterator[None]:
    """Turns the system's complaints about writing the file at `path` into sentences."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise StoreError(_of_the_disk(path, full=True) if full else cannot_write(path)) from error


def _sentence(error: Exception, path: Path) -> Phrase | None:
    cause = error.__cause__
    # pandas tells the statement and puts the complaint itself behind it
    first = cause if type(error).__module__.startswith("pandas") and isinstance(cause, Exception) else error
    kinds, text = {base.__name__ for base in type(first).__mro__}, str(first)
    if kinds & set(_OURS):
        return None
    if "disk I/O" in text or "database or disk is full" in text:
        return _of_the_disk(path, full="full" in text)
    if "locked" in text:
        return busy(path)
    if "readonly" in text or "unable to open" in text:
        return cannot_write(path)
    if "OperationalError" in kinds:
        return None
    return damaged(path)


def _of_the_disk(path: Path, *, full: bool) -> Phrase:
    if full or _is_full(path):
        return Phrase("The disk is full: nothing was changed. Free some space and try again.")
    return Phrase(
        "The disk does not take or give what {path} needs: it is full, broken or out of reach. Nothing was changed; "
        "look after it and try again.",
        path=str(path),
    )


def _is_full(path: Path) -> bool:
    """SQLite says of some files only that they cannot be written."""
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_FREE
    except OSError:
        return False


def busy(path: Path) -> Phrase:
    return Phrase("The database {path} is busy with another program; try again in a moment.", path=str(path))


def cannot_write(path: Path) -> Phrase:
    return Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))


def damaged(path: Path) -> Phrase:
    return Phrase(
        "{path} is damaged or no database of Zhike's: choose another with --db, or restore a backup: "
        "zhike restore FILE",
        path=str(path),
    )


def emptied(path: Path) -> Phrase:
    return Phrase(
        "{path} is empty, though it was in use before: something has cut it off. Restore a backup: zhike restore FILE",
        path=str(path),
    )


def no_key(path: Path) -> Phrase:
    return Phrase(
        "{path} is encrypted: say where its key is with ZHIKE_KEY_FILE (or the key itself with ZHIKE_KEY).",
        path=str(path),
    )


def wrong_key(path: Path) -> Phrase:
    return Phrase(
        "The key does not open {path}: it is another one, or the file is damaged. Without its key nothing in it can be "
        "read.",
        path=str(path),
    )


def no_cipher() -> Phrase:
    return Phrase("Encryption needs one more part: pip install 'zhike[encrypted]'")
