"""What is new in the shop gets a fair share of the places, among those who want it most.

A launch has few buyers to speak for it, so it would stand behind what is known. At least a stated share of all places
goes to launches: those that earned their place count first, and others move up until the share is reached.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.recommend.history import History, Ints

LAUNCH_DAYS = 60
SETTLING_DAYS = 7  # in which a shop sends what it has


def came_in(history: History, days: int = LAUNCH_DAYS) -> pd.Series:
    """When each product came into the shop, by position; NaT where nothing tells.

    Told as its launch date, else the earlier of when the store heard of it and when it was sold first. What the store
    heard of in its first days, or was sold within `days` of the first order, may be older than anybody knows: that
    tells nothing.
    """
    seen = history.catalogue[c.ADDED]
    seen = seen.where(seen - seen.min() >= pd.Timedelta(days=SETTLING_DAYS))
    sold = history.bought.groupby(c.PRODUCT)[c.AT].min().reindex(range(history.products.size))
    begins = history.bought[c.AT].min()
    old = sold.notna() & ~(sold - begins >= pd.Timedelta(days=days))
    first = pd.concat([seen, sold], axis=1).min(axis=1).mask(old)
    return history.catalogue[c.LAUNCHED].fillna(first)


def launched(history: History, days: int = LAUNCH_DAYS) -> Ints:
    """The products, by position, that came into the shop in the last `days` days."""
    age = history.as_of - came_in(history, days)
    # a launch date a little ahead is an announcement, and nothing that can be bought
    return np.flatnonzero((age >= pd.Timedelta(0)) & (age <= pd.Timedelta(days=days)))


def with_launches(picks: pd.DataFrame, launched: Ints, share: float, k: int) -> pd.DataFrame:
    """The first `k` picks of each customer, of which at least `share` of all places go to launches, if there are any.

    picks     customer, product, score and more; each customer's best first, and further than `k`, since launches that
              move up come from there
    launched  products as in `picks`

    No more move up than the share asks for, and no list gets more of them than the share of its places, rounded up.
    The launches take turns, so that it is not the same one for all: each goes to its likeliest customer, by score,
    then each to the next. What moves up pushes out the last that is no launch; the order stays. Rows keep their index.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, must be between 0 and 1")
    row = np.arange(len(picks))
    starts = np.flatnonzero(np.r_[True, np.diff(picks[c.CUSTOMER].to_numpy()) != 0][: row.size])
    size = np.diff(np.r_[starts, row.size])
    who = np.repeat(np.arange(starts.size), size)
    is_launch = picks[c.PRODUCT].isin(launched).to_numpy()
    shown = row - starts[who] < k
    places = np.minimum(size, k)
    wanted = int(np.floor(share * places.sum() + 1e-9)) - int((is_launch & shown).sum())
    if wanted <= 0:
        return picks[shown]
    room = np.ceil(share * places - 1e-9).astype(np.int64) - np.bincount(who[is_launch & shown], minlength=starts.size)
    waiting = np.flatnonzero(is_launch & ~shown)
    likeliest = waiting[np.lexsort((waiting, -picks[c.SCORE].to_numpy()[waiting]))]
    up = _moving(
        np.unique(picks[c.PRODUCT].to_numpy()[likeliest], return_inverse=True)[1], who, likeliest, room, wanted
    )
    out = _last(who, shown & ~is_launch, np.bincount(who[up], minlength=starts.size))
    shown[up], shown[out] = True, False
    return picks[shown]


def _moving(kind: Ints, who: Ints, likeliest: Ints, room: Ints, wanted: int) -> Ints:
    """Up to `wanted` of the rows `likeliest`, of launches `kind`, no more of a customer than there is `room`.

    Round by round each launch asks its likeliest customers, and those who have room take the launch that has moved
    up least so far.
    """
    moved = np.zeros(kind.max(initial=-1) + 1, np.int64)
    room = room.copy()
    left = np.arange(likeliest.size)
    taken = [left[:0]]
    while wanted > 0 and left.size:
        turn = _turn(kind[left])
        part = -(-wanted // np.unique(kind[left]).size)
        asked = left[turn < part]
        asked = asked[np.argsort(moved[kind[asked]] + turn[turn < part], kind="stable")]
        customer = who[likeliest[asked]]
        accepted = asked[_turn(customer) < room[customer]][:wanted]
        moved += np.bincount(kind[accepted], minlength=moved.size)
        room -= np.bincount(who[likeliest[accepted]], minlength=room.size)
        wanted -= accepted.size
        taken.append(accepted)
        left = left[turn >= part]
        left = left[room[who[likeliest[left]]] > 0]
    return likeliest[np.concatenate(taken)]


def _turn(groups: Ints) -> Ints:
    """0, 1, … within its group, in the order given."""
    order = np.argsort(groups, kind="stable")
    sorted_ = groups[order]
    turn = np.empty_like(order)
    turn[order] = np.arange(groups.size) - np.searchsorted(sorted_, sorted_)
    return turn


def _last(who: Ints, giving: NDArray[np.bool_], n: Ints) -> Ints:
    """The last rows of each customer among those that may give way: `n` of each."""
    rows = np.flatnonzero(giving)[::-1]
    return rows[_turn(who[rows]) < n[who[rows]]]
