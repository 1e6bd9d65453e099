"""Templates: what a file has to be, and how those for a campaign are found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.campaigns.templates import TITLES, chosen, goals, in_folder, on_channel, parsed, rewritten, title
from engine.errors import NotAllowed, NotFound
from engine.phrases import Name
from engine.places import shipped

SHIPPED = in_folder(shipped("templates"))


def test_the_goals_that_ship_come_in_their_order() -> None:
    assert [goal.key for goal in goals(SHIPPED)] == list(TITLES)
    assert str(title("win_back")) == "Win people back"
    assert str(title("autumn_sale")) == "autumn sale"


def test_a_new_variant_is_one_new_file(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    write(tmp_path, "win_back/warm.text.en.j2", "Hello")
    found = in_folder(tmp_path)
    (goal,) = goals(found)
    assert goal.variants == ("plain", "warm")
    texts = chosen(found, "win_back", channel="text", language="en")
    assert [t.body for t in texts] == ["Hi", "Hello"]
    assert texts[0].title == Name(en="Plain")


def test_a_new_goal_is_a_new_folder(tmp_path: Path) -> None:
    write(tmp_path, "autumn/plain.text.en.j2", "Hi")
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    assert [goal.key for goal in goals(in_folder(tmp_path))] == ["win_back", "autumn"]


def test_variants_come_as_named_and_once() -> None:
    names = ("small_thanks", "plain_hello", "small_thanks")
    texts = chosen(SHIPPED, "win_back", channel="text", language="en", variants=names)
    assert [t.name for t in texts] == ["small_thanks", "plain_hello"]


def test_a_channel_borrows_texts_until_it_has_its_own(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    write(tmp_path, "win_back/warm.text.en.j2", "Hello")
    write(tmp_path, "win_back/warm.wechat.en.j2", "Hello in WeChat")
    found = in_folder(tmp_path)
    texts = chosen(found, "win_back", channel="wechat", language="en")
    assert [(t.name, t.channel, t.body) for t in texts] == [
        ("plain", "wechat", "Hi"),
        ("warm", "wechat", "Hello in WeChat"),
    ]
    assert on_channel(found, "sms") == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"goal": "sing"}, "There is no goal “sing”; choose one of: welcome, first_purchase"),
        ({"language": "fr"}, "language “fr” for “Win people back”; choose one of: en, zh."),
        ({"variants": ("loud",)}, "no message “loud” in the language “en” for “Win people back”; choose from: picked_"),
        (
            {"channel": "pigeon"},
            "There is no channel “pigeon”; choose one of: text, sms, email, wechat, wecom",
        ),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(asked: dict[str, object], said: str) -> None:
    wanted = {"goal": "win_back", "channel": "text", "language": "en", "variants": None} | asked
    with pytest.raises(NotFound, match=re.escape(said)):
        chosen(SHIPPED, wanted.pop("goal"), **wanted)  # type: ignore[arg-type]


def test_a_channel_without_a_message_is_told(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    with pytest.raises(NotFound, match="choose one of: text, wechat, wecom, telegram"):
        chosen(in_folder(tmp_path), "win_back", channel="sms", language="en")


def test_front_matter_is_apart_from_the_message() -> None:
    source = "---\ntitle_zh: 你好\ntone: warm: very\n\n---\nHi\n---\nthere\n"
    template = parsed(source, name="x", goal="win_back", channel="text", language="en")
    assert template.title == Name(zh="你好")
    assert template.traits == {"tone": "warm: very"}
    assert template.body == "Hi\n---\nthere"
    assert template.source == source


def test_an_email_has_parts_of_its_own() -> None:
    source = "---\nsubject: Hi {{ name }}\ntone: warm\n---\nText\n--- HTML\n<b>Text</b>\n"
    template = parsed(source, name="x", goal="win_back", channel="email", language="en")
    assert template.extras == {"subject": "Hi {{ name }}", "html": "<b>Text</b>"}
    assert template.traits == {"tone": "warm"}
    assert template.body == "Text"
    # on another channel the same words are a trait, and a line of the text
    assert parsed(source, name="x", goal="win_back", channel="sms", language="en").traits["subject"] == "Hi {{ name }}"


def test_another_text_leaves_what_the_template_is() -> None:
    before = next(one for one in SHIPPED if one.key == ("win_back", "plain_hello", "email", "en"))
    source = rewritten(before, "New text\nReply STOP", {"subject": "New\nsubject"})
    after = parsed(source, name=before.name, goal=before.goal, channel=before.channel, language=before.language)
    assert (after.title, after.traits) == (before.title, before.traits)
    assert after.body == "New text\nReply STOP"
    assert after.extras == {**before.extras, "subject": "New subject"}


@pytest.mark.parametrize(
    ("source", "said"),
    [("---\ntone: warm\nHi", "no second --- line"), ("---\nwarm\n---\nHi", "“warm” is not of the form")],
)
def test_broken_front_matter_is_told(source: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        parsed(source, name="x", goal="win_back", channel="text", language="en")


@pytest.mark.parametrize("name", ["plain.en.j2", "plain.pigeon.en.j2"])
def test_a_file_must_say_what_it_is(tmp_path: Path, name: str) -> None:
    write(tmp_path, f"win_back/{name}", "Hi")
    with pytest.raises(NotAllowed, match="must be called"):
        in_folder(tmp_path)


def test_a_file_must_be_utf_8(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.zh.j2", "")
    (tmp_path / "win_back/plain.text.zh.j2").write_bytes("你好".encode("gb18030"))
    with pytest.raises(NotAllowed, match="save it as UTF-8"):
        in_folder(tmp_path)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
