"""On which earlier days a forecast can be tried, and why it cannot be tried yet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.lifecycle.measures import Outcomes
from engine.lifecycle.purchases import Purchases, day_at
from engine.phrases import Phrase, counted

LATEST = 4  # horizons back, one after the other; and the one about a year ago
YEAR = 365
LEAST_HISTORY = 0.5  # of the horizon, before an origin
FEWEST_CUSTOMERS = 20
FEWEST_OF_EACH = 10  # of forecasts that came out either way


def origins(past: Purchases, horizon: int) -> list[int]:
    """Days whose horizon had passed at `past.as_of`, a horizon or more apart, the earliest first."""
    back = sorted({*range(1, LATEST + 1), max(1, round(YEAR / horizon))}, reverse=True)
    days = [past.as_of - n * horizon for n in back]
    return [day for day in days if day - past.since >= LEAST_HISTORY * horizon]


def untestable(past: Purchases, horizon: int, outcomes: Sequence[Outcomes], days: Sequence[int]) -> Phrase | None:
    """Why a forecast of `horizon` days cannot be tried on these origins; None if it can."""
    if not days:
        return counted(
            "The forecast cannot be tested on your own past yet: your orders cover {n} day, and it takes {needed}.",
            "The forecast cannot be tested on your own past yet: your orders cover {n} days, and it takes {needed}.",
            n=past.history,
            needed=int(np.ceil((1 + LEAST_HISTORY) * horizon)),
        )
    newest = outcomes[-1]
    n_customers = newest.customers.size
    day = day_at(days[-1]).date()
    if n_customers < FEWEST_CUSTOMERS:
        return counted(
            "The forecast cannot be tested on your own past yet: {n} customer had bought by {day}, and it takes {few}.",
            "The forecast cannot be tested on your own past yet: {n} customers had bought by {day}, and it takes "
            "{few}.",
            n=n_customers,
            day=day,
            few=FEWEST_CUSTOMERS,
        )
    n_none = sum(int(outcome.none.sum()) for outcome in outcomes)
    n_some = sum(int((~outcome.none).sum()) for outcome in outcomes)
    if n_some == 0:
        return _alike(Phrase("none of them came back"), n_customers, day, horizon)
    if n_none == 0:
        return _alike(Phrase("all of them came back"), n_customers, day, horizon)
    if n_some < FEWEST_OF_EACH:
        return _alike(Phrase("only {few} came back", few=n_some), n_customers, day, horizon)
    if n_none < FEWEST_OF_EACH:
        return _alike(Phrase("only {few} did not come back", few=n_none), n_customers, day, horizon)
    if not any(outcome.can_rank for outcome in outcomes):
        return _alike(Phrase("all of them did the same"), n_customers, day, horizon)
    return None


def _alike(what: Phrase, n_customers: int, day: object, horizon: int) -> Phrase:
    return counted(
        "The forecast cannot be tested on your own past yet: {n} customer had bought by {day}, and within {horizon} "
        "days {what}.",
        "The forecast cannot be tested on your own past yet: {n} customers had bought by {day}, and within {horizon} "
        "days {what}.",
        n=n_customers,
        day=day,
        horizon=horizon,
        what=what,
    )
