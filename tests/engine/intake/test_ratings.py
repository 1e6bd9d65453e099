from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.intake import ratings
from tests.engine.intake.files import csv, happened, said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4", 4), ("4.5", 4.5), ("4/5", 4), ("8 / 10", 8), ("4 stars", 4), ("1 star", 1), ("5星", 5), ("五星", 5),
        ("三颗星", 3), ("4分", 4), ("★★★★☆", 4), ("⭐⭐⭐", 3), ("⭐️⭐️", 2), ("☆☆☆☆☆", 0), ("4 out of 5", 4),
    ],
)  # fmt: skip
def test_a_rating_as_people_write_it(text: str, value: float) -> None:
    assert ratings.read([text]).tolist() == [value]


@pytest.mark.parametrize("text", ["", "good", "好评", "很满意", "-", "★4★"])
def test_no_rating(text: str) -> None:
    assert np.isnan(ratings.read([text])).all()


@pytest.mark.parametrize(
    ("values", "top"),
    [
        ([1, 2, 3, 4, 5], 5),
        ([4, 5, 11], 5),
        ([0, 5, 4.5], 5),
        ([5] * 99 + [7], 5),
        ([9, 3, 10], 10),
        ([10, 8, 9, 3, 100], 10),
        ([80, 95, 60, 10], 100),
        ([], 5),
    ],
)
def test_where_the_scale_ends(values: list[float], top: float) -> None:
    assert ratings.top_of(np.array(values, float)) == top


def test_would_you_recommend_us_goes_to_ten_whatever_was_answered() -> None:
    assert ratings.top_of(np.array([3.0, 4.0]), ten=True) == 10


@given(st.sampled_from(ratings.TOPS), st.lists(st.floats(0, 1), min_size=1))
def test_ratings_on_a_scale_are_rarely_outside_it(top: float, shares: list[float]) -> None:
    values = np.array(shares) * top
    assert ratings.outside(values, ratings.top_of(values)).mean() <= ratings.WITHIN


HEADER = "customer id,event,date,product,rating"


def test_a_rating_outside_the_scale_is_left_out_and_counted() -> None:
    rows = [f"u{n},rating,2026-03-0{n},Tea,{n}" for n in range(1, 6)]
    _, told = happened(csv(HEADER, *rows, "u6,rating,2026-03-06,Tea,11", "u7,rating,2026-03-06,Tea,-1"))
    assert told.events[c.VALUE].tolist()[:5] == [1, 2, 3, 4, 5]
    assert told.events[c.VALUE].isna().tolist()[5:] == [True, True], "the event stays, its value does not"
    assert "2 ratings lie outside the scale of 0 to 5 and were left out." in said(told.notes)


def test_words_are_no_ratings_and_stars_are() -> None:
    _, told = happened(
        csv("用户ID,行为,时间,商品名称,评分", "u1,评分,2026-03-01,茶,五星", "u2,评分,2026-03-02,茶,还行")
    )
    assert told.events[c.VALUE].tolist()[0] == 5
    assert "1 value of rating or amount could not be read and was left out." in said(told.notes)


def test_amounts_of_other_events_are_not_on_a_scale() -> None:
    _, told = happened(
        csv(
            "customer id,event,date,value",
            "a,deposit,2026-03-01,5000",
            "b,rating,2026-03-01,4",
            "c,deposit,2026-03-02,7",
        )
    )
    assert told.events[c.VALUE].tolist() == [5000, 4, 7]
    assert "outside the scale" not in said(told.notes)


def test_the_name_of_the_column_may_tell_the_scale() -> None:
    _, told = happened(csv("customer id,date,nps", "a,2026-03-01,4", "b,2026-03-02,3", "c,2026-03-03,11"))
    assert told.events[c.VALUE].tolist()[:2] == [4, 3]
    assert "1 rating lies outside the scale of 0 to 10 and was left out." in said(told.notes)
