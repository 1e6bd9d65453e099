"""What sets segments apart and what would move people out, as it was found, and what pictures are drawn from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from engine.phrases import Phrase, from_json, to_json
from engine.segments.facts import Drawing, Facts
from engine.store import transaction


def save(db: Database, run_id: int, facts: Mapping[int, Facts], drawing: Drawing) -> None:
    """Store the facts of a run's segments, by the segment's id, and its drawing."""
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO segment_facts (segment_id, facts) VALUES (?, ?)",
            [(segment, _text(_packed(told))) for segment, told in facts.items()],
        )
        db.conn.execute(
            "INSERT INTO segment_drawings (run_id, drawing) VALUES (?, ?)", [run_id, _text(_packed_drawing(drawing))]
        )


def of_run(db: Database, run_id: int) -> dict[int, Facts]:
    """By segment; none of a run from before there were facts."""
    rows = db.conn.execute(
        "SELECT f.segment_id, f.facts FROM segment_facts f JOIN segments s ON s.id = f.segment_id WHERE s.run_id = ?",
        [run_id],
    )
    return {segment: _facts(json.loads(text)) for segment, text in rows}


def of_segment(db: Database, segment_id: int) -> Facts:
    """The facts of a segment; empty ones if it is from before there were any."""
    row = db.conn.execute("SELECT facts FROM segment_facts WHERE segment_id = ?", [segment_id]).fetchone()
    return Facts() if row is None else _facts(json.loads(row[0]))


def drawing(db: Database, run_id: int) -> Drawing | None:
    row = db.conn.execute("SELECT drawing FROM segment_drawings WHERE run_id = ?", [run_id]).fetchone()
    return None if row is None else _drawing(json.loads(row[0]))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _packed(facts: Facts) -> dict[str, Any]:
    return {
        "sets": [_phrases(rules) for rules in facts.sets],
        "covered": facts.covered,
        "right": facts.right,
        "contrasts": _phrases(facts.contrasts),
        "ways_out": _phrases(facts.ways_out),
        "hedges": _phrases(facts.hedges),
        "unusual": {str(customer): to_json(what) for customer, what in facts.unusual.items()},
        "differences": dict(facts.differences),
        "dots": [list(dot) for dot in facts.dots],
    }


def _facts(stored: Mapping[str, Any]) -> Facts:
    return Facts(
        sets=tuple(_told(rules) for rules in stored["sets"]),
        covered=stored["covered"],
        right=stored["right"],
        contrasts=_told(stored["contrasts"]),
        ways_out=_told(stored["ways_out"]),
        hedges=_told(stored["hedges"]),
        unusual={int(customer): from_json(what) for customer, what in stored["unusual"].items()},
        differences=stored["differences"],
        dots=tuple((x, y) for x, y in stored["dots"]),
    )


def _packed_drawing(drawn: Drawing) -> dict[str, Any]:
    return {
        "rows": [[to_json(what), list(apart)] for what, apart in drawn.rows],
        "right": _phrases(drawn.right),
        "up": _phrases(drawn.up),
        "has_money": drawn.has_money,
    }


def _drawing(stored: Mapping[str, Any]) -> Drawing:
    return Drawing(
        rows=tuple((from_json(what), tuple(apart)) for what, apart in stored["rows"]),
        right=_told(stored["right"]),
        up=_told(stored["up"]),
        has_money=stored["has_money"],
    )


def _phrases(phrases: Iterable[Phrase]) -> list[str]:
    return [to_json(phrase) for phrase in phrases]


def _told(stored: Iterable[str]) -> tuple[Phrase, ...]:
    return tuple(from_json(text) for text in stored)
