"""Whether a file names somebody: texts in any encoding that shops meet, tables of spreadsheets, archives of these."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from typing import Final

from engine.privacy.traces import Traces

_ENCODINGS: Final = ("utf-8", "gb18030", "big5", "shift_jis", "cp1252")
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
_MOST: Final = 300_000_000  # bytes that are unpacked of one file
_DEEPEST: Final = 3


def named_in(content: bytes, traces: Traces, *, depth: int = 0) -> bool | None:
    """Whether the content names one of the people; None where it cannot be looked into. Pictures name nobody."""
    if not content or content.startswith(_PICTURES):
        return False
    if depth > _DEEPEST:
        return None
    if content.startswith(b"PK\x03\x04"):
        return _in_archive(content, traces, depth)
    if content.startswith(b"\x1f\x8b"):
        return _in_gzip(content, traces, depth)
    mark = next((mark for mark in _MARKS if content.startswith(mark)), None)
    if mark is not None:
        return traces.found_in(content.decode(_MARKS[mark], "replace"))
    if b"\0" in content[:4096]:
        # a format of its own, in which texts may be written in any way
        return True if _as_bytes(content, traces) else None
    try:
        return traces.in_lines(content.decode("utf-8"))
    except UnicodeDecodeError:
        return any(traces.in_lines(content.decode(encoding, "replace")) for encoding in _ENCODINGS)


def csv_without(content: bytes, traces: Traces) -> bytes | None:
    """The CSV in UTF-8 without the rows that name one of the people; None if no row does, or it is none."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return None
    kept = [row for row in rows if not traces.in_row(row)]
    if len(kept) == len(rows):
        return None
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(kept)
    return (codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b"") + out.getvalue().encode()


def _as_bytes(content: bytes, traces: Traces) -> bool:
    return any(
        len(value) > 3 and value.encode(encoding, "ignore") in content
        for value in traces.values
        for encoding in (*_ENCODINGS, "utf-16-le", "utf-16-be")
    )


def _in_archive(content: bytes, traces: Traces, depth: int) -> bool | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST:
                return None
            found = [
                traces.found_in(member.filename) or named_in(archive.read(member), traces, depth=depth + 1)
                for member in archive.infolist()
            ]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, zlib.error, EOFError):
        return None
    return True if any(found) else None if None in found else False


def _in_gzip(content: bytes, traces: Traces, depth: int) -> bool | None:
    try:
        with gzip.open(io.BytesIO(content)) as file:
            unpacked = file.read(_MOST + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return None if len(unpacked) > _MOST else named_in(unpacked, traces, depth=depth + 1)
