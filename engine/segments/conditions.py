"""Conditions on what is known of customers: whom they hold of, and how they are said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from unicodedata import normalize

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.feature_table import spoken
from engine.phrases import Money, Phrase, counted

Mask = NDArray[np.bool_]
FieldKind = Literal["number", "count", "money", "days", "share", "yes_no", "word", "place", "tags"]
Sign = Literal["<", "<=", ">", ">=", "=", "!=", "has", "has not", "known", "unknown"]

WORDS: frozenset[FieldKind] = frozenset(("word", "place", "tags"))
OPPOSITE: dict[Sign, Sign] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "=": "!=",
    "!=": "=",
    "has": "has not",
    "has not": "has",
    "known": "unknown",
    "unknown": "known",
}
TURNED: dict[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OF_PLACES = re.compile(r"(?<=..)(市|省|自治区|特别行政区|壮族自治区|回族自治区|维吾尔自治区)$")


@dataclass(frozen=True)
class RuleField:
    """Something that a rule may ask for: `key` is its column, `names` all that it may be called.

    `ago`: its number is days since a day, so that it may be compared with a date, too. `meant` gives words of values.
    """

    key: str
    words: Phrase
    kind: FieldKind
    names: tuple[str, ...]
    ago: bool = False
    meant: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def is_text(self) -> bool:
        return self.kind in WORDS


@dataclass(frozen=True)
class Comparison:
    """`values` are numbers or dates for what is counted (one), words else; one of several words is enough."""

    field: RuleField
    sign: Sign
    values: tuple[float | str | date, ...] = ()


@dataclass(frozen=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    part: Condition


Condition = Comparison | All | Any | Not


@dataclass(frozen=True)
class Truth:
    """Of whom a condition is true, and of whom it is false; of whom something is missing it is neither.

    Source: Kleene (1952), "Introduction to Metamathematics", § 64.
    """

    yes: Mask
    no: Mask


def fields_of(condition: Condition) -> dict[str, RuleField]:
    """What a condition asks for, by key."""
    return {one.field.key: one.field for one in comparisons(condition)}


def comparisons(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case Comparison():
            yield condition
        case Not(part):
            yield from comparisons(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from comparisons(part)


def truth(condition: Condition, frame: pd.DataFrame, as_of: date) -> Truth:
    """Whom of `frame`, a row per customer and a column per field, the condition holds of; days count to `as_of`.

    A missing value satisfies no comparison, nor the opposite of one.
    """
    match condition:
        case Not(part):
            of_part = truth(part, frame, as_of)
            return Truth(of_part.no, of_part.yes)
        case All(parts):
            each = [truth(part, frame, as_of) for part in parts]
            return Truth(np.logical_and.reduce([t.yes for t in each]), np.logical_or.reduce([t.no for t in each]))
        case Any(parts):
            each = [truth(part, frame, as_of) for part in parts]
            return Truth(np.logical_or.reduce([t.yes for t in each]), np.logical_and.reduce([t.no for t in each]))
        case Comparison():
            return _compared(condition, frame[condition.field.key], as_of)


def _compared(one: Comparison, cells: pd.Series, as_of: date) -> Truth:
    known = cells.notna().to_numpy(dtype=bool)
    if one.sign in ("known", "unknown"):
        yes = known if one.sign == "known" else ~known
        return Truth(yes, ~yes)
    if one.field.is_text:
        holds = _of_words(one, cells)
    else:
        (value,) = one.values
        holds = _of_numbers(one.sign, np.asarray(cells, dtype="float64"), value, as_of)
    return Truth(holds & known, ~holds & known)


def _of_numbers(sign: Sign, cells: NDArray[np.float64], value: float | str | date, as_of: date) -> Mask:
    if isinstance(value, date):
        sign, value = TURNED.get(sign, sign), float((as_of - value).days)
    number = float(value)
    # sums of money carry the rounding of their parts
    alike = np.isclose(cells, number, rtol=1e-9, atol=1e-9)
    result: Mask
    match sign:
        case "<":
            result = (cells < number) & ~alike
        case "<=":
            result = (cells < number) | alike
        case ">":
            result = (cells > number) & ~alike
        case ">=":
            result = (cells > number) | alike
        case "=":
            result = alike
        case _:
            result = ~alike
    return result


def _of_words(one: Comparison, cells: pd.Series) -> Mask:
    """Each different text is looked at once."""
    wanted = [folded(str(value), one.field) for value in one.values]
    codes, texts = pd.factorize(cells)
    partly = one.sign in ("has", "has not")
    fits = np.array([_fits(str(text), wanted, one.field, partly) for text in texts] + [False], dtype=bool)
    holds: Mask = fits[codes]
    return ~holds if one.sign in ("!=", "has not") else holds


def _fits(text: str, wanted: list[str], of: RuleField, partly: bool) -> bool:
    told = [folded(part, of) for part in text.split(";")] if of.kind == "tags" else [folded(text, of)]
    return any(word in one if partly else word == one for word in wanted for one in told)


def folded(text: str, of: RuleField | None = None) -> str:
    """A text as texts are compared: case, width of letters and spaces make no difference, nor 市 after a city."""
    plain = " ".join(normalize("NFKC", text).casefold().split())
    if of is None:
        return plain
    plain = of.meant.get(plain, plain)
    return _OF_PLACES.sub("", plain) if of.kind == "place" else plain


def in_words(condition: Condition, currency: str | None) -> Phrase:
    """The condition as a person says it."""
    match condition:
        case Comparison():
            return _said(condition, currency)
        case Not(Comparison() as one):
            return _said(Comparison(one.field, OPPOSITE[one.sign], one.values), currency)
        case Not(Not(part)):
            return in_words(part, currency)
        case Not(part):
            return Phrase("not ({what})", what=in_words(part, currency))
        case All(parts):
            return _joined("{one} and {other}", parts, currency)
        case Any(parts):
            return _joined("{one} or {other}", parts, currency)


_JOINED = {
    "{one} and {other}": Phrase("{one} and {other}"),
    "{one} or {other}": Phrase("{one} or {other}"),
}


def _joined(message: str, parts: tuple[Condition, ...], currency: str | None) -> Phrase:
    first, *others = (_bracketed(part, currency) for part in parts)
    for other in others:
        first = Phrase(_JOINED[message].message, one=first, other=other)
    return first


def _bracketed(part: Condition, currency: str | None) -> Phrase:
    said = in_words(part, currency)
    several = isinstance(part, (All, Any)) or (isinstance(part, Comparison) and len(part.values) > 1)
    return Phrase("({what})", what=said) if several else said


def _said(one: Comparison, currency: str | None) -> Phrase:
    what = one.field.words
    if one.sign == "known":
        return Phrase("{what}: known", what=what)
    if one.sign == "unknown":
        return Phrase("{what}: not known", what=what)
    if one.field.is_text:
        return _said_of_words(one)
    (value,) = one.values
    if one.field.kind == "yes_no":
        yes = bool(value) == (one.sign == "=")
        return Phrase("{what}: yes", what=what) if yes else Phrase("{what}: no", what=what)
    if isinstance(value, date):
        return _said_of_days(one.sign, what, value)
    amount = _amount(one.field, value, currency)
    if one.field.ago:
        return _said_ago(one.sign, what, amount)
    match one.sign:
        case "<":
            return Phrase("{what}: below {high}", what=what, high=amount)
        case "<=":
            return Phrase("{what}: {most} at most", what=what, most=amount)
        case ">":
            return Phrase("{what}: more than {low}", what=what, low=amount)
        case ">=":
            return Phrase("{what}: {low} or more", what=what, low=amount)
        case "=":
            return Phrase("{what}: {value}", what=what, value=amount)
    return Phrase("{what}: not {values}", what=what, values=amount)


def _said_of_days(sign: Sign, what: Phrase, day: date) -> Phrase:
    match sign:
        case "<":
            return Phrase("{what}: before {day}", what=what, day=day)
        case "<=":
            return Phrase("{what}: {day} or earlier", what=what, day=day)
        case ">":
            return Phrase("{what}: after {day}", what=what, day=day)
        case ">=":
            return Phrase("{what}: {day} or later", what=what, day=day)
        case "=":
            return Phrase("{what}: on {day}", what=what, day=day)
    return Phrase("{what}: not on {day}", what=what, day=day)


def _said_ago(sign: Sign, what: Phrase, days: Phrase) -> Phrase:
    match sign:
        case "<":
            return Phrase("{what}: less than {days} ago", what=what, days=days)
        case "<=":
            return Phrase("{what}: at most {days} ago", what=what, days=days)
        case ">":
            return Phrase("{what}: more than {days} ago", what=what, days=days)
        case ">=":
            return Phrase("{what}: at least {days} ago", what=what, days=days)
        case "=":
            return Phrase("{what}: {days} ago", what=what, days=days)
    return Phrase("{what}: not {days} ago", what=what, days=days)


def _meant(value: str, of: RuleField) -> str:
    return of.meant.get(folded(value), value)


def _said_of_words(one: Comparison) -> Phrase:
    what = one.field.words
    first, *others = (Phrase("“{name}”", name=spoken(_meant(str(value), one.field))) for value in one.values)
    values = first
    for other in others:
        values = Phrase("{one} or {other}", one=values, other=other)
    match one.sign:
        case "=":
            return Phrase("{what}: {values}", what=what, values=values)
        case "!=":
            return Phrase("{what}: not {values}", what=what, values=values)
        case "has":
            return Phrase("{what}: with {values} in it", what=what, values=values)
    return Phrase("{what}: without {values} in it", what=what, values=values)


def _amount(of: RuleField, value: float | str, currency: str | None) -> Phrase:
    number = float(value)
    whole = number == round(number)
    if of.kind == "money":
        return Phrase("{amount:0}" if whole else "{amount}", amount=Money(number, currency))
    if of.kind == "days" and whole:
        return counted("{n} day", "{n} days", n=round(number))
    if of.kind == "share":
        return Phrase("{share:.0%}", share=number)
    return Phrase("{number}", number=f"{round(number):,}" if whole else f"{number:,.10f}".rstrip("0"))
