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


@pytest.mark.parametrize("command", commands().values(), ids=lambda command: command.name)
def test_a_command_says_what_a_helper_may(command: Command) -> None:
    assert command.helpers is not None, "decide it: ANYTHING, NOTHING, only(…) or all_but(…) of bot.roles"
    assert command.open_to("owner", "whatever")


OWNERS_ALONE = """
/import
/campaign approve 3
/campaign undo 3
/campaign drop 3
/campaign change 3
/campaign first 3 20%
/campaign list 3
/campaign list 3 mailchimp
/campaign takeback 3
/campaign next 3
/campaign sent 3 17
/campaign skip 3 17
/wave approve 3 2 50
/wave drop 3
/wave more 3
/send 3
/send 3 again
/outcome A 3/40
/export
/columns 12 import
/limits email cap 2/7
/limits email=cap
/rules price 20-200
/rules undo
/rules none K0003
/rules no #p12 K0003
/preset finance
/missing set birth_year median
/missing SET birth_year median
/missing clear birth_year
/same one 12
/same two 12
/segments csv 3
/segments moved csv
/segments rule VIP: orders >= 3
/segments drop VIP
/lifecycle csv
/lifecycle csv use
/value csv
/value 30 csv less
/recommend csv #p7
/recommend due csv
/recommend mix 0.5
/recommend no #c12 #p7 both
/templates drop win_back.plain_hello.sms.en
/templates set name
/templates name My Shop
/templates price 0.05
/unsubscribe back K001
/unsubscribe personal K001
"""
HELPERS_TOO = """
/help
/start
/cancel
/language zh
/sales
/quality 3
/segments
/segments show 3
/lifecycle show use 10
/value 30 less
/customer K001
/recommend K001
/recommend who #p7 10
/similar tea
/rules
/rules history
/rules refused K001
/limits
/limits email
/preset
/missing
/missing birth_year
/same
/same page 5 0
/plan 400
/campaign
/campaign 3
/campaign for 12
/campaign to K001, ann@x.com
/campaign rule orders >= 3
/campaign 12 win_back AC uniform 1
/campaign draft 12 win_back AC cooling:know
/campaign draft 12 win_back AC cooling:know 1
/campaign show 3
/campaign history 3
/campaigns 2
/templates win_back
/templates edit win_back.plain_hello.sms.en
/templates write win_back.plain_hello.sms.en Hello
/unsubscribe K001
/results 3
/wave
/wave 3 20%
/evaluate value
"""


@pytest.mark.parametrize("line", OWNERS_ALONE.split("\n")[1:-1])
def test_what_acts_in_the_shops_name_is_the_owners_alone(line: str) -> None:
    name, _, text = line.removeprefix("/").partition(" ")
    assert not commands()[name].open_to("helper", text)


@pytest.mark.parametrize("line", HELPERS_TOO.split("\n")[1:-1])
def test_a_helper_looks_and_drafts(line: str) -> None:
    name, _, text = line.removeprefix("/").partition(" ")
    assert commands()[name].open_to("helper", text)


def test_readme_tells_the_commands() -> None:
    told = dict(re.findall(r"^\| `/(\w+)` +\| (.+?) +\|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M))
    assert told == {name: str(command.summary) for name, command in commands().items() if command.listed}


@pytest.mark.parametrize("verb", verbs(), ids=lambda verb: verb.name)
def test_a_verb_shows_examples(verb: object, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*verb.name.split(), "-h"])  # type: ignore[attr-defined]
    assert ended.value.code == 0
    assert f"zhike {verb.name}" in capsys.readouterr().out.split("examples:")[1]  # type: ignore[attr-defined]
