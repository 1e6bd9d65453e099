"""What a person leaves in texts: whether one names them, and the text without it.

Texts are compared without case, width and punctuation: “ANN  Smith” and "ann,smith" name Ann Smith, and
+86 138-0000-0000 is 13800000000. A value that others may have by chance, such as a single short name, names its
person only where it stands alone, as in a cell of a table, and a number such as K001 as a word of its own. A number
of one to three digits names nobody.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

REMOVED: Final = "…"
_NOT_COMPARED: Final = re.compile(r"[\W_]+")
_LONGEST: Final = 200  # letters of a value that are looked for
_FEWEST_LETTERS: Final = 5  # of several words, or of letters and digits together
_FEWEST_OF_ONE_WORD: Final = 8  # a longer word is no other word by chance
_FEWEST_DIGITS: Final = 10  # with fewer, digits of others side by side may be the same
_FEWEST_OF_A_NUMBER: Final = 9  # with letters and digits, such as K0301
_FEWEST_DIGITS_ALONE: Final = 4
_FEWEST_WITHIN: Final = 9  # of a phone without the code of its country
_JSON: Final = ("{", "[", '"')
_KEPT_KEYS: Final = ("message", "plural")  # of a stored phrase: its wording, which is no person's


def folded(text: str) -> str:
    """The text as texts are compared: its letters and digits."""
    return _NOT_COMPARED.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True)
class Traces:
    """All that names some people: names, e-mails, phones and numbers, as files have told them."""

    values: frozenset[str]

    @classmethod
    def of(cls, values: Iterable[str | None]) -> Traces:
        return cls(frozenset(value.strip()[:_LONGEST] for value in values if value and folded(value)))

    @cached_property
    def alone(self) -> frozenset[str]:
        """What names them where it stands alone: all but numbers so short that they are anything."""
        whole = map(folded, self.values)
        return frozenset(one for one in whole if not one.isdigit() or len(one) >= _FEWEST_DIGITS_ALONE)

    def found_in(self, text: str) -> bool:
        """Whether a text of any length names one of them."""
        if not self.values or not text:
            return False
        whole = folded(text)
        if self._inside is not None and self._inside.search(whole):
            return True
        return self._word is not None and self._word.search(unicodedata.normalize("NFKC", text).casefold()) is not None

    def is_named_by(self, text: str) -> bool:
        """Whether a text, such as a cell of a table, is one of their values or names one of them."""
        return folded(text) in self.alone or self.found_in(text)

    def in_row(self, cells: Sequence[str]) -> bool:
        """Whether one cell of a row names one of them, or several cells do together."""
        whole = " ".join(cells)
        return self._may_be_in(whole) and (self.found_in(whole) or any(folded(cell) in self.alone for cell in cells))

    def in_csv(self, line: str) -> bool:
        """Whether a line of CSV names one of them."""
        if not self._may_be_in(line):
            return False
        try:
            rows = list(csv.reader([line]))
        except csv.Error:
            rows = [line.split(",")]
        return any(map(self.in_row, rows))

    def in_lines(self, text: str) -> bool:
        """The same of any line of a text, which may have millions."""
        if self.found_in(text):
            return True
        return self._apart is not None and any(
            self.in_csv(text[_line_start(text, match.start()) : _line_end(text, match.end())])
            for match in self._apart.finditer(text)
        )

    def _may_be_in(self, text: str) -> bool:
        """Quicker than to look: whether they may be named in it."""
        if self._apart is not None and self._apart.search(unicodedata.normalize("NFKC", text)):
            return True
        return self._inside is not None and self._inside.search(folded(text)) is not None

    def without(self, value: Any, *, removed: str = REMOVED) -> Any:
        """The JSON `value` with `removed` in place of each text that names one of them, and without keys that do.

        Texts that are JSON themselves are looked into; of stored phrases only the facts.
        """
        if isinstance(value, str):
            return self._text_without(value, removed)
        if isinstance(value, list):
            return [self.without(one, removed=removed) for one in value]
        if isinstance(value, dict):
            return {
                key: one if key in _KEPT_KEYS and isinstance(one, str) else self.without(one, removed=removed)
                for key, one in value.items()
                if not self.found_in(key)
            }
        return value

    def _text_without(self, text: str, removed: str) -> str:
        if text[:1] not in _JSON:
            return removed if self.is_named_by(text) else text
        try:
            value = json.loads(text)
        except ValueError:
            return removed if self.is_named_by(text) else text
        kept = self.without(value, removed=removed)
        return text if kept == value else json.dumps(kept, ensure_ascii=False)

    @cached_property
    def _apart(self) -> re.Pattern[str] | None:
        """What names them where it stands alone, and is looked for in lines: words without a sign in them."""
        words = {unicodedata.normalize("NFKC", value) for value in self.values if not _distinctive(value)}
        found = {word for word in words if folded(word) in self.alone}
        return re.compile(_either(found), re.I) if found else None

    @cached_property
    def _inside(self) -> re.Pattern[str] | None:
        found = {form for value in self.values for form in _distinctive(value)}
        return re.compile(_either(found)) if found else None

    @cached_property
    def _word(self) -> re.Pattern[str] | None:
        words = {
            unicodedata.normalize("NFKC", value).casefold()
            for value in self.values
            if not _distinctive(value) and _is_a_number_with_letters(value)
        }
        if not words:
            return None
        return re.compile(rf"(?<!\w){_either(words)}(?!\w)")


def _either(words: Iterable[str]) -> str:
    """A pattern for any of these words: what begins alike is tried once, however many there are."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _branches(root)


def _branches(node: dict[str, Any]) -> str:
    ends = "" in node
    ways = [re.escape(letter) + _branches(after) for letter, after in sorted(node.items()) if letter]
    if not ways:
        return ""
    if len(ways) == 1 and not ends:
        return ways[0]
    return f"(?:{'|'.join(ways)}){'?' if ends else ''}"


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _distinctive(value: str) -> tuple[str, ...]:
    """The forms of a value, folded, that name its person inside any text; none if it is too short for that."""
    whole = folded(value)
    if whole.isdigit():
        return () if len(whole) < _FEWEST_DIGITS else _without_code(value, whole)
    if not whole.isascii():
        return (whole,) if len(whole) >= 2 else ()
    words = _NOT_COMPARED.split(unicodedata.normalize("NFKC", value).strip())
    if "@" in value or whole.isalpha():
        fewest = _FEWEST_LETTERS if len(words) > 1 else _FEWEST_OF_ONE_WORD
    else:
        fewest = _FEWEST_OF_A_NUMBER
    return (whole,) if len(whole) >= fewest else ()


def _without_code(value: str, digits: str) -> tuple[str, ...]:
    """A phone is written with the code of its country and without it."""
    if not value.startswith("+"):
        return (digits,)
    return (digits, *(digits[n:] for n in (1, 2, 3) if len(digits) - n >= _FEWEST_WITHIN))


def _is_a_number_with_letters(value: str) -> bool:
    whole = folded(value)
    fewest = _FEWEST_DIGITS_ALONE if whole.isdigit() else 3
    return len(whole) >= fewest and any(map(str.isdigit, whole))
