"""The fields in which something may be missing: what each is called, and what kind of thing it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase

Kind = Literal["number", "day", "choice", "own"]

NUMERIC_SHARE = 0.95  # of the known cells: from there a column holds numbers or days, the rest are slips
ISO_DAY = r"\d{4}-\d{2}-\d{2}([T ][\d:.]+)?"
FEW_CHOICES = 50
FEW_PER_CHOICE = 3  # known cells per different one: below, they are words of people's own

_KINDS: Final[Mapping[str, Kind]] = {
    "number": "number",
    "scale": "number",
    "yes_no": "number",
    "choice": "choice",
    "date": "day",
}

# the buyer of an order
BUYER: Final = "buyer"

# What accumulates and stands at a level between two looks. Of anything else, nothing noted is nothing done.
STOCKS: Final = (
    "balance", "follower", "subscriber", "points", "level", "weight", "height", "income", "deposit", "assets",
    "余额", "存款", "粉丝", "积分", "等级", "体重", "身高", "收入", "资产",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A column of a frame. `kind`:

    number   may be averaged; `whole` if it comes in whole numbers
    day      a date, averaged as a number of days
    choice   one of some words that many share
    own      a person's own words or word: a name, an address, a list, a consent. Nobody else's data tell it.

    `stock`: a level that persists between two looks, such as a balance, and no count of deeds.
    """

    key: str
    words: Phrase
    kind: Kind
    whole: bool = False
    stock: bool = False


CUSTOMER_FIELDS: Final = (
    Field(c.NAME, Phrase("customer name"), "own"),
    Field(c.EMAIL, Phrase("e-mail"), "own"),
    Field(c.PHONE, Phrase("phone"), "own"),
    Field(c.GENDER, Phrase("gender"), "choice"),
    Field(c.BIRTH_YEAR, Phrase("year of birth"), "number", whole=True),
    Field(c.CITY, Phrase("city"), "choice"),
    Field(c.REGION, Phrase("region"), "choice"),
    Field(c.COUNTRY, Phrase("country"), "choice"),
    Field(c.JOINED, Phrase("joining date"), "day"),
    Field(c.INTERESTS, Phrase("interests"), "own"),
    Field(c.CONSENT, Phrase("consent"), "own"),
)
ORDER_FIELDS: Final = (Field(BUYER, Phrase("buyer of the order"), "own"),)
PRODUCT_FIELDS: Final = (
    Field(c.PRICE, Phrase("price of the product"), "number"),
    Field(c.CATEGORY, Phrase("category of the product"), "choice"),
)

# not missing, but what goes with it may tell why something is
FILE: Final = "file"
COMPANIONS: Final = (
    Field(FILE, Phrase("file"), "choice"),
    Field(c.FREQUENCY, Phrase("number of orders"), "number", whole=True),
    Field(c.RECENCY_DAYS, Phrase("days since the last order"), "number", whole=True),
    Field(c.MONETARY, Phrase("money spent"), "number"),
    Field(c.AT, Phrase("order date"), "day"),
    Field(c.REVENUE, Phrase("amount of the order"), "number"),
)


def fields_of(frame: pd.DataFrame, known: Sequence[Field] = (*CUSTOMER_FIELDS, *COMPANIONS)) -> tuple[Field, ...]:
    """A field for each column of `frame`: one of `known`, else what its cells look like, called as the column is."""
    by_key = {field.key: field for field in known}
    return tuple(by_key.get(str(key)) or _looks_like(str(key), frame[key]) for key in frame.columns)


def asked_field(key: str, name: str, kind: str, answers: pd.Series) -> Field:
    """The field of an attribute that files tell beyond the known ones; `kind` as the store has it."""
    known: Kind = _KINDS.get(kind, "own")
    whole = known == "number" and bool((answers.dropna() % 1 == 0).all())
    return Field(key, Phrase("{field}", field=name), known, whole=whole, stock=_is_stock(name))


def prepared(frame: pd.DataFrame, fields: Sequence[Field]) -> pd.DataFrame:
    """A copy in which each column has the type of its field: float64, datetime64 or text, gaps as pandas has them.

    A cell that is not of its field's kind counts as missing, and so does an empty text.
    """
    made: Mapping[str, pd.Series] = {field.key: _typed(frame[field.key], field) for field in fields}
    return pd.DataFrame(made, index=frame.index)


def _looks_like(key: str, cells: pd.Series) -> Field:
    words = Phrase("{field}", field=key)
    known = _without_blanks(cells).dropna()
    stock = _is_stock(key)
    if known.empty:
        return Field(key, words, "own")
    if pd.api.types.is_datetime64_any_dtype(known):
        return Field(key, words, "day")
    numbers = pd.to_numeric(known, errors="coerce").dropna()
    if len(numbers) >= NUMERIC_SHARE * len(known):
        return Field(key, words, "number", whole=bool((numbers % 1 == 0).all()), stock=stock)
    if known.astype(str).str.fullmatch(ISO_DAY).mean() >= NUMERIC_SHARE:
        return Field(key, words, "day")
    n_different = known.astype(str).nunique()
    is_choice = n_different <= FEW_CHOICES or n_different * FEW_PER_CHOICE <= len(known)
    return Field(key, words, "choice" if is_choice else "own")


def _is_stock(name: str) -> bool:
    return any(stock in name.casefold() for stock in STOCKS)


def _typed(cells: pd.Series, field: Field) -> pd.Series:
    cells = _without_blanks(cells)
    if field.kind == "number":
        return pd.to_numeric(cells, errors="coerce").astype("float64")
    if field.kind == "day":
        return pd.to_datetime(cells, format="ISO8601", errors="coerce")
    return cells.astype(object).where(cells.notna(), None)


def _without_blanks(cells: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(cells) or pd.api.types.is_datetime64_any_dtype(cells):
        return cells
    codes, texts = pd.factorize(cells)
    blank = [code for code, text in enumerate(texts.tolist()) if isinstance(text, str) and not text.strip()]
    return cells.mask(np.isin(codes, blank)) if blank else cells
