"""A chain of hashes over rows: each row's hash covers the row and the hash before it, so that no change goes unseen.

Who can rewrite the whole file can rewrite the chain; what it shows is a change that somebody made to single rows.

Source: Haber & Stornetta (1991), "How to Time-Stamp a Digital Document", section 5.1 (linking).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

START = ""  # stands before the first row

Fields = Sequence[str | None]


@dataclass(frozen=True)
class End:
    """How many rows were written, and the hash of the last."""

    n: int = 0
    hash: str = START


def link(before: str, fields: Fields) -> str:
    """The hash of a row that follows the one with the hash `before`: SHA-256, in hexadecimal."""
    whole = json.dumps([before, *fields], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def linked(rows: Iterable[Fields], end: End | None = None) -> list[str]:
    """The hashes of rows that follow `end`."""
    before = (end or End()).hash
    return [before := link(before, fields) for fields in rows]


@dataclass(frozen=True)
class Broken:
    """Rows that do not follow from the one before them, by id; and how many are there of how many written.

    `end_differs`: as many as were written, but the last is another one.
    """

    rows: tuple[int, ...]
    n_there: int
    n_written: int
    end_differs: bool

    @property
    def is_whole(self) -> bool:
        return not self.rows and self.n_there == self.n_written and not self.end_differs


def examined(rows: Iterable[tuple[int, Fields, str]], end: End) -> Broken:
    """What does not fit in rows of (id, fields, hash), by id, of which `end` says how they should end."""
    broken, before, n = [], START, 0
    for id_, fields, stored in rows:
        if link(before, fields) != stored:
            broken.append(id_)
        before, n = stored, n + 1
    return Broken(tuple(broken), n, end.n, n == end.n and before != end.hash)
