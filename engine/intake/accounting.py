"""From what a file told, and who its people turned out to be, to its receipt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import reasons
from engine.intake.events import Events
from engine.intake.evidence import Finding
from engine.intake.goods import Goods
from engine.intake.identity import NAMES_ONLY
from engine.intake.limits import Extent, Facts, limits
from engine.intake.lines import NO_BUYER, NO_BUYER_LEFT, NO_PRODUCT
from engine.intake.orders import Purchases
from engine.intake.people import People
from engine.intake.receipt import KeptColumn, Receipt, Returns
from engine.intake.resolution import MOST
from engine.intake.same_person import KEY_WORDS
from engine.intake.timeline import timeline
from engine.intake.understanding import Understood
from engine.phrases import Phrase, counted


def of_orders(
    found: Understood,
    told: Purchases,
    import_id: int,
    orders: pd.DataFrame,
    returns: pd.DataFrame,
    changed: int,
    extent: Extent,
    odd: tuple[Finding, ...],
) -> Receipt:
    """`orders` and `returns` are those of `told` with the store's customers in them, -1 for nobody.

    `extent` is that of the whole shop with this file in it, `odd` what looks odd in the file.
    """
    is_named = (orders[c.CUSTOMER] >= 0).to_numpy()
    named, unnamed = (orders.loc[which, [c.CUSTOMER, c.REVENUE]] for which in (is_named, ~is_named))
    notes = found.notes + told.notes
    times: NDArray[np.datetime64] = orders[c.AT].to_numpy().astype("datetime64[D]")
    return Receipt(
        **_rows(found, told.rejected),
        id=import_id,
        accepted=told.accepted,
        without_customer=told.without_customer,
        in_part=told.in_part,
        orders=len(named),
        customers=int(named[c.CUSTOMER].nunique()),
        products=len(told.goods),
        revenue=round(float(named[c.REVENUE].sum()), 2),
        currency=told.currency,
        first=times.min().item() if len(times) else None,
        last=times.max().item() if len(times) else None,
        returns=Returns(len(returns), round(float(returns[c.REVENUE].sum()), 2)),
        changed=changed,
        # what the limits tell better
        notes=tuple(note for note in notes if note not in (NO_BUYER, NO_BUYER_LEFT, NO_PRODUCT, NAMES_ONLY))
        + (_without_customer(told.without_customer) if told.accepted else ()),
        unnamed_orders=len(unnamed),
        unnamed_revenue=round(float(unnamed[c.REVENUE].sum()), 2),
        timeline=timeline(orders[c.AT].to_numpy(), orders[c.REVENUE].to_numpy()),
        limits=limits(_facts(found, told), extent),
        findings=odd,
    )


def _facts(found: Understood, told: Purchases) -> Facts:
    at = told.orders[c.AT].to_numpy()
    prices = told.lines[c.PRICE].to_numpy()
    same = len(prices) > 1 and prices.min() == prices.max()
    reasons_told = Counter(told.rejected[c.REASON].tolist())
    return Facts(
        buyer="absent" if NO_BUYER in told.notes else "masked" if NO_BUYER_LEFT in told.notes else None,
        names_only=NAMES_ONLY in told.notes,
        has_products=NO_PRODUCT not in told.notes,
        has_time_of_day=bool((at.astype("datetime64[D]") != at).any()),
        only_price=float(prices[0]) if same else None,
        currency=told.currency,
        n_orders=len(told.orders),
        n_gone=sum(reasons_told[reason.message] for reason in reasons.GONE_BACK),
        hint=found.hint,
    )


def with_people(made: Receipt, known_by: Mapping[str, int], n_maybe: int, n_shared: int) -> Receipt:
    """The receipt with what is told of who its customers are: known ones by kind of key, pairs who may be one."""
    notes = []
    if known_by:
        notes.append(
            counted(
                "{n} customer was known before, by {keys}.",
                "{n} customers were known before, by {keys}.",
                n=sum(known_by.values()),
                keys=tuple(Phrase("{key} ({n})", key=KEY_WORDS[kind], n=n) for kind, n in known_by.items()),
            )
        )
    if n_maybe:
        notes.append(
            counted(
                "{n} pair of customers may be one person: /same shows them.",
                "{n} pairs of customers may be one person each: /same shows them.",
                n=n_maybe,
            )
        )
    if n_shared:
        notes.append(
            counted(
                "{n} e-mail or phone belongs to more than {most} people, such as a shop's own; it tells nobody apart.",
                "{n} e-mails or phones belong to more than {most} people, such as a shop's own; they tell nobody "
                "apart.",
                n=n_shared,
                most=MOST,
            )
        )
    return replace(made, known_by=known_by, pairs=n_maybe, notes=(*made.notes, *notes))


def of_people(
    found: Understood,
    told: People,
    import_id: int,
    customers: NDArray[np.int64],
    *,
    changed: int,
    answers_changed: int,
    kept: int,
    odd: tuple[Finding, ...] = (),
) -> Receipt:
    """`kept` people had unsubscribed before, and the file says yes for them."""
    rows = _rows(found, told.rejected)
    return Receipt(
        **rows,
        id=import_id,
        accepted=rows["rows"] - rows["rejected"],
        without_customer=0,
        customers=len(np.unique(customers[customers >= 0])),
        changed=changed,
        attributes=tuple(
            KeptColumn(made.name, made.kind, made.n_told, len(made.codes) - made.n_told) for made in told.answers
        ),
        answers_changed=answers_changed,
        notes=found.notes + told.notes + _unsubscribed_before(kept),
        findings=odd,
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
        without_customer=rows["rows"] - rows["rejected"] - len(told.events),
        customers=len(np.unique(customers[customers >= 0])),
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
    why = _reasons(told.rejected)
    raise FileRefused(
        counted(
            "The one row of {name} cannot be used: {reason}.",
            "None of the {n} rows of {name} can be used; the most frequent reason: {reason}.",
            n=found.table.n_rows,
            name=name,
            reason=Phrase(next(iter(why))),
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
        "duplicates": found.table.n_repeated,
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
