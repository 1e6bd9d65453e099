"""Columns, and that very many texts, which stay with pyarrow, say what few texts say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.intake import delimited, words
from engine.intake.orders import Purchases
from engine.intake.reading import read
from engine.intake.tables import Column, Texts
from tests.engine.intake.files import bought, csv

TEXTS = ["", " ", "17850", "C536379", "A-1 b", "1e+15", "Größe", "茶\n叶"]


def both(texts: list[str], codes: list[int]) -> tuple[Column, Column]:
    held = np.array(codes, dtype=np.int32)
    return Column("x", held, texts), Column("x", held, Texts(pa.array(texts, pa.string())))


@given(st.lists(st.sampled_from(range(len(TEXTS))), max_size=20))
def test_many_texts_say_what_few_say(codes: list[int]) -> None:
    few, many = both(TEXTS, codes)
    assert list(many.texts) == TEXTS
    assert many.blank.tolist() == few.blank.tolist() == [TEXTS[code] == "" for code in codes]
    for pattern in (r"\s*", words.PLAIN, words.ROUNDED, words.TRIMMED, "C[0-9]+", "a|A-1 b"):
        assert many.matches(pattern).tolist() == few.matches(pattern).tolist()
    assert many.texts_at(many.codes) == few.texts_at(few.codes) == [TEXTS[code] for code in codes]
    assert many.series_at(many.codes).tolist() == few.series_at(few.codes).tolist() == [TEXTS[code] for code in codes]
    for one, other in ((few.recoded(str.strip), many.recoded(str.strip)), (few, many.recoded(str, "(?s:.*)"))):
        assert one.texts_at(one.codes) == other.texts_at(other.codes)


def test_texts_are_a_sequence() -> None:
    texts = Texts(pa.array(TEXTS))
    assert (len(texts), texts[2], texts[-1], texts[2:4]) == (8, "17850", "茶\n叶", ["17850", "C536379"])
    assert list(texts) == TEXTS


@given(st.text(max_size=12))
def test_what_is_called_plain_is_left_as_it_is(text: str) -> None:
    column = Column("x", np.array([0], dtype=np.int32), [text])
    if column.matches(words.PLAIN)[0]:
        assert words.identifier(text) == words.customer(text) == text
    if column.matches(words.TRIMMED)[0]:
        assert text.strip() == text


def frames(told: Purchases) -> dict[str, pd.DataFrame]:
    return {name: getattr(told, name) for name in ("people", "goods", "orders", "lines", "returns", "rejected")}


ODD = csv(
    "order id,date,customer,sku,quantity,price",
    "A-1,2025-03-01 10:00:00,10,p1,1,2.5",
    ",2025-03-01,11,p1,1,2.5",
    "A-2,,12,p2,2,3",
    "1.5E+16,2025-03-02,12,p2,2,3",
    "A-3,02.03.2025,order id,p 2,-1,3",
    "C17,2025-02-30,13,,1,(4)",
    "C18,2025-02-28 23:59,13,p1,1,order id",
)


@pytest.mark.parametrize("name", ["odd", "online retail"])
def test_a_file_is_read_alike_however_its_texts_are_held(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ODD
    if name == "online retail":
        datasets: Path = request.getfixturevalue("datasets")
        data = (
            pd.read_parquet(datasets / "online_retail.parquet")
            .sample(5_000, random_state=1)
            .to_csv(index=False)
            .encode()
        )
    _, few = bought(data)
    monkeypatch.setattr(delimited, "MANY", 1)
    assert any(isinstance(column.texts, Texts) for table in read(data, "x.csv") for column in table.columns)
    _, many = bought(data)
    for part, frame in frames(few).items():
        pd.testing.assert_frame_equal(frames(many)[part], frame)
    assert (many.accepted, many.without_customer, many.void, many.notes, many.currency) == (
        few.accepted,
        few.without_customer,
        few.void,
        few.notes,
        few.currency,
    )
