"""Whom a founder means: one customer by any of their handles, or a sentence that helps to name one."""

from __future__ import annotations

import pytest

from engine.errors import NotAllowed, NotFound
from engine.services.whom import the_one
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
        f"There is no customer “{text}”: give a customer number from your file, an e-mail, a phone number or a name."
    )


def test_of_several_the_first_five_numbers_are_told(people: Shop) -> None:
    with people.open() as db, pytest.raises(NotAllowed) as refused:
        the_one(db, "li")
    assert str(refused.value) == (
        "“li” may be one of several customers: give the customer number, such as L1, L2, L3, L4, L5."
    )
