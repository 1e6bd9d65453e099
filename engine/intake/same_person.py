"""When two records are one person: the rules, in words and as code.

A record is what files tell under one key: a customer number, or where the row has none an e-mail, or a phone, or a
name. Records are compared by what they tell, and by what others of the same person have told before.

- The same number of the same platform is the same person, whatever else has changed. A number belongs to the platform
  whose export it stands in; of a file that no layout knows, to its column. The numbers of two platforms have nothing
  to do with each other. Where it is not known whether two files have the same numbers, the same number is the same
  person unless e-mail or phone contradict and neither agrees.
- The same e-mail is the same person, unless they have two different numbers of the same platform.
- The same phone is the same person only if nothing contradicts: no other number, e-mail, gender or year of birth, and
  no name that is clearly another. Families and offices share phones.
- A phone with the code of a country in front and the same phone without it are the same person only if nothing
  contradicts and the name agrees: the number may be of another country.
- A name makes nobody the same person as somebody who has a number, an e-mail or a phone.
- Whom a key fits that several people have, it does not say.

Who shares a key and is not taken for one person may be one, and is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from engine.intake.dialling import may_be_one
from engine.phrases import Phrase

ID: Final = "id"
EMAIL: Final = "email"
PHONE: Final = "phone"
NAME: Final = "name"
STRENGTH: Final = {ID: 0, EMAIL: 1, PHONE: 2, NAME: 3}
KEY_WORDS: Final = {
    ID: Phrase("number"),
    EMAIL: Phrase("e-mail"),
    PHONE: Phrase("phone"),
    NAME: Phrase("name"),
}
Shared = Literal["email", "phone"]

UNKNOWN: Final = "?"  # begins the scope of a number whose platform is not known; so does nothing at all

_TITLES = re.compile(
    r"(先生|女士|小姐|太太|老师|老板|阿姨|经理|师傅|[总哥姐])$|\b(mr|mrs|ms|miss|dr|prof)\b\.?", re.IGNORECASE
)
_NO_WORD = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Traits:
    """What is told of one person; `ids` are pairs of scope and number."""

    ids: frozenset[tuple[str, str]] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    births: frozenset[int] = frozenset()

    def __or__(self, other: Traits) -> Traits:
        return Traits(
            self.ids | other.ids,
            self.emails | other.emails,
            self.phones | other.phones,
            self.names | other.names,
            self.genders | other.genders,
            self.births | other.births,
        )


def is_same_number(scope: str, told: Traits, other_scope: str, other: Traits) -> bool:
    """Whether two records with the same number are one person."""
    if _is_known(scope) and _is_known(other_scope):
        return scope == other_scope
    emails = _differ(told.emails, other.emails)
    phones = _differ(told.phones, other.phones) and not any(
        may_be_one(phone, also) for phone in told.phones for also in other.phones
    )
    if told.emails & other.emails or told.phones & other.phones:
        return True
    if scope == other_scope or not (scope and other_scope):
        # another export of the same list: one thing may have changed, and the phone with the name
        return not (emails and (phones or are_clearly_other(told.names, other.names)))
    return not (emails or phones)


def clearer_scope(scope: str, other: str) -> str:
    """Of two scopes of one number, the one that tells more."""
    return max(scope, other, key=lambda one: (_is_known(one), bool(one), one == scope))


def is_one(kind: Shared, a: Traits, b: Traits) -> bool:
    """Whether two people who share a key of this kind are one."""
    if kind == EMAIL:
        return not _have_other_numbers(a, b, unknown_differ=False)
    return not (
        _have_other_numbers(a, b, unknown_differ=True)
        or _differ(a.emails, b.emails)
        or _differ(a.genders, b.genders)
        or _differ(a.births, b.births)
        or are_clearly_other(a.names, b.names)
    )


def have_one_name(a: Traits, b: Traits) -> bool:
    """Whether both are called by the same words, none of them hidden."""
    called, also = ({frozenset(_name_words(name)) for name in of.names if "*" not in name} for of in (a, b))
    return any(called & also)


def are_clearly_other(names: Iterable[str], others: Iterable[str]) -> bool:
    """Whether both are called something, and nothing of it can be the same name."""
    pairs = [(a, b) for a in names for b in others]
    return bool(pairs) and not any(_may_be_the_same_name(a, b) for a, b in pairs)


def _is_known(scope: str) -> bool:
    return bool(scope) and not scope.startswith(UNKNOWN)


def _have_other_numbers(a: Traits, b: Traits, *, unknown_differ: bool) -> bool:
    """Whether they have different numbers of one platform; a number of nobody knows where may be of any."""
    return any(
        value != other
        and (scope, other) not in a.ids
        and (other_scope, value) not in b.ids
        and (scope == other_scope or _may_be_comparable(scope, other_scope, unknown_differ))
        for scope, value in a.ids
        for other_scope, other in b.ids
    )


def _may_be_comparable(scope: str, other: str, unknown_differ: bool) -> bool:
    if _is_known(scope) and _is_known(other):
        return False
    if unknown_differ:
        return True
    # what was stored before scopes were known
    return not (scope and other) and not (_is_known(scope) or _is_known(other))


def _differ(a: frozenset[str] | frozenset[int], b: frozenset[str] | frozenset[int]) -> bool:
    return bool(a) and bool(b) and a.isdisjoint(b)


@lru_cache(maxsize=10_000)
def _may_be_the_same_name(a: str, b: str) -> bool:
    if "*" in a or "*" in b:
        return True
    first, second = _name_words(a), _name_words(b)
    if not first or not second:
        return True
    short, long = sorted(("".join(first), "".join(second)), key=len)
    if short in long if not short.isascii() else short == long:
        return True
    few, many = sorted((first, second), key=len)
    return all(any(word == other or _is_initial(word, other) for other in many) for word in few)


def _name_words(name: str) -> list[str]:
    tidy = _TITLES.sub(" ", unicodedata.normalize("NFKC", name).strip().lower())
    return [word for word in _NO_WORD.split(tidy) if word]


def _is_initial(a: str, b: str) -> bool:
    return a.isascii() and b.isascii() and min(len(a), len(b)) == 1 and a[0] == b[0]
