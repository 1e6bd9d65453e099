"""What gets into the log: enough to mend the bot, and nothing of anybody's."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bot import logs
from bot.cli import main
from bot.logs import Discreet, described, keep_secret, struck

TOKEN = "4711:AAF-a_token_that_nobody_may_read"
NAME, PHONE, MAIL = "林小雨", "+86 138 0013 8000", "xiaoyu.lin@example.com"
OTHER = "Mary O'Neill"
PERSONAL = (NAME, PHONE, "13800138000", MAIL, OTHER, TOKEN, "hunter2hunter2", "K7M2Q9XZ")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a handler of ours writes."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_secrets", set())
    keep_secret("hunter2hunter2")
    keep_secret("K7M2Q9XZ")
    keep_secret(None)


def a_key() -> None:
    known: dict[str, int] = {}
    known[NAME]


def a_number() -> None:
    float(MAIL)


def a_table() -> None:
    pd.DataFrame({"a": [1]})[[NAME, PHONE]]


def a_date() -> None:
    pd.to_datetime([NAME], format="%Y")


def an_array() -> None:
    np.array([PHONE]).astype(float)


def a_statement() -> None:
    sqlite3.connect(":memory:").execute(f"SELECT '{MAIL}' FROM \"{NAME}\"")


def a_constraint() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE a (b TEXT CHECK (b = ''))")
    db.execute("INSERT INTO a VALUES (?)", [NAME])


def a_document() -> None:
    json.loads(f'{{"name": "{NAME}", {PHONE}')


def an_encoding() -> None:
    f"{NAME}{MAIL}".encode("ascii")


def words() -> None:
    raise ValueError(f"no such customer: {NAME} {PHONE} <{MAIL}>")


def quotes() -> None:
    raise ValueError(f"can't find “{NAME}” or {OTHER!r} in “{OTHER}”")


def a_chain() -> None:
    try:
        words()
    except ValueError as error:
        raise RuntimeError(f"could not send to {MAIL} with hunter2hunter2") from error


def many_lines() -> None:
    raise ValueError(f"a table:\n    name   phone\n    {NAME} {PHONE}\n{MAIL}")


def a_code() -> None:
    raise ValueError(f"tried K7M2Q9XZ at https://api.telegram.org/bot{TOKEN}/getMe")


FAULTS = (
    *(a_key, a_number, a_table, a_date, an_array, a_statement, a_constraint, a_document, an_encoding),
    *(words, quotes, a_chain, many_lines, a_code),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_tells_where_and_what_kind_and_nothing_of_anybody(
    fault: Callable[[], None], written: io.StringIO
) -> None:
    try:
        fault()
    except Exception as error:
        logging.getLogger("bot").exception("work failed")
        kind, told = type(error).__name__, described(error)
    for text in (written.getvalue(), told):
        assert not [one for one in PERSONAL if one in text]
        assert kind in text
        assert f"in {fault.__name__}" in text
        assert "test_logs.py" in text


@pytest.mark.parametrize(
    "text",
    [
        f"mail to {MAIL}",
        f"<{MAIL}>: refused",
        f"call {PHONE}.",
        "call 13800138000 or 138-0013-8000",
        "call (555) 123-4567, 0171 2345678, +49 171 2345678",
        f"POST https://api.telegram.org/bot{TOKEN}/sendMessage",
        "the password is hunter2hunter2",
        "chat 1234567890123",
    ],
)
def test_addresses_phones_and_secrets_are_struck_out(text: str, written: io.StringIO) -> None:
    logging.getLogger("bot").warning("%s", text)
    said = written.getvalue() + struck(text)
    assert "…" in said
    for one in (*PERSONAL, "0013", "123-4567", "2345678", "1234567890"):
        assert one not in said


@pytest.mark.parametrize(
    "text",
    [
        "update 123456789 is put aside after 3 attempts",
        "17 updates were left over from before",
        "the store cannot be used; trying again",
        "2026-11-27 09:31:39,123 took 12.345678901 s at 127.0.0.1:8765",
        "row 400000 of 10000000, file orders-2026-11-27.csv, version 3.11.7",
    ],
)
def test_what_helps_to_mend_stays(text: str) -> None:
    assert struck(text) == text


def test_a_fault_of_the_command_line_says_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.cli.sales.sales_report", lambda shop: a_chain())
    assert main(["--db", str(tmp_path / "shop.db"), "sales"]) == 1
    told = capsys.readouterr().err
    assert "in a_chain" in told
    assert "fault of Zhike's" in told
    assert not [one for one in PERSONAL if one in told]
