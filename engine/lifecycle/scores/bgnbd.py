"""P(no order) of BG/NBD."""

from __future__ import annotations

from engine.lifecycle.scores_of_models import OfModel
from engine.phrases import Phrase

SCORE = OfModel("bgnbd", effort=3, words=Phrase("the purchase model {name}", name="BG/NBD"))
