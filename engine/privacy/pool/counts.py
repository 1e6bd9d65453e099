"""A shop's own counts for a round, from its campaigns; they are in no file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from engine.privacy.pool.terms import EXPECTED_UNIT, MOST_CAMPAIGNS, Cell, Terms


@dataclass(frozen=True)
class Counted:
    """A version of a finished campaign, with its traits such as tone → warm. Campaign numbers grow with time."""

    campaign: int
    goal: str
    traits: Mapping[str, str]
    wins: int
    sends: int


@dataclass(frozen=True)
class Counts:
    """`numbers`: for each cell conversions, messages without, and expected conversions in eighths, in the order
    of the terms.

    They are of `n_campaigns` (of a goal at most `per_customer`) and were halved `halved` times to keep to the caps.
    """

    numbers: tuple[int, ...]
    n_campaigns: int
    n_sends: int
    per_customer: int
    halved: int


def counts(terms: Terms, versions: Iterable[Counted]) -> Counts:
    """Of the newest campaigns for each goal that compared two versions or more, sent or not: no single message decides
    whether a campaign counts.
    """
    campaigns = _counting(terms, versions)
    cells = {cell: place for place, cell in enumerate(terms.cells)}
    sums = [[0.0, 0.0, 0.0] for _ in cells]
    for rows in campaigns:
        wins, sends = sum(row.wins for row in rows), sum(row.sends for row in rows)
        for row in rows:
            for trait, value in row.traits.items():
                place = cells.get(Cell(row.goal, trait, value))
                if place is not None and sends:
                    adds = (row.wins, row.sends - row.wins, EXPECTED_UNIT * wins * row.sends / sends)
                    sums[place] = [old + new for old, new in zip(sums[place], adds, strict=True)]
    every, halved = [number for row in sums for number in row], 0
    while any(number / 2**halved > cap for number, cap in zip(every, terms.caps, strict=True)):
        halved += 1
    return Counts(
        tuple(int(number / 2**halved + (0.5 if k % 3 == 2 else 0.0)) for k, number in enumerate(every)),
        len(campaigns),
        sum(row.sends for rows in campaigns for row in rows),
        max((sum(rows[0].goal == goal for rows in campaigns) for goal in terms.goals), default=0),
        halved,
    )


def _counting(terms: Terms, versions: Iterable[Counted]) -> list[Sequence[Counted]]:
    by_campaign: dict[int, list[Counted]] = defaultdict(list)
    for row in versions:
        if row.goal in terms.goals:
            by_campaign[row.campaign].append(row)
    found: list[Sequence[Counted]] = []
    for goal in terms.goals:
        of_goal = [rows for _, rows in sorted(by_campaign.items()) if len(rows) > 1 and rows[0].goal == goal]
        found += of_goal[-MOST_CAMPAIGNS:]
    return found


def packed(found: Counts) -> str:
    """As text for the store; `unpacked` gives it back."""
    return json.dumps(asdict(found), sort_keys=True)


def unpacked(text: str) -> Counts:
    told = json.loads(text)
    return Counts(**{**told, "numbers": tuple(told["numbers"])})
