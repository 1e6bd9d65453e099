"""What to say of outcomes as they are told: what they replace, what is still open, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.intake import outcomes as told
from engine.phrases import Phrase, counted
from engine.store.outcomes import Report

N_ROWS_TOLD = 3


def replaced(reports: Sequence[Report], added: tuple[int, ...]) -> Phrase | None:
    """What to say of a report, among those added now, that takes the place of an earlier one."""
    for before, after in pairwise(reports):
        if after.id in added:
            if (after.conversions, after.sends) == (before.conversions, before.sends):
                return None
            facts = {
                "label": after.label,
                "conversions": after.conversions,
                "sends": after.sends,
                "old_conversions": before.conversions,
                "old_sends": before.sends,
            }
            if after.conversions < before.conversions and after.sends >= before.sends:
                return Phrase(
                    "{label}: {conversions} of {sends}, fewer than the {old_conversions} of {old_sends} from before, "
                    "which it replaces. If that is a slip, tell it again.",
                    **facts,
                )
            return Phrase(
                "{label}: {conversions} of {sends}; this replaces the {old_conversions} of {old_sends} from before.",
                **facts,
            )
    return None


def untold(waiting: Sequence[tuple[str, int]]) -> Phrase | None:
    """What to say of versions of which so many messages wait; None of none."""
    if not waiting:
        return None
    return Phrase(
        "Of these messages nothing was told yet: {counts}. They wait until you do.",
        counts=tuple(Phrase("{label} {n}", label=label, n=n) for label, n in waiting),
    )


def about_rows(people: told.People) -> tuple[Phrase, ...]:
    notes: list[Phrase] = []
    if people.only_buyers and people.converted:
        notes.append(
            Phrase("The file names only people who bought; all others who got a message count as not, so far.")
        )
    if people.refused:
        notes.append(
            counted(
                "{n} row was not recorded: {rows}.",
                "{n} rows were not recorded, such as: {rows}.",
                n=len(people.refused),
                rows=tuple(
                    Phrase("row {row} “{text}” {reason}", row=str(row.row), text=row.text[:40], reason=row.reason)
                    for row in people.refused[:N_ROWS_TOLD]
                ),
            )
        )
    return tuple(notes)
