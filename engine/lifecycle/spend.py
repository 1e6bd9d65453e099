"""What a customer spends per order: the Gamma–Gamma model.

Source: Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value".
"""

from __future__ import annotations

from typing import Protocol

from engine.lifecycle.counts import Floats
from engine.phrases import Phrase


class FittedSpend(Protocol):
    @property
    def notes(self) -> tuple[Phrase, ...]: ...

    def expected(self, n: Floats, mean: Floats) -> Floats:
        """Money per order of a customer with `n` orders of `mean` money; the shop's mean with n = 0."""
        ...

    def interval(self, n: Floats, mean: Floats, level: float) -> tuple[Floats, Floats]:
        """Between which the customer's true mean per order lies with probability `level`."""
        ...
