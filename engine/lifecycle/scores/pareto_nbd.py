"""P(no order) of Pareto/NBD."""

from __future__ import annotations

from engine.lifecycle.scores_of_models import OfModel
from engine.phrases import Phrase

SCORE = OfModel(
    "pareto_nbd",
    effort=5,
    words=Phrase(
        "how often and how lately somebody ordered, whoever leaves doing so at any time ({name})", name="Pareto/NBD"
    ),
    enough=5_000,
)
