"""What the gaps mean for each thing that the data are used for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from engine import columns as c
from engine.missing.fields import BUYER
from engine.phrases import Phrase, counted

COMPLETE = Phrase("nothing is missing for this.")
NOBODY = Phrase("no customer is known yet.")


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
        n = told(lacking)
        return Use(key, words, sentence if n else COMPLETE if total else NOBODY, n, total, fields)

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
        _and(
            counted(
                "{n} customer cannot be reached by phone.",
                "{n} customers cannot be reached by phone.",
                n=told(without[c.PHONE]),
            ),
            told(unreachable),
            Phrase("Neither by phone nor by e-mail: {n}.", n=told(unreachable)),
        ),
        c.PHONE,
        c.EMAIL,
    )
    barred = without[c.CONSENT] & never
    yield of_customers(
        "consent",
        Phrase("Permission to write"),
        without[c.CONSENT],
        _and(
            counted(
                "of {n} customer no consent is on record.",
                "of {n} customers no consent is on record.",
                n=told(without[c.CONSENT]),
            ),
            told(barred),
            Phrase("Campaigns leave out those of them who never bought: {n}.", n=told(barred)),
        ),
        c.CONSENT,
    )
    yield of_customers(
        "age",
        Phrase("Groups by age"),
        without[c.BIRTH_YEAR],
        counted(
            "the age of {n} customer is unknown.", "the age of {n} customers is unknown.", n=told(without[c.BIRTH_YEAR])
        ),
        c.BIRTH_YEAR,
    )
    yield of_customers(
        "gender",
        Phrase("Groups by gender"),
        without[c.GENDER],
        counted(
            "the gender of {n} customer is unknown.",
            "the gender of {n} customers is unknown.",
            n=told(without[c.GENDER]),
        ),
        c.GENDER,
    )
    yield of_customers(
        "place",
        Phrase("Groups by place"),
        without[c.CITY],
        _and(
            counted(
                "the city of {n} customer is unknown.",
                "the city of {n} customers is unknown.",
                n=told(without[c.CITY]),
            ),
            told(nowhere),
            Phrase("Not even the country is known of {n}.", n=told(nowhere)),
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


def _and(first: Phrase, n: int, more: Phrase) -> Phrase:
    """Both sentences, or the first alone where the second counts nobody."""
    return Phrase("{sentence} {why}", sentence=first, why=more) if n else first


def _recommendations(customers: pd.DataFrame, without_buyer: int, without_category: int) -> Use:
    never = int(_never_bought(customers).sum())
    told = [
        (
            never,
            counted(
                "{n} customer without an order sees what sells best",
                "{n} customers without an order see what sells best",
                n=never,
            ),
        ),
        (
            without_buyer,
            counted(
                "{n} order without a buyer teaches nothing about tastes",
                "{n} orders without a buyer teach nothing about tastes",
                n=without_buyer,
            ),
        ),
        (without_category, counted("{n} product has no category", "{n} products have no category", n=without_category)),
    ]
    facts = tuple(fact for n, fact in told if n)
    sentence = Phrase("{facts}.", facts=facts) if facts else COMPLETE
    return Use("recommend", Phrase("Recommendations"), sentence, never, len(customers), (BUYER, c.CATEGORY))


def _never_bought(customers: pd.DataFrame) -> pd.Series:
    return customers[c.FREQUENCY].fillna(0) == 0
