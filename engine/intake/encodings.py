"""Which encoding a file of text is in. What the bytes themselves do not show is told, with a piece to check it by."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from engine.errors import FileRefused
from engine.intake.contents import Content, beginning, opened, whole
from engine.phrases import Phrase, counted

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_LOOK = 1 << 16
_PART = 1 << 20
_FEW_CONTROLS = 8
_CONTROLS = 1 / 500  # of the bytes, in text that some program has soiled
_MOST_DAMAGED = 1 / 20  # of the characters beyond ASCII, in UTF-8 with a flaw
# a piece of text that shows whether the encoding is right
# without its limits it would look for the end of a long word from each of its letters
_SAMPLE = re.compile(r"[^\W\d_]{0,20}[^\x00-\x7f\W][\w ]{0,20}")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = (b"%PDF-", b"\x89PNG", b"\x1f\x8b", b"GIF8", b"Rar!", b"7z\xbc\xaf")


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

    A mark goes first, then strict UTF-8, then GB18030 or Big5, then Western European. Raises FileRefused if it is no
    text. A file in UTF-8 stays where it is.
    """
    start = beginning(content, _LOOK)
    wide = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None) or _utf16_without_mark(start)
    if wide is not None:
        return _wide(whole(content), wide, name)
    if len(_CONTROL.findall(start)) > max(_FEW_CONTROLS, len(start) * _CONTROLS) or start.startswith(_FOREIGN):
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
                # nothing to check in plain ASCII, unless a character is still open
                if decoder.getstate()[0] or not part.isascii():
                    decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _from_elsewhere(whole(content)[skip:], name)
    return Text(content, skip, n_quotes)


def _made(text: str, *notes: Phrase) -> Text:
    return Text(text.encode(), 0, text.count('"'), notes)


def _wide(data: bytes, encoding: str, name: str) -> Text:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise not_a_table(name) from error
    if "\0" in text:
        raise not_a_table(name)
    return _made(text.removeprefix("\ufeff"))


def _utf16_without_mark(start: bytes) -> str | None:
    """UTF-16 if one byte of each pair is often 0 and the other never, as in text with digits and line ends."""
    if len(start) < 8 or len(start) % 2:
        return None
    zeros = [start[offset::2].count(0) / (len(start) / 2) for offset in (0, 1)]
    if min(zeros) > 0 or max(zeros) < 0.15:
        return None
    return "utf-16-le" if zeros[1] else "utf-16-be"


def _from_elsewhere(data: bytes, name: str) -> Text:
    if b"\0" in data:
        raise not_a_table(name)
    flawed = _flawed_utf8(data)
    if flawed is not None:
        return flawed
    if _in_pairs(data):
        for encoding in ("big5hkscs", "gb18030") if _is_big5(data) else ("gb18030",):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            return _made(text, _read_as_chinese("GB18030" if encoding == "gb18030" else "Big5", text))
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
        "The text was read as Western European (Windows-1252); if “{text}” looks wrong, save the file as CSV UTF-8.",
        text=_sample(text),
    )
    return _made(text, note)


def _flawed_utf8(data: bytes) -> Text | None:
    """UTF-8 in which a few characters are damaged, as a broken download leaves it."""
    text = data.decode(errors="replace")
    n_damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    n_beyond = sum(map(len, _HIGH.findall(data))) / 3
    if n_damaged > _MOST_DAMAGED * n_beyond:
        return None
    note = counted(
        "{n} character of the file is damaged; it shows as {sign}.",
        "{n} characters of the file are damaged; they show as {sign}.",
        n=n_damaged,
        sign="\ufffd",
    )
    return _made(text, note)


def _read_as_chinese(encoding: str, text: str) -> Phrase:
    return Phrase(
        "The text was read as {encoding} (Chinese); if “{text}” looks wrong, save the file as CSV UTF-8.",
        encoding=encoding,
        text=_sample(text),
    )


def _is_big5(data: bytes) -> bool:
    """Whether nearly all pairs are common characters of Big5, and many are none of GB2312.

    Big5's second byte is below 0xA1 for two characters in five, which GB2312's never is; of GBK's rarer characters
    plain text has few.
    """
    pairs = _pairs(data[: _LOOK * 4])
    if len(pairs) < 4:
        return False
    big5 = sum(0xA1 <= lead <= 0xC6 and (0x40 <= trail <= 0x7E or trail >= 0xA1) for lead, trail in pairs)
    gb = sum(0xA1 <= lead <= 0xF7 and trail >= 0xA1 for lead, trail in pairs)
    return big5 >= 0.93 * len(pairs) and gb <= 0.8 * len(pairs)


def _pairs(data: bytes) -> list[tuple[int, int]]:
    """Each lead byte above 127 with the byte after it."""
    found = []
    at = 0
    while at < len(data) - 1:
        if data[at] > 0x80:
            found.append((data[at], data[at + 1]))
            at += 2
        else:
            at += 1
    return found


def _in_pairs(data: bytes) -> bool:
    """Whether bytes above 127 mostly come in even numbers, as in Chinese, and not one by one, as in café."""
    runs = [len(run) for run in _HIGH.findall(data[: _LOOK * 16])]
    return 2 * sum(length % 2 == 0 for length in runs) >= len(runs) or _is_big5(data)


def _sample(text: str) -> str:
    """A cell that says something in letters beyond ASCII, rather one of the rows than of the header."""
    body = text[text.find("\n") + 1 :]
    match = _SAMPLE.search(body) or _SAMPLE.search(text)
    found = match[0] if match else next((sign for sign in text if ord(sign) > 127), "")
    return " ".join(found.split())


def not_a_table(name: str) -> FileRefused:
    return FileRefused(
        Phrase(
            "{name} is not a table that Zhike can read; send an export as CSV, Excel, ODS, Parquet or a ZIP.",
            name=name,
        )
    )


def empty(name: str) -> FileRefused:
    return FileRefused(Phrase("{name} is empty.", name=name))
