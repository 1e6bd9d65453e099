"""A track record survives the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from engine.lifecycle.kept import packed, unpacked
from engine.lifecycle.record import Bin, Called, Measured, TrackRecord
from engine.phrases import Phrase

MEASURED = Measured(
    "recency", 400, 200, 250, 0.7, 0.65, 0.75, 0.2, 0.24, (Called(0.65, 10, 7, 250),), (Bin(0.5, 0.45, 400),)
)
RECORD = TrackRecord(
    horizon=90,
    origins=(date(2026, 3, 1), date(2026, 6, 1)),
    chosen="recency",
    reason=Phrase("best of {n}, by {share:.0%}", n=3, share=0.05),
    measured=(MEASURED,),
    latest=(Called(0.8, 4, 3, 100),),
    orders_ratio=1.125,
)


def test_a_record_comes_back_from_json_as_it_was() -> None:
    kept = json.loads(json.dumps(packed(RECORD), allow_nan=False))
    assert unpacked(TrackRecord, kept) == RECORD
    assert kept["origins"] == ["2026-03-01", "2026-06-01"]


@dataclass(frozen=True)
class Box:
    inner: Bin | None
    many: tuple[Bin, ...]


def test_what_is_absent_stays_absent() -> None:
    for box in (Box(None, ()), Box(Bin(0.0, 1.0, 2), (Bin(0.5, 0.5, 1),) * 2)):
        assert unpacked(Box, json.loads(json.dumps(packed(box)))) == box
    assert packed(None) is None
