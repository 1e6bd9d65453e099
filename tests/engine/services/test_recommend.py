from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from engine import store
from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.phrases import Name
from engine.services import recommend_run
from engine.services.recommend import recommend_for, refresh_recommendations
from engine.shop import Shop
from engine.store import orders, recommendations

TEA, CUP, POT, POSTAGE = 1, 2, 3, 4

Order = tuple[int | None, str, tuple[int, ...]]  # customer, day, products

ORDERS: list[Order] = [
    (1, "2026-08-01", (TEA, POSTAGE)),
    (1, "2026-09-04", (TEA, POSTAGE)),
    (2, "2026-09-01", (TEA, CUP)),
    (3, "2026-09-02", (TEA, CUP, POSTAGE)),
    (4, "2026-10-20", (POT,)),
    (5, "2026-10-21", (POT,)),
    (6, "2026-10-22", (POSTAGE,)),
    (None, "2026-10-30", (CUP,)),
]


def fill(shop: Shop, orders: Sequence[Order]) -> None:
    """One more import; the first one brings seven customers and four products, customer 7 without an order."""
    with shop.open() as db, store.transaction(db):
        db.conn.execute(
            "INSERT INTO imports (name, sha256, kind, receipt, at) "
            "SELECT 'orders.csv', 'sum of ' || count(*), 'orders', '{}', '2026-11-01T00:00:00+00:00' FROM imports"
        )
        db.conn.executemany(
            "INSERT OR IGNORE INTO customers (id, key, name, email) VALUES (?, ?, ?, ?)",
            [(n, f"C{n}", "Li" if n > 5 else f"Name {n}", f"c{n}@shop.example") for n in range(1, 8)],
        )
        db.conn.executemany(
            "INSERT OR IGNORE INTO products (id, key, name, name_zh) VALUES (?, ?, ?, ?)",
            [
                (TEA, "T", "Tea", "茶"),
                (CUP, "C", "Cup", "杯"),
                (POT, "P", "Pot", None),
                (POSTAGE, "X", "POSTAGE", None),
            ],
        )
        for customer, day, products in orders:
            cursor = db.conn.execute(
                "INSERT INTO orders (key, customer_id, at, revenue, quantity, n_lines) "
                "SELECT 'O' || count(*), ?, ?, 1, 1, ? FROM orders",
                [customer, f"{day}T10:00:00", len(products)],
            )
            db.conn.executemany(
                "INSERT INTO lines (order_id, line, product_id, quantity, price) VALUES (?, ?, ?, 1, 1)",
                [(cursor.lastrowid, line, product) for line, product in enumerate(products, 1)],
            )


@pytest.fixture
def tea_shop(shop: Shop) -> Shop:
    fill(shop, ORDERS)
    return shop


def test_history_first_then_what_goes_with_it_then_what_is_popular(tea_shop: Shop) -> None:
    found = recommend_for(tea_shop, "C1")
    assert found.customer.key == "C1"
    assert [(item.product, item.ranker) for item in found.items] == [
        ("T", "repeat"),
        ("C", "item_to_item"),
        ("P", "popular"),
    ]
    assert [str(item.reason) for item in found.items] == [
        "bought twice, 34 days apart; the last time on 2026-09-04",
        "2 people who bought Tea also bought this",
        "popular, not personal: bought by 2 people in the 21 days up to 2026-10-22",
    ]


def test_names_and_facts_keep_both_languages_through_the_store(tea_shop: Shop) -> None:
    tea, cup, _ = recommend_for(tea_shop, "C1").items
    assert tea.name == Name("Tea", "茶")
    assert tea.reason.facts["last"] == date(2026, 9, 4)
    assert cup.reason.facts["other"] == Name("Tea", "茶")


def test_postage_is_never_recommended(tea_shop: Shop) -> None:
    for n in range(1, 8):
        assert "X" not in {item.product for item in recommend_for(tea_shop, f"C{n}", 50).items}


@pytest.mark.parametrize("stranger", ["C6", "C7"])
def test_who_has_bought_no_product_gets_what_is_popular_and_is_told(tea_shop: Shop, stranger: str) -> None:
    found = recommend_for(tea_shop, stranger)
    assert {item.ranker for item in found.items} == {"popular"}
    assert {item.score for item in found.items} == {0.0}
    assert str(found.note).startswith("This customer has not bought a product yet")


def test_a_small_shop_is_told_how_little_it_rests_on(tea_shop: Shop) -> None:
    assert str(recommend_for(tea_shop, "C1").note) == "Take this as a hint: it rests on the orders of 5 customers."


def test_the_customer_can_be_named_in_other_ways(tea_shop: Shop) -> None:
    assert recommend_for(tea_shop, " c2@SHOP.example ").customer.key == "C2"
    assert recommend_for(tea_shop, "name 3").customer.key == "C3"


def test_a_second_question_is_answered_from_the_store(tea_shop: Shop) -> None:
    assert recommend_for(tea_shop, "C1").run == recommend_for(tea_shop, "C2").run
    assert refresh_recommendations(tea_shop) == recommend_for(tea_shop, "C1").run


def test_a_new_import_is_learned_from(tea_shop: Shop) -> None:
    before = recommend_for(tea_shop, "C7")
    fill(tea_shop, [(7, "2026-11-02", (CUP,))])
    after = recommend_for(tea_shop, "C7")
    assert after.run.id > before.run.id
    assert after.items[0].product == "C"
    assert str(after.items[0].reason) == "bought once, on 2026-11-02"


def test_refresh_makes_an_equal_run_once_per_cause(tea_shop: Shop) -> None:
    first = refresh_recommendations(tea_shop)
    asked = tea_shop.caused_by("update 5")
    again = refresh_recommendations(asked, refresh=True)
    assert again.id > first.id
    assert refresh_recommendations(asked, refresh=True) == again
    sql = "SELECT customer_id, again, rank, product_id, score, reason FROM recommendations WHERE run_id = ?"
    with tea_shop.open() as db:
        rows = [db.conn.execute(sql, [run.id]).fetchall() for run in (first, again)]
    assert rows[0] == rows[1]


def test_other_settings_make_another_run(tea_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh_recommendations(tea_shop)
    monkeypatch.setattr(recommend_run, "WORDING", recommend_run.WORDING + 1)
    assert refresh_recommendations(tea_shop).id > first.id


def test_a_longer_list_begins_with_the_stored_one(tea_shop: Shop) -> None:
    assert recommend_for(tea_shop, "C1", 11).items[:2] == recommend_for(tea_shop, "C1", 2).items


def test_an_order_in_the_future_moves_nothing(tea_shop: Shop) -> None:
    before = recommend_for(tea_shop, "C2")
    fill(tea_shop, [(2, "2999-01-01", (POT,))])
    after = recommend_for(tea_shop, "C2")
    assert after.run.id > before.run.id
    assert after.items == before.items


@pytest.mark.parametrize("n", [0, -1, 51])
def test_how_many_is_bounded(tea_shop: Shop, n: int) -> None:
    with pytest.raises(NotAllowed, match=f"Cannot recommend {n} products: ask for 1 to 50"):
        recommend_for(tea_shop, "C1", n)


@pytest.mark.parametrize("text", ["nobody", "", "  "])
def test_an_unknown_customer(tea_shop: Shop, text: str) -> None:
    with pytest.raises(NotFound, match=f"There is no customer “{text}”"):
        recommend_for(tea_shop, text)


def test_a_name_of_several_customers_is_answered_with_their_keys(tea_shop: Shop) -> None:
    with pytest.raises(
        NotAllowed, match="“Li” may be one of several customers: give the customer number, such as C6, C7"
    ):
        recommend_for(tea_shop, "Li")


def test_a_shop_without_orders(shop: Shop) -> None:
    fill(shop, [])
    with pytest.raises(TooLittleData, match="No order names both"):
        recommend_for(shop, "C1")


def test_orders_that_name_no_customer_are_too_little(shop: Shop) -> None:
    fill(shop, [(None, "2026-10-30", (CUP,)), (6, "2026-10-30", (POSTAGE,))])
    with pytest.raises(TooLittleData, match="No order names both a customer and a product"):
        refresh_recommendations(shop)


def test_everyone_is_in_the_store_after_one_question(tea_shop: Shop) -> None:
    run = recommend_for(tea_shop, "C1").run
    with tea_shop.open() as db:
        lists = recommendations.in_force(db)
        assert lists is not None
        everyone = recommendations.of_people(db, lists, range(1, 8))
        assert everyone["customer"].unique().tolist() == [1, 2, 3, 4, 5, 6, 7]
        assert run.data_version == orders.data_version(db)
    assert {"customers": 5, "orders": 6, "products": 3}.items() <= run.quality.items()


def test_the_clock_is_the_shops(tea_shop: Shop) -> None:
    assert recommend_for(tea_shop, "C1").computed_at == tea_shop.now()
    assert recommend_for(replace(tea_shop, seed=7), "C1").run.seed == tea_shop.seed
