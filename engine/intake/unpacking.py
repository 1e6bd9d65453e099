"""What is packed, unpacked within bounds: gzip, and the members of a ZIP archive or a workbook.

A small file can unpack to more than memory holds, and say otherwise. So what it says is checked before anything is
unpacked, and what really comes out is counted before it is kept.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import FileRefused
from engine.phrases import Phrase

MOST_UNPACKED = 400 * 2**20
HIGHEST_RATIO = 200
MOST_MEMBERS = 2000
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
_STEP = 1 << 18
_HARMLESS = 16 * 2**20  # bytes that may be packed as tight as they like
_FAULTS = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, struct.error)


def gunzipped(data: bytes, name: str) -> bytes:
    """What a gzip file holds, of one member or several. Raises FileRefused if it is damaged, or too much."""
    size = 0
    for step in _gzip_steps(data, name):
        size += len(step)
        _check(size, len(data), name)
    return b"".join(_gzip_steps(data, name))


def _gzip_steps(data: bytes, name: str) -> Iterator[bytes]:
    left = data
    try:
        while left[:2] == GZIP:
            inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
            while not inflate.eof:
                step = inflate.decompress(left, _STEP)
                left = inflate.unconsumed_tail
                if not step and not left and not inflate.eof:
                    raise _damaged(name)
                yield step
            left = inflate.unused_data
    except zlib.error as error:
        raise _damaged(name) from error


class Archive:
    """A ZIP file whose members can be read without harm. `names` lists them, without folders."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises FileRefused if it is damaged, locked, or would unpack to too much."""
        self._data = data
        self._name = name
        with self._told():
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        self._entries = {entry.filename: entry for entry in entries}
        self.names = tuple(self._entries)
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileRefused(
                Phrase("{name} is locked with a password; save it without one and send it again.", name=name)
            )
        if len(entries) > MOST_MEMBERS:
            raise FileRefused(
                Phrase(
                    "{name} holds {n} files; send the ones with your orders and customers.", name=name, n=len(entries)
                )
            )
        _check(sum(entry.file_size for entry in entries), len(data), name)

    def steps(self, member: str) -> Iterator[bytes]:
        """The member's content, piece by piece. Raises FileRefused where it is longer than it says, or damaged."""
        entry = self._entries[member]
        left = entry.file_size
        with self._told():
            for step in self._inflated(entry):
                left -= len(step)
                if left < 0:
                    raise _damaged(self._name)
                yield step
            if left:
                raise _damaged(self._name)

    def _inflated(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """As other programs unpack it, which stop where the data end and not where the archive says."""
        at = entry.header_offset
        mark, method, n_name, n_extra = struct.unpack("<4s4xH16xHH", self._data[at : at + 30])
        if mark != b"PK\x03\x04" or method != entry.compress_type:
            raise _damaged(self._name)
        start = at + 30 + n_name + n_extra
        packed = memoryview(self._data)[start : start + entry.compress_size]
        if len(packed) < entry.compress_size:
            raise _damaged(self._name)
        if method == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        if method != zipfile.ZIP_DEFLATED:
            raise FileRefused(
                Phrase("{name} is packed in a way that Zhike cannot open; pack it again as plain ZIP.", name=self._name)
            )
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        for begin in range(0, len(packed), _STEP):
            left = bytes(packed[begin : begin + _STEP])
            while left and not inflate.eof:
                yield inflate.decompress(left, _STEP)
                left = inflate.unconsumed_tail
        while not inflate.eof:
            step = inflate.decompress(b"", _STEP)
            if not step:
                raise _damaged(self._name)
            yield step

    def content(self, member: str) -> bytes:
        return b"".join(self.steps(member))

    def shown(self, member: str) -> str:
        """The member's name as the user knows it: Chinese programs write it in GB18030 and do not say so."""
        entry = self._entries[member]
        if entry.flag_bits & 0x800:
            return member
        try:
            return member.encode("cp437").decode("gb18030")
        except UnicodeError:
            return member

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except FileRefused:
            raise
        except _FAULTS as error:
            raise _damaged(self._name) from error


def _check(size: int, packed: int, name: str) -> None:
    if size > MOST_UNPACKED or size > max(HIGHEST_RATIO * packed, _HARMLESS):
        raise FileRefused(
            Phrase(
                "{name} would unpack to {size} MB, which is not safe to open; save it as CSV and send that.",
                name=name,
                size=size // 2**20,
            )
        )


def _damaged(name: str) -> FileRefused:
    kind = re.search(r"\.(xlsx|xlsm|xls|ods)$", name, re.IGNORECASE)
    return damaged_workbook(name) if kind else damaged_archive(name)


def damaged_workbook(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} is a damaged spreadsheet; open it, save it again as XLSX or CSV, and send that.", name=name)
    )


def damaged_archive(name: str) -> FileRefused:
    return FileRefused(Phrase("{name} is damaged; pack it again, or send the file that is in it.", name=name))
