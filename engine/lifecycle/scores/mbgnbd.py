"""P(no order) of MBG/NBD."""

from __future__ import annotations

from engine.lifecycle.scores_of_models import OfModel
from engine.phrases import Phrase

SCORE = OfModel("mbgnbd", effort=4, words=Phrase("the purchase model {name}", name="MBG/NBD"))
