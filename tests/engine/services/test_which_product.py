"""Which product a founder means: by number, name or a part of it, or a sentence that helps to name one."""

from __future__ import annotations

import pytest

from engine.errors import NotAllowed, NotFound
from engine.phrases import Name
from engine.services.which_product import product_named, product_ref, products_like, the_product
from engine.shop import Shop
from tests.engine.services import shops


@pytest.fixture
def tea(shop: Shop) -> Shop:
    with shop.open() as db:
        shops.add_products(
            db,
            {
                "T1": Name("Green tea", "绿茶"),
                "T2": Name("Black tea", "红茶"),
                "S1": Name("Green tea set", "绿茶（礼盒）"),
                "oolong": Name("Oolong"),
                "D1": Name("Mug"),
                "D2": Name("Mug"),
                "邮费补差": Name(zh="邮费补差"),
            },
        )
    return shop


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("T1", "T1"),
        (" t1 ", "T1"),
        ("Green tea", "T1"),  # the very name goes before a name that has it in it
        ("green  TEA", "T1"),
        ("绿茶", "T1"),
        ("绿茶(礼盒)", "S1"),  # full and half width are one
        ("set", "S1"),
        ("tea bl", "T2"),
        ("红", "T2"),
        ("邮费", "邮费补差"),
        ("D2", "D2"),
        ("mug", "D1"),  # one thing under two numbers
        ("#p2", "T2"),
    ],
)
def test_each_way_to_name_one(tea: Shop, text: str, key: str) -> None:
    assert product_named(tea, text).key == key


def test_a_ref_means_its_product(tea: Shop) -> None:
    with tea.open() as db:
        one = the_product(db, "Oolong")
        assert the_product(db, product_ref(one.id)) == one


def test_of_several_it_says_which_there_are(tea: Shop) -> None:
    with pytest.raises(NotAllowed) as refused:
        product_named(tea, "tea")
    assert str(refused.value) == (
        "“tea” may be one of 3 products: Green tea (T1), Black tea (T2), Green tea set (S1). "
        "Write more of the name, or the product's number."
    )
    with tea.open() as db:
        db.conn.execute("UPDATE products SET category = 'Toys' WHERE key = 'D2'")
    with pytest.raises(NotAllowed, match=r"one of 2 products: Mug \(D1\), Mug \(D2\)"):
        product_named(tea, "mug")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Grean tea", "Green tea (T1), Black tea (T2), Green tea set (S1)"),
        ("绿茶叶", "Green tea (T1)"),
        ("oolong leaves", "Oolong (oolong)"),
    ],
)
def test_of_none_it_says_what_is_called_alike(tea: Shop, text: str, names: str) -> None:
    with pytest.raises(NotFound) as refused:
        product_named(tea, text)
    assert str(refused.value).startswith(f"There is no product “{text}”; similar are: ")
    assert names.split(", ")[0] in str(refused.value)


@pytest.mark.parametrize("text", ["zzzzzz", "", "  ", "{names}", "%"])
def test_of_nothing_alike_it_says_so(tea: Shop, text: str) -> None:
    with pytest.raises(NotFound) as refused:
        product_named(tea, text)
    assert str(refused.value) == (f"There is no product “{text.strip()}”: no product's name or number has it in it.")


def test_a_shop_without_products_says_so(shop: Shop) -> None:
    with pytest.raises(NotFound, match="There are no products yet"):
        product_named(shop, "tea")


def test_those_to_choose_from(tea: Shop) -> None:
    found = products_like(tea, "tea")
    assert ([one.key for one in found.products], found.total) == (["T1", "T2", "S1"], 3)
    assert products_like(tea, " ").total == 0
