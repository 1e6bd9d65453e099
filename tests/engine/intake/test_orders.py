"""Order lines: what counts, what does not and why, and what is said about it."""

from __future__ import annotations

import pytest

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import fields as f
from engine.intake import reasons
from engine.intake.orders import Purchases
from engine.phrases import Phrase
from tests.engine.intake.files import bought, csv, said

HEADER = "order id,customer id,date,sku,product,quantity,price"
LINE = "1,ann,2025-05-01,T,Tea,2,3.50"


def read(*rows: str, header: str = HEADER) -> Purchases:
    return bought(csv(header, *rows))[1]


def why(told: Purchases) -> list[tuple[int, str]]:
    return list(zip(told.rejected[c.ROW], told.rejected[c.REASON], strict=True))


def orders(told: Purchases) -> list[tuple[str, str | None, float, float, int]]:
    """Order key, customer key, revenue, quantity and number of lines."""
    keys = [*told.people[c.CUSTOMER_KEY], None]
    return [
        (key, keys[customer], revenue, quantity, n)
        for key, customer, revenue, quantity, n in zip(
            told.orders[c.ORDER_KEY],
            told.orders[c.CUSTOMER],
            told.orders[c.REVENUE],
            told.orders[c.QUANTITY],
            told.orders[c.N_LINES],
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C2,ann,2025-05-01,T,Tea,-1,3.50", reasons.CANCELLED),
        ("2,ann,2025-05-01,T,Tea,-1,3.50", reasons.RETURN),
        ("2,ann,2025-05-01,T,Tea,0,3.50", reasons.ZERO_QUANTITY),
        ("2,ann,2025-05-01,T,Tea,,3.50", reasons.NO_QUANTITY),
        ("2,ann,2025-05-01,T,Tea,two,3.50", reasons.QUANTITY_UNREADABLE),
        ("2,ann,2025-05-01,T,Tea,1,", reasons.NO_PRICE),
        ("2,ann,2025-05-01,T,Tea,1,0.00", reasons.ZERO_PRICE),
        ("2,ann,2025-05-01,T,Tea,1,-5", reasons.NEGATIVE_PRICE),
        ("2,ann,2025-05-01,T,Tea,1,cheap", reasons.PRICE_UNREADABLE),
        ("2,ann,,T,Tea,1,3.50", reasons.NO_DATE),
        ("2,ann,soon,T,Tea,1,3.50", reasons.DATE_UNREADABLE),
        (",ann,2025-05-01,T,Tea,1,3.50", reasons.NO_ORDER),
        ("1.23457E+17,,2025-05-01,T,Tea,1,3.50", reasons.ROUNDED_ORDER),
        ("2,ann,2025-05-01,,,1,3.50", reasons.NO_PRODUCT),
        ("2,ann,2025-05-01,T,Tea,1", reasons.TOO_FEW_CELLS),
        ("2,ann,2025-05-01,T,Tea,1,3.50,more", reasons.TOO_MANY_CELLS),
    ],
)
def test_a_row_is_left_out_with_its_number_its_reason_and_its_text(row: str, reason: Phrase) -> None:
    told = read(LINE, row)
    assert why(told) == [(3, reason.message)]
    assert told.rejected[c.TEXT].tolist() == [row]
    assert (told.accepted, told.without_customer) == (1, 0)
    assert orders(told) == [("1", "ann", 7.0, 2.0, 1)]


def test_validity_comes_before_the_customer() -> None:
    told = read(LINE, "2,,2025-05-02,T,Tea,1,3.50", "3,,2025-05-02,T,Tea,-1,3.50")
    assert (told.accepted, told.without_customer) == (1, 1)
    assert why(told) == [(4, reasons.RETURN.message)]
    assert orders(told)[1] == ("2", None, 3.5, 1.0, 1)


def test_a_shop_whose_numbers_all_start_with_c_has_no_credit_notes() -> None:
    told = read("C1,ann,2025-05-01,T,Tea,1,3", "C2,ann,2025-05-01,T,Tea,1,3")
    assert told.accepted == 2


def test_a_status_or_a_date_of_cancellation_makes_an_order_void() -> None:
    header = "订单编号,买家会员名,下单时间,商品标题,金额,订单状态,退款状态,cancelled at"
    told = read(
        "1,甲,2025-05-01,茶,10,交易成功,,",
        "2,甲,2025-05-01,茶,10,交易关闭,,",
        "3,甲,2025-05-01,茶,10,交易成功,退款成功,",
        "4,甲,2025-05-01,茶,10,等待买家付款,,",
        "5,甲,2025-05-01,茶,10,交易成功,,2025-05-02",
        header=header,
    )
    assert why(told) == [
        (3, "cancelled order"),
        (4, "refunded order"),
        (5, "order not paid"),
        (6, "cancelled order"),
    ]
    assert set(told.void) == {"2", "3", "4", "5"}


def test_money_that_went_back_whole_voids_and_in_part_is_taken_off() -> None:
    told = read(
        "1,ann,2025-05-01,10,10",
        "2,ann,2025-05-01,10,4",
        "3,ann,2025-05-01,10,0",
        header="order id,customer id,date,amount,refund amount",
    )
    assert why(told) == [(2, "refunded order")]
    assert [(key, revenue) for key, _, revenue, _, _ in orders(told)] == [("2", 6.0), ("3", 10.0)]
    # order 1 whole, and 4 of order 2, whose piece was kept
    assert told.returns[[c.ORDER_KEY, c.REVENUE, c.QUANTITY]].values.tolist() == [["1", 10.0, 1.0], ["2", 4.0, 0.0]]
    assert "1 order was refunded in part: 4.00 that went back is taken off it." in said(told.notes)


def test_returns_are_kept_with_who_and_what() -> None:
    told = read(LINE, "C2,ann,2025-05-03,T,Tea,-2,3.50", "3,bob,2025-05-04,T,Tea,-1,3.50", "C4,,2025-05-04,T,Tea,-1,1")
    assert told.people[[c.CUSTOMER_KEY, c.BOUGHT]].values.tolist() == [["ann", True], ["bob", False]]
    returns = told.returns
    assert returns[c.CUSTOMER].tolist() == [0, 1]
    assert returns[c.QUANTITY].tolist() == [2, 1]
    assert returns[c.REVENUE].tolist() == [7.0, 3.5]
    assert returns[c.ORDER_KEY].tolist() == ["C2", "3"]
    assert returns[c.PRODUCT].tolist() == [0, 0]


def test_lines_stand_by_order_and_in_the_order_of_the_file() -> None:
    told = read("1,a,2025-05-01,X,,1,1", "2,a,2025-05-01,Y,,2,1", "1,a,2025-05-01,Z,,3,1")
    assert told.lines[c.ORDER].tolist() == [0, 0, 1]
    assert told.lines[c.QUANTITY].tolist() == [1, 3, 2]
    assert [told.goods[c.PRODUCT_KEY][i] for i in told.lines[c.PRODUCT]] == ["X", "Z", "Y"]


def test_an_order_is_from_its_first_minute() -> None:
    told = read("1,a,2025-05-01 10:01,X,,1,1", "1,a,2025-05-01 10:00,Y,,2,1")
    assert [str(at)[:16] for at in told.orders[c.AT]] == ["2025-05-01 10:00"]


def test_the_most_frequent_name_of_a_product_is_its_name() -> None:
    told = read(*("1,a,2025-05-01,X," + name + ",1,1" for name in ("tea", "Green tea", "Green tea", "")))
    assert told.goods[c.PRODUCT_NAME].tolist() == ["Green tea"]


def test_a_product_without_number_goes_by_its_name() -> None:
    told = read("1,a,2025-05-01,Green  tea,1,1", header="order id,customer id,date,product,quantity,price")
    assert told.goods[c.PRODUCT_KEY].tolist() == ["Green tea"]


def test_without_a_product_column_orders_have_no_lines() -> None:
    told = read("1,a,2025-05-01,10", header="order id,customer id,date,total")
    assert orders(told) == [("1", "a", 10.0, 1.0, 0)]
    assert len(told.lines) == len(told.goods) == 0
    assert "No product column" in said(told.notes)


def test_quantity_is_one_where_the_file_has_none() -> None:
    told = read("1,a,2025-05-01,X,9.5", header="order id,customer id,date,product,price")
    assert orders(told) == [("1", "a", 9.5, 1.0, 1)]


def test_a_price_is_worked_out_of_the_amount_of_the_line() -> None:
    header = "order id,customer id,date,product,quantity,line total"
    told = read("1,a,2025-05-01,X,4,10", "2,a,2025-05-01,X,2,-5", header=header)
    assert told.lines[c.PRICE].tolist() == [2.5]
    # the two pieces are no negative quantity: it is the money that went back
    assert why(told) == [(3, reasons.MONEY_BACK.message)]


def test_the_amount_of_an_order_is_spread_over_its_pieces() -> None:
    header = "订单编号,客户编号,下单时间,商品名称,购买数量,实付金额"
    told = read("1,甲,2025-05-01,茶,3,100", "1,甲,2025-05-01,壶,1,100", "2,甲,2025-05-01,茶,2,", header=header)
    assert orders(told) == [("1", "甲", 100.0, 4.0, 2)]
    assert told.lines[c.PRICE].tolist() == [25.0, 25.0]
    assert why(told) == [(4, reasons.NO_PRICE.message)]


def test_different_amounts_in_one_order_are_amounts_of_lines() -> None:
    header = "订单编号,客户编号,下单时间,商品名称,实付金额"
    told = read("1,甲,2025-05-01,茶,60", "1,甲,2025-05-01,壶,40", header=header)
    assert orders(told) == [("1", "甲", 100.0, 2.0, 2)]


def test_cells_of_the_order_may_stand_on_its_first_row_only() -> None:
    header = "order id,e-mail,date,status,product,price"
    told = read(
        "1,a@x.org,2025-05-01,paid,X,1", "1,,,,Y,2", "2,b@x.org,2025-05-01,cancelled,X,1", "2,,,,Y,2", header=header
    )
    assert orders(told) == [("1", "a@x.org", 3.0, 2.0, 2)]
    assert why(told) == [(4, "cancelled order"), (5, "cancelled order")]


def test_an_order_number_shared_by_two_customers_is_two_orders() -> None:
    told = read("1,ann,2025-05-01,X,,1,1", "1,bob,2025-05-01,X,,1,2", "2,bob,2025-05-01,X,,1,4")
    assert sorted(orders(told)) == [("1 ann", "ann", 1, 1, 1), ("1 bob", "bob", 2, 1, 1), ("2", "bob", 4, 1, 1)]
    assert "1 order number is shared" in said(told.notes)


def test_without_order_numbers_one_customer_at_one_time_is_one_order() -> None:
    header = "姓名,日期,买了什么,多少钱"
    told = read(
        "张三,2025-05-01,茶,¥10", "张三,2025-05-01,壶,20元", "李四,2025-05-01,茶,10", ",2025-05-01,茶,10", header=header
    )
    assert sorted(key for key, *_ in orders(told)) == ["张三 2025-05-01T00:00:00", "李四 2025-05-01T00:00:00"]
    assert why(told) == [(5, reasons.NO_ORDER_NOR_CUSTOMER.message)]
    assert told.currency == "CNY"
    assert "No order number column" in said(told.notes)
    assert "by their name only" in said(told.notes)


@pytest.mark.parametrize(
    ("header", "row", "key"),
    [
        ("customer id,e-mail,phone,name", "17850.0,a@x.org,13800138000,Ann", "17850"),
        ("e-mail,phone,customer name", "A@X.org,13800138000,Ann", "a@x.org"),
        ("e-mail,phone,customer name", ",+86 138 0013 8000,Ann", "13800138000"),
        ("姓名", "张三", "张三"),
        ("e-mail,customer name", ",Ann", None),
        ("手机号", "186******05", None),
    ],
)
def test_the_customer_is_a_number_then_an_email_then_a_phone_then_a_name(
    header: str, row: str, key: str | None
) -> None:
    told = read(f"1,2025-05-01,X,5,{row}", header=f"order id,date,product,price,{header}")
    assert [order[1] for order in orders(told)] == [key]


def test_a_file_without_customers_says_so() -> None:
    told = read("1,2025-05-01,X,5", header="order id,date,product,price")
    assert (told.accepted, told.without_customer) == (0, 1)
    assert "No customer column" in said(told.notes)
    masked = read("1,2025-05-01,X,5,186******05", header="order id,date,product,price,phone")
    assert "masked or missing" in said(masked.notes)


def test_what_is_known_of_customers_is_what_the_newest_order_says() -> None:
    header = "order id,customer id,date,product,price,city,country"
    told = read("2,a,2025-05-02,X,5,York,", "1,a,2025-05-01,X,5,Leeds,UK", header=header)
    assert told.people[[c.CITY, c.COUNTRY]].values.tolist() == [["York", "UK"]]


@pytest.mark.parametrize(
    ("header", "price", "expected"),
    [
        ("order id,customer id,date,product,单价(元)", "5", "CNY"),
        ("order id,customer id,date,product,price", "£5", "GBP"),
        ("order id,customer id,date,product,price", "5", None),
        ("order id,customer id,date,product,price (USD)", "5", "USD"),
    ],
)
def test_the_currency_is_read_off_header_or_sign(header: str, price: str, expected: str | None) -> None:
    assert read(f"1,a,2025-05-01,X,{price}", header=header).currency == expected


def test_rows_in_another_currency_than_most_are_left_out() -> None:
    rows = [f"{n},a,2025-05-01,X,5,{currency}" for n, currency in enumerate(("eur", "EUR", "usd", ""), 1)]
    told = read(*rows, header="order id,customer id,date,product,price,currency")
    assert told.currency == "EUR"
    assert why(told) == [(4, reasons.OTHER_CURRENCY.message)]


def test_the_reading_of_ambiguous_dates_is_told() -> None:
    assert "day first" in said(read("1,a,03/04/2025,X,,1,1").notes)
    assert "day first" not in said(read("1,a,03/04/2025,X,,1,1", "2,a,03/14/2025,X,,1,1").notes)


def test_of_two_columns_that_fit_the_first_in_the_table_is_used_and_the_other_named() -> None:
    found, told = bought(
        csv("订单编号,总金额,买家实际支付金额,买家会员名,订单付款时间,订单创建时间", "1,9,8,甲,2025-05-02,2025-05-01")
    )
    assert found.cells[f.ORDER_TOTAL].header == "买家实际支付金额"
    assert found.cells[c.AT].header == "订单创建时间"
    assert told.orders[c.REVENUE].tolist() == [8.0]
    assert "“总金额” looks like it too" in said(found.notes)


def test_money_of_two_currencies_by_sign_is_not_added_up() -> None:
    _, told = bought(
        csv(
            "order id,customer,date,product,price",
            "1,ann,2025-05-01,Tea,$10",
            "2,bob,2025-05-01,Tea,¥10",
            "3,cat,2025-05-01,Tea,€10",
            "4,ann,2025-05-02,Tea,$10",
            "5,ann,2025-05-03,Tea,10",
        )
    )
    assert told.currency == "USD"
    assert told.orders[c.REVENUE].sum() == 30
    assert told.rejected[[c.ROW, c.REASON]].values.tolist() == [
        [3, "in another currency than most of the file"],
        [4, "in another currency than most of the file"],
    ]


def test_two_currencies_of_as_many_rows_are_refused() -> None:
    rows = ("1,ann,2025-05-01,Tea,10,USD", "2,bob,2025-05-01,Tea,10,EUR")
    with pytest.raises(FileRefused, match=r"As many rows are in EUR as in USD \(1 each\)"):
        read(*rows, header="order id,customer,date,product,price,currency")
    assert (
        read(*rows, rows[0].replace("1,ann", "3,ann"), header="order id,customer,date,product,price,currency").currency
        == "USD"
    )


def test_a_header_s_currency_is_that_of_amounts_without_a_sign() -> None:
    _, told = bought(csv("order id,date,Price (EUR)", "1,2025-05-01,10", "2,2025-05-01,$10", "3,2025-05-01,5"))
    assert told.currency == "EUR"
    assert told.orders[c.REVENUE].sum() == 15


def test_a_price_that_may_be_thousands_is_told() -> None:
    _, told = bought(csv("order id,date,price", "1,2025-05-01,1.234"))
    assert told.orders[c.REVENUE].tolist() == [1.234]
    assert "whether price 1.234 has a decimal point or thousands" in said(told.notes)
    _, proven = bought(csv("order id;date;price", "1;2025-05-01;1.234", "2;2025-05-01;10,50"))
    assert proven.orders[c.REVENUE].tolist() == [1234.0, 10.5]
    assert "thousands" not in said(proven.notes)


def test_orders_of_the_future_are_told() -> None:
    header = "order id,date,price"
    _, told = bought(csv(header, "1,2025-05-01,1", "2,2098-05-01,1", "3,2097-05-01,1"))
    assert "2 orders are dated in the future, the last on 2098-05-01; check the dates." in said(told.notes)
    _, tomorrow = bought(csv(header, "1,2026-11-24,1"))
    assert "future" not in said(tomorrow.notes)


@pytest.mark.parametrize(("third", "read"), [("26/04/2025", "3 April"), ("04/26/2025", "4 March")])
def test_dates_of_both_ways_of_writing_are_told(third: str, read: str) -> None:
    _, told = bought(csv("order id,date,price", "1,25/04/2025,1", "2,04/25/2025,1", f"3,{third},1"))
    assert f"03/04 was read as {read}" in said(told.notes)


def test_bars_between_the_cells() -> None:
    _, told = bought(csv("order id|customer|date|price", "1|ann|2025-05-01|2,50"))
    assert told.orders[c.REVENUE].tolist() == [2.5]


def test_orders_whose_number_was_rounded_are_told_apart_by_customer_and_time() -> None:
    told = read(
        "3.515E+17,ann,2025-05-01 10:00,T,Tea,1,3",
        "3.515E+17,ann,2025-05-01 10:00,P,Pot,1,5",
        "3.515E+17,ann,2025-05-02 10:00,T,Tea,1,3",
        "3.515E+17,bob,2025-05-01 10:00,T,Tea,1,3",
        "3.515E+17,,2025-05-01 11:00,T,Tea,1,3",
        "3.515E+17,,2025-05-01,T,Tea,1,3",
        "7,cy,2025-05-01,T,Tea,1,3",
    )
    assert sorted((customer or "", revenue) for _, customer, revenue, _, _ in orders(told)) == [
        ("", 3.0),
        ("ann", 3.0),
        ("ann", 8.0),
        ("bob", 3.0),
        ("cy", 3.0),
    ]
    assert why(told) == [(7, reasons.ROUNDED_ORDER.message)]
    assert "rounded the order numbers of 6 rows" in said(told.notes)
    assert "shared by several customers" not in said(told.notes)


def test_zeros_after_the_fifteenth_digit_of_nearly_all_numbers_are_a_spreadsheet_s() -> None:
    rounded = [f"35150000000{i:04d}000,ann,2025-05-0{i} 10:00,T,Tea,1,3" for i in range(1, 6)]
    assert "rounded the order numbers of 5 rows" in said(read(*rounded).notes)
    exact = [f"35150000000{i:04d}{i:03d},ann,2025-05-0{i} 10:00,T,Tea,1,3" for i in range(1, 6)]
    told = read(*exact, "351500000000009000,ann,2025-05-09 10:00,T,Tea,1,3")
    assert "rounded" not in said(told.notes)
    assert [key for key, *_ in orders(told)][-1] == "351500000000009000"


def test_an_empty_cell_of_a_rounded_order_is_not_filled_from_another() -> None:
    told = read("3.515E+17,ann,2025-05-01,T,Tea,1,3", "3.515E+17,,,T,Tea,1,3", "7,cy,2025-05-01,T,Tea,1,3")
    assert why(told) == [(3, reasons.NO_DATE.message)]


BOOK = "Date,Product,Quantity,Total"
BOOK_ROWS = ("2025-05-01,Tee,1,20", "2025-05-01,Tee,1,20", "2025-05-02,Mug,2,30")


@pytest.mark.parametrize("header", [BOOK, "日期,商品,数量,金额", "日期,商品,数量,单价", f"{BOOK},Note"])
def test_a_book_without_buyers_and_order_numbers_has_an_order_per_row(header: str) -> None:
    found, told = bought(csv(header, *(row + ",gift wrap" * ("Note" in header) for row in BOOK_ROWS)))
    assert found.proposal.certain
    assert (told.accepted, told.without_customer, len(told.orders), len(told.rejected)) == (0, 3, 3, 0)
    assert told.orders[c.ORDER_KEY].is_unique
    assert told.orders[c.REVENUE].sum() == (100 if "单价" in header else 70)
    assert "No order number and no customer: each row counts as one order." in said(told.notes)
    assert "No customer column" in said(told.notes)


def test_a_longer_export_of_a_book_without_numbers_brings_the_same_keys_and_new_ones() -> None:
    def keys(*rows: str, header: str = BOOK) -> set[str]:
        return set(bought(csv(header, *rows))[1].orders[c.ORDER_KEY])

    first = keys(*BOOK_ROWS)
    # the other way round, the same money written otherwise, one Tee more that day, another day
    longer = keys("2025-05-03,Tee,1,20", *(f"{row}.00" for row in reversed(BOOK_ROWS)), "2025-05-01,Tee,1,20")
    assert first < longer
    assert len(longer) == 5
    assert keys(*BOOK_ROWS, header="Date,Item,Quantity,Total").isdisjoint(first)  # another book


def test_rows_of_one_time_of_day_are_one_order_without_a_buyer() -> None:
    rows = ("2025-05-01 10:30,Tea,1,20", "2025-05-01 10:30,Pot,1,50", "2025-05-01 11:00,Tea,1,20", "2025-05-02,Tea,1,9")
    _, told = bought(csv("date,product,quantity,price", *rows, "2025-05-02,Tea,1,9"))
    assert sorted(told.orders[c.REVENUE]) == [9, 9, 20, 70]
    assert "or the rows of one time of day" in said(told.notes)
    # two amounts of 20 in one order are two, not one that is told twice
    _, told = bought(csv("date,product,quantity,total", rows[0], "2025-05-01 10:30,Pot,1,20"))
    assert told.orders[c.REVENUE].tolist() == [40]


def test_a_file_whose_buyers_are_all_masked_and_has_no_order_number_is_a_book_too() -> None:
    _, told = bought(csv("name,date,product,price", "张**,2025-05-01,茶,10", "李**,2025-05-01,茶,10"))
    assert (told.without_customer, len(told.orders), len(told.rejected)) == (2, 2, 0)


NET = "order id,date,paid,refund amount,payment time"


def test_amounts_that_are_already_without_refunds() -> None:
    """Order 2 cost 50, 20 went back: nobody gets 20 back for 0 paid, as with order 3, so its 30 are what is left."""
    told = read(
        "1,2025-05-01,40,0,2025-05-01",
        "2,2025-05-01,30,20,2025-05-01",
        "3,2025-05-01,0,20,2025-05-01",
        "4,2025-05-01,0,35,2025-05-01",
        "5,2025-05-01,0,0,",
        "6,2025-05-01,0,0,2025-05-01",
        header=NET,
    )
    assert orders(told) == [("1", None, 40.0, 1.0, 0), ("2", None, 30.0, 1.0, 0)]
    assert why(told) == [(4, "refunded order"), (5, "refunded order"), (6, "order not paid"), (7, "price of zero")]
    assert "1 order was refunded in part: its amount in the file is already without the 20.00" in said(told.notes)


def test_refunds_of_what_was_paid_are_taken_off() -> None:
    """All of order 2 went back, and part of order 3: a file where no refund is of nothing."""
    told = read("1,2025-05-01,40,0,x", "2,2025-05-01,50,50,x", "3,2025-05-01,50,20,x", "4,2025-05-01,0,0,", header=NET)
    assert orders(told) == [("1", None, 40.0, 1.0, 0), ("3", None, 30.0, 1.0, 0)]
    assert why(told) == [(3, "refunded order"), (5, "order not paid")]


def test_a_single_refund_of_nothing_is_no_habit_of_the_file() -> None:
    told = read(
        "1,2025-05-01,50,20,x", "2,2025-05-01,50,10,x", "3,2025-05-01,50,10,x", "4,2025-05-01,0,9,x", header=NET
    )
    assert [order[2] for order in orders(told)] == [30.0, 40.0, 40.0]


def test_the_more_frequent_of_two_readings_decides() -> None:
    """Two orders were paid back in full as paid; that 9 came back for nothing, twice, may have been shipping."""
    told = read("1,2025-05-01,50,50,x", "2,2025-05-01,5,5,x", "3,2025-05-01,0,9,x", "4,2025-05-01,0,9,x", header=NET)
    assert why(told) == [(2, "refunded order"), (3, "refunded order"), (4, "price of zero"), (5, "price of zero")]


def test_what_was_sent_back_of_net_amounts_is_a_return_of_its_customer() -> None:
    told = read("1,ann,2025-05-01,0,20", "2,bob,2025-05-01,8,4", header="order id,customer id,date,paid,refund amount")
    assert sorted(told.returns[c.REVENUE]) == [4.0, 20.0]
    assert told.void == ("1",)


@pytest.mark.parametrize(("paid", "refund", "left"), [("0", "99.8", []), ("59.8", "40", [59.8])])
def test_net_amounts_of_orders_of_taobao(paid: str, refund: str, left: list[float]) -> None:
    """The refund is of the whole order, whose two titles share its pieces."""
    told = read(
        f"1,ann,交易成功,2025-05-01,{paid},{refund},茶，杯,2",
        "2,bob,交易成功,2025-05-01,0,30,茶,1",
        header="订单编号,买家会员名,订单状态,订单创建时间,买家实际支付金额,退款金额,宝贝标题,宝贝总数量",
    )
    assert [order[2] for order in orders(told)] == pytest.approx(left)
    assert set(told.rejected[c.REASON]) == {"refunded order"}
    assert told.returns[c.REVENUE].sum() == pytest.approx(30 + float(refund))
