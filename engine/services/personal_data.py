"""Use case: a person gets what is kept of them, to read and to take elsewhere (GDPR articles 15 and 20; PIPL 45).

The tables are those by which somebody is forgotten, so that nothing is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.errors import NotAllowed
from engine.phrases import Name, Phrase
from engine.places import write_privately
from engine.privacy.personal_words import COLUMNS, SECTIONS
from engine.services.whom import the_one
from engine.shop import Shop
from engine.store import forgetting, meta, personal_data, trail, transaction
from engine.store.customers import Customer
from engine.store.personal_data import Row

HANDED_OUT = "handed out"
_NOT_TO_READ = ("html", "features")

Say = Callable[[Phrase], str]


@dataclass(frozen=True)
class Section:
    """One table's rows about somebody; `rows` by column."""

    table: str
    title: Phrase
    meaning: Phrase
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PersonalData:
    """All that is kept of `customer`; money is in `currency`."""

    customer: Customer
    at: datetime
    currency: str | None
    sections: tuple[Section, ...]

    @property
    def n_rows(self) -> int:
        return sum(len(section.rows) for section in self.sections)

    @property
    def name(self) -> str:
        """Of the files, without an ending; it does not say who it is."""
        return f"personal-data-{self.customer.id}"


def personal_data_of(shop: Shop, text: str, *, who: str = "owner") -> PersonalData:
    """All that is kept of the customer whom `text` means; the trail says that it was handed out.

    Raises NotFound and NotAllowed where it means nobody or several.
    """
    with shop.open() as db, transaction(db):
        person = the_one(db, text)
        with forgetting.listed(db, [person.id]):
            sections = tuple(
                Section(table, title, meaning, tuple(rows))
                for table, (title, meaning) in SECTIONS.items()
                if (rows := personal_data.rows(db, table))
            )
        if trail.done_before(db, HANDED_OUT, shop.cause) is None:
            trail.add(db, at=shop.now(), who=who, deed=HANDED_OUT, subject=str(person.id), cause=shop.cause)
        return PersonalData(person, shop.now(), meta.read(db, "currency"), sections)


def personal_data_as_json(data: PersonalData, say: Say = str) -> bytes:
    """For programs: the store's own names of tables and columns, and beside them what they are called in words."""
    language = _of_names(say)
    document = {
        "customer": data.customer.key,
        "made_at": data.at.isoformat(),
        "currency": data.currency,
        "sections": [
            {
                "table": section.table,
                "heading": say(section.title),
                "meaning": say(section.meaning),
                "columns": {name: say(COLUMNS[name]) for name in section.rows[0]},
                "rows": [{name: _plain(value, say, language) for name, value in row.items()} for row in section.rows],
            }
            for section in data.sections
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def personal_data_as_text(data: PersonalData, say: Say = str) -> bytes:
    """For people: headings, and under each what is kept; UTF-8 with a mark, so that any editor shows Chinese."""
    return ("\ufeff" + "\r\n".join(_lines(data, say)) + "\r\n").encode()


def write_personal_data(shop: Shop, data: PersonalData, out: Path | str | None = None, say: Say = str) -> list[Path]:
    """Write both files into the folder `out`, or among the shop's own; where they are.

    Raises NotAllowed if they cannot be written.
    """
    folder = shop.files if out is None else Path(out)
    paths = [folder / f"{data.name}.txt", folder / f"{data.name}.json"]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, content in zip(
            paths, (personal_data_as_text(data, say), personal_data_as_json(data, say)), strict=True
        ):
            write_privately(path, content)
    except OSError as error:
        raise NotAllowed(
            Phrase("{path} is no folder that can be written to: name one with --out.", path=str(folder))
        ) from error
    return paths


def _lines(data: PersonalData, say: Say) -> Iterator[str]:
    language = _of_names(say)
    yield say(Phrase("What is kept of {who}", who=data.customer.name or data.customer.key))
    yield say(Phrase("As of {at:%Y-%m-%d %H:%M} UTC", at=data.at.replace(tzinfo=None)))
    if data.currency is not None:
        yield say(Phrase("Money is in {currency}.", currency=data.currency))
    for section in data.sections:
        title = say(section.title)
        yield from ("", title, "=" * (2 * len(title) if not title.isascii() else len(title)), say(section.meaning), "")
        for row in section.rows:
            told = [
                f"{say(COLUMNS[name])}: {_plain(value, say, language)}"
                for name, value in row.items()
                if value not in (None, "") and name not in _NOT_TO_READ
            ]
            yield "- " + "; ".join(told)


def _plain(value: Any, say: Say, language: str) -> Any:
    if isinstance(value, Phrase):
        return say(value)
    return value.in_language(language) if isinstance(value, Name) else value


def _of_names(say: Say) -> str:
    """In which language a name is told to whom `say` speaks."""
    return "en" if say(Phrase("{name}", name=Name("en", "zh"))) == "en" else "zh"
