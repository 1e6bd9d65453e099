"""The receipt of an import, as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.replies import Reply, Text, plain
from bot.replies.imports import receipt_reply
from engine import ENGLISH, Receipt
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
