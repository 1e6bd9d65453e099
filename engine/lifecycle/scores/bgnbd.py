"""P(no order) of BG/NBD."""

from __future__ import annotations

from engine.lifecycle.scores_of_models import OfModel
from engine.phrases import Phrase

SCORE = OfModel(
    "bgnbd",
    effort=3,
    words=Phrase(
        "how often and how lately somebody ordered, whoever leaves doing so after an order ({name})", name="BG/NBD"
    ),
)
