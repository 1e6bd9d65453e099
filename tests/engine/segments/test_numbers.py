"""Numbers in the words of a segment, as a person writes them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.feature_table import Feature, FeatureTable
from engine.phrases import Phrase
from engine.segments.contrasts import Contrast, Measures, in_words, typical
from engine.segments.rules import amount

INCOME = Feature("income", Phrase("income"), "number", "demographic")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (30_000.0, "30,000"),
        (150_000.0, "150,000"),
        (79_612.5, "79,600"),
        (12_345_678.0, "12,300,000"),
        (1_000.0, "1,000"),
        (9_999.0, "9,999"),
        (12.5, "12.5"),
        (1_234.5, "1,230"),
        (0.00002, "0.00002"),
        (0.0, "0"),
        (-2_000.0, "-2,000"),
    ],
)
def test_no_exponent_and_commas_everywhere(value: float, said: str) -> None:
    assert str(amount(INCOME, value, None)) == said
    assert str(typical(Contrast(INCOME, None, 1.0, value, 1.0), None)) == f"income typically {said}"


def test_a_year_has_no_comma() -> None:
    since = Feature("Year joined", Phrase("Year joined"), "number", "demographic")
    assert str(amount(since, 1_985.0, None)) == "1985"
    assert str(amount(since, 30_000.0, None)) == "30,000"


def test_how_many_times_as_much_has_no_exponent() -> None:
    spent = Feature("monetary", Phrase("money"), "money", "behavioural")
    assert str(in_words(Contrast(spent, None, 3.0, 123_400.0, 10.0), None)) == (
        "spend 12,000 times as much in all as the others"
    )


def test_orders_are_whole_and_places_are_where_people_are() -> None:
    orders = Feature("frequency", Phrase("orders"), "count", "behavioural")
    region = Feature("region", Phrase("region"), "choice", "geographic")
    bought = [10.0, 12.0, 13.0, 14.0, 3.0, 3.0, 2.0, 4.0]
    frame = pd.DataFrame({"frequency": bought, "region": ["Kent"] * 3 + ["Fife"] * 5})
    found = Measures(FeatureTable(frame, (orders, region))).contrasts(np.arange(8) < 4)
    said = {contrast.feature.key: str(typical(contrast, None)) for contrast in found}
    assert said["frequency"] == "orders typically 13"
    assert said["region"] == "75% from Kent" or said["region"] == "25% from Fife"
