"""Orders of WooCommerce as export plugins write them: one row per item, the order's cells on each row.

Revenue: “Order Line Total”, which is after coupons, less “Order Line Total Refunded”; without it the item's cost less
its share of the cart's discount. “Quantity (- Refund)” is what was kept. Exports of orders without items count what
was paid without shipping. Shipping and fees do not count.
Source: Advanced Order Export For WooCommerce, and WebToffee's order export, column names of both.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known, Matched, Reshaped
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)


def _month_first(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    """WebToffee's dates are month/day/year, whatever the shop's country."""
    at = cells[c.AT].recoded(lambda text: _MONTH_FIRST.sub(r"\3-\1-\2\4", text.strip()))
    return Reshaped(table, {**cells, c.AT: at})


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
    reshape=_month_first,
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
