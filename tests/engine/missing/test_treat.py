"""The one way by which results use what may be missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.errors import NotAllowed
from engine.missing.fields import CUSTOMER_FIELDS, prepared
from engine.missing.treat import TreatedFrame, allowed, treated
from tests.engine.missing.made import INCOME, correlated

CITY = next(field for field in CUSTOMER_FIELDS if field.key == "city")


def applied(frame: pd.DataFrame, choices: dict[str, str], **more: object) -> TreatedFrame:
    return treated(frame, choices, np.random.default_rng(3), **more)  # type: ignore[arg-type]


def test_every_gap_is_told_and_the_frame_stays() -> None:
    frame = pd.DataFrame({"birth_year": [1980, None, 1990], "city": ["A", None, None], "gender": ["female"] * 3})
    before = pd.util.hash_pandas_object(frame.astype(str)).tolist()
    made = applied(frame, {"birth_year": "mean"})
    assert pd.util.hash_pandas_object(frame.astype(str)).tolist() == before
    assert made.frame["birth_year"].tolist() == [1980, 1985, 1990]
    assert made.filled["birth_year"].tolist() == [False, True, False]
    assert [str(statement) for statement in made.statements] == [
        "year of birth: 1 of 3 filled with the average of the others, 1985.",
        "city: unknown for 2 of 3, and left so.",
    ]


def test_rows_left_out_teach_the_others_still() -> None:
    frame = pd.DataFrame({"birth_year": [1980, None, 1990, 2000], "city": ["A", "B", None, None]})
    made = applied(frame, {"city": "delete", "birth_year": "mean"})
    assert made.frame.index.tolist() == [0, 1]
    assert made.frame["birth_year"].tolist() == [1980, 1990]
    assert made.filled.index.tolist() == [0, 1]


def test_one_choice_does_not_change_another() -> None:
    frame, _ = correlated(700)
    frame["frequency"] = frame["frequency"].mask(np.arange(700) % 9 == 0)
    alone = applied(frame, {INCOME: "iterative"})
    both = applied(frame, {INCOME: "iterative", "frequency": "neighbours"})
    pd.testing.assert_series_equal(alone.frame[INCOME], both.frame[INCOME])


def test_only_what_is_used_is_treated_and_told() -> None:
    frame = pd.DataFrame({"birth_year": [1980, None], "city": ["A", None]})
    made = applied(frame, {"city": "delete", "birth_year": "mean"}, used=["birth_year"])
    assert len(made.frame) == 2
    assert len(made.statements) == 1


def test_a_choice_that_cannot_be_leaves_the_gap_and_says_why() -> None:
    frame = pd.DataFrame({"city": ["A", None]})
    made = applied(frame, {"city": "mean"})
    assert made.frame["city"].isna().tolist() == [False, True]
    assert str(made.statements[0]).startswith("city: unknown for 1 of 2, and left so. There is no average of city")
    with pytest.raises(NotAllowed, match="no average of city"):
        allowed(prepared(frame, [CITY]), CITY, "mean")
