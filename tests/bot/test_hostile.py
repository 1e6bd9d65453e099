"""Hostile words in the chat, over real HTTP: none gets data, code, or more than bounded work."""

from __future__ import annotations

import csv
import io
import logging
import re
import time
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.logs import Discreet
from engine import Shop, export_shop, import_file, list_campaigns, people_of_bot, template_versions
from tests.bot import hostile
from tests.bot.telegram import GROUP, OWNER, TOKEN, World, is_clean, world
from tests.bot.test_hostile_doors import FORGED, PAGES
from tests.bot.test_hostile_files import BOMBS
from tests.engine.services.demo_shop import put_demo

HELPER, STRANGER = 2, 3
SECONDS = 60  # for a whole table on a busy machine; most lines take a few hundredths of one
FORMULA = tuple("=+-@\t\r＝＋－＠")
SKIPPED = " \u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"


@pytest.fixture(autouse=True)
def written() -> Iterator[io.StringIO]:
    """All that our handler writes meanwhile has no token, phone or address in it."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(Discreet("%(levelname)s %(name)s: %(message)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)
    said = text.getvalue()
    assert TOKEN not in said
    assert not logs.MAIL.search(said)
    assert not logs.PHONE.search(said)


@pytest.fixture
def tea(shop: Shop) -> Shop:
    put_demo(shop)
    return shop


def test_there_are_two_hundred_of_them() -> None:
    tables = (
        *(hostile.TEMPLATES, hostile.NAMES, hostile.CELLS, hostile.FILE_NAMES, hostile.TEXTS),
        *(hostile.STRANGERS_BUTTONS, hostile.HELPERS_BUTTONS, hostile.OWNERS_MADE_UP, BOMBS, FORGED, PAGES),
    )
    assert sum(map(len, tables)) >= 200


def all_clean(bot: World) -> list[str]:
    """The texts that Telegram would refuse, or take for markup that is not ours."""
    return [
        str(values["text"])[:80]
        for name, values in bot.telegram.asked
        if values.get("parse_mode") == "HTML" and not is_clean(str(values.get("text") or values.get("caption") or ""))
    ]


def deeds(shop: Shop) -> list[tuple[Any, ...]]:
    """What was done in the shop's name."""
    with shop.open() as db:
        return [
            *db.conn.execute("SELECT who, deed, subject FROM trail ORDER BY id").fetchall(),
            *db.conn.execute("SELECT id, status FROM campaigns").fetchall(),
        ]


async def all_at_once(bot: World, user: int, lines: Iterable[str], *, pressed: bool = False) -> list[str]:
    """What a user gets for many lines, one after the other, within a time that no line can use up."""
    begun, before = time.monotonic(), len(bot.telegram.sent(user))
    for line in lines:
        (await (bot.telegram.presses(user, line) if pressed else bot.telegram.says(user, line))).raise_for_status()
    await bot.settled(SECONDS)
    assert time.monotonic() - begun < SECONDS
    return [text for text in bot.telegram.sent(user)[before:] if "▱" not in text]


async def test_templates_that_would_run_code_or_never_end(tea: Shop) -> None:
    ref = "win_back.plain_hello.sms.en"
    async with world(tea) as bot:
        before = template_versions(tea, ref)
        answers = await all_at_once(
            bot, OWNER, [f"/templates write {ref} {body}" for body in hostile.TEMPLATES.values()]
        )
        assert len(answers) == len(hostile.TEMPLATES)
        assert [answer[:80] for answer in answers if not refused(answer)] == []
        assert template_versions(tea, ref) == before
        assert all_clean(bot) == []
        assert "What I can do" in await bot.answers(OWNER, "/help")


def refused(answer: str) -> bool:
    """One sentence or a few, with nothing of ours in it and nothing that was run."""
    inner = ("Traceback", "uid=", "root:", "<class", "object at 0x", "engine.", "jinja2", "went wrong on my side")
    return 0 < len(answer) < 900 and not any(word in answer for word in inner)


async def test_names_are_shown_as_they_are_and_never_taken_for_markup(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["order id", "customer id", "customer name", "city", "product", "date", "quantity", "price"])
        for n, name in enumerate(hostile.NAMES.values()):
            rows.writerow([f"O{n}", f"K{n:03}", name, name, f"{name} tea", f"2026-10-{n % 28 + 1:02}", 1, 9.5])
    import_file(shop, path, name=path.name)
    async with world(shop) as bot:
        cards = await all_at_once(bot, OWNER, [f"/customer K{n:03}" for n in range(len(hostile.NAMES))])
        cards += await all_at_once(bot, OWNER, ["/customer <b>", "/campaigns"])
        assert [card for card in cards if "went wrong on my side" in card] == []
        said = " ".join(unescape("\n".join(cards)).split())
        shown = sum(" ".join(name.split())[:20] in said for name in hostile.NAMES.values())
        assert all_clean(bot) == []
        # what cannot be seen is left out of some of them
        assert shown >= 25
        entities = [values for _, values in bot.telegram.asked if values.get("parse_mode") not in (None, "HTML")]
        assert entities == []
        assert len(list_campaigns(shop)) == 0


async def test_cells_that_a_spreadsheet_would_run(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["order id", "customer id", "customer name", "city", "product", "date", "quantity", "price", "note"]
        )
        for n, cell in enumerate(hostile.CELLS.values()):
            rows.writerow([f"O{n}", f"K{n:03}", cell, cell, cell, f"2026-10-{n % 28 + 1:02}", 1, 9.5, cell])
        rows.writerow(["=1", "=1+2", "=x", "=y", "=z", "no date", "=1", "=2", "=3"])
    receipt = import_file(shop, path, name=path.name)
    tables = [exported.path for exported in export_shop(shop, say=str)]
    tables += [receipt.rejected_file] if receipt.rejected_file is not None else []
    assert len(tables) > 3
    run = {
        (table.name, cell)
        for table in tables
        for row in csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline=""))
        for cell in row
        if cell.lstrip(SKIPPED).startswith(FORMULA) and not re.fullmatch(r"\+?\d{7,15}", cell)
    }
    assert run == set()
    shown = b"".join(table.read_bytes() for table in tables).decode()
    assert "'=1+1" in shown
    assert "'@SUM" in shown


async def test_texts_that_are_too_much(tea: Shop) -> None:
    async with world(tea) as bot:
        before = deeds(tea)
        answers = await all_at_once(bot, OWNER, hostile.TEXTS.values())
        assert len(answers) >= len(hostile.TEXTS)
        assert [answer for answer in answers if "went wrong on my side" in answer or len(answer) > 4096] == []
        assert deeds(tea) == before
        assert all_clean(bot) == []
        assert "What I can do" in await bot.answers(OWNER, "/help")


async def test_buttons_of_others(tea: Shop) -> None:
    async with world(tea) as bot:
        await bot.helper(HELPER)
        before, people = deeds(tea), people_of_bot(tea)
        answers = await all_at_once(bot, STRANGER, hostile.STRANGERS_BUTTONS, pressed=True)
        assert ["belongs to one shop" in answer for answer in answers] == [True] * 5  # and then silence
        for line in hostile.STRANGERS_BUTTONS:
            await bot.telegram.presses(STRANGER, line, chat=GROUP)
        answers = await all_at_once(bot, HELPER, hostile.HELPERS_BUTTONS, pressed=True)
        assert ["Only the shop's owner may do this" in one for one in answers] == [True] * len(hostile.HELPERS_BUTTONS)
        answers = await all_at_once(bot, OWNER, hostile.OWNERS_MADE_UP, pressed=True)
        assert [answer for answer in answers if not refused(answer)] == []
        assert len(answers) >= len(hostile.OWNERS_MADE_UP)
        assert bot.telegram.sent(GROUP) == []
        assert deeds(tea) == before
        assert people_of_bot(tea) == people
        assert all_clean(bot) == []
        sent = [name for name, _ in bot.telegram.asked if name in ("sendDocument", "sendPhoto", "sendMediaGroup")]
        assert sent == []
