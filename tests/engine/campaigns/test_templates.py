"""Templates: those that ship, and what a file has to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.campaigns.messages import LONGEST, Facts, compiled
from engine.campaigns.templates import TITLES, Template, chosen, goals, parsed, title
from engine.errors import NotAllowed, NotFound
from engine.phrases import Name
from engine.places import shipped

FOLDER = shipped("templates")
SHIPPED = [
    template
    for goal in goals(FOLDER)
    for language in ("en", "zh")
    for template in chosen(FOLDER, goal.key, channel="text", language=language)
]
HARDEST = Facts("n" * 300, "p" * 300, 9999, "s" * 300)


def ids(template: Template) -> str:
    return f"{template.goal}-{template.name}-{template.language}"


@pytest.mark.parametrize("template", SHIPPED, ids=ids)
class TestEveryShippedTemplate:
    def test_says_what_it_is(self, template: Template) -> None:
        assert template.title.en and template.title.zh
        assert set(template.traits) == {"tone", "offer", "call_to_action", "length"}
        assert all(template.traits.values())

    def test_lets_its_reader_out(self, template: Template) -> None:
        last = template.body.splitlines()[-1]
        assert ("回复 T 退订" if template.language == "zh" else "Reply STOP") in last

    @pytest.mark.parametrize("name", ["Ann", None])
    @pytest.mark.parametrize("product", ["Longjing", None])
    @pytest.mark.parametrize("shop_name", ["Hill Tea", None])
    def test_reads_well_with_whatever_is_known(
        self, template: Template, name: str | None, product: str | None, shop_name: str | None
    ) -> None:
        text = compiled(template)(Facts(name, product, 90, shop_name))
        assert "None" not in text
        assert not re.search(r"  | [,.!?，。！？：:]|[,，]{2}|\n\n", text)
        assert "90" not in text  # nobody wants to hear what is counted about them
        assert (name or "") in text

    def test_offers_no_discount(self, template: Template) -> None:
        assert not re.search(
            r"%|\boff\b|discount|coupon|free|折|优惠|券|免费|立减", compiled(template)(Facts()), re.IGNORECASE
        )

    def test_fits_for_the_hardest_customer(self, template: Template) -> None:
        assert len(compiled(template)(HARDEST)) <= LONGEST["text"]


@pytest.mark.parametrize("goal", ["win_back", "repeat_purchase"])
def test_each_goal_has_three_variants_in_both_languages(goal: str) -> None:
    english, chinese = (chosen(FOLDER, goal, channel="text", language=language) for language in ("en", "zh"))
    assert [t.name for t in english] == [t.name for t in chinese]
    assert [t.traits for t in english] == [t.traits for t in chinese]
    assert len(english) >= 3


def test_the_goals_that_ship_come_in_their_order() -> None:
    assert [goal.key for goal in goals(FOLDER)][: len(TITLES)] == list(TITLES)
    assert str(title("win_back")) == "Win people back"
    assert str(title("first_purchase")) == "first purchase"


def test_a_new_variant_is_one_new_file(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    write(tmp_path, "win_back/warm.text.en.j2", "Hello")
    (goal,) = goals(tmp_path)
    assert goal.variants == ("plain", "warm")
    texts = chosen(tmp_path, "win_back", channel="text", language="en")
    assert [t.body for t in texts] == ["Hi", "Hello"]
    assert texts[0].title == Name(en="Plain")


def test_a_new_goal_is_a_new_folder(tmp_path: Path) -> None:
    write(tmp_path, "birthday/plain.text.en.j2", "Hi")
    write(tmp_path, "win_back/plain.text.en.j2", "Hi")
    assert [goal.key for goal in goals(tmp_path)] == ["win_back", "birthday"]


def test_variants_come_as_named_and_once() -> None:
    names = ("small_thanks", "plain_hello", "small_thanks")
    texts = chosen(FOLDER, "win_back", channel="text", language="en", variants=names)
    assert [t.name for t in texts] == ["small_thanks", "plain_hello"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"goal": "sing"}, "There is no goal “sing”; choose one of: win_back, repeat_purchase."),
        ({"language": "fr"}, "language “fr” for “Win people back”; choose one of: en, zh."),
        ({"variants": ("loud",)}, "no message “loud” in the language “en” for “Win people back”; choose from: picked_"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(asked: dict[str, object], said: str) -> None:
    wanted = {"goal": "win_back", "channel": "text", "language": "en", "variants": None} | asked
    with pytest.raises(NotFound, match=re.escape(said)):
        chosen(FOLDER, wanted.pop("goal"), **wanted)  # type: ignore[arg-type]


def test_front_matter_is_apart_from_the_message() -> None:
    source = "---\ntitle_zh: 你好\ntone: warm: very\n\n---\nHi\n---\nthere\n"
    template = parsed(source, name="x", goal="win_back", channel="text", language="en")
    assert template.title == Name(zh="你好")
    assert template.traits == {"tone": "warm: very"}
    assert template.body == "Hi\n---\nthere"
    assert template.source == source


@pytest.mark.parametrize(
    ("source", "said"),
    [("---\ntone: warm\nHi", "no second --- line"), ("---\nwarm\n---\nHi", "“warm” is not of the form")],
)
def test_broken_front_matter_is_told(source: str, said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        parsed(source, name="x", goal="win_back", channel="text", language="en")


def test_a_file_must_say_what_it_is(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.en.j2", "Hi")
    with pytest.raises(NotAllowed, match="must be called"):
        goals(tmp_path)


def test_a_file_must_be_utf_8(tmp_path: Path) -> None:
    write(tmp_path, "win_back/plain.text.zh.j2", "")
    (tmp_path / "win_back/plain.text.zh.j2").write_bytes("你好".encode("gb18030"))
    with pytest.raises(NotAllowed, match="save it as UTF-8"):
        chosen(tmp_path, "win_back", channel="text", language="zh")


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
