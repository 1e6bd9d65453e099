"""Who may be written to, and why the others may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase

UNSUBSCRIBED = Phrase("unsubscribed")
UNSUBSCRIBED_SINCE = Phrase("unsubscribed after the draft")
SAME_PERSON = Phrase("the same person is in it already")
NO_CONSENT = Phrase("no consent on record")

GRANTED = "granted"
WITHDRAWN = "withdrawn"

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """Whom consent lets in.

    `soft_opt_in`: someone who has bought and never objected may be written to about similar things, as EU and UK
    law has it. Without it only those may who have agreed.
    """

    soft_opt_in: bool = True


@dataclass(frozen=True)
class Audience:
    """`included` in the order of the frame; `excluded` with the reason, the message of a phrase without facts."""

    included: Ids
    excluded: Mapping[int, str]

    def reasons(self) -> Mapping[str, int]:
        """How many are excluded, by reason; the most common first."""
        return dict(Counter(self.excluded.values()).most_common())


def days_since(last_order: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Calendar days from each last order (ISO 8601 text) to `as_of`; missing for who never ordered."""
    return (as_of - pd.to_datetime(last_order, format="ISO8601").dt.normalize()).dt.days


def audience(customers: pd.DataFrame, consent: Mapping[int, str], rules: Rules) -> Audience:
    """Each of `customers` (columns customer and recency_days, missing for who never ordered) is in or out.

    `consent` holds each customer's newest word; who is not in it has given none.
    """
    ids = customers[c.CUSTOMER].to_numpy(np.int64)
    withdrawn = _says(ids, consent, WITHDRAWN)
    silent = ~withdrawn & ~_says(ids, consent, GRANTED)
    unwelcome = silent & ~(customers[c.RECENCY_DAYS].notna().to_numpy() & rules.soft_opt_in)
    excluded = dict.fromkeys(ids[withdrawn].tolist(), UNSUBSCRIBED.message)
    excluded |= dict.fromkeys(ids[unwelcome].tolist(), NO_CONSENT.message)
    return Audience(ids[~withdrawn & ~unwelcome], MappingProxyType(excluded))


def unsubscribed(ids: Ids, consent: Mapping[int, str]) -> Ids:
    """Those of `ids` whose newest word is that they want nothing sent."""
    return ids[_says(ids, consent, WITHDRAWN)]


def n_unrecorded(ids: Ids, consent: Mapping[int, str]) -> int:
    """How many of `ids` have neither agreed nor objected."""
    return int((~_says(ids, consent, WITHDRAWN) & ~_says(ids, consent, GRANTED)).sum())


def _says(ids: Ids, consent: Mapping[int, str], word: str) -> npt.NDArray[np.bool_]:
    return np.fromiter((consent.get(id_) == word for id_ in ids.tolist()), np.bool_, ids.size)
