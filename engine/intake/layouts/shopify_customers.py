"""Shopify's export of customers, with and without “Default” before the address; e-mail and text messages apart.

No orders and no revenue: “Total Spent” is what Shopify has added up, and is left alone.
Source: Shopify Help Center, "Importing and exporting customer lists".
"""

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known

LAYOUT = Known(
    name="Shopify customers",
    kind="customers",
    platform="Shopify",
    needed="firstname lastname email acceptsemailmarketing|acceptsmarketing totalspent",
    words={
        c.CUSTOMER_KEY: "customerid",
        f.FIRST_NAME: "firstname",
        f.LAST_NAME: "lastname",
        c.EMAIL: "email",
        c.PHONE: "phone defaultaddressphone",
        c.CITY: "defaultaddresscity city",
        c.REGION: "defaultaddressprovincecode province provincecode",
        c.COUNTRY: "defaultaddresscountrycode country countrycode",
        c.INTERESTS: "tags",
        f.EMAIL_CONSENT: "acceptsemailmarketing acceptsmarketing",
        f.SMS_CONSENT: "acceptssmsmarketing",
    },
)
