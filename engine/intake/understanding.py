"""Finding the table in a file and the meaning of its columns, or saying in one sentence why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import answers, campaign_reports, layouts, numbers, reading, words
from engine.intake.contents import Content, beginning
from engine.intake.joining import joined
from engine.intake.layouts import Kind, Matched, Reshaped
from engine.intake.layouts.by_name import WHO, assigned, has, missing_for_orders
from engine.intake.stacking import stacked
from engine.intake.synonyms import BARE, OWN_LISTS, folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

MOST_HEADERS_TOLD = 12


@dataclass(frozen=True)
class Understood:
    """A table of one kind, one row per order line, customer or product, and its column per field.

    `platform` and `hint` are those of its layout: whose export it is, and where that platform tells who the buyer is.
    `items_apart`: another export of the platform tells better what was in these orders.
    """

    name: str
    kind: Kind
    table: Table
    cells: Mapping[str, Column]
    notes: tuple[Phrase, ...]
    platform: str = ""
    hint: Phrase | None = None
    items_apart: bool = False


def understand(content: Content, name: str) -> Understood:
    """The first table in the file that some layout recognises. Raises FileRefused if there is none."""
    if campaign_reports.is_text_report(beginning(content, 200)):
        raise _campaign_report(name)
    tables: list[Table] = []
    sheets = reading.read(content, name)
    for table in sheets:
        tables.append(table)
        _refuse_own_list(table, name)
        if campaign_reports.is_report(table.headers):
            raise _campaign_report(name)
        found = layouts.matched(table.headers)
        if found is None or not table.n_rows:
            continue
        return _understood(name, table, found, sheets)
    return _survey(tables, name)


def _survey(tables: Sequence[Table], name: str) -> Understood:
    """The first table of people whose columns are all their answers. Raises FileRefused if there is none."""
    for table in tables:
        if answers.is_survey(table):
            known = assigned(table.headers, "customers")[0]
            cells = _as_they_say({field: table.columns[at] for field, at in known.items() if field not in WHO})
            return Understood(name, "customers", table, cells, (*table.notes, *_about(table, name)))
    raise _refused(tables[0], name)


def _understood(name: str, table: Table, found: Matched, sheets: Iterator[Table]) -> Understood:
    """`table` as its layout found it, in one row per line, with those of the remaining sheets that belong to it."""
    table = table.having(found.columns.values())
    same, partners, unread = _others(sheets, found)
    cells, flagged = _without_flag(_cells(table, found))
    if found.kind == "customers":
        cells = _as_they_say(cells)
    twins = _twins(table, cells)
    here = [(table, cells, found), *((other, _cells(other, match), match) for other, match in same)]
    # what packs the items into one cell is left whole where another table has them one by one
    shaped = stacked([_shaped(other, of_other, None if partners else match) for other, of_other, match in here])
    if partners:
        there = stacked([Reshaped(other, _cells(other, match)) for other, match in partners])
        orders, items = (shaped, there) if found.kind == "orders" else (there, shaped)
        shaped = joined(orders.table, orders.cells, items.table, items.cells)
    about = () if same or partners else _about(table, name)
    hints = (match.hint for match in (found, *(match for _, match in partners)) if match.hint is not None)
    return Understood(
        name=name,
        kind="orders" if partners else found.kind,
        table=shaped.table,
        cells=_with_currency(shaped, found),
        notes=(*shaped.table.notes, *found.notes, *shaped.notes, *flagged, *about, *twins, *unread),
        platform=found.platform,
        hint=next(hints, None),
        items_apart=not partners and found.items_apart,
    )


def _cells(table: Table, found: Matched) -> dict[str, Column]:
    return {field: table.columns[position] for field, position in found.columns.items()}


def _shaped(table: Table, cells: Mapping[str, Column], found: Matched | None) -> Reshaped:
    return Reshaped(table, cells) if found is None or found.reshape is None else found.reshape(table, cells)


def _with_currency(shaped: Reshaped, found: Matched) -> Mapping[str, Column]:
    """The cells with the platform's own currency where the file does not name one."""
    if found.currency is None or c.CURRENCY in shaped.cells:
        return shaped.cells
    everywhere = Column("", np.zeros(len(shaped.table.rows), dtype=np.int32), [found.currency])
    return {**shaped.cells, c.CURRENCY: everywhere}


def _campaign_report(name: str) -> FileRefused:
    return FileRefused(
        Phrase("{name} is the report of a campaign, not an export of your shop: send it with /outcome.", name=name)
    )


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


Sheets = list[tuple[Table, Matched]]


def _others(sheets: Iterator[Table], found: Matched) -> tuple[Sheets, Sheets, tuple[Phrase, ...]]:
    """Of the remaining tables those of the same kind and platform, and those with the other half of its orders.

    What is told is which others could have been read as well.
    """
    same: Sheets = []
    partners: Sheets = []
    unread = []
    try:
        for table in sheets:
            other = layouts.matched(table.headers) if table.n_rows else None
            if other is None:
                continue
            if not found.platform or other.platform != found.platform:
                unread.append(table.name)
            elif other.kind == found.kind:
                same.append((table.having(other.columns.values()), other))
            elif {other.kind, found.kind} == {"orders", "items"}:
                partners.append((table.having(other.columns.values()), other))
            else:
                unread.append(table.name)
    except FileRefused:
        # a damaged sheet further on does not spoil the one that was read
        pass
    notes = tuple(
        Phrase("Sheet “{sheet}” was not read; save it as a file of its own and send that.", sheet=sheet)
        for sheet in unread
    )
    return same, partners, notes


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
