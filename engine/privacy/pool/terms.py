"""What a round of pooling is about, as the organiser's invitation says it: what is counted, the bounds, the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any

from engine.errors import FileRefused
from engine.phrases import Phrase
from engine.privacy.pool.documents import NO_FILE, hexadecimal, rows, text, whole

FEWEST_SHOPS, MOST_SHOPS = 5, 100
MOST_CELLS = 64
MOST_CAMPAIGNS = 12  # of a goal: a customer gets each at most once
LONGEST_DAYS = 180
ANY = "any"
EXPECTED_UNIT = 8  # expected conversions are counted in eighths, so that rounding them moves little
_MISSES_NOISE = 8  # times the noise of the others: there are many, and only the level is learned from them
_LEAST_CAPS = (900, 6_000, 900 * EXPECTED_UNIT)  # what a shop may count at least, in this order
_TAIL = 30  # a share beyond so many times the scale has a chance under 1e-12
_GUARD = MOST_SHOPS.bit_length()


@dataclass(frozen=True)
class Cell:
    """One way to write a message for a goal: `trait` such as tone, `value` such as warm."""

    goal: str
    trait: str
    value: str


@dataclass(frozen=True)
class Terms:
    """`epsilon_percent` is ε of one message in hundredths; `until` is UTC, and nothing is done afterwards.

    For each cell three numbers are counted: conversions, messages without one, and the conversions to be expected if
    all versions of a campaign did as well as it did on the whole, so that a shop that sells much does not make its
    own way of writing look good.
    """

    round: str
    channel: str
    cells: tuple[Cell, ...]
    fewest: int
    epsilon_percent: int
    until: datetime

    @property
    def goals(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.goal for cell in self.cells))

    @cached_property
    def touched(self) -> float:
        """How far all numbers together can change, each measured by its own noise, if one message is added, left out
        or answered otherwise.

        In each trait it is in one cell. Answered otherwise, that cell's conversions and misses change by one, and what
        is expected of all the trait's cells by one together; a message more without an answer changes the misses by
        one and what is expected by less than two together, and one with an answer the conversions and what is expected
        by one each. Rounding adds up to a unit in each of the trait's cells.
        """
        of_goal = []
        for goal in self.goals:
            traits = [cell.trait for cell in self.cells if cell.goal == goal]
            of_goal.append((2 + 1 / _MISSES_NOISE) * len(set(traits)) + len(traits) / EXPECTED_UNIT)
        return max(of_goal)

    @property
    def epsilon(self) -> float:
        return self.epsilon_percent / 100

    @property
    def scales(self) -> tuple[float, ...]:
        """Of the discrete Laplace noise on the total of each number."""
        scale = self.touched / self.epsilon
        return (scale, scale * _MISSES_NOISE, scale * EXPECTED_UNIT) * len(self.cells)

    @property
    def offsets(self) -> tuple[int, ...]:
        """What is added to each number, so that it stays above 0 with the noise."""
        return tuple(ceil(_TAIL * scale) for scale in self.scales)

    @property
    def bits(self) -> tuple[int, ...]:
        """How many bits each number of a shop has, with noise and offset; that it has no more is what it proves."""
        caps = _LEAST_CAPS * len(self.cells)
        return tuple((cap + 2 * offset).bit_length() for cap, offset in zip(caps, self.offsets, strict=True))

    @property
    def caps(self) -> tuple[int, ...]:
        """The most that a shop may count of each number."""
        return tuple((1 << bits) - 1 - 2 * offset for bits, offset in zip(self.bits, self.offsets, strict=True))

    @property
    def widths(self) -> tuple[int, ...]:
        """Bits of each number with room for the sum of all shops."""
        return tuple(n_bits + _GUARD for n_bits in self.bits)

    def honest(self, n_shops: int) -> int:
        """So many shops' shares make up the whole noise: more than half of them."""
        return n_shops // 2 + 1

    def body(self) -> dict[str, Any]:
        return {
            "round": self.round,
            "channel": self.channel,
            "cells": [[cell.goal, cell.trait, cell.value] for cell in self.cells],
            "fewest": self.fewest,
            "epsilon_percent": self.epsilon_percent,
            "until": self.until.isoformat(),
        }


def terms_of(body: dict[str, Any], channels: Sequence[str]) -> Terms:
    """Raises FileRefused for terms that cannot be, or that a shop should not agree to."""
    cells = []
    for row in rows(body, "cells", MOST_CELLS, list):
        named = dict(zip(("goal", "trait", "value"), row, strict=False))
        if len(row) != 3:
            raise FileRefused(NO_FILE)
        cells.append(Cell(text(named, "goal"), text(named, "trait"), text(named, "value")))
    channel = text(body, "channel")
    if not cells or len(set(cells)) != len(cells) or channel not in (ANY, *channels):
        raise FileRefused(NO_FILE)
    fewest = whole(body, "fewest", 0, MOST_SHOPS)
    if fewest < FEWEST_SHOPS:
        raise FileRefused(
            Phrase(
                "This pool would be opened with {n} shops; fewer than {fewest} could work out whose counts are whose.",
                n=fewest,
                fewest=FEWEST_SHOPS,
            )
        )
    until = _moment(text(body, "until"))
    return Terms(
        hexadecimal(body, "round"), channel, tuple(cells), fewest, whole(body, "epsilon_percent", 10, 400), until
    )


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise FileRefused(NO_FILE) from error
    if moment.tzinfo is None:
        raise FileRefused(NO_FILE)
    return moment
