"""Products that are one thing under several numbers: nobody is shown as new what they bought under another."""

from __future__ import annotations

import re

import numpy as np

from engine import columns as c
from engine.recommend.descriptions import folded, levels_of
from engine.recommend.history import History, Ints

_SIGNS = re.compile(r"[\W_]+")


def twins(history: History) -> Ints:
    """For each product the first one that is the same thing; its own position where no other is.

    The same are products of one name, in the language that both have it in: case, width, spaces and signs do not
    count. Two that are told to be of different categories are different things, and products without a name as well.
    """
    first: dict[tuple[str, str], int] = {}
    found = np.arange(history.products.size)
    categories = history.catalogue[c.CATEGORY].tolist()
    for position, (name, category) in enumerate(zip(history.names, categories, strict=True)):
        kind = levels_of(category)[-1] if isinstance(category, str) and levels_of(category) else ""
        texts = (_SIGNS.sub("", folded(text)) for text in (name.en, name.zh))
        keys = [(text, kind) for text in texts if text]
        found[position] = min((first[key] for key in keys if key in first), default=position)
        for key in keys:
            first.setdefault(key, int(found[position]))
    return found
