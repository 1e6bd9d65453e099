"""Pinned products among what was picked, and everything at its place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.history import Ints
from engine.recommend.launches import with_launches

RANKER = "pinned"
PINNED = Phrase("pinned by you")
PIN = "pin"  # the place that a pick is pinned to, 0 for none


def with_pins(frame: pd.DataFrame, pins: pd.DataFrame) -> pd.DataFrame:
    """The picks, those that are pinned marked, and a row for each pinned product that was not picked."""
    if pins.empty:
        return frame
    pair = [c.CUSTOMER, c.PRODUCT]
    place = pins.set_index(pair)[PIN]
    index = pd.MultiIndex.from_frame(frame[pair])
    marked = frame.assign(**{PIN: place.reindex(index).fillna(0).to_numpy(np.int64)})
    new = pins[~pd.MultiIndex.from_frame(pins[pair]).isin(index)]
    if new.empty:
        return marked
    usual = {c.RANK: 0, c.SCORE: 0.0, c.RANKER: RANKER, c.REASON: PINNED, c.AGAIN: False}
    added = {
        column: new[column].to_numpy() if column in new else [usual.get(column)] * len(new) for column in frame.columns
    }
    both = {
        column: [*marked[column].tolist(), *list(values)]
        if frame[column].dtype == object
        else np.concatenate([marked[column].to_numpy(), np.asarray(values)])
        for column, values in added.items()
    }
    return pd.DataFrame(both)


def pins_first(frame: pd.DataFrame) -> pd.DataFrame:
    """By customer: pinned picks by place, of one place by product, whether they were picked or added; then by rank."""
    pin, rank = frame[PIN].to_numpy(np.int64), frame[c.RANK].to_numpy(np.int64)
    place = np.where(pin > 0, pin, np.iinfo(np.int64).max)
    product, customer = frame[c.PRODUCT].to_numpy(np.int64), frame[c.CUSTOMER].to_numpy(np.int64)
    return frame.iloc[np.lexsort((product, np.where(pin > 0, 0, rank), place, customer))].reset_index(drop=True)


def launches_among(frame: pd.DataFrame, launched: Ints, share: float, top: int) -> pd.DataFrame:
    """The first `top` of each customer with their share of launches; what is pinned has its places besides."""
    pinned = frame[PIN].to_numpy(np.int64) > 0
    n_pinned = frame.groupby(c.CUSTOMER)[PIN].transform(lambda pin: (pin > 0).sum()).to_numpy(np.int64)
    parts = [frame[pinned]]
    for n in np.unique(n_pinned).tolist():
        others = frame[~pinned & (n_pinned == n)]
        if n < top and len(others):
            parts.append(with_launches(others, launched, share, top - n))
    return pd.concat(parts).sort_index().reset_index(drop=True)


def placed(frame: pd.DataFrame, top: int | None) -> pd.DataFrame:
    """By customer and place: pinned products where they are to stand, or at the end of a shorter list."""
    customer, pin = frame[c.CUSTOMER].to_numpy(np.int64), frame[PIN].to_numpy(np.int64)
    pinned = pin > 0
    nth = frame.groupby([c.CUSTOMER, pinned]).cumcount().to_numpy(np.int64)
    place = np.where(pinned, pin, nth + 1)
    code = np.unique(customer, return_inverse=True)[1]
    for step in range(int(nth[pinned].max(initial=-1)) + 1):
        mine = pinned & (nth == step)
        at = np.zeros(int(code.max(initial=-1)) + 1, np.int64)
        if step:
            # two pinned to one place stand one after the other
            before = pinned & (nth == step - 1)
            at[code[before]] = place[before] + 1
        place[mine] = np.maximum(place[mine], at[code[mine]])
        at[:] = np.iinfo(np.int64).max
        at[code[mine]] = place[mine]
        place[~pinned & (place >= at[code])] += 1
    order = np.lexsort((~pinned, place, customer))
    shown = frame.drop(columns=[PIN]).iloc[order].reset_index(drop=True)
    shown[c.LIST_PLACE] = shown.groupby(c.CUSTOMER).cumcount().to_numpy(np.int64) + 1
    return shown if top is None else shown[shown[c.LIST_PLACE] <= top].reset_index(drop=True)
