"""The whole shop as files that any spreadsheet opens, and that Zhike reads back: nobody's data is locked in here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed, NotFound
from engine.intake import fields as f
from engine.phrases import Phrase
from engine.services.files import write_out
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import exports, imports

KEPT = Phrase("paid")
GIVEN_BACK = Phrase("refunded")


@dataclass(frozen=True)
class Exported:
    """One file that was written, and its number of rows."""

    path: Path
    rows: int


@dataclass(frozen=True)
class _Sheet:
    """`cells` turns a row of the store into texts, given how a word is said and the shop's currency."""

    name: str
    header: tuple[Phrase, ...]
    rows: Callable[[Database], Iterable[tuple[Any, ...]]]
    cells: Callable[[tuple[Any, ...], Say, str], Sequence[str]]


def export_shop(shop: Shop, out: Path | str | None = None, say: Say = str) -> tuple[Exported, ...]:
    """Write customers, orders, answers, events and products as CSV, headers as `say` says them; the files written.

    Imported into an empty shop in this order they give the same totals. `out` is a folder, which is made if it is
    absent; None is one among the shop's own. Files that are there are replaced. Raises NotFound if the shop is empty,
    NotAllowed if the folder cannot be written to.
    """
    folder = shop.files / "export" if out is None else Path(out)
    with shop.open() as db:
        if not imports.has_any(db):
            raise NotFound(Phrase("There is nothing to export yet: import a file first."))
        _make(folder)
        currency = imports.currency(db) or ""
        return tuple(made for sheet in SHEETS if (made := _written(shop, db, sheet, folder, say, currency)) is not None)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise NotAllowed(
            Phrase("{path} is no folder that can be written to: name one with --out.", path=str(folder))
        ) from error


def _written(shop: Shop, db: Database, sheet: _Sheet, folder: Path, say: Say, currency: str) -> Exported | None:
    """None of a sheet without rows; a file of it that an earlier export has left would be out of date, and goes."""
    n_rows = 0

    def rows() -> Iterable[Sequence[str]]:
        nonlocal n_rows
        for row in sheet.rows(db):
            n_rows += 1
            yield sheet.cells(row, say, currency)

    path = write_out(shop, sheet.name, csv_parts(sheet.header, rows(), say), folder)
    if n_rows:
        return Exported(path, n_rows)
    path.unlink()
    return None


def _texts(row: tuple[Any, ...], say: Say, currency: str) -> Sequence[str]:
    return ["" if value is None else str(value) for value in row]


def _line(row: tuple[Any, ...], say: Say, currency: str) -> Sequence[str]:
    *facts, gone = row
    return [*_texts(tuple(facts), say, currency), currency, say(GIVEN_BACK if gone else KEPT)]


def _total(row: tuple[Any, ...], say: Say, currency: str) -> Sequence[str]:
    return [*_texts(row, say, currency), currency]


def _words(*fields: str) -> tuple[Phrase, ...]:
    return tuple(f.WORDS[field] for field in fields)


_PERSON = (c.NAME, c.EMAIL, c.PHONE, c.GENDER, c.BIRTH_YEAR, c.CITY, c.REGION, c.COUNTRY, c.JOINED, c.INTERESTS)
_PRODUCT = (
    *(c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN, c.CATEGORY, c.PRICE, c.STOCK, c.DESCRIPTION),
    *(c.COST, c.LAUNCHED, c.ATTRIBUTES),
)
_ORDER = (c.ORDER_KEY, c.AT, c.CUSTOMER_KEY)
SHEETS = (
    _Sheet("customers.csv", _words(c.CUSTOMER_KEY, *_PERSON, c.CONSENT), exports.customers, _texts),
    _Sheet(
        "order-lines.csv",
        _words(*_ORDER, c.PRODUCT_KEY, c.PRODUCT_NAME, c.QUANTITY, c.PRICE, c.CURRENCY, c.STATUS),
        exports.order_lines,
        _line,
    ),
    _Sheet(
        "orders-without-products.csv",
        _words(*_ORDER, c.QUANTITY, f.ORDER_TOTAL, c.CURRENCY),
        exports.order_totals,
        _total,
    ),
    _Sheet("answers.csv", (f.WORDS[c.CUSTOMER_KEY], Phrase("question"), Phrase("answer")), exports.answers, _texts),
    _Sheet(
        "events.csv",
        (
            *_words(c.CUSTOMER_KEY, c.KIND),
            Phrase("event time"),
            *_words(c.PRODUCT_KEY, c.PRODUCT_NAME, c.QUANTITY, c.VALUE, c.PLACE),
        ),
        exports.events,
        _texts,
    ),
    # last, since orders tell a price of each product too
    _Sheet("products.csv", _words(c.PRODUCT_KEY, *_PRODUCT), exports.products, _texts),
)
