"""Which encoding a file of text is in. Nothing is guessed that the bytes themselves do not show."""

from __future__ import annotations

import re

from engine.errors import FileRefused
from engine.phrases import Phrase

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LOOK = 1 << 16


def as_utf8(data: bytes, name: str) -> tuple[bytes, tuple[Phrase, ...]]:
    """The same text in UTF-8 without a byte order mark, and what the user should know about it.

    Strict UTF-8 is tried first, then GB18030; UTF-16 is known by its mark. Raises FileRefused if it is no text.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16").encode(), ()
        except UnicodeDecodeError as error:
            raise not_a_table(name) from error
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data or _CONTROL.search(data[:_LOOK]):
        raise not_a_table(name)
    try:
        data.decode()
    except UnicodeDecodeError:
        return _from_elsewhere(data, name)
    return data, ()


def _from_elsewhere(data: bytes, name: str) -> tuple[bytes, tuple[Phrase, ...]]:
    if _in_pairs(data):
        try:
            return data.decode("gb18030").encode(), ()
        except UnicodeDecodeError:
            pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise FileRefused(
            Phrase(
                "The text of {name} is neither in UTF-8 nor in GB18030; save it as CSV UTF-8 and send it again.",
                name=name,
            )
        ) from error
    note = Phrase(
        "The text was read as Western European (Windows-1252); if names look wrong, save the file as CSV UTF-8."
    )
    return text.encode(), (note,)


def _in_pairs(data: bytes) -> bool:
    """Whether bytes above 127 mostly come in even numbers, as in Chinese, and not one by one, as in café."""
    runs = [len(run) for run in _HIGH.findall(data[: _LOOK * 16])]
    return 2 * sum(length % 2 == 0 for length in runs) >= len(runs)


def not_a_table(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} is not a table that Zhike can read; send an export as CSV, XLSX or Parquet.", name=name)
    )


def empty(name: str) -> FileRefused:
    return FileRefused(Phrase("{name} is empty.", name=name))
