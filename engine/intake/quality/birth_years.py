"""Customers whose age cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Phrase, counted

NAME = "birth_years"
LOOKED_AT = Phrase("ages and joining dates that cannot be")
NEEDS = ("customers",)
OLDEST = 105  # one in many thousands lives to see it; 1 January 1900 is what a form fills in
YOUNGEST = 6


def check(evidence: Evidence) -> Finding | None:
    people, year = evidence.people, evidence.today.year
    born = _numbers(people, c.BIRTH_YEAR)
    odd = (born < year - OLDEST) | (born > year - YOUNGEST)
    if c.JOINED in people:
        joined = pd.to_datetime(people[c.JOINED], errors="coerce", format="ISO8601").to_numpy()
        odd |= joined > np.datetime64(evidence.today) + np.timedelta64(2, "D")
    found = np.flatnonzero(odd)
    if not len(found):
        return None
    return Finding(
        NAME,
        len(found),
        counted(
            "{n} customer has an age or a joining date that cannot be.",
            "{n} customers have an age or a joining date that cannot be.",
            n=len(found),
        ),
        Phrase("Mostly what a form fills in by itself. Their age says nothing about them."),
        Phrase("Empty the cell in your list of customers and send it again."),
        tuple(_example(evidence, person, born[person]) for person in found[:SHOWN].tolist()),
    )


def _numbers(people: pd.DataFrame, field: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if field not in people:
        return np.full(len(people), np.nan)
    return np.array([np.nan if value is None else float(value) for value in people[field].tolist()], dtype=np.float64)


def _example(evidence: Evidence, person: int, born: float) -> Phrase:
    if np.isnan(born):
        return Phrase(
            "{who}: joined on {on}", who=evidence.who(person), on=str(evidence.people[c.JOINED].iloc[person])[:10]
        )
    return Phrase("{who}: born in {year:d}", who=evidence.who(person), year=int(born))
