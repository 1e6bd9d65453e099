"""What customers are grouped by, chosen in the chat and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from engine import Shop, import_file, last_bases, segment_methods
from tests.bot.talk import buttons, running_bot, text_of
from tests.engine.services.demo_shop import put_demo


async def test_another_basis_is_chosen_by_a_button(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        (choice,) = await founder.says("/segments by")
        labels = [button["text"] for button in buttons(choice)]
        assert labels == [
            *("how they buy", "who they are", "where they are", "what they like and think"),
            *("All of these together", "How they buy, with all habits"),
        ]
        answer = await founder.presses(choice, "where they are", seconds=300)
        assert any("photo" in message for message in answer)
        assert "grouped by: where they are" in text_of(answer)
        assert last_bases(shop) == ("geographic",)
        refused = text_of(await founder.says("/segments demographic sideways"))
        assert "cannot be grouped by sideways" in refused
        assert "press a segment's button" in text_of(await founder.says("/segments sideways"))


def test_what_has_no_data_is_named_among_the_choices_and_refused(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "people.csv"
    rows = [f"P{i},{1950 + i},{'female' if i % 2 else 'male'}" for i in range(40)]
    people.write_text("\n".join(["id,birth_year,gender", *rows]))
    import_file(shop, people)

    def zhike(*words: str) -> int:
        return main(["--db", str(shop.path), "--language", "en", "segments", *words])

    assert zhike() == 2
    assert "You can group by: who they are (demographic)." in capsys.readouterr().err
    assert zhike("--basis", "demographic", "--k", "2", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["bases"], answer["k"], answer["places"]) == (["demographic"], 2, None)
    for words, said in (
        (("--basis", "geographic"), "Nothing is known of where your customers are"),
        (("--basis", "demographic,horoscope"), "Customers cannot be grouped by horoscope"),
    ):
        assert zhike(*words) == 2
        assert said in capsys.readouterr().err


async def test_another_way_is_chosen_by_a_button_and_a_tree_is_drawn(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        (usual,) = await founder.says("/segments how")
        labels = [button["text"] for button in buttons(usual)]
        assert labels[:2] == ["Who is alike (the usual way)", "A tree of who is alike"]
        assert len(labels) == len(segment_methods())
        answer = await founder.presses(usual, "A tree of who is alike", seconds=300)
        (tree,) = await founder.presses(answer[-1], "The tree")
        assert "photo" in tree
        eight = await founder.presses(usual, "The eight groups: lately, often, much", seconds=300)
        assert "Key customers who buy now" in text_of(eight)
        again = await founder.says("/segments", seconds=300)
        assert "the one you chose: The eight groups" in text_of(again)
        assert "come from no tree" in text_of(await founder.says("/segments tree"))
