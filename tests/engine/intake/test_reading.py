"""From bytes to rows and columns: encodings, delimiters, shapes, and files that are no tables."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FileRefused
from engine.intake import reasons, understand
from engine.intake.reading import read
from engine.intake.tables import Table
from tests.engine.intake.files import csv, xlsx


def only(data: bytes, name: str = "file.csv") -> Table:
    (table,) = read(data, name)
    return table


def cells(table: Table) -> list[tuple[str, ...]]:
    columns = [[column.texts[code] for code in column.codes] for column in table.columns]
    return list(zip(*columns, strict=True))


def refused(data: bytes, name: str = "file.csv") -> str:
    with pytest.raises(FileRefused) as caught:
        list(read(data, name))
    return str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    rows = [("order id", "price", "notes"), ("1", "2.5", "a"), ("2", "3.5", "b")]
    table = only(csv(*(delimiter.join(row) for row in rows)))
    assert table.headers == rows[0]
    assert cells(table) == rows[1:]


def test_decimal_commas_do_not_make_a_semicolon_file_one_of_commas() -> None:
    table = only(csv("order id;price", "1;2,50", "2;3,50"))
    assert cells(table) == [("1", "2,50"), ("2", "3,50")]


def test_no_value_is_altered() -> None:
    rows = [("007", "NA", " 1.50 ", "true"), ("1e5", "null", "-0", '"'), ("２", "2024-01-01", "\u3000x", "")]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    assert cells(only(csv("a,b,c,d", *quoted))) == rows


def test_a_cell_may_hold_line_breaks() -> None:
    table = only(csv("a,b", '1,"two\nlines"', "2,x"))
    assert cells(table) == [("1", "two\nlines"), ("2", "x")]
    assert table.rows.tolist() == [2, 3]


def test_rows_of_another_shape_are_broken_and_keep_their_number() -> None:
    ragged = only(csv("a,b", "1,2", "3", "", "4,5,6", "7,8", "9,10,,"))
    assert cells(ragged) == [("1", "2"), ("3", ""), ("7", "8"), ("9", "10")]
    assert ragged.having([0]) is ragged
    table = ragged.having([1])
    assert cells(table) == [("1", "2"), ("7", "8"), ("9", "10")]
    assert table.rows.tolist() == [2, 6, 7]
    assert [(broken.row, broken.reason, broken.text) for broken in table.broken] == [
        (3, reasons.TOO_FEW_CELLS, "3"),
        (5, reasons.TOO_MANY_CELLS, "4,5,6"),
    ]
    assert table.n_rows == 5


def test_blank_rows_are_no_rows() -> None:
    table = only(csv("a,b", "1,2", "", " , ", "3,4", ""))
    assert cells(table) == [("1", "2"), ("3", "4")]
    assert table.rows.tolist() == [2, 5]


def test_a_title_may_stand_above_the_header() -> None:
    table = only(csv("Orders of May", "", "order id,price,date", "1,2,2025-05-01"))
    assert table.headers == ("order id", "price", "date")
    assert table.rows.tolist() == [4]


def test_a_repeated_header_gets_a_number() -> None:
    assert only(csv("分销员,a,分销员,", "1,2,3,")).headers == ("分销员", "a", "分销员 2", "")


def test_a_quotation_mark_never_closed_is_told_with_its_row() -> None:
    assert "Row 3 of file.csv opens a quotation mark" in refused(csv("a,b", "1,2", '3,"4', "5,6"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "file.csv is empty."),
        (b" \n\n", "file.csv is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\x00", "not a table"),
        (b"\x1f\x8b\x08\x00abc", "file.csv is damaged"),
        (b"PK\x03\x04 nonsense", "file.csv is damaged"),
        (b"<html><table><tr><td>a</td></tr></table>", "a web page or XML"),
        (b'<?xml version="1.0"?><Workbook/>', "a web page or XML"),
        (b"PAR1 nonsense PAR1", "damaged Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 nonsense", "damaged spreadsheet"),
        (b"only\n1\n2\n", "only one column, \u201conly\u201d"),
    ],
)
def test_files_that_are_no_tables(data: bytes, expected: str) -> None:
    assert expected in refused(data)


def test_cells_of_a_workbook_become_what_a_person_would_type() -> None:
    rows = [
        ("order id", "date", "price", "paid"),
        (17850, datetime(2025, 1, 2, 3, 4, 5), 2.5, True),
        ("007", datetime(2025, 1, 2), -1, None),
    ]
    table = only(xlsx(*rows), "orders.csv")  # the name lies, the content does not
    assert table.headers == ("order id", "date", "price", "paid")
    assert cells(table) == [("17850", "2025-01-02 03:04:05", "2.5", "true"), ("007", "2025-01-02", "-1", "")]


def test_rows_of_a_workbook_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    table = only(xlsx((), (None, "order id", "price"), (None, "1", 2), (), (None, "3", 4)))
    assert table.rows.tolist() == [3, 5]
    assert table.headers[-2:] == ("order id", "price")


def test_parquet_says_the_same_as_the_csv_of_it(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "id": pd.array([17850, None], dtype="Int64"),
            "at": pd.to_datetime(["2010-12-01 08:26:00", "2010-12-02 00:00:00"]),
            "price": [2.55, np.nan],
            "name": ["绿茶", "00x"],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    table = only((tmp_path / "a.parquet").read_bytes())
    assert cells(table) == [("17850", "2010-12-01 08:26:00", "2.55", "绿茶"), ("", "2010-12-02 00:00:00", "", "00x")]


def test_rows_that_repeat_another_are_counted() -> None:
    assert only(csv("a,b", "1,2", "2,1", "1,2", "1,2", "1,3")).n_repeated == 2


CELLS = st.text(alphabet=st.sampled_from('ab,;"\n\r 茶é0'), max_size=6)


@settings(max_examples=150)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_what_python_writes_is_read_unaltered(rows: list[tuple[str, str, str]]) -> None:
    text = io.StringIO(newline="")
    pd.DataFrame(rows, columns=["order id", "price", "x"]).to_csv(text, index=False, lineterminator="\r\n")
    if all(cell.strip() == "" for row in rows for cell in row):
        return
    said = cells(only(text.getvalue().encode()))
    assert said == [row for row in rows if any(cell.strip() for cell in row)]


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        tables = list(read(data, "x"))
    except FileRefused:
        return
    assert all(len(column.codes) == len(table.rows) for table in tables for column in table.columns)


def test_a_row_that_lacks_cells_counts_if_none_of_them_is_used() -> None:
    rows = ("order id,price,date,note,more", "1,2,2025-05-01", "2,3,2025-05-02,x,", "3,4", "4,5,2025-05-03,,")
    found = understand(csv(*rows), "a.csv")
    assert found.table.rows.tolist() == [2, 3, 5]
    assert [(broken.row, broken.reason, broken.text) for broken in found.table.broken] == [
        (4, reasons.TOO_FEW_CELLS, "3,4")
    ]
    assert found.table.n_rows == 4
    assert found.table.line(0) == "1,2,2025-05-01"


def test_a_cell_of_ten_million_characters_is_told(tmp_path: Path) -> None:
    big = "x" * 10_000_000
    assert "Row 2 of file.csv has a cell of more than a million characters" in refused(csv("a,b", f"1,{big}"))
    assert "“b” has 1,500,000 characters" in refused(csv("a,b", f"1,{big[:1_500_000]}"))
    pd.DataFrame({"a": ["1"], "b": [big]}).to_parquet(tmp_path / "a.parquet")
    assert "10,000,000 characters" in refused((tmp_path / "a.parquet").read_bytes())
    longest = only(csv("a,b", f"1,{big[:900_000]}", "2"))
    assert len(cells(longest)[0][1]) == 900_000


def test_control_characters_in_a_cell_are_no_end_of_the_file() -> None:
    table = only(csv("a,b", "1,x\x1fy", "\x1f,2", "3", '4,"z\n\x1f"', "5,6"))
    assert table.rows.tolist() == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_ends_of_lines(end: str) -> None:
    assert cells(only(end.join(["a,b", "1,2", "3,4", ""]).encode())) == [("1", "2"), ("3", "4")]


def test_two_hundred_and_sixteen_thousand_columns() -> None:
    for n in (200, 16_384):
        table = only(csv(",".join(f"c{i}" for i in range(n)), ",".join("1" * n)))
        assert len(table.columns) == n
