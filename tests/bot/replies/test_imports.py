"""The receipt of an import, as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.replies import File, Picture, Reply, Text, plain
from bot.replies.imports import receipt_reply
from engine import ENGLISH, Finding, Limit, Phrase, Receipt
from engine.intake import Returns
from engine.intake.layouts import Kind

SOLD = Receipt(
    id=1,
    name="a.csv",
    kind="orders",
    rows=3,
    accepted=3,
    without_customer=0,
    rejected=0,
    reasons={},
    orders=2,
    customers=1,
    products=1,
    revenue=9.5,
    currency="USD",
    first=date(2025, 5, 1),
    last=date(2025, 5, 2),
)


def told(reply: Reply) -> str:
    return "\n".join(plain(part.lines, ENGLISH) for part in reply.parts if isinstance(part, Text))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("orders", "1 order of an earlier file was corrected by this one."),
        ("customers", "1 customer known before was completed or corrected by this file."),
        ("products", "1 product known before was completed or corrected by this file."),
    ],
)
def test_what_was_corrected_is_told(kind: Kind, expected: str) -> None:
    receipt = replace(SOLD, kind=kind)
    assert expected in told(receipt_reply(replace(receipt, changed=1), None, None))
    assert "corrected" not in told(receipt_reply(receipt, None, None))


def test_a_file_of_returns_alone_tells_the_returns() -> None:
    gone = replace(SOLD, orders=0, products=0, revenue=0.0, first=None, last=None, returns=Returns(2, 7.0))
    text = told(receipt_reply(gone, None, None))
    assert "No new order; 2 returns, worth" in text
    assert "0 products" not in text


LIMIT = Limit("period", Phrase("Too short."), Phrase("Wait."))
FINDING = Finding("future", 2, Phrase("2 orders are dated in the future."), Phrase("A slip."))


def lines_of(reply: Reply) -> list[str]:
    return told(reply).splitlines()


def labels(reply: Reply) -> list[str]:
    (text,) = [part for part in reply.parts if isinstance(part, Text)]
    return [button.line for row in text.buttons for button in row]


def test_the_most_important_comes_first() -> None:
    full = replace(SOLD, limits=(LIMIT,), findings=(FINDING,), reasons={"no date": 1}, notes=(Phrase("A note."),))
    titles = ["What it cannot tell yet", "Worth a look", "Left out, and why", "Good to know"]
    lines = lines_of(receipt_reply(full, None, None))
    assert [line for line in lines if line in titles] == titles
    assert "  • Too short. Wait." in lines
    assert "  • 2 orders are dated in the future." in lines


def test_what_is_only_good_to_know_is_left_to_the_check_up() -> None:
    note = replace(FINDING, is_fault=False)
    assert "Worth a look" not in told(receipt_reply(replace(SOLD, findings=(note,)), None, None))


def test_a_picture_bears_the_figures_and_the_text_the_rest() -> None:
    reply = receipt_reply(replace(SOLD, limits=(LIMIT,)), b"rows", b"png")
    file, picture, text = reply.parts
    assert isinstance(file, File)
    assert isinstance(picture, Picture)
    assert isinstance(text, Text)
    assert plain(picture.lines, ENGLISH).splitlines()[0] == "I have read a.csv"
    assert plain(text.lines, ENGLISH).splitlines()[0] == "What it cannot tell yet"


def test_a_picture_with_nothing_to_say_beside_has_the_buttons() -> None:
    (picture,) = receipt_reply(SOLD, None, b"png").parts
    assert isinstance(picture, Picture)
    assert [button.line for row in picture.buttons for button in row] == [
        "/segments",
        "/sales",
        "/quality 1",
        "/columns of 1",
    ]


def test_without_customers_it_leads_to_what_the_file_can_tell() -> None:
    nobody = replace(SOLD, orders=0, customers=0, accepted=0, without_customer=3, unnamed_orders=2, unnamed_revenue=9.5)
    reply = receipt_reply(nobody, None, None)
    assert lines_of(reply)[1:3] == ["3 rows: 3 in without a customer", "2 orders without a customer, $9.50 in all"]
    assert labels(reply) == ["/sales", "/quality 1", "/columns of 1"]


def test_many_reasons_and_findings_are_told_in_short() -> None:
    findings = tuple(replace(FINDING, what=Phrase(f"Odd {n}.")) for n in range(5))
    reasons = {"no date": 9, "no price": 8, "no product": 7, "no quantity": 6, "too few cells": 5, "too many cells": 4}
    text = told(receipt_reply(replace(SOLD, findings=findings, reasons=reasons), None, None))
    assert "Odd 2." in text
    assert "Odd 3." not in text
    assert "2 more: press “How clean is it?”" in text
    assert "9 rows for other reasons" in text
