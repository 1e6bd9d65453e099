"""Checks of data quality: one file each, found by its name.

A new check is one file here with `LOOKED_AT`, what it looks at, `NEEDS`, without which there is nothing to
look at, and `check`, which gives what it found or None.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from engine.intake.evidence import Evidence, Finding
from engine.phrases import Phrase


class Check(Protocol):
    """A file of this folder."""

    LOOKED_AT: Phrase
    NEEDS: tuple[str, ...]  # of "orders" and "customers"

    def check(self, evidence: Evidence) -> Finding | None:
        """None where nothing is odd. Changes nothing."""


@cache
def checks() -> dict[str, Check]:
    """All checks by name."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast(Check, import_module(f"{__name__}.{name}")) for name in names}


def findings(evidence: Evidence) -> tuple[Finding, ...]:
    """What all checks find, faults first, the one of most cases in front."""
    return tuple(sorted(_found(evidence), key=lambda finding: (not finding.is_fault, -finding.n, finding.check)))


def in_order(found: Iterable[Finding], there: Collection[str] = ("orders", "customers")) -> tuple[Phrase, ...]:
    """What the checks look at that have not found anything, of what is `there` to be looked at."""
    if not there:
        return ()
    odd = {finding.check for finding in found}
    return tuple(
        check.LOOKED_AT for name, check in checks().items() if name not in odd and set(check.NEEDS) <= {*there}
    )


def _found(evidence: Evidence) -> Iterator[Finding]:
    for check in checks().values():
        finding = check.check(evidence)
        if finding is not None:
            yield finding
