"""Every basis gives a table without gaps and says what it left out; and which are chosen how."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import ELSEWHERE, OTHER, UNKNOWN, FeatureTable, spoken
from engine.features.bases import USUAL, bases, basis, chosen, combined
from engine.features.complete import shared_tags, with_rare_together
from tests.engine.features.made import MadeSources, orders_of, people

FOUR = ("behavioural", "demographic", "geographic", "psychographic")


def whole_shop(n: int = 60) -> MadeSources:
    """Of n customers, the first half with orders: something of each basis, and something missing of each."""
    rng = np.random.default_rng(7)
    some = rng.random(n) < 0.1
    sources = people(
        {
            c.BIRTH_YEAR: np.where(some, np.nan, rng.integers(1950, 2005, n)),
            c.GENDER: [
                None if gap else str(who) for gap, who in zip(some, rng.choice(["female", "male"], n), strict=True)
            ],
            c.REGION: [str(place) for place in rng.choice(["广东", "浙江", "西藏"], n, p=[0.6, 0.38, 0.02])],
            c.INTERESTS: [str(likes) for likes in rng.choice(["茶;读书", "茶", "旅行"], n)],
            "income": np.where(some, np.nan, rng.lognormal(9, 1, n)),
            "onlychild": rng.integers(0, 2, n).astype(float),
            "quality": rng.integers(1, 6, n).astype(float),
        },
        {
            c.GENDER: "choice",
            c.BIRTH_YEAR: "number",
            c.REGION: "choice",
            c.INTERESTS: "tags",
            "income": "number",
            "onlychild": "yes_no",
            "quality": "scale",
        },
        own=(c.GENDER, c.BIRTH_YEAR, c.REGION, c.INTERESTS),
    )
    buys = [
        (customer, f"2026-{1 + customer % 10:02}-0{1 + again}", 10.0 * customer)
        for customer in range(1, n // 2)
        for again in range(3)
    ]
    sources.orders = orders_of(buys)
    return sources


def holds(table: FeatureTable) -> None:
    """What everybody relies on who is handed a table."""
    assert len(table)
    assert table.features
    assert table.frame.index.is_unique
    assert not table.frame.isna().any().any()
    for feature in table.features:
        cells = table.frame[feature.key]
        if feature.kind in ("choice", "tags"):
            assert all(isinstance(cell, str) for cell in cells)
            continue
        assert cells.dtype == np.float64
        assert np.isfinite(cells).all()
        if feature.kind == "yes_no":
            assert set(cells) <= {0.0, 1.0}
        if feature.kind in ("count", "scale"):
            assert (cells % 1 == 0).all()
        if feature.kind == "share":
            assert cells.between(0, 1).all()


@pytest.mark.parametrize("name", bases())
def test_every_basis_gives_a_table_or_says_what_is_missing(name: str) -> None:
    sources = whole_shop()
    assert basis(name).has_data(sources)
    table = basis(name).table(sources, ())
    holds(table)
    assert {feature.basis for feature in table.features} == {name}
    nothing = MadeSources(pd.DataFrame(index=pd.RangeIndex(1, 5, name=c.CUSTOMER)))
    assert not basis(name).has_data(nothing)
    with pytest.raises(TooLittleData, match=r"import a file|send a list|send the answers"):
        basis(name).table(nothing, ())


def test_orders_are_what_customers_are_grouped_by_as_ever() -> None:
    sources = whole_shop()
    table = combined(USUAL, sources)
    assert list(table.frame.columns) == [
        *(c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY, c.ORDER_VALUE, c.ITEMS_PER_ORDER, c.N_PRODUCTS)
    ]
    assert table.statements == ()
    assert len(table) == sources.n_buyers == 29


def test_several_bases_are_of_those_who_have_all_of_them() -> None:
    table = combined(chosen(FOUR), whole_shop())
    holds(table)
    assert list(dict.fromkeys(feature.basis for feature in table.features)) == list(FOUR)
    assert len(table) == 29
    assert "31 customers are not known on all of this and are in no group." in map(str, table.statements)


def test_nobody_with_all_of_it_is_said() -> None:
    sources = whole_shop()
    sources.known.loc[sources.known.index < 30, [c.GENDER, c.BIRTH_YEAR, "income", "onlychild"]] = np.nan
    with pytest.raises(
        TooLittleData, match=r"Nobody is known on all of this at once: how they buy \(29\), who they are \(31\)"
    ):
        combined(("behavioural", "demographic"), sources)


def test_an_age_is_counted_from_the_day_of_the_data() -> None:
    sources = people({c.BIRTH_YEAR: [1990.0, 2000, 1960]}, {c.BIRTH_YEAR: "number"}, own=(c.BIRTH_YEAR,))
    assert combined(("demographic",), sources).frame[c.AGE].tolist() == [36, 26, 66]


def test_a_gap_counts_as_the_middle_and_as_a_choice_of_its_own() -> None:
    sources = people(
        {
            "income": [10.5, 20, np.nan, 40, 50, 60] * 5,
            "education": ["BA", "BA", "MA", "MA", None, "BA"] * 5,
            "married": [1, 1, 0, np.nan, 1, 0] * 5,
        },
        {"income": "number", "education": "choice", "married": "yes_no"},
    )
    table = combined(("demographic",), sources)
    assert table.frame["income"].tolist() == [10.5, 20, 40, 40, 50, 60] * 5
    assert table.frame["education"].tolist() == ["BA", "BA", "MA", "MA", UNKNOWN, "BA"] * 5
    assert table.frame["married"].tolist() == [1, 1, 0, 1, 1, 0] * 5
    assert np.isnan(sources.known["income"].iloc[2])
    assert [str(said) for said in table.statements] == [
        "Unknown for up to 5 of 30; for the grouping alone that counts as the middle, and nothing is filled in: "
        "income, married.",
        "Unknown for up to 5 of 30, and a choice of its own for the grouping: education.",
    ]


def test_a_gap_is_treated_as_was_chosen() -> None:
    sources = people(
        {"income": [10.0, 20, np.nan, np.nan, np.nan], "age": [30.0, 40, 50, 60, 70]},
        {"income": "number", "age": "number"},
    )
    sources.treatments = {"income": "mean"}
    table = combined(("demographic",), sources)
    assert table.frame["income"].tolist() == [10, 20, 0, 0, 0]
    assert [str(said) for said in table.statements] == ["income filled"]


def test_who_has_nothing_of_it_is_left_out_and_told() -> None:
    sources = people(
        {"income": [10.0, np.nan, 30, 50] * 6, "education": ["BA", None, "MA", "MA"] * 6},
        {"income": "number", "education": "choice"},
    )
    table = combined(("demographic",), sources)
    assert table.frame.index.tolist()[:6] == [1, 3, 4, 5, 7, 8]
    assert [str(said) for said in table.statements] == ["6 customers of whom nothing of this is known are in no group."]


def test_what_cannot_be_grouped_by_is_left_out_and_told() -> None:
    n = 40
    sources = people(
        {
            "income": np.linspace(1, 9.5, n),
            "householdid": np.arange(1000.0, 1000 + n),
            "incomegroup": ["a"] * n,
            "occupation": [f"job {i}" for i in range(n)],
            "salary": [1.0, 2.0] + [np.nan] * (n - 2),
            "wage": [np.nan] * n,
        },
        {
            **dict.fromkeys(("income", "householdid", "salary", "wage"), "number"),
            **dict.fromkeys(("incomegroup", "occupation"), "choice"),
        },
    )
    sources.unread = {"income": 3}
    table = combined(("demographic",), sources)
    assert [feature.key for feature in table.features] == ["income"]
    assert [str(said) for said in table.statements] == [
        "Not used, since nobody's is known: wage.",
        "Not used, since everybody's is the same: incomegroup.",
        "Not used, since it numbers the customers: householdid.",
        "Not used, since hardly two people share an answer: occupation.",
        "Not used, since it is missing for more than half: salary.",
        "income: 3 answers are no numbers that can be reckoned with, and count as missing.",
    ]


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([np.nan] * 30, "nobody's is known: income"),
        ([5.0] * 30, "everybody's is the same: income"),
        ([5.0] * 10 + [6.0] + [np.nan] * 19, "missing for more than half: income"),
    ],
)
def test_a_basis_of_one_useless_column_says_why(cells: list[float], why: str) -> None:
    with pytest.raises(TooLittleData, match=rf"Nothing is known of your customers' age.* Not used, since .*{why}"):
        combined(("demographic",), people({"income": cells}, {"income": "number"}))


def test_a_customer_alone_is_a_table_of_one() -> None:
    one = people({"income": [5.0]}, {"income": "number"})
    with pytest.raises(TooLittleData, match="everybody's is the same"):
        combined(("demographic",), one)


def test_rare_places_are_elsewhere() -> None:
    places = ["广东"] * 60 + ["浙江"] * 38 + ["西藏", "青海"]
    table = combined(("geographic",), people({c.REGION: places}, {c.REGION: "choice"}, own=(c.REGION,)))
    assert table.frame[c.REGION].value_counts().to_dict() == {"广东": 60, "浙江": 38, ELSEWHERE: 2}
    assert str(spoken(ELSEWHERE)) == "elsewhere"
    assert str(spoken("广东")) == "广东"


def test_the_level_that_says_most_is_taken() -> None:
    """Each city is too small; regions are not, and of whom none is known the country tells more than nothing."""
    sources = people(
        {
            c.COUNTRY: ["中国"] * 80 + ["Germany"] * 20,
            c.REGION: ["广东"] * 40 + ["浙江"] * 40 + [None] * 20,
            c.CITY: [f"city {at // 2}" for at in range(100)],
            "citytier": ["1", "2"] * 50,
        },
        {c.COUNTRY: "choice", c.REGION: "choice", c.CITY: "choice", "citytier": "choice"},
        own=(c.COUNTRY, c.REGION, c.CITY),
    )
    table = combined(("geographic",), sources)
    assert list(table.frame.columns) == [c.REGION, "citytier"]
    assert table.frame[c.REGION].value_counts().to_dict() == {"广东": 40, "浙江": 40, "Germany": 20}
    assert len(table) == 100


def test_the_rare_choice_alone_keeps_its_name_and_no_answer_is_unknown() -> None:
    choices = pd.Series(["a"] * 20 + ["b"] * 20 + ["c"] + [None], dtype=object)
    assert with_rare_together(choices, OTHER).tolist() == choices.tolist()
    together = with_rare_together(pd.Series(["a"] * 20 + ["b", "c", "N/A", "未知"], dtype=object), OTHER)
    assert together.tolist()[-4:] == [OTHER, OTHER, UNKNOWN, UNKNOWN]


def test_tags_are_those_that_some_share() -> None:
    cells = pd.Series(["tea;books"] * 10 + ["tea;golf"] + ["books"] * 10 + [None], dtype=object)
    assert shared_tags(cells).tolist() == ["tea;books"] * 10 + ["tea"] + ["books"] * 10 + [None]


def test_a_survey_is_taste_whatever_its_questions_are_called() -> None:
    """“Children” is an opinion among opinions, and nobody's fun with friends is a 1."""
    rng = np.random.default_rng(1)
    questions = ("music", "dance", "children", "answer country", "healthyeating", "spendingonlooks")
    columns = {key: rng.integers(1, 6, 40).astype(float) for key in questions}
    columns["funwithfriends"] = rng.integers(2, 6, 40).astype(float)
    columns["numberofsiblings"] = rng.integers(1, 5, 40).astype(float)
    sources = people(
        columns, {**dict.fromkeys(questions, "scale"), "funwithfriends": "number", "numberofsiblings": "number"}
    )
    taste = combined(("psychographic",), sources)
    assert [feature.key for feature in taste.features] == [*questions, "funwithfriends"]
    assert {feature.kind for feature in taste.features} == {"scale"}
    assert [feature.key for feature in combined(("demographic",), sources).features] == ["numberofsiblings"]


def test_without_orders_what_files_tell_of_buying_is_used() -> None:
    sources = people(
        {"mntwines": [1.5, 2, 3], "numwebpurchases": [1.0, 2, 2], "complain": [0.0, 1, 1], "zrevenue": [3.0, 3, 3]},
        {"mntwines": "number", "numwebpurchases": "number", "complain": "yes_no", "zrevenue": "number"},
    )
    table = combined(USUAL, sources)
    assert [(feature.key, feature.kind) for feature in table.features] == [
        ("mntwines", "number"),
        ("numwebpurchases", "count"),
        ("complain", "yes_no"),
    ]
    assert [str(said) for said in table.statements] == [
        "No order of a known customer is here: what your files tell of buying is used instead: mntwines, "
        "numwebpurchases, complain.",
        "Not used, since everybody's is the same: zrevenue.",
    ]
    channel = combined(("behavioural:channel",), sources)
    assert [feature.key for feature in channel.features] == ["numwebpurchases"]


def test_which_bases_are_chosen() -> None:
    assert chosen(["demographic", "behavioural", "demographic"]) == ("behavioural", "demographic")
    assert chosen([" behavioural:times", "behavioural:cadence"]) == ("behavioural:cadence", "behavioural:times")
    everything = chosen(["behavioural:all"])
    assert everything == tuple(f"behavioural:{part}" for part in basis("behavioural").parts)
    assert chosen(everything) == everything
    with pytest.raises(NotAllowed, match=r"cannot be grouped by horoscope; choose among: behavioural, demographic"):
        chosen(["horoscope"])
    with pytest.raises(NotAllowed, match=r"no part luck; there are: all, orders, cadence"):
        chosen(["behavioural:luck"])
    with pytest.raises(NotAllowed, match=r"demographic has no parts"):
        chosen(["demographic:all"])
    with pytest.raises(NotAllowed, match=r"Say what customers are grouped by"):
        chosen([])


def test_all_habits_say_which_have_no_data() -> None:
    sources = whole_shop()
    table = combined(chosen(["behavioural:all"]), sources)
    holds(table)
    assert len(table) == sources.n_buyers
    assert "For activity, import a file of visits, clicks or other events." in map(str, table.statements)
    with pytest.raises(TooLittleData, match=r"For activity, import a file of visits"):
        combined(("behavioural:cadence", "behavioural:activity"), sources)


@settings(max_examples=60)
@given(
    numbers=st.lists(st.one_of(st.none(), st.integers(-3, 3), st.floats(0, 1e9)), min_size=1, max_size=40),
    choice=st.lists(st.sampled_from([None, "a", "b", "unknown", ";"]), min_size=40, max_size=40),
)
def test_whatever_is_known_a_table_has_no_gap(numbers: list[float | None], choice: list[str | None]) -> None:
    columns = {
        "income": np.array([np.nan if one is None else one for one in numbers], dtype=float),
        "education": choice[: len(numbers)],
    }
    try:
        holds(combined(("demographic",), people(columns, {"income": "number", "education": "choice"})))
    except TooLittleData as nothing:
        assert "Nothing is known" in str(nothing)
