"""Tables for the founder: they come back as they were, in the founder's language, and run no formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.phrases import Phrase
from engine.sheets import csv_sheet


def test_a_header_is_said_in_the_founder_s_language() -> None:
    assert csv_sheet((Phrase("customer"),), [("K1",)], lambda phrase: "客户").decode("utf-8-sig") == "客户\r\nK1\r\n"


def test_the_list_comes_back_as_it_was_and_runs_no_formula() -> None:
    rows = [
        ("K1", "林小雨", None, "+86 100", "A", "你好，\n“再见”"),
        ("=1+1", "@x", "-y", "\tz", "B", "a,b"),
        ("＝1", "ok", "a@b.c", "", "A", "x"),
    ]
    content = csv_sheet((Phrase("customer"), Phrase("name")), rows)
    assert content.startswith(b"\xef\xbb\xbf")
    header, *back = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header == ["customer", "name"]
    assert back[0] == ["K1", "林小雨", "", "'+86 100", "A", "你好，\n“再见”"]
    assert back[1] == ["'=1+1", "'@x", "'-y", "'\tz", "B", "a,b"]
    assert back[2] == ["'＝1", "ok", "a@b.c", "", "A", "x"]


@settings(max_examples=50)
@given(cells=st.lists(st.text(), min_size=6, max_size=6))
def test_no_cell_begins_a_formula(cells: list[str]) -> None:
    _, row = csv.reader(io.StringIO(csv_sheet((), [cells]).decode("utf-8-sig"), newline=""))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in cells]
