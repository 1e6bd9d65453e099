"""What the founder has said of a file's columns: what each is, what the file is, whether the day comes first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from engine.errors import NotFound
from engine.intake import fields as f
from engine.intake.layouts import Kind
from engine.intake.synonyms import CUSTOMERS, EVENTS, ORDERS, PRODUCTS, folded
from engine.phrases import Phrase

NOT_USED: Final = "-"
MOST_TOLD: Final = 8  # fields that a column can be, the nearest first
# what a file can be, and what its columns can then be; a new kind is one more row
KINDS: Final[Mapping[Kind, tuple[Phrase, tuple[str, ...]]]] = {
    "orders": (Phrase("a list of orders"), tuple(ORDERS)),
    "customers": (Phrase("a list of customers"), tuple(CUSTOMERS)),
    "products": (Phrase("a list of products"), tuple(PRODUCTS)),
    "events": (Phrase("a list of what people did"), tuple(EVENTS)),
}


@dataclass(frozen=True)
class Choice:
    """Header → field, or None for not used; headers that are absent are left to the proposal."""

    kind: Kind | None = None
    fields: Mapping[str, str | None] = field(default_factory=dict)
    day_first: bool | None = None

    @property
    def says_nothing(self) -> bool:
        return self == Choice()

    def to_text(self) -> str:
        """As JSON, the same for the same choice; `from_text` gives it back."""
        facts = {"kind": self.kind, "fields": dict(sorted(self.fields.items())), "day_first": self.day_first}
        return json.dumps(facts, ensure_ascii=False, sort_keys=True)

    def confirms(self, other: Choice) -> bool:
        """Whether both say the same of the same columns, however their headers are spaced."""
        ours, theirs = ({folded(header): of for header, of in one.fields.items()} for one in (self, other))
        return (self.kind, ours, self.day_first) == (other.kind, theirs, other.day_first)

    def fitted(self, headers: Sequence[str]) -> Choice:
        """The choice in the words of these headers, which may be spaced or written in another case."""
        by_fold = {folded(header): of for header, of in self.fields.items()}
        fields = {
            header: self.fields[header] if header in self.fields else by_fold[folded(header)]
            for header in headers
            if header in self.fields or folded(header) in by_fold
        }
        return Choice(self.kind, fields, self.day_first)

    def with_field(self, header: str, chosen: str | None) -> Choice:
        """The choice in which `header` is `chosen`, and no other column is."""
        kept = {other: None if chosen is not None and said == chosen else said for other, said in self.fields.items()}
        return Choice(self.kind, {**kept, header: chosen}, self.day_first)


def from_text(text: str) -> Choice:
    return Choice(**json.loads(text))


def key_of(headers: Iterable[str]) -> str:
    """What makes two files have the same header: the same names in any order, however they are spaced."""
    return json.dumps(sorted(folded(header) for header in headers), ensure_ascii=False)


def header_named(given: str, headers: Sequence[str]) -> str:
    """The header that is meant. Raises NotFound with those that there are, the nearest first."""
    named = next((header for header in headers if header == given), None)
    named = named or next((header for header in headers if header and folded(header) == folded(given)), None)
    if named is not None:
        return named
    told = _nearest_first(given, [header for header in headers if header])
    raise NotFound(Phrase("There is no column “{given}”; there are: {headers}.", given=given, headers=told))


def field_named(given: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The field that is meant by its id or one of its `names`; None for “-”. Raises NotFound with what there is."""
    if given == NOT_USED:
        return None
    by_name = {folded(name): key for key, all_names in names.items() for name in (key, *all_names)}
    found = by_name.get(folded(given))
    if found is not None:
        return found
    nearest = get_close_matches(folded(given), list(by_name), n=MOST_TOLD, cutoff=0.4)
    keys = list(dict.fromkeys([*(by_name[near] for near in nearest), *names]))
    # two fields that are called the same are told once, by the first of them
    told = list({f.WORDS[key].message: key for key in reversed(keys)}.values())[::-1]
    fields: tuple[str | Phrase, ...] = tuple(
        Phrase("{words} ({field})", words=f.WORDS[key], field=key) for key in told[:MOST_TOLD]
    )
    if len(told) > MOST_TOLD:
        fields += (Phrase("and {n} more", n=len(told) - MOST_TOLD),)
    raise NotFound(
        Phrase(
            "A column cannot be “{given}”; it can be: {fields}; or - for not used.",
            given=given,
            fields=fields,
        )
    )


def _nearest_first(given: str, headers: Sequence[str]) -> tuple[str, ...]:
    by_fold = {folded(header): header for header in headers}
    near = get_close_matches(folded(given), list(by_fold), n=3, cutoff=0.3)
    return tuple(dict.fromkeys([*(by_fold[fold] for fold in near), *headers]))
