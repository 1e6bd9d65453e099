"""How much may ever be told of one customer: a total that is spent, and never filled up again.

What several reports give away adds up (sequential composition: Dwork & Roth 2014, theorem 3.14). So a budget “for each
quarter” would promise nothing over the years; this one is for as long as the shop's data live.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.errors import NotAllowed
from engine.phrases import Phrase

TOTAL: Final = 2.0
USUAL: Final = 0.5  # of one report
LEAST, MOST = 0.1, 1.0  # of one report
_SLACK: Final = 1e-9  # of adding floating-point numbers


@dataclass(frozen=True)
class Spend:
    """`epsilon` went on report `report` at `at`, made for `for_whom` ("" where it was not said) by `who`."""

    report: int
    epsilon: float
    at: datetime
    for_whom: str
    who: str


@dataclass(frozen=True)
class Budget:
    """`spends`, the earliest first. `elsewhere`: spent by what the store does not know of, as it is an older copy."""

    spends: tuple[Spend, ...] = ()
    elsewhere: float = 0.0
    total: float = TOTAL

    @property
    def spent(self) -> float:
        return round(math.fsum(spend.epsilon for spend in self.spends) + self.elsewhere, 9)

    @property
    def left(self) -> float:
        return max(0.0, round(self.total - self.spent, 9))

    def allows(self, epsilon: float) -> bool:
        return self.spent + epsilon <= self.total + _SLACK


def must_allow(budget: Budget, epsilon: float) -> None:
    """Raises NotAllowed with what was spent when on what, if so much is not left."""
    if budget.allows(epsilon):
        return
    parts = _parts(budget.spends)
    if budget.elsewhere > 0:
        parts += (
            Phrase("{epsilon:.2f} by reports that this copy of the data does not have", epsilon=budget.elsewhere),
        )
    raise NotAllowed(
        Phrase(
            "The privacy budget does not allow this report: it needs {needed:.2f}, and for good only {left:.2f} of "
            "{total:.2f} is left ({parts}). Reports that were made may still be passed on: /share",
            needed=epsilon,
            left=budget.left,
            total=budget.total,
            parts=parts,
        )
    )


def checked(epsilon: float) -> float:
    """Raises NotAllowed unless one report may cost so much."""
    if not (math.isfinite(epsilon) and LEAST <= epsilon <= MOST):
        raise NotAllowed(
            Phrase(
                "A report may use {least:.2f} to {most:.2f} of the privacy budget, not {given}.",
                least=LEAST,
                most=MOST,
                given=f"{epsilon:g}",
            )
        )
    return round(epsilon, 4)


def _parts(spends: Sequence[Spend]) -> tuple[Phrase, ...]:
    return tuple(
        Phrase("{epsilon:.2f} for report {report} on {at:%Y-%m-%d}", epsilon=one.epsilon, report=one.report, at=one.at)
        if not one.for_whom
        else Phrase(
            "{epsilon:.2f} for report {report} on {at:%Y-%m-%d}, for {whom}",
            epsilon=one.epsilon,
            report=one.report,
            at=one.at,
            whom=one.for_whom,
        )
        for one in spends
    )
