"""zhike import with --map, --dates, --kind and --dry-run: what a terminal and a program see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.cli.test_contract import Zhike, db, refused, zhike

__all__ = ["db", "refused", "zhike"]

UNSURE = "Tag,Wer,Ware,Betrag\n23.04.2025,Ann Lee,Soap,5.50\n25.06.2025,Bob Ray,Candle,12.00\n"
SLASHED = "date,customer,product,price\n03/04/2025,Ann,Soap,5\n05/06/2025,Bob,Cup,6\n"
MAPS = ("--map", "Tag=order date", "--map", "Wer=客户姓名", "--map", "Betrag=order_total", "--map", "Ware=product name")


@pytest.fixture
def unsure(tmp_path: Path) -> str:
    path = tmp_path / "book.csv"
    path.write_text(UNSURE, encoding="utf-8")
    return str(path)


@pytest.fixture
def slashed(tmp_path: Path) -> str:
    path = tmp_path / "dates.csv"
    path.write_text(SLASHED, encoding="utf-8")
    return str(path)


def test_a_dry_run_tells_all_and_changes_nothing(zhike: Zhike, unsure: str) -> None:
    told = zhike("import", unsure, "--dry-run")
    assert told["kind"] == "orders"
    assert [column["header"] for column in told["columns"]] == ["Tag", "Wer", "Ware", "Betrag"]
    for column in told["columns"]:
        assert set(column) == {"header", "field", "confidence", "sure", "why", "examples"}
        assert 0 <= column["confidence"] <= 1
    assert told["columns"][0]["field"] == "at"
    assert {"column": "Tag", "field": "at"} in told["unsure"]
    assert (told["would_import"], told["missing"], told["dates"]) == (False, [], None)
    assert (told["rows"], told["accepted"], told["rejected"]) == (2, 2, 0)
    assert zhike("customers")["customers"] == []


def test_a_dry_run_of_a_clear_file_says_what_an_import_then_does(zhike: Zhike, tmp_path: Path) -> None:
    path = tmp_path / "clear.csv"
    path.write_text("order id,date,customer,price\n1,2025-03-01,ann,5\n2,2025-03-02,bob,oops\n", encoding="utf-8")
    told = zhike("import", str(path), "--dry-run")
    assert told["would_import"]
    receipt = zhike("import", str(path))
    same = ("kind", "rows", "accepted", "rejected", "reasons", "orders", "customers", "revenue", "notes")
    assert {key: told[key] for key in same} == {key: receipt[key] for key in same}


def test_an_unsure_file_names_the_options_that_mend_it(zhike: Zhike, refused: Callable[..., str], unsure: str) -> None:
    said = refused("import", unsure)
    assert '--map "Tag=at"' in said
    assert "--dry-run" in said
    assert zhike("customers")["customers"] == []


def test_what_is_mapped_is_imported_and_remembered(zhike: Zhike, unsure: str, tmp_path: Path) -> None:
    receipt = zhike("import", unsure, *MAPS)
    assert (receipt["orders"], receipt["customers"], receipt["revenue"]) == (2, 2, 17.5)
    assert zhike("import", unsure, *MAPS)["already"]
    assert zhike("import", unsure)["already"]
    more = tmp_path / "more.csv"
    more.write_text("tag , WER,Ware,Betrag\n28.07.2025,Ann Lee,Soap,7\n", encoding="utf-8")
    again = zhike("import", str(more))
    assert (again["orders"], again["revenue"]) == (1, 7.0)
    assert "as you set them on" in again["notes"][0]


def test_undecided_dates_are_asked_with_both_readings(zhike: Zhike, refused: Callable[..., str], slashed: str) -> None:
    assert "--dates day-first or --dates month-first" in refused("import", slashed)
    asked = zhike("import", slashed, "--dry-run")["dates"]
    assert asked == {"text": "03/04/2025", "day-first": "3 April", "month-first": "4 March"}
    assert zhike("import", slashed, "--dates", "month-first")["period"] == ["2025-03-04", "2025-05-06"]


def test_a_file_that_decides_goes_before_what_is_said(zhike: Zhike, tmp_path: Path) -> None:
    path = tmp_path / "decided.csv"
    path.write_text(SLASHED + "25/12/2025,Eve,Cup,1\n", encoding="utf-8")
    assert zhike("import", str(path), "--dates", "month-first")["period"] == ["2025-04-03", "2025-12-25"]


def test_wrong_names_get_the_nearest_first(refused: Callable[..., str], unsure: str) -> None:
    assert "no column “Betrg”; there are: Betrag, " in refused("import", unsure, "--map", "Betrg=at")
    assert "cannot be “oder date”; it can be: order date (at)" in refused("import", unsure, "--map", "Tag=oder date")
    assert "write --map HEADER=FIELD" in refused("import", unsure, "--map", "Tag")


def test_a_column_that_is_not_used(zhike: Zhike, tmp_path: Path) -> None:
    path = tmp_path / "clear.csv"
    path.write_text("order id,date,customer,price,city\n1,2025-03-01,ann,5,Reno\n", encoding="utf-8")
    told = zhike("import", str(path), "--dry-run", "--map", "city=-")
    assert {column["header"]: column["field"] for column in told["columns"]}["city"] is None


def test_the_kind_can_be_said(zhike: Zhike, refused: Callable[..., str], unsure: str) -> None:
    assert "no column for the customer" in refused("import", unsure, "--kind", "customers")
    receipt = zhike("import", unsure, "--kind", "customers", "--map", "Wer=customer name")
    assert (receipt["kind"], receipt["customers"]) == ("customers", 2)


BOOK = "号,哪天,会员,内容,甲\n" + "".join(
    f"{1001 + i},2025-0{i % 4 + 1}-0{i % 3 + 1},H{i % 5},茶,{(38, 58, 128)[i % 3]}\n" for i in range(24)
)


def test_people_who_come_again_are_asked_about(zhike: Zhike, refused: Callable[..., str], tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(BOOK, encoding="utf-8")
    said = refused("import", str(path))
    assert '--kind orders --map "甲=revenue"' in said
    assert "--kind customers" in said
    told = zhike("import", str(path), "--dry-run")
    assert (told["kind"], told["instead"], told["would_import"]) == ("orders", "customers", False)
    assert zhike("import", str(path), "--kind", "customers")["kind"] == "customers"


def test_a_field_that_there_is_not_names_a_few_that_there_are(refused: Callable[..., str], unsure: str) -> None:
    said = refused("import", unsure, "--map", "Tag=xx")
    assert "order number (order_key)" in said
    assert "more; or - for not used" in said
    assert len(said) < 350
