"""Finding the table in a file and the meaning of its columns, or saying in one sentence why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import answers, layouts, numbers, reading, words
from engine.intake.contents import Content
from engine.intake.layouts import Kind
from engine.intake.layouts.by_name import WHO, assigned, has, missing_for_orders
from engine.intake.synonyms import BARE, OWN_LISTS, folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

MOST_HEADERS_TOLD = 12


@dataclass(frozen=True)
class Understood:
    """A table of one kind, and its column per field."""

    name: str
    kind: Kind
    table: Table
    cells: Mapping[str, Column]
    notes: tuple[Phrase, ...]


def understand(content: Content, name: str) -> Understood:
    """The first table in the file that some layout recognises. Raises FileRefused if there is none."""
    tables: list[Table] = []
    sheets = reading.read(content, name)
    for table in sheets:
        tables.append(table)
        _refuse_own_list(table, name)
        found = layouts.matched(table.headers)
        if found is None or not table.n_rows:
            continue
        cells = {field: table.columns[position] for field, position in found.columns.items()}
        cells, flagged = _without_flag(cells)
        if found.kind == "customers":
            cells = _as_they_say(cells)
        notes = (*table.notes, *found.notes, *flagged, *_about(table, name), *_twins(table, cells), *_unread(sheets))
        return Understood(name, found.kind, table, cells, notes)
    return _survey(tables, name)


def _survey(tables: Sequence[Table], name: str) -> Understood:
    """The first table of people whose columns are all their answers. Raises FileRefused if there is none."""
    for table in tables:
        if answers.is_survey(table):
            known = assigned(table.headers, "customers")[0]
            cells = _as_they_say({field: table.columns[at] for field, at in known.items() if field not in WHO})
            return Understood(name, "customers", table, cells, (*table.notes, *_about(table, name)))
    raise _refused(tables[0], name)


def _refuse_own_list(table: Table, name: str) -> None:
    words = {folded(header) for header in table.headers}
    if any(own <= words for own in OWN_LISTS):
        raise FileRefused(
            Phrase("{name} is the list that Zhike made for you to send, not an export of your shop.", name=name)
        )


def _without_flag(cells: dict[str, Column]) -> tuple[dict[str, Column], tuple[Phrase, ...]]:
    """A column “member” may tell who is one by yes and no, which would make one customer of all members."""
    column = cells.get(c.CUSTOMER_KEY)
    others = {field: other for field, other in cells.items() if field != c.CUSTOMER_KEY}
    if column is None or folded(column.header) not in BARE or not has(others, *WHO):
        return cells, ()
    if not column.says(lambda text: not words.text(text) or words.is_yes_or_no(text)).all():
        return cells, ()
    note = Phrase("The column “{column}” says yes or no: it is not used as customer number.", column=column.header)
    return others, (note,)


def _as_they_say(cells: dict[str, Column]) -> dict[str, Column]:
    """Without columns whose cells contradict the header: a country called 3 is an answer about country music."""

    def is_number(text: str) -> bool:
        return not words.text(text) or numbers.is_plain(words.text(text))

    def is_no_gender(text: str) -> bool:
        return not words.gender(text)

    tests = {c.CITY: is_number, c.REGION: is_number, c.COUNTRY: is_number, c.GENDER: is_no_gender}
    return {
        field: column
        for field, column in cells.items()
        if field not in tests
        or column.says(lambda text: not words.text(text)).all()
        or not column.says(tests[field]).all()
    }


def _about(table: Table, name: str) -> tuple[Phrase, ...]:
    return () if table.name == name else (Phrase("Read from the sheet “{sheet}”.", sheet=table.name),)


def _unread(sheets: Iterator[Table]) -> tuple[Phrase, ...]:
    """Which of the remaining sheets hold a table that could have been read as well."""
    unread = []
    try:
        for table in sheets:
            if table.n_rows and layouts.matched(table.headers) is not None:
                unread.append(table.name)
    except FileRefused:
        # a damaged sheet further on does not spoil the one that was read
        pass
    return tuple(
        Phrase("Sheet “{sheet}” was not read; save it as a file of its own and send that.", sheet=sheet)
        for sheet in unread
    )


def _twins(table: Table, cells: Mapping[str, Column]) -> tuple[Phrase, ...]:
    """Which columns that are used have another of the same name that says something else."""
    twice = {column.header for column in cells.values() if any(_differs(column, t) for t in table.columns)}
    return tuple(
        Phrase("Several columns are called “{column}” and differ; the first of them is used.", column=header)
        for header in table.headers
        if header in twice
    )


def _differs(used: Column, other: Column) -> bool:
    if re.fullmatch(re.escape(used.header) + r" \d+", other.header) is None:
        return False
    pairs = set(zip(used.codes.tolist(), other.codes.tolist(), strict=True))
    return any(used.texts[a] != other.texts[b] for a, b in pairs)


def _refused(table: Table, name: str) -> FileRefused:
    if not table.n_rows:
        return FileRefused(Phrase("{name} has a header but no rows.", name=name))
    if len(table.columns) < 2:
        return FileRefused(
            Phrase(
                "{name} has only one column, “{column}”; an export needs a column for each of date, customer, "
                "product, quantity and price.",
                name=name,
                column=table.headers[0] if table.headers else "",
            )
        )
    headers = [header for header in table.headers if header]
    shown: tuple[str | Phrase, ...] = tuple(headers[:MOST_HEADERS_TOLD])
    if len(headers) > MOST_HEADERS_TOLD:
        shown += (Phrase("and {n} more", n=len(headers) - MOST_HEADERS_TOLD),)
    return FileRefused(
        Phrase(
            "{name} has no column for {missing}; its columns are: {headers}.",
            name=name,
            missing=missing_for_orders(assigned(table.headers, "orders")[0]) or Phrase("the product"),
            headers=shown,
        )
    )
