"""Shops whose customers buy as BG/NBD says: what is true of them is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c

START = pd.Timestamp("2024-01-01")


def shop(
    n: int,
    days: int,
    rng: Generator,
    *,
    r: float = 0.8,
    alpha: float = 40.0,
    a: float = 0.8,
    b: float = 2.5,
    joined_within: int | None = None,
) -> pd.DataFrame:
    """Orders of `n` customers within `days` days from START; each joins on a day of the first `joined_within`.

    Customers buy at the rate gamma(r, 1 / alpha) per day, and after each repeat purchase leave with the chance
    beta(a, b) (Fader, Hardie & Lee 2005, section 3).
    """
    joined = rng.uniform(0, joined_within or days, n)
    rate, leaving = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    worth = rng.lognormal(3.5, 0.5, n)
    customer = np.arange(1, n + 1)
    who, when = [customer], [joined]
    at, alive = joined.copy(), np.arange(n)
    while alive.size:
        at[alive] += rng.exponential(1 / rate[alive])
        alive = alive[at[alive] < days]
        who.append(customer[alive])
        when.append(at[alive].copy())
        alive = alive[rng.random(alive.size) >= leaving[alive]]
    people, times = np.concatenate(who), np.concatenate(when)
    return pd.DataFrame(
        {
            c.CUSTOMER: people,
            c.AT: START + pd.to_timedelta(np.floor(times * 24), unit="h"),
            c.REVENUE: np.round(worth[people - 1] * rng.lognormal(0, 0.4, people.size), 2),
        }
    )
