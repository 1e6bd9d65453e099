"""/pool in the chat, and zhike pool: each step by word or button, each file by dropping it in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.language import language
from bot.replies import File, Reply, Text, markup
from bot.roles import HELPER
from engine import EngineError, NotAllowed, Shop, silent
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.engine.services.pooling_shops import GOAL, Round, Shops, campaign, lost

pytestmark = pytest.mark.usefixtures("small_pool_keys")


def asked(shop: Shop, text: str = "", file: bytes | None = None, code: str = "en") -> Reply:
    path = shop.path.with_suffix(".received")
    if file is not None:
        path.write_bytes(file)
    request = Request(code, text=text, file=None if file is None else path)
    return commands()["pool"].run(shop, request, silent)


def said(reply: Reply, code: str = "en") -> str:
    return "\n".join(
        line for part in reply.parts if isinstance(part, Text) for line in markup(part.lines, language(code))
    )


def pressed(reply: Reply) -> dict[str, str]:
    """The lines of the buttons by their label."""
    rows = [row for part in reply.parts if isinstance(part, Text) for row in part.buttons]
    return {str(button.label): button.line.partition(" ")[2] for row in rows for button in row}


def file_of(reply: Reply) -> bytes:
    (file,) = [part for part in reply.parts if isinstance(part, File)]
    return file.content


def copy(of: Shops, tmp_path: Path) -> Shops:
    return replace(of.copied(tmp_path / "copy"), clock=of.clock)


async def test_an_invitation_in_the_chat(shop: Shop, pool_round: Round, tmp_path: Path) -> None:
    """Over real HTTP: dropped in, joined by button, named by free text; what is no file of a pool is refused."""
    campaign(shop, {"A": (9, 100), "B": (2, 100)})
    path, wrong = tmp_path / "invitation.json", tmp_path / "orders.json"
    path.write_bytes(pool_round.invitation.content)
    wrong.write_text("{}")
    async with running_bot(shop) as founder:
        (first,) = await founder.says("/pool")
        assert "Nobody sees the counts of a single shop" in text_of([first])
        assert "no file of a pool" in text_of(await founder.drops(wrong, caption="/pool"))
        # a file of a pool is known as one, whatever was said before
        (card,) = await founder.drops(path)
        assert "You are invited to a pool." in text_of([card])
        (question,) = await founder.presses(card, "Join")
        assert "What is your shop called?" in text_of([question])
        answers = await founder.says("Hill Tea")
        assert any("document" in message for message in answers)
        assert "You have joined as “Hill Tea”." in text_of(answers)
        again = await founder.drops(path, caption="/pool")
        assert "I had this file already" in text_of(again)
        asking = await founder.says("/pool")
        (sure,) = await founder.presses(with_button(asking, "Forget this pool"), "Forget this pool")
        assert [button["text"] for button in buttons(sure)] == ["Yes, forget it", "No"]
        (gone,) = await founder.presses(sure, "Yes, forget it")
        assert "is forgotten" in text_of([gone])


def test_a_whole_round_by_words_and_files(pool_round: Round, tmp_path: Path) -> None:
    """From the last shop's counts to the result, with what each sees on the way."""
    made = copy(pool_round.submitted, tmp_path)
    lost(made, 1)
    made.all[1] = pool_round.started.copied(tmp_path / "before").keeper
    card = asked(made.organiser)
    assert "Counts are still missing from: Shop 2" in said(card)
    assert "Add up" not in pressed(card)
    keeper = asked(made.keeper)
    assert "The key is kept by “Shop 2”." in said(keeper)
    handed = asked(made.keeper, pressed(keeper)["The digits are the same: lock my counts"])
    assert "Your counts are locked: 1 campaign, 1,801 messages." in said(handed)
    assert "ε is 1.00 for a customer" in said(handed)
    taken = asked(made.organiser, file=file_of(handed))
    assert "The counts of “Shop 2” are in" in said(taken) and "All counts are in." in said(taken)
    total = asked(made.organiser, pressed(taken)["Add up"])
    opened = asked(made.keeper, file=file_of(total))
    assert "The key is deleted." in said(opened)
    result = asked(made.all[3], file=file_of(opened))
    assert "What 5 shops saw together" in said(result)
    assert "what it asks for: write back: × " in said(result)
    off = asked(made.all[3], pressed(result)["Leave it out"])
    assert "counts no more" in said(off) and "Count it" in pressed(off)
    assert "参考它" in said(asked(made.all[3], pressed(off)["Count it"], code="zh"), "zh")


def test_every_state_is_told_in_chinese(pool_round: Round) -> None:
    for shops in (pool_round.joined, pool_round.started, pool_round.submitted, pool_round.finished):
        for shop in (shops.organiser, shops.keeper, shops.all[4]):
            text = said(asked(shop, code="zh"), "zh")
            assert "联合统计" in text
            rest = text.replace("Shop", "").replace("b>", "").replace("ε", "")
            assert not [letter for letter in rest if letter.isascii() and letter.isalpha()]


def test_beginning_and_starting(pool_round: Round, tmp_path: Path) -> None:
    made = copy(pool_round.joined, tmp_path)
    card = asked(made.organiser)
    assert "Joined so far: " in said(card)
    with pytest.raises(EngineError, match="4 of at least 5"):
        asked(made.organiser, "start 1 without Shop 4")
    started = asked(made.organiser, pressed(card)["All have joined: start"])
    assert "Read these digits" in said(started)
    goals = asked(made.organiser, "new")
    begun = asked(made.organiser, pressed(goals)["Ask how they like it"])
    assert json.loads(file_of(begun))["zhike_pool"] == "invitation"
    both = asked(made.organiser)
    assert "Pool 1: Ask how they like it" in pressed(both)
    joined = asked(made.organiser, "join 2 Hill Tea")
    assert "Joined so far: Hill Tea" in said(joined)


@pytest.mark.parametrize("text", ["fly", "join", "join x", "start 1 without", "sum one", "new nonsense", "9", "off 9"])
def test_words_that_mean_nothing(pool_round: Round, text: str) -> None:
    with pytest.raises(EngineError):
        asked(pool_round.finished.all[4], text)


def test_who_is_not_the_organiser(pool_round: Round) -> None:
    for text in ("start 1", "sum 1"):
        with pytest.raises(NotAllowed, match="Only the shop that began"):
            asked(pool_round.submitted.all[3], text)
    with pytest.raises(NotAllowed, match="Counts go to the shop that began"):
        asked(pool_round.submitted.all[3], file=pool_round.submissions[2].content)
    with pytest.raises(NotAllowed, match="keeps the key; your shop does not"):
        asked(pool_round.submitted.all[3], file=pool_round.sum.content)
    with pytest.raises(EngineError, match="no file of a pool"):
        asked(pool_round.submitted.all[3], file=b"x" * 5_000_000)


def test_it_is_the_owner_s_alone() -> None:
    for name in ("pool", "pooling"):
        assert not commands()[name].open_to(HELPER, "")


def test_what_takes_seconds_is_long_work(pool_round: Round) -> None:
    """So that others in the chat do not wait for it."""
    reply = asked(pool_round.started.keeper)
    rows = [row for part in reply.parts if isinstance(part, Text) for row in part.buttons]
    lines = {button.line.split()[1]: button.line.split()[0] for row in rows for button in row}
    assert lines["submit"] == reply.awaits == "/pooling"
    assert lines["forget"] == "/pool"
    assert commands()["pooling"].long and not commands()["pool"].long


# the command line


def zhike(capsys: pytest.CaptureFixture[str], shop: Shop, *words: str) -> dict[str, Any]:
    assert main(["--db", str(shop.path), "--language", "en", "pool", *words, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def refused(capsys: pytest.CaptureFixture[str], shop: Shop, *words: str) -> str:
    assert main(["--db", str(shop.path), "--language", "en", "pool", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_as_programs_see_it(pool_round: Round, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = copy(pool_round.submitted, tmp_path)
    total, result = tmp_path / "sum.json", tmp_path / "result.json"
    assert zhike(capsys, made.organiser, "sum", "--out", str(total))["kind"] == "sum"
    assert zhike(capsys, made.keeper, "open", str(total), "--out", str(result))["file"] == str(result)
    used = zhike(capsys, made.all[2], "use", str(result))
    assert used["new"] and len(used["pool"]["result"]["values"]) == 4
    assert set(used["pool"]["result"]["values"][0]) == {
        "goal", "trait", "value", "conversions", "sends", "expected", "ratio",
    }  # fmt: skip
    assert zhike(capsys, made.all[2], "use", "--off") == {"used": False}
    (shown,) = zhike(capsys, made.all[2], "show")["pools"]
    assert (shown["used"], shown["epsilon_of_a_message"], shown["epsilon_of_a_customer"]) == (False, 1.0, 1.0)
    assert "Say --yes" in refused(capsys, made.all[2], "forget", "1")
    assert zhike(capsys, made.all[2], "forget", "1", "--yes") == {"forgotten": 1}
    assert zhike(capsys, made.all[2], "show") == {"pools": []}


def test_what_the_command_line_refuses(pool_round: Round, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = copy(pool_round.started, tmp_path)
    roster = tmp_path / "roster.json"
    roster.write_bytes(pool_round.roster.content)
    assert "not the digits of your pool" in refused(capsys, made.all[2], "submit", str(roster), "--digits", "1 2 3")
    assert "what is wanted here is an invitation" in refused(capsys, made.all[2], "join", str(roster), "--name", "x")
    assert "cannot be read" in refused(capsys, made.all[2], "add", str(tmp_path / "none.json"))
    assert "Give the result's file" in refused(capsys, made.all[2], "use")
    assert "5 to 100" in refused(capsys, made.all[2], "new", GOAL, "--shops", "3")
    assert "0.1 to 4" in refused(capsys, made.all[2], "new", GOAL, "--epsilon", "9")
    assert "no goal" in refused(capsys, made.all[2], "new", "fame")
    assert "1 to 180" in refused(capsys, made.all[2], "new", GOAL, "--days", "0")
    folder = zhike(capsys, made.all[2], "new", GOAL, "--out", str(tmp_path))
    assert Path(folder["file"]).parent == tmp_path
