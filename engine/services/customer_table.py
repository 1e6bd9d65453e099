"""The table of all customers with their features: what results reckon with, and which cells of it were filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine import columns as c
from engine.errors import TooLittleData
from engine.missing.fields import Field
from engine.missing.filling import shown
from engine.missing.treat import TreatedFrame
from engine.phrases import Phrase
from engine.services.behaviour import behaviour_of_all
from engine.services.files import write_out
from engine.services.known import known_of_customers, treated_customers
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import customers

FEATURES = {
    c.FREQUENCY: Phrase("orders"),
    c.MONETARY: Phrase("revenue"),
    c.RECENCY_DAYS: Phrase("days since the last order"),
    c.TENURE_DAYS: Phrase("days since the first order"),
    c.ORDER_VALUE: Phrase("money per order"),
    c.ITEMS_PER_ORDER: Phrase("pieces per order"),
    c.N_PRODUCTS: Phrase("different products"),
    c.GAP_DAYS: Phrase("usual days between orders"),
}


@dataclass(frozen=True)
class CustomerTable:
    """Where the table was written, how many customers are in it and in the store, and what to say of its gaps."""

    path: Path
    n_customers: int
    n_known: int
    n_filled: int  # cells
    statements: tuple[Phrase, ...]


def export_features(shop: Shop, out: Path | str | None = None, say: Say = str) -> CustomerTable:
    """Write what is known of every customer and what their orders say as CSV, gaps treated as was chosen.

    One row per customer; the column “filled in” names the row's cells that no file told, and below the rows stands a
    line for each field with gaps. Raises TooLittleData without a customer, NotAllowed if it cannot be written.
    """
    with shop.open() as db:
        if customers.count(db) == 0:
            raise TooLittleData(Phrase("No customer is here yet; import a file of orders or customers first."))
        known = known_of_customers(shop, db)
        fields = known.fields
        made = treated_customers(shop, db, known=known)
        features = behaviour_of_all(shop, db).reindex(made.frame.index)
        features[c.FREQUENCY] = features[c.FREQUENCY].fillna(0)
        keys = customers.frame(db).set_index(c.CUSTOMER)[c.CUSTOMER_KEY].reindex(made.frame.index)
    header = (Phrase("customer"), *(field.words for field in fields), *FEATURES.values(), Phrase("filled in"))
    rows = _rows(keys, made, fields, features, say)
    notes = ((f"# {say(statement)}", *[None] * (len(header) - 1)) for statement in made.statements)
    path = write_out(shop, "customers.csv", csv_sheet(header, (*rows, *notes), say), out)
    return CustomerTable(path, len(made.frame), len(known.frame), int(made.filled.to_numpy().sum()), made.statements)


def _rows(
    keys: pd.Series, made: TreatedFrame, fields: tuple[Field, ...], features: pd.DataFrame, say: Say
) -> Iterator[tuple[str | None, ...]]:
    columns = [keys.tolist()]
    columns += [_texts(made.frame[field.key], field) for field in fields]
    columns += [_figures(features[name]) for name in FEATURES]
    columns.append(_filled_in(made.filled, fields, say))
    return zip(*columns, strict=True)


def _texts(cells: pd.Series, field: Field) -> list[str | None]:
    if field.kind == "number":
        return _figures(cells)
    known = cells.notna()
    said = {value: shown(value, field) for value in cells[known].unique()}
    return [said[cell] if is_known else None for cell, is_known in zip(cells, known, strict=True)]


def _figures(cells: pd.Series) -> list[str | None]:
    return [None if pd.isna(cell) else f"{cell:.2f}".removesuffix(".00") for cell in cells.tolist()]


def _filled_in(filled: pd.DataFrame, fields: tuple[Field, ...], say: Say) -> list[str | None]:
    """Of each row the fields that were filled in, with semicolons between."""
    told = pd.Series("", index=filled.index)
    for field in fields:
        told[filled[field.key]] += f"{say(field.words)}; "
    return [text.removesuffix("; ") or None for text in told.tolist()]
