"""What came of a campaign, as people tell it: counts in a line of text, or a file that names customers."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine import columns as c
from engine.errors import FileRefused, NotAllowed
from engine.intake import fields as f
from engine.intake import layouts, reading, words
from engine.intake.encodings import as_utf8
from engine.intake.layouts.by_name import assigned, has
from engine.intake.synonyms import CUSTOMERS, folded
from engine.intake.tables import as_line
from engine.phrases import Phrase

NOT_SENT: Final = Phrase("was not sent this campaign")
SEVERAL: Final = Phrase("may be more than one customer")
NO_OUTCOME: Final = Phrase("has no outcome")
UNREADABLE: Final = Phrase("has an outcome that is neither yes nor no")
CONTRADICTS: Final = Phrase("contradicts an earlier row")

LONGEST: Final = 2000  # letters, of twenty-six versions and more
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,9})"
_COUNT = re.compile(
    rf"(?:variant|group|version|变体|版本|方案)?\s*([A-Z]{{1,2}})\s*(?:组|版|方案)?\s*[:=]?\s*{_NUMBER}\s*/\s*{_NUMBER}(?!\d)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s,;.、。|和]*(?:and)?[\s,;.、。|]*", re.IGNORECASE)

_WHO = (c.CUSTOMER_KEY, c.EMAIL, c.PHONE)
_WHO_WORDS: Final = {word: kind for kind in _WHO for word in CUSTOMERS[kind].split()} | {"customer": c.CUSTOMER_KEY}
_OUTCOMES: Final = (
    "outcome converted conversion bought purchased ordered result response responded "
    "结果 是否购买 购买 买了 是否转化 转化 是否成交 成交 是否下单 下单 回应"
)
_YES: Final = "1 1.0 yes y true x bought purchased converted ordered 是 有 买了 已买 购买 已购买 已下单 成交 √ ✓"
_NO: Final = "0 0.0 no n false none 否 无 没有 没买 未买 未购买 没购买 未下单 未成交 ×"
_OUTCOME_WORDS: Final = frozenset(_OUTCOMES.split())
# what heads the columns of the list to send, which names everybody
_LISTS: Final = (frozenset({"version", "text"}), frozenset({"版本", "内容"}))
_MEANS: Final = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)


@dataclass(frozen=True)
class Count:
    """So far: `conversions` of `sends` of the variant `label`."""

    label: str
    conversions: int
    sends: int


def counts(text: str) -> tuple[Count, ...]:
    """From "A 3/40, B 5/41", also with 组, colons, semicolons or full-width signs. Raises NotAllowed."""
    # one space at most, since each may be taken in several ways
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    if len(tidy) > LONGEST:
        raise _not_understood(text)
    found: list[Count] = []
    end = 0
    for match in _COUNT.finditer(tidy):
        if not _BETWEEN.fullmatch(tidy, end, match.start()):
            raise _not_understood(text)
        end = match.end()
        label, conversions, sends = match.groups()
        found.append(Count(label.upper(), int(conversions.replace(",", "")), int(sends.replace(",", ""))))
    if not found or not _BETWEEN.fullmatch(tidy, end):
        raise _not_understood(text)
    labels = [count.label for count in found]
    for label in labels:
        if labels.count(label) > 1:
            raise NotAllowed(Phrase("{label} is there twice; write each version once.", label=label))
    return tuple(found)


def _not_understood(text: str) -> NotAllowed:
    shown = " ".join(text.split())[:60]
    return NotAllowed(
        Phrase(
            "“{text}” is not understood. Write how many bought of how many messages, for example: A 3/40, B 5/41",
            text=shown,
        )
    )


@dataclass(frozen=True)
class NamedRow:
    """A row that names somebody: `names` are the ways in which it may mean a customer of the store.

    `converted` is None where the row has no outcome that can be read; `fault` says why. `implied`: no column says
    who converted, so to be named is to have converted.
    """

    row: int
    text: str
    names: tuple[str, ...]
    converted: bool | None
    fault: Phrase | None = None
    implied: bool = False


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not recorded, and why. `row` counts from 1, the header."""

    row: int
    text: str
    reason: Phrase


@dataclass(frozen=True)
class People:
    """Who converted and who did not, by customer; the rows that were left out.

    only_buyers: the file names nobody who did not convert, so it tells the others by leaving them out. implied: it
    has no column that says who converted.
    """

    converted: Mapping[int, bool]
    refused: tuple[RefusedRow, ...]
    only_buyers: bool
    implied: bool

    def told_of(self, everyone: Iterable[int], known: Container[int]) -> dict[int, bool]:
        """What the file tells of whom: those it names and, where it names only buyers, all others not yet `known`."""
        if not self.only_buyers:
            return dict(self.converted)
        return dict.fromkeys((one for one in everyone if one not in known), False) | dict(self.converted)


def people(data: bytes, name: str) -> tuple[NamedRow, ...]:
    """The rows of a file with a column of customers (key, e-mail or phone) and one of outcomes.

    Without a column of outcomes everybody named has converted; a file of orders and the list to send, which name
    others too, are refused then. Raises FileRefused.
    """
    return named(rows(data, name), name)


def named(rows: Sequence[Sequence[str]], name: str) -> tuple[NamedRow, ...]:
    """The same of a table whose first row is its header."""
    headers = [folded(cell) for cell in rows[0]]
    who = [(i, _WHO_WORDS[header]) for i, header in enumerate(headers) if header in _WHO_WORDS]
    if not who:
        raise FileRefused(
            Phrase(
                "{name} has no column that names customers; call it “customer”, “email” or “phone” in the first row.",
                name=name,
            )
        )
    outcome = next((i for i, header in enumerate(headers) if header in _OUTCOME_WORDS), None)
    if outcome is None:
        _refuse_others(rows[0], name)
    found = tuple(
        _named(number, cells, who, outcome)
        for number, cells in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in cells)
    )
    if not found:
        raise FileRefused(Phrase("{name} has a header but no rows.", name=name))
    return found


def names(customers: Iterable[tuple[int, str, str | None, str | None]]) -> dict[str, int | None]:
    """Whom a name means, from (customer, key, e-mail, phone); None where it means several. A key goes first."""
    keys: dict[str, int | None] = {}
    others: dict[str, int | None] = {}
    for customer, key, email, phone in customers:
        keys[key] = customer
        for name in {(email or "").lower(), phone or ""} - {"", key}:
            others[name] = customer if others.get(name, customer) == customer else None
    return others | keys


def matched(rows: Sequence[NamedRow], customers: Mapping[str, int | None]) -> People:
    """`customers`: as `names` gives them. Of rows that contradict, the first stands."""
    converted: dict[int, bool] = {}
    refused: list[RefusedRow] = []
    for row in rows:
        known = [customers[name] for name in row.names if name in customers]
        customer = next((found for found in known if found is not None), None)
        reason = row.fault
        if customer is None:
            reason = SEVERAL if known else NOT_SENT
        elif row.converted is not None and converted.setdefault(customer, row.converted) != row.converted:
            reason = CONTRADICTS
        if reason is not None:
            refused.append(RefusedRow(row.row, row.text, reason))
    return People(
        converted,
        tuple(refused),
        only_buyers=all(row.converted is not False for row in rows),
        implied=all(row.implied for row in rows),
    )


def _refuse_others(header: Sequence[str], name: str) -> None:
    """Raises FileRefused for the header of a file that names people for another reason than that they converted."""
    if any(known <= {folded(cell) for cell in header} for known in _LISTS):
        raise FileRefused(
            Phrase(
                "{name} looks like the list to send, with everybody in it; keep only those who bought, or add a column "
                "“bought” that says yes or no.",
                name=name,
            )
        )
    found = layouts.matched(header)
    sold, _ = assigned(header, "orders")
    if (found is not None and found.kind == "orders") or (
        c.AT in sold and has(sold, c.ORDER_KEY, c.PRODUCT_KEY, c.QUANTITY, c.PRICE, c.REVENUE, f.ORDER_TOTAL)
    ):
        raise FileRefused(
            Phrase(
                "{name} looks like an export of orders: send it without /outcome to import it; here I need only those "
                "who bought after the message, or a column that says who bought.",
                name=name,
            )
        )


def rows(data: bytes, name: str) -> list[list[str]]:
    """All rows as text, the header first. A text file may have a single column here."""
    if not data.strip():
        raise FileRefused(Phrase("{name} is empty.", name=name))
    try:
        with as_utf8(data, name).open() as file:
            text = file.read().decode()
    except FileRefused:
        table = next(iter(reading.read(data, name)))
        cells = [[column.texts[code] for code in column.codes] for column in table.columns]
        return [list(table.headers), *(list(row) for row in zip(*cells, strict=True))]
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise FileRefused(
            Phrase("{name} cannot be read as a table; save it as CSV UTF-8 and send it again.", name=name)
        ) from error


def _named(number: int, cells: Sequence[str], who: Sequence[tuple[int, str]], outcome: int | None) -> NamedRow:
    names = tuple(found for i, kind in who if i < len(cells) for found in _spellings(cells[i], kind))
    text = as_line(cells)
    if outcome is None:
        return NamedRow(number, text, names, converted=True, implied=True)
    said = words.text(cells[outcome]).lower() if outcome < len(cells) else ""
    if said in _MEANS:
        return NamedRow(number, text, names, converted=_MEANS[said])
    return NamedRow(number, text, names, converted=None, fault=UNREADABLE if said else NO_OUTCOME)


def _spellings(cell: str, kind: str) -> tuple[str, ...]:
    """As the store may know it. A column of customers may hold e-mails or phones as well."""
    ways = {c.EMAIL: (words.email,), c.PHONE: (words.phone,)}.get(kind, (words.customer, words.email, words.phone))
    return tuple(dict.fromkeys(found for way in ways if (found := way(cell))))
