"""What is imported can be exported, and imported into an empty shop with the same totals."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.language import speaker
from engine import columns as c
from engine.errors import NotAllowed, NotFound
from engine.intake import fields as f
from engine.intake.synonyms import CUSTOMERS as CUSTOMERS_OF
from engine.intake.synonyms import EVENTS as EVENTS_OF
from engine.intake.synonyms import ORDERS as ORDERS_OF
from engine.intake.synonyms import PRODUCTS as PRODUCTS_OF
from engine.intake.synonyms import folded
from engine.intake.tables import as_line
from engine.phrases import Phrase
from engine.services.exports import export_shop
from engine.services.imports import import_file
from engine.services.upkeep import check_store
from engine.shop import Shop

TOTALS = (
    "SELECT count(*), count(customer_id), count(DISTINCT customer_id), min(at), max(at), sum(n_lines) FROM orders",
    "SELECT o.key, c.key, o.at, round(o.revenue, 4), o.quantity, o.n_lines FROM orders o "
    "LEFT JOIN customers c ON c.id = o.customer_id ORDER BY o.key",
    "SELECT o.key, p.key, l.quantity, l.price FROM lines l JOIN orders o ON o.id = l.order_id "
    "JOIN products p ON p.id = l.product_id ORDER BY 1, 2, 3, 4",
    "SELECT key, name, name_zh, name_en, category, price, stock, description, cost, launched FROM products "
    "ORDER BY key",
    "SELECT p.key, a.name, a.value FROM product_attributes a JOIN products p ON p.id = a.product_id ORDER BY 1, 2",
    "SELECT c.key, a.key, a.kind, x.value, x.number FROM answers x JOIN customers c ON c.id = x.customer_id "
    "JOIN attributes a ON a.id = x.attribute_id ORDER BY 1, 2",
    "SELECT c.key, e.kind, e.at, p.key, e.quantity, e.value, e.place FROM events e JOIN customers c "
    "ON c.id = e.customer_id LEFT JOIN products p ON p.id = e.product_id WHERE e.kind <> 'return' "
    "ORDER BY 1, 2, 3, 4",
    "SELECT key, name, email, phone, gender, birth_year, city, region, country, joined, interests FROM customers "
    "ORDER BY key",
    "SELECT c.key, e.at, e.quantity, round(e.value, 4), e.order_key FROM events e JOIN customers c "
    "ON c.id = e.customer_id WHERE e.kind = 'return' ORDER BY 1, 2, 3, 4, 5",
    "SELECT c.key, n.state FROM consents n JOIN customers c ON c.id = n.customer_id ORDER BY 1, 2",
)
ORDERS = "order number,order date,customer number,product number,product name,quantity,price,status,currency"
CUSTOMERS = "customer number,name,e-mail,phone,gender,year of birth,city,interests,consent"

days = st.integers(0, 400).map(lambda n: str(date(2025, 1, 1) + timedelta(days=n)))
called = st.text(
    st.characters(codec="utf-8", categories=("L", "N"), include_characters=" -=+'\"，,\n"), min_size=1, max_size=12
).map(lambda text: f"a{text}")
order = st.tuples(
    st.integers(1, 12).map(lambda n: f"N{n}"),
    days,
    st.one_of(st.just(""), st.integers(1, 5).map(lambda n: f"K{n}")),
    st.integers(1, 6),
    st.integers(-2, 9).map(str),
    st.floats(0.01, 5000).map(lambda price: f"{price:.2f}"),
    st.sampled_from(["paid", "paid", "cancelled", "refunded"]),
)
person = st.tuples(
    st.integers(1, 7).map(lambda n: f"K{n}"),
    called,
    st.one_of(st.just(""), st.integers(1, 99).map(lambda n: f"p{n}@example.com")),
    st.one_of(st.just(""), st.integers(13_800_000_000, 13_800_000_099).map(str)),
    st.sampled_from(["", "female", "男"]),
    st.one_of(st.just(""), st.integers(1940, 2010).map(str)),
    st.sampled_from(["", "Leeds", "杭州"]),
    st.sampled_from(["", "tea;cake", "咖啡"]),
    st.sampled_from(["", "yes", "no"]),
)


def bring(shop: Shop, name: str, header: str, rows: Sequence[Sequence[str]]) -> None:
    path = shop.path.with_name(name)
    path.write_text("\n".join([header, *map(as_line, rows)]), encoding="utf-8")
    import_file(shop, path)


def totals(shop: Shop) -> list[list[tuple[Any, ...]]]:
    with shop.open() as db:
        return [db.conn.execute(question).fetchall() for question in TOTALS]


def again(shop: Shop, folder: Path, say: Callable[[Phrase], str]) -> Shop:
    """The shop, exported and imported into an empty one."""
    twin = Shop(folder / "twin.db", clock=shop.clock)
    for exported in export_shop(shop, folder / "files", say):
        import_file(twin, exported.path)
    return twin


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(sold=st.lists(order, min_size=1, max_size=25), people=st.lists(person, max_size=6, unique_by=lambda row: row[0]))
def test_export_and_import_lose_nothing(language: str, sold: list[Any], people: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder) / "shop.db")
        rows = [
            [key, at, customer, f"S{product}", f"Tea {product}", pieces, price, status, "EUR"]
            for key, at, customer, product, pieces, price, status in sold
        ]
        if people:
            bring(shop, "people.csv", CUSTOMERS, people)
        if any(int(row[5]) > 0 and row[7] == "paid" for row in rows):
            bring(shop, "orders.csv", ORDERS, rows)
        elif not people:
            return
        twin = again(shop, Path(folder), speaker(language))
        assert totals(twin) == totals(shop)
        assert check_store(twin).faults == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_events_and_answers_and_what_is_said_of_products(shop: Shop, tmp_path: Path, language: str) -> None:
    bring(
        shop,
        "goods.csv",
        "sku,name,price,stock,description,unit cost,released,colour,tags",
        [
            ("S1", "Tea 1", "3.5", "12", "Green, from Hangzhou", "1.25", "2025-02-01", "green", "spring; gift: tea"),
            ("S2", "Tea 2", "4", "", "", "", "", "", "gift"),
        ],
    )
    bring(
        shop,
        "people.csv",
        "customer number,name,plan,visits,vip",
        [(f"K{n}", f"ann{n}", ["free", "pro"][n % 2], str(n), ["yes", "no"][n % 2]) for n in range(1, 9)],
    )
    bring(
        shop,
        "events.csv",
        "customer number,event,event time,product number,product name,value",
        [
            ("K1", "view", "2025-03-01 10:00:00", "S1", "Tea 1", ""),
            ("K1", "加购", "2025-03-01 10:01:00", "S1", "Tea 1", ""),
            ("K2", "rating", "2025-03-02", "S1", "Tea 1", "4.5"),
            ("K9", "napping", "2025-03-03", "", "", ""),
        ],
    )
    twin = again(shop, tmp_path, speaker(language))
    assert totals(twin) == totals(shop)
    assert [len(part) for part in totals(twin)[4:7]] == [3, 24, 4]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_field_is_called_is_understood(language: str) -> None:
    say = speaker(language)
    for table in (ORDERS_OF, CUSTOMERS_OF, PRODUCTS_OF, EVENTS_OF):
        for field, words in table.items():
            if (table, field) != (EVENTS_OF, c.AT):  # a date of events is not an order's
                assert folded(say(f.WORDS[field])) in words.split(), field


def test_orders_without_products_and_without_customers(shop: Shop, tmp_path: Path) -> None:
    bring(
        shop,
        "totals.csv",
        "order number,date,customer,quantity,total",
        [("1", "2025-03-01 09:30", "=a", "2", "19.9"), ("2", "2025-03-02", "", "1", "0.1")],
    )
    twin = again(shop, tmp_path, str)
    assert totals(twin) == totals(shop)
    assert totals(twin)[0] == [(2, 1, 1, "2025-03-01T09:30:00", "2025-03-02T00:00:00", 0)]
    assert "'=a" in (tmp_path / "files" / "orders-without-products.csv").read_text("utf-8-sig")


def test_files_are_private_and_earlier_ones_make_room(shop: Shop, tmp_path: Path) -> None:
    bring(shop, "totals.csv", "order number,date,customer,total", [("1", "2025-03-01", "a", "19.9")])
    first = export_shop(shop)
    assert [(made.path.name, made.rows) for made in first] == [("customers.csv", 1), ("orders-without-products.csv", 1)]
    assert {made.path.parent for made in first} == {shop.files / "export"}
    assert all(stat.S_IMODE(made.path.stat().st_mode) == 0o600 for made in first)
    bring(shop, "lines.csv", "order number,date,customer,product,price", [("1", "2025-03-01", "a", "Tea", "19.9")])
    assert [made.path.name for made in export_shop(shop)] == ["customers.csv", "order-lines.csv", "products.csv"]
    assert not (shop.files / "export" / "orders-without-products.csv").exists()


def test_what_cannot_be_exported(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="import a file first"):
        export_shop(shop)
    bring(shop, "totals.csv", "order number,date,customer,total", [("1", "2025-03-01", "a", "19.9")])
    occupied = tmp_path / "file.txt"
    occupied.write_text("mine")
    with pytest.raises(NotAllowed, match="no folder that can be written to"):
        export_shop(shop, occupied)
    assert occupied.read_text() == "mine"
