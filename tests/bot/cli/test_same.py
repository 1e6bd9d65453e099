"""zhike same: what programs see of who is one person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from tests.bot.test_same import SHARED


def test_listed_and_settled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(SHARED)

    def zhike(*words: str, status: int = 0) -> Any:
        assert main(["--db", str(tmp_path / "zhike.db"), "--language", "en", *words, "--json"]) == status
        out = capsys.readouterr()
        return json.loads(out.out) if status == 0 else out.err.strip()

    receipt = zhike("import", str(file))
    assert (receipt["known_by"], receipt["pairs"]) == ({}, 1)
    found = zhike("same")
    assert (found["suspected"]["total"], found["merged"]["total"], found["two"]) == (1, 1, 0)
    (maybe,), (one,) = found["suspected"]["pairs"], found["merged"]["pairs"]
    assert (maybe["by"], maybe["value"], maybe["said_by"]) == ("phone", "13800138000", None)
    assert maybe["people"][1] == {
        "key": "18", "name": "Bob Ray", "email": None, "phone": "13800138000", "n_orders": 1, "revenue": 20.0,
    }  # fmt: skip
    assert zhike("same", "--one", str(maybe["pair"]))["changed"]
    assert not zhike("same", "--one", str(maybe["pair"]))["changed"]
    assert zhike("customers")["total"] == 1
    undone = zhike("same", "--two", str(one["pair"]))
    assert (undone["state"], undone["said_by"], undone["changed"]) == ("two", "owner", True)
    assert zhike("customers")["total"] == 2
    assert zhike("same")["two"] == 1
    assert "There is no pair 99" in zhike("same", "--two", "99", status=2)
    assert zhike("check")["sound"]
