"""What gaps mean for each use, counted by hand."""

from __future__ import annotations

import pandas as pd

from engine.missing.fields import CUSTOMER_FIELDS
from engine.missing.uses import COMPLETE, NOBODY, uses

PEOPLE = pd.DataFrame(
    {
        **{field.key: [None] * 4 for field in CUSTOMER_FIELDS},
        "name": ["Ann", None, "Bo", None],
        "email": ["a@x.org", None, None, "d@x.org"],
        "phone": ["1", None, "2", None],
        "consent": ["granted", None, None, "withdrawn"],
        "city": ["Berlin", None, None, None],
        "country": ["Germany", "Germany", None, None],
        "gender": ["female"] * 4,
        "frequency": [3.0, 0.0, 1.0, 0.0],
    }
)


def test_who_is_affected() -> None:
    told = {use.key: use for use in uses(PEOPLE, without_buyer=5, without_category=0)}
    assert {key: use.n for key, use in told.items()} == {
        "names": 2, "email": 2, "sms": 2, "consent": 2, "age": 4, "gender": 0, "place": 3, "lifecycle": 2,
        "birthday": 4, "recommend": 2,
    }  # fmt: skip
    assert all(use.total == 4 for use in told.values())
    assert str(told["sms"].sentence) == "2 customers cannot be reached by phone. Neither by phone nor by e-mail: 1."
    assert str(told["consent"].sentence).endswith("Campaigns leave out those of them who never bought: 1.")
    assert str(told["place"].sentence) == "the city of 3 customers is unknown. Not even the country is known of 2."
    assert told["gender"].sentence == COMPLETE
    assert str(told["recommend"].sentence) == (
        "2 customers without an order see what sells best, 5 orders without a buyer teach nothing about tastes."
    )


def test_complete_people_are_fit_for_all() -> None:
    whole = PEOPLE.iloc[[0]].assign(birth_year=1980)
    told = {use.key: use for use in uses(whole)}
    birthday = told.pop("birthday")
    assert {use.sentence for use in told.values()} == {COMPLETE}
    assert birthday.n == 0
    assert "only the year of birth is kept" in str(birthday.sentence)


def test_a_masked_number_reaches_nobody() -> None:
    hidden = PEOPLE.iloc[[0, 2]].assign(phone=["186******05", "13800000000"], email=["a***@x.org", "b@x.org"])
    told = {use.key: use for use in uses(hidden)}
    assert (told["sms"].n, told["email"].n) == (1, 1)
    assert str(told["sms"].sentence) == (
        "1 customer cannot be reached by phone. Of these the number is masked: 1. Neither by phone nor by e-mail: 1."
    )


def test_nothing_is_complete_where_nobody_is_known() -> None:
    told = {use.key: use for use in uses(PEOPLE.iloc[:0], without_buyer=3)}
    assert {use.sentence for key, use in told.items() if key != "recommend"} == {NOBODY}
    assert str(told["recommend"].sentence) == "3 orders without a buyer teach nothing about tastes."
    assert uses(PEOPLE.iloc[:0])[-1].sentence == NOBODY
