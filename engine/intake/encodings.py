"""Which encoding a file of text is in. Nothing is guessed that the bytes themselves do not show."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from engine.errors import FileRefused
from engine.intake.contents import Content, beginning, opened, whole
from engine.phrases import Phrase

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LOOK = 1 << 16
_PART = 1 << 20


@dataclass(frozen=True)
class Text:
    """A file of text in UTF-8, which begins `skip` bytes into its content."""

    content: Content
    skip: int
    n_quotes: int  # quotation marks "
    notes: tuple[Phrase, ...] = ()

    def open(self) -> BinaryIO:
        file = opened(self.content)
        file.seek(self.skip)
        return file

    def beginning(self, n: int) -> str:
        return beginning(self.content, self.skip + n)[self.skip :].decode(errors="ignore")


def as_utf8(content: Content, name: str) -> Text:
    """The same text in UTF-8, and what the user should know about it.

    Strict UTF-8 is tried first, then GB18030; UTF-16 is known by its mark. Raises FileRefused if it is no text.
    A file in UTF-8 stays where it is.
    """
    start = beginning(content, _LOOK)
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        try:
            return _made(whole(content).decode("utf-16"))
        except UnicodeDecodeError as error:
            raise not_a_table(name) from error
    if _CONTROL.search(start):
        raise not_a_table(name)
    skip = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    n_quotes = 0
    with opened(content) as file:
        file.seek(skip)
        try:
            while part := file.read(_PART):
                if b"\0" in part:
                    raise not_a_table(name)
                n_quotes += part.count(b'"')
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _from_elsewhere(whole(content)[skip:], name)
    return Text(content, skip, n_quotes)


def _made(text: str, *notes: Phrase) -> Text:
    return Text(text.encode(), 0, text.count('"'), notes)


def _from_elsewhere(data: bytes, name: str) -> Text:
    if b"\0" in data:
        raise not_a_table(name)
    if _in_pairs(data):
        try:
            return _made(data.decode("gb18030"))
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
    return _made(text, note)


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
