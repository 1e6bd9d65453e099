"""What a file tells of its customers, one row per person."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import answers, dates, identity, numbers, reasons, words
from engine.intake import fields as f
from engine.intake.answers import Answers
from engine.intake.identity import Cells
from engine.intake.same_person import ID
from engine.intake.synonyms import CALLED_OR_NUMBERED, folded
from engine.intake.tables import Column, Positions, Table
from engine.phrases import Phrase, counted

OLDEST = 120
ENOUGH_TO_BE_ALIKE = 8  # columns in which two people of different numbers must agree to be told
_SEPARATORS = re.compile(r"[;；,，、|]+")
# what shows all of it counts more than what is newer
_MAY_BE_MASKED = (c.EMAIL, c.PHONE)
_CONSENTS = (None, "granted", "withdrawn")
# what is said of a channel, and how the columns that say it are read
_CHANNELS: Mapping[str, Mapping[str, Callable[[str], str | None]]] = {
    "any": {c.CONSENT: words.consent, f.OPTED_OUT: words.opted_out},
    "email": {f.EMAIL_CONSENT: words.consent},
    "sms": {f.SMS_CONSENT: words.consent},
}
Value = str | int | None


@dataclass(frozen=True)
class Consents:
    """What a file says of one channel ("any" is all of them), per customer: granted, withdrawn or None.

    `doubts` has the text that stands for the consent and is not a yes, "" where the consent is clear.
    """

    channel: str
    states: tuple[Value, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """A file of customers, read.

    `people` has one row per customer's key: customer_key, key_kind, keys, whatever the file tells of them,
    consent, and bought (true).
    The consent is the first of `consents`, which has one for each channel of which the file says something.
    `answers` are the columns beyond the known fields. `keyless`: nobody in the file has a key; theirs is "row" and the
    row's number, which names them in this file only.
    """

    people: pd.DataFrame
    consents: tuple[Consents, ...]
    rejected: pd.DataFrame
    notes: tuple[Phrase, ...]
    answers: tuple[Answers, ...] = ()
    keyless: bool = False


def read(table: Table, cells: Cells, today: date) -> People:
    """The customers of `table`; a later row of the same customer completes and corrects an earlier one.

    In a table without a column that names people each row is somebody.
    """
    named, notes = identity.customers(cells)
    keyless = named is None
    if named is None:
        keys, notes = _by_row(table)
        named = identity.Keys(((ID, keys),))
    keys = named.column()
    owner, kept = identity.compacted(np.where(keys.blank, -1, keys.codes).astype(np.int32), len(keys.texts))
    told, unread = attributes(cells, owner, len(kept), today)
    consents, consent_note = _consents(cells, owner, len(kept))
    consent = list(consents[0].states) if consents else [None] * len(kept)
    found, left_out = answers.read(table, {column.header for column in cells.values()}, owner, len(kept))
    if not keyless:
        asked = answers.question_and_answer(table, {column.header for column in cells.values()})
        left_out += () if asked else _told_of_rows(owner, len(kept), bool(found) or c.INTERESTS in cells)
        left_out += _told_of_alike(table, cells)
    values = keys.texts_at(kept)
    kinds, told_keys = named.told_of(owner, values)
    people = pd.DataFrame(
        {
            c.CUSTOMER_KEY: values,
            c.KEY_KIND: kinds,
            c.KEYS: told_keys,
            **told,
            c.CONSENT: consent,
            c.BOUGHT: True,
        },
        dtype=object,
    )
    rejected = table.rejected((owner < 0).astype(np.int8), [reasons.NO_CUSTOMER])
    return People(people, consents, rejected, (*notes, *unread, *consent_note, *left_out), found, keyless)


def _by_row(table: Table) -> tuple[Column, tuple[Phrase, ...]]:
    texts = [f"row{row}" for row in table.rows.tolist()]
    note = Phrase(
        "No column tells who these people are: each row is one person, known by its row number. What is said of them "
        "is kept; but they cannot be written to, nor recognised in another file."
    )
    return Column("", np.arange(len(texts), dtype=np.int32), texts), (note,)


def _told_of_rows(owner: Positions, n_owners: int, matters: bool) -> tuple[Phrase, ...]:
    n_several = int((np.bincount(owner[owner >= 0], minlength=n_owners) > 1).sum())
    if not n_several or not matters:
        return ()
    note = counted(
        "{n} person stands in several rows; of each answer the last counts.",
        "{n} people stand in several rows; of each answer the last counts.",
        n=n_several,
    )
    return (note,)


def _told_of_alike(table: Table, cells: Cells) -> tuple[Phrase, ...]:
    """How many rows agree in everything but the number with an earlier one.

    An e-mail or phone is no number where there is one beside it.
    """
    keys = [field for field in (c.CUSTOMER_KEY, c.EMAIL, c.PHONE) if field in cells]
    own = {cells[field].header for field in keys[:1]}
    others = tuple(column for column in table.columns if column.header not in own and len(column.texts) > 1)
    if len(others) < ENOUGH_TO_BE_ALIKE or len(others) == len(table.columns):
        return ()
    n = Table(table.name, others, table.rows).n_repeated
    if not n:
        return ()
    note = counted(
        "{n} person is like another in everything but the number; both are kept.",
        "{n} people are like others in everything but the number; all are kept.",
        n=n,
    )
    return (note,)


def attributes(
    cells: Cells, owner: Positions, n_owners: int, today: date, order: NDArray[np.int64] | None = None
) -> tuple[dict[str, list[Value]], tuple[Phrase, ...]]:
    """What the rows tell of each owner, field by field, and what could not be read.

    The last row wins: the last of the file, or that of `order`, a list of all rows.
    """
    told: dict[str, list[Value]] = {}
    notes = []
    for field, result, column, values in _meanings(cells, today):
        says = np.array([value is not None and value != "" for value in values], dtype=bool)
        codes = identity.last_said(owner, column, says, n_owners, order)
        if field in _MAY_BE_MASKED:
            whole = np.array([not words.is_masked(str(value)) for value in values], dtype=bool)
            best = identity.last_said(owner, column, says & whole, n_owners, order)
            codes = np.where(best >= 0, best, codes)
        new = [None if code < 0 else values[code] for code in codes.tolist()]
        old = told.get(result)
        told[result] = new if old is None else [b if a is None else a for a, b in zip(old, new, strict=True)]
        unread = np.array([value is None for value in values], dtype=bool)[column.codes] & (owner >= 0)
        if unread.any():
            notes.append(
                counted(
                    "{n} value of {field} could not be read and was left out.",
                    "{n} values of {field} could not be read and were left out.",
                    n=int(unread.sum()),
                    field=f.WORDS[field],
                )
            )
    if f.BIRTHDAY in cells and cells[f.BIRTHDAY].says(lambda text: len(words.text(text)) > len("1990")).any():
        notes.append(Phrase("Of a birthday only the year is kept."))
    return told, tuple(notes)


def _meanings(cells: Cells, today: date) -> list[tuple[str, str, Column, list[Value]]]:
    """Field of the file, field of the customer, its column, and what each text means: "" nothing, None unreadable."""

    def year_of_age(texts: list[str]) -> list[Value]:
        return [None if age is None else today.year - age for age in _whole(texts, 1, OLDEST)]

    readers: Mapping[str, tuple[str, Callable[[list[str]], list[Value]]]] = {
        c.NAME: (c.NAME, _each(words.name)),
        c.EMAIL: (c.EMAIL, _each(words.shown_email)),
        c.PHONE: (c.PHONE, _each(words.shown_phone)),
        c.GENDER: (c.GENDER, _each(words.gender)),
        c.CITY: (c.CITY, _each(words.person)),
        c.REGION: (c.REGION, _each(words.person)),
        c.COUNTRY: (c.COUNTRY, _each(words.person)),
        c.INTERESTS: (c.INTERESTS, _each(interests)),
        c.JOINED: (c.JOINED, lambda texts: _days(texts, today)),
        c.BIRTH_YEAR: (c.BIRTH_YEAR, lambda texts: list(_whole(texts, today.year - OLDEST, today.year))),
        f.BIRTHDAY: (c.BIRTH_YEAR, lambda texts: [day and int(str(day)[:4]) for day in _days(texts, today, born=True)]),
        f.AGE: (c.BIRTH_YEAR, year_of_age),
    }
    named = _with_whole_names(cells)
    return [
        (field, result, named[field], _said(named[field], read))
        for field, (result, read) in readers.items()
        if field in named
    ]


def _each(read: Callable[[str], str | None]) -> Callable[[list[str]], list[Value]]:
    return lambda texts: [read(text) for text in texts]


def _said(column: Column, read: Callable[[list[str]], list[Value]]) -> list[Value]:
    """What each text means; an empty one means "" whatever the field."""
    texts = [words.text(text) for text in column.texts]
    return [value if text else "" for text, value in zip(texts, read(texts), strict=True)]


def _days(texts: list[str], today: date, born: bool = False) -> list[Value]:
    found = dates.read(texts, today=today, born=born).values.astype("datetime64[D]")
    return [None if np.isnat(day) else str(day) for day in found]


def _whole(texts: list[str], least: int, most: int) -> list[int | None]:
    return [int(value) if least <= value <= most else None for value in numbers.read(texts).tolist()]


def interests(cell: str) -> str:
    """The interests a cell lists, with ";" between."""
    parts = (part.strip(" \"'") for part in _SEPARATORS.split(cell))
    return ";".join(dict.fromkeys(part for part in parts if part))


def _with_whole_names(cells: Cells) -> Cells:
    """The cells with a name that the file holds elsewhere: in two parts, or in a column called “customer”."""
    if c.NAME in cells:
        return cells
    if f.LAST_NAME in cells and f.FIRST_NAME in cells:
        return {**cells, c.NAME: _whole_names(cells[f.FIRST_NAME], cells[f.LAST_NAME])}
    key = cells.get(c.CUSTOMER_KEY)
    if key is not None and folded(key.header) in CALLED_OR_NUMBERED:
        return {**cells, c.NAME: key.recoded(lambda text: "" if any(sign.isdigit() for sign in text) else text)}
    return cells


def _whole_names(first: Column, last: Column) -> Column:
    n = len(last.texts)
    pairs, codes = np.unique(first.codes.astype(np.int64) * n + last.codes, return_inverse=True)
    texts = [_whole_name(first.texts[pair // n].strip(), last.texts[pair % n].strip()) for pair in pairs.tolist()]
    return Column(f"{first.header} + {last.header}", codes.astype(np.int32), texts)


def _whole_name(first: str, last: str) -> str:
    return f"{first} {last}".strip() if (first + last).isascii() else last + first


def _consents(cells: Cells, owner: Positions, n_owners: int) -> tuple[tuple[Consents, ...], tuple[Phrase, ...]]:
    found = tuple(
        _consent(channel, cells, readers, owner, n_owners)
        for channel, readers in _CHANNELS.items()
        if any(field in cells for field in readers)
    )
    if not found:
        return (), (Phrase("No consent column: the file does not tell who agreed to receive messages."),)
    doubts = [max(of_one) for of_one in zip(*(consents.doubts for consents in found), strict=True)]
    return found, _told_of_doubts(doubts)


def _consent(
    channel: str,
    cells: Cells,
    readers: Mapping[str, Callable[[str], str | None]],
    owner: Positions,
    n_owners: int,
) -> Consents:
    """What the rows say of `channel`. One row that withdraws a consent counts more than all that grant it.

    A text that is no clear yes is taken for a no.
    """
    state = np.zeros(n_owners, dtype=np.int8)
    doubts = [""] * n_owners
    for field, read in readers.items():
        if field not in cells:
            continue
        column = cells[field]
        means = [read(text) for text in column.texts]
        for rank, meaning in enumerate(_CONSENTS[1:], 1):
            says = np.array([mean == meaning for mean in means], dtype=bool)[column.codes] & (owner >= 0)
            state[owner[says]] = np.maximum(state[owner[says]], rank)
        unread = np.array([mean is None for mean in means], dtype=bool)[column.codes] & (owner >= 0)
        for row in np.flatnonzero(unread).tolist():
            doubts[owner[row]] = words.text(column.texts[column.codes[row]])
    clear = state == _CONSENTS.index("withdrawn")
    doubts = ["" if withdrawn else doubt for withdrawn, doubt in zip(clear.tolist(), doubts, strict=True)]
    states = ("withdrawn" if doubt else _CONSENTS[rank] for doubt, rank in zip(doubts, state.tolist(), strict=True))
    return Consents(channel, tuple(states), tuple(doubts))


def _told_of_doubts(doubts: list[str]) -> tuple[Phrase, ...]:
    unclear = [doubt for doubt in doubts if doubt]
    if not unclear:
        return ()
    note = counted(
        "The consent of {n} person is neither yes nor no (“{text}”): Zhike will not write to them.",
        "The consent of {n} people is neither yes nor no (“{text}”): Zhike will not write to them.",
        n=len(unclear),
        text=unclear[0],
    )
    return (note,)
