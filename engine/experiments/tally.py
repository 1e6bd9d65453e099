"""What a campaign has shown so far: counts per variant, which are all that most policies need to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Weights = NDArray[np.float64]


def _nothing() -> Counts:
    return np.zeros(0, dtype=np.int64)


def _no_money() -> Weights:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts per variant, in the order of the variants; read-only arrays of one length, at least 1.

    sends: sends whose outcome is known. wins: those of them that converted. waiting: sends whose outcome is not
    known yet (left out: none). money, squares: what the known sends brought in, and the sum of its squares (left out:
    1 for each win). left: how many sends of the campaign come after those that are shared out now (None: nobody knows).
    proven: the variant that a verdict has found to be the best.
    Raises ValueError on counts that cannot be.
    """

    sends: Counts
    wins: Counts
    waiting: Counts = field(default_factory=_nothing)
    money: Weights = field(default_factory=_no_money)
    squares: Weights = field(default_factory=_no_money)
    left: int | None = None
    proven: int | None = None

    def __post_init__(self) -> None:
        for name in ("sends", "wins", "waiting"):
            object.__setattr__(self, name, _counts(name, getattr(self, name)))
        if self.waiting.size == 0:
            object.__setattr__(self, "waiting", _counts("waiting", np.zeros_like(self.sends)))
        if self.sends.size == 0:
            raise ValueError("a tally needs at least one variant")
        if not self.sends.shape == self.wins.shape == self.waiting.shape:
            raise ValueError(f"sends, wins and waiting differ in length: {self}")
        if (self.wins > self.sends).any():
            raise ValueError(f"more wins than sends: {self}")
        if (self.money.size == 0) != (self.squares.size == 0):
            raise ValueError("money comes with its squares, and squares with their money")
        for name in ("money", "squares"):
            object.__setattr__(self, name, _amounts(name, getattr(self, name), self.wins))
        if self.proven is not None and not 0 <= self.proven < self.sends.size:
            raise ValueError(f"proven is {self.proven}, must be a variant: 0 to {self.sends.size - 1}")
        if self.left is not None and self.left < 0:
            raise ValueError(f"left is {self.left}, must be ≥ 0")

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> Tally:
        """From (wins, sends) per variant, as people write them: 3/40."""
        return cls(
            np.array([sends for _, sends in pairs], dtype=np.int64),
            np.array([wins for wins, _ in pairs], dtype=np.int64),
        )

    @classmethod
    def empty(cls, n_variants: int) -> Tally:
        return cls.of([(0, 0)] * n_variants)

    def after(self, variant: int, won: bool) -> Tally:
        """With one more send of the variant, whose outcome is known; `left` is one less. A win brings 1."""
        tally = object.__new__(Tally)
        fields = tally.__dict__
        fields.update(self.__dict__)
        for name in ("sends", "wins", "money", "squares") if won else ("sends",):
            counts = fields[name].copy()
            counts[variant] += 1
            counts.setflags(write=False)
            fields[name] = counts
        if self.left is not None:
            fields["left"] = max(self.left - 1, 0)
        return tally

    @property
    def n_variants(self) -> int:
        return int(self.sends.size)

    @property
    def sent(self) -> Counts:
        """All sends, with those whose outcome is not known yet."""
        return self.sends + self.waiting

    @property
    def rates(self) -> NDArray[np.float64]:
        """Wins per known send; NaN where none is known."""
        rates = np.full(self.n_variants, np.nan)
        np.divide(self.wins, self.sends, out=rates, where=self.sends > 0)
        return rates

    @property
    def means(self) -> Weights:
        """Wins per known send; where none is known, that of all variants together (0 if there is none)."""
        of_all = self.wins.sum() / max(self.sends.sum(), 1)
        return np.where(self.sends > 0, self.wins / np.maximum(self.sends, 1), of_all)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return (self.left, self.proven) == (other.left, other.proven) and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in _ARRAYS
        )

    def __hash__(self) -> int:
        return hash((self.left, self.proven, *(getattr(self, name).tobytes() for name in _ARRAYS)))


_ARRAYS = ("sends", "wins", "waiting", "money", "squares")


def _counts(name: str, values: object) -> Counts:
    """A read-only copy of `values` as whole numbers."""
    given = np.asarray(values)
    counts = given.astype(np.int64)
    if counts.ndim != 1 or (counts != given).any() or (counts < 0).any():
        raise ValueError(f"{name} is {values!r}, must be a list of whole numbers ≥ 0")
    counts.setflags(write=False)
    return counts


def _amounts(name: str, values: object, wins: Counts) -> Weights:
    """A read-only copy of `values`; the wins where none are given."""
    given = np.asarray(values, dtype=np.float64)
    amounts = wins.astype(np.float64) if given.size == 0 else given.copy()
    if amounts.shape != wins.shape or not np.isfinite(amounts).all():
        raise ValueError(f"{name} is {values!r}, must be one amount for each variant")
    amounts.setflags(write=False)
    return amounts
