"""WooCommerce › Analytics › Orders: one row per order, its products in one cell, its buyer by name alone.

Revenue: “Net Sales”, which is after coupons and without shipping and taxes, spread over the pieces; without that
column “N. Revenue (formatted)”, which is the same as text. A row with a negative amount is a refund.
Source: WooCommerce documentation, "Orders report".
"""

from collections.abc import Mapping

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known, Reshaped
from engine.intake.splitting import by_names, counted_before
from engine.intake.tables import Column, Table
from engine.phrases import Phrase


def _one_line_per_product(table: Table, cells: Mapping[str, Column]) -> Reshaped:
    return by_names(table, cells, c.PRODUCT_NAME, counted_before)


LAYOUT = Known(
    name="WooCommerce analytics",
    kind="orders",
    platform="WooCommerce",
    needed="date order status product(s) customer netsales|nrevenue(formatted)|nrevenue",
    words={
        c.ORDER_KEY: "order",
        c.AT: "date",
        c.STATUS: "status",
        c.NAME: "customer",
        c.PRODUCT_NAME: "product(s)",
        c.QUANTITY: "itemssold",
        f.PAID: "netsales nrevenue(formatted) nrevenue",
        c.CURRENCY: "nrevenue(formatted) nrevenue",
    },
    hint=Phrase(
        "WooCommerce's Analytics tells only the buyer's name; an export plugin for orders, with the billing e-mail "
        "among its columns, tells who the buyer is."
    ),
    reshape=_one_line_per_product,
)
