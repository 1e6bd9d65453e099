"""Groups matched from run to run, by hand and by laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.segments.matching import Flow, Match, flows, matched, movers


def groups(**members: str) -> pd.Series:
    """groups(a="123", b="45"): customers 1 to 5 in two groups."""
    return pd.Series({int(one): key for key, some in members.items() for one in some}, dtype=object)


def test_groups_go_on_where_most_of_their_people_are() -> None:
    before = groups(regulars="1234", quiet="567", lost="89")
    now = groups(x="123", y="4567", z="89")
    # shared of all who are in either: 123 of 1234; 567 of 4567; 89 of 89
    assert matched(before, now) == {
        "x": Match("regulars", 3 / 4),
        "y": Match("quiet", 3 / 4),
        "z": Match("lost", 1.0),
    }
    assert movers(before, now, {"x": "regulars", "y": "quiet", "z": "lost"}).to_dict("index") == {
        4: {"before": "regulars", "now": "y"}
    }


def test_the_sum_decides_and_not_the_first_that_fits() -> None:
    # a1 shares most with x (4 of 8), but b could only go on as x: 3 of 6 + 3 of 8 is more than 4 of 8 alone
    before = groups(a="1234567", b="89")
    now = groups(x="123489", y="567")
    # a–x: 4/9, a–y: 3/7, b–x: 2/6, b–y: 0; a–y with b–x is .762, a–x alone .444
    found = matched(before, now)
    assert {key: match.before for key, match in found.items()} == {"x": "b", "y": "a"}
    assert found["y"].overlap == pytest.approx(3 / 7)


def test_less_than_a_third_shared_is_a_new_group() -> None:
    before = groups(a="12", b="3456")
    now = groups(x="134567", y="2")
    # of those who were there x has 1, 3, 4, 5 and 6, of whom b had 4; y has one of a's two; 7 does not count
    found = matched(before, now)
    assert found["x"] == Match("b", 4 / 5)
    assert found["y"] == Match("a", 1 / 2)
    assert matched(groups(a="123456"), groups(x="12", y="34", z="56"))["x"].overlap == pytest.approx(1 / 3)
    assert matched(groups(a="1234"), groups(w="1", x="2", y="3", z="4")) == {}


def test_groups_that_say_who_is_in_them_go_on_whoever_is_in_them() -> None:
    before = groups(champions="1234", lost="56")
    now = groups(lost="1234", champions="56")
    found = matched(before, now, by_key=("champions", "lost"))
    assert {key: match.before for key, match in found.items()} == {"lost": "lost", "champions": "champions"}
    assert len(movers(before, now, {"lost": "lost", "champions": "champions"})) == 6


def test_where_everybody_went() -> None:
    before = groups(a="123", b="45")
    now = groups(a="12", b="3467")
    assert set(flows(before, now)) == {
        *(Flow("a", "a", 2), Flow("a", "b", 1), Flow("b", "b", 1), Flow("b", None, 1), Flow(None, "b", 2)),
    }
    assert flows(before, now)[0].n == 2
    assert flows(before.iloc[:0], now.iloc[:0]) == ()
    assert matched(before.iloc[:0], now) == {}


labels = st.lists(st.integers(0, 4), min_size=1, max_size=40)


def series(numbers: list[int], prefix: str) -> pd.Series:
    return pd.Series([f"{prefix}{number}" for number in numbers], dtype=object)


@given(labels)
def test_nobody_moved_where_nothing_changed(numbers: list[int]) -> None:
    before, now = series(numbers, "old"), series(numbers, "new")
    found = matched(before, now)
    assert {key: match.before for key, match in found.items()} == {f"new{n}": f"old{n}" for n in set(numbers)}
    assert all(match.overlap == 1 for match in found.values())
    assert movers(before, now, {key: match.before for key, match in found.items()}).empty


@given(labels, labels, st.permutations(range(5)), st.permutations(range(5)))
def test_what_groups_are_called_changes_nothing(olds: list[int], news: list[int], p: list[int], q: list[int]) -> None:
    before, now = series(olds, "old"), series(news, "new")
    plain = matched(before, now)
    renamed_before = series([p[n] for n in olds], "was").sample(frac=1, random_state=1)
    renamed_now = series([q[n] for n in news], "is").sample(frac=1, random_state=2)
    again = matched(renamed_before, renamed_now)
    assert {key: match.before for key, match in again.items()} == {
        f"is{q[int(key[3:])]}": f"was{p[int(match.before[3:])]}" for key, match in plain.items()
    }


@given(labels, labels)
def test_everybody_is_counted_once(olds: list[int], news: list[int]) -> None:
    before, now = series(olds, "old"), series(news, "new")
    found = flows(before, now)
    assert sum(flow.n for flow in found) == max(len(olds), len(news))
    assert sum(flow.n for flow in found if flow.before is not None) == len(olds)
    matches = {key: match.before for key, match in matched(before, now).items()}
    assert len(set(matches.values())) == len(matches)
    moved = sum(f.n for f in found if f.before and f.now and matches.get(f.now) != f.before)
    assert moved == len(movers(before, now, matches))
    assert np.all([flow.n > 0 for flow in found])
