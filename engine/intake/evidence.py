"""What the checks of data quality look at, and what they find: the same of one file and of the whole shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import reasons
from engine.phrases import Name, Phrase

if TYPE_CHECKING:
    from engine.intake.orders import Purchases

SHOWN = 5  # examples of one finding


@dataclass(frozen=True)
class LeftOut:
    """A row that was left out: its number, and how it stands in the file."""

    row: int
    text: str


@dataclass(frozen=True)
class Evidence:
    """Orders, lines, products and people; `customer`, `order` and `product` are positions here, -1 is nobody.

    orders    order_key, customer, at, revenue, quantity
    lines     order, product, quantity, price
    goods     product_key, names
    people    customer_key, name, birth_year, joined where they are known
    charges   per product, whether it is none: postage, a fee, a correction
    returned  per customer, the money that went back of what `orders` has: of a sale that is told as refunded,
              cancelled or void it has nothing, or what is left
    reasons   English message → rows that were left out for it
    left_out  the first of these rows
    repeated  rows that say in every cell what an earlier one says
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    goods: pd.DataFrame
    people: pd.DataFrame
    charges: NDArray[np.bool_]
    returned: NDArray[np.float64]
    currency: str | None
    today: date
    reasons: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, Sequence[LeftOut]] = field(default_factory=dict)
    repeated: int = 0

    @classmethod
    def of_file(cls, told: Purchases, charges: NDArray[np.bool_], repeated: int, today: date) -> Evidence:
        """What a file of orders shows. `repeated` rows say what an earlier one says."""
        against = told.returns[~told.returns[c.OF_SALE].to_numpy(dtype=np.bool_)]
        return cls(
            orders=told.orders,
            lines=told.lines,
            goods=told.goods,
            people=told.people,
            charges=charges,
            returned=sums(against[c.CUSTOMER].to_numpy(), against[c.REVENUE].to_numpy(), len(told.people)),
            currency=told.currency,
            today=today,
            reasons=dict(Counter(told.rejected[c.REASON].tolist())),
            left_out=first_left_out(told.rejected),
            repeated=repeated,
        )

    @classmethod
    def of_people(cls, people: pd.DataFrame, repeated: int, today: date) -> Evidence:
        """What a list of customers shows."""
        nothing = np.zeros(0)
        return cls(
            orders=pd.DataFrame(
                {
                    c.ORDER_KEY: [],
                    c.CUSTOMER: nothing.astype(np.int64),
                    c.AT: nothing.astype("datetime64[s]"),
                    c.REVENUE: nothing,
                    c.QUANTITY: nothing,
                }
            ),
            lines=pd.DataFrame(
                {
                    c.ORDER: nothing.astype(np.int64),
                    c.PRODUCT: nothing.astype(np.int64),
                    c.QUANTITY: nothing,
                    c.PRICE: nothing,
                }
            ),
            goods=pd.DataFrame({c.PRODUCT_KEY: []}),
            people=people,
            charges=nothing.astype(np.bool_),
            returned=np.zeros(len(people)),
            currency=None,
            today=today,
            repeated=repeated,
        )

    def key(self, order: int) -> str:
        return str(self.orders[c.ORDER_KEY].iloc[order])

    def day(self, order: int) -> date:
        at: date = self.orders[c.AT].to_numpy()[order].astype("datetime64[D]").item()
        return at

    def product(self, position: int) -> Name:
        return product_names(self.goods.iloc[[position]])[0]

    def who(self, position: int) -> str:
        """A customer's name and number, each once."""
        person = self.people.iloc[position]
        key, name = str(person[c.CUSTOMER_KEY]), person.get(c.NAME)
        return f"{name} ({key})" if name and name != key else key

    def spent(self) -> NDArray[np.float64]:
        """The money of each customer."""
        return sums(self.orders[c.CUSTOMER].to_numpy(), self.orders[c.REVENUE].to_numpy(), len(self.people))


def sums(who: NDArray[np.int64], money: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """The money of each of `n` customers; nobody's (-1) is left out."""
    named = who >= 0
    return np.bincount(who[named], money[named], n).astype(np.float64)


def first_left_out(rejected: pd.DataFrame) -> dict[str, list[LeftOut]]:
    """The first rows (row, reason, text) of each reason that is shown with examples."""
    shown = (reasons.NEGATIVE_PRICE, reasons.OTHER_CURRENCY)
    found = {reason.message: rejected[rejected[c.REASON] == reason.message].head(SHOWN) for reason in shown}
    return {
        reason: [LeftOut(*row) for row in zip(rows[c.ROW].tolist(), rows[c.TEXT].tolist(), strict=True)]
        for reason, rows in found.items()
    }


def product_names(goods: pd.DataFrame) -> list[Name]:
    """What each product is called; its key where it has no name."""
    absent = [None] * len(goods)
    fields = (c.PRODUCT_NAME, c.PRODUCT_NAME_EN, c.PRODUCT_NAME_ZH)
    told = (goods[field].tolist() if field in goods else absent for field in fields)
    return [
        Name(en or name or zh or key, zh or name or en or key)
        for name, en, zh, key in zip(*told, goods[c.PRODUCT_KEY].tolist(), strict=True)
    ]


@dataclass(frozen=True)
class Finding:
    """What a check has found: how many, some of them, what it means, what to do. It never changes the data.

    `is_fault`: it wants looking at; else it is good to know and may be as it should.
    """

    check: str
    n: int
    what: Phrase
    means: Phrase
    do: Phrase | None = None
    examples: tuple[Phrase, ...] = ()
    is_fault: bool = True
