"""What columns of unknown files are taken for: exports that no layout knows, laws, and what has to be asked."""

from __future__ import annotations

import csv as csv_files
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Shop, import_file
from engine import columns as c
from engine.errors import FileRefused, NotFound
from engine.intake import fields as f
from engine.intake import layouts, understand
from engine.intake.choices import KINDS, Choice, field_named, header_named, key_of
from engine.intake.concepts import spoken
from engine.intake.looks import contents, undecided_days, with_year_first
from engine.intake.meanings import RULES, named
from engine.intake.proposal import Proposal, propose
from engine.intake.tables import Coder, Column, Table
from tests.engine.intake.files import csv
from tests.engine.intake.unknown_exports import EXPORTS, Export


def column(*texts: str, header: str = "x") -> Column:
    coder = Coder()
    for text in texts:
        coder.add(text)
    return coder.column(header)


def proposed(*rows: str, choice: Choice | None = None) -> Proposal:
    found = understand(csv(*rows), "a.csv", lambda headers: choice)
    return found.proposal


def taken(proposal: Proposal) -> dict[str, str]:
    return {guess.header: guess.field for guess in proposal.guesses if guess.field is not None}


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_that_no_layout_knows(export: Export, shop: Shop, tmp_path: Path) -> None:
    rows = list(csv_files.reader(io.StringIO(export.text)))
    assert layouts.known(rows[0]) is None
    path = tmp_path / "export.csv"
    path.write_text(export.text, encoding="utf-8")
    receipt = import_file(shop, path)
    assert (receipt.orders, receipt.customers, receipt.revenue) == (export.orders, export.customers, export.revenue)
    assert receipt.rows == receipt.accepted + receipt.without_customer + receipt.rejected == len(rows) - 1


@settings(max_examples=40)
@given(st.sampled_from(EXPORTS), st.randoms(use_true_random=False))
def test_the_order_of_columns_does_not_matter(export: Export, random: object) -> None:
    rows = list(csv_files.reader(io.StringIO(export.text)))
    order = list(range(len(rows[0])))
    random.shuffle(order)  # type: ignore[attr-defined]
    turned = io.StringIO()
    csv_files.writer(turned).writerows([row[at] for at in order] for row in rows)
    straight = understand(export.text.encode(), "a.csv").proposal
    other = understand(turned.getvalue().encode(), "a.csv").proposal
    assert (straight.kind, straight.certain) == (other.kind, other.certain)
    assert taken(straight) == taken(other)


HEADERS = st.text("abc 客户金额日期_#()", max_size=12)
WORDED = st.lists(
    st.sampled_from(["order", "customer", "date", "total", "name", "email", "客户", "日期", "金额", "数量", "xyz"]),
    max_size=3,
)


@settings(max_examples=80)
@given(
    st.lists(st.one_of(HEADERS, WORDED.map(" ".join)), min_size=1, max_size=7, unique=True),
    st.lists(st.sampled_from(["", "2025-03-01", "3/4/2025", "12.50", "7", "a@x.org", "Ann Lee", "13800000001"])),
)
def test_no_field_has_two_columns_and_no_column_two_fields(headers: list[str], texts: list[str]) -> None:
    cells = tuple(column(*(texts[at:] + texts[:at]), header=header) for at, header in enumerate(headers))
    table = Table("a.csv", cells, np.arange(len(texts)) + 2)
    for kind in KINDS:
        found = propose(table, Choice(kind))
        assert found is not None
        assert [guess.position for guess in found.guesses] == list(range(len(headers)))
        fields = [guess.field for guess in found.guesses if guess.field is not None]
        assert len(set(fields)) == len(fields)
        assert set(fields) <= set(KINDS[kind][1])
        assert all(0 <= guess.confidence <= 1 for guess in found.guesses)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Customer E-mail Address", c.EMAIL),
        ("客户手机号码", c.PHONE),
        ("Cutsomer Email", c.EMAIL),
        ("orderPlacedAt", c.AT),
        ("下单用户ID", c.CUSTOMER_KEY),
        ("買家帳號", c.CUSTOMER_KEY),
        ("Refund Amount (USD)", f.REFUND),
        ("Qty Ordered", c.QUANTITY),
        ("orderdate", c.AT),
    ],
)
def test_words_of_a_header(header: str, field: str) -> None:
    found = named(header)
    assert max(found, key=lambda of: found[of]) == field
    assert found[field] > 0.7


@pytest.mark.parametrize(
    "header",
    [
        "Shipping Total",
        "Tax Amount",
        "Last Order Date",
        "Total Spent",
        "运费",
        "子订单编号",
        "会员等级",
        "优惠金额",
        "xyz",
        "",
    ],
)
def test_what_is_something_else_is_not_taken(header: str) -> None:
    assert named(header) == {}


def test_every_rule_is_of_a_field_and_asks_for_concepts_that_words_name() -> None:
    there = {concept for word in WORDS_TRIED for concept in spoken(word).of}
    assert {rule.field for rule in RULES} <= set(f.WORDS)
    assert {"ORDER", "PERSON", "WHEN", "MONEY"} <= there


WORDS_TRIED = ("order date", "customer", "amount")


def test_contents_are_told_by_a_sample() -> None:
    assert contents(column("2025-03-01", "2025.3.8", "")).dates == 1
    assert contents(column("a@x.org", "b@y.org")).emails == 1
    assert contents(column("138****0001", "13800000002")).mobiles == 1
    assert contents(column("$5.50", "¥3")).signs == 1
    assert contents(column("女", "男", "女")).genders == 1
    assert contents(column("", "")).n == 0
    assert contents(column("1", "2", "2")).repeated == pytest.approx(1.5)


def test_dates_that_may_be_two_days() -> None:
    assert undecided_days(column("03/04/2025", "05/06/2025")) == "03/04/2025"
    assert undecided_days(column("03/04/2025", "15/06/2025")) is None
    assert undecided_days(column("2025-03-04")) is None
    assert undecided_days(column("03/03/2025")) is None
    assert list(with_year_first(column("03/04/25 9:05", "?"), day_first=True).texts) == ["2025-04-03 9:05", "?"]
    assert list(with_year_first(column("03/04/2025 5:00 PM"), day_first=False).texts) == ["2025-03-04 5:00 PM"]


def test_what_is_called_and_looks_otherwise_is_not_believed() -> None:
    found = proposed("order id,date,when,customer,total", "1,x,2025-03-01,ann,5", "2,y,2025-03-02,bob,6")
    assert taken(found)["when"] == c.AT
    assert "date" not in taken(found)


def test_a_file_of_people_in_words_but_of_sales_in_fact_is_asked_about() -> None:
    found = proposed(
        "顾客,顾客电话,弄好日期,消费金额", "刘女士,13900000001,2025-03-01,298", "孙女士,13900000002,2025-03-02,98"
    )
    assert found.kind == "orders"
    assert [guess.header for guess in found.unsure] == ["弄好日期"]


def test_a_list_of_customers_stays_one() -> None:
    for header in ("name,email,created at,total spent,tags", "顾客姓名,手机,注册日期,累计消费金额,最近消费时间"):
        found = proposed(header, "Ann,ann@x.org,2025-03-01,20.00,2025-04-01".replace("ann@x.org", "13900000001"))
        assert found.kind == "customers"


def test_masked_phones_give_way_to_names() -> None:
    found = proposed(
        "订单号,日期,金额,买家昵称,收货人手机", "1,2025-03-01,5,小王,139****0001", "2,2025-03-02,6,阿美,138****0002"
    )
    assert taken(found)["买家昵称"] == c.NAME
    assert c.PHONE not in taken(found).values()


def test_what_was_said_goes_before_what_is_called() -> None:
    rows = ("order id,date,customer,total,extra", "1,2025-03-01,ann,5,9", "2,2025-03-02,bob,6,8")
    found = proposed(*rows, choice=Choice("orders", {"extra": f.ORDER_TOTAL, "customer": None}))
    assert taken(found)["extra"] == f.ORDER_TOTAL
    assert "customer" not in taken(found)
    assert "total" not in taken(found)
    assert found.confirmed().fields["date"] == c.AT


def test_a_choice_survives_other_spacing() -> None:
    choice = Choice("orders", {"Order ID": c.ORDER_KEY, "Memo": None}, True)
    assert choice.fitted(["order_id", "memo", "new"]).fields == {"order_id": c.ORDER_KEY, "memo": None}
    assert choice.fitted(["order_id", "memo"]).confirms(choice)
    assert key_of(["Order ID", "Memo"]) == key_of(["memo ", "order_id"])


def test_names_that_there_are_not_get_the_nearest_first() -> None:
    with pytest.raises(NotFound, match=r"no column “Datum”; there are: Date, Order ID"):
        header_named("Datum", ["Order ID", "Date"])
    with pytest.raises(NotFound, match=r"cannot be “order dat”; it can be: order date \(at\)"):
        field_named("order dat", {c.EMAIL: ("e-mail",), c.AT: ("order date", "订单日期")})
    assert field_named("订单日期", {c.AT: ("order date", "订单日期")}) == c.AT
    assert field_named("-", {}) is None


def test_a_file_of_nothing_known_is_refused() -> None:
    with pytest.raises(FileRefused):
        proposed("red,green", "1,2")
