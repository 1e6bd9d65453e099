from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History
from engine.recommend.twins import twins
from tests.engine.recommend.tables import AS_OF, interactions


def found(names: Sequence[Name], categories: Sequence[str | None] | None = None) -> list[int]:
    catalogue = None if categories is None else pd.DataFrame({c.CATEGORY: categories}, index=range(len(names)))
    past = History.of(interactions([]), dict(enumerate(names)), [1], pd.Timestamp(AS_OF), catalogue=catalogue)
    return [int(first) for first in twins(past)]


def test_the_same_name_twice_is_one_thing() -> None:
    assert found([Name("Red Mug"), Name("spade"), Name("RED  MUG."), Name("red-mug")]) == [0, 1, 0, 0]


def test_full_width_and_chinese() -> None:
    assert found([Name("", "龙井茶 250g"), Name("", "龙井茶250g"), Name("", "龙井茶500g")]) == [0, 0, 2]


def test_one_language_in_common_is_enough() -> None:
    assert found([Name("mug", "杯子"), Name("mug", "mug"), Name("cup", "杯子")]) == [0, 0, 0]


def test_what_has_no_name_is_its_own() -> None:
    assert found([Name(), Name(), Name("!!!"), Name("???")]) == [0, 1, 2, 3]


@pytest.mark.parametrize(("one", "other", "same"), [("Home", "Food", False), ("Home", "home ", True)])
def test_of_another_category_is_another_thing(one: str, other: str, same: bool) -> None:
    assert (found([Name("gift box"), Name("gift box")], [one, other]) == [0, 0]) == same


@given(st.lists(st.sampled_from(["a", "b", "A", ""]), max_size=8))
def test_the_first_of_a_group_is_its_own_first(names: list[str]) -> None:
    first = found([Name(name) for name in names])
    assert all(first[to] == to <= position for position, to in enumerate(first))
    assert all(names[to].casefold() == names[position].casefold() for position, to in enumerate(first))
