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


def test_an_empty_shop_has_no_business(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match="No order is here yet"):
        sales_report(shop)
