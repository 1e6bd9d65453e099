"""The holdout: people who would have been written to and are not, so that it shows what the messages changed."""

from __future__ import annotations

import math

import numpy as np

from engine.campaigns.audience import Ids
from engine.errors import NotAllowed
from engine.phrases import Phrase

SHARE = 0.10
SMALLEST_AUDIENCE = 50
LARGEST_SHARE = 0.5


def default_share(n: int) -> float:
    """A tenth of the audience; nobody where it has under 50 people, of whom a tenth would show nothing."""
    return SHARE if n >= SMALLEST_AUDIENCE else 0.0


def split(ids: Ids, share: float, rng: np.random.Generator) -> tuple[Ids, Ids]:
    """Who is written to, in random order, and who is held out: round(share times the number), never everybody.

    Raises NotAllowed for a share below 0 or above one half, and for one that is no number.
    """
    if not math.isfinite(share):
        raise NotAllowed(
            Phrase("The holdout is a share of the audience, from 0 to {largest}, such as 0.1.", largest=LARGEST_SHARE)
        )
    if not 0 <= share <= LARGEST_SHARE:
        raise NotAllowed(
            Phrase(
                "The holdout cannot be {share:.0%} of the audience; choose 0% to {largest:.0%}.",
                share=share,
                largest=LARGEST_SHARE,
            )
        )
    shuffled = rng.permutation(ids)
    n_held = min(round(share * ids.size), max(ids.size - 1, 0))
    return shuffled[n_held:], shuffled[:n_held]
