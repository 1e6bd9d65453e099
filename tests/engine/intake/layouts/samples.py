"""Files of each platform: the samples, and rows made up under the headers of those that have none."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.intake import Understood, goods, orders, people, understand
from tests.engine.intake.files import TODAY

Row = Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """What a file comes to. `lines` counts those of orders, `reasons` the rejected rows."""

    orders: int = 0
    lines: int = 0
    customers: int = 0
    products: int = 0
    money: float = 0.0
    without_customer: int = 0
    accepted: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    currency: str | None = None
    returned: float = 0.0


def header_of(path: Path, encoding: str = "utf-8") -> list[str]:
    return next(csv.reader(io.StringIO(path.read_text(encoding), newline="")))


def under(header: list[str], *rows: Row, encoding: str = "utf-8") -> bytes:
    """A file of these rows, whose cells are named by the header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def come_to(found: Understood) -> Figures:
    """The figures of what was read. The law of the receipt is held on the way: no row is left untold."""
    if found.kind == "customers":
        told = people.read(found.table, found.cells, TODAY)
        accepted = found.table.n_rows - len(told.rejected)
        return Figures(customers=len(told.people), accepted=accepted, reasons=Counter(told.rejected["reason"].tolist()))
    if found.kind == "products":
        of_goods = goods.read(found.table, found.cells, TODAY)
        accepted = found.table.n_rows - len(of_goods.rejected)
        reasons = Counter(of_goods.rejected["reason"].tolist())
        return Figures(products=len(of_goods.goods), accepted=accepted, reasons=reasons)
    bought = orders.read(found.table, found.cells, TODAY)
    assert found.table.n_rows == bought.accepted + bought.without_customer + len(bought.rejected)
    assert bought.rejected["row"].is_unique
    named = bought.orders[bought.orders["customer"] >= 0]
    return Figures(
        orders=len(bought.orders),
        lines=len(bought.lines),
        customers=int(named["customer"].nunique()),
        money=round(float(bought.orders["revenue"].sum()), 2),
        without_customer=bought.without_customer,
        accepted=bought.accepted,
        reasons=Counter(bought.rejected["reason"].tolist()),
        currency=bought.currency,
        returned=round(float(bought.returns["revenue"].sum()), 2),
    )


def read(data: bytes, name: str = "export.csv") -> Figures:
    return come_to(understand(data, name))


Make = Callable[[Path], bytes]


def sample(name: str) -> Make:
    return lambda folder: (folder / name).read_bytes()


def rows(name: str, *made: Row, encoding: str = "utf-8") -> Make:
    """Rows under the header of a sample that has none, or other ones."""
    return lambda folder: under(header_of(folder / name, encoding), *made, encoding=encoding)


def table(header: str, *lines: str, encoding: str = "utf-8") -> Make:
    return lambda _: "\n".join([header, *lines]).encode(encoding)


@dataclass(frozen=True)
class Case:
    layout: str
    make: Make
    figures: Figures
    platform: str
