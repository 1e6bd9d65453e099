"""The tests behind the patterns: right p-values, ties that are there, and silence where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from engine.missing.fields import COMPANIONS, CUSTOMER_FIELDS, Field, fields_of, prepared
from engine.missing.patterns import Pattern, exact, holm, patterns
from engine.missing.report import NEVER_SEEN, gaps


def patterns_of(frame: pd.DataFrame) -> dict[str, Pattern]:
    fields = fields_of(frame)
    return patterns(prepared(frame, fields), fields, fields)


def sentences(frame: pd.DataFrame, field: str) -> list[str]:
    fields = fields_of(frame)
    companions = tuple(one for one in fields if one in COMPANIONS)
    targets = tuple(one for one in fields if one not in companions)
    return [
        str(sentence)
        for one in gaps("customers", frame, targets, companions)
        if one.field.key == field
        for sentence in one.sentences
    ]


def test_a_lady_tasting_tea() -> None:
    # Fisher (1935): 3 of 4 cups named rightly, one tail 17/70 = .243; all 4: 1/70 = .014. Ours is twice the smaller.
    ps = exact(np.array([[4, 0, 0, 4], [3, 1, 1, 3]]))
    assert ps[0] == pytest.approx(2 / 70)
    assert ps[1] == 1  # too near to chance to be computed


@settings(max_examples=60)
@given(st.lists(st.integers(0, 400), min_size=4, max_size=4))
def test_the_p_is_that_of_the_smaller_tail_twice(cells: list[int]) -> None:
    (p,) = exact(np.array([cells]))
    table = [cells[:2], cells[2:]]
    tails = [fisher_exact(table, alternative=side).pvalue for side in ("less", "greater")]
    # what is not computed could not be sure even as the only look
    assert p == pytest.approx(min(1, 2 * min(tails)), abs=1e-12) or (p == 1 and 2 * min(tails) > 0.04)


def test_holm_by_hand() -> None:
    # .01 · 4, .02 · 3, .03 · 2, .04 · 1, each at least the one before
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03, 0.02])), [0.06, 0.04, 0.06, 0.06])
    assert holm(np.array([])).size == 0


def test_a_file_without_birthdays_is_found() -> None:
    frame = pd.DataFrame(
        {
            "birth_year": [1980.0, 1990.0] * 25 + [np.nan] * 40 + [1985.0] * 10,
            "file": ["shop 2025.csv"] * 50 + ["fair 2024.csv"] * 50,
        }
    )
    told = sentences(frame, "birth_year")
    assert told[0] == ("Missing far more often among those with file “fair 2024.csv”: 80%, and 0% among the others.")
    assert told[-1].startswith("So it is not missing at random (")
    assert "p below 0.001" in told[-1]


def test_what_is_missing_together_is_told_together() -> None:
    gone = np.arange(60) < 15
    frame = pd.DataFrame(
        {
            "phone": [None if missing else f"1{number:010}" for number, missing in enumerate(gone)],
            "email": [None if missing else f"k{number}@example.com" for number, missing in enumerate(gone)],
        }
    )
    assert sentences(frame, "phone")[0] == "Mostly missing together with e-mail."


def test_few_orders_go_with_gaps() -> None:
    orders = np.repeat([1.0, 2.0, 8.0], 60)
    frame = pd.DataFrame({"city": ["Berlin", None] * 30 + ["Berlin"] * 120, "frequency": orders})
    told = sentences(frame, "city")
    assert (
        told[0]
        == "Missing far more often among those with number of orders of 1 or less: 50%, and 0% among the others."
    )


def test_chance_is_told_as_chance() -> None:
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "gender": pd.Series(rng.choice(["female", "male"], 400), dtype=object).mask(rng.random(400) < 0.3),
            "city": rng.choice(["A", "B", "C"], 400),
            "frequency": rng.integers(1, 9, 400).astype(float),
        }
    )
    (told,) = sentences(frame, "gender")
    assert told.startswith("Missing at random, as far as your data show: ")


def test_at_most_one_shop_in_twenty_shows_a_tie_by_chance() -> None:
    rng = np.random.default_rng(11)
    false = 0
    for _ in range(60):
        frame = pd.DataFrame({f"x{number}": rng.normal(size=80) for number in range(5)})
        frame = frame.mask(rng.random(frame.shape) < 0.25)
        false += any(pattern.ties for pattern in patterns_of(frame).values())
    assert false <= 3


@pytest.mark.parametrize(
    ("n", "n_missing", "told"),
    [
        (10, 5, "Too few to tell a pattern."),
        (100, 2, "Too few to tell a pattern."),
        (100, 0, "Nothing is missing."),
        (100, 100, "Nobody has one: no file has told it yet."),
    ],
)
def test_what_cannot_be_told_is_not(n: int, n_missing: int, told: str) -> None:
    frame = pd.DataFrame({"city": pd.Series([None] * n_missing + ["Berlin"] * (n - n_missing), dtype=object)})
    frame["frequency"] = [1.0] * n_missing + [9.0] * (n - n_missing)
    assert sentences(frame, "city") == [told]


def test_an_empty_text_is_missing() -> None:
    frame = pd.DataFrame({"city": ["", " ", "Berlin", None]})
    (told,) = gaps("customers", frame, [CUSTOMER_FIELDS[5]], ())
    assert (told.n, told.n_missing, told.share) == (4, 3, 0.75)
    assert "never be seen" in str(NEVER_SEEN)


def test_the_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"a": rng.normal(size=90), "b": rng.choice(["x", "y"], 90)})
    frame.loc[frame["b"] == "x", "a"] = np.nan
    one, other = patterns_of(frame)["a"], patterns_of(frame.sample(frac=1, random_state=1))["a"]
    assert [(tie.group.where, tie.p) for tie in one.ties] == [(tie.group.where, tie.p) for tie in other.ties]


def test_the_survey_of_young_people(datasets: object) -> None:
    frame = pd.read_csv(f"{datasets}/young_people_survey.csv")
    fields = fields_of(frame)
    kinds = {field.key: field.kind for field in fields}
    assert (len(fields), kinds["Height"], kinds["Gender"]) == (150, "number", "choice")
    some = [field for field in fields if field.key in ("Height", "Weight", "Number of siblings", "Gender")]
    told = {one.field.key: one for one in gaps("customers", frame, some, ())}
    # counted with pandas: frame.isna().sum()
    assert {key: one.n_missing for key, one in told.items()} == {
        "Height": 20, "Weight": 20, "Number of siblings": 6, "Gender": 6,
    }  # fmt: skip
    first = told["Height"].pattern.ties[0]
    assert (first.group.companion.key, first.share_inside) == ("Number of siblings", 1.0)


def test_a_column_is_taken_for_what_it_looks_like() -> None:
    frame = pd.DataFrame(
        {
            "余额": ["12.5", "7", None],
            "marks": [1, 2, 5],
            "since": ["2025-01-02", "2025-03-04", ""],
            "tier": ["gold", "silver", "gold"],
            "nothing": [None, None, None],
        }
    )
    told = {field.key: field for field in fields_of(frame)}
    assert {key: field.kind for key, field in told.items()} == {
        "余额": "number", "marks": "number", "since": "day", "tier": "choice", "nothing": "own",
    }  # fmt: skip
    assert (told["余额"].stock, told["marks"].stock, told["marks"].whole, told["余额"].whole) == (
        True,
        False,
        True,
        False,
    )
    assert isinstance(told["tier"], Field)
