"""How much of each field is missing, and in which pattern, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from engine.missing.fields import Field, prepared
from engine.missing.patterns import Pattern, Tie, patterns
from engine.phrases import Phrase, counted, in_percent

MOST_TIES = 3
MOST = 0.5  # of the gaps
STRONG, MIDDLING = 0.8, 0.5  # Cohen (1988): large and medium differences of two shares

NEVER_SEEN = Phrase(
    "Whether something is missing because of what it is (as when people hide a high income) can never be seen from "
    "the data themselves."
)


@dataclass(frozen=True)
class FieldGaps:
    """What is missing of one field, out of `n` rows of a table: customers, orders or products."""

    table: str
    field: Field
    n: int
    n_missing: int
    pattern: Pattern

    @property
    def share(self) -> float:
        return self.n_missing / self.n if self.n else 0.0

    @property
    def is_at_random(self) -> bool:
        """Whether it was looked for what the gaps go with, and nothing found."""
        return 0 < self.n_missing < self.n and self.pattern.is_told and not self.pattern.ties

    @property
    def sentences(self) -> tuple[Phrase, ...]:
        """The pattern in plain words, with the test behind it; what is the most telling first."""
        return tuple(_sentences(self))


def gaps(table: str, frame: pd.DataFrame, targets: Sequence[Field], companions: Sequence[Field]) -> list[FieldGaps]:
    """What is missing of each of `targets`, in their order, and with which of `companions` or of each other it goes.

    `frame` has a column for each of both.
    """
    fields = (*targets, *companions)
    cells = prepared(frame, fields)
    found = patterns(cells, fields, targets)
    return [
        FieldGaps(table, field, len(cells), int(cells[field.key].isna().sum()), found[field.key]) for field in targets
    ]


def _sentences(told: FieldGaps) -> Iterator[Phrase]:
    pattern = told.pattern
    if told.n_missing == 0:
        yield Phrase("Nothing is missing.")
        return
    if told.n_missing == told.n:
        yield (
            Phrase("Nobody has one: no file has told it yet.")
            if told.table == "customers"
            else Phrase("None has one: no file has told it yet.")
        )
        return
    if not pattern.is_told:
        yield Phrase("Too few to tell a pattern.")
        return
    if not pattern.ties:
        yield Phrase(
            "Missing at random, as far as your data show: {looks} with other things found no tie (Fisher's exact test, "
            "corrected for so many looks).",
            looks=counted("{n} comparison", "{n} comparisons", n=pattern.n_looks),
        )
        return
    together = [tie for tie in pattern.ties if tie.group.is_gap and tie.effect >= STRONG and tie.covers > MOST]
    if together:
        yield Phrase(
            "Mostly missing together with {fields}.", fields=tuple(tie.group.companion.words for tie in together)
        )
    others = [tie for tie in pattern.ties if tie not in together]
    for tie in others[: MOST_TIES - bool(together)]:
        yield _said(tie)
    weakest = max(tie.p for tie in [*together[:1], *others[:MOST_TIES]])
    yield Phrase(
        "So it is not missing at random ({looks}; Fisher's exact test, p {p} after correction for so many looks).",
        looks=counted("{n} comparison", "{n} comparisons", n=pattern.n_looks),
        p=Phrase("below {bound}", bound="0.001") if weakest < 0.001 else f"{weakest:.3f}",
    )


def _said(tie: Tie) -> Phrase:
    facts = {"where": tie.group.where, "inside": in_percent(tie.share_inside), "outside": in_percent(tie.share_outside)}
    if tie.effect >= MIDDLING:
        return Phrase("Missing far more often among {where}: {inside}, and {outside} among the others.", **facts)
    if tie.effect > 0:
        return Phrase("Missing somewhat more often among {where}: {inside}, and {outside} among the others.", **facts)
    if tie.effect <= -MIDDLING:
        return Phrase("Missing far less often among {where}: {inside}, and {outside} among the others.", **facts)
    return Phrase("Missing somewhat less often among {where}: {inside}, and {outside} among the others.", **facts)
