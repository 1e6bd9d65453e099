"""What is suggested for a field, and that it was tried."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.missing.fields import fields_of, prepared
from engine.missing.suggest import Suggestion, suggestion
from tests.engine.missing.made import INCOME, correlated


def suggested(frame: pd.DataFrame, key: str, **more: bool) -> Suggestion:
    field = next(field for field in fields_of(frame) if field.key == key)
    return suggestion(prepared(frame, fields_of(frame)), field, np.random.default_rng(1), **more)


def test_a_number_that_others_tell() -> None:
    frame, truth = correlated(600)
    told = suggested(frame, INCOME)
    assert told.treatment in ("neighbours", "iterative")
    # each error measured is near what it is on the cells that are truly missing
    gone = frame[INCOME].isna()
    off = float((truth[gone] - frame[INCOME].median()).abs().mean())
    assert told.trials["median"] == pytest.approx(off, rel=0.2)
    assert told.trials[told.treatment] < 0.5 * told.trials["median"]
    assert str(told.reason).startswith("Tried on known ones that I hid: off by about 1,")


def test_a_number_that_nothing_tells() -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"birth_year": rng.integers(1950, 2005, 300), "frequency": rng.integers(1, 9, 300)}).astype(
        float
    )
    frame["birth_year"] = frame["birth_year"].mask(rng.random(300) < 0.2)
    told = suggested(frame, "birth_year")
    assert told.treatment == "median"
    assert "years on average, and nothing more complicated is clearly better." in str(told.reason)
    tied = suggested(frame, "birth_year", is_tied=True)
    assert str(tied.reason).endswith("so the true error may be larger.")


def test_a_choice_is_filled_only_where_it_comes_out_right() -> None:
    rng = np.random.default_rng(4)
    orders = rng.integers(1, 20, 400).astype(float)
    frame = pd.DataFrame({"frequency": orders, "tier": np.where(orders > 9, "gold", "silver").astype(object)})
    frame["gender"] = rng.choice(["female", "male"], 400).astype(object)
    frame[["tier", "gender"]] = frame[["tier", "gender"]].mask(rng.random((400, 2)) < 0.2)
    assert suggested(frame, "tier").treatment == "neighbours"
    left = suggested(frame, "gender")
    assert left.treatment == "none"
    assert str(left.reason).endswith("so better leave them unknown, as a group of its own.")


@pytest.mark.parametrize(
    ("frame", "key", "reason"),
    [
        (pd.DataFrame({"city": ["A"] * 50}), "city", "Nothing is missing"),
        (pd.DataFrame({"name": ["A", None] * 50}), "name", "It is each person's own"),
        (pd.DataFrame({"city": ["A", None] * 10}), "city", "Only 10 are known"),
        (pd.DataFrame({"city": ["A", None, None] * 50}), "city", "67% are missing"),
    ],
)
def test_what_is_better_left(frame: pd.DataFrame, key: str, reason: str) -> None:
    told = suggested(frame, key)
    assert (told.treatment, dict(told.trials)) == ("none", {})
    assert str(told.reason).startswith(reason)


def test_the_24_incomes(datasets: object) -> None:
    frame = pd.read_csv(f"{datasets}/customer_personality.csv", sep=";", encoding="utf-8-sig").set_index("ID")
    told = suggested(frame, "Income")
    assert told.treatment == "iterative"
    assert told.trials["iterative"] < 0.5 * told.trials["mean"]
    assert str(told.reason).endswith("So few are missing that it changes little.")
