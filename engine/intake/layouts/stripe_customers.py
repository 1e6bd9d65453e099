"""Stripe's export of customers: “id” is the customer's. No orders and no revenue; “Total Spend” is left alone.

Source: Stripe documentation, "Export data: customers".
"""

from engine import columns as c
from engine.intake.layouts import Known

LAYOUT = Known(
    name="Stripe customers",
    kind="customers",
    platform="Stripe",
    needed="id email created delinquent|totalspend|paymentcount",
    words={
        c.CUSTOMER_KEY: "id",
        c.EMAIL: "email",
        c.NAME: "name",
        c.PHONE: "phone",
        c.JOINED: "created",
        c.CITY: "cardaddresscity",
        c.REGION: "cardaddressstate",
        c.COUNTRY: "cardaddresscountry",
    },
)
