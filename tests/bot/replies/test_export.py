"""What is said of the files of an export."""

from __future__ import annotations

from pathlib import Path

from bot.replies import Text, plain
from bot.replies.export import exported_reply
from engine import ENGLISH, Exported


def told(*names: str) -> str:
    (text,) = exported_reply([Exported(Path(name), 2) for name in names]).parts
    assert isinstance(text, Text)
    return plain(text.lines, ENGLISH)


def test_each_file_has_its_place_in_the_order_in_which_they_are_read_back() -> None:
    said = told("customers.csv", "order-lines.csv", "answers.csv", "events.csv", "products.csv")
    assert "in this order: customers.csv, order-lines.csv, answers.csv, events.csv, products.csv." in said
    assert "Your customers' data are among it" in said


def test_goods_alone_are_nobodys_data() -> None:
    assert "customers' data" not in told("order-lines.csv", "products.csv")
    assert "It opens in any spreadsheet, and I can read it back." in told("products.csv")
