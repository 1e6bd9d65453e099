"""Reasons in few bytes: the wording of a phrase once, and beside it the facts of each.

A shop of 400,000 customers has millions of reasons in a few dozen wordings.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from hashlib import blake2b
from typing import Any

from sqlite_utils import Database

from engine.phrases import Name, Phrase, counted, from_json, packed, unpacked

# of a wording's id: two programs that store at once give the same wording the same id
_BYTES = 5

# json.dumps would make one for each of millions
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)

_OFTEN = (int, date, Name)
_MOST = 50_000

_Wording = tuple[str, str, tuple[str, ...]]  # message, plural or "", names of the facts


class Wordings:
    """The wordings of some reasons. `save` must come in the transaction that stores these."""

    def __init__(self) -> None:
        self._ids: dict[_Wording, int] = {}
        self._facts: dict[tuple[type, Hashable], str] = {}  # names and days stand in many reasons

    def packed(self, reason: Phrase) -> str:
        wording = (reason.message, reason.plural or "", tuple(reason.facts))
        id_ = self._ids.get(wording)
        if id_ is None:
            id_ = self._ids[wording] = _id(wording)
        return f"[{','.join([str(id_), *map(self._fact, reason.facts.values())])}]"

    def _fact(self, fact: Any) -> str:
        if not isinstance(fact, _OFTEN):
            return _ENCODER.encode(packed(fact))
        key = (type(fact), fact)  # 1 and True are equal
        text = self._facts.get(key)
        if text is None:
            if len(self._facts) >= _MOST:
                self._facts.clear()
            text = self._facts[key] = _ENCODER.encode(packed(fact))
        return text

    def save(self, db: Database) -> None:
        db.conn.executemany(
            "INSERT INTO wordings (id, message, plural, facts) VALUES (?1, ?2, ?3, ?4) "
            "ON CONFLICT (message, plural, facts) DO NOTHING",
            ((id_, message, plural, json.dumps(facts)) for (message, plural, facts), id_ in self._ids.items()),
        )


def reasons(db: Database, texts: Iterable[str]) -> Iterator[Phrase]:
    """Each stored reason as a phrase again."""
    rows = db.conn.execute("SELECT id, message, plural, facts FROM wordings")
    wordings = {id_: (message, plural, json.loads(facts)) for id_, message, plural, facts in rows.fetchall()}
    return (_reason(wordings, text) for text in texts)


def _id(wording: _Wording) -> int:
    return int.from_bytes(blake2b(json.dumps(wording).encode(), digest_size=_BYTES).digest())


def _reason(wordings: dict[int, tuple[str, str, list[str]]], text: str) -> Phrase:
    if not text.startswith("["):
        return from_json(text)
    id_, *values = json.loads(text)
    message, plural, names = wordings[id_]
    facts: dict[str, Any] = dict(zip(names, map(unpacked, values), strict=True))
    return counted(message, plural, **facts) if plural else Phrase(message, **facts)
