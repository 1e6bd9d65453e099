"""A file of what people did besides ordering: who, what, when, and perhaps with which product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import acts, answers, dates, goods, identity, numbers, people, ratings, reasons, words
from engine.intake import fields as f
from engine.intake.identity import Cells, Keys
from engine.intake.synonyms import IMPLIED_EVENTS, folded
from engine.intake.tables import Column, Positions, Table
from engine.phrases import Phrase, counted

BUY, RATING, UNSUBSCRIBE = "buy", "rating", "unsubscribe"
_CODES = {"1": "view", "2": "favourite", "3": "cart", "4": BUY}
_ABOUT = (c.NAME, c.EMAIL, c.PHONE)
_HOUR = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[ T]\d{1,2}")
_EPOCH = re.compile(r"[1-9]\d{8,9}(?:\d{3})?(?:\.\d+)?")  # from 1973 on, in seconds or milliseconds
_REASONS = (reasons.NO_CUSTOMER, reasons.NO_EVENT, reasons.NO_DATE, reasons.DATE_UNREADABLE)


@dataclass(frozen=True)
class Events:
    """What a file of events tells. `customer` and `product` are positions in their frames, -1 none.

    people   customer_key, what the file tells of them, bought (true: all of them are added)
    goods    product_key, names, category
    events   customer, product, kind, at, quantity, value (NaN where not told), place (None); as in the file
    """

    people: pd.DataFrame
    goods: pd.DataFrame
    events: pd.DataFrame
    rejected: pd.DataFrame
    notes: tuple[Phrase, ...]

    @property
    def unsubscribed(self) -> Positions:
        """The positions of people who unsubscribed, each once."""
        told = self.events
        return np.unique(told.loc[told[c.KIND] == UNSUBSCRIBE, c.CUSTOMER].to_numpy())


def read(table: Table, cells: Cells, today: date) -> Events:
    """The events in `table`, whose columns `cells` names; rows without somebody, a deed or a date are left out."""
    n = len(table.rows)
    named, notes = identity.customers(cells)
    if named is None:
        raise ValueError("a table of events has a column that names people")
    buyer = named.column()
    kind = _kinds(cells, n)
    at, no_date, told_of_dates = _moments(cells[c.AT])
    fault = np.zeros(n, dtype=np.int8)
    for code, wrong in enumerate((buyer.blank, kind.blank, no_date, np.isnat(at)), 1):
        fault[wrong & (fault == 0)] = code
    rows = np.flatnonzero(fault == 0)
    persons, customer, about_people = _people(cells, named, buyer, rows, today)
    described, product = _goods(cells, identity.products(cells), rows)
    names = np.array(kind.texts, dtype=object)
    values, about_values = _values(cells, names[kind.codes] == RATING, rows)
    events = pd.DataFrame(
        {
            c.CUSTOMER: customer[rows],
            c.PRODUCT: product,
            c.KIND: names[kind.codes[rows]],
            c.AT: at[rows],
            c.QUANTITY: _numbers(cells, c.QUANTITY, n)[rows],
            c.VALUE: values,
            c.PLACE: pd.Series(_places(cells, n)[rows], dtype=object),
        }
    )
    return Events(
        people=persons,
        goods=described,
        events=events,
        rejected=table.rejected(fault, _REASONS),
        notes=(
            *notes,
            *about_people,
            *told_of_dates,
            *_told(events),
            *_unread_quantities(cells, rows),
            *about_values,
            *_unused(table, cells),
        ),
    )


def _kinds(cells: Cells, n: int) -> Column:
    """The kind per row, "" where none is told; a file may say by a header what everybody in it did."""
    if f.BEHAVIOUR in cells:
        return cells[f.BEHAVIOUR].recoded(lambda text: _CODES.get(words.identifier(text), words.text(text)))
    if c.KIND in cells:
        return cells[c.KIND].recoded(lambda text: acts.kind_of(words.text(text)))
    headers = [folded(cells[field].header) for field in (c.AT, c.VALUE) if field in cells]
    implied = next((IMPLIED_EVENTS[word] for word in headers if word in IMPLIED_EVENTS), "visit")
    return Column("", np.zeros(n, dtype=np.int32), [implied])


def _moments(column: Column) -> tuple[NDArray[np.datetime64], NDArray[np.bool_], tuple[Phrase, ...]]:
    """When each row happened, where nothing is said of it, and what was assumed."""
    here, codes = np.unique(column.codes, return_inverse=True)
    tidy = [words.text(text) for text in column.texts_at(here)]
    if any(tidy) and all(_EPOCH.fullmatch(text) for text in tidy if text):
        read = [_of_epoch(text) if text else "" for text in tidy]
        notes: tuple[Phrase, ...] = (Phrase("Times are seconds since 1970; they were read as UTC."),)
    else:
        read, notes = [f"{text}:00" if _HOUR.fullmatch(text) else text for text in tidy], ()
    when = dates.read(read)
    if when.assumed:
        notes += (Phrase("Nothing in the file shows whether 03/04 is 3 April or 4 March; dates were read day first."),)
    nothing = np.array([not text for text in tidy], dtype=np.bool_)
    return when.values[codes], nothing[codes], notes


def _of_epoch(text: str) -> str:
    seconds = float(text)
    return f"{datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC):%Y-%m-%d %H:%M:%S}"


def _people(
    cells: Cells, named: Keys, buyer: Column, rows: Positions, today: date
) -> tuple[pd.DataFrame, Positions, tuple[Phrase, ...]]:
    codes = np.full(len(buyer.codes), -1, dtype=np.int32)
    codes[rows] = buyer.codes[rows]
    customer, kept = identity.compacted(codes, len(buyer.texts))
    about = {field: column for field, column in cells.items() if field in (*_ABOUT, c.CUSTOMER_KEY)}
    told, notes = people.attributes(about, customer, len(kept), today)
    values = buyer.texts_at(kept)
    kinds, keys = named.told_of(customer, values)
    return (
        pd.DataFrame({c.CUSTOMER_KEY: values, c.KEY_KIND: kinds, c.KEYS: keys, **told, c.BOUGHT: True}, dtype=object),
        customer,
        notes,
    )


def _goods(cells: Cells, keys: Column | None, rows: Positions) -> tuple[pd.DataFrame, Positions]:
    """The products that are named, and the position of each row's, -1 where it names none."""
    product = np.full(len(rows), -1, dtype=np.int64)
    if keys is None:
        return pd.DataFrame({c.PRODUCT_KEY: []}, dtype=object), product
    named = ~keys.blank[rows]
    about = {field: column for field, column in cells.items() if field != c.PRICE}
    described, product[named] = goods.described(about, keys, rows[named])
    return described, product


def _numbers(cells: Cells, field: str, n: int) -> NDArray[np.float64]:
    if field not in cells:
        return np.full(n, np.nan)
    return numbers.read(cells[field].texts)[cells[field].codes]


def _places(cells: Cells, n: int) -> NDArray[np.object_]:
    if c.PLACE not in cells:
        return np.full(n, None, dtype=object)
    column = cells[c.PLACE]
    return np.array([words.name(text) or None for text in column.texts], dtype=object)[column.codes]


def _told(events: pd.DataFrame) -> tuple[Phrase, ...]:
    notes: list[Phrase] = []
    unknown = [kind for kind in events[c.KIND].unique().tolist() if kind not in acts.WORDS]
    if unknown:
        shown = answers.shortened(unknown)
        notes.append(Phrase("Words for events that I don't know were kept as they are: {words}.", words=shown))
    n_gone = events.loc[events[c.KIND] == UNSUBSCRIBE, c.CUSTOMER].nunique()
    if n_gone:
        notes.append(
            counted(
                "{n} person unsubscribed according to this file: Zhike will not write to them.",
                "{n} people unsubscribed according to this file: Zhike will not write to them.",
                n=n_gone,
            )
        )
    n_bought = int((events[c.KIND] == BUY).sum())
    if n_bought:
        notes.append(
            counted(
                "{n} purchase was kept as an event: what was sold and earned, an export of orders tells.",
                "{n} purchases were kept as events: what was sold and earned, an export of orders tells.",
                n=n_bought,
            )
        )
    return tuple(notes)


def _values(
    cells: Cells, is_rating: NDArray[np.bool_], rows: Positions
) -> tuple[NDArray[np.float64], tuple[Phrase, ...]]:
    """Of `rows` (NaN where none is told, or one that no scale has), and what was left out."""
    if c.VALUE not in cells:
        return np.full(len(rows), np.nan), ()
    column = cells[c.VALUE].recoded(words.text)
    codes = column.codes[rows]
    values = np.where(is_rating[rows], ratings.read(column.texts)[codes], numbers.read(column.texts)[codes])
    notes = _unread(c.VALUE, int((np.isnan(values) & ~column.blank[rows]).sum()))
    rated = np.where(is_rating[rows], values, np.nan)
    top = ratings.top_of(rated, ten="nps" in folded(column.header))
    wrong = ratings.outside(rated, top)
    if wrong.any():
        notes += (
            counted(
                "{n} rating lies outside the scale of 0 to {top} and was left out.",
                "{n} ratings lie outside the scale of 0 to {top} and were left out.",
                n=int(wrong.sum()),
                top=round(top),
            ),
        )
    return np.where(wrong, np.nan, values), notes


def _unread_quantities(cells: Cells, rows: Positions) -> tuple[Phrase, ...]:
    if c.QUANTITY not in cells:
        return ()
    column = cells[c.QUANTITY].recoded(words.text)
    wrong = np.isnan(numbers.read(column.texts))[column.codes] & ~column.blank
    return _unread(c.QUANTITY, int(wrong[rows].sum()))


def _unread(field: str, n: int) -> tuple[Phrase, ...]:
    if not n:
        return ()
    return (
        counted(
            "{n} value of {field} could not be read and was left out.",
            "{n} values of {field} could not be read and were left out.",
            n=n,
            field=f.WORDS[field],
        ),
    )


def _unused(table: Table, cells: Cells) -> tuple[Phrase, ...]:
    used = {column.header for column in cells.values()}
    headers = [header for header in table.headers if header and header not in used]
    if not headers:
        return ()
    return (Phrase("Not used: {columns}.", columns=answers.shortened(headers)),)
