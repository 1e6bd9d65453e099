"""Orders of WooCommerce as export plugins write them: one row per item, the order's cells on each row.

Revenue: “Order Line Total”, which is after coupons, less “Order Line Total Refunded”; without it the item's cost less
its share of the cart's discount. “Quantity (- Refund)” is what was kept. Exports of orders without items count what
was paid without shipping; where each item has a column of its own, the items' totals. Shipping and fees do not count.
Source: Advanced Order Export For WooCommerce, and WebToffee's order export, column names of both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known, Matched, Reshaped
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_ITEM = re.compile(r"lineitem\d+")
_OF_THE_ITEM = {
    c.PRODUCT_KEY: ("sku", "product_id"),
    c.PRODUCT_NAME: ("name",),
    c.QUANTITY: ("quantity",),
    c.REVENUE: ("total",),
}
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)


def _webtoffee(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    """Its dates are month/day/year, whatever the shop's country; each item has a column: name:…|sku:…|quantity:…."""
    at = cells[c.AT].recoded(lambda text: _MONTH_FIRST.sub(r"\3-\1-\2\4", text.strip()))
    new = {**cells, c.AT: at}
    items = [column for column in table.columns if _ITEM.fullmatch(folded(column.header))]
    if not items:
        return Reshaped(table, new)
    owner = np.concatenate([_first_and_filled(number, column) for number, column in enumerate(items)])
    which = np.repeat(np.arange(len(items)), [len(_first_and_filled(n, column)) for n, column in enumerate(items)])
    by_row = np.argsort(owner, kind="stable")
    owner, which = owner[by_row], which[by_row]
    new = {field: column.taken(owner) for field, column in new.items() if field not in (f.PAID, f.SHIPPING)}
    texts = ["", *(text for column in items for text in column.texts)]
    starts = np.cumsum([1, *(len(column.texts) for column in items)])[:-1]
    codes = np.stack([column.codes for column in items])[which, owner] + starts[which]
    packed = Column("line_item", codes.astype(np.int32), texts)
    for field, names in _OF_THE_ITEM.items():
        new[field] = packed.recoded(lambda text, names=names: _told(text, names))  # type: ignore[misc]
    return Reshaped(table.taken(owner), new)


def _first_and_filled(number: int, column: Column) -> NDArray[np.int64]:
    """The rows that have an item in this column; the first column has a line for each order."""
    return np.arange(len(column.codes)) if number == 0 else np.flatnonzero(~column.matches(r"\s*"))


def _told(cell: str, names: Sequence[str]) -> str:
    facts = dict(part.split(":", 1) for part in cell.split("|") if ":" in part)
    return next((value for name in names if (value := facts.get(name, "").strip())), "")


_ITEMS = Known(
    name="WooCommerce items",
    kind="orders",
    platform="WooCommerce",
    needed="ordernumber|orderid orderstatus orderdate quantity itemcost|orderlinetotal sku|name "
    "email(billing)|phone(billing)|firstname(billing)|quantity(refund)|orderlinetotal",
    words={
        c.ORDER_KEY: "ordernumber orderid",
        c.STATUS: "orderstatus",
        c.AT: "orderdate",
        c.CUSTOMER_KEY: "customerid customeruserid",
        f.FIRST_NAME: "firstname(billing)",
        f.LAST_NAME: "lastname(billing)",
        c.EMAIL: "email(billing)",
        c.PHONE: "phone(billing)",
        c.CITY: "city(billing)",
        c.REGION: "statecode(billing)",
        c.COUNTRY: "countrycode(billing)",
        c.PRODUCT_KEY: "sku productid",
        c.PRODUCT_NAME: "name itemname productname",
        c.QUANTITY: "quantity",
        f.KEPT: "quantity(refund)",
        c.PRICE: "itemcost",
        c.REVENUE: "orderlinetotal",
        f.REFUND: "orderlinetotalrefunded",
        f.ORDER_REFUND: "orderrefundamount",
        f.DISCOUNT: "cartdiscountamount",
        c.CURRENCY: "ordercurrency currency",
    },
)
_ORDERS = Known(
    name="WooCommerce orders",
    kind="orders",
    platform="WooCommerce",
    needed="orderid|ordernumber orderdate status ordertotal ordercurrency billingfirstname|customeremail|billingemail",
    words={
        c.ORDER_KEY: "ordernumber orderid",
        c.STATUS: "status",
        c.AT: "orderdate",
        c.EMAIL: "billingemail customeremail",
        c.PHONE: "billingphone",
        f.FIRST_NAME: "billingfirstname",
        f.LAST_NAME: "billinglastname",
        c.CITY: "billingcity",
        c.REGION: "billingstate",
        c.COUNTRY: "billingcountry",
        f.PAID: "ordertotal",
        f.SHIPPING: "shippingtotal",
        f.ORDER_REFUND: "refundedtotal totalrefunded",
        c.CURRENCY: "ordercurrency",
    },
    reshape=_webtoffee,
)
_HINT = Phrase(
    "In the plugin's settings, add the billing e-mail or phone to the columns it exports: it tells who the buyer is."
)


@dataclass(frozen=True)
class Plugin:
    name: str = "WooCommerce export plugin"
    precedence: int = 20

    def match(self, headers: Sequence[str]) -> Matched | None:
        found = _ITEMS.match(headers) or _ORDERS.match(headers)
        return None if found is None else replace(found, columns=_counted_once(found.columns), hint=_HINT)


def _counted_once(columns: Mapping[str, int]) -> dict[str, int]:
    """The line's total is after the discount, and the line's refund is part of the order's."""
    stands_for = {c.REVENUE: (c.PRICE, f.DISCOUNT), f.REFUND: (f.ORDER_REFUND,), f.KEPT: (f.ORDER_REFUND,)}
    twice = {other for field, others in stands_for.items() if field in columns for other in others}
    return {field: position for field, position in columns.items() if field not in twice}


LAYOUT = Plugin()
