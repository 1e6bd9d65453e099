"""What names a person in a text: their values in any spelling, and nothing that others have by chance."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.phrases import Phrase, from_json, to_json
from engine.privacy.searching import csv_without, named_in
from engine.privacy.traces import REMOVED, Traces, folded

ANN = Traces.of(["K0301", "Ann Smith", "ann.smith@example.com", "+8613800000001"])
WEI = Traces.of(["王小伟", "12", "Bo", "小伟123"])


@pytest.mark.parametrize(
    "text",
    [
        "ann.smith@example.com",
        "Mail to ANN.SMITH@EXAMPLE.COM, please",
        "ann  smith bought tea",
        "smith,Ann,Smith,3",
        "Ａｎｎ Ｓｍｉｔｈ",
        "138-0000-0001",
        "+86 138 0000 0001",
        "of K0301 and others",
    ],
)
def test_a_spelling_of_a_value_names_its_person(text: str) -> None:
    assert ANN.found_in(text)
    assert ANN.is_named_by(text)


@pytest.mark.parametrize(
    "text", ["Annie Smithers", "K03011", "AK0301", "1380000000", "", "smith ann", "anne@example.com"]
)
def test_other_texts_do_not(text: str) -> None:
    assert not ANN.found_in(text)


def test_what_is_short_names_only_where_it_stands_alone() -> None:
    assert WEI.found_in("给王小伟发消息")
    assert not WEI.found_in("Bob has 12 cups")
    assert WEI.in_csv("7,Bo,12")
    assert not WEI.in_csv("7,Bob,12")
    assert not WEI.in_csv("7,12")
    assert WEI.in_csv('7,"小伟123",3')
    assert not Traces.of(["", None, "…"]).values


def test_a_json_loses_what_names_them_and_nothing_else() -> None:
    phrase = Phrase("{who} is Ann Smith's size: {n}", who="Ann Smith", n=3)
    told = json.dumps({"notes": [to_json(phrase)], "K0301 total": 5, "rows": 7, "other": ["Ann Smith (K0301)", "Bob"]})
    left = json.loads(ANN.without(told))
    assert left["rows"] == 7
    assert left["other"] == [REMOVED, "Bob"]
    assert "K0301 total" not in left
    # the wording of a phrase is no person's; its facts are
    assert from_json(left["notes"][0]).facts == {"who": REMOVED, "n": 3}


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
    )
)
def test_what_names_nobody_stays_as_it_is(value: object) -> None:
    assert ANN.without(value) == value
    assert ANN.without(json.dumps(value)) == json.dumps(value)


@given(st.text(alphabet="AnSmithk0301.@x, -", max_size=30))
def test_a_text_that_names_them_is_gone_and_another_is_whole(text: str) -> None:
    left = ANN.without(text)
    assert left == (REMOVED if ANN.is_named_by(text) else text)
    assert not ANN.found_in(left)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_files_are_read_in_the_encodings_that_shops_meet(encoding: str) -> None:
    assert named_in("号,名\n1,王小伟\n".encode(encoding), WEI)
    assert named_in("号,名\n1,李四\n".encode(encoding), WEI) is False


def test_archives_are_opened_and_what_cannot_be_is_said() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", "1,Ann Smith\n")
    assert named_in(packed.getvalue(), ANN)
    assert named_in(gzip.compress(b"1,ann.smith@example.com"), ANN)
    assert named_in(gzip.compress(b"1,bob"), ANN) is False
    assert named_in(b"PAR1\0\0\0", ANN) is None
    assert named_in(b"PK\x03\x04 broken", ANN) is None
    assert named_in(b"\x89PNG\0Ann Smith", ANN) is False
    assert named_in(b"", ANN) is False


def test_a_list_loses_the_rows_that_name_them() -> None:
    content = '\ufeffname,mail\r\nAnn Smith,ann.smith@example.com\r\n"B, C",b@example.com\r\n'.encode()
    assert csv_without(content, ANN) == '\ufeffname,mail\r\n"B, C",b@example.com\r\n'.encode()
    assert csv_without(b"name\nBob\n", ANN) is None
    assert csv_without("名,王小伟\n".encode("gb18030"), WEI) is None


def test_folding_keeps_letters_and_digits() -> None:
    assert folded("Ｏ'Brien, 王-小伟_1") == "obrien王小伟1"


def test_many_people_are_looked_for_at_once() -> None:
    many = Traces.of(f"person{i}@example.com" for i in range(5_000))
    assert many.found_in("x" * 200_000 + " Person4999@Example.com")
    assert not many.found_in("person5000@example.org " * 20_000)


@given(st.lists(st.text(alphabet="ab@.", min_size=1, max_size=8), max_size=6), st.text(alphabet="ab@. ", max_size=20))
def test_any_of_many_values_is_found_as_each_alone_is(values: list[str], text: str) -> None:
    assert Traces.of(values).found_in(text) == any(Traces.of([value]).found_in(text) for value in values)
