"""Contract tests over every layout, and the headers that real exports carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import fields as f
from engine.intake import layouts, understand
from engine.intake.headers import tidy_headers
from engine.intake.layouts import Layout, by_name
from engine.intake.synonyms import CUSTOMERS, EVENTS, ORDERS, PRODUCTS, folded
from tests.engine.intake.files import bought, csv, known, said, xlsx

ALL = layouts.registered()


@pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)
class TestEveryLayout:
    def test_does_not_recognise_what_is_none_of_its_columns(self, layout: Layout) -> None:
        assert layout.match(["a", "b", ""]) is None
        assert layout.match([]) is None

    def test_matches_by_name_and_not_by_position(self, layout: Layout, datasets: Path) -> None:
        for path in sorted((datasets / "layouts").glob("*.csv")):
            headers = tidy_headers(path.read_bytes().decode("gb18030", "replace").splitlines()[0].split(","))
            found, turned = layout.match(headers), layout.match(headers[::-1])
            if found is None or turned is None:
                assert found is turned
                continue
            assert found.kind == turned.kind
            assert set(found.columns) == set(turned.columns) <= set(f.WORDS)
            assert len(set(found.columns.values())) == len(found.columns)


def test_the_generic_layout_is_asked_last() -> None:
    assert ALL[-1] is by_name.LAYOUT
    assert len({layout.name for layout in ALL}) == len(ALL)


def test_every_word_of_the_table_is_folded_and_every_field_has_a_name() -> None:
    for table in (ORDERS, CUSTOMERS, PRODUCTS, EVENTS):
        assert set(table) <= set(f.WORDS)
        for words in table.values():
            assert [folded(word) for word in words.split()] == words.split()
            assert len(set(words.split())) == len(words.split())


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("Invoice No.", "invoiceno"),
        ("invoice_no", "invoiceno"),
        ("ＩｎｖｏｉｃｅＮｏ", "invoiceno"),
        ("Order #", "order"),
        ("宝贝标题 ", "宝贝标题"),
        ("商品总价（元）", "商品总价"),
        ("商品数量(件)", "商品数量"),
        ("省/自治区", "省自治区"),
        ("Price USD", "price"),
        ("Created (UTC)", "created"),
        ("Email (Billing)", "email(billing)"),
    ],
)
def test_headers_are_folded(header: str, word: str) -> None:
    assert folded(header) == word


EXPORTS = [
    ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", "orders", "CustomerID"),
    ("订单编号,买家会员名,买家实际支付金额,订单状态,订单创建时间,宝贝标题 ,宝贝总数量", "orders", "买家会员名"),
    ("订单号,订单状态,商家实收金额(元),商品数量(件),商品id,售后状态,订单成交时间", "orders", None),
    ("订单编号,下单时间,实付款,买家会员名,货品标题,数量,订单状态", "orders", "买家会员名"),
    (
        "订单编号,订单状态,下单时间,商品名称,商品ID,购买数量,商品价格,收件人姓名,收件人手机,下单账号",
        "orders",
        "下单账号",
    ),
    (
        "Order Number,Order Status,Order Date,Email (Billing),Phone (Billing),SKU,Name,Quantity,Item Cost",
        "orders",
        None,
    ),
    ("Date,Order #,Status,Customer,Items sold,Net Sales", "orders", "Customer"),
    (
        "行 ID,订单 ID,订单日期,客户 ID,客户名称,城市,省/自治区,国家,产品 ID,类别,产品名称,销售额,数量",
        "orders",
        "客户 ID",
    ),
    ("客户姓名,客户昵称,客户手机号,客户生日,客户性别,标签,成为客户时间,微信地域", "customers", None),
    (
        "Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Phone,Total Spent,Tags",
        "customers",
        "Customer ID",
    ),
    ("id,Description,Email,Name,Created (UTC),Total Spend", "customers", "id"),
    ("sku,name,category,price", "products", None),
    ("order id,date,sku,name,quantity,price,email", "orders", None),
]


@pytest.mark.parametrize(("headers", "kind", "customer"), EXPORTS)
def test_headers_of_real_exports(headers: str, kind: str, customer: str | None) -> None:
    names = headers.split(",")
    found = layouts.matched(names)
    assert found is not None
    assert found.kind == kind
    key = found.columns.get(c.CUSTOMER_KEY)
    assert (None if key is None else names[key]) == customer


def test_shopify_s_export_of_orders(datasets: Path) -> None:
    found, told = bought((datasets / "layouts" / "shopify_orders_export.csv").read_bytes())
    assert found.cells[c.ORDER_KEY].header == "Name"
    assert told.orders[c.ORDER_KEY].tolist() == ["#1058"]
    assert told.orders[c.N_LINES].tolist() == [2]
    assert told.currency == "CAD"
    assert found.notes == ()


def test_taobao_s_export_of_orders(datasets: Path) -> None:
    _, told = bought((datasets / "layouts" / "taobao_ExportOrderList_2017.csv").read_bytes())
    assert told.orders[c.ORDER_KEY].tolist() == ["35150000000000001"]
    assert told.people[[c.CUSTOMER_KEY, c.NAME]].values.tolist() == [["tb_test1", "测试甲"]]
    assert told.orders[c.REVENUE].tolist() == [201.12]


def test_shopify_s_export_of_customers(datasets: Path) -> None:
    _, told = known((datasets / "layouts" / "shopify_customers_export.csv").read_bytes())
    assert told.people[[c.CUSTOMER_KEY, c.NAME, c.CONSENT]].values.tolist() == [
        ["9013808660771", "Test One", "withdrawn"]
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (csv("order id,customer id,product,price", "1,2,3,4"), "no column for the date; its columns are: order id, "),
        (csv("date,product,price", "2025-05-01,x,4"), "no column for the order number or customer"),
        (csv("order id,customer id,date,product", "1,a,2025-05-01,x"), "no column for the price or amount"),
        (csv("red,green", "1,2"), "no column for the date, the price or amount, the order number or customer"),
        (csv("order id,date,price"), "has a header but no rows"),
        (csv(",".join(f"h{n}" for n in range(20)), ",".join("1" * 20)), "and 8 more"),
    ],
)
def test_a_file_without_what_is_needed_is_refused_in_one_sentence(data: bytes, expected: str) -> None:
    with pytest.raises(FileRefused) as caught:
        understand(data, "file.csv")
    assert expected in str(caught.value)
    assert re.fullmatch(r"[^.]+(\.csv)[^.]+\.", str(caught.value))


def test_the_first_sheet_that_holds_orders_is_read_and_named() -> None:
    found = understand(
        xlsx(("order id", "date", "price"), (1, "2025-05-01", 2), before={"Cover": [("Hello",)]}), "a.xlsx"
    )
    assert found.kind == "orders"
    assert "sheet “Data”" in said(found.notes)


@pytest.mark.parametrize(
    "header",
    ["customer,name,email,phone,version,text", "客户,姓名,邮箱,手机号,版本,内容", "Customer,Name,Version,Text"],
)
def test_zhike_s_own_list_is_no_export(header: str) -> None:
    with pytest.raises(FileRefused) as caught:
        understand(csv(header, ",".join("x" * (header.count(",") + 1))), "list.csv")
    assert str(caught.value) == "list.csv is the list that Zhike made for you to send, not an export of your shop."


@pytest.mark.parametrize("header", ["product", "商品", "产品", "item"])
def test_beside_a_name_the_bare_word_is_the_product_s_number(header: str) -> None:
    found = understand(csv(f"{header},name,price", "p1,Tea,3"), "goods.csv")
    assert found.kind == "products"
    assert (found.cells[c.PRODUCT_KEY].header, found.cells[c.PRODUCT_NAME].header) == (header, "name")
    assert found.notes == ()


@pytest.mark.parametrize(
    "header",
    [
        *("客户", "顾客", "会员", "会员名", "用户", "客户号", "用户名"),
        *("User", "Username", "Member", "CustID", "Customer", "Client", "Buyer"),
    ],
)
def test_plain_words_for_the_customer_of_an_order(header: str) -> None:
    found, told = bought(csv(f"order id,{header},date,product,price", "1,ann,2025-05-01,Tea,3"))
    assert found.cells[c.CUSTOMER_KEY].header == header
    assert told.people[c.CUSTOMER_KEY].tolist() == ["ann"]


@pytest.mark.parametrize(
    ("headers", "buyer", "product"),
    [
        ("order id,date,name,price", None, "name"),
        ("order id,date,name,product,price", "name", "product"),
        ("order id,date,name,sku,price", "name", None),
        ("order id,date,customer_id,name,city,product,price", "name", "product"),
        ("order id,date,customer_id,sku,name,price", None, "name"),
    ],
)
def test_whose_name_a_column_called_name_is(headers: str, buyer: str | None, product: str | None) -> None:
    names = headers.split(",")
    found = layouts.matched(names)
    assert found is not None
    assert found.notes == ()
    named = {field: names[at] for field, at in found.columns.items()}
    assert (named.get(c.NAME), named.get(c.PRODUCT_NAME)) == (buyer, product)


def test_sheets_of_one_header_are_read_together_and_others_are_told() -> None:
    header = ("order id", "date", "price")
    before: dict[str, Sequence[Sequence[object]]] = {
        "May": [header, (1, "2025-05-01", 2)],
        "Notes": [("Hello",)],
        "Returned": [("order id", "state"), (1, "x")],
        "Other": [("order id", "sold on", "price"), (9, "2025-05-09", 2)],
    }
    found, told = bought(xlsx(header, (2, "2025-05-02", 2), before=before))
    assert told.orders[c.ORDER_KEY].tolist() == ["1", "2"]
    assert found.table.n_rows == 2
    assert "“May” from row 2 on, “Data” from row 4 on" in said(found.notes)
    assert "“Returned” was not read: it says something of orders in 1 row (order id, state)." in said(found.notes)
    assert "“Other” was not read" in said(found.notes)
    assert "Notes" not in said(found.notes)


def test_sheets_that_are_nothing_known_are_told_too() -> None:
    """A sheet with a header alone holds nothing that could be missed."""
    told = ("order id", "date", "price")
    first = xlsx(
        told, (2, "2025-05-02", 2), before={"About": [("shop", "owner"), ("Tea", "Ann")], "Empty": [("a", "b")]}
    )
    notes = said(understand(first, "a.xlsx").notes)
    assert "“About” was not read: its 1 row (shop, owner) is neither orders nor customers nor products." in notes
    assert "Empty" not in notes
    second = xlsx(("order id", "returned"), (1, "yes"), (3, "yes"), before={"May": [told, (1, "2025-05-01", 2)]})
    notes = said(understand(second, "b.xlsx").notes)
    assert "“Data” was not read: it says something of orders in 2 rows (order id, returned)." in notes


def test_two_columns_of_one_name_are_told_if_they_differ() -> None:
    differ = understand(csv("order id,date,price,price", "1,2025-05-01,3,4"), "a.csv")
    assert "Several columns are called “price” and differ; the first of them is used." in said(differ.notes)
    same = understand(csv("order id,date,price,price", "1,2025-05-01,3,3"), "a.csv")
    assert same.notes == ()


def test_a_column_member_that_says_yes_or_no_is_nobody_s_number() -> None:
    found, told = bought(
        csv("order id,member,email,date,price", "1,yes,a@x.org,2025-05-01,3", "2,no,b@x.org,2025-05-01,3")
    )
    assert told.people[c.CUSTOMER_KEY].tolist() == ["a@x.org", "b@x.org"]
    assert "The column “member” says yes or no: it is not used as customer number." in said(found.notes)
