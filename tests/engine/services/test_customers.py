"""One customer's card and lists of customers, on a small shop that an eye can check."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.errors import NotAllowed, NotFound
from engine.phrases import Name
from engine.services.customers import customer_card, has_customers, list_customers
from engine.services.segments import find_segments
from engine.shop import Shop
from engine.store import meta
from tests.engine.services import shops
from tests.engine.services.shops import MadeOrder

PEOPLE = [
    {"key": "1001", "name": "王芳", "email": "fang@example.com", "phone": "13800000001", "city": "广州"},
    {"key": "1002", "name": "Ann", "email": "ann@example.com"},
    {"key": "1003", "name": "Ann"},
    {"key": "1004", "name": "Zoe"},
]


def order(key: str, customer: str | None, day: str, *lines: tuple[str, float, float]) -> MadeOrder:
    return MadeOrder(key, customer, datetime.fromisoformat(f"{day}T10:00"), lines)


@pytest.fixture
def small(shop: Shop) -> Shop:
    with shop.open() as db:
        meta.write(db, "currency", "CNY")
        shops.add_customers(db, PEOPLE)
        shops.add_products(db, shops.GOODS)
        shops.add_orders(
            db,
            [
                order("A1", "1001", "2026-10-01", ("T1", 2, 30.0), ("P1", 1, 100.0)),
                order("A2", "1001", "2026-10-11", ("T1", 1, 30.0)),
                order("A3", "1001", "2026-10-31", ("T1", 1, 30.0), ("T1", 3, 28.0)),
                order("A4", "1002", "2026-11-10", ("P2", 10, 50.0)),
                order("A5", None, "2026-11-20", ("P2", 1, 10.0)),
            ],
        )
        shops.add_consent(db, "1001", "granted", how="file customers.csv")
        shops.add_consent(db, "1001", "withdrawn", channel="email", how="wrote to us")
        shops.add_return(db, "1001", -30.0)
        shops.add_return(db, "1001", 28.0)
    return shop


def test_a_card_has_everything(small: Shop) -> None:
    card = customer_card(small, "1001")
    assert card.customer.name == "王芳"
    assert (card.as_of, card.currency) == (date(2026, 11, 21), "CNY")
    behaviour = card.behaviour
    assert behaviour is not None
    assert (behaviour.n_orders, behaviour.monetary, behaviour.n_products) == (3, 304, 2)
    assert (behaviour.recency_days, behaviour.tenure_days, behaviour.gap_days) == (21, 51, 15)
    assert behaviour.order_value == pytest.approx(304 / 3)
    assert behaviour.items_per_order == pytest.approx(8 / 3)
    assert card.segment is None
    assert card.consent == "withdrawn"
    assert [(word.channel, word.how) for word in card.consents] == [
        ("email", "wrote to us"),
        ("any", "file customers.csv"),
    ]
    assert (card.n_returns, card.returned) == (2, 58)
    assert [past.key for past in card.orders] == ["A3", "A2", "A1"]
    assert card.orders[0].products == (Name("Green tea", "绿茶"),)
    assert card.orders[2].products == (Name("Green tea", "绿茶"), Name("Teapot", "茶壶"))
    assert card.orders[2].revenue == 160


@pytest.mark.parametrize("text", ["1001", " 1001 ", "FANG@example.com", "13800000001", "王芳"])
def test_a_customer_has_several_handles(small: Shop, text: str) -> None:
    assert customer_card(small, text).customer.key == "1001"


def test_a_customer_without_an_order_has_a_card(small: Shop) -> None:
    card = customer_card(small, "Zoe")
    assert card.behaviour is None
    assert (card.consent, card.orders, card.n_returns) == (None, (), 0)


@pytest.mark.parametrize("text", ["9999", "", "   ", "'; DROP TABLE customers"])
def test_nobody(small: Shop, text: str) -> None:
    with pytest.raises(NotFound, match=r"no customer number, name, e-mail or phone in your files has it in it"):
        customer_card(small, text)


def test_several_of_one_name(small: Shop) -> None:
    with pytest.raises(NotAllowed, match=r"“ann” may be one of several customers: .* such as 1002, 1003"):
        customer_card(small, "ann")


def test_only_the_last_five_orders(small: Shop) -> None:
    with small.open() as db:
        shops.add_orders(db, [order(f"B{day}", "1003", f"2026-09-{day}", ("T1", 1, 5.0)) for day in range(10, 18)])
    assert [past.key for past in customer_card(small, "1003").orders] == ["B17", "B16", "B15", "B14", "B13"]


def test_the_segment_is_on_the_card(shop: Shop) -> None:
    shops.fill(shop)
    best = find_segments(shop).segments[0]
    assert customer_card(shop, "R7").segment == best
    assert customer_card(shop, "N1").segment is None


def test_lists(small: Shop) -> None:
    def keys(**asked: object) -> list[str]:
        return [row.customer.key for row in list_customers(small, **asked).rows]  # type: ignore[arg-type]

    assert keys() == ["1002", "1001", "1003", "1004"]
    assert keys(order="recent") == ["1002", "1001", "1003", "1004"]
    assert keys(order="name") == ["1002", "1003", "1004", "1001"]
    assert keys(n=2, offset=1) == ["1001", "1003"]
    assert keys(offset=10) == []


def test_rows_and_total(small: Shop) -> None:
    listed = list_customers(small, n=3)
    assert (listed.total, listed.as_of, listed.currency) == (4, date(2026, 11, 21), "CNY")
    first, _, third = listed.rows
    assert (first.n_orders, first.monetary, first.recency_days) == (1, 500, 11)
    assert (third.n_orders, third.monetary, third.recency_days, third.last_order_at) == (0, 0, None, None)


@pytest.mark.parametrize("asked", [{"n": 0}, {"n": 1_001}, {"offset": -1}, {"order": "shoe size"}])
def test_a_list_that_cannot_be(small: Shop, asked: dict[str, object]) -> None:
    with pytest.raises(NotAllowed):
        list_customers(small, **asked)  # type: ignore[arg-type]


def test_an_empty_shop(shop: Shop, small: Shop) -> None:
    assert has_customers(small)
    empty = Shop(shop.path.with_name("empty.db"), clock=shop.clock)
    assert not has_customers(empty)
    assert list_customers(empty).rows == ()
