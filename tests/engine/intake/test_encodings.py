"""Which encoding a file is in, and that it is said where the bytes do not show it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import FileRefused
from engine.intake.reading import read
from engine.intake.tables import Table
from tests.engine.intake.files import said

CHINESE = "订单编号,商品名称,备注\n1,草莓蛋糕,“好吃”\n2,绿茶,\n"
TRADITIONAL = "訂單編號,商品名稱,備註\n1,草莓蛋糕,好吃\n2,綠茶,\n"
WESTERN = "order id,name,city\n1,René,Málaga\n2,Zoë,Köln\n"


def only(data: bytes) -> Table:
    (table,) = read(data, "file.csv")
    return table


def cells(table: Table) -> list[tuple[str, ...]]:
    return list(zip(*(column.texts_at(column.codes) for column in table.columns), strict=True))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_what_the_bytes_show_needs_no_word(encoding: str) -> None:
    table = only(CHINESE.encode(encoding))
    assert table.headers == ("订单编号", "商品名称", "备注")
    assert cells(table) == [("1", "草莓蛋糕", "“好吃”"), ("2", "绿茶", "")]
    assert table.notes == ()


@pytest.mark.parametrize(
    ("text", "encoding", "told", "sample"),
    [
        (CHINESE, "gb18030", "GB18030", "草莓蛋糕"),
        (CHINESE, "gbk", "GB18030", "草莓蛋糕"),
        (TRADITIONAL, "gbk", "GB18030", "草莓蛋糕"),
        (TRADITIONAL, "big5", "Big5", "草莓蛋糕"),
        (WESTERN, "cp1252", "Windows-1252", "René"),
        (WESTERN, "latin-1", "Windows-1252", "René"),
    ],
)
def test_what_was_worked_out_is_told_with_a_piece_to_check_it_by(
    text: str, encoding: str, told: str, sample: str
) -> None:
    table = only(text.encode(encoding))
    assert cells(table) == cells(only(text.encode()))
    (note,) = table.notes
    assert told in str(note)
    assert f"“{sample}”" in str(note)


def test_a_damaged_character_does_not_make_another_encoding_of_the_file() -> None:
    data = ("订单编号,商品名称\n" + "1,草莓蛋糕\n" * 30).encode()
    at = data.index("草".encode())
    table = only(data[: at + 1] + b"," + data[at + 3 :])
    assert table.headers == ("订单编号", "商品名称")
    assert "damaged" in said(table.notes)


def test_a_very_long_word_is_shown_in_part() -> None:
    table = only(("name,city\n" + "x" * 300_000 + "é,Lyon\n").encode("latin-1"))
    assert "“" + "x" * 20 + "é" in said(table.notes)


def test_text_that_is_in_no_encoding_is_refused() -> None:
    with pytest.raises(FileRefused, match="neither in UTF-8 nor in GB18030"):
        only(b"name,city\nRen\x81,M\x8dlaga\n")


WORDS = st.text(alphabet=st.sampled_from("abc 茶蛋糕订单é"), min_size=1, max_size=5)


@settings(max_examples=80)
@given(
    st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_is_the_same_in_each_encoding_and_with_each_delimiter(
    rows: list[tuple[str, str]], encoding: str, delimiter: str, end: str
) -> None:
    # the header is Chinese, so that GB18030 has something to be known by
    lines = [("订单编号", "商品名称", "金额"), *((str(i), *row) for i, row in enumerate(rows, 1))]
    file = io.StringIO(newline="")
    file.write(end.join(delimiter.join(line) for line in lines) + end)
    table = only(file.getvalue().encode(encoding))
    assert table.headers == lines[0]
    assert cells(table) == lines[1:]
