"""The commands as a table: complete, described, and told in README as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli import main, verbs
from bot.commands import Command, commands
from bot.language import language

ROOT = Path(__file__).parents[2]


def test_the_founders_loop_is_there() -> None:
    assert set(commands()) >= {
        "start", "help", "import", "segments", "customer", "recommend", "campaign", "outcome", "results", "language",
        "cancel",
    }  # fmt: skip


@pytest.mark.parametrize("command", commands().values(), ids=lambda command: command.name)
def test_a_command_fits_telegrams_menu(command: Command) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,32}", command.name)
    for code in ("en", "zh"):
        assert 3 <= len(command.summary.say(language(code))) <= 256


def test_readme_tells_the_commands() -> None:
    told = dict(re.findall(r"^\| `/(\w+)` +\| (.+?) +\|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M))
    assert told == {name: str(command.summary) for name, command in commands().items() if command.listed}


@pytest.mark.parametrize("verb", verbs(), ids=lambda verb: verb.name)
def test_a_verb_shows_examples(verb: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*verb.name.split(), "-h"])  # type: ignore[attr-defined]
    assert ended.value.code == 0
    assert f"zhike {verb.name}" in capsys.readouterr().out.split("examples:")[1]  # type: ignore[attr-defined]
