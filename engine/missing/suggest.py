"""Which treatment suits a field, tried on cells of it that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine.missing.fields import Field
from engine.missing.filling import as_numbers
from engine.missing.treatments import DEFAULT, treatment
from engine.phrases import Phrase, counted

FEWEST_KNOWN = 40
MOST_MISSING = 0.5
FEW_MISSING = 0.02  # at 1 % missing, segments come out alike with all treatments (measured on incomes)
SAMPLE = 3_000  # rows that a trial looks at
HIDDEN_SHARE, MOST_HIDDEN = 0.25, 300
BETTER = 0.9  # a more complicated treatment has to leave at most this much of a simpler one's error
SURE_HITS = 0.8  # of a choice: filled rightly at least so often

_FOR_NUMBERS = ("median", "mean", "neighbours", "iterative")
_FOR_CHOICES = ("mode", "neighbours")


@dataclass(frozen=True)
class Suggestion:
    """`trials` has what was measured by treatment: of numbers the mean absolute error in the field's unit (days for
    days), of choices the share that came out right; empty if nothing was tried.
    """

    treatment: str
    reason: Phrase
    trials: Mapping[str, float] = field(default_factory=dict)


def suggestion(cells: pd.DataFrame, field: Field, rng: Generator, *, is_tied: bool = False) -> Suggestion:
    """What to do about the gaps of `field` in `cells` (`engine.missing.fields.prepared`), and why.

    Where something could be filled, known cells are hidden at random and filled by each treatment that can, and the
    errors are compared. `is_tied`: the gaps go with something else, so hiding at random is kinder than they are.
    """
    missing = cells[field.key].isna()
    n_known, share = int((~missing).sum()), float(missing.mean()) if len(cells) else 0.0
    if not missing.any():
        return Suggestion(DEFAULT, Phrase("Nothing is missing, so there is nothing to treat."))
    if field.kind == "own":
        return Suggestion(
            DEFAULT, Phrase("It is each person's own: other people's data cannot tell it, so leave it unknown.")
        )
    if n_known < FEWEST_KNOWN:
        return Suggestion(
            DEFAULT,
            counted(
                "Only {n} is known, too few to try out what would fill the gaps well: leave them unknown.",
                "Only {n} are known, too few to try out what would fill the gaps well: leave them unknown.",
                n=n_known,
            ),
        )
    if share > MOST_MISSING:
        return Suggestion(
            DEFAULT,
            Phrase(
                "{share:.0%} are missing: filling them in would make up more than is known, so leave them unknown.",
                share=share,
            ),
        )
    trials = tried(cells, field, rng)
    made = _for_choice(field, trials) if field.kind == "choice" else _for_number(field, trials, share)
    if not is_tied or made.treatment == DEFAULT:
        return made
    warned = Phrase("{reason} The gaps are not spread at random, so the true error may be larger.", reason=made.reason)
    return Suggestion(made.treatment, warned, made.trials)


def tried(cells: pd.DataFrame, field: Field, rng: Generator) -> dict[str, float]:
    """How well each treatment that can fill `field` does on known cells that are hidden from it."""
    known = np.flatnonzero(cells[field.key].notna().to_numpy())
    if len(known) > SAMPLE:
        known = np.sort(rng.choice(known, SAMPLE, replace=False))
    sample = cells.iloc[known].reset_index(drop=True)
    n_hidden = min(MOST_HIDDEN, int(len(sample) * HIDDEN_SHARE))
    hidden = np.sort(rng.choice(len(sample), n_hidden, replace=False))
    truth = sample[field.key].iloc[hidden]
    blanked = sample.copy()
    blanked.loc[hidden, field.key] = pd.NaT if field.kind == "day" else np.nan if field.kind == "number" else None
    trials = {}
    for name in _FOR_CHOICES if field.kind == "choice" else _FOR_NUMBERS:
        chosen = treatment(name)
        if chosen.refusal(blanked, field) is None:
            told = chosen.apply(blanked, field, rng).frame[field.key].iloc[hidden]
            if field.kind == "choice":
                trials[name] = float((told == truth).mean())
            else:
                trials[name] = float((as_numbers(told, field) - as_numbers(truth, field)).abs().mean())
    return trials


def _for_number(field: Field, trials: Mapping[str, float], share: float) -> Suggestion:
    """The simplest one that no other beats clearly."""
    best = "median"
    for name in _FOR_NUMBERS[1:]:
        if name in trials and trials[name] < BETTER * trials[best]:
            best = name
    error = _amount(field, trials[best])
    if best != "median":
        reason = Phrase(
            "Tried on known ones that I hid: off by about {error} on average; the middle value would be off by "
            "{simple}.",
            error=error,
            simple=_amount(field, trials["median"]),
        )
    else:
        reason = Phrase(
            "Tried on known ones that I hid: off by about {error} on average, and nothing more complicated is clearly "
            "better.",
            error=error,
        )
    if share <= FEW_MISSING:
        reason = Phrase("{reason} So few are missing that it changes little.", reason=reason)
    return Suggestion(best, reason, trials)


def _for_choice(field: Field, trials: Mapping[str, float]) -> Suggestion:
    """Filled only where most come out right and the most common one alone does not explain it."""
    best = max(trials, key=lambda name: (trials[name], name == "mode"))
    facts = {"hits": trials[best], "usual": trials["mode"]}
    if best == "mode" or trials[best] < SURE_HITS:
        reason = Phrase(
            "Tried on known ones that I hid: at best {hits:.0%} came out right ({usual:.0%} by always saying the most "
            "common one), so better leave them unknown, as a group of its own.",
            **facts,
        )
        return Suggestion(DEFAULT, reason, trials)
    reason = Phrase(
        "Tried on known ones that I hid: {hits:.0%} came out right, and {usual:.0%} by always saying the most common "
        "one.",
        **facts,
    )
    return Suggestion(best, reason, trials)


def _amount(field: Field, error: float) -> Phrase:
    """An error in the field's unit, in two figures."""
    rounded = float(f"{error:.2g}")
    said = f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
    if field.kind == "day":
        return Phrase("{n} days", n=said)
    if field.key == "birth_year":
        return Phrase("{n} years", n=said)
    return Phrase("{n}", n=said)
