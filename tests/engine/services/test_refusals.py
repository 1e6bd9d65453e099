"""What a customer has said no to: kept, taken back, and theirs whoever they are counted as."""

from __future__ import annotations

import pytest

from engine import (
    NotAllowed,
    NotFound,
    Shop,
    check_store,
    count_as_one,
    count_as_two,
    refusals_of,
    refuse,
    refuse_all,
    same_people,
    take_back_refusal,
    take_back_refusal_of_all,
)
from engine.store import refusals
from tests.engine.services import shops
from tests.engine.services.test_imports import put, rows

SALES = "order id,date,customer id,phone,product,price"


@pytest.fixture
def tea(shop: Shop) -> Shop:
    shops.fill(shop, size=3)
    return shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    """17 and 18, who have the same phone and may be one person."""
    put(shop, SALES, "1,2025-05-01,17,13800138000,Tea,3", "2,2025-05-02,18,13800138000,Pot,9")
    return shop


def refused(shop: Shop, customer: str) -> list[str]:
    return [one.product.key for one in refusals_of(shop, customer).products]


def test_a_product_is_refused_and_taken_back(tea: Shop) -> None:
    said = refuse(tea, "R1", "green tea", who="Ann")
    assert (said.customer.key, said.product and said.product.key, said.refused, said.changed) == (
        "R1",
        "T1",
        True,
        True,
    )
    assert not refuse(tea, "R1", "T1").changed
    refuse(tea, "R1", "T2")
    assert (refused(tea, "R1"), refused(tea, "R2")) == (["T2", "T1"], [])
    with tea.open() as db:
        assert refusals.pairs(db).values.tolist() == [[1, 1], [1, 2]]
    assert take_back_refusal(tea, "R1", "绿茶").changed
    assert not take_back_refusal(tea, "R1", "T1").changed
    assert refused(tea, "R1") == ["T2"]
    assert refuse(tea, "R1", "T1").changed
    assert rows(tea, "SELECT who, deed, subject FROM trail ORDER BY id") == [
        ("Ann", "refused", "1 1"),
        ("owner", "refused", "1 2"),
        ("owner", "took back a refusal", "1 1"),
        ("owner", "refused", "1 1"),
    ]


def test_who_wants_nothing_at_all(tea: Shop) -> None:
    assert refuse_all(tea, "R2").changed
    assert not refuse_all(tea, "R2").changed
    assert refusals_of(tea, "R2").none_since == tea.now()
    with tea.open() as db:
        assert refusals.wanting_none(db).tolist() == [4]
        assert refusals.pairs(db).empty
    assert take_back_refusal_of_all(tea, "R2").changed
    assert refusals_of(tea, "R2").none_since is None
    with tea.open() as db:
        assert refusals.wanting_none(db).tolist() == []


def test_the_same_cause_acts_once(tea: Shop) -> None:
    asked = tea.caused_by("update 1")
    assert refuse(asked, "R1", "T1").changed
    take_back_refusal(tea.caused_by("update 2"), "R1", "T1")
    assert refuse(asked, "R1", "T1").changed
    assert refused(tea, "R1") == []
    assert rows(tea, "SELECT count(*) FROM refusals") == [(1,)]


def test_what_means_nothing_changes_nothing(tea: Shop) -> None:
    with pytest.raises(NotFound, match="no customer “Zoe”"):
        refuse(tea, "Zoe", "T1")
    with pytest.raises(NotFound, match="no product “shoes”"):
        refuse(tea, "R1", "shoes")
    with pytest.raises(NotAllowed, match="one of 3 products"):
        refuse(tea, "R1", "tea ")
    assert rows(tea, "SELECT count(*) FROM refusals") == [(0,)]


class TestWhoIsOneAndTwo:
    def test_what_either_said_holds_for_both_while_they_are_one(self, two: Shop) -> None:
        refuse(two, "17", "Tea")
        refuse_all(two, "18")
        (pair,) = same_people(two).suspected
        count_as_one(two, pair.id)
        assert refused(two, "18") == ["Tea"]
        assert refusals_of(two, "17").none_since is not None
        count_as_two(two, pair.id)
        assert (refused(two, "17"), refused(two, "18")) == (["Tea"], [])
        assert refusals_of(two, "17").none_since is None
        assert refusals_of(two, "18").none_since is not None
        assert check_store(two).faults == ()

    def test_what_they_said_as_one_holds_for_both_when_they_part(self, two: Shop) -> None:
        (pair,) = same_people(two).suspected
        count_as_one(two, pair.id)
        refuse(two, "17", "Tea")
        count_as_two(two, pair.id)
        assert (refused(two, "17"), refused(two, "18")) == (["Tea"], ["Tea"])

    def test_what_one_had_said_and_both_say_again(self, two: Shop) -> None:
        refuse(two, "17", "Tea")
        (pair,) = same_people(two).suspected
        count_as_one(two, pair.id)
        assert not refuse(two, "17", "Tea").changed
        count_as_two(two, pair.id)
        assert (refused(two, "17"), refused(two, "18")) == (["Tea"], ["Tea"])

    def test_taken_back_as_one_is_taken_back_for_both(self, two: Shop) -> None:
        refuse(two, "17", "Tea")
        (pair,) = same_people(two).suspected
        count_as_one(two, pair.id)
        assert take_back_refusal(two, "18", "Tea").changed
        count_as_two(two, pair.id)
        assert refused(two, "17") == refused(two, "18") == []


def test_another_file_leaves_it_as_it_is(two: Shop) -> None:
    refuse(two, "17", "Tea")
    put(two, SALES, "3,2025-06-01,17,13800138000,Tea,3", "4,2025-06-02,17,13800138000,Pot,9")
    assert refused(two, "17") == ["Tea"]


def test_a_shop_s_own_data_replace_the_refusals_of_the_demo(shop: Shop) -> None:
    put(shop, SALES, "1,2025-05-01,17,13800138000,Tea,3", demo=True)
    refuse(shop, "17", "Tea")
    put(shop, SALES, "1,2025-05-01,17,13800138001,Tea,4")
    assert refused(shop, "17") == []
    assert check_store(shop).faults == ()
