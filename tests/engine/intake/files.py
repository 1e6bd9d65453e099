"""Small files for the tests of intake."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl

from engine.intake import Understood, events, orders, people, understand
from engine.intake.events import Events
from engine.intake.orders import Purchases
from engine.intake.people import People

TODAY = date(2026, 11, 23)


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def xlsx(*rows: Sequence[Any], before: dict[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    """A workbook with these rows on a sheet called Data; `before` are sheets in front of it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, sheet in {**(before or {}), "Data": rows}.items():
        page = book.create_sheet(title)
        for row in sheet:
            page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bought(data: bytes) -> tuple[Understood, Purchases]:
    """A file of orders, read."""
    found = understand(data, "orders.csv")
    assert found.kind == "orders"
    return found, orders.read(found.table, found.cells, TODAY)


def known(data: bytes) -> tuple[Understood, People]:
    """A file of customers, read."""
    found = understand(data, "customers.csv")
    assert found.kind == "customers"
    return found, people.read(found.table, found.cells, TODAY)


def happened(data: bytes) -> tuple[Understood, Events]:
    """A file of events, read."""
    found = understand(data, "events.csv")
    assert found.kind == "events"
    return found, events.read(found.table, found.cells, TODAY)


def said(notes: Sequence[object]) -> str:
    return " | ".join(map(str, notes))
