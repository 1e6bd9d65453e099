"""Shopify's export of orders: one row per item, the order's own cells on its first row only.

“Name” is the order's number (#1001) and “Phone” the buyer's. Revenue: “Lineitem price” is before discounts, so each
line bears its share of “Discount Amount”, as far as “Subtotal” shows that it came off goods and not off shipping; of
“Refunded Amount” as well, which is taken for goods first. Shipping and taxes do not count.
Source: Shopify Help Center, "Exporting orders", column descriptions.
"""

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known
from engine.phrases import Phrase

LAYOUT = Known(
    name="Shopify orders",
    kind="orders",
    platform="Shopify",
    needed="name createdat lineitemname lineitemquantity lineitemprice",
    words={
        c.ORDER_KEY: "name",
        c.AT: "createdat",
        f.CANCELLED_AT: "cancelledat",
        c.STATUS: "financialstatus",
        c.CURRENCY: "currency",
        c.EMAIL: "email",
        c.PHONE: "phone billingphone",
        c.NAME: "billingname shippingname",
        c.CITY: "billingcity",
        c.REGION: "billingprovince",
        c.COUNTRY: "billingcountry",
        c.PRODUCT_KEY: "lineitemsku",
        c.PRODUCT_NAME: "lineitemname",
        c.QUANTITY: "lineitemquantity",
        c.PRICE: "lineitemprice",
        f.DISCOUNT: "discountamount",
        f.LINE_DISCOUNT: "lineitemdiscount",
        f.SUBTOTAL: "subtotal",
        f.ORDER_REFUND: "refundedamount",
    },
    hint=Phrase(
        "Shopify's orders name the buyer by e-mail, which sales at the till lack; your customers are told by "
        "Customers → Export."
    ),
)
