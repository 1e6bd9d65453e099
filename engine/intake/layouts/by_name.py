"""Any table whose columns have names of the table of synonyms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Kind, Matched
from engine.intake.synonyms import BARE, CUSTOMERS, EVENTS, IMPLIED_EVENTS, ORDERS, PRODUCTS, folded
from engine.phrases import Phrase, counted

WHO = (c.CUSTOMER_KEY, c.EMAIL, c.PHONE, c.NAME)
NAMES = (c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN)
MONEY = (c.PRICE, c.REVENUE, f.ORDER_TOTAL, f.PAID)
# an export that has one of these is of orders and nothing else
SOLD = (c.ORDER_KEY, c.REVENUE, f.ORDER_TOTAL)
# what is told of people and of nothing else
DEMOGRAPHIC = (c.GENDER, c.BIRTH_YEAR, f.BIRTHDAY, f.AGE)


@dataclass(frozen=True)
class ByName:
    """Events if there is a column for them, orders if something was sold on a date for money, customers, products."""

    name: str = "by name"
    precedence: int = 0

    def match(self, headers: Sequence[str]) -> Matched | None:
        sold, left = assigned(headers, "orders")
        acts, left_of_acts = assigned(headers, "events")
        if _are_events(headers, acts, sold):
            return Matched("events", acts, told(headers, acts, left_of_acts))
        if not missing_for_orders(sold):
            return Matched("orders", sold, told(headers, sold, left))
        if has(sold, *SOLD):
            return None
        people, left = assigned(headers, "customers")
        if has(people, *WHO) and not has(sold, c.QUANTITY, c.PRICE, c.PRODUCT_KEY):
            return Matched("customers", people, told(headers, people, left))
        goods, left = assigned(headers, "products")
        if (
            len(goods) > 1
            and has(goods, c.PRODUCT_KEY, c.PRODUCT_NAME)
            and not has(sold, c.CUSTOMER_KEY, c.EMAIL, c.PHONE)
            and (c.AT not in sold or sold[c.AT] == goods.get(c.LAUNCHED))
        ):
            return Matched("products", goods, told(headers, goods, left))
        if len(headers) > 2 and has(people, *DEMOGRAPHIC) and not has(sold, *SALES):
            # nobody has a number or a name: each row is somebody
            return Matched("customers", people)
        return None


LAYOUT = ByName()


SALES = (*SOLD, c.AT, c.PRICE, c.QUANTITY, c.PRODUCT_KEY, c.PRODUCT_NAME)


def _are_events(headers: Sequence[str], acts: Mapping[str, int], sold: Mapping[str, int]) -> bool:
    """Whether a column says who did what when; without one that says what, a word such as “visited at” does."""
    if not has(acts, *WHO) or c.AT not in acts or c.ORDER_KEY in sold:
        return False
    if c.KIND in acts:
        return True
    said = [folded(headers[acts[field]]) for field in (c.AT, c.VALUE) if field in acts]
    people = assigned(headers, "customers")[0]
    apart = not has(people, *DEMOGRAPHIC, c.CONSENT, f.OPTED_OUT, c.JOINED) and missing_for_orders(sold) != ()
    return apart and any(word in IMPLIED_EVENTS for word in said)


def has(chosen: Mapping[str, object], *any_of: str) -> bool:
    return any(field in chosen for field in any_of)


def assigned(headers: Sequence[str], kind: Kind) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Which column is which field, and which columns would also have been it.

    The word that stands first in its field's list of synonyms wins, then the column further left.
    """
    table = _ranks(kind)
    offers = sorted(
        (rank, position, field)
        for position, header in enumerate(headers)
        for field, rank in table.get(folded(header), {}).items()
    )
    chosen: dict[str, int] = {}
    taken: set[int] = set()
    for _, position, field in offers:
        if field not in chosen and position not in taken:
            chosen[field] = position
            taken.add(position)
    left: dict[str, list[int]] = {}
    for _, position, field in offers:
        if position not in taken:
            left.setdefault(field, []).append(position)
            taken.add(position)
    if kind == "orders":
        _name_the_buyer(headers, chosen, left)
    elif kind != "events":
        _number_the_bare(headers, chosen, left)
    if kind == "products" and c.DESCRIPTION in chosen and not has(chosen, *NAMES):
        chosen[c.PRODUCT_NAME] = chosen.pop(c.DESCRIPTION)
    return chosen, left


def _number_the_bare(headers: Sequence[str], chosen: dict[str, int], left: dict[str, list[int]]) -> None:
    """Beside a column “name” one called “customer” or “product” is the number, if no other column is."""
    for key, name in ((c.CUSTOMER_KEY, c.NAME), (c.PRODUCT_KEY, c.PRODUCT_NAME)):
        offers = [chosen[name], *left.get(name, [])] if name in chosen else []
        bare = [position for position in offers if folded(headers[position]) in BARE]
        called = [position for position in offers if position not in bare]
        if key in chosen or not bare or not called:
            continue
        chosen[key], chosen[name] = bare[0], called[0]
        _leave(left, name, [*called[1:], *bare[1:]])


def _name_the_buyer(headers: Sequence[str], chosen: dict[str, int], left: dict[str, list[int]]) -> None:
    """A column “name” is the customer's where another one is the product's."""
    if c.NAME in chosen or c.PRODUCT_NAME not in chosen:
        return
    others = left.get(c.PRODUCT_NAME, [])
    called = [position for position in others if folded(headers[position]) == "name"]
    if called:
        chosen[c.NAME] = called[0]
        _leave(left, c.PRODUCT_NAME, [position for position in others if position != called[0]])
    elif folded(headers[chosen[c.PRODUCT_NAME]]) == "name" and c.PRODUCT_KEY in chosen and not has(chosen, *WHO):
        chosen[c.NAME] = chosen.pop(c.PRODUCT_NAME)


def _leave(left: dict[str, list[int]], field: str, positions: list[int]) -> None:
    left.pop(field, None)
    if positions:
        left[field] = positions


def offered(header: str, kind: Kind) -> frozenset[str]:
    """The fields that this very word stands for."""
    return frozenset(_ranks(kind).get(folded(header), {}))


def missing_for_orders(chosen: Mapping[str, int]) -> tuple[Phrase, ...]:
    """What a table of orders must have and this one has not."""
    missing = []
    if c.AT not in chosen:
        missing.append(Phrase("the date"))
    if not has(chosen, *MONEY):
        missing.append(Phrase("the price or amount"))
    if not has(chosen, c.ORDER_KEY, *WHO) and not _is_book_of_sales(chosen):
        missing.append(Phrase("the order number or customer"))
    return tuple(missing)


def _is_book_of_sales(chosen: Mapping[str, int]) -> bool:
    """Whether it says what was sold when for how much: without a buyer too that tells of products and times.

    A date, a product and its price alone are a list of goods.
    """
    sold = has(chosen, c.REVENUE, f.ORDER_TOTAL) or (c.PRICE in chosen and c.QUANTITY in chosen)
    return sold and c.AT in chosen and has(chosen, c.PRODUCT_KEY, *NAMES)


def told(headers: Sequence[str], chosen: Mapping[str, int], left: Mapping[str, Sequence[int]]) -> tuple[Phrase, ...]:
    """What the user should know about columns that could have been used as well."""
    return tuple(
        counted(
            "As {field} the column “{used}” is used; “{others}” looks like it too.",
            "As {field} the column “{used}” is used; {n} others look like it too: {others}.",
            n=len(positions),
            field=f.WORDS[field],
            used=headers[chosen[field]],
            others=tuple(headers[position] for position in positions),
        )
        for field, positions in left.items()
    )


@cache
def _ranks(kind: Kind) -> dict[str, dict[str, int]]:
    """Word → field → its place in the field's list."""
    table: dict[str, dict[str, int]] = {}
    for field, words in {"orders": ORDERS, "customers": CUSTOMERS, "products": PRODUCTS, "events": EVENTS}[
        kind
    ].items():
        for rank, word in enumerate(words.split()):
            table.setdefault(word, {}).setdefault(field, rank)
    return table
