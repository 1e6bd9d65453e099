"""From naming people to the last mail, as a founder talks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.language import language
from bot.replies import Reply, Text, markup
from bot.settings import read_settings
from engine import ENGLISH, EngineError, NotAllowed, Shop, silent
from engine.campaigns.channels import channels
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.clock import At, noon
from tests.engine.sending.made import addresses, approved
from tests.engine.sending.post_office import post_office
from tests.engine.services.demo_shop import put_demo


def asked(shop: Shop, name: str, text: str, code: str = "en", **more: object) -> tuple[str, dict[str, str]]:
    """What is answered, and the lines of its buttons by their label."""
    request = Request(code, text=text, **more)  # type: ignore[arg-type]
    reply: Reply = commands()[name].run(shop, request, silent)
    texts = [part for part in reply.parts if isinstance(part, Text)]
    said = "\n".join(line for part in texts for line in markup(part.lines, language(code)))
    return said, {button.label.say(ENGLISH): button.line for part in texts for row in part.buttons for button in row}


@pytest.mark.parametrize("way", ["named", "file"])
async def test_people_whom_the_founder_names(shop: Shop, tmp_path: Path, way: str) -> None:
    put_demo(shop)
    path = tmp_path / "people.csv"
    path.write_text("name,who\nx,K0003\ny,K0005\nz,K0007\nq,K9999\n")
    async with running_bot(shop) as founder:
        start = await founder.says("/campaign")
        await founder.presses(with_button(start, "People whom I name"), "People whom I name")
        (goals,) = await (founder.says("K0003, K0005, K0007, Nobody") if way == "named" else founder.drops(path))
        assert "3 customers, as you named them" in text_of([goals])
        assert "1 of your list is nobody I know" in text_of([goals])
        (choice,) = await founder.presses(goals, "Win people back")
        for _ in channels():
            if "Sent by: E-mail" in {button["text"] for button in buttons(choice)}:
                break
            (choice,) = await founder.presses(choice, "Sent by: ")
        (draft,) = await founder.presses(choice, "Make the draft")
        said = text_of([draft])
        assert "left out" in said or "3 people get a message" in said
        answers = await founder.presses(draft, "Approve")
        done = with_button(answers, "Send by e-mail")
        assert "You can take the approval back until" in text_of([done])
        labels = {button["text"] for button in buttons(done)}
        assert {"List for Mailchimp", "List for Klaviyo", "One by one, to copy", "Take the approval back"} <= labels
        assert not any("document" in message for message in answers)  # the list would be a second way
        (back,) = [m for m in await founder.presses(done, "Take the approval back") if "draft again" in text_of([m])]
        assert back


def test_a_campaign_goes_out_by_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = approved(tmp_path / "shop.db", 5)
    with pytest.raises(NotAllowed, match="ZHIKE_SMTP_HOST"):
        asked(shop, "send", "1")
    with post_office() as (box, mail):
        for name, value in {
            "HOST": mail.host,
            "PORT": str(mail.port),
            "FROM": mail.sender,
            "SECURITY": "none",
            "PER_MINUTE": "100000",
        }.items():
            monkeypatch.setenv(f"ZHIKE_SMTP_{name}", value)
        box.cut_after_data = {"k2@example.com"}
        said, found = asked(shop, "send", "1")
        assert "4 mails were accepted" in said
        assert "Of 1 message it is not known whether it arrived" in said
        assert "/unsubscribe" in said  # no page for one click: it is said
        box.cut_after_data = set()
        said, _ = asked(shop, "send", found["Send those again all the same"].removeprefix("/send "), "zh")
        assert "收下了1封邮件" in said
        assert set(box.addresses) == set(addresses(5))
        history, _ = asked(shop, "campaign", "history 1")
        assert history.count("sending begun") == 2
        said, _ = asked(shop, "campaign", "show 1")
        assert "5 messages: sent" in said
    with pytest.raises(EngineError, match="nothing is left"):
        asked(shop, "send", "1")


def test_mail_is_offered_where_the_bot_can_send_it(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 5)
    _, ways = asked(shop, "campaign", "1")
    assert ways["Send by e-mail"] == "/send 1"
    # a bot that several founders share has no mail server of this one's
    said, ways = asked(replace(shop, house=tmp_path / "house.db"), "campaign", "1")
    assert "Send by e-mail" not in ways
    assert ways["The list to send (CSV)"] == "/campaign list 1"
    assert "mail server" not in said


def test_one_text_after_the_other(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 2, channel="text")
    said, found = asked(shop, "campaign", "next 1")
    assert "<blockquote>" in said
    said, found = asked(shop, "campaign", found["Sent, next"].removeprefix("/campaign "), pressed=True)
    assert "1 left" in said
    said, found = asked(shop, "campaign", found["Skip"].removeprefix("/campaign "), pressed=True)
    assert "1 was sent by hand." in said
    assert "1 was skipped" in said


@pytest.mark.parametrize(
    ("code", "words"), [("en", "at most one message in 7 days"), ("zh", "最多7天1条")], ids=["English", "Chinese"]
)
def test_limits_are_shown_and_changed(shop: Shop, code: str, words: str) -> None:
    said, _ = asked(shop, "limits", "email cap 1/7", code)
    assert words in said
    assert words in asked(shop, "limits", "", code)[0]
    refused, ways = asked(shop, "limits", "email cap none at all", code)
    assert "/limits" in refused
    assert words not in refused
    assert ways["All rules"] == "/limits"
    assert words in asked(shop, "limits", "", code)[0]


def test_limits_have_ways_on_and_back(shop: Shop) -> None:
    said, ways = asked(shop, "limits", "", "zh")
    assert "/limits 邮件 上限 7天2封" in said
    assert ways["E-mail"] == "/limits email"
    said, ways = asked(shop, "limits", "邮件 上限 7天2封", "zh")
    assert "最多7天2条" in said
    assert ways["All rules"] == "/limits"
    said, ways = asked(shop, "limits", ways["Back to what is usual"].removeprefix("/limits "), "zh", pressed=True)
    assert "最多7天2条" not in said
    assert "Back to what is usual" not in ways
    of_email = asked(shop, "limits", "邮件", "zh")[0]
    assert "美国" in of_email
    assert "奥地利、比利时、保加利亚、另外" in of_email  # the same holds in all of them


def test_somebody_unsubscribes(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 3)
    assert "Name1 gets no more messages." in asked(shop, "unsubscribe", "k1@example.com")[0]
    assert "That held before" in asked(shop, "unsubscribe", "K1")[0]
    assert "has said yes" in asked(shop, "unsubscribe", "back K1")[0]
    assert "without name" in asked(shop, "unsubscribe", "plain K1")[0]
    assert "personal texts again" in asked(shop, "unsubscribe", "personal K1")[0]


def test_the_command_line_does_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = approved(tmp_path / "shop.db", 4, channel="text").path

    def zhike(*words: str) -> dict[str, object]:
        assert main(["--db", str(db), "--language", "en", *words, "--json"]) == 0
        document: dict[str, object] = json.loads(capsys.readouterr().out)
        return document

    assert zhike("limits", "email", "cap", "2/7")["undo_minutes"] == 10
    draft = zhike("campaign", "draft", "--list", "K1,K2,Bob", "--goal", "win_back", "--channel", "email")
    assert (draft["audience"], draft["channel"]) == (2, "email")
    assert draft["picked"] == ["1 of your list is nobody I know: “Bob”"]
    number = str(draft["campaign"])
    assert zhike("campaign", "approve", number)["undo_until"] is not None
    assert zhike("campaign", "undo", number)["status"] == "draft"
    zhike("limits", "undo", "0")
    zhike("campaign", "approve", number)
    first = zhike("campaign", "next", number)["next"]
    assert isinstance(first, dict)
    assert zhike("campaign", "sent", number, str(first["position"]))["delivered"] == 1
    assert zhike("unsubscribe", "K1", "--channel", "email")["changed"] is True
    steps = zhike("campaign", "history", number)["steps"]
    assert isinstance(steps, list)
    assert [step["deed"] for step in steps[:4]] == ["drafted", "approved", "undone", "approved"]
    rule = zhike("campaign", "draft", "--rule", "orders >= 2", "--goal", "win_back")
    assert rule["audience"] == 3  # a word on e-mails holds for texts, which may well go out by e-mail
    zhike("campaign", "approve", "3")
    written = zhike("campaign", "export", "3", "--layout", "klaviyo", "--out", str(tmp_path / "k.csv"))
    assert (written["n"], written["layout"]) == (3, "klaviyo")
    assert zhike("campaign", "takeback", "3")["messages"] == 3
    assert main(["--db", str(db), "campaign", "send", number]) == 2
    assert "ZHIKE_SMTP_HOST" in capsys.readouterr().err


def test_settings_of_mail() -> None:
    given = {
        "ZHIKE_SMTP_HOST": "mail.example",
        "ZHIKE_SMTP_FROM": "Tea <tea@shop.example>",
        "ZHIKE_SMTP_PASSWORD": "s3",
    }
    settings = read_settings(given)
    assert settings.mail is not None
    assert (settings.mail.port, settings.mail.security, settings.mail.address) == (587, "starttls", "tea@shop.example")
    assert "s3" not in repr(settings) + repr(settings.mail)
    assert read_settings({}).mail is None
    with pytest.raises(NotAllowed) as told:
        read_settings(
            {
                "ZHIKE_SMTP_SECURITY": "none",
                "ZHIKE_SMTP_HOST": "mail.example",
                "ZHIKE_SMTP_PASSWORD": "s3cret",
                "ZHIKE_SMTP_UNSUBSCRIBE_URL": "http://x",
                "ZHIKE_SMTP_PER_MINUTE": "0",
            }
        )
    sentence = str(told.value)
    for word in ("ZHIKE_SMTP_FROM", "starttls", "https://", "ZHIKE_SMTP_PER_MINUTE"):
        assert word in sentence
    assert "s3cret" not in sentence


def test_the_undo_window_ends(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "other" / "shop.db"
    path.parent.mkdir()
    other = replace(approved(path, 3), clock=noon)
    said, found = asked(other, "campaign", "show 1")
    assert "Take the approval back" in found
    assert "Before that I send nothing myself" in said
    _, found = asked(replace(other, clock=At(noon() + timedelta(minutes=10))), "campaign", "show 1")
    assert "Take the approval back" not in found
