"""What each column of an unknown file is taken for, how surely, and what has to be asked.

A header that stands in the table of synonyms is taken at its word. For all others every column is weighed against
every field, by the words of its header and by its contents, and the assignment of the greatest confidence in all is
taken. The order of the columns does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from engine import columns as c
from engine.intake import fields as f
from engine.intake.choices import KINDS, Choice
from engine.intake.concepts import spoken
from engine.intake.layouts import Kind
from engine.intake.layouts.by_name import (
    DEMOGRAPHIC,
    LAYOUT,
    MONEY,
    SOLD,
    WHO,
    assigned,
    has,
    missing_for_orders,
    offered,
)
from engine.intake.ledgers import amount, come_again
from engine.intake.looks import AGREES, SHOWS, Contents, contents, sampled, undecided_days
from engine.intake.meanings import named
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

SURE: Final = 0.7
LIKELY: Final = 0.45
HARDLY: Final = 0.25  # enough for what the file cannot do without
ELSEWHERE: Final = 0.4
ALSO: Final = 0.9  # a word of the table of synonyms, where another column has a better one
EXAMPLES: Final = 3
EXAMPLE_LENGTH: Final = 24
_OF_A_SALE: Final = (c.QUANTITY, c.PRICE, c.PRODUCT_KEY)
DATED: Final = (c.AT, c.JOINED, c.LAUNCHED, f.BIRTHDAY, f.CANCELLED_AT)
# what decides over money and people: it is asked if it is not sure
WEIGHTY: Final = (c.AT, c.ORDER_KEY, *MONEY, c.STATUS, f.REFUND, f.REFUND_STATUS)

BY_NAME: Final = Phrase("its name says so")
BY_WORDS: Final = Phrase("the words of its name say so")
BY_CONTENTS: Final = Phrase("its contents look like it")
SAID: Final = Phrase("you said so")
KNOWN: Final = Phrase("this export is known")
UNUSED: Final = Phrase("nothing fits it")


@dataclass(frozen=True)
class Guess:
    """What one column is taken for; `field` is None where it is not used. `confidence` is between 0 and 1."""

    header: str
    position: int
    field: str | None
    confidence: float
    why: Phrase
    examples: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        return self.confidence >= SURE


@dataclass(frozen=True)
class Proposal:
    """What a table is taken for. `guesses` has every column, by position; `question` is a date that may be two days."""

    kind: Kind
    guesses: tuple[Guess, ...]
    question: str | None = None
    choice: Choice = field(default_factory=Choice)
    known: bool = False
    ask: bool = False  # the founder wants to be asked, however sure it is
    instead: Kind | None = None  # what it may be just as well, which has to be asked

    @property
    def columns(self) -> dict[str, int]:
        """Field → position of its column."""
        return {guess.field: guess.position for guess in self.guesses if guess.field is not None}

    @property
    def unsure(self) -> tuple[Guess, ...]:
        """The columns that the founder has to be asked about before the file can be read."""
        sure = {guess.field for guess in self.guesses if guess.sure}
        # what stands before the first sure one would decide who a customer is
        asked = WHO[: next((at for at, of in enumerate(WHO) if of in sure), len(WHO))]
        weighty = WEIGHTY if self.kind == "orders" else (c.PRODUCT_KEY, c.PRODUCT_NAME, c.PRICE)
        if c.PRICE in self.columns:
            # sums hang on it
            weighty = (*weighty, c.QUANTITY)
        return tuple(
            guess
            for guess in self.guesses
            if guess.field is not None and not guess.sure and guess.field in (*weighty, *asked)
        )

    @property
    def certain(self) -> bool:
        return not self.unsure and self.question is None and self.instead is None

    @property
    def missing(self) -> tuple[Phrase, ...]:
        """What a table of this kind must have and no column is taken for."""
        return () if self.known else missing(self.kind, self.columns)

    def confirmed(self) -> Choice:
        """The choice that says of every column what it is taken for here; a known export needs no words of its own."""
        if self.known:
            return self.choice
        return Choice(self.kind, {guess.header: guess.field for guess in self.guesses}, self.choice.day_first)

    def without_unsure(self) -> Proposal:
        """The same without what is merely likely, and needs no question."""
        kept = tuple(g if g.field is None or g.sure else replace(g, field=None, why=UNUSED) for g in self.guesses)
        return replace(self, guesses=kept)


def missing(kind: Kind, columns: Mapping[str, int]) -> tuple[Phrase, ...]:
    """What a table of this kind must have and has not."""
    if kind == "orders":
        return missing_for_orders(columns)
    if kind == "customers":
        # without a name or number each row is somebody
        return () if has(columns, *WHO, *DEMOGRAPHIC) else (Phrase("the customer"),)
    if kind == "events":
        return (
            *(() if has(columns, *WHO) else (Phrase("the customer"),)),
            *(() if c.AT in columns else (Phrase("the date"),)),
        )
    if kind == "products":
        return () if has(columns, c.PRODUCT_KEY, c.PRODUCT_NAME) else (Phrase("the product"),)
    return ()


def propose(table: Table, choice: Choice | None = None, among: Sequence[Kind] = tuple(KINDS)) -> Proposal | None:
    """What `table` is taken for, after what the founder has said of it; None if it is none of the kinds `among`."""
    choice = choice or Choice()
    weighing = _Weighing(table, choice)
    kind = choice.kind or _kind(weighing, among)
    if kind is None:
        return None
    instead: Kind | None = None
    asked = kind == "customers" and choice.kind is None and "orders" in among
    if asked and weighing.is_ledger(weighing.weighed("orders")):
        kind, instead = "orders", "customers"
    guesses = weighing.guesses(kind)
    return Proposal(kind, guesses, open_question(table, guesses, choice), choice, instead=instead)


def examples(column: Column) -> tuple[str, ...]:
    """A few of the column's texts, cut where they are long."""
    short = (text if len(text) <= EXAMPLE_LENGTH else text[: EXAMPLE_LENGTH - 1] + "…" for text in sampled(column))
    return tuple(dict.fromkeys(short))[:EXAMPLES]


def open_question(table: Table, guesses: Sequence[Guess], choice: Choice) -> str | None:
    """A date of the file of which nothing shows whether it has the day first or the month; None if all is clear."""
    if choice.day_first is not None:
        return None
    used = (table.columns[guess.position] for guess in guesses if guess.field in DATED)
    return next((found for column in used if (found := undecided_days(column)) is not None), None)


class _Weighing:
    """The columns of one table on the scales; each is looked at once."""

    def __init__(self, table: Table, choice: Choice) -> None:
        self.table = table
        self.choice = choice
        self.headers = table.headers
        self._looks: dict[int, Contents] = {}

    def look(self, position: int) -> Contents:
        if position not in self._looks:
            self._looks[position] = contents(self.table.columns[position])
        return self._looks[position]

    def agrees(self, position: int, of: str) -> float:
        look = self.look(position)
        return AGREES[of](look) if of in AGREES and look.n else 0.5

    def guesses(self, kind: Kind) -> tuple[Guess, ...]:
        """A guess for each column."""
        found = self.weighed(kind)
        by_position = {position: (of, surely, why) for of, (position, surely, why) in found.items()}
        result = []
        for position, column in enumerate(self.table.columns):
            said = column.header in self.choice.fields
            of, surely, why = by_position.get(position, (None, 1.0 if said else 0.0, SAID if said else UNUSED))
            result.append(Guess(column.header, position, of, surely, why, examples(column)))
        return tuple(result)

    def weighed(self, kind: Kind) -> dict[str, tuple[int, float, Phrase]]:
        """Field → its column, how surely, and why."""
        found = self._said(kind)
        taken = {position for position, _, _ in found.values()}
        spoken_of = {at for at, header in enumerate(self.headers) if header in self.choice.fields}
        exact = {
            of: position
            for of, position in assigned(self.headers, kind)[0].items()
            if of not in found and position not in spoken_of
        }
        doubted = {of for of, at in exact.items() if of != c.CUSTOMER_KEY and self.agrees(at, of) == 0}
        for of, position in exact.items():
            if of not in doubted:
                found[of] = (position, 1.0, BY_NAME)
                taken.add(position)
        free = [at for at in range(len(self.headers)) if at not in taken | spoken_of]
        open_fields = [of for of in KINDS[kind][1] if of not in found and not _settled(of, found)]
        found |= self._best(kind, free, open_fields, LIKELY)
        found |= self._needed(kind, found, spoken_of)
        taken = {position for position, _, _ in found.values()}
        for of in doubted:
            # nothing else fits: it is read as it is called, and what cannot be read is told
            if of not in found and exact[of] not in taken:
                found[of] = (exact[of], 1.0, BY_NAME)
        return self._without_masked(found)

    def _without_masked(self, found: dict[str, tuple[int, float, Phrase]]) -> dict[str, tuple[int, float, Phrase]]:
        """What is masked names nobody: where a name does, it has to give way."""
        if c.NAME not in found or self.look(found[c.NAME][0]).masked > 0:
            return found
        keys = [of for of in (c.CUSTOMER_KEY, c.EMAIL, c.PHONE) if of in found and found[of][2] is not SAID]
        masked = {of for of in keys if self.look(found[of][0]).masked == 1.0}
        return found if masked != set(keys) else {of: at for of, at in found.items() if of not in masked}

    def _said(self, kind: Kind) -> dict[str, tuple[int, float, Phrase]]:
        return {
            of: (self.headers.index(header), 1.0, SAID)
            for header, of in self.choice.fields.items()
            if of is not None and header in self.headers and of in KINDS[kind][1]
        }

    def _needed(
        self, kind: Kind, found: Mapping[str, tuple[int, float, Phrase]], spoken_of: set[int]
    ) -> dict[str, tuple[int, float, Phrase]]:
        """A column that may just be what the file cannot do without."""
        if kind != "orders":
            return {}
        taken = {position for position, _, _ in found.values()} | spoken_of
        free = [at for at in range(len(self.headers)) if at not in taken]
        wanted = [c.AT] if c.AT not in found else []
        wanted += [] if has(found, *MONEY) else [f.ORDER_TOTAL]
        wanted += [] if has(found, c.ORDER_KEY, *WHO) else [c.ORDER_KEY, c.NAME]
        if kind != "orders":
            return {}
        needed = self._best(kind, free, wanted, HARDLY)
        both = {**found, **needed}
        if not has(both, *MONEY) and self._come_again(both):
            left = [at for at in free if at not in _positions(needed).values()]
            needed |= self._amount_at_all(left)
        return needed

    def is_ledger(self, sold: Mapping[str, tuple[int, float, Phrase]]) -> bool:
        """Whether people come again on other days, and there is money."""
        return not missing_for_orders(_positions(sold)) and sold[c.AT][1] >= LIKELY and self._come_again(sold)

    def _come_again(self, found: Mapping[str, tuple[int, float, Phrase]]) -> bool:
        who = next((found[of][0] for of in WHO if of in found), None)
        if who is None or c.AT not in found:
            return False
        return come_again(self.table.columns[who], self.table.columns[found[c.AT][0]])

    def _amount_at_all(self, free: Sequence[int]) -> dict[str, tuple[int, float, Phrase]]:
        """The column of the largest amounts among those whose names say nothing, or that they are some number."""
        silent = [at for at in free if spoken(self.headers[at]).of <= {"QTY"}]
        amounts = {at: amount(self.table.columns[at], self.look(at)) for at in silent}
        best = max(amounts, key=lambda at: (amounts[at], self.headers[at]), default=None)
        if best is None or not amounts[best]:
            return {}
        # of the row: two sales alike to one person on one day are two
        return {c.REVENUE: (best, HARDLY, BY_CONTENTS)}

    def _best(
        self, kind: Kind, free: Sequence[int], open_fields: Sequence[str], least: float
    ) -> dict[str, tuple[int, float, Phrase]]:
        """The assignment of free columns to open fields that has the greatest confidence in all."""
        positions = sorted(free, key=lambda at: (self.headers[at], at))
        if not positions or not open_fields:
            return {}
        # a file whose columns are all known does without, and the command line starts quicker
        from scipy.optimize import linear_sum_assignment

        weights = np.zeros((len(positions), len(open_fields)))
        whys: dict[tuple[int, int], Phrase] = {}
        for row, position in enumerate(positions):
            for column, of in enumerate(open_fields):
                surely, why = self._weight(kind, position, of)
                if surely >= least:
                    weights[row, column], whys[row, column] = surely, why
        rows, columns = linear_sum_assignment(weights, maximize=True)
        return {
            open_fields[column]: (positions[row], float(weights[row, column]), whys[row, column])
            for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
            if (row, column) in whys
        }

    def _weight(self, kind: Kind, position: int, of: str) -> tuple[float, Phrase]:
        header = self.headers[position]
        called = max(named(header).get(of, 0.0), ALSO if of in offered(header, kind) else 0.0)
        agrees = self.agrees(position, of)
        by_words = called * (0.55 + 0.45 * agrees) if agrees else 0.0
        look = self.look(position)
        # what is called something that it may well be is nothing else
        is_called = any(other != of and self.agrees(position, other) for other in named(header))
        by_contents = SHOWS[of](look) if of in SHOWS and look.n and not is_called else 0.0
        if spoken(header).of and not named(header):
            # its words speak of something that is no field, such as a day of shipping
            by_contents *= ELSEWHERE
        return (by_words, BY_WORDS) if by_words >= by_contents else (by_contents, BY_CONTENTS)


def _positions(found: Mapping[str, tuple[int, float, Phrase]]) -> dict[str, int]:
    return {of: position for of, (position, _, _) in found.items()}


def _settled(of: str, found: Mapping[str, object]) -> bool:
    """Whether the file has said what it has to say of this by another field."""
    if of in MONEY:
        return has(found, c.PRICE, c.REVENUE) or (of == f.ORDER_TOTAL and f.ORDER_TOTAL in found)
    if of in (f.FIRST_NAME, f.LAST_NAME):
        return c.NAME in found
    if of in (c.BIRTH_YEAR, f.BIRTHDAY, f.AGE):
        return has(found, c.BIRTH_YEAR, f.BIRTHDAY, f.AGE)
    return False


def _kind(weighing: _Weighing, among: Sequence[Kind]) -> Kind | None:
    """Orders if something was sold on a date for money, else customers if there are people, else products."""
    exact = LAYOUT.match(weighing.headers)
    called = exact.kind if exact is not None and exact.kind in among else None
    if called in ("orders", "events"):
        return called
    if "orders" in among:
        sold = weighing.weighed("orders")
        if not missing_for_orders(_positions(sold)) and _is_sold(sold) and not _is_of_another(weighing, sold, called):
            return "orders"
    else:
        sold = {}
    if called is not None:
        return called
    tests: tuple[tuple[Kind, Callable[[Mapping[str, object]], bool]], ...] = (
        ("customers", lambda found: has(found, *WHO) and not _has_surely(sold, *SOLD, *_OF_A_SALE)),
        (
            "products",
            lambda found: (
                len(found) > 1
                and has(found, c.PRODUCT_KEY, c.PRODUCT_NAME)
                and not _has_surely(sold, *SOLD, c.AT, c.CUSTOMER_KEY, c.EMAIL, c.PHONE)
            ),
        ),
    )
    for kind, fits in tests:
        if kind in among and fits({of: at for of, at in weighing.weighed(kind).items() if at[2] is not BY_CONTENTS}):
            return kind
    return "orders" if "orders" in among and sold and not missing_for_orders(_positions(sold)) else None


def _is_sold(found: Mapping[str, tuple[int, float, Phrase]]) -> bool:
    """Whether something was likely sold: there is a date and there is money, and one of them is called so."""
    said = [found[of] for of in (c.AT, *MONEY) if of in found and found[of][1] >= LIKELY]
    return c.AT in found and found[c.AT] in said and len(said) > 1 and any(why is not BY_CONTENTS for _, _, why in said)


def _is_of_another(weighing: _Weighing, sold: Mapping[str, tuple[int, float, Phrase]], called: Kind | None) -> bool:
    """Whether the date is a person's or a product's own, such as of joining or of a launch, in a file whose columns
    are called as people's or products'.
    """
    if called != "customers" and called != "products":
        return False
    others = weighing.weighed(called)
    return any(of in others and others[of][0] == sold[c.AT][0] for of in (c.JOINED, f.BIRTHDAY, c.LAUNCHED))


def _has_surely(found: Mapping[str, tuple[int, float, Phrase]], *fields: str) -> bool:
    return any(of in found and found[of][1] >= SURE for of in fields)
