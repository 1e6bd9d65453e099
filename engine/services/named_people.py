"""Whom the texts of a list or a file name: customers by key, e-mail, phone or name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from engine.errors import FileRefused
from engine.intake import reading, words
from engine.intake.tables import Column
from engine.phrases import Phrase

LARGEST_LIST = 20_000_000  # bytes
_BETWEEN = re.compile(r"[,;，；、\n\t]+")


@dataclass(frozen=True)
class LookedUp:
    """Who is known of the texts that were given, each once; those that mean nobody, and those that mean several."""

    members: Sequence[int]
    unknown: Sequence[str]
    several: Sequence[str]


def parts_of(text: str) -> list[str]:
    """What stands between the commas, semicolons and line ends of a list."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def columns_of(path: Path, name: str) -> list[list[str]]:
    """The texts of each column of a file, its header included. Raises FileRefused if it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_LIST:
            raise FileRefused(Phrase("{name} is larger than 20 MB: send only the column that names people.", name=name))
        data = path.read_bytes()
    except OSError as error:
        raise FileRefused(Phrase("There is no file {name} that can be read.", name=name)) from error
    return _columns(data, name)


def looked_up_in(names: pd.DataFrame, columns: Iterable[Sequence[str]]) -> LookedUp:
    """Whom the column names in which most are known; its header is nobody. `names` as of `every_name`."""
    found, header = max(
        ((looked_up(names, column), column[0]) for column in columns), key=lambda one: len(one[0].members)
    )
    return replace(found, unknown=[text for text in found.unknown if text != header.strip()])


def _columns(data: bytes, name: str) -> list[list[str]]:
    """The texts of each column, its header included."""
    try:
        table = next(iter(reading.read(data, name)))
    except FileRefused:
        lines = data.decode("utf-8-sig", "ignore").split("\n")
        texts = [line.strip().strip('"') for line in lines if line.strip()]
        if not texts or "\x00" in texts[0]:
            raise
        return [texts]
    return [[column.header, *_texts(column)] for column in table.columns]


def _texts(column: Column) -> list[str]:
    present = pd.unique(column.codes[column.codes >= 0])
    return column.texts_at(present)


def looked_up(names: pd.DataFrame, texts: Iterable[str]) -> LookedUp:
    """A key goes before an e-mail or phone, and that before a name."""
    ways = {text: _spellings(text) for text in dict.fromkeys(text.strip() for text in texts) if text}
    wanted = {way for spelled in ways.values() for way in spelled}
    rows = names[names["text"].isin(wanted)].sort_values("rank", kind="stable")
    first = rows.groupby("text", sort=False)["rank"].transform("min")
    best = rows[rows["rank"] == first].drop_duplicates(["text", "customer"])
    known: dict[str, list[int]] = {}
    for text, customer in zip(best["text"].tolist(), best["customer"].tolist(), strict=True):
        known.setdefault(text, []).append(customer)
    members: dict[int, None] = {}
    unknown: list[str] = []
    several: list[str] = []
    for text, spelled in ways.items():
        found = next((known[way] for way in spelled if way in known), [])
        if len(found) == 1:
            members[found[0]] = None
        else:
            (several if found else unknown).append(text)
    return LookedUp(list(members), unknown, several)


def _spellings(text: str) -> tuple[str, ...]:
    """As the store may know it."""
    ways = (text, words.customer(text), words.email(text), words.phone(text))
    return tuple(dict.fromkeys(way.lower() for way in ways if way))
