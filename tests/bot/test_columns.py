"""The card of a file whose columns are not sure: over the real application and real HTTP, in both languages."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path

import pytest

from engine import Shop
from tests.bot.talk import Message, buttons, running_bot, text_of, with_button
from tests.bot.test_restart import start, telegram

UNSURE = (
    "Tag,Wer,Ware,Betrag\n23.04.2025,Ann Lee,Soap,5.50\n25.06.2025,Bob Ray,Candle,12.00\n27.02.2025,Ann Lee,Cup,9.00\n"
)
SLASHED = "date,customer,product,price\n03/04/2025,Ann,Soap,5\n05/06/2025,Bob,Cup,6\n"


def orders(shop: Shop) -> list[tuple[str, float]]:
    with shop.open() as db:
        return db.conn.execute("SELECT date(at), revenue FROM orders ORDER BY at").fetchall()


def waiting_files(shop: Shop) -> list[str]:
    folder = shop.files / "waiting"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def card_of(messages: list[Message]) -> Message:
    """The card among the answers; work that is slow shows its progress beside it for a while."""
    return next(message for message in messages if any("/columns" in b["callback_data"] for b in buttons(message)))


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_card_from_the_file_to_the_receipt(shop: Shop, tmp_path: Path, language: str) -> None:
    english = language == "en"

    def word(en: str, zh: str) -> str:
        return en if english else zh

    async with running_bot(shop, language=language) as founder:
        card = card_of(await founder.drops(put(tmp_path, "book.csv", UNSURE)))
        text = card["text"]
        unsure = word("(?) Tag → order date, not sure · such as", "【？】Tag → 下单日期（拿不准）· 例如")
        assert f"{unsure} 23.04.2025" in text
        assert word("Not used: Wer", "不用的列：Wer") in text
        assert orders(shop) == []
        assert (shop.files / "waiting" / waiting_files(shop)[0]).stat().st_mode & 0o777 == 0o600

        columns = await founder.presses(card, word("Change a column", "改某一列"))
        assert columns[0]["message_id"] == card["message_id"]
        fields = await founder.presses(columns[0], "Wer")
        assert word("What is “Wer”?", "“Wer”是什么？") in text_of(fields)
        if not any(word("customer name", "客户姓名") == button["text"] for button in buttons(fields[0])):
            fields = await founder.presses(fields[0], "›")
        changed = await founder.presses(fields[0], word("customer name", "客户姓名"))
        assert word("Wer → customer name", "Wer → 客户姓名") in text_of(changed)
        assert word("Ware → customer name", "Ware → 客户姓名") not in text_of(changed)
        columns = await founder.presses(changed[0], word("Change a column", "改某一列"))
        fields = await founder.presses(columns[0], "Ware")
        changed = await founder.presses(fields[0], word("product name", "商品名称"))
        assert changed[0]["message_id"] == card["message_id"]

        done = await founder.presses(changed[0], word("✓ Import", "✓ 导入"))
        assert word("imported as the card said", "已照卡片导入") in text_of(done)
        assert word("3 orders of 2 customers, 26.50", "2位客户") in text_of(done)
        assert orders(shop) == [("2025-02-27", 9.0), ("2025-04-23", 5.5), ("2025-06-25", 12.0)]
        assert waiting_files(shop) == []

        # a button of a card that is done says so, and nothing is imported twice
        assert word("imported already", "已经导入了") in text_of(await founder.says("/columns 1 import"))
        assert len(orders(shop)) == 3

        # the next file with the same header goes straight in
        more = await founder.drops(put(tmp_path, "book2.csv", "Tag,Wer,Ware,Betrag\n28.07.2025,Ann Lee,Soap,7.00\n"))
        assert word("as you set them on 2026-11-23", "2026-11-23") in text_of(more)
        assert len(orders(shop)) == 4
        # and the same file again changes nothing
        assert word("read this very file before", "以前读过") in text_of(
            await founder.drops(put(tmp_path, "book.csv", UNSURE))
        )


async def test_a_date_that_may_be_two_days_is_asked(shop: Shop, tmp_path: Path) -> None:
    async with running_bot(shop) as founder:
        card = card_of(await founder.drops(put(tmp_path, "dates.csv", SLASHED)))
        assert "Is 03/04/2025 3 April or 4 March?" in card["text"]
        assert not any("Import" in button["text"] for button in buttons(card))
        answered = await founder.presses(card, "4 March")
        assert "Is 03/04/2025" not in text_of(answered)
        await founder.presses(answered[0], "✓ Import")
        assert orders(shop) == [("2025-03-04", 5.0), ("2025-05-06", 6.0)]


async def test_two_cards_at_once_and_one_put_aside(shop: Shop, tmp_path: Path) -> None:
    async with running_bot(shop) as founder:
        first = card_of(await founder.drops(put(tmp_path, "one.csv", UNSURE)))
        second = card_of(await founder.drops(put(tmp_path, "two.csv", UNSURE.replace("Soap", "Salt"))))
        assert len(waiting_files(shop)) == 2
        assert "put aside" in text_of(await founder.presses(first, "Put it aside"))
        assert len(waiting_files(shop)) == 1
        assert "✓ two.csv" in text_of(await founder.presses(second, "✓ Import"))
        assert "put aside" in text_of(await founder.says("/columns 1 import"))
        assert len(orders(shop)) == 3
        assert waiting_files(shop) == []


async def test_a_newer_file_takes_the_place_of_an_older(shop: Shop, tmp_path: Path) -> None:
    async with running_bot(shop) as founder:
        first = card_of(await founder.drops(put(tmp_path, "one.csv", UNSURE)))
        second = card_of(await founder.drops(put(tmp_path, "one.csv", UNSURE + "28.07.2025,Ann Lee,Cup,1.00\n")))
        assert "use the newer card" in text_of(await founder.presses(first, "✓ Import"))
        assert len(waiting_files(shop)) == 1
        await founder.presses(second, "✓ Import")
        assert len(orders(shop)) == 4


async def test_the_file_is_something_else(shop: Shop, tmp_path: Path) -> None:
    async with running_bot(shop) as founder:
        card = card_of(await founder.drops(put(tmp_path, "one.csv", UNSURE)))
        kinds = await founder.presses(card, "something else")
        changed = await founder.presses(kinds[0], "a list of customers")
        assert "I take it for a list of customers" in text_of(changed)
        assert "Still missing: the customer" in text_of(changed)
        assert not any("Import" in button["text"] for button in buttons(changed[0]))


async def test_columns_can_be_asked_for_after_an_import(shop: Shop, tmp_path: Path) -> None:
    sure = "order id,date,customer,product,price\n1,2025-03-01,ann,Soap,5\n"
    async with running_bot(shop) as founder:
        receipt = with_button(await founder.drops(put(tmp_path, "sure.csv", sure)), "Columns")
        told = await founder.presses(receipt, "Columns")
        assert "date → order date" in text_of(told)
        await founder.presses(told[0], "Ask me next time")
        card = card_of(await founder.drops(put(tmp_path, "sure.csv", sure)))
        assert "is this right?" in card["text"]
        await founder.presses(card, "✓ Import")
        assert len(orders(shop)) == 1


@pytest.mark.parametrize(
    "line", ["/columns", "/columns 99", "/columns of 99", "/columns 1 dance", "/columns 1 set 99 at"]
)
async def test_wrong_words_get_one_sentence(shop: Shop, tmp_path: Path, line: str) -> None:
    async with running_bot(shop) as founder:
        await founder.drops(put(tmp_path, "one.csv", UNSURE))
        said = text_of(await founder.says(line))
        assert 0 < len(said) < 200
        assert "Traceback" not in said
        assert orders(shop) == []


async def test_a_card_outlives_a_kill(shop: Shop, tmp_path: Path) -> None:
    async with telegram(shop) as (chat, founder):
        bot = await start(shop, chat, None)
        card = card_of(await founder.drops(put(tmp_path, "one.csv", UNSURE)))
        bot.send_signal(signal.SIGKILL)
        await bot.wait()
        await founder.presses_data(card, "/columns 1 import")
        bot = await start(shop, chat, None)
        try:
            await asyncio.sleep(0.2)
            assert re.search("3 orders of 3 customers", text_of(await founder.answers()))
        finally:
            bot.send_signal(signal.SIGTERM)
            await bot.wait()
    assert len(orders(shop)) == 3
    assert waiting_files(shop) == []


async def test_a_book_of_sales_brings_the_card_though_it_names_members(shop: Shop, tmp_path: Path) -> None:
    rows = "".join(f"{1001 + i},2025-0{i % 4 + 1}-0{i % 3 + 1},H{i % 5},{(38, 58, 128)[i % 3]}\n" for i in range(24))
    async with running_bot(shop, language="zh-CN") as founder:
        card = card_of(await founder.drops(put(tmp_path, "台账.csv", "流水编码,登记时刻,会员,结算\n" + rows)))
        assert "同一个人出现了好几行" in card["text"]
        assert "结算 → " in card["text"]
        assert orders(shop) == []
        await founder.presses(card, "✓ 导入")
        # by hand: eight rounds of 38 + 58 + 128
        assert (len(orders(shop)), sum(revenue for _, revenue in orders(shop))) == (24, 8 * 224.0)
