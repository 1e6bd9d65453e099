"""Newer lists without a full fit, rules and refusals at any age of a list, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine import store
from engine.errors import NotAllowed
from engine.recommend.fusion.blend import Blend
from engine.services.recommend import recommend_for, recommend_mix, refresh_recommendations, set_recommend_mix
from engine.services.recommendation_rules import change_rules
from engine.services.refusals import refuse, refuse_all, take_back_refusal
from engine.shop import Shop
from engine.store import recommendations
from tests.engine.services.test_recommend import CUP, ORDERS, POT, TEA, Order, fill


@pytest.fixture
def tea_shop(shop: Shop) -> Shop:
    fill(shop, ORDERS)
    return shop


def items(shop: Shop, customer: str, which: str = "both", n: int = 10) -> list[str]:
    return [item.product for item in recommend_for(shop, customer, n, which=which).items]


def no_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_to(*_: object) -> None:
        raise AssertionError("nothing is to be learned anew")

    monkeypatch.setattr(Blend, "fit", refuse_to)


def rows_of(shop: Shop, run_id: int) -> int:
    with shop.open() as db:
        sql = "SELECT count(DISTINCT customer_id) FROM recommendations WHERE run_id = ?"
        return int(db.conn.execute(sql, [run_id]).fetchone()[0])


def test_only_who_ordered_gets_a_newer_list(tea_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = recommend_for(tea_shop, "C4", 10)
    assert items(tea_shop, "C4", "again") == ["P"]
    no_fit(monkeypatch)
    later = replace(tea_shop, clock=lambda: tea_shop.now() + timedelta(days=3))
    fill(later, [(4, "2026-11-02", (TEA,))])
    after = recommend_for(later, "C4", 10)
    assert items(later, "C4", "again") == ["P", "T"]
    assert after.run.id > before.run.id
    assert (after.fit_at, after.computed_at - after.fit_at) == (before.fit_at, timedelta(days=3))
    assert rows_of(later, after.run.id) == 1
    # the others keep their lists
    assert recommend_for(later, "C1", 10).items == recommend_for(tea_shop, "C1", 10).items


def test_an_update_gives_what_a_fit_of_the_same_orders_gives(tea_shop: Shop) -> None:
    recommend_for(tea_shop, "C4")
    fill(tea_shop, [(4, "2026-10-21", (TEA,))])
    updated = recommend_for(tea_shop, "C4", 10)
    fitted = refresh_recommendations(tea_shop, refresh=True)
    assert fitted.id > updated.run.id
    assert recommend_for(tea_shop, "C4", 10).items == updated.items


def test_many_changes_old_fits_and_unknown_products_are_learned_from(tea_shop: Shop) -> None:
    def fit_of(shop: Shop) -> int:
        recommend_for(shop, "C1")
        with shop.open() as db:
            lists = recommendations.in_force(db)
            assert lists is not None
            return lists.fit.id

    first = fit_of(tea_shop)
    fill(tea_shop, [(4, "2026-11-02", (TEA,))])
    assert fit_of(tea_shop) == first
    fill(tea_shop, [(who, "2026-11-03", (CUP,)) for who in (1, 2, 3)])
    second = fit_of(tea_shop)
    assert second > first
    old = replace(tea_shop, clock=lambda: tea_shop.now() + timedelta(days=31))
    fill(old, [(4, "2026-11-04", (TEA,))])
    third = fit_of(old)
    assert third > second
    with old.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO products (id, key, name) VALUES (9, 'N', 'New')")
    fill(old, [(4, "2026-11-05", (9,))])
    assert fit_of(old) > third


def test_a_refused_product_gives_way_to_the_next_and_comes_back(tea_shop: Shop) -> None:
    before = items(tea_shop, "C1")
    assert before == ["T", "C", "P"]
    refuse(tea_shop, "C1", "C")
    assert items(tea_shop, "C1") == ["T", "P"]
    assert "C" in items(tea_shop, "C2")
    refresh_recommendations(tea_shop, refresh=True)
    assert items(tea_shop, "C1") == ["T", "P"]
    take_back_refusal(tea_shop, "C1", "C")
    assert items(tea_shop, "C1") == before


def test_what_was_refused_leaves_room_for_what_is_not_stored(tea_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("recommend", "recommend_people"):
        monkeypatch.setattr(f"engine.services.{module}.LONGEST", 1)
    monkeypatch.setattr(recommendations, "LONGEST", 1)
    assert items(tea_shop, "C1", "new", 1) == ["C"]
    refuse(tea_shop, "C1", "C")
    assert items(tea_shop, "C1", "new", 1) == ["P"]


def test_who_wants_no_products_gets_none_and_is_told(tea_shop: Shop) -> None:
    assert items(tea_shop, "C1")
    refuse_all(tea_shop, "C1")
    found = recommend_for(tea_shop, "C1")
    assert found.items == ()
    assert str(found.note) == "This customer asked for no product, so none is shown."
    refresh_recommendations(tea_shop, refresh=True)
    assert items(tea_shop, "C1") == []


@pytest.mark.parametrize("rule", ["exclude C", "without cups"])
def test_a_rule_holds_at_once_and_its_end_needs_no_fit(
    tea_shop: Shop, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    with tea_shop.open() as db, store.transaction(db):
        db.conn.execute("UPDATE products SET category = iif(key = 'C', 'cups', 'others')")
    before = items(tea_shop, "C1")
    no_fit(monkeypatch)
    change_rules(tea_shop, rule)
    assert [items(tea_shop, f"C{n}").count("C") for n in range(1, 8)] == [0] * 7
    change_rules(tea_shop, "clear")
    assert items(tea_shop, "C1") == before


def test_a_product_that_is_sold_out_goes_and_comes_back(tea_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = items(tea_shop, "C1")
    no_fit(monkeypatch)
    for stock, expected in ((0, ["T", "P"]), (5, before)):
        with tea_shop.open() as db, store.transaction(db):
            db.conn.execute("UPDATE products SET stock = ? WHERE key = 'C'", [stock])
        assert items(tea_shop, "C1") == expected


def test_how_lists_are_mixed_is_the_owners_choice_and_kept(tea_shop: Shop) -> None:
    fill(tea_shop, [(1, "2026-11-01", (POT,))])
    assert recommend_mix(tea_shop) is None
    assert items(tea_shop, "C1") == ["P", "T", "C"]
    assert set_recommend_mix(tea_shop, 0.5) == 0.5
    assert recommend_mix(tea_shop) == 0.5
    assert items(tea_shop, "C1") == ["P", "C", "T"]
    set_recommend_mix(tea_shop, 0.0)
    assert items(tea_shop, "C1") == ["C", "P", "T"]
    set_recommend_mix(tea_shop, None)
    assert items(tea_shop, "C1") == ["P", "T", "C"]
    with pytest.raises(NotAllowed, match="The share of products to buy again is 120%: give one from 0% to 100%"):
        set_recommend_mix(tea_shop, 1.2)


def test_the_two_lists(tea_shop: Shop) -> None:
    assert items(tea_shop, "C1", "again") == ["T"]
    assert items(tea_shop, "C1", "new") == ["C", "P"]
    assert items(tea_shop, "C7", "again") == []
    found = recommend_for(tea_shop, "C1", which="again")
    assert (found.n_again, found.n_new) == (1, 2)
    with pytest.raises(NotAllowed, match="There is no list “old”: choose both, again, new"):
        recommend_for(tea_shop, "C1", which="old")


def test_one_thing_under_two_numbers_is_once_in_a_list(tea_shop: Shop) -> None:
    with tea_shop.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO products (id, key, name, name_zh) VALUES (8, 'T2', 'Tea', '茶')")
    fill(tea_shop, [(2, "2026-11-02", (8,)), (3, "2026-11-02", (8, CUP))])
    for n in range(1, 8):
        names = [str(item.name) for item in recommend_for(tea_shop, f"C{n}", 10).items]
        assert names.count("Tea") == 1
    # who bought it under the old number does not discover it
    assert not {"T", "T2"} & set(items(tea_shop, "C1", "new"))


def a_catalogue_of_one() -> list[Order]:
    return [(1, "2026-08-01", (TEA,)), (2, "2026-08-02", (TEA,))]


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        (a_catalogue_of_one, {1: ["T"], 2: ["T"], 7: ["T"]}),
        # an order in the future says nothing
        (lambda: [*a_catalogue_of_one(), (7, "2999-01-01", (CUP,))], {1: ["T"], 7: ["T"]}),
    ],
)
def test_little_to_go_by(shop: Shop, orders: Callable[[], list[Order]], expected: dict[int, list[str]]) -> None:
    fill(shop, orders())
    for customer, products in expected.items():
        assert items(shop, f"C{customer}") == products
    stranger = recommend_for(shop, "C7")
    assert not any(item.personal for item in stranger.items)
    assert str(stranger.items[0].reason).startswith("popular, not personal")


def test_a_small_shop_gets_lists_and_is_told_how_little_they_rest_on(shop: Shop) -> None:
    with shop.open() as db, store.transaction(db):
        db.conn.execute(
            "INSERT INTO imports (name, sha256, kind, receipt, at) VALUES ('a', 'a', 'orders', '{}', '2026-11-01')"
        )
        for n in range(40):
            db.conn.execute("INSERT INTO customers (id, key) VALUES (?, ?)", [n + 1, f"K{n}"])
        for n in range(15):
            db.conn.execute("INSERT INTO products (id, key, name) VALUES (?, ?, ?)", [n + 1, f"P{n}", f"Thing {n}"])
        for n in range(80):
            db.conn.execute(
                "INSERT INTO orders (id, key, customer_id, at, revenue, quantity, n_lines) "
                "VALUES (?, ?, ?, ?, 1, 1, 2)",
                [n + 1, f"O{n}", n % 40 + 1, f"2026-{n // 10 + 1:02d}-10T10:00:00"],
            )
            for line, product in enumerate({n % 15 + 1, n * 7 % 15 + 1}, 1):
                db.conn.execute("INSERT INTO lines VALUES (?, ?, ?, 1, 1)", [n + 1, line, product])
    found = recommend_for(shop, "K3")
    assert len(found.items) == 5
    assert str(found.note) == "Take this as a hint: it rests on the orders of 40 customers."


def test_a_run_of_an_earlier_version_is_superseded(tea_shop: Shop) -> None:
    with tea_shop.open() as db, store.transaction(db):
        db.conn.execute(
            "INSERT INTO runs (kind, method, settings, seed, data_version, quality, at) "
            "VALUES ('recommendations', 'mix', json(?), 1, 1, '{\"customers\": 5}', ?)",
            ["{}", datetime(2026, 11, 1, tzinfo=UTC).isoformat()],
        )
    assert items(tea_shop, "C1") == ["T", "C", "P"]
