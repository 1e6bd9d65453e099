"""Columns beyond the known fields, and people whom no column names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import answers, understand, words
from engine.intake.answers import Answers
from engine.intake.tables import Coder, Table
from tests.engine.intake.files import csv, known, said


def of(*cells: str, header: str = "thing") -> Answers:
    """The one attribute of customers who each say one of the cells."""
    _, told = known(csv(f'customer id,"{header}"', *(f'{i},"{cell}"' for i, cell in enumerate(cells))))
    (made,) = told.answers
    return made


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("12.5", "3", "7,000"), "number"),
        (("1", "2", "3", "4", "5"), "scale"),
        (("0", "1", "1"), "yes_no"),
        (("1", "1"), "number"),
        (("0.00", "0.00"), "number"),
        (("yes", "No", "yes"), "yes_no"),
        (("是", "否"), "yes_no"),
        (("2025-01-05", "2025-02-06"), "date"),
        (("3/14/2025", "4/2/2025"), "date"),
        (("red;blue", "red", "blue;green"), "tags"),
        (("茶、咖啡", "茶", "咖啡、可可"), "tags"),
        (("gold", "silver", "gold"), "choice"),
        (tuple(f"No {i} Ltd" for i in range(30)), "text"),
    ],
)
def test_the_kind_of_a_column(cells: tuple[str, ...], kind: str) -> None:
    assert of(*cells).kind == kind


@pytest.mark.parametrize("header", ["满意度", "NPS", "satisfaction", "客户评分"])
def test_marks_are_a_scale_even_if_few_are_given(header: str) -> None:
    assert of("9", "4", header=header).kind == "scale"


def test_numbers_and_words_of_an_answer() -> None:
    made = of("Yes", "no", "")
    assert [made.texts[code] if code >= 0 else None for code in made.codes] == ["Yes", "no", None]
    assert [made.numbers[code] for code in made.codes[:2]] == [1, 0]
    assert made.n_told == 2


def test_minus_one_among_positive_numbers_is_nothing() -> None:
    _, told = known(csv("customer id,pdays", "1,-1", "2,-1", "3,5", "4,90", "5,7"))
    (made,) = told.answers
    assert made.codes.tolist()[:2] == [-1, -1]
    assert "-1 in “pdays” (2 rows) means that there is nothing; it counts as missing." in said(told.notes)


def test_999_far_above_all_others_is_nothing() -> None:
    assert of("999", "999", "3", "6", "9").n_told == 3
    assert of("999", "800", "3", "6", "9").n_told == 5


def test_minus_one_among_other_negative_numbers_is_a_number() -> None:
    assert of("-1", "-20", "3", "6", "9").n_told == 5


def test_what_is_private_or_prose_is_kept_out_and_told() -> None:
    prose = "a long story about what this person said when they came in last week"
    _, told = known(
        csv(
            "customer id,Address,password,card,passport no,note,second mail,life,plan",
            *(f"{i},Road {i},x{i},4111 1111 1111 1111,P{i},hm {i},a{i}@x.org,{prose} {i},pro" for i in range(20)),
        )
    )
    assert [made.name for made in told.answers] == ["plan"]
    assert "private: Address, password, card, passport no." in said(told.notes)
    assert "free text: note, life." in said(told.notes)


def test_how_many_comments_is_no_comment() -> None:
    _, told = known(csv("customer id,comments,note,signup ip", "1,12,nice,10.0.0.1", "2,0,,10.0.0.2", "3,7,,"))
    assert [(made.name, made.kind) for made in told.answers] == [("comments", "number")]
    assert "free text: note." in said(told.notes)
    assert "private: signup ip." in said(told.notes)


def test_a_later_row_counts_and_an_empty_cell_erases_nothing() -> None:
    _, told = known(csv("customer id,plan", "1,free", "2,free", "1,pro", "1,"))
    (made,) = told.answers
    assert [made.texts[code] for code in made.codes] == ["pro", "free"]
    assert "1 person stands in several rows" in said(told.notes)


def test_columns_of_one_folded_name_stay_apart() -> None:
    _, told = known(csv("customer id,Size,size (cm)", "1,L,180"))
    assert len({made.key for made in told.answers}) == 2


def test_people_alike_but_for_their_number_are_told() -> None:
    columns = ",".join(f"a{i}" for i in range(9))
    _, told = known(csv(f"customer id,{columns}", "1,1,2,3,4,5,6,7,8,9", "2,1,2,3,4,5,6,7,8,9", "3,0,0,0,0,0,0,0,0,0"))
    assert "1 person is like another in everything but the number" in said(told.notes)


def test_people_without_a_key() -> None:
    _, told = known(csv("age,job,balance", "30,clerk,5", "40,cook,-3"))
    assert told.keyless
    assert told.people[c.CUSTOMER_KEY].tolist() == ["row2", "row3"]
    assert told.people[c.BIRTH_YEAR].tolist() == [1996, 1986]
    assert [made.name for made in told.answers] == ["job", "balance"]
    assert "each row is one person, known by its row number" in said(told.notes)


def test_answers_of_many_without_any_known_word_are_people() -> None:
    rng = np.random.default_rng(1)
    lines = [",".join(map(str, row)) for row in rng.integers(1, 6, (40, 6)).tolist()]
    _, told = known(csv("pop,rock,jazz,opera,folk,punk", *lines))
    assert len(told.people) == 40
    assert [made.kind for made in told.answers] == ["scale"] * 6


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("red,green", "1,2"),
        (",".join(f"h{n}" for n in range(20)), ",".join("1" * 20)),
        ("order id,price,age", "1,3,4"),
        ("date,revenue,gender", "2025-01-01,3,f"),
        ("gender,age", "f,30"),
    ],
)
def test_what_is_neither_people_nor_sales_is_refused(header: str, row: str) -> None:
    with pytest.raises(FileRefused):
        understand(csv(header, row), "a.csv")


def test_a_country_of_numbers_is_an_answer() -> None:
    _, told = known(csv("age,country,pop", "30,3,4", "40,5,1"))
    assert c.COUNTRY not in told.people
    assert [made.name for made in told.answers] == ["country", "pop"]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=30))
def test_every_answer_is_one_of_the_cells_or_left_out(cells: list[str]) -> None:
    coder = Coder()
    for cell in cells:
        coder.add(cell)
    table = Table("t", (coder.column("thing"),), np.arange(len(cells)))
    found, notes = answers.read(table, (), np.arange(len(cells)), len(cells))
    assert len(found) <= 1
    for made in found:
        assert made.codes.shape == (len(cells),)
        assert len(made.texts) == len(made.numbers)
        for code, cell in zip(made.codes.tolist(), cells, strict=True):
            assert code < 0 or made.texts[code]
            assert code >= 0 or not words.text(cell) or notes


def test_a_row_for_each_question() -> None:
    _, told = known(
        csv(
            "用户ID,题目,答案",
            "u1,喜欢什么茶,绿茶",
            "u1,满意度,5",
            "u2,满意度,4",
            "u2,喜欢什么茶,红茶",
            "u1,喜欢什么茶,白茶",
            "u3,,7",
        )
    )
    said_by = {
        made.name: [made.texts[code] if code >= 0 else None for code in made.codes.tolist()] for made in told.answers
    }
    assert said_by == {"喜欢什么茶": ["白茶", "红茶", None], "满意度": ["5", "4", None]}
    assert [made.kind for made in told.answers] == ["choice", "scale"]
    assert "several rows" not in said(told.notes)


def test_people_of_different_names_are_not_alike() -> None:
    columns = ",".join(f"a{i}" for i in range(9))
    same = "1,2,3,4,5,6,7,8,9"
    for header, one, two in (("customer name", "Ann", "Bo"), ("phone", "13800138000", "13800138001")):
        rows = (f"1,{one},{same}", f"2,{two},{same}", f"3,{two},0,0,0,0,0,0,0,0,0")
        _, told = known(csv(f"customer id,{header},{columns}", *rows))
        assert "in everything but the number" not in said(told.notes)
