"""How customers buy: how lately, how often, how much."""

from __future__ import annotations

import pandas as pd

from engine import columns as c
from engine.feature_table import Feature, FeatureTable
from engine.phrases import Phrase

NAME = "behavioural"

# The gap between orders is left out: one-time buyers have none, and any number put in its place would group them
# by that number. Tenure is left out too: how long ago the first order was says little of a customer's worth.
FEATURES = (
    Feature(c.RECENCY_DAYS, Phrase("days since the last order"), "days", NAME),
    Feature(c.FREQUENCY, Phrase("orders"), "count", NAME),
    Feature(c.MONETARY, Phrase("revenue"), "money", NAME),
    Feature(c.ORDER_VALUE, Phrase("money per order"), "money", NAME),
    Feature(c.ITEMS_PER_ORDER, Phrase("pieces per order"), "number", NAME),
    Feature(c.N_PRODUCTS, Phrase("different products"), "count", NAME),
)


def table(behaviour: pd.DataFrame) -> FeatureTable:
    """The customers of `engine.features.behavioural` as they are grouped by default."""
    return FeatureTable(behaviour[[feature.key for feature in FEATURES]].astype("float64"), FEATURES)
