"""The seven stages: where each customer stands as of a day, from purchase days, events and P(no order in H).

The rows are tried in this order, the first that fits is the stage; every customer has exactly one.

    bought    purchase    one purchase day, at most W1 days ago
              churn       P(no order in the next H days) ≥ .8, and no event in the last H days since the last purchase
              loyalty     at least 4 purchase days and P(buys in the next H days) ≥ .5; or a referral, a good review, …
                          in the last H days
              use         the rest
    never     evaluation  cart, checkout, comparison, … in the last 30 days
              loyalty, use  such an event in the last H days
              interest    two visits, or a view, a click, …, or any of the above longer ago
              awareness   one visit or impression
              unknown     neither a purchase nor an event: not observable, and never guessed

Where nothing is ever bought, as in an account of social media, evaluation comes after loyalty and use.
Where no forecast can be leaned on (`Rules.by_days`), days without an order decide: lost after more than `lost_days`,
warned of after more than `warned_days`, and loyal with 4 purchase days and an order in the last `warned_days`.
Who is within their own rhythm (`engine.lifecycle.rhythm`) is neither lost nor warned of: where people come once a year,
no order in the next H days is no sign of anything. For the same reason they are loyal then with 4 purchase days if
their usual gap is longer than H. And no chance makes somebody loyal who has been away for longer than three usual gaps,
their own or the shop's, whichever is longer, and longer than H.
A warning (流失预警) is a mark on use and loyalty: P(no order) from .65 to .8 and no event, or ≥ .8 in spite of one.
Which kinds of events show which stage is the preset's matter (`engine.lifecycle.known.Signs`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.dated import NEVER, Flags, Ints, day_number
from engine.lifecycle.known import Known
from engine.lifecycle.purchases import Floats
from engine.lifecycle.rhythm import in_rhythm
from engine.phrases import Phrase

UNKNOWN: Final = "unknown"
STAGES: Final = ("awareness", "interest", "evaluation", "purchase", "use", "loyalty", "churn")
EVERY: Final = (*STAGES, UNKNOWN)
NAMES: Final[Mapping[str, Phrase]] = {
    "awareness": Phrase("Awareness"),
    "interest": Phrase("Interest"),
    "evaluation": Phrase("Evaluation"),
    "purchase": Phrase("Purchase"),
    "use": Phrase("Use"),
    "loyalty": Phrase("Loyalty"),
    "churn": Phrase("Churn"),
    UNKNOWN: Phrase("Not observable"),
}
WARNING: Final = Phrase("Churn warning")


@dataclass(frozen=True)
class Rules:
    """The thresholds. `horizon` is H and `first_to_second` W1, both in days (`engine.lifecycle.horizon`)."""

    horizon: int
    first_to_second: int
    lost_from: float = 0.8  # P(no order in H)
    warned_from: float = 0.65
    loyal_days: int = 4  # with a purchase
    loyal_from: float = 0.5  # P(buys in H)
    weighing_days: int = 30
    visits: int = 2
    lost_days: int | None = None  # without an order; with `warned_days`, in place of all chances
    warned_days: int | None = None
    usual_gap: float | None = None  # days between two orders of a customer, the shop's median; None where it is unknown
    loyal_gaps: int = 3  # usual gaps without an order, and no longer loyal

    @property
    def by_days(self) -> bool:
        """Whether plain days without an order decide, and no chances."""
        return self.lost_days is not None


def standing(known: Known, as_of: pd.Timestamp, p_none: pd.Series, rules: Rules) -> pd.DataFrame:
    """One row per customer of `known`, by customer, as of the day `as_of`; what came on or after it is not looked at.

    STAGE (a category of EVERY), WARNED, PURCHASE_DAYS, RECENCY_DAYS since the last purchase (missing without one),
    P_NONE, SIGN (the kind of the event that tells; missing without one), SIGN_DAYS since it, and VISITS. `p_none` by
    customer; where it is missing nobody is called lost or loyal by it.
    """
    day = day_number(as_of)
    bought, last = known.purchases.before(day)
    ago = day - known.purchases.day_of(last)
    has_bought = bought > 0
    chance = np.where(has_bought, p_none.reindex(known.customers).to_numpy("float64"), np.nan)
    signs = {stage: _Newest.of(known, stage, day) for stage in known.signs}
    seen = _Newest.of(known, None, day)
    n_visits, _ = known.visits.before(day)
    lately = (seen.ago <= rules.horizon) & (seen.ago < ago)
    recommends = signs["loyalty"].ago <= rules.horizon
    likely, leaving, doubtful = _by_days(ago, rules) if rules.by_days else _by_chance(chance, rules)
    usual = known.gaps.medians(day)
    within = in_rhythm(ago, bought, usual, rules.usual_gap)
    leaving, doubtful = leaving & ~within, doubtful & ~within
    expected = likely | (within & (usual > rules.horizon))
    if not rules.by_days:
        expected &= ~_long_away(ago, usual, rules)
    faithful = (bought >= rules.loyal_days) & expected
    rows: list[tuple[str, Flags]] = [
        ("purchase", (bought == 1) & (ago <= rules.first_to_second)),
        ("churn", has_bought & leaving & ~lately),
        ("loyalty", has_bought & (faithful | recommends)),
        ("use", has_bought),
        *_before_buying(signs, n_visits, rules, sells=bool(known.purchases.days.size)),
    ]
    codes = np.select([which for _, which in rows], [EVERY.index(stage) for stage, _ in rows], EVERY.index(UNKNOWN))
    staying = np.isin(codes, [EVERY.index("use"), EVERY.index("loyalty")]) & has_bought
    warned = staying & np.where(lately, leaving, doubtful)
    kinds, days = _telling(codes, signs, seen, tells=~has_bought | (recommends & ~faithful), lately=lately & leaving)
    return pd.DataFrame(
        {
            c.STAGE: pd.Categorical.from_codes(codes, categories=pd.Index(EVERY)),
            c.WARNED: warned,
            c.PURCHASE_DAYS: bought,
            c.RECENCY_DAYS: np.where(has_bought, ago, np.nan),
            c.P_NONE: chance,
            c.SIGN: np.array([*known.kinds, None], dtype=object)[kinds],
            c.SIGN_DAYS: np.where(kinds == NEVER, np.nan, days),
            c.VISITS: n_visits,
        },
        index=known.customers,
    )


def _by_chance(chance: Floats, rules: Rules) -> tuple[Flags, Flags, Flags]:
    """Who will likely order again, who hardly, and of whom to warn; nobody of whom nothing is foretold."""
    return 1 - chance >= rules.loyal_from, chance >= rules.lost_from, chance >= rules.warned_from


def _by_days(ago: Ints, rules: Rules) -> tuple[Flags, Flags, Flags]:
    """The same by the days since the last order alone."""
    lost, warned = rules.lost_days or 0, rules.warned_days or 0
    return ago <= warned, ago > lost, ago > warned


def _long_away(ago: Ints, usual: Floats, rules: Rules) -> Flags:
    """Who has been away for so long that a chance to come back makes nobody loyal."""
    gap = np.fmax(usual, np.nan if rules.usual_gap is None else rules.usual_gap)
    away: Flags = ago > np.fmax(rules.loyal_gaps * gap, float(rules.horizon))
    return away


@dataclass(frozen=True)
class _Newest:
    """By customer the kind of the newest event of a sort, and the days since; a long time where there is none."""

    kind: Ints
    ago: Ints

    @classmethod
    def of(cls, known: Known, stage: str | None, day: int) -> _Newest:
        """Of the events that show a stage, or of all."""
        events = known.seen if stage is None else known.signs[stage]
        _, last = events.before(day)
        return cls(events.what_of(last), day - events.day_of(last))

    @property
    def ever(self) -> Flags:
        return np.asarray(self.kind != NEVER)


def _before_buying(
    signs: Mapping[str, _Newest], n_visits: Ints, rules: Rules, *, sells: bool
) -> list[tuple[str, Flags]]:
    """The rows of people who never bought."""
    weighing = ("evaluation", signs["evaluation"].ago <= rules.weighing_days)
    staying = [(stage, signs[stage].ago <= rules.horizon) for stage in ("loyalty", "use")]
    beyond = [signs[stage].ever for stage in ("interest", "evaluation", "use", "loyalty")]
    interested = np.logical_or.reduce([*beyond, n_visits >= rules.visits])
    rows = [weighing, *staying] if sells else [*staying, weighing]
    return [*rows, ("interest", interested), ("awareness", signs["awareness"].ever | (n_visits > 0))]


def _telling(
    codes: Ints, signs: Mapping[str, _Newest], seen: _Newest, *, tells: Flags, lately: Flags
) -> tuple[Ints, Ints]:
    """The kind of the event that a stage goes back to, NEVER if it goes back to none, and the days since.

    `tells`: events make the stage; `lately`: an event keeps them from being called lost.
    """
    kind, ago = np.full(codes.size, np.int64(NEVER)), np.zeros(codes.size, np.int64)
    for stage, newest in (*signs.items(), ("awareness", seen), ("interest", seen)):
        which = tells & (codes == EVERY.index(stage)) & (kind == NEVER)
        kind[which], ago[which] = newest.kind[which], newest.ago[which]
    which = lately & (kind == NEVER)
    kind[which], ago[which] = seen.kind[which], seen.ago[which]
    return kind, ago
