"""/lifecycle in the chat and on the command line: stages, people, lists, months, and a campaign from there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.language import language
from bot.replies import File, Picture, Reply, Text, markup
from engine import NotAllowed, NotFound, Shop, find_stages, list_campaigns, silent
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.clock import noon
from tests.engine.services.demo_shop import put_demo

Asked = Callable[..., tuple[str, dict[str, str]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop, its stages worked out once."""
    path = tmp_path_factory.mktemp("demo") / "shop.db"
    shop = Shop(path, clock=noon)
    put_demo(shop)
    find_stages(shop)
    return path


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Shop:
    shutil.copy(made, tmp_path / "shop.db")
    return Shop(tmp_path / "shop.db", clock=noon)


def reply_to(shop: Shop, text: str, code: str = "en", command: str = "lifecycle") -> Reply:
    return commands()[command].run(shop, Request(code, text=text), silent)


def said(reply: Reply, code: str = "en") -> tuple[str, dict[str, str]]:
    """The words of the last part, and the lines of its buttons by their label."""
    part = reply.parts[-1]
    assert isinstance(part, Text)
    words = "\n".join(markup(part.lines, language(code)))
    return words, {button.label.say(language(code)): button.line for row in part.buttons for button in row}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            "en",
            ["Loyalty: ", "Not observable: Awareness, Interest, Evaluation.", "Who has moved since 2026-09-30", "80%"],
        ),
        ("zh", ["忠诚：", "看不出来的阶段：认知、兴趣、评估。", "2026-09-30以来谁换了阶段", "80%"]),
    ],
)
def test_all_stages_with_pictures_and_a_button_each(demo: Shop, code: str, words: list[str]) -> None:
    reply = reply_to(demo, "", code)
    assert [type(part) for part in reply.parts] == [Picture, Picture, Text]
    text, found = said(reply, code)
    assert all(word in text for word in words)
    lines = set(found.values())
    assert {"/lifecycle show loyalty", "/lifecycle show churn", "/lifecycle show new-warned"} <= lines
    assert {"/lifecycle history", "/lifecycle csv", "/lifecycle again"} <= lines
    assert not any("show awareness" in line for line in lines)  # nobody is seen there


@pytest.mark.parametrize("code", ["en", "zh"])
def test_people_page_by_page(demo: Shop, code: str) -> None:
    text, found = said(reply_to(demo, "show loyalty", code), code)
    assert text.count("• ") == 10
    more = "/lifecycle show loyalty 10"
    assert more in found.values()
    assert {"/campaign for loyalty", "/lifecycle csv loyalty", "/lifecycle"} <= set(found.values())
    second, _ = said(reply_to(demo, "show loyalty 10", code), code)
    first, further = ({line for line in page.splitlines() if line.startswith("•")} for page in (text, second))
    assert len(first | further) == 20
    nobody, left = said(reply_to(demo, "show evaluation", code), code)
    assert "• " not in nobody
    assert list(left.values()) == ["/lifecycle"]


def test_a_stage_is_named_in_either_language(demo: Shop) -> None:
    assert reply_to(demo, "show 流失预警") == reply_to(demo, "show warned") == reply_to(demo, "show Churn warning")
    with pytest.raises(NotFound, match="There is no stage kings"):
        reply_to(demo, "show kings")
    with pytest.raises(NotAllowed, match="press a stage's button"):
        reply_to(demo, "sideways")


@pytest.mark.parametrize(("text", "name"), [("csv", "lifecycle.csv"), ("csv churn", "lifecycle-churn.csv")])
def test_lists(demo: Shop, text: str, name: str) -> None:
    (part,) = reply_to(demo, text, "zh").parts
    assert isinstance(part, File)
    assert part.name == name
    assert part.content.decode("utf-8-sig").splitlines()[0].startswith("客户,")


@pytest.mark.parametrize("code", ["en", "zh"])
def test_month_by_month(demo: Shop, code: str) -> None:
    reply = reply_to(demo, "history", code)
    assert isinstance(reply.parts[0], Picture)
    text, _ = said(reply, code)
    assert "2026-10-31" in text
    assert "2025-11-30" in text


def test_after_a_file_the_stages_are_worked_out_anew_without_being_asked(demo: Shop) -> None:
    before = find_stages(demo)
    with demo.open() as db:
        db.conn.execute(
            "INSERT INTO imports (name, sha256, kind, receipt, at) VALUES ('x', 'x', 'orders', '{}', '2026-11-23')"
        )
    assert "have it worked out again" not in said(reply_to(demo, "show use"))[0]
    after = find_stages(demo)
    assert after.is_fresh
    assert after.run > before.run


def test_a_campaign_for_who_has_just_moved(demo: Shop) -> None:
    text, found = said(reply_to(demo, "for new-warned", command="campaign"))
    assert "Just came under churn warning" in text
    goal = next(line for line in found.values() if "win_back" in line)
    assert said(reply_to(demo, goal.removeprefix("/campaign "), command="campaign"))[1]
    # the same by its Chinese name, and among the choices for a new campaign
    assert said(reply_to(demo, "for 刚变成流失预警", command="campaign"))[1] == found
    assert "/campaign for new-warned" in said(reply_to(demo, "", command="campaign"))[1].values()
    with pytest.raises(NotFound, match="There is no segment “kings”"):
        reply_to(demo, "for kings", command="campaign")
    with pytest.raises(NotAllowed, match="Nobody is in “Interest” now"):
        reply_to(demo, "for interest", command="campaign")


@pytest.mark.parametrize(("code", "word"), [("en", "Stage: "), ("zh", "生命周期：")])
def test_the_card_tells_the_stage(demo: Shop, code: str, word: str) -> None:
    text, _ = said(reply_to(demo, "K0003", code, "customer"), code)
    assert text.count(word) == 1
    assert "{" not in text


async def test_from_stages_to_a_draft_in_the_chat(demo: Shop) -> None:
    async with running_bot(demo) as founder:
        before = len(list_campaigns(demo))
        stages = await founder.says("/lifecycle")
        assert len([message for message in stages if "photo" in message]) == 2
        people = await founder.presses(with_button(stages, "churn warning"), "Just came under churn warning")
        assert "likely to order nothing" in text_of(people)
        goals = await founder.presses(people[-1], "Draft a campaign")
        versions = await founder.presses(goals[-1], "back")
        draft = with_button(await founder.presses(versions[-1], "Make the draft"), "Approve")
        assert "Just came under churn warning" in draft["text"]
        assert len(list_campaigns(demo)) == before + 1
        csv = await founder.presses(people[-1], "CSV")
        assert csv[-1]["document"]["file_name"] == "lifecycle-new-warned.csv"
        back = await founder.presses(people[-1], "Back to all stages")
        assert buttons(with_button(back, "Work it out again"))


def test_the_command_line(demo: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def run(*words: str) -> dict[str, object]:
        assert main(["--db", str(demo.path), "--language", "en", "lifecycle", *words, "--json"]) == 0
        document: dict[str, object] = json.loads(capsys.readouterr().out)
        return document

    whole = run()
    assert set(whole) >= {"run", "as_of", "thresholds", "stages", "moves", "entry_points", "months", "record", "fresh"}
    sizes = {stage["key"]: stage["size"] for stage in whole["stages"]}  # type: ignore[attr-defined]
    assert sizes["awareness"] is None
    assert sum(size or 0 for size in sizes.values()) == whole["customers"] == 300
    people = run("流失", "-n", "3")
    assert (people["key"], people["size"], len(people["people"])) == ("churn", sizes["churn"], 3)  # type: ignore[arg-type]
    out = tmp_path / "lost.csv"
    assert run("churn", "--csv", "--out", str(out)) == {"stage": "churn", "file": str(out)}
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 1 + (sizes["churn"] or 0)
    assert len(run("--history")["months"]) == 13  # type: ignore[arg-type]
    assert main(["--db", str(demo.path), "--language", "zh", "lifecycle", "no-such"]) == 2
    assert "没有“no-such”这个阶段" in capsys.readouterr().err
    draft = ["campaign", "draft", "--segment", "刚变成流失预警", "--goal", "win-back"]
    assert main(["--db", str(demo.path), "--language", "zh", *draft]) == 0
    assert "刚变成流失预警" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "part"), [("en", "No customer is here yet"), ("zh", "还没有客户")])
def test_an_empty_shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, part: str) -> None:
    assert main(["--db", str(tmp_path / "new.db"), "--language", code, "lifecycle"]) == 2
    error = capsys.readouterr().err
    assert part in error
    assert error.count("\n") == 1
