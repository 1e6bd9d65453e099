"""Once round the founder's loop, by polling and by webhook, in both languages: the same application, real HTTP."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from engine import Shop
from tests.bot.talk import buttons, running_bot, text_of, with_button

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_once_round_the_loop(shop: Shop, webhook: bool) -> None:
    async with running_bot(shop, webhook=webhook) as founder:
        receipt = text_of(await founder.drops(DEMO / "orders.csv"))
        assert "rows:" in receipt
        await founder.drops(DEMO / "customers.csv")
        await founder.drops(DEMO / "products.csv")

        segments = await founder.says("/segments")
        assert any("photo" in message for message in segments)
        list_of_people = await founder.presses(segments[-1], first_label(segments[-1]))
        assert "Who has spent most" in text_of(list_of_people)

        goals = await founder.presses(list_of_people[-1], "Draft a campaign")
        versions = await founder.presses(goals[-1], "back")
        fewer = await founder.presses(versions[-1], "✓ C:")
        assert any("– C:" in button for button in labels(fewer[-1]))
        draft = await founder.presses(fewer[-1], "Make the draft")
        assert "Nothing is sent yet" in text_of(draft)
        approved = await founder.presses(draft[-1], "Approve")
        assert not any("document" in message for message in approved)  # how it goes out is to be chosen
        listed = await founder.presses(with_button(approved, "The list to send"), "The list to send")
        document = next(message for message in listed if "document" in message)
        rows = list(csv.DictReader(io.StringIO((await founder.downloads(document)).decode("utf-8-sig"))))
        assert {row["version"] for row in rows} == {"A", "B"}
        sent = {label: sum(row["version"] == label for row in rows) for label in "AB"}

        (approve,) = (button["callback_data"] for button in buttons(draft[-1]) if button["text"] == "Approve")
        again = await founder.says(approve)
        assert "approved" in text_of(again)
        assert "list" not in text_of(again).lower().split("approved")[0]

        asked = await founder.presses(with_button(approved, "Tell the outcome"), "Tell the outcome")
        assert f"A {min(3, sent['A'])}/{sent['A']}" in text_of(asked)
        noted = text_of(await founder.says(f"A 1/{sent['A']}, B 2/{sent['B']}"))
        assert "Noted" in noted
        too_many = text_of(await founder.says(f"A 1/{sent['A'] + 1}"))
        assert str(sent["A"]) in too_many
        results = await founder.says("/results")
        assert any("photo" in message for message in results)
        assert f"1 of {sent['A']}" in text_of(results)


async def test_the_same_in_chinese(shop: Shop) -> None:
    async with running_bot(shop, language="zh-CN") as founder:
        assert "left out" not in text_of(await founder.drops(DEMO / "orders.csv"))
        segments = await founder.says("/segments")
        assert all(ord(letter) > 127 or not letter.isalpha() for letter in first_label(segments[-1]))


async def test_a_stranger_learns_nothing(shop: Shop) -> None:
    async with running_bot(shop, paired=False) as founder:
        for text in ("/start", "/segments", "hello", "/start WRONG1"):
            answer = text_of(await founder.says_as_stranger(text))
            assert "pairing code" in answer
            assert "segment" not in answer
        assert "Hello" in text_of(await founder.says(f"{founder.code}"))
        assert "What I can do" in text_of(await founder.says("/help"))


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}], ids=["none", "wrong"])
async def test_a_forged_update_is_turned_away(shop: Shop, headers: dict[str, str]) -> None:
    async with running_bot(shop, webhook=True) as founder:
        assert founder.webhook is not None
        body = {"update_id": 999, "message": {"message_id": 1, "date": 0, "chat": {"id": 1001, "type": "private"}}}
        answer = await founder.http.post(founder.webhook, json=body, headers=headers)
        assert answer.status_code == 403
        with shop.open() as db:
            assert db.conn.execute("SELECT count(*) FROM inbox WHERE update_id = 999").fetchone() == (0,)


def labels(message: dict[str, object]) -> list[str]:
    return [button["text"] for button in buttons(message)]


def first_label(message: dict[str, object]) -> str:
    return labels(message)[0]
