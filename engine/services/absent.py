"""What a file tells of people who are forgotten: nothing of them is stored, their orders count as nobody's."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.intake import receipt, words
from engine.intake.events import Events
from engine.intake.goods import Goods
from engine.intake.identity import scope_of
from engine.intake.orders import Purchases
from engine.intake.people import People
from engine.intake.receipt import Receipt
from engine.intake.same_person import EMAIL, PHONE
from engine.intake.understanding import Understood
from engine.phrases import counted
from engine.privacy.traces import Traces
from engine.store import suppressions
from engine.store.newcomers import Told as Keys
from engine.store.suppressions import Forgotten, tokens

Told = Purchases | People | Goods | Events
NAMED = (c.CUSTOMER_KEY, c.NAME, c.EMAIL, c.PHONE)


@dataclass(frozen=True)
class Absent:
    """Whom of a file's people, by position, nothing is stored of, and what names them in it."""

    people: NDArray[np.bool_]
    traces: Traces

    @property
    def n(self) -> int:
        return int(self.people.sum())

    def told(self, made: Receipt) -> Receipt:
        """The receipt, which says how many and not who."""
        if not self.n:
            return made
        note = counted(
            "{n} person in the file was forgotten as they wished: nothing about them was stored, and their orders "
            "count as nobody's.",
            "{n} people in the file were forgotten as they wished: nothing about them was stored, and their orders "
            "count as nobody's.",
            n=self.n,
        )
        clean = receipt.from_text(self.traces.without(receipt.to_text(made)))
        return replace(clean, notes=(*clean.notes, note))


def without_absent(db: Database, found: Understood, told: Told) -> tuple[Told, Absent]:
    """What the file tells, without anybody who is forgotten, and who that is."""
    known = suppressions.forgotten(db)
    if not known or isinstance(told, Goods):
        return told, Absent(np.zeros(0, dtype=np.bool_), Traces(frozenset()))
    who = told.people
    gone = np.zeros(len(who), dtype=np.bool_)
    if not (isinstance(told, People) and told.keyless):
        keys = Keys.of(who, scope_of(found.cells, found.platform))
        gone = np.fromiter(
            (
                known.is_one(kind, keys.scope_of(i), value, of)
                for i, (kind, value, of) in enumerate(zip(keys.kinds, keys.values, keys.keys, strict=True))
            ),
            dtype=np.bool_,
            count=len(who),
        )
    fields = [field for field in NAMED if field in who]
    values = [str(value) for row in who.loc[gone, fields].itertuples(index=False) for value in row if pd.notna(value)]
    absent = Absent(gone, Traces.of(values))
    told = replace(told, rejected=_rejected(told.rejected, known, absent.traces))
    if isinstance(told, Purchases):
        return _purchases(told, known, suppressions.orders(db), gone), absent
    if isinstance(told, People):
        return _people(told, gone), absent
    return _events(told, gone), absent


def _purchases(told: Purchases, known: Forgotten, there: Collection[str], gone: NDArray[np.bool_]) -> Purchases:
    orders, returns = (
        frame.assign(**{c.CUSTOMER: _nobody(frame, gone)}).assign(
            **{c.ORDER_KEY: _as_stored(frame[c.ORDER_KEY], _of(frame, gone), known, there)}
        )
        for frame in (told.orders, told.returns)
    )
    left = _of(told.orders, gone)
    places = told.places.loc[~left[told.places[c.ORDER].to_numpy()]] if len(told.places) else told.places
    void = tuple(_as_stored(told.void, np.zeros(len(told.void), np.bool_), known, there))
    return replace(told, orders=orders, returns=returns, places=places, void=void)


def _as_stored(keys: Iterable[str], of_gone: NDArray[np.bool_], known: Forgotten, there: Collection[str]) -> list[str]:
    """The orders' numbers, those of forgotten people as they are kept."""
    if not there and not of_gone.any():
        return list(keys)
    return [
        next((name for name in known.orders(key) if name in there), known.order(key) if is_gone else key)
        for key, is_gone in zip(keys, of_gone.tolist(), strict=True)
    ]


def _nobody(frame: pd.DataFrame, gone: NDArray[np.bool_]) -> NDArray[np.int64]:
    customers = frame[c.CUSTOMER].to_numpy()
    return np.where(_of(frame, gone), -1, customers).astype(customers.dtype)


def _of(frame: pd.DataFrame, gone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows are of somebody who is gone; -1 is nobody, and so the last of one more."""
    found: NDArray[np.bool_] = np.append(gone, False)[frame[c.CUSTOMER].to_numpy()]
    return found


def _people(told: People, gone: NDArray[np.bool_]) -> People:
    answers = tuple(
        replace(made, codes=np.where(gone, -1, made.codes).astype(made.codes.dtype)) for made in told.answers
    )
    return replace(told, answers=answers)


def _events(told: Events, gone: NDArray[np.bool_]) -> Events:
    return replace(told, events=told.events.loc[~_of(told.events, gone)].reset_index(drop=True))


def _rejected(rejected: pd.DataFrame, known: Forgotten, traces: Traces) -> pd.DataFrame:
    """The rows left out, without the text of those that name somebody who is forgotten."""
    if not len(rejected):
        return rejected
    texts: Sequence[str] = rejected[c.TEXT].tolist()
    kept = ["" if traces.in_csv(text) or _names_forgotten(text, known) else text for text in texts]
    return rejected.assign(**{c.TEXT: kept})


def _names_forgotten(text: str, known: Forgotten) -> bool:
    cells = next(csv.reader([text]), [])
    contacts = ((kind, read(cell)) for cell in cells for kind, read in ((EMAIL, words.email), (PHONE, words.phone)))
    return known.has(token for kind, value in contacts if value for token in tokens(kind, "", value))
