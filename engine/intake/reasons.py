"""Why a row is left out. The English message is also the key under which the receipt counts it."""

from typing import Final

from engine.phrases import Phrase

CANCELLED: Final = Phrase("cancelled order")
REFUNDED: Final = Phrase("refunded order")
NOT_PAID: Final = Phrase("order not paid")
RETURN: Final = Phrase("negative quantity (a return)")
MONEY_BACK: Final = Phrase("negative amount (a refund)")
ZERO_QUANTITY: Final = Phrase("quantity of zero")
NO_QUANTITY: Final = Phrase("no quantity")
QUANTITY_UNREADABLE: Final = Phrase("quantity cannot be read")
NO_PRICE: Final = Phrase("no price")
ZERO_PRICE: Final = Phrase("price of zero")
NEGATIVE_PRICE: Final = Phrase("negative price")
PRICE_UNREADABLE: Final = Phrase("price cannot be read")
NO_DATE: Final = Phrase("no date")
DATE_UNREADABLE: Final = Phrase("date cannot be read")
NO_ORDER: Final = Phrase("no order number")
NO_ORDER_NOR_CUSTOMER: Final = Phrase("neither order number nor customer")
ROUNDED_ORDER: Final = Phrase("order number rounded by the spreadsheet")
NO_SUCH_ORDER: Final = Phrase("item of an order that is not known")
NO_ITEMS: Final = Phrase("order without items in the file")
NO_PRODUCT: Final = Phrase("no product")
OTHER_CURRENCY: Final = Phrase("in another currency than most of the file")
NO_CUSTOMER: Final = Phrase("no customer number, e-mail, phone or name")
NO_EVENT: Final = Phrase("does not say what happened")
TOO_FEW_CELLS: Final = Phrase("too few cells")
TOO_MANY_CELLS: Final = Phrase("too many cells")
TOTAL: Final = Phrase("a total, not a row of the table")
NOTE: Final = Phrase("a note, not a row of the table")

# what the customer gave back, or never kept
GONE_BACK: Final = (CANCELLED, REFUNDED, RETURN, MONEY_BACK)
# what makes an order that was imported before void
VOID: Final = (CANCELLED, REFUNDED, NOT_PAID)
