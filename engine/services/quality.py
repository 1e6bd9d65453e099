"""How clean the data are: of one file, and of the whole shop."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotFound
from engine.intake import reasons, receipt
from engine.intake.events import Events
from engine.intake.evidence import SHOWN, Evidence, Finding, LeftOut, product_names
from engine.intake.goods import Goods
from engine.intake.orders import Purchases
from engine.intake.people import People
from engine.intake.quality import findings, in_order
from engine.intake.understanding import Understood
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.charges import is_charge
from engine.sheets import Say, csv_sheet
from engine.shop import Shop
from engine.store import imports, sales

HEADER = (Phrase("what was found"), Phrase("example"), Phrase("what it means"), Phrase("what to do"))


@dataclass(frozen=True)
class QualityReport:
    """What looks odd, faults first, and what was looked at and is not. Of the whole shop there is no `import_id`."""

    import_id: int | None
    name: str | None
    n_orders: int
    n_customers: int
    findings: tuple[Finding, ...]
    in_order: tuple[Phrase, ...]


def data_quality(shop: Shop, import_id: int | None = None, progress: Progress = silent) -> QualityReport:
    """The report of one import, as it was then, or of the whole shop, as it is now. Raises NotFound."""
    with shop.open() as db:
        if import_id is not None:
            return _of_import(db, import_id)
        progress(Phrase("Reading the orders"), 0.0)
        evidence = _of_store(db, shop)
        progress(Phrase("Looking for what is odd"), 0.6)
        found = findings(evidence)
        return _report(None, None, len(evidence.orders), len(evidence.people), found)


def quality_sheet(report: QualityReport, say: Say = str) -> bytes:
    """All findings as CSV, one row per example, with the columns of `HEADER`."""
    rows = (
        tuple(None if cell is None else say(cell) for cell in (finding.what, example, finding.means, finding.do))
        for finding in report.findings
        for example in (finding.examples or (None,))
    )
    return csv_sheet(HEADER, rows, say)


def findings_in(found: Understood, told: Purchases | People | Goods | Events, shop: Shop) -> tuple[Finding, ...]:
    """What looks odd in a file of orders or people that is being imported; of others nothing is looked at."""
    if isinstance(told, (Goods, Events)):
        return ()
    repeated, today = found.table.n_repeated, shop.now().date()
    if isinstance(told, Purchases):
        return findings(Evidence.of_file(told, _charges(told.goods), repeated, today))
    return findings(Evidence.of_people(told.people, repeated, today))


def _of_import(db: Database, import_id: int) -> QualityReport:
    stored = imports.by_id(db, import_id)
    if stored is None:
        raise NotFound(Phrase("There is no import {id}; /quality looks at the whole shop.", id=str(import_id)))
    made = receipt.from_text(stored.receipt)
    # nothing else is looked at when it is imported
    is_looked_at = made.kind in ("orders", "customers")
    n_orders = made.orders + made.unnamed_orders
    return _report(made.id, made.name, n_orders, made.customers, made.findings, is_looked_at)


def _report(
    import_id: int | None,
    name: str | None,
    n_orders: int,
    n_customers: int,
    found: tuple[Finding, ...],
    is_looked_at: bool = True,
) -> QualityReport:
    """What was not there, or not looked at, is not said to be in order."""
    held = {"orders": n_orders, "customers": n_customers} if is_looked_at else {}
    there = [what for what, n in held.items() if n]
    return QualityReport(import_id, name, n_orders, n_customers, found, in_order(found, there))


def _of_store(db: Database, shop: Shop) -> Evidence:
    orders, lines, goods, people = (
        read(db) for read in (sales.all_orders, sales.all_lines, sales.all_goods, sales.all_people)
    )
    told = [receipt.from_text(text) for kind in ("orders", "customers") for text in imports.receipts(db, kind)]
    counts: Counter[str] = Counter()
    for made in told:
        counts.update(made.reasons)
    return Evidence(
        orders=orders.assign(**{c.CUSTOMER: _positions(people[c.CUSTOMER], orders[c.CUSTOMER])}),
        lines=lines.assign(
            **{
                c.ORDER: _positions(orders[c.ORDER], lines[c.ORDER]),
                c.PRODUCT: _positions(goods[c.PRODUCT], lines[c.PRODUCT]),
            }
        ),
        goods=goods,
        people=people,
        charges=_charges(goods),
        returned=people[c.REVENUE].to_numpy().astype(np.float64),
        currency=imports.currency(db),
        today=shop.now().date(),
        reasons=dict(counts),
        left_out={
            reason.message: [LeftOut(*row) for row in imports.left_out_for(db, reason.message, SHOWN)]
            for reason in (reasons.NEGATIVE_PRICE, reasons.OTHER_CURRENCY)
        },
        repeated=sum(made.duplicates for made in told),
    )


def _positions(ids: pd.Series, wanted: pd.Series) -> NDArray[np.int64]:
    """Where each of `wanted` stands among `ids`, which ascend; -1 stays -1."""
    known, asked = ids.to_numpy().astype(np.int64), wanted.to_numpy().astype(np.int64)
    return np.where(asked < 0, -1, np.searchsorted(known, asked)).astype(np.int64)


def _charges(goods: pd.DataFrame) -> NDArray[np.bool_]:
    return np.array([is_charge(name) for name in product_names(goods)], dtype=np.bool_)
