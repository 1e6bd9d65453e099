"""What the gaps mean for each thing that the data are used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from engine import columns as c
from engine.missing.fields import BUYER
from engine.phrases import Phrase, counted


@dataclass(frozen=True)
class Use:
    """One thing that the data are used for, and how many of `total` (customers, unless the sentence says otherwise)
    a gap affects; `fields` are those whose gaps do it.
    """

    key: str
    words: Phrase
    sentence: Phrase
    n: int
    total: int
    fields: tuple[str, ...]


def uses(customers: pd.DataFrame, *, without_buyer: int = 0, without_category: int = 0) -> tuple[Use, ...]:
    """One per use, whether a gap affects it or not.

    `customers` is `prepared` and has a column for each field of customers and for the number of orders;
    `without_buyer` orders name no customer, `without_category` products no category.
    """
    return (*_of_customers(customers), _recommendations(customers, without_buyer, without_category))


def _of_customers(customers: pd.DataFrame) -> Iterator[Use]:
    total = len(customers)
    without = {key: customers[key].isna() for key in customers.columns}
    nowhere = without[c.CITY] & without[c.REGION] & without[c.COUNTRY]
    unreachable = without[c.EMAIL] & without[c.PHONE]
    never = _never_bought(customers)

    def of_customers(key: str, words: Phrase, lacking: pd.Series, sentence: Phrase, *fields: str) -> Use:
        return Use(key, words, sentence, int(lacking.sum()), total, fields)

    def told(lacking: pd.Series) -> int:
        return int(lacking.sum())

    yield of_customers(
        "names",
        Phrase("Messages with names"),
        without[c.NAME],
        counted(
            "{n} customer is greeted without a name.",
            "{n} customers are greeted without a name.",
            n=told(without[c.NAME]),
        ),
        c.NAME,
    )
    yield of_customers(
        "email",
        Phrase("E-mail"),
        without[c.EMAIL],
        counted(
            "{n} customer cannot be reached by e-mail.",
            "{n} customers cannot be reached by e-mail.",
            n=told(without[c.EMAIL]),
        ),
        c.EMAIL,
    )
    yield of_customers(
        "sms",
        Phrase("Text messages and calls"),
        without[c.PHONE],
        counted(
            "{n} customer cannot be reached by phone; neither by phone nor by e-mail: {neither}.",
            "{n} customers cannot be reached by phone; neither by phone nor by e-mail: {neither}.",
            n=told(without[c.PHONE]),
            neither=told(unreachable),
        ),
        c.PHONE,
        c.EMAIL,
    )
    barred = without[c.CONSENT] & never
    yield of_customers(
        "consent",
        Phrase("Permission to write"),
        without[c.CONSENT],
        counted(
            "Of {n} customer no consent is on record; {barred} of them never bought, so campaigns leave these out.",
            "Of {n} customers no consent is on record; {barred} of them never bought, so campaigns leave these out.",
            n=told(without[c.CONSENT]),
            barred=told(barred),
        ),
        c.CONSENT,
    )
    yield of_customers(
        "age",
        Phrase("Groups by age"),
        without[c.BIRTH_YEAR],
        counted(
            "The age of {n} customer is unknown.", "The age of {n} customers is unknown.", n=told(without[c.BIRTH_YEAR])
        ),
        c.BIRTH_YEAR,
    )
    yield of_customers(
        "gender",
        Phrase("Groups by gender"),
        without[c.GENDER],
        counted(
            "The gender of {n} customer is unknown.",
            "The gender of {n} customers is unknown.",
            n=told(without[c.GENDER]),
        ),
        c.GENDER,
    )
    yield of_customers(
        "place",
        Phrase("Groups by place"),
        without[c.CITY],
        counted(
            "The city of {n} customer is unknown; of {nowhere} nothing is known, not even the country.",
            "The city of {n} customers is unknown; of {nowhere} nothing is known, not even the country.",
            n=told(without[c.CITY]),
            nowhere=told(nowhere),
        ),
        c.CITY,
        c.REGION,
        c.COUNTRY,
    )
    yield of_customers(
        "lifecycle",
        Phrase("Segments and lifecycle"),
        never,
        counted(
            "{n} customer has no order on record and is in no segment.",
            "{n} customers have no order on record and are in no segment.",
            n=told(never),
        ),
    )
    yield of_customers(
        "birthday",
        Phrase("Birthday campaigns"),
        without[c.BIRTH_YEAR],
        counted(
            "{n} customer has no year of birth; of the others the year alone is kept, not the day.",
            "{n} customers have no year of birth; of the others the year alone is kept, not the day.",
            n=told(without[c.BIRTH_YEAR]),
        ),
        c.BIRTH_YEAR,
    )


def _recommendations(customers: pd.DataFrame, without_buyer: int, without_category: int) -> Use:
    never = int(_never_bought(customers).sum())
    sentence = counted(
        "{n} customer has no order on record and is shown what sells best; {orders} without a buyer teach nothing "
        "about tastes; products without a category: {products}.",
        "{n} customers have no order on record and are shown what sells best; {orders} without a buyer teach nothing "
        "about tastes; products without a category: {products}.",
        n=never,
        orders=counted("{n} order", "{n} orders", n=without_buyer),
        products=without_category,
    )
    return Use("recommend", Phrase("Recommendations"), sentence, never, len(customers), (BUYER, c.CATEGORY))


def _never_bought(customers: pd.DataFrame) -> pd.Series:
    return customers[c.FREQUENCY].fillna(0) == 0
