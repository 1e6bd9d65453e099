"""A person's own data, how long things are kept, and unsubscribing by reply and by file, in the chat."""

from __future__ import annotations

from pathlib import Path

from engine import Shop, show_retention
from tests.bot.talk import running_bot, text_of, with_button
from tests.engine.services.demo_shop import put_demo


async def test_own_data_come_as_files_and_retention_asks_before_people_go(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        made = await founder.says("/export_customer K0003")
        files = [await founder.downloads(message) for message in made if "document" in message]
        assert [b"What is kept of Julia Porter" in file for file in files] == [True, False]
        assert b'"table": "orders"' in files[1]
        assert "make sure that it is they who ask" in text_of(made)
        assert "for good" in text_of(await founder.says("/retention"))
        assert "2 years" in text_of(await founder.says("/retention events 2 years"))
        card = with_button(await founder.says("/retention people 1 year"), "Let them go")
        assert {line.kind.name: line.days for line in show_retention(shop)}["people"] is None
        assert "1 year" in text_of(await founder.presses(card, "Let them go"))
        assert {line.kind.name: line.days for line in show_retention(shop)}["people"] == 365
        assert "180 days at least" in text_of(await founder.says("/retention people 3 days"))


async def test_a_reply_and_a_file_unsubscribe(shop: Shop, tmp_path: Path) -> None:
    put_demo(shop)
    path = tmp_path / "gone.txt"
    path.write_text("k0003@example.com\nk0005@example.com\nx@example.com\n")
    async with running_bot(shop) as founder:
        assert "gets no more messages" in text_of(await founder.says("k0002@example.com: TD"))
        said = text_of(await founder.says("/customer K0002"))
        assert "Must not be written to" in said
        assert "their reply “TD”, told by you" in said
        said = text_of(await founder.drops(path, caption="/unsubscribe email"))
        assert "2 customers get no more messages" in said
        assert "“x@example.com”" in said
        assert "no to E-mail, in the file gone.txt" in text_of(await founder.says("/customer K0003"))
