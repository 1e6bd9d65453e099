"""What a column of a file can be, beyond `engine.columns`, and what each is called in a sentence."""

from typing import Final

from engine import columns as c
from engine.phrases import Phrase

ORDER_TOTAL: Final = "order_total"  # money of the whole order, stated on one or all of its rows
PAID: Final = "paid"  # what the buyer paid for the whole order, shipping included where SHIPPING is told
SHIPPING: Final = "shipping"  # the part of PAID that is no revenue of goods
DISCOUNT: Final = "discount"  # money off the whole order, off the prices of its lines
LINE_DISCOUNT: Final = "line_discount"  # money off the line
SUBTOTAL: Final = "subtotal"  # the order's goods after all discounts: they took off no more than this shows
REFUND: Final = "refund"  # money that went back, of the line
ORDER_REFUND: Final = "order_refund"  # money that went back, of the whole order
LINE_STATUS: Final = "line_status"  # REFUND_STATUS is of the whole order, this of the line alone
KEPT: Final = "kept"  # pieces of the line that did not come back
REFUND_STATUS: Final = "refund_status"
CANCELLED_AT: Final = "cancelled_at"
FIRST_NAME: Final = "first_name"
LAST_NAME: Final = "last_name"
BIRTHDAY: Final = "birthday"
AGE: Final = "age"
OPTED_OUT: Final = "opted_out"
EMAIL_CONSENT: Final = "email_consent"  # to be written to by e-mail; CONSENT is to be written to at all
SMS_CONSENT: Final = "sms_consent"
WITHOUT_ORDER: Final = "without_order"  # says something where no table tells the order of an item
WITHOUT_ITEMS: Final = "without_items"  # says something where no table tells what was in an order
PAID_AT: Final = "paid_at"  # when the order was paid, beside another column for its date
BEHAVIOUR: Final = "behaviour"  # 1 view, 2 favourite, 3 cart, 4 buy

WORDS: Final = {
    c.ORDER_KEY: Phrase("order number"),
    c.CUSTOMER_KEY: Phrase("customer number"),
    c.PRODUCT_KEY: Phrase("product number"),
    c.AT: Phrase("order date"),
    c.QUANTITY: Phrase("quantity"),
    c.PRICE: Phrase("price"),
    c.REVENUE: Phrase("amount of the line"),
    ORDER_TOTAL: Phrase("amount of the order"),
    PAID: Phrase("amount paid for the order"),
    SHIPPING: Phrase("shipping"),
    DISCOUNT: Phrase("discount"),
    LINE_DISCOUNT: Phrase("discount on the line"),
    SUBTOTAL: Phrase("amount of the goods"),
    REFUND: Phrase("amount refunded"),
    ORDER_REFUND: Phrase("amount refunded of the order"),
    LINE_STATUS: Phrase("refund status of the line"),
    KEPT: Phrase("quantity that was kept"),
    REFUND_STATUS: Phrase("refund status"),
    CANCELLED_AT: Phrase("date of cancellation"),
    c.STATUS: Phrase("order status"),
    c.CURRENCY: Phrase("currency"),
    c.PRODUCT_NAME: Phrase("product name"),
    c.PRODUCT_NAME_ZH: Phrase("Chinese product name"),
    c.PRODUCT_NAME_EN: Phrase("English product name"),
    c.CATEGORY: Phrase("category"),
    c.NAME: Phrase("customer name"),
    FIRST_NAME: Phrase("first name"),
    LAST_NAME: Phrase("last name"),
    c.EMAIL: Phrase("e-mail"),
    c.PHONE: Phrase("phone"),
    c.GENDER: Phrase("gender"),
    c.BIRTH_YEAR: Phrase("year of birth"),
    BIRTHDAY: Phrase("birthday"),
    AGE: Phrase("age"),
    c.CITY: Phrase("city"),
    c.REGION: Phrase("region"),
    c.COUNTRY: Phrase("country"),
    c.JOINED: Phrase("joining date"),
    c.INTERESTS: Phrase("interests"),
    c.CONSENT: Phrase("consent"),
    OPTED_OUT: Phrase("unsubscribed"),
    EMAIL_CONSENT: Phrase("consent to e-mails"),
    SMS_CONSENT: Phrase("consent to text messages"),
    c.STOCK: Phrase("stock"),
    c.DESCRIPTION: Phrase("description"),
    c.COST: Phrase("cost per piece"),
    c.LAUNCHED: Phrase("launch date"),
    c.ATTRIBUTES: Phrase("attributes"),
    c.KIND: Phrase("event"),
    BEHAVIOUR: Phrase("event"),
    c.VALUE: Phrase("rating or amount"),
    c.PLACE: Phrase("place"),
}
