"""The vocabulary of frames that cross rooms. Identifiers are the store's integers unless said otherwise."""

from typing import Final

# one row per thing, or a key into it
CUSTOMER: Final = "customer"
ORDER: Final = "order"
PRODUCT: Final = "product"
LINE: Final = "line"  # 1, 2, … within its order

# what a shop's own system calls them (text)
CUSTOMER_KEY: Final = "customer_key"
ORDER_KEY: Final = "order_key"
PRODUCT_KEY: Final = "product_key"

# under which keys a customer is known
KEY_KIND: Final = "key_kind"  # of the customer's key: id, email, phone, name
KEYS: Final = "keys"  # all (kind, key) that are told of one customer
IDENTITY: Final = "identity"  # what is told under one key; a customer is one or several

# an order line; an order
AT: Final = "at"  # datetime64, the shop's local time
QUANTITY: Final = "quantity"  # pieces
PRICE: Final = "price"  # money per piece
REVENUE: Final = "revenue"  # money: quantity times price, or the order's sum

# who
NAME: Final = "name"
EMAIL: Final = "email"
PHONE: Final = "phone"
GENDER: Final = "gender"  # "female", "male", "other"
BIRTH_YEAR: Final = "birth_year"
CITY: Final = "city"
REGION: Final = "region"
COUNTRY: Final = "country"
JOINED: Final = "joined"  # datetime64
INTERESTS: Final = "interests"  # text, separated by ";"
AGE: Final = "age"  # in years
CONSENT: Final = "consent"  # "granted", "withdrawn" or missing

# what
PRODUCT_NAME: Final = "product_name"
PRODUCT_NAME_ZH: Final = "product_name_zh"
PRODUCT_NAME_EN: Final = "product_name_en"
CATEGORY: Final = "category"
STOCK: Final = "stock"  # pieces in stock
LAUNCHED: Final = "launched"  # datetime64, when the shop began to sell it
ADDED: Final = "added"  # datetime64, when the store first heard of it
ATTRIBUTES: Final = "attributes"  # what else is told of it: texts by name
DESCRIPTION: Final = "description"
CURRENCY: Final = "currency"
STATUS: Final = "status"

# what rules of recommendation go by
COST: Final = "cost"  # money per piece, as the shop pays it
TWIN: Final = "twin"  # the first product that is the same thing
LIST_PLACE: Final = "list_place"  # 1, 2, … in a list as it is shown

# what somebody did besides ordering
KIND: Final = "kind"  # visit, view, cart, …; `engine.intake.acts` has the usual ones
VALUE: Final = "value"  # a rating, a score, an amount
PLACE: Final = "place"
SHARE: Final = "share"  # of the money of an order that went to one of its places

# what a customer's events say, as of the day after the newest event or order
EVENTS_30: Final = "events_30"  # in the last 30 days
EVENTS_90: Final = "events_90"
LAST_SEEN_DAYS: Final = "last_seen_days"  # days since the last event
MEAN_RATING: Final = "mean_rating"  # NaN without one
N_RATINGS: Final = "n_ratings"


def counted_in(what: str, days: int) -> str:
    """The column that counts the events of a kind in the last `days` days."""
    return f"{what}_in_{days}_days"


def stage_in(stage: str, days: int) -> str:
    """The column that counts the events of a stage of the preset in the last `days` days."""
    return counted_in(f"stage:{stage}", days)


# a customer's behaviour, as of the day after the last order in the data
FIRST_AT: Final = "first_at"  # datetime64, of the first order
LAST_AT: Final = "last_at"
RECENCY_DAYS: Final = "recency_days"  # days since the last order
FREQUENCY: Final = "frequency"  # number of orders
MONETARY: Final = "monetary"  # money over all orders
TENURE_DAYS: Final = "tenure_days"  # days since the first order
ORDER_VALUE: Final = "order_value"  # mean money per order
ITEMS_PER_ORDER: Final = "items_per_order"  # mean pieces per order
N_PRODUCTS: Final = "n_products"  # different products bought
GAP_DAYS: Final = "gap_days"  # median days between orders; NaN with one order

# where a customer stands (engine.lifecycle.stages)
STAGE: Final = "stage"  # awareness … churn, or unknown
WARNED: Final = "warned"  # whether they may be about to leave
PURCHASE_DAYS: Final = "purchase_days"  # number of days with a purchase
SIGN: Final = "sign"  # the kind of the event that tells it
SIGN_DAYS: Final = "sign_days"  # days since that event
VISITS: Final = "visits"  # number of visits

# what a customer is expected to do within the horizon; engine.lifecycle.forecast says what each interval holds
P_NONE: Final = "p_none"  # probability of no order, 0 to 1
P_NONE_LOW: Final = "p_none_low"
P_NONE_HIGH: Final = "p_none_high"
EXPECTED_ORDERS: Final = "expected_orders"  # days with an order
EXPECTED_ORDERS_LOW: Final = "expected_orders_low"
EXPECTED_ORDERS_HIGH: Final = "expected_orders_high"
EXPECTED_MONEY: Final = "expected_money"
EXPECTED_MONEY_LOW: Final = "expected_money_low"
EXPECTED_MONEY_HIGH: Final = "expected_money_high"
NEXT_ORDER_AT: Final = "next_order_at"  # datetime64 (day); NaT where an order within the horizon is unlikely
NEXT_ORDER_AT_LOW: Final = "next_order_at_low"
NEXT_ORDER_AT_HIGH: Final = "next_order_at_high"  # NaT also where there may never be one
USUAL_MONEY: Final = "usual_money"  # in as many days at the customer's own pace so far; NaN without a habit

# a recommendation
AGAIN: Final = "again"  # whether the customer had bought the product before
RANK: Final = "rank"  # 1, 2, … within its list
SCORE: Final = "score"  # more is better
RANKER: Final = "ranker"  # whose reason it has

# why a row was left out
ROW: Final = "row"  # in the file, the header being row 1
REASON: Final = "reason"
TEXT: Final = "text"

# how an import counts
N_LINES: Final = "n_lines"  # of an order
OF_SALE: Final = "of_sale"  # whether a return is the sale itself, of which orders have nothing or what is left
BOUGHT: Final = "bought"  # whether the file holds an order of this customer that counts
