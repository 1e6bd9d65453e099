"""What other shops' campaigns say of ways to write a message, as versions of a campaign of this shop's own.

A pool tells, for each value of a trait, the conversions of all shops and those to be expected if each campaign's
versions had done alike. Their ratio is what the value is worth, whatever the shops sell; it joins the shop's own past
(`engine.experiments.pooling`) as versions with this trait alone, of a few campaigns, and of so few messages that the
shop's own outcomes soon outweigh it.
Source: Breslow & Day (1987), "Statistical Methods in Cancer Research II", section 2.3, on observed and expected counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from engine.experiments.pooling import PastVersion

CAMPAIGNS = 5  # that a trait's values count as: with one, a text could be as much of a reason as the trait
MOST_WINS = 20.0  # that a value counts for in all: shops differ, so ever more of others' would say no more of this
MOST_SENDS = 1_000
_LEAST_EXPECTED = 3.0  # standard deviations of the noise; what is nearer to it is left out
_FARTHEST = 4.0  # times as good, or as bad


@dataclass(frozen=True)
class PooledCell:
    """The totals of all shops for a goal and a value of a trait, with the noise that they all put in."""

    goal: str
    trait: str
    value: str
    wins: int
    misses: int
    expected: float


def as_versions(cells: Iterable[PooledCell], deviation: float, first: int = -1) -> list[PastVersion]:
    """Versions that stand for `cells`, whose numbers carry noise of this deviation.

    Their campaigns are numbered `first`, `first` - 1, …
    """
    found, campaign = [], first
    for _, alike in groupby(told_apart(cells, deviation), lambda cell: (cell.goal, cell.trait)):
        values = list(alike)
        for _ in range(CAMPAIGNS):
            found += [_version(cell, _level(values), deviation, campaign) for cell in values]
            campaign -= 1
    return found


def told_apart(cells: Iterable[PooledCell], deviation: float) -> list[PooledCell]:
    """The cells that tell anything: beyond the noise, of traits of which two values are known; by goal and trait."""
    by_trait: dict[tuple[str, str], list[PooledCell]] = defaultdict(list)
    for cell in cells:
        if cell.expected > _LEAST_EXPECTED * deviation and cell.wins + cell.misses > 0:
            by_trait[cell.goal, cell.trait].append(cell)
    return [cell for _, alike in sorted(by_trait.items()) if len(alike) > 1 for cell in alike]


def ratio(cell: PooledCell) -> float:
    """How many conversions came for each that was to be expected, within a quarter and four times."""
    return min(max(cell.wins / max(cell.expected, 1), 1 / _FARTHEST), _FARTHEST)


def _level(cells: list[PooledCell]) -> float:
    wins, sends = sum(cell.wins for cell in cells), sum(cell.wins + cell.misses for cell in cells)
    return min(max(wins / sends, 0.001), 0.5)


def _version(cell: PooledCell, level: float, deviation: float, campaign: int) -> PastVersion:
    # the noise is in both numbers of the ratio, so they tell as much as fewer conversions without noise would
    worth = cell.expected**2 / (cell.expected + 2 * deviation**2)
    worth = min(worth, MOST_WINS, MOST_SENDS * level) / CAMPAIGNS
    sends = worth / level
    text = f"{cell.goal}/pooled {cell.trait} {cell.value} {campaign}"  # nobody's
    return PastVersion(text, {cell.trait: cell.value}, campaign, min(worth * ratio(cell), sends), sends)
