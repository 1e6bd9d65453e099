"""Importing files: what the store holds afterwards, once and again."""

from __future__ import annotations

import csv as csv_module
import stat
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled, EngineError, FileRefused, NotAllowed, NotFound
from engine.intake import Receipt, Returns, receipt
from engine.phrases import Phrase
from engine.services import imports as services_imports
from engine.services.imports import import_file
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import customers as stored_customers
from engine.store import imports, orders, transaction
from tests.engine.intake.files import csv, said, xlsx

HEADER = "order id,customer id,date,sku,product,quantity,price,city"
FIRST = (
    HEADER,
    "1,ann,2025-05-01,T,Tea,2,3.50,Leeds",
    "1,ann,2025-05-01,P,Pot,1,20,Leeds",
    "2,bob,2025-05-02,T,Tea,1,3.50,York",
    "3,,2025-05-03,T,Tea,1,3.50,",
    "C4,ann,2025-05-04,T,Tea,-1,3.50,Leeds",
)
PEOPLE = (
    "customer id,name,email,consent",
    "ann,Ann Lee,ann@x.org,yes",
    "bob,Bob Ray,bob@x.org,no",
)


def put(shop: Shop, *rows: str, name: str = "file.csv", **settings: Any) -> Receipt:
    return put_bytes(shop, csv(*rows), name, **settings)


def put_bytes(shop: Shop, data: bytes, name: str = "file.csv", **settings: Any) -> Receipt:
    path = shop.path.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    made = import_file(shop, path, **settings)
    assert made.rows == made.accepted + made.without_customer + made.rejected == made.rows
    assert sum(made.reasons.values()) == made.rejected
    return made


def rows(shop: Shop, question: str) -> list[tuple[Any, ...]]:
    with shop.open() as db:
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        return db.conn.execute(question).fetchall()


def everything(shop: Shop) -> list[Any]:
    """What the store holds, table by table."""
    tables = [name for (name,) in rows(shop, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [(table, rows(shop, f"SELECT * FROM {table}")) for table in tables]


LINES = (
    "SELECT o.key, p.key, l.line, l.quantity, l.price FROM lines l JOIN orders o ON o.id = l.order_id "
    "JOIN products p ON p.id = l.product_id ORDER BY o.key, l.line"
)
HEADS = (
    "SELECT o.key, c.key, o.at, o.revenue, o.n_lines FROM orders o LEFT JOIN customers c ON c.id = o.customer_id "
    "ORDER BY o.key"
)
CONSENTS = (
    "SELECT c.key, n.channel, n.state, n.how FROM consents n JOIN customers c ON c.id = n.customer_id ORDER BY n.id"
)


class TestTheKnownAnswer:
    """UCI Online Retail: the figures stand in the data sets' README and in many papers."""

    def check(self, shop: Shop, made: Receipt) -> None:
        assert made.kind == "orders"
        assert made.rows == 541_909
        assert made.accepted == 397_884
        assert made.accepted + made.without_customer + made.rejected == 541_909
        assert made.reasons["cancelled order"] == 9_288
        assert made.customers == 4_338
        assert made.orders == 18_532
        assert made.revenue == 8_911_407.90
        assert (made.first, made.last) == (date(2010, 12, 1), date(2011, 12, 9))
        assert made.duplicates == 5_268
        assert made.currency is None
        with shop.open() as db:
            held = orders.orders(db)
            assert held["customer"].nunique() == stored_customers.count(db) == 4_338
            assert len(held) == 18_532
            assert held["revenue"].sum() == pytest.approx(8_911_407.904)
            lines = orders.interactions(db)
            assert lines["revenue"].sum() == pytest.approx(8_911_407.904)
            products = {product.key: str(product.name) for product in orders.products(db).values()}
            assert products["85123A"] == "WHITE HANGING HEART T-LIGHT HOLDER"
            assert len(list(imports.rejected(db, made.id))) == made.rejected
            assert db.conn.execute("SELECT count(*) FROM lines").fetchone() == (397_884 + made.without_customer,)
            assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []

    def test_from_parquet_and_then_from_csv_changes_nothing(self, shop: Shop, datasets: Path) -> None:
        source = datasets / "online_retail.parquet"
        made = import_file(shop, source)
        self.check(shop, made)
        path = shop.path.parent / "online_retail.csv"
        pd.read_parquet(source).to_csv(path, index=False)
        again = import_file(shop, path)
        assert (again.already, again.changed) == (False, 0)
        self.check(shop, again)

    def test_a_part_of_it_from_xlsx_is_the_same_as_from_csv(self, tmp_path: Path, datasets: Path) -> None:
        frame = pd.read_parquet(datasets / "online_retail.parquet").head(2_000)
        plain = frame.astype(object).where(frame.notna(), None)
        book = xlsx(list(frame.columns), *plain.itertuples(index=False, name=None))
        a, b = Shop(tmp_path / "a" / "shop.db"), Shop(tmp_path / "b" / "shop.db")
        made = put_bytes(a, book)
        other = put_bytes(b, frame.to_csv(index=False).encode())
        assert made.revenue == other.revenue > 0
        assert rows(a, LINES) == rows(b, LINES)
        assert rows(a, HEADS) == rows(b, HEADS)

    def test_a_chinese_shop_in_gb18030(self, shop: Shop, datasets: Path) -> None:
        made = import_file(shop, datasets / "superstore_zh_orders_gb18030.csv")
        assert (made.rows, made.accepted, made.customers) == (10_000, 10_000, 790)
        frame = pd.read_csv(datasets / "superstore_zh_orders_gb18030.csv", encoding="gb18030")
        newest = frame.sort_values("订单日期", kind="stable").groupby("客户 ID")[["客户名称", "城市"]].last()
        stored = rows(shop, "SELECT key, name, city FROM customers")
        assert sorted(stored) == sorted(newest.itertuples(name=None))


def test_what_a_file_brings(shop: Shop) -> None:
    made = put(shop, *FIRST, name="may.csv")
    assert made.name == "may.csv"
    assert (made.rows, made.accepted, made.without_customer, made.rejected) == (5, 3, 1, 1)
    assert (made.orders, made.customers, made.products, made.revenue) == (2, 2, 2, 30.5)
    assert (made.first, made.last) == (date(2025, 5, 1), date(2025, 5, 3))
    assert made.reasons == {"cancelled order": 1}
    assert made.returns == Returns(1, 3.5)
    assert made.columns["price"] == "price"
    assert "1 row has no customer" in said(made.notes)
    assert rows(shop, HEADS) == [
        ("1", "ann", "2025-05-01T00:00:00", 27.0, 2),
        ("2", "bob", "2025-05-02T00:00:00", 3.5, 1),
        ("3", None, "2025-05-03T00:00:00", 3.5, 1),
    ]
    assert rows(shop, LINES)[:2] == [("1", "T", 1, 2.0, 3.5), ("1", "P", 2, 1.0, 20.0)]
    assert rows(shop, "SELECT kind, at, quantity, value, order_key FROM events") == [
        ("return", "2025-05-04T00:00:00", 1.0, 3.5, "C4")
    ]
    assert rows(shop, "SELECT key, name, price FROM products ORDER BY id") == [("T", "Tea", 3.5), ("P", "Pot", 20.0)]
    assert rows(shop, "SELECT who, deed, subject FROM trail") == [("owner", "imported", str(made.id))]


def test_the_same_file_twice_changes_nothing_and_says_so(shop: Shop) -> None:
    made = put(shop, *FIRST)
    before = everything(shop)
    again = put(shop, *FIRST, name="another name.csv")
    assert again.already
    assert not made.already
    assert again.id == made.id
    assert again.revenue == made.revenue
    assert everything(shop) == before


def test_the_same_cause_imports_once_and_gets_its_receipt_again(shop: Shop) -> None:
    caused = shop.caused_by("update 7")
    made = put(caused, *FIRST)
    before = everything(shop)
    again = import_file(caused, shop.path.parent / "gone.csv")
    assert again == made
    assert not again.already
    assert everything(shop) == before


def test_a_newer_export_adds_replaces_and_leaves_alone(shop: Shop) -> None:
    put(shop, *FIRST)
    was = dict(rows(shop, "SELECT key, import_id FROM orders"))
    made = put(
        shop,
        HEADER,
        "1,ann,2025-05-01,P,Pot,1,20,Hull",  # the same lines in another order
        "1,ann,2025-05-01,T,Tea,2,3.50,Hull",
        "2,bob,2025-05-02,T,Tea,3,3.50,York",  # another quantity
        "5,eve,2025-05-09,T,Tea,1,4.00,",
        "C4,ann,2025-05-04,T,Tea,-1,3.50,",  # the return that is known
    )
    assert made.changed == 1
    assert (made.orders, made.customers) == (3, 3)
    assert rows(shop, HEADS) == [
        ("1", "ann", "2025-05-01T00:00:00", 27.0, 2),
        ("2", "bob", "2025-05-02T00:00:00", 10.5, 1),
        ("3", None, "2025-05-03T00:00:00", 3.5, 1),
        ("5", "eve", "2025-05-09T00:00:00", 4.0, 1),
    ]
    now = dict(rows(shop, "SELECT key, import_id FROM orders"))
    assert now == was | {"2": made.id, "5": made.id}
    assert rows(shop, "SELECT count(*) FROM events") == [(1,)]
    assert ("ann", "Hull") in rows(shop, "SELECT key, city FROM customers")


@pytest.mark.parametrize(
    "newer",
    [
        "2,bob,2025-05-02,P,Tea,1,3.50,York",
        "2,bob,2025-05-02,T,Tea,1,3.60,York",
        "2,bob,2025-05-03,T,Tea,1,3.50,York",
        "2,ann,2025-05-02,T,Tea,1,3.50,York",
    ],
)
def test_whatever_differs_in_an_order_replaces_it(shop: Shop, newer: str) -> None:
    put(shop, *FIRST)
    assert put(shop, HEADER, newer).changed == 1
    assert put(shop, HEADER, newer, "9,zoe,2025-06-01,T,Tea,1,3,").changed == 0


def test_an_order_that_was_cancelled_since_is_removed(shop: Shop) -> None:
    put(shop, *FIRST)
    made = put(shop, HEADER + ",status", "2,bob,2025-05-02,T,Tea,1,3.50,York,cancelled")
    assert made.changed == 1
    assert [key for key, *_ in rows(shop, HEADS)] == ["1", "3"]
    assert rows(shop, "SELECT order_key, value FROM events ORDER BY order_key") == [("2", 3.5), ("C4", 3.5)]


def test_an_export_that_tells_less_takes_nothing_away(shop: Shop) -> None:
    put(shop, *FIRST)
    made = put(shop, "order id,date,total", "1,2025-05-01,27", "2,2025-05-02,3.5")
    assert made.changed == 0
    assert rows(shop, HEADS)[:2] == [
        ("1", "ann", "2025-05-01T00:00:00", 27.0, 2),
        ("2", "bob", "2025-05-02T00:00:00", 3.5, 1),
    ]


def test_customers_are_completed_and_corrected(shop: Shop) -> None:
    put(shop, *FIRST)
    made = put(shop, *PEOPLE, name="people.csv")
    assert (made.kind, made.customers, made.changed, made.without_customer) == ("customers", 2, 2, 0)
    assert (made.first, made.last) == (None, None)
    assert rows(shop, "SELECT key, name, email, city FROM customers ORDER BY id") == [
        ("ann", "Ann Lee", "ann@x.org", "Leeds"),
        ("bob", "Bob Ray", "bob@x.org", "York"),
    ]
    assert rows(shop, CONSENTS) == [
        ("ann", "any", "granted", "file people.csv"),
        ("bob", "any", "withdrawn", "file people.csv"),
    ]
    assert put(shop, "customer id,name,city", "ann,,", "bob,Bob Ray,York").changed == 0


def test_a_file_never_grants_what_was_withdrawn(shop: Shop) -> None:
    put(shop, *PEOPLE)
    put(shop, "customer id,consent", "ann,no", "bob,yes", "eve,yes")
    put(shop, "customer id,consent", "ann,yes", "bob,yes", "eve,yes", "")
    assert [row[:3] for row in rows(shop, CONSENTS)] == [
        ("ann", "any", "granted"),
        ("bob", "any", "withdrawn"),
        ("ann", "any", "withdrawn"),
        ("eve", "any", "granted"),
    ]


def test_a_withdrawal_on_one_channel_stands_against_a_file_too(shop: Shop) -> None:
    put(shop, "customer id,city", "ann,Leeds", "bob,York")
    with shop.open() as db, transaction(db):
        db.conn.execute(
            "INSERT INTO consents (customer_id, channel, state, how, at) "
            "VALUES (1, 'email', 'withdrawn', 'by chat', '2026-01-01')"
        )
    put(shop, "customer id,consent", "ann,yes", "bob,yes")
    with shop.open() as db:
        assert stored_customers.consent(db, "email") == {1: "withdrawn", 2: "granted"}


class TestOnePersonOfTwoExports:
    def test_known_by_email_first_and_by_number_later(self, shop: Shop) -> None:
        put(shop, "order id,email,date,product,price", "1,Ann@x.org,2025-05-01,Tea,3")
        put(shop, "customer id,email,consent", "17,ann@x.org,no")
        assert rows(shop, "SELECT key, email FROM customers") == [("17", "ann@x.org")]
        assert rows(shop, CONSENTS)[0][:3] == ("17", "any", "withdrawn")

    def test_known_by_number_first_and_by_email_later(self, shop: Shop) -> None:
        put(shop, "customer id,email", "17,ann@x.org")
        made = put(shop, "order id,email,date,product,price", "1,ann@x.org,2025-05-01,Tea,3")
        assert made.customers == 1
        assert rows(shop, HEADS) == [("1", "17", "2025-05-01T00:00:00", 3.0, 1)]

    def test_in_one_file(self, shop: Shop) -> None:
        header = "order id,customer id,email,date,product,price"
        made = put(shop, header, "1,,ann@x.org,2025-05-01,Tea,3", "2,17,ann@x.org,2025-05-02,Tea,3")
        assert made.customers == 1
        assert [row[1] for row in rows(shop, HEADS)] == ["17", "17"]

    def test_two_numbers_are_two_people_whatever_they_share(self, shop: Shop) -> None:
        put(shop, "customer id,phone", "1,13800138000", "2,13800138000")
        put(shop, "order id,phone,date,product,price", "1,13800138000,2025-05-01,Tea,3")
        assert [key for (key,) in rows(shop, "SELECT key FROM customers ORDER BY id")] == ["1", "2", "13800138000"]


def test_products_keep_what_a_newer_file_does_not_tell(shop: Shop) -> None:
    put(shop, "sku,name,中文名,price", "T,Tea,茶,4")
    made = put(shop, "order id,customer id,date,sku,price", "1,ann,2025-05-01,T,5")
    assert made.products == 1
    assert rows(shop, "SELECT key, name, name_zh, price FROM products") == [("T", "Tea", "茶", 5.0)]
    goods = put(shop, "sku,english name", "T,Green tea", "X,Cup")
    assert (goods.kind, goods.products, goods.changed) == ("products", 2, 1)
    assert rows(shop, "SELECT key, name, name_en FROM products") == [("T", "Tea", "Green tea"), ("X", "Cup", "Cup")]


def test_a_return_of_a_customer_of_an_earlier_file_is_kept(shop: Shop) -> None:
    put(shop, *FIRST)
    made = put(shop, HEADER, "C9,bob,2025-05-09,T,Tea,-1,3.50,", "C8,stranger,2025-05-09,T,Tea,-1,3.50,")
    assert made.returns == Returns(1, 3.5)
    assert made.rejected == made.rows == 2
    assert rows(shop, "SELECT count(*) FROM customers") == [(2,)]


def test_another_currency_than_the_shop_s_is_refused_and_changes_nothing(shop: Shop) -> None:
    put(shop, "order id,customer id,date,product,price", "1,ann,2025-05-01,Tea,¥3")
    before = everything(shop)
    with pytest.raises(FileRefused, match=r"is in USD and the shop's other orders are in CNY"):
        put(shop, "order id,customer id,date,product,price", "2,ann,2025-05-01,Tea,$3")
    assert everything(shop) == before


def test_a_file_without_a_currency_counts_in_the_shop_s_and_says_so(shop: Shop) -> None:
    header = "order id,customer id,date,product,price"
    assert "names no currency" not in said(put(shop, header, "0,ann,2025-04-01,Tea,3").notes)
    put(shop, header, "1,ann,2025-05-01,Tea,$3")
    made = put(shop, header, "2,ann,2025-05-02,Tea,4")
    told = "The file names no currency; its sums were counted in USD, as the shop's other orders are."
    assert (made.currency, told in said(made.notes)) == ("USD", True)
    assert "currency" not in [limit.name for limit in made.limits]


class TestTheDemo:
    def test_makes_room_for_the_shop_s_own_data(self, shop: Shop) -> None:
        demo = put(shop, *FIRST, demo=True, who="demo")
        put(shop, *PEOPLE, demo=True)
        with shop.open() as db:
            assert imports.holds_demo(db)
        with shop.open() as db, transaction(db):
            db.conn.execute(
                "INSERT INTO runs (kind, method, settings, seed, data_version, quality, at) "
                "VALUES ('segments', 'kmeans', '{}', 1, 1, '{}', '2026-01-01')"
            )
        made = put(shop, HEADER, "1,zoe,2026-01-01,T,Tea,1,3,")
        assert "The demo shop made room for your own data." in said(made.notes)
        assert made.id > demo.id
        assert rows(shop, "SELECT key FROM customers") == [("zoe",)]
        assert rows(shop, "SELECT count(*) FROM runs") == [(0,)]
        assert rows(shop, "SELECT count(*) FROM imports") == [(1,)]
        assert rows(shop, "SELECT count(*) FROM trail") == [(3,)]
        with shop.open() as db:
            assert not imports.holds_demo(db)

    def test_the_demo_s_own_file_given_by_the_user_is_their_own_data(self, shop: Shop) -> None:
        put(shop, *FIRST, demo=True)
        assert not put(shop, *FIRST).already
        with shop.open() as db:
            assert not imports.holds_demo(db)

    def test_a_refused_file_leaves_the_demo_alone(self, shop: Shop) -> None:
        put(shop, *FIRST, demo=True)
        before = everything(shop)
        with pytest.raises(FileRefused):
            put(shop, HEADER, "1,ann,never,T,Tea,1,3,")
        assert everything(shop) == before

    def test_is_not_mixed_with_the_shop_s_own_data(self, shop: Shop) -> None:
        put(shop, *FIRST)
        with pytest.raises(NotAllowed):
            put(shop, *PEOPLE, demo=True)

    def test_a_cause_whose_import_made_room_is_told_so(self, shop: Shop) -> None:
        put(shop.caused_by("update 1"), *FIRST, demo=True)
        put(shop, *PEOPLE)
        with pytest.raises(NotFound):
            put(shop.caused_by("update 1"), *FIRST, demo=True)

    def test_every_table_is_either_replaced_or_kept(self, shop: Shop) -> None:
        """A new table has to be put on one of the two lists."""
        kept = {"meta", "trail", "inbox", "chats", "_sqlite_migrations", "column_choices", "waiting_files"}
        kept |= {
            "owner_rules",
            "recommendation_rules",
            "contact_rules",
            "templates",
        }  # what the owner wrote, and no data
        kept |= {"forgettings", "suppressions", "retention"}  # who is forgotten, and what the owner set
        kept |= {"pairing_codes", "pairing_tries", "allowed_groups"}  # who may talk to the bot
        kept |= {"shops", "members", "shop_groups", "guests_changed"}
        kept |= {"private_reports", "private_report_copies"}  # what was told of whom, the demo's customers apart
        kept |= {"pools", "pool_files", "pool_identity"}  # the owner's agreements with other shops
        there = {name for (name,) in rows(shop, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert there - kept - {"sqlite_sequence"} == set(imports.REPLACED)


def test_what_leaves_no_trace_is_refused(shop: Shop) -> None:
    with pytest.raises(
        FileRefused, match=r"None of the 2 rows of file\.csv can be used; the most frequent reason: no price"
    ):
        put(shop, HEADER, "1,ann,2025-05-01,T,Tea,1,,", "2,ann,2025-05-01,T,Tea,1,,")
    with shop.open() as db:
        assert db.conn.execute("SELECT count(*) FROM imports").fetchone() == (0,)


@pytest.mark.parametrize("content", [b"", b"\x89PNG\0\0", b"one\n1\n", csv("order id,customer,date,price")])
def test_a_refused_file_changes_nothing(shop: Shop, content: bytes) -> None:
    put(shop, *FIRST)
    before = everything(shop)
    with pytest.raises(FileRefused):
        put_bytes(shop, content)
    assert everything(shop) == before


def test_a_file_that_is_not_there(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="There is no file"):
        import_file(shop, tmp_path / "absent.csv")


def test_a_receipt_comes_back_from_the_store_as_it_was(shop: Shop) -> None:
    made = put(shop, *FIRST)
    again = receipt.from_text(receipt.to_text(made))
    assert [str(note) for note in again.notes] == [str(note) for note in made.notes]
    assert again.__dict__ == made.__dict__ | {"rejected_file": None}


class TestRejectedRows:
    def test_are_a_file_of_the_owner_s(self, shop: Shop) -> None:
        made = put(shop, HEADER, "1,ann,2025-05-01,T,Tea,1,3,", "=HYPER(x),ann,,T,茶,1,3,", "3,bob,2025-05-01")
        path = made.rejected_file
        assert path == shop.files / f"import-{made.id}-rejected.csv"
        assert path is not None
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with path.open(encoding="utf-8-sig", newline="") as file:
            assert list(csv_module.reader(file)) == [
                ["row", "reason", "as it stands"],
                ["3", "no date", "'=HYPER(x),ann,,T,茶,1,3,"],
                ["4", "too few cells", "3,bob,2025-05-01"],
            ]
        assert list(shop.files.iterdir()) == [path]

    def test_that_would_run_in_a_spreadsheet_do_not(self, shop: Shop) -> None:
        header = "order id,customer id,date,product,price"
        made = put(shop, header, "1,a,2025-05-01,Tea,3", "=1+1,a,,Tea,3", "-2,a,,Tea,3", "@x,a,,Tea,3", "+4,a,,Tea,3")
        assert made.rejected_file is not None
        texts = pd.read_csv(made.rejected_file)["as it stands"].tolist()
        assert texts == ["'=1+1,a,,Tea,3", "'-2,a,,Tea,3", "'@x,a,,Tea,3", "'+4,a,,Tea,3"]

    def test_are_none_where_nothing_was_left_out(self, shop: Shop) -> None:
        made = put(shop, *PEOPLE)
        assert made.rejected_file is None


def test_progress_goes_up_to_one(shop: Shop) -> None:
    told: list[tuple[str, float]] = []
    put(shop, *FIRST, progress=lambda doing, share: told.append((str(doing), share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert told[1][0] == "Checking 5 rows"


@pytest.mark.parametrize("when", [0.0, 0.3, 0.5, 1.0])
def test_a_cancelled_import_leaves_nothing(shop: Shop, when: float) -> None:
    def stop(doing: Phrase, share: float) -> None:
        if share >= when:
            raise Cancelled(Phrase("Stopped."))

    with shop.open():
        pass
    before = everything(shop)
    with pytest.raises(Cancelled):
        put(shop, *FIRST, progress=stop)
    assert everything(shop) == before


WORDS = ["order id", "customer id", "date", "product", "quantity", "price", "email", "status", "实付金额", "备注", ""]
CELL = st.one_of(
    st.sampled_from(
        ["", "1", "2", "C1", "ann", "-1", "0", "2025-05-01", "03/04/2025", "¥3.5", "1,5", "取消", '"', "=1+1"]
    ),
    st.text(max_size=8),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.permutations(WORDS).flatmap(lambda words: st.integers(1, len(words)).map(lambda n: words[:n])),
    table=st.lists(st.lists(CELL, max_size=9), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoted=st.booleans(),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_messy_table_is_accounted_for_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    headers: Sequence[str],
    table: list[list[str]],
    delimiter: str,
    quoted: bool,
    encoding: str,
) -> None:
    lines = [list(headers), *(row + [""] * (len(headers) - len(row)) if len(row) % 4 else row for row in table)]
    if quoted:
        lines = [['"' + cell.replace('"', '""') + '"' for cell in line] for line in lines]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding, "ignore")
    shop = Shop(tmp_path_factory.mktemp("messy") / "shop.db")
    try:
        put_bytes(shop, data)
    except EngineError as error:
        assert str(error)


class TestWhoIsWrittenTo:
    def test_a_no_reaches_the_customer_who_bought(self, shop: Shop) -> None:
        put(shop, "order id,customer,date,product,price", "1,c1,2025-05-01,Tea,3", name="orders.csv")
        put(shop, "customer,name,email,consent", "c1,Ann,a@x.org,未订阅", name="people.csv")
        assert rows(shop, CONSENTS) == [("c1", "any", "withdrawn", "file people.csv")]
        assert rows(shop, "SELECT key, name, email FROM customers") == [("c1", "Ann", "a@x.org")]

    def test_what_is_not_a_yes_is_no_silence(self, shop: Shop) -> None:
        made = put(shop, "customer id,consent", "c1,maybe", "c2,yes", "c3,", name="people.csv")
        assert rows(shop, CONSENTS) == [
            ("c1", "any", "withdrawn", 'file people.csv: "maybe" is not a yes'),
            ("c2", "any", "granted", "file people.csv"),
        ]
        assert "neither yes nor no (“maybe”): Zhike will not write to them" in said(made.notes)

    def test_a_yes_for_those_who_unsubscribed_is_told(self, shop: Shop) -> None:
        put(shop, "customer id,consent", "c1,no", "c2,no", "c3,yes", name="one.csv")
        made = put(shop, "customer id,consent", "c1,yes", "c2,yes", "c3,yes", name="two.csv")
        assert "2 people who unsubscribed before stay unsubscribed." in said(made.notes)
        assert [state for _, _, state, _ in rows(shop, CONSENTS)] == ["withdrawn", "withdrawn", "granted"]


def test_a_folder_is_no_file(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        import_file(shop, tmp_path)
    assert str(caught.value) == f"{tmp_path} is a folder, not a file."


ITEMS = (
    "订单编号,标题,价格,购买数量,外部系统编号,商品属性,订单状态",
    "101,锅,100,1,K1,,交易成功",
    "101,铲,50,2,K2,,交易成功",
)
SOLD = "订单编号,买家会员名,买家应付邮费,买家实际支付金额,退款金额,订单状态,订单创建时间,宝贝标题,宝贝种类,宝贝总数量"
OF_101 = "101,tb1,10,170,0,交易成功,2018-07-08 00:42:32,锅，铲,2,3"
PARTS = (
    "SELECT p.key, l.quantity, l.price FROM lines l JOIN products p ON p.id = l.product_id ORDER BY l.order_id, l.line"
)


def test_items_alone_are_refused_and_say_what_to_send(shop: Shop) -> None:
    with pytest.raises(FileRefused) as caught:
        put(shop, *ITEMS, name="items.csv")
    assert str(caught.value) == (
        "items.csv lists what was in orders, without dates and buyers: send 淘宝's export of the orders first, or both "
        "together in one ZIP or workbook."
    )
    assert rows(shop, "SELECT count(*) FROM imports") == [(0,)]


def test_items_whose_only_row_is_torn_are_refused_with_that_reason(shop: Shop) -> None:
    put(shop, SOLD, OF_101, name="orders.csv")
    with pytest.raises(FileRefused, match=r"The one row of items\.csv cannot be used: too few cells"):
        put(shop, ITEMS[0], "101,锅", name="items.csv")
    assert rows(shop, "SELECT count(*) FROM imports") == [(1,)]


def test_items_come_to_the_orders_that_are_known(shop: Shop) -> None:
    put(shop, SOLD, OF_101, name="orders.csv")
    made = put(shop, *ITEMS, "999,盆,5,1,K3,,交易成功", name="items.csv")
    assert (made.kind, made.rows, made.accepted, made.orders, made.customers) == ("orders", 3, 2, 1, 1)
    assert made.reasons == {"item of an order that is not known": 1}
    assert "1 item belongs to an order that is not known: send both exports together" in said(made.notes)
    # 170 paid less 10 postage is 160 for goods of 200: each piece at 80 %
    assert rows(shop, PARTS) == [("K1", 1, 80), ("K2", 2, 40)]
    assert rows(shop, "SELECT key, revenue, n_lines FROM orders") == [("101", 160, 2)]
    assert rows(shop, "SELECT key FROM customers") == [("tb1",)]


def test_a_later_export_of_the_orders_does_not_forget_their_items(shop: Shop) -> None:
    put(shop, SOLD, OF_101, name="orders.csv")
    put(shop, *ITEMS, name="items.csv")
    same = put(shop, SOLD, OF_101, OF_101.replace("101,", "102,", 1), name="later.csv")
    assert same.changed == 0
    # 80 of the 160 went back
    put(shop, SOLD, OF_101.replace("170,0", "170,80"), name="refunded.csv")
    assert rows(shop, "SELECT revenue FROM orders WHERE key = '101'") == [(80,)]
    assert rows(shop, PARTS)[:2] == [("K1", 1, 40), ("K2", 2, 20)]
    assert rows(shop, "SELECT value, order_key FROM events WHERE kind = 'return'") == [(40, "101"), (40, "101")]


def test_consents_are_kept_per_channel(shop: Shop) -> None:
    header = "First Name,Last Name,Email,Accepts Email Marketing,Accepts SMS Marketing,Total Spent"
    put(shop, header, "Ann,Lee,ann@x.org,yes,no,0", "Bob,Ray,bob@x.org,no,yes,0", name="people.csv")
    states = "SELECT c.key, s.channel, s.state FROM consents s JOIN customers c ON c.id = s.customer_id ORDER BY s.id"
    assert rows(shop, states) == [
        ("ann@x.org", "email", "granted"),
        ("bob@x.org", "email", "withdrawn"),
        ("ann@x.org", "sms", "withdrawn"),
        ("bob@x.org", "sms", "granted"),
    ]
    with shop.open() as db:
        assert stored_customers.consent(db, "sms") == {1: "withdrawn", 2: "granted"}
        # a text that is sent by hand may go out by e-mail
        assert stored_customers.consent(db, "text") == {1: "granted", 2: "withdrawn"}
    again = put(shop, header, "Bob,Ray,bob@x.org,yes,yes,0", "Ann,Lee,ann@x.org,yes,yes,0", name="later.csv")
    assert "2 people who unsubscribed before stay unsubscribed." in said(again.notes)
    assert len(rows(shop, states)) == 4


def test_orders_without_products_are_sound(shop: Shop) -> None:
    put(shop, "order id,customer id,date,total", "1,a,2025-05-01,20")
    assert rows(shop, "SELECT revenue, n_lines FROM orders") == [(20.0, 0)]
    assert check_store(shop).faults == ()


def test_an_export_without_products_leaves_the_lines_and_their_sum(shop: Shop) -> None:
    put(shop, "order id,customer id,date,sku,price", "1,a,2025-05-01,tea,20", "1,a,2025-05-01,cup,5")
    put(shop, "order id,customer id,date,total", "1,a,2025-05-02,24", name="totals.csv")
    assert rows(shop, "SELECT at, revenue, quantity, n_lines FROM orders") == [("2025-05-02T00:00:00", 25.0, 2.0, 2)]
    assert check_store(shop).faults == ()


def test_a_masked_phone_merges_nobody_and_does_not_hide_a_whole_one(shop: Shop) -> None:
    put(shop, "customer id,name,phone", "1,Ann,18600000005", "2,Bob,186******05", "3,Cy,186******05")
    assert rows(shop, "SELECT key, phone FROM customers ORDER BY id") == [
        ("1", "18600000005"),
        ("2", "186******05"),
        ("3", "186******05"),
    ]
    put(shop, "customer id,phone,city", "1,186******05,Leeds", "2,13900000000,York", name="later.csv")
    assert rows(shop, "SELECT key, phone FROM customers ORDER BY id")[:2] == [
        ("1", "18600000005"),
        ("2", "13900000000"),
    ]


@pytest.mark.parametrize("many", [0, 200_000])
def test_a_large_file_is_stored_as_a_small_one_is(shop: Shop, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    monkeypatch.setattr(services_imports, "MANY_ROWS", many)
    put(shop, "order id,customer id,date,sku,price,status", "0,z,2025-05-01,tea,9,paid", name="demo.csv", demo=True)
    put(shop, "order id,customer id,date,sku,price,status", "1,a,2025-05-01,tea,20,paid", "2,,2025-05-01,cup,5,paid")
    put(
        shop,
        "order id,customer id,date,sku,price,status",
        "1,a,2025-05-01,tea,20,refunded",
        "3,b,2025-05-03,tea,7,paid",
    )
    assert rows(shop, "SELECT key FROM orders ORDER BY key") == [("2",), ("3",)]
    assert rows(shop, "SELECT o.key, price FROM lines JOIN orders o ON o.id = order_id ORDER BY 1") == [
        ("2", 5.0),
        ("3", 7.0),
    ]
    assert rows(shop, "SELECT count(*) FROM events WHERE kind = 'return'") == [(1,)]
    assert check_store(shop).faults == ()
