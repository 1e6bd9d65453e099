"""From what a file told, and who its people turned out to be, to its receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.errors import FileRefused
from engine.intake.events import Events
from engine.intake.goods import Goods
from engine.intake.orders import Purchases
from engine.intake.people import People
from engine.intake.receipt import KeptColumn, Receipt, Returns
from engine.intake.understanding import Understood
from engine.phrases import Phrase, counted


def of_orders(
    found: Understood, told: Purchases, import_id: int, orders: pd.DataFrame, returns: pd.DataFrame, changed: int
) -> Receipt:
    """`orders` and `returns` are those of `told` with the store's customers in them, -1 for nobody."""
    named = orders[orders[c.CUSTOMER] >= 0]
    times: NDArray[np.datetime64] = orders[c.AT].to_numpy().astype("datetime64[D]")
    return Receipt(
        **_rows(found, told.rejected),
        id=import_id,
        accepted=told.accepted,
        without_customer=told.without_customer,
        orders=len(named),
        customers=int(named[c.CUSTOMER].nunique()),
        products=len(told.goods),
        revenue=round(float(named[c.REVENUE].sum()), 2),
        currency=told.currency,
        first=times.min().item() if len(times) else None,
        last=times.max().item() if len(times) else None,
        returns=Returns(len(returns), round(float(returns[c.REVENUE].sum()), 2)),
        changed=changed,
        notes=found.notes + told.notes + _without_customer(told.without_customer),
    )


def of_people(
    found: Understood,
    told: People,
    import_id: int,
    customers: NDArray[np.int64],
    *,
    changed: int,
    answers_changed: int,
    kept: int,
) -> Receipt:
    """`kept` people had unsubscribed before, and the file says yes for them."""
    rows = _rows(found, told.rejected)
    return Receipt(
        **rows,
        id=import_id,
        accepted=rows["rows"] - rows["rejected"],
        without_customer=0,
        customers=len(np.unique(customers)),
        changed=changed,
        attributes=tuple(
            KeptColumn(made.name, made.kind, made.n_told, len(made.codes) - made.n_told) for made in told.answers
        ),
        answers_changed=answers_changed,
        notes=found.notes + told.notes + _unsubscribed_before(kept),
    )


def of_events(
    found: Understood, told: Events, import_id: int, customers: NDArray[np.int64], n_new: int, changed: int
) -> Receipt:
    """`n_new` of the events were not known, `changed` of the known ones are told otherwise."""
    rows = _rows(found, told.rejected)
    days: NDArray[np.datetime64] = told.events[c.AT].to_numpy().astype("datetime64[D]")
    return Receipt(
        **rows,
        id=import_id,
        accepted=len(told.events),
        without_customer=0,
        customers=len(np.unique(customers)),
        products=len(told.goods),
        events=len(told.events),
        kinds=dict(Counter(told.events[c.KIND].tolist()).most_common()),
        first=days.min().item() if len(days) else None,
        last=days.max().item() if len(days) else None,
        changed=changed,
        notes=found.notes + told.notes + _known_before(len(told.events) - n_new),
    )


def _known_before(n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    note = counted(
        "{n} event was known from an earlier file and is not counted twice.",
        "{n} events were known from an earlier file and are not counted twice.",
        n=n,
    )
    return (note,)


def of_goods(found: Understood, told: Goods, import_id: int, changed: int) -> Receipt:
    rows = _rows(found, told.rejected)
    return Receipt(
        **rows,
        id=import_id,
        accepted=rows["rows"] - rows["rejected"],
        without_customer=0,
        products=len(told.goods),
        changed=changed,
        notes=found.notes + told.notes,
    )


def refuse_unusable(found: Understood, told: Purchases | People | Goods | Events, name: str) -> None:
    """Raises FileRefused if the file would leave no trace but its rejected rows."""
    usable = found.table.n_rows - len(told.rejected)
    if usable or (isinstance(told, Purchases) and (told.void or len(told.returns))):
        return
    reasons = _reasons(told.rejected)
    raise FileRefused(
        counted(
            "The one row of {name} cannot be used: {reason}.",
            "None of the {n} rows of {name} can be used; the most frequent reason: {reason}.",
            n=found.table.n_rows,
            name=name,
            reason=Phrase(next(iter(reasons))),
        )
    )


def _rows(found: Understood, rejected: pd.DataFrame) -> dict[str, Any]:
    columns: Mapping[str, str] = {field: column.header for field, column in found.cells.items() if column.header}
    return {
        "name": found.name,
        # items are lines of orders: what became of them is told as that of orders
        "kind": "orders" if found.kind == "items" else found.kind,
        "rows": found.table.n_rows,
        "rejected": len(rejected),
        "reasons": _reasons(rejected),
        "duplicates": found.table.n_repeated(),
        "columns": columns,
    }


def _reasons(rejected: pd.DataFrame) -> dict[str, int]:
    return dict(Counter(rejected[c.REASON].tolist()).most_common())


def _unsubscribed_before(n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    note = counted(
        "{n} person who unsubscribed before stays unsubscribed.",
        "{n} people who unsubscribed before stay unsubscribed.",
        n=n,
    )
    return (note,)


def _without_customer(n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    note = counted(
        "{n} row has no customer: it counts for products, not for people.",
        "{n} rows have no customer: they count for products, not for people.",
        n=n,
    )
    return (note,)
