"""P(no order) of MBG/NBD."""

from __future__ import annotations

from engine.lifecycle.scores_of_models import OfModel
from engine.phrases import Phrase

SCORE = OfModel(
    "mbgnbd",
    effort=4,
    words=Phrase(
        "how often and how lately somebody ordered, first buyers leaving at once, too ({name})", name="MBG/NBD"
    ),
)
