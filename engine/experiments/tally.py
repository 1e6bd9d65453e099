"""What a campaign has shown so far: counts per variant, which are all that a policy needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Weights = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts per variant, in the order of the variants; read-only arrays of one length, at least 1.

    sends: sends whose outcome is known. wins: those of them that converted. waiting: sends whose outcome is not
    known yet (left out: none).
    Raises ValueError on counts that cannot be.
    """

    sends: Counts
    wins: Counts
    waiting: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

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

    @property
    def n_variants(self) -> int:
        return int(self.sends.size)

    @property
    def rates(self) -> NDArray[np.float64]:
        """Wins per known send; NaN where none is known."""
        rates = np.full(self.n_variants, np.nan)
        np.divide(self.wins, self.sends, out=rates, where=self.sends > 0)
        return rates

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in ("sends", "wins", "waiting"))

    def __hash__(self) -> int:
        return hash((self.sends.tobytes(), self.wins.tobytes(), self.waiting.tobytes()))


def _counts(name: str, values: object) -> Counts:
    """A read-only copy of `values` as whole numbers."""
    given = np.asarray(values)
    counts = given.astype(np.int64)
    if counts.ndim != 1 or (counts != given).any() or (counts < 0).any():
        raise ValueError(f"{name} is {values!r}, must be a list of whole numbers ≥ 0")
    counts.setflags(write=False)
    return counts
