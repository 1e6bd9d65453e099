"""What the engine says, before it has a language.

A sentence leaves the engine as a `Phrase`: a message in English with named facts. Its `str` is the English
one, for logs and notebooks; a face renders it through its catalogue with `Phrase.say`.

    Phrase("buys about every {days} days", days=34)
    counted("{n} customer", "{n} customers", n=3)

Facts are numbers, text, dates, `Money`, `Name` (a word that has two languages by itself), other phrases, and
tuples of these, which are joined by the language's own comma.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from itertools import combinations
from math import floor
from typing import Any

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$"}


@dataclass(frozen=True)
class Money:
    """An amount with its currency (ISO 4217, or None where the file names none).

    The format spec is the number of decimals: `{sum}` has two, `{sum:0}` none.
    """

    amount: float
    currency: str | None = None

    def __format__(self, spec: str) -> str:
        number = f"{abs(self.amount):,.{int(spec or 2)}f}"
        sign = "-" if self.amount < 0 else ""
        if self.currency is None:
            return sign + number
        symbol = SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{number} {self.currency}"

    def __str__(self) -> str:
        return format(self)


@dataclass(frozen=True)
class Name:
    """A proper name that may be known in both languages, such as a product's; never empty if one is given."""

    en: str = ""
    zh: str = ""

    def in_language(self, code: str) -> str:
        return (self.zh or self.en) if code.startswith("zh") else (self.en or self.zh)

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True)
class Language:
    """A language to say phrases in: its code (`en`, `zh`) and its catalogue."""

    code: str
    catalogue: NullTranslations


ENGLISH = Language("en", NullTranslations())


@dataclass(frozen=True, init=False)
class Phrase:
    """A message in English with named facts, and its plural form where it counts something."""

    message: str
    facts: Mapping[str, Any]
    plural: str | None = None

    def __init__(self, message: str, /, **facts: Any) -> None:
        object.__setattr__(self, "message", message)
        object.__setattr__(self, "facts", facts)

    def __hash__(self) -> int:
        return hash(self.message)

    def say(self, language: Language = ENGLISH) -> str:
        """The sentence in `language`, with its facts put in."""
        if self.plural is None:
            message = language.catalogue.gettext(self.message)
        else:
            message = language.catalogue.ngettext(self.message, self.plural, self.facts["n"])
        return message.format_map({name: _Spoken(fact, language) for name, fact in self.facts.items()})

    def __str__(self) -> str:
        return self.say()


def counted(singular: str, plural: str, /, *, n: int, **facts: Any) -> Phrase:
    """A phrase whose wording depends on the count `{n}`."""
    phrase = Phrase(singular, n=n, **facts)
    object.__setattr__(phrase, "plural", plural)
    return phrase


COMMA = Phrase(", ")


def in_percent(share: float) -> Phrase:
    """In whole percent; what is there is never 0 %, and what is not all of it never 100 %."""
    if 0 < share <= 0.005:
        return Phrase("under 1%")
    if 0.995 <= share < 1:
        return Phrase("over 99%")
    return Phrase("{share:.0%}", share=share)


OF = (100, 1_000, 10_000)
OFF = 0.1  # of a rate may be rounded away


def in_people(*rates: float) -> tuple[int, tuple[int, ...]]:
    """Of how many people, and how many of these each rate is, whole: of as few as keep each rate and tell all apart."""
    for of in OF:
        counts = tuple(floor(of * rate + 0.5) for rate in rates)
        # a float that is meant to be 7.5 may be a little less
        near = all(abs(n - of * rate) <= OFF * of * rate + 1e-9 for n, rate in zip(counts, rates, strict=True))
        apart = all(a != b for (x, a), (y, b) in combinations(zip(rates, counts, strict=True), 2) if x != y)
        if near and apart:
            break
    return of, counts


@dataclass(frozen=True)
class _Spoken:
    """One fact on its way into a sentence."""

    fact: Any
    language: Language

    def __format__(self, spec: str) -> str:
        fact = self.fact
        if isinstance(fact, Phrase):
            return fact.say(self.language)
        if isinstance(fact, Name):
            return fact.in_language(self.language.code)
        if isinstance(fact, tuple):
            return COMMA.say(self.language).join(format(_Spoken(part, self.language), spec) for part in fact)
        if isinstance(fact, datetime):
            # what has a time zone is told in the founder's own
            return (fact if fact.tzinfo is None else fact.astimezone()).strftime(spec or "%Y-%m-%d %H:%M")
        if isinstance(fact, date):
            return fact.strftime(spec or "%Y-%m-%d")
        if isinstance(fact, int) and not isinstance(fact, bool):
            return format(fact, spec or ",")
        if isinstance(fact, float):
            return format(fact, spec or ",.4g")
        return format(fact, spec)


def to_json(phrase: Phrase) -> str:
    """The phrase as text for the store; `from_json` gives it back."""
    return json.dumps(packed(phrase), ensure_ascii=False)


def from_json(text: str) -> Phrase:
    phrase = unpacked(json.loads(text))
    if not isinstance(phrase, Phrase):
        raise TypeError(f"not a stored phrase: {text[:80]}")
    return phrase


def packed(fact: Any) -> Any:
    """A phrase or a fact of one, as JSON can hold it."""
    if isinstance(fact, Phrase):
        facts = {name: packed(value) for name, value in fact.facts.items()}
        return {"": "phrase", "message": fact.message, "plural": fact.plural, "facts": facts}
    if isinstance(fact, Money):
        return {"": "money", "amount": fact.amount, "currency": fact.currency}
    if isinstance(fact, Name):
        return {"": "name", "en": fact.en, "zh": fact.zh}
    if isinstance(fact, datetime):
        return {"": "datetime", "at": fact.isoformat()}
    if isinstance(fact, date):
        return {"": "date", "on": fact.isoformat()}
    if isinstance(fact, tuple):
        return [packed(part) for part in fact]
    # NumPy's scalars know their Python twin
    return fact.item() if hasattr(fact, "item") else fact


def unpacked(value: Any) -> Any:
    """The phrase or fact of which `packed` made this."""
    if isinstance(value, list):
        return tuple(unpacked(part) for part in value)
    if not isinstance(value, dict):
        return value
    kind = value[""]
    if kind == "money":
        return Money(value["amount"], value["currency"])
    if kind == "name":
        return Name(value["en"], value["zh"])
    if kind == "datetime":
        return datetime.fromisoformat(value["at"])
    if kind == "date":
        return date.fromisoformat(value["on"])
    facts = {name: unpacked(fact) for name, fact in value["facts"].items()}
    if value["plural"] is None:
        return Phrase(value["message"], **facts)
    return counted(value["message"], value["plural"], **facts)
