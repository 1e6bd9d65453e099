"""zhike templates, as programs see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

REF = "win_back.plain_hello.sms.en"
NEW = "Hi [name], new tea. Reply STOP to opt out"


@pytest.fixture
def zhike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def run(*words: str) -> dict[str, Any]:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", "templates", *words, "--json"]) == 0
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return run


def test_a_message_from_list_to_list(zhike: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    assert zhike("list")["goals"][0]["goal"] == "welcome"
    assert REF in [one["ref"] for one in zhike("list", "win-back")["templates"]]
    shown = zhike("show", REF)
    assert shown["version"] == 0
    assert shown["sms_parts"][0] == 1
    assert {"who", "text"} == set(shown["read_by"][0])
    edited = zhike("edit", REF, NEW)
    assert (edited["version"], edited["changed"]) == (2, True)
    file = tmp_path / "hello.txt"
    file.write_text(NEW, encoding="utf-8")
    assert not zhike("edit", REF, "--file", str(file))["changed"]
    assert [one["version"] for one in zhike("versions", REF)["versions"]] == [2, 1]
    assert zhike("back", REF, "1")["text"] == shown["text"]
    made = zhike("new", "win_back", "sms", NEW, "--name", "tea")
    assert made["ref"] == "win_back.tea.sms.en"
    assert zhike("drop", made["ref"])["own"]
    said = zhike("shop", "--name", "Hill Tea", "--price", "0.05")
    assert said == {"name": "Hill Tea", "address": None, "sms_price": 0.05}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("edit", REF), "Give the message as a text, or its file with --file."),
        (("edit", REF, "--file", "/nowhere.txt"), "/nowhere.txt cannot be read as UTF-8 text."),
        (("edit", REF, "Hi"), "how to get no more of them"),
        (("back", REF, "7"), "has no version 7"),
        (("new", "win_back", "pigeon", NEW), "There is no channel “pigeon”"),
        (("list", "sing"), "There is no goal “sing”"),
        (("shop", "--price", "cheap"), "is no price"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", "templates", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
