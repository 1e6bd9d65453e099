"""How clean data are: real files against known counts, the demo, and one file beside the whole shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import NotFound
from engine.intake.evidence import Finding
from engine.intake.receipt import Receipt, from_text, to_text
from engine.services.imports import import_file
from engine.services.quality import data_quality, quality_sheet
from engine.shop import Shop
from tests.engine.services.demo_shop import put_demo

HEAD = "order,date,customer,product,quantity,price\n"


def write(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return path


def by_check(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


@pytest.fixture(scope="module")
def retail(datasets: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, Receipt]:
    shop = Shop(tmp_path_factory.mktemp("retail") / "shop.db")
    return shop, import_file(shop, datasets / "online_retail.parquet")


def test_online_retail(retail: tuple[Shop, Receipt]) -> None:
    """Chen, Sain & Guo (2012). Counted with pandas: 5,268 rows with `duplicated()`, the two largest Quantity of rows
    that are no return; no InvoiceDate from 24 December 2010 to 3 January 2011; two rows "Adjust bad debt" below zero.
    """
    _, receipt = retail
    found = by_check(receipt.findings)
    assert found["repeated_rows"].n == 5_268
    assert [str(example) for example in found["many_pieces"].examples] == [
        "order 581483, 2011-12-09: PAPER CRAFT , LITTLE BIRDIE, 80,995 pieces",
        "order 541431, 2011-01-18: MEDIUM CERAMIC TOP STORAGE JAR, 74,215 pieces",
    ]
    assert [str(example) for example in found["time_gaps"].examples] == [
        "2010-12-24 to 2011-01-03, 11 days: over Christmas and New Year"
    ]
    assert not found["time_gaps"].is_fault
    assert found["negative_prices"].n == 2
    assert any("POSTAGE" in str(example) for example in found["charges"].examples)
    assert any("Manual" in str(example) for example in found["charges"].examples)
    assert [str(limit.name) for limit in receipt.limits] == ["currency", "consent"]


def test_the_whole_shop_is_looked_at_as_its_only_file_was(retail: tuple[Shop, Receipt]) -> None:
    shop, receipt = retail
    report = data_quality(shop)
    of_file, of_shop = by_check(receipt.findings), by_check(report.findings)
    # who only gave back is no customer of the store
    differ = {"more_returned"}
    assert of_shop.keys() == of_file.keys()
    for check in of_file.keys() - differ:
        assert of_shop[check].n == of_file[check].n
        assert [*map(str, of_shop[check].examples)] == [*map(str, of_file[check].examples)]
    assert (report.import_id, report.n_orders) == (None, receipt.orders + receipt.unnamed_orders)


def test_a_receipt_is_stored_with_all_it_says(retail: tuple[Shop, Receipt]) -> None:
    shop, receipt = retail
    again = from_text(to_text(receipt))
    assert (again.findings, again.limits, again.timeline) == (receipt.findings, receipt.limits, receipt.timeline)
    assert data_quality(shop, receipt.id).findings == receipt.findings


def test_a_receipt_of_an_earlier_version_is_read() -> None:
    old = (
        '{"id": 1, "name": "a.csv", "kind": "orders", "rows": 1, "accepted": 1, "without_customer": 0, "rejected": 0, '
        '"reasons": {}, "first": null, "last": null, "returns": {"rows": 0, "money": 0.0}, "notes": []}'
    )
    receipt = from_text(old)
    assert (receipt.timeline, receipt.limits, receipt.findings) == (None, (), ())


def test_the_demo_has_nothing_to_mend(shop: Shop) -> None:
    put_demo(shop)
    assert [finding.check for finding in data_quality(shop).findings if finding.is_fault] == []


def test_slips_of_two_files_are_found_together(shop: Shop, tmp_path: Path) -> None:
    usual = [f"{i},2025-01-{i + 1:02} 10:00,K{i},Tea,1,10" for i in range(25)]
    first = import_file(shop, write(tmp_path, "one.csv", *usual, "90,2025-01-26 10:00,K1,Tea,-1,10"))
    second = import_file(
        shop, write(tmp_path, "two.csv", "99,2025-01-27 10:00,K2,Tea,800,10", "98,2025-01-27,K2,Tea,1,-3")
    )
    assert by_check(first.findings).keys() == set()
    # one order is no yardstick for itself
    assert by_check(second.findings).keys() == {"negative_prices"}
    together = by_check(data_quality(shop).findings)
    assert together.keys() == {"negative_prices", "many_pieces", "large_orders", "resellers"}
    assert str(together["negative_prices"].examples[0]) == "row 3: 98,2025-01-27,K2,Tea,1,-3"


def test_the_list_has_a_row_for_each_example(retail: tuple[Shop, Receipt]) -> None:
    shop, receipt = retail
    rows = quality_sheet(data_quality(shop, receipt.id)).decode("utf-8-sig").splitlines()
    assert rows[0] == "what was found,example,what it means,what to do"
    assert len(rows) == 1 + sum(max(1, len(finding.examples)) for finding in receipt.findings)


def test_an_import_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(NotFound, match="There is no import 7"):
        data_quality(shop, 7)
    assert data_quality(shop).findings == ()


def test_what_was_bought_and_given_back_in_one_file_is_not_more_than_bought(shop: Shop, tmp_path: Path) -> None:
    """Ann's order was refunded, Bob's cancelled, Cat's void, Dan's refunded for 30 of its 40; Eve gives back 9 of 5."""
    path = tmp_path / "orders.csv"
    path.write_text(
        "order,date,customer,product,quantity,price,status,amount refunded\n"
        "1,2025-05-01,Ann,Tea,1,50,refunded,\n"
        "2,2025-05-02,Ann,Tea,1,10,paid,\n"
        "3,2025-05-02,Bob,Tea,1,50,cancelled,\n"
        "4,2025-05-02,Bob,Tea,1,10,paid,\n"
        "5,2025-05-03,Cat,Tea,1,50,voided,\n"
        "6,2025-05-03,Cat,Tea,1,10,paid,\n"
        "7,2025-05-03,Dan,Tea,1,40,paid,30\n"
        "8,2025-05-03,Eve,Tea,1,5,paid,\n"
        "9,2025-05-04,Eve,Tea,-1,9,paid,\n",
        encoding="utf-8",
    )
    receipt = import_file(shop, path)
    for findings in (receipt.findings, data_quality(shop).findings):
        found = by_check(findings)["more_returned"]
        assert (found.n, [*map(str, found.examples)]) == (1, ["Eve: bought 5.00, gave back 9.00"])


def test_an_empty_shop_has_nothing_in_order(tmp_path: Path) -> None:
    report = data_quality(Shop(tmp_path / "shop.db"))
    assert (report.n_orders, report.findings, report.in_order) == (0, (), ())


def test_a_file_that_is_not_checked_has_nothing_in_order(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("product id,product name,price\n1,Tea,5\n2,Cup,7\n", encoding="utf-8")
    made = import_file(Shop(tmp_path / "shop.db"), path)
    assert made.kind == "products"
    assert data_quality(Shop(tmp_path / "shop.db"), made.id).in_order == ()
