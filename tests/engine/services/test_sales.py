"""How business goes, by hand and on a file without customers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.errors import TooLittleData
from engine.intake import provinces
from engine.services.imports import import_file
from engine.services.sales import sales_report
from engine.shop import Shop


def test_a_small_shop_by_hand(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    # Thursday 1 May and the Thursday after; a return; postage; an order of nobody
    path.write_text(
        "order,date,customer,product,quantity,price,region,currency\n"
        "1,2025-05-01 09:30,Ann,Tea,2,10,Kent,GBP\n"
        "1,2025-05-01 09:30,Ann,Postage,1,5,Kent,GBP\n"
        "2,2025-05-08 09:59,,Cup,1,30,Essex,GBP\n"
        "3,2025-05-08 18:00,Bob,Tea,1,10,Kent,GBP\n"
        "4,2025-05-08 18:00,Bob,Tea,-1,10,Kent,GBP\n",
        encoding="utf-8",
    )
    import_file(shop, path)
    report = sales_report(shop)
    assert (report.n_orders, report.revenue, report.currency) == (3, 65.0, "GBP")
    assert (report.first, report.last, report.timeline.orders) == (
        date(2025, 5, 1), date(2025, 5, 8), (1, 0, 0, 0, 0, 0, 0, 2)
    )  # fmt: skip
    # two Thursdays with three orders, one of each other day
    assert report.weekdays == (0, 0, 0, 1.5, 0, 0, 0)
    assert (report.hours[9], report.hours[18], sum(report.hours)) == (2, 1, 3)
    assert [(str(sold.name), sold.n, sold.revenue) for sold in report.best] == [("Tea", 3, 30), ("Cup", 1, 30)]
    assert [(str(sold.name), sold.n, sold.revenue) for sold in report.places] == [("Kent", 2, 35), ("Essex", 1, 30)]
    assert (report.n_rows, report.n_gone, report.returned) == (5, 1, 10.0)
    assert (report.n_without_customer, report.revenue_without_customer) == (1, 30.0)


def test_tmall_orders_without_customers(shop: Shop, datasets: Path) -> None:
    """Counted with awk and pandas: of 18,955 rows something is left of what was paid, all in February 2020."""
    receipt = import_file(shop, datasets / "tmall_orders_zh.csv")
    assert (receipt.orders, receipt.customers, receipt.unnamed_orders) == (0, 0, 18_955)
    assert [limit.name for limit in receipt.limits] == ["buyer", "products", "currency"]
    assert "no column says so" in str(receipt.limits[0].what)
    report = sales_report(shop)
    assert (report.n_orders, report.first, report.last) == (18_955, date(2020, 2, 1), date(2020, 2, 29))
    assert sum(report.timeline.orders) == 18_955
    assert report.revenue == receipt.unnamed_revenue
    assert str(report.places[0].name) == "上海"
    assert report.places[0].n == 2_470
    # df[df.paid > 0].paid.sum()
    assert receipt.unnamed_revenue == 1_902_487.15
    # 24,087 orders have a time of payment; in 5,132 of them refund == total, the other 3,923 of nothing have none
    assert (report.n_gone, report.n_in_part, report.n_rows) == (5_132, 514, 24_087)
    assert receipt.reasons == {"refunded order": 5_132, "order not paid": 3_923}
    # paid == total - refund in all 514 rows that were refunded in part; their refunds are 36,398.50
    assert "514 orders were refunded in part: their amounts in the file are already without the 36,398.50" in " ".join(
        map(str, receipt.notes)
    )


def test_superstore_went_where_its_orders_went(shop: Shop, datasets: Path) -> None:
    """By pandas: df.groupby("省/自治区") of 销售额, and of the different pairs of 订单 ID and 客户 ID.

    Customers order to several provinces; five orders went to two of them.
    """
    import_file(shop, datasets / "superstore_zh.xls")
    places = [(str(sold.name), sold.n, round(sold.revenue, 2)) for sold in sales_report(shop).places]
    assert places[:5] == [
        ("山东", 464, 1_586_782.99),
        ("广东", 425, 1_458_156.92),
        ("黑龙江", 332, 1_208_457.08),
        ("河南", 234, 853_574.80),
        ("辽宁", 319, 835_974.66),
    ]


def test_each_order_of_a_customer_counts_where_it_went(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单号,日期,客户编号,商品,数量,单价,省份\n"
        "1,2025-05-01,a,Tea,1,10,山东省\n"
        "2,2025-05-02,a,Tea,1,30,广东\n"
        "2,2025-05-02,a,Cup,2,5,山东\n"
        "3,2025-05-03,a,Tea,1,7,\n"  # nothing told: where the customer was last, 山东
        "4,2025-05-04,b,Tea,1,2,\n",  # nowhere
        encoding="utf-8",
    )
    import_file(shop, path)
    places = [(str(sold.name), sold.n, round(sold.revenue, 9)) for sold in sales_report(shop).places]
    assert places == [("广东", 1, 30), ("山东", 3, 27)]


def test_a_row_without_region_tells_its_address_or_country(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单号,日期,商品,数量,单价,省份,收货地址,国家\n"
        "1,2025-05-01,Tea,1,10,,江苏省南京市,中国\n"
        "2,2025-05-02,Tea,1,3,,,日本\n",
        encoding="utf-8",
    )
    import_file(shop, path)
    assert [(str(sold.name), sold.revenue) for sold in sales_report(shop).places] == [("江苏", 10), ("日本", 3)]


def test_the_same_places_after_a_second_file(shop: Shop, tmp_path: Path) -> None:
    for name, rows in (("a", "1,2025-05-01,Tea,1,10,江苏省 南京市****"), ("b", "1,2025-05-01,Tea,2,10,上海")):
        path = tmp_path / f"{name}.csv"
        path.write_text("订单号,日期,商品,数量,单价,收货地址\n" + rows + "\n", encoding="utf-8")
        import_file(shop, path)
    assert [str(sold.name) for sold in sales_report(shop).places] == ["上海"]


@pytest.mark.parametrize(
    ("address", "province"),
    [
        ("江苏省 南京市 建邺区 沙洲街道****", "江苏"),
        ("内蒙古自治区", "内蒙古"),
        ("中国上海市静安区", "上海"),
        ("****", ""),
    ],
)
def test_an_address_begins_with_its_province(address: str, province: str) -> None:
    assert provinces.province(address) == province


def test_a_long_row_of_signs_is_no_province_and_soon_said_to_be_none() -> None:
    assert provinces.province("(" * 300_000) == ""
    assert provinces.province("(" * 3 + "中国，江苏省") == "江苏"


def test_an_empty_shop_has_no_business(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match="No order is here yet"):
        sales_report(shop)


def test_bare_days_beside_timed_orders_are_no_hour(shop: Shop, tmp_path: Path) -> None:
    days, times = tmp_path / "days.csv", tmp_path / "times.csv"
    days.write_text("order,date,customer,price\n1,2025-05-01,a,5\n2,2025-05-02,b,5\n3,2025-05-03,c,5\n")
    times.write_text("order,date,customer,price\n4,2025-05-01 10:05,d,5\n5,2025-05-02 00:10,e,5\n")
    import_file(shop, days)
    assert sales_report(shop).hours == ()
    import_file(shop, times)
    report = sales_report(shop)
    assert (report.hours[0], report.hours[10], sum(report.hours), report.n_untimed) == (1, 1, 2, 3)


@pytest.mark.parametrize(
    ("times", "n_untimed"),
    [
        # one of 100 is at midnight by chance
        ([f"{n % 24:02}:{n % 59 + 1:02}" for n in range(99)] + ["00:00"], 0),
        ([f"{n % 24:02}:{n % 59 + 1:02}" for n in range(98)] + ["00:00"] * 2, 2),
        # times to the hour: two at midnight as at any hour, and many more than at any
        ([f"{n % 24:02}:00" for n in range(48)], 0),
        ([f"{n % 24:02}:00" for n in range(48)] + ["00:00"] * 10, 12),
    ],
)
def test_few_orders_at_midnight_may_be_so(shop: Shop, tmp_path: Path, times: list[str], n_untimed: int) -> None:
    path = tmp_path / "orders.csv"
    rows = (f"{n},2025-05-01 {time},c{n},5" for n, time in enumerate(times))
    path.write_text("\n".join(["order,date,customer,price", *rows]))
    import_file(shop, path)
    report = sales_report(shop)
    assert (report.n_untimed, sum(report.hours)) == (n_untimed, len(times) - n_untimed)
