"""Archives, gzip, ODS, and what is refused before it does harm."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile

import pytest

from engine.errors import FileRefused
from engine.intake import unpacking
from engine.intake.reading import read
from engine.intake.tables import Table
from tests.engine.intake.files import csv, said, xlsx
from tests.engine.intake.packed import ods_of, ods_row, text_cell, xlsx_of, zipped

ORDERS = csv("order id,price,date", "1,2,2025-05-01")
HEAD = f'<row r="1">{text_cell("A1", "order id")}{text_cell("B1", "price")}</row>'


def tables(data: bytes, name: str = "file.zip") -> list[Table]:
    return list(read(data, name))


def refused(data: bytes, name: str = "file.zip") -> str:
    with pytest.raises(FileRefused) as caught:
        tables(data, name)
    return str(caught.value)


def cells(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*(column.texts_at(column.codes) for column in table.columns), strict=True))


def test_gzip_of_a_text_and_of_a_workbook() -> None:
    (table,) = tables(gzip.compress(ORDERS), "orders.csv.gz")
    assert cells(table) == [("1", "2", "2025-05-01")]
    (sheet,) = tables(gzip.compress(xlsx(("order id", "price"), (1, 2))), "orders.xlsx.gz")
    assert cells(sheet) == [("1", "2")]
    # two that stand one after the other are one file
    (both,) = tables(gzip.compress(ORDERS + b"\n") + gzip.compress(b"2,3,2025-05-02\n"), "orders.csv.gz")
    assert len(both.rows) == 2


def test_the_files_of_an_archive_are_its_tables() -> None:
    data = zipped(
        {
            "__MACOSX/._orders.csv": b"\0\0",
            ".DS_Store": b"\0\0",
            "export/orders.csv": ORDERS,
            "export/book.xlsx": xlsx(("order id", "price"), (7, 8)),
            "photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
        }
    )
    first, second = tables(data)
    assert (first.name, second.name) == ("orders.csv", "book.xlsx: Data")
    assert cells(second) == [("7", "8")]
    assert "photo.jpg in file.zip was not read" in said(first.notes)


def test_chinese_names_in_an_archive_that_does_not_say_how_they_are_written() -> None:
    data = zipped({"aabb.csv": ORDERS}, packed=False).replace(b"aabb.csv", "订单".encode("gbk") + b".csv")
    assert [table.name for table in tables(data)] == ["订单.csv"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped({"a.zip": zipped({"b.csv": ORDERS})}), "holds another packed file"),
        (zipped({"a.csv.gz": gzip.compress(ORDERS)}), "holds another packed file"),
        (gzip.compress(gzip.compress(ORDERS)), "holds another packed file"),
        (gzip.compress(zipped({"b.csv": ORDERS})), "holds another packed file"),
        (zipped({"photo.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0"}), "not a table"),
        (zipped({}), "not a table"),
        (zipped({"a.csv": b""}), "a.csv is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (gzip.compress(ORDERS, mtime=0)[:-12], "is damaged"),
        (zipped({"a.csv": ORDERS})[:-30], "is damaged"),
        (gzip.compress(b"0" * 30_000_000), "not safe to open"),
        (zipped({"a.csv": b"0" * 30_000_000}), "not safe to open"),
        (zipped({"xl/workbook.xml": b"0" * 30_000_000}), "not safe to open"),
    ],
)
def test_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refused(data)


def test_a_locked_archive() -> None:
    data = bytearray(zipped({"a.csv": ORDERS}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "locked with a password" in refused(bytes(data))


def test_a_declared_size_counts_before_anything_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>" * 1000}, packed=False))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 2**31)  # the uncompressed size in the central directory
    assert "would unpack to 2,048 MB" in refused(bytes(data), "bomb.xlsx")
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1000)
    assert "not safe to open" in refused(xlsx(("a", "b"), (1, 2)), "big.xlsx")


@pytest.mark.parametrize("name", ["a.csv", "xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_a_member_longer_than_it_says_is_not_believed(name: str) -> None:
    data = bytearray(zipped({name: ORDERS * 50_000, "xl/workbook.xml" if "xl/" in name else "b.csv": ORDERS}))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 100)
    assert "damaged" in refused(bytes(data))


def test_ods() -> None:
    row = (
        '<table:table-row><table:table-cell office:value-type="date" office:date-value="2025-03-08">'
        '<text:p>8.3.</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="2.5">'
        "<text:p>2,5</text:p></table:table-cell></table:table-row>"
    )
    empty = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated='
    (table,) = tables(ods_of(f'{ods_row("date", "price")}{row}{empty}"16384"/></table:table-row>'), "a.ods")
    assert table.name == "Blatt"
    assert cells(table) == [("2025-03-08", "2.5")]


@pytest.mark.parametrize(
    "data",
    [
        xlsx_of(f'{HEAD}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        xlsx_of(f'{HEAD}<row r="900000"><c r="K900000"><v>1</v></c></row>'),
        ods_of(ods_row("a", "b") + ods_row(*["1"] * 16, times=1_000_000)),
        ods_of(
            '<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="float" '
            'office:value="2"/></table:table-row>' * 1000
        ),
    ],
)
def test_a_sheet_that_would_not_fit_into_memory_is_refused_unopened(data: bytes) -> None:
    assert "reaches over" in refused(data, "a.xlsx")


def test_rows_that_are_only_coloured_are_no_rows() -> None:
    painted = "".join(f'<row r="{i}"><c r="A{i}" s="1"/><c r="B{i}" s="1"/></row>' for i in range(3, 3000))
    row = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>'
    (table,) = tables(xlsx_of(HEAD + row + painted), "a.xlsx")
    assert cells(table) == [("1", "2")]


def test_a_formula_says_its_result_and_one_without_is_told() -> None:
    rows = (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><f>1+2</f><v></v></c></row>'
        '<row r="4"><c r="A4"><v>3</v></c><c r="B4"><f>1+3</f></c></row>'
        '<row r="5"><c r="A5"><v>4</v></c><c r="B5"><f t="shared" si="0"/><v/></c></row>'
    )
    (table,) = tables(xlsx_of(HEAD + rows), "a.xlsx")
    assert cells(table) == [("1", "2"), ("2", ""), ("3", ""), ("4", "")]
    assert "3 cells of the file hold formulas without their results" in said(table.notes)
    (plain,) = tables(xlsx(("order id", "price"), (1, 2)), "a.xlsx")
    assert plain.notes == ()


def test_sheets_with_a_prefix_are_measured_too() -> None:
    data = xlsx_of(f'{HEAD}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    for tag in (b"worksheet", b"sheetData", b"row", b"c ", b"v>"):
        sheet = sheet.replace(b"<" + tag, b"<x:" + tag).replace(b"</" + tag, b"</x:" + tag)
    sheet = sheet.replace(b"xmlns=", b"xmlns:x=").replace(b"</c>", b"</x:c>")
    assert "reaches over" in refused(zipped({**members, "xl/worksheets/sheet1.xml": sheet}), "a.xlsx")


@pytest.mark.parametrize("name", ["orders.csv", "orders.xls", "orders.zip", "orders.png", "orders"])
def test_a_file_is_what_its_content_says(name: str) -> None:
    for data in (ORDERS, xlsx(("order id", "price", "date"), (1, 2, "2025-05-01")), zipped({"o.csv": ORDERS})):
        (table,) = tables(data, name)
        assert cells(table) == [("1", "2", "2025-05-01")]
