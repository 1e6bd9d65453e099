"""Orders that look entered twice: the same customer, the same minute, the same sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake.evidence import SHOWN, Evidence, Finding
from engine.phrases import Money, Phrase, counted

NAME = "entered_twice"
LOOKED_AT = Phrase("orders that look entered twice")
NEEDS = ("orders", "customers")
_WHAT = "what"


def check(evidence: Evidence) -> Finding | None:
    """Orders of which only the day is known also have to hold the same."""
    orders = evidence.orders
    at = orders[c.AT].to_numpy().astype("datetime64[s]")
    likely = _likely(orders, at)
    frame = pd.DataFrame(
        {
            c.CUSTOMER: orders[c.CUSTOMER].to_numpy()[likely],
            c.AT: at[likely].astype("datetime64[m]").astype(np.int64),
            c.REVENUE: np.round(orders[c.REVENUE].to_numpy()[likely] * 100).astype(np.int64),
        }
    )
    alike = frame.duplicated(keep=False).to_numpy()
    likely, frame = likely[alike], frame[alike].reset_index(drop=True)
    untimed = at[likely].astype("datetime64[D]") == at[likely]
    if untimed.any():
        held = pd.Series([()] * len(likely), dtype=object)
        held[untimed] = pd.Series(_contents(evidence, likely[untimed]), index=np.flatnonzero(untimed), dtype=object)
        frame = frame.assign(**{_WHAT: held})
        alike = frame.duplicated(keep=False).to_numpy()
        likely, frame = likely[alike], frame[alike].reset_index(drop=True)
    if not len(frame):
        return None
    n = int(frame.duplicated().sum())
    groups = list(frame.groupby(list(frame.columns), sort=False).indices.values())
    return Finding(
        NAME,
        n,
        counted(
            "{n} order looks entered twice: same customer, same time, same sum.",
            "{n} orders look entered twice: same customer, same time, same sum.",
            n=n,
        ),
        Phrase("The customer seems to have bought more, and more often, than is true."),
        Phrase("Compare the two order numbers in your shop; delete one and send the export again."),
        tuple(_example(evidence, likely[group]) for group in groups[:SHOWN]),
    )


def _likely(orders: pd.DataFrame, at: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """The orders that share a 64-bit hash of customer, minute and sum: all that are alike, and hardly any others."""
    revenue = orders[c.REVENUE].to_numpy()
    named = np.flatnonzero((orders[c.CUSTOMER].to_numpy() >= 0) & (revenue > 0))
    mixed = np.zeros(len(named), dtype=np.uint64)
    for values in (
        orders[c.CUSTOMER].to_numpy()[named],
        at[named].astype("datetime64[m]").astype(np.int64),
        np.round(revenue[named] * 100).astype(np.int64),
    ):
        mixed ^= values.astype(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    ordered = np.sort(mixed)
    again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return named[np.isin(mixed, again)]


def _contents(evidence: Evidence, orders: NDArray[np.int64]) -> list[tuple[tuple[float, ...], ...]]:
    """What each of these orders holds."""
    lines = evidence.lines
    held: dict[int, list[tuple[float, ...]]] = {order: [] for order in orders.tolist()}
    columns = (lines[field].to_numpy() for field in (c.ORDER, c.PRODUCT, c.QUANTITY, c.PRICE))
    wanted = np.isin(lines[c.ORDER].to_numpy(), orders)
    for order, *what in zip(*(column[wanted].tolist() for column in columns), strict=True):
        held[order].append(tuple(what))
    return [tuple(sorted(held[order])) for order in orders.tolist()]


def _example(evidence: Evidence, orders: NDArray[np.int64]) -> Phrase:
    first = int(orders[0])
    return Phrase(
        "{orders}: {who}, {on}, {sum}",
        orders=tuple(evidence.key(int(order)) for order in orders[:3]),
        who=evidence.who(int(evidence.orders[c.CUSTOMER].iloc[first])),
        on=evidence.day(first),
        sum=Money(float(evidence.orders[c.REVENUE].iloc[first]), evidence.currency),
    )
