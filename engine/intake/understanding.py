"""Finding the table in a file and the meaning of its columns, or saying in one sentence why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine import columns as c
from engine.errors import FileRefused, NotFound
from engine.intake import answers, campaign_reports, layouts, numbers, reading, sums, totals, words
from engine.intake import fields as f
from engine.intake.choices import Choice
from engine.intake.contents import Content, beginning
from engine.intake.joining import joined
from engine.intake.layouts import Kind, Matched, Reshaped, by_name
from engine.intake.layouts.by_name import WHO, assigned, has, missing_for_orders
from engine.intake.looks import undecided_days, with_year_first
from engine.intake.proposal import DATED, KNOWN, Guess, Proposal, examples, open_question, propose
from engine.intake.stacking import stacked
from engine.intake.synonyms import BARE, OWN_LISTS, WHEN_PAID, folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase, counted

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
    proposal: Proposal
    platform: str = ""
    hint: Phrase | None = None
    items_apart: bool = False


def unsaid(headers: Sequence[str]) -> Choice | None:
    """Nothing has been said of a file with these headers."""


def understand(content: Content, name: str, choose: Callable[[Sequence[str]], Choice | None] = unsaid) -> Understood:
    """The first table in the file whose columns are understood, surely or else likely: see its `proposal`.

    `choose` is asked for what the founder has said of a table with these headers. Raises FileRefused if no table
    can be read as orders, customers or products, and what `choose` raises if it raises for all of them.
    """
    if campaign_reports.is_text_report(beginning(content, 200)):
        raise _campaign_report(name)
    sheets = reading.read(content, name)
    table, found, proposal, passed = _first_understood(sheets, name, choose)
    return _understood(name, table, found, proposal, passed, sheets)


def _first_understood(
    sheets: Iterator[Table], name: str, choose: Callable[[Sequence[str]], Choice | None]
) -> tuple[Table, Matched, Proposal, list[Table]]:
    """The first table that is surely understood, else the first that is likely; its columns; those passed by."""
    tables: list[Table] = []
    likely: tuple[Table, Matched, Proposal] | None = None
    unchosen: NotFound | None = None
    for table in sheets:
        tables.append(table)
        _refuse_own_list(table, name)
        if campaign_reports.is_report(table.headers):
            raise _campaign_report(name)
        if not table.n_rows:
            continue
        try:
            found = _matched(table, choose(table.headers))
        except NotFound as error:
            unchosen = unchosen or error
            continue
        if found is not None and found[1].certain:
            return table, *found, tables[:-1]
        if likely is None and found is not None:
            likely = (table, *found)
    likely = likely or next((_survey(table) for table in tables if answers.is_survey(table)), None)
    if likely is not None:
        return *likely, [table for table in tables if table is not likely[0]]
    raise unchosen or _refused(tables[0], name)


def _survey(table: Table) -> tuple[Table, Matched, Proposal]:
    """A table of people whose columns are all their answers."""
    columns = {field: at for field, at in assigned(table.headers, "customers")[0].items() if field not in WHO}
    return table, Matched("customers", columns), _as_known(table, "customers", columns, Choice())


def _matched(table: Table, choice: Choice | None) -> tuple[Matched, Proposal] | None:
    """What the table is, in the light of what the founder has said of it; None if it is nothing that is known."""
    known = layouts.known(table.headers)
    if known is not None and (choice is None or not choice.fields):
        return known, _as_known(table, known.kind, known.columns, choice or Choice())
    proposal = propose(table, choice)
    if proposal is None or (proposal.missing and choice is None):
        return None
    proposal, sums_told = sums.settled(table, proposal)
    proposal, reading_told = totals.settled(table, proposal)
    reading_told = (*sums_told, *reading_told)
    if not proposal.certain:
        notes = (*_rivals(table, proposal, choice), *reading_told)
        return Matched(proposal.kind, proposal.columns, notes), proposal
    used = proposal.without_unsure()
    notes = (*_rivals(table, proposal, choice), *_left_unused(proposal), *reading_told)
    return Matched(proposal.kind, used.columns, notes), used


def _with_days(cells: Mapping[str, Column], day_first: bool | None) -> Mapping[str, Column]:
    """The cells with each date that may be two days as the founder has said; what the file itself shows goes before."""
    if day_first is None:
        return cells
    return {
        of: with_year_first(cell, day_first) if of in DATED and undecided_days(cell) is not None else cell
        for of, cell in cells.items()
    }


def _as_known(table: Table, kind: Kind, columns: Mapping[str, int], choice: Choice) -> Proposal:
    """The proposal for a known export: all of it is sure, but for the order of day and month."""
    fields = {position: field for field, position in columns.items()}
    guesses = tuple(
        Guess(column.header, at, fields.get(at), 1.0, KNOWN, examples(column))
        for at, column in enumerate(table.columns)
    )
    return Proposal(kind, guesses, open_question(table, guesses, choice), choice, known=True)


def _rivals(table: Table, proposal: Proposal, choice: Choice | None) -> tuple[Phrase, ...]:
    """Which other columns are called as those that are used."""
    if choice is not None:
        return ()
    columns = proposal.columns
    left = {
        field: rest
        for field, positions in assigned(table.headers, proposal.kind)[1].items()
        if field in columns and (rest := [at for at in positions if at not in columns.values()])
    }
    return by_name.told(table.headers, columns, left)


def _left_unused(proposal: Proposal) -> tuple[Phrase, ...]:
    """Which columns are likely something, but not surely, so that they were not used."""
    return tuple(
        Phrase(
            "“{column}” looks like {field}, but not surely: it was not used.",
            column=guess.header,
            field=f.WORDS[guess.field],
        )
        for guess in proposal.guesses
        if guess.field is not None and not guess.sure
    )


def _understood(
    name: str, table: Table, found: Matched, proposal: Proposal, passed: Sequence[Table], sheets: Iterator[Table]
) -> Understood:
    """`table` as its layout found it, in one row per line, with those of the remaining sheets that belong to it."""
    table = table.having(found.columns.values())
    unread_before = tuple(_not_read(other) for other in passed if other.n_rows)
    same, partners, unread = _others(sheets, table, found)
    cells, flagged = _fitting(table, found)
    twins = _twins(table, cells)
    here = [(table, cells, found), *((other, _fitting(other, match)[0], match) for other, match in same)]
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
        cells=_with_days(_with_currency(shaped, found), proposal.choice.day_first),
        proposal=proposal,
        notes=(*shaped.table.notes, *found.notes, *shaped.notes, *flagged, *about, *twins, *unread_before, *unread),
        platform=found.platform,
        hint=next(hints, None),
        items_apart=not partners and found.items_apart,
    )


def _fitting(table: Table, found: Matched) -> tuple[Mapping[str, Column], tuple[Phrase, ...]]:
    """The column of each field, as far as its contents fit, and what the user should know about the others."""
    cells, flagged = _without_flag(_cells(table, found))
    return (_as_they_say(cells) if found.kind == "customers" else cells), flagged


def _cells(table: Table, found: Matched) -> dict[str, Column]:
    cells = {field: table.columns[position] for field, position in found.columns.items()}
    if found.kind != "orders":
        return cells
    used = set(found.columns.values())
    paid_at = (
        column for at, column in enumerate(table.columns) if at not in used and folded(column.header) in WHEN_PAID
    )
    column = next(paid_at, None)
    # no header: it is used for what it lacks, not as a field of its own
    return cells if column is None else {**cells, f.PAID_AT: replace(column, header="")}


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
    """Of which part of a file of several it was read."""
    if table.name == name:
        return ()
    if name.lower().endswith((".zip", ".gz")):
        return (Phrase("Read from “{file}” in the archive.", file=table.name),)
    return (Phrase("Read from the sheet “{sheet}”.", sheet=table.name),)


Sheets = list[tuple[Table, Matched]]


def _others(sheets: Iterator[Table], first: Table, found: Matched) -> tuple[Sheets, Sheets, tuple[Phrase, ...]]:
    """Of the remaining tables those like the first, and those with the other half of its orders.

    Alike are those of one kind and platform, or of the same header. What is told is which others were not read.
    """
    same: Sheets = []
    partners: Sheets = []
    unread: list[Phrase] = []
    try:
        for table in sheets:
            if not table.n_rows:
                continue
            other = _like(first, found, table) or layouts.matched(table.headers)
            if other is None:
                unread.append(_not_read(table))
            elif other.kind == found.kind and (other is found or (found.platform and other.platform == found.platform)):
                same.append((table.having(other.columns.values()), other))
            elif {other.kind, found.kind} == {"orders", "items"} and other.platform == found.platform:
                partners.append((table.having(other.columns.values()), other))
            else:
                unread.append(_not_read(table))
    except FileRefused:
        # a damaged sheet further on does not spoil the one that was read
        unread.append(Phrase("What follows in the file is damaged and was not read."))
    return same, partners, tuple(unread)


def _not_read(table: Table) -> Phrase:
    """What is told of a table that was left aside, so that nobody believes that it counts."""
    if layouts.matched(table.headers) is not None:
        return Phrase("Sheet “{sheet}” was not read; save it as a file of its own and send that.", sheet=table.name)
    headers = tuple(header for header in table.headers if header)[:MOST_HEADERS_TOLD]
    if c.ORDER_KEY in assigned(table.headers, "orders")[0]:
        return counted(
            "“{sheet}” was not read: it says something of orders in {n} row ({headers}). If that is a return, the "
            "order still counts as sold: add a column with its status to the orders.",
            "“{sheet}” was not read: it says something of orders in {n} rows ({headers}). If those are returns, the "
            "orders still count as sold: add a column with their status to the orders.",
            n=table.n_rows,
            sheet=table.name,
            headers=headers,
        )
    return counted(
        "“{sheet}” was not read: its {n} row ({headers}) is neither orders nor customers nor products.",
        "“{sheet}” was not read: its {n} rows ({headers}) are neither orders nor customers nor products.",
        n=table.n_rows,
        sheet=table.name,
        headers=headers,
    )


def _like(first: Table, found: Matched, table: Table) -> Matched | None:
    """`found` itself for a table whose header is that of the first; None for another."""
    same = [folded(header) for header in table.headers] == [folded(header) for header in first.headers]
    return found if same else None


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
