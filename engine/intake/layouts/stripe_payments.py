"""Stripe's export of payments, of which each user picks the columns: one row per payment, no products.

Revenue: “Amount” less “Amount Refunded”; where Stripe has converted them, the converted amounts, so that payments in
several currencies add up. A payment that failed, or was never captured, is none.
Source: Stripe documentation, "Export data: payments".
"""

from collections.abc import Mapping

import numpy as np

from engine import columns as c
from engine.intake import fields as f
from engine.intake import words
from engine.intake.identity import first_said
from engine.intake.layouts import Known, Reshaped, column
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_CONVERTED = {
    f.PAID: "convertedamount",
    f.ORDER_REFUND: "convertedamountrefunded",
    c.CURRENCY: "convertedcurrency",
}


def _as_settled(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    new = dict(cells)
    there = {field: found for field, word in _CONVERTED.items() if (found := column(table, word)) is not None}
    if set(there) == set(_CONVERTED):
        # all three of a row, or none: an amount must not be read in the other one's currency
        told = ~(there[f.PAID].recoded(words.text).blank | there[c.CURRENCY].recoded(words.text).blank)
        for field, converted in there.items():
            if field in cells:
                new[field] = _where(told, converted, cells[field])
    captured = column(table, "captured")
    if captured is not None:
        no = captured.says(lambda text: words.text(text).lower() in ("false", "no"))
        new[c.STATUS] = _where(no, Column("", np.zeros(len(no), dtype=np.int32), ["uncaptured"]), cells[c.STATUS])
    return Reshaped(table, new)


def _where(rows: np.typing.NDArray[np.bool_], a: Column, b: Column) -> Column:
    first = Column(b.header, np.where(rows, a.codes + 1, 0).astype(np.int32), ["", *a.texts])
    rest = Column(b.header, np.where(rows, 0, b.codes + 1).astype(np.int32), ["", *b.texts])
    return first_said([first, rest])


LAYOUT = Known(
    name="Stripe payments",
    kind="orders",
    platform="Stripe",
    needed="id amount currency status created|createddate "
    "amountrefunded|captured|convertedamount|sellermessage|statementdescriptor|cardid",
    words={
        c.ORDER_KEY: "id",
        c.AT: "created createddate",
        f.PAID: "amount",
        f.ORDER_REFUND: "amountrefunded",
        c.CURRENCY: "currency",
        c.STATUS: "status",
        c.CUSTOMER_KEY: "customerid",
        c.EMAIL: "customeremail",
        c.NAME: "cardname",
        c.CITY: "cardaddresscity",
        c.REGION: "cardaddressstate",
        c.COUNTRY: "cardaddresscountry",
    },
    hint=Phrase(
        "When you export payments from Stripe, choose all columns: Customer ID and Customer Email tell who paid."
    ),
    notes=(
        Phrase(
            "Subscriptions pay again by themselves: where you sell any, a repeated payment is a renewal and no new "
            "decision to buy."
        ),
    ),
    reshape=_as_settled,
)
