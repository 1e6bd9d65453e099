"""/same in the chat: shown, answered with buttons in place, and as true after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import Request, commands
from bot.language import language
from bot.replies import Text, messages, plain
from bot.replies.same import same_reply, settled_reply
from engine import NotAllowed, SamePeople, Settled, Shop, Side, StoredPair, import_file, same_people, silent
from tests.bot.talk import running_bot, text_of, with_button

SHARED = """order id,date,customer id,email,phone,customer name,total
1,2025-05-01,17,ann@x.org,13800138000,Ann Lee,10
2,2025-05-02,18,,13800138000,Bob Ray,20
3,2025-05-03,,ann@x.org,,,30
"""


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(SHARED)
    return path


async def test_who_may_be_one_person_is_asked_and_the_answer_stands(shop: Shop, orders: Path) -> None:
    async with running_bot(shop) as founder:
        assert "1 pair of customers may be one person: /same shows them." in text_of(await founder.drops(orders))
        shown = await founder.says("/same")
        told = text_of(shown)
        assert "1 pair may be one person" in told
        assert "the same phone: 13800138000" in told
        assert "18, Bob Ray, 13800138000, 1 order, 20.00" in told
        assert "the same e-mail: ann@x.org" in told
        message = with_button(shown, "two people")
        answered = await founder.presses(message, "two people")
        assert [one["message_id"] for one in answered] == [message["message_id"]]
        assert "17 and 18 are two people" in text_of(answered)
        assert "may be one person" not in text_of(answered)
        undone = await founder.presses(with_button(answered, "undo"), "undo")
        assert "ann@x.org are two people" in text_of(undone)
    async with running_bot(shop) as founder:
        assert "That was so before; nothing was changed." in text_of(await founder.says("/same two 1"))
        assert "Nobody is known under two keys" in text_of(await founder.says("/same"))


def test_many_pairs_come_in_pages_that_fit_a_message(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    long = "x" * 300
    rows = [f"{i}{long},139{i // 2:08d},{'Ann' if i % 2 else 'Bob'}{long}" for i in range(40)]
    path.write_text("\n".join(["customer id,phone,name", *rows]))
    import_file(shop, path)
    seen: list[str] = []
    line = "/same"
    while line:
        request = Request("zh", text=line.removeprefix("/same").strip())
        (part,) = commands()["same"].run(shop, request, silent).parts
        assert isinstance(part, Text)
        assert len(messages(part.lines, language("zh"))) == 1
        buttons = [button for row in part.buttons for button in row]
        seen += [button.line for button in buttons if button.line.startswith("/same one")]
        line = next((button.line for button in buttons if str(button.label) == "More"), "")
    assert len(seen) == len(set(seen)) == 20


@pytest.mark.parametrize("text", ["nonsense", "one", "two x", "one 1 2", "page 1", "page -1 0"])
def test_what_it_does_not_understand(shop: Shop, text: str) -> None:
    with pytest.raises(NotAllowed, match="Say /same"):
        commands()["same"].run(shop, Request("en", text=text), silent)


def test_a_page_beyond_the_last_is_empty(shop: Shop, orders: Path) -> None:
    import_file(shop, orders)
    reply = commands()["same"].run(shop, Request("en", text="page 999 9999999999999999999999"), silent)
    assert reply.in_place
    assert same_reply(same_people(shop)).parts != reply.parts


def test_pairs_of_one_message_are_listed_as_they_are_numbered() -> None:
    sides = [Side(n, n, f"K{n}", None, None, None, 0, 0.0) for n in range(4)]
    maybe = [StoredPair(n, "maybe", "phone", "1", None, sides[0], sides[n]) for n in (2, 1, 3)]
    (text,) = same_reply(SamePeople(tuple(maybe), 3, (), 0, 0, None)).parts
    assert isinstance(text, Text)
    assert [row[0].line for row in text.buttons] == ["/same one 1", "/same one 2", "/same one 3"]


def test_undoing_is_a_button_where_there_is_one() -> None:
    side = Side(1, 1, "K1", None, None, None, 0, 0.0)
    pair = StoredPair(2, "one", "phone", "1", None, side, side)

    def told(*merged: StoredPair) -> str:
        (text,) = settled_reply(Settled(pair, True), SamePeople((), 0, merged, len(merged), 0, None)).parts
        assert isinstance(text, Text)
        return plain(text.lines, language("en"))

    assert "To undo it, press “2: undo, they are two” below." in told(pair)
    assert "To undo it: /same two 2" in told()
