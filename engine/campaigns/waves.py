"""How large a wave is: said in people or as a share, and who is in the first one."""

from __future__ import annotations

import re
import unicodedata

import numpy as np

from engine.campaigns.audience import Ids
from engine.errors import NotAllowed
from engine.phrases import Phrase

USUAL_FIRST = 0.2
REST = ("rest", "all", "其余", "剩下", "剩余", "全部")
HALF = ("half", "一半")
_NUMBER = re.compile(r"(\d{1,9}(?:\.\d+)?)\s*(%|percent|个?人|people|persons?)?", re.I)


def share_said(text: str) -> float | None:
    """A share such as 20 %, 0.2 or 20; None for all at once. Raises NotAllowed for what is none."""
    said = unicodedata.normalize("NFKC", text).strip().lower()
    if said in REST:
        return None
    found = _NUMBER.fullmatch(said)
    value = float(found[1]) if found is not None and found[2] in (None, "%", "percent") else -1.0
    share = value if value < 1 and found is not None and found[2] is None else value / 100
    if not 0 < share <= 1:
        raise NotAllowed(
            Phrase("“{text}” is no share of the people: say 20% for a fifth first, or all for all at once.", text=text)
        )
    return None if share == 1 else share


def size_said(text: str, waiting: int) -> int:
    """How many of `waiting` people: 50, 20%, half, or rest. Raises NotAllowed for what is no size."""
    said = unicodedata.normalize("NFKC", text).strip().lower()
    if said in REST:
        return waiting
    if said in HALF:
        return max(1, round(waiting / 2))
    found = _NUMBER.fullmatch(said)
    if found is not None and found[2] in ("%", "percent"):
        share = float(found[1]) / 100
        if 0 < share <= 1:
            return max(1, round(share * waiting))
    elif found is not None and 0 < float(found[1]) < 1:
        return max(1, round(float(found[1]) * waiting))
    elif found is not None and float(found[1]).is_integer() and float(found[1]) >= 1:
        return min(int(float(found[1])), waiting)
    raise NotAllowed(
        Phrase("“{text}” is no number of people: say 50, or 20% of those who wait, or rest for all of them.", text=text)
    )


def usual_size(first: int, waiting: int, *, settled: bool) -> int:
    """Of a wave for which nothing is said: all once nothing more is to be learned, else as many as the first one."""
    return waiting if settled or waiting < 2 * first else first


def first_size(share: float, n: int) -> int:
    """How many of `n` people are in a first wave: at least 1 and, of several, never everybody."""
    return n if share >= 1 else min(max(1, round(share * n)), max(n - 1, 1))


def first_wave(variant: Ids, share: float, rng: np.random.Generator, *, alike: bool) -> Ids:
    """The places of those who get the message first, ascending.

    `alike`: all were drawn at once by the same chances. Then each variant has as near to its share of them as whole
    numbers allow, and which are rounded up is drawn: the mean of its share is its chance, so that this stays what was
    recorded. Else it is the first of them, who are in a random order, whatever was drawn for them.
    """
    n = first_size(share, variant.size)
    if not alike:
        return np.arange(n)
    counts = np.bincount(variant)
    edges = np.floor(np.concatenate([[0.0], np.cumsum(np.round(n * counts / variant.size, 9))]) + rng.random())
    edges[-1] = n
    wanted = np.minimum(np.diff(edges).astype(np.int64), counts)
    chosen = [np.flatnonzero(variant == k)[:size] for k, size in enumerate(wanted.tolist())]
    return np.sort(np.concatenate(chosen)).astype(np.int64)
