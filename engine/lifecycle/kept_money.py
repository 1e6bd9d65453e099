"""What orders brought once what came back is taken off: money that was given back is no income to expect again."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.dated import Times
from engine.lifecycle.purchases import Floats, Ints
from engine.phrases import Phrase

TAKEN_OFF: Final = Phrase("What was returned is taken off: it counts neither as money that came nor as money to come.")


def kept_money(orders: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """`orders` (CUSTOMER, AT, REVENUE, …), in the same order, with REVENUE less what was given back, never below 0.

    `returns` has CUSTOMER, AT and REVENUE, the money given back (0 or more), of sales that are among `orders` in full.
    A return is of the customer's newest order before it; what is more than that order was worth, of their others. A
    return before all orders of its customer is of a sale that nobody knows, and is left out.
    """
    rows = np.flatnonzero(orders[c.CUSTOMER].isin(returns[c.CUSTOMER]).to_numpy() & orders[c.AT].notna().to_numpy())
    if not rows.size:
        return orders
    owner, at = orders[c.CUSTOMER].to_numpy()[rows], orders[c.AT].to_numpy("datetime64[s]")[rows]
    by_time = np.lexsort((at, owner))
    rows, owner, at = rows[by_time], owner[by_time], at[by_time]
    paid = np.nan_to_num(orders[c.REVENUE].to_numpy(np.float64)[rows])
    back = _given_back(owner, at, returns)
    left = np.maximum(paid - back, 0.0)
    _, who = np.unique(owner, return_inverse=True)
    more = np.bincount(who, weights=np.maximum(back - np.maximum(paid, 0.0), 0.0))
    rest = np.bincount(who, weights=left)
    share = np.divide(rest - more, rest, out=np.where(rest > 0, 0.0, 1.0), where=rest > more)
    touched = (back > 0) | (share[who] < 1)
    money = orders[c.REVENUE].to_numpy(np.float64, copy=True)
    money[rows[touched]] = (left * share[who])[touched]
    return orders.assign(**{c.REVENUE: money})


def _given_back(owner: Ints, at: Times, returns: pd.DataFrame) -> Floats:
    """By order, which are sorted by customer and time, what the returns gave back of it."""
    customers, times = returns[c.CUSTOMER].to_numpy(), returns[c.AT].to_numpy("datetime64[s]")
    n = owner.size
    # orders first where both are of the same second, so that a return finds its order before it
    order = np.lexsort((np.r_[np.zeros(n), np.ones(times.size)], np.r_[at, times], np.r_[owner, customers]))
    before = np.maximum.accumulate(np.where(order < n, order, -1))
    is_return = order >= n
    newest, which = before[is_return], order[is_return] - n
    known = (newest >= 0) & (owner[newest] == customers[which])
    money = np.nan_to_num(np.maximum(returns[c.REVENUE].to_numpy(np.float64), 0.0))
    return np.bincount(newest[known], weights=money[which[known]], minlength=n).astype(np.float64)
