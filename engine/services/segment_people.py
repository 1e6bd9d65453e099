"""Who the people of each segment are: their age and place, from fields whose gaps are treated as was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.phrases import Phrase
from engine.services.known import treated_customers
from engine.shop import Shop
from engine.store import missing
from engine.store import segments as stored
from engine.store.segments import StoredSegment

PLACES = (c.CITY, c.REGION, c.COUNTRY)
FEWEST = 5  # of a segment: below, one person's year would be told
WORTH_TELLING = 0.2  # a place with fewer of a segment's people says nothing of it


def people_of(
    shop: Shop, db: Database, segments: Sequence[StoredSegment], as_of: date
) -> tuple[dict[int, Phrase], tuple[Phrase, ...]]:
    """A line on each segment's people, by its id, and what to say of the gaps in what it was told from.

    The age is the median; the place the most common one with its share of all who are in the computation, those of
    unknown place included. Both empty where nothing of this is known.
    """
    told = missing.told_of_people(db)
    place = next((key for key in PLACES if key in told), None)
    used = [key for key in (c.BIRTH_YEAR, place) if key in told]
    if not used:
        return {}, ()
    made = treated_customers(shop, db, used)
    lines = {}
    for segment in segments:
        members = made.frame.reindex(made.frame.index.intersection(stored.members(db, segment.id)))
        facts = [*_age(members, as_of), *_place(members, place)]
        if facts:
            lines[segment.id] = Phrase("{facts}", facts=tuple(facts))
    return lines, made.statements if lines else ()


def _age(members: pd.DataFrame, as_of: date) -> list[Phrase]:
    if c.BIRTH_YEAR not in members:
        return []
    years = members[c.BIRTH_YEAR].dropna()
    if len(years) < FEWEST:
        return []
    return [Phrase("typically {age} years old", age=int(as_of.year - years.median()))]


def _place(members: pd.DataFrame, place: str | None) -> list[Phrase]:
    if place is None or len(members) < FEWEST or members[place].notna().sum() == 0:
        return []
    common = members[place].mode().iloc[0]
    share = float((members[place] == common).mean())
    if share < WORTH_TELLING:
        return []
    return [Phrase("{share:.0%} from {place}", share=share, place=str(common))]
