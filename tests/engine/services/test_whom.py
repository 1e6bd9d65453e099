"""Whom a founder means: one customer by any of their handles, or a sentence that helps to name one."""

from __future__ import annotations

import pytest

from engine.errors import NotAllowed, NotFound
from engine.services.whom import customer_named, customers_like, the_one
from engine.shop import Shop
from tests.engine.services import shops


@pytest.fixture
def people(shop: Shop) -> Shop:
    """Ann with all that can name her, seven called Li, and one whose number is Li's name."""
    with shop.open() as db:
        shops.add_customers(db, [{"key": "K1", "name": "Ann", "email": "ann@example.com", "phone": "13800000001"}])
        shops.add_customers(db, ({"key": f"L{number}", "name": "Li"} for number in range(1, 8)))
        shops.add_customers(db, [{"key": "Wang", "name": "Bo"}, {"key": "W2", "name": "Wang"}])
    return shop


@pytest.mark.parametrize("text", ["K1", " K1 ", "ANN@example.com", "13800000001", "ann"])
def test_each_handle_means_the_customer(people: Shop, text: str) -> None:
    with people.open() as db:
        assert the_one(db, text).key == "K1"


def test_a_number_goes_before_a_name(people: Shop) -> None:
    with people.open() as db:
        assert the_one(db, "Wang").name == "Bo"


@pytest.mark.parametrize("text", ["Zoe", "", "  ", "{keys}"])
def test_nobody(people: Shop, text: str) -> None:
    with people.open() as db, pytest.raises(NotFound) as refused:
        the_one(db, text)
    assert str(refused.value) == (
        f"There is no customer “{text}”: no customer number, name, e-mail or phone in your files has it in it."
    )


@pytest.fixture
def tea(shop: Shop) -> Shop:
    with shop.open() as db:
        shops.add_customers(db, [{"key": "K1", "name": "Grace Hughes", "phone": "13800000001"}])
        shops.add_customers(db, [{"key": "K2", "name": "王小雨"}, {"key": "K3", "name": "小王子"}])
        shops.add_customers(db, [{"key": "K4", "name": "100% Tea", "email": "grace@example.com"}, {"key": "K_5"}])
        shops.add_customers(db, ({"key": f"L{number}", "name": f"Li {number}"} for number in range(1, 13)))
    return shop


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("grace", ["K1", "K4"]),
        ("Hughes Gra", ["K1"]),
        ("王", ["K2", "K3"]),
        ("0001", ["K1"]),
        ("%", ["K4"]),
        ("_", ["K_5"]),
        ("Zoe", []),
        (" ", []),
    ],
)
def test_a_part_finds_those_it_may_mean(tea: Shop, text: str, keys: list[str]) -> None:
    assert [customer.key for customer in customers_like(tea, text).customers] == keys


def test_of_many_the_first_eight_and_how_many_there_are(tea: Shop) -> None:
    found = customers_like(tea, "li")
    assert [customer.key for customer in found.customers] == [f"L{number}" for number in range(1, 9)]
    assert found.total == 12


def test_a_part_alone_names_nobody_but_tells_whom_it_may_mean(tea: Shop) -> None:
    with pytest.raises(NotFound) as refused:
        customer_named(tea, "grace")
    assert str(refused.value) == ("No customer is called just “grace”; similar are: Grace Hughes (K1), 100% Tea (K4).")


def test_of_several_the_first_five_numbers_are_told(people: Shop) -> None:
    with people.open() as db, pytest.raises(NotAllowed) as refused:
        the_one(db, "li")
    assert str(refused.value) == (
        "“li” may be one of several customers: give the customer number, such as L1, L2, L3, L4, L5."
    )
