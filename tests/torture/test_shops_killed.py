"""A bot that many founders share is killed again and again: while they redeem codes, send files, unsubscribe and ask.

What a code does is written to two stores, the shop's and the house's. Afterwards everything is there once, in each
founder's own shop, in the order in which they asked, and every question was answered.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine import (
    Shop,
    guests,
    house_at,
    invite_founder,
    passing_code,
    redeem_code,
    remove_helper,
    shop_in,
    waiting_updates,
)
from tests.bot.talk import free_port
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import all_done, begun, ended, killed, started
from tests.torture.effects import CAUSE, Counts, rows
from tests.torture.killing import copied, seconds_of
from tests.torture.killing import killed as killed_here
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import scaled

N_FOUNDERS = scaled(3, 10)
EACH = scaled(3, 40)  # customers of each, all of whom unsubscribe
N_FILES = scaled(1, 5)  # of each
KILLS = scaled(2, 24)
MOST_ATTEMPTS = 2  # after which an update is let alone: it is put aside if it meets more kills than that
GETS_NO_MORE = re.compile(r"^K(\d+) gets no more messages", re.M)
IMPORTED = "What it cannot tell yet"


@dataclass(frozen=True)
class Founder:
    """Who comes with a code, then sends files of customers of their own, and asks about them."""

    user: int
    name: str
    code: str

    @property
    def customers(self) -> list[int]:
        return [self.user * 1000 + number for number in range(EACH)]

    def file(self, number: int) -> bytes:
        """Orders of all customers, one each."""
        orders = (f"O{n}-{number},K{n},2026-0{1 + number}-01,P1,1,9.5" for n in self.customers)
        return "\n".join(["order id,customer id,date,sku,quantity,price", *orders]).encode()

    def script(self) -> Iterator[str]:
        """What is said, in order; files by their numbers."""
        yield f"/start {self.code}"
        yield "0"
        for number, customer in enumerate(self.customers):
            yield f"/unsubscribe K{customer}"
            if number % (EACH // N_FILES) == 0 and 0 < number // (EACH // N_FILES) < N_FILES:
                yield str(number // (EACH // N_FILES))
        yield f"/customer K{self.customers[0]}"
        yield "/help"

    def says(self, api: BotApi, line: str) -> None:
        if line.isdecimal():
            api.sends_file(self.user, f"{self.name}-{line}.csv", self.file(int(line)))
        else:
            api.says(self.user, line)


@dataclass(frozen=True)
class Found:
    """What is in a founder's shop: how often they were let in, how many imports and orders, who was unsubscribed."""

    paired: int
    imports: int
    orders: int
    unsubscribed: list[int]


def found(shop: Shop) -> Found:
    with shop.open() as db:
        paired, imports, orders, consents = (
            int(db.conn.execute(query).fetchone()[0])
            for query in (
                "SELECT count(*) FROM trail WHERE deed = 'paired'",
                "SELECT count(*) FROM imports",
                "SELECT count(*) FROM orders",
                "SELECT count(*) FROM consents WHERE state = 'withdrawn'",
            )
        )
        asked = db.conn.execute(
            "SELECT c.key FROM trail t JOIN customers c ON c.id = t.subject WHERE t.deed = 'unsubscribed' ORDER BY t.id"
        ).fetchall()
    assert consents == len(asked)
    return Found(paired, imports, orders, [int(key.removeprefix("K")) for (key,) in asked])


async def test_killed_over_and_over(tmp_path: Path, record_property: Record) -> None:
    house = house_at(tmp_path / "shops")
    founders = [
        Founder(user, name, invite_founder(house, name)[1])
        for user, name in ((11 + n, f"shop-{n}") for n in range(N_FOUNDERS))
    ]
    turns = said_in_turns(founders)
    api = BotApi(free_port(), mischief=2.0)
    rng = np.random.default_rng(20_261_127)
    log, settings = tmp_path / "log", {"ZHIKE_SHOPS": str(house.path.parent)}
    async with listening(api):
        began = time.monotonic()
        bot = await started(house, api, log, **settings)
        seconds = time.monotonic() - began
        try:
            for kill in range(KILLS):
                for founder, line in turns[kill]:
                    founder.says(api, line)
                await asyncio.sleep(rng.uniform(0.0, 2 * seconds))
                await killed(bot)
                bot = await begun(house, api, log, **settings)
                if kill == KILLS // 2:
                    api.after_a_week()
                if any(update.attempts >= MOST_ATTEMPTS for update in waiting_updates(house)):
                    await all_done(house, api, bot=bot, log=log)
            for founder, line in turns[KILLS]:
                founder.says(api, line)
            await all_done(house, api, 600, bot, log)
            await ended(bot)
        finally:
            await killed(bot)
    assert "Traceback" not in log.read_text()
    assert guests(house, several=True).users == {founder.user: founder.name for founder in founders}
    lost = doubled = 0
    faults = n_faults(house)
    for founder in founders:
        shop = shop_in(house, founder.name)
        there = found(shop)
        whole = Found(1, N_FILES, N_FILES * EACH, founder.customers)
        lost += len(set(founder.customers) - set(there.unsubscribed)) + max(N_FILES - there.imports, 0)
        doubled += len(there.unsubscribed) - len(set(there.unsubscribed)) + max(there.imports - N_FILES, 0)
        faults += n_faults(shop)
        assert there == whole
        said = "\n".join(api.texts(founder.user))
        assert list(dict.fromkeys(map(int, GETS_NO_MORE.findall(said)))) == founder.customers
        assert "Hello" in said
        assert "What I can do" in said
        assert said.count(IMPORTED) >= N_FILES
        # and nothing of what the others said or sent
        assert {int(n) // 1000 for n in re.findall(r"\bK(\d{5})\b", said)} == {founder.user}
    tell(record_property, Row("kill -9: a bot that founders share", KILLS, lost, doubled, faults))


def said_in_turns(founders: list[Founder]) -> list[list[tuple[Founder, str]]]:
    """What is said before each kill, and after the last: one founder after the other joins, and all go on."""
    turns: list[list[tuple[Founder, str]]] = [[] for _ in range(KILLS + 1)]
    for number, founder in enumerate(founders):
        lines = [*founder.script()]
        first = number * KILLS // len(founders)
        shares = np.array_split(np.arange(len(lines)), KILLS + 1 - first)
        for turn, share in enumerate(shares, start=first):
            turns[turn] += [(founder, lines[n]) for n in share]
    return turns


@dataclass(frozen=True)
class Deed:
    """What is written to the house's store and to that of a shop."""

    name: str
    code: str = ""

    def __call__(self, house: Shop) -> None:
        if self.name == "a helper is removed":
            remove_helper(shop_in(house, "anna").caused_by(CAUSE), 22)
            return
        user = 22 if self.name == "a helper joins" else 11
        assert redeem_code(house.caused_by(CAUSE), self.code, chat_id=user, user_id=user) is not None


DEEDS = ("a founder joins", "a helper joins", "a helper is removed")


def prepared(folder: Path, name: str) -> tuple[Shop, Deed]:
    """A house whose shop the deed is about to be done to."""
    house = house_at(folder)
    _, code = invite_founder(house, "anna")
    if name == "a founder joins":
        return house, Deed(name, code)
    assert redeem_code(house, code, chat_id=11, user_id=11) is not None
    code = passing_code(shop_in(house, "anna"), "helper")
    if name == "a helper is removed":
        assert redeem_code(house, code, chat_id=22, user_id=22) is not None
    return house, Deed(name, code)


def both(house: Shop) -> tuple[Counts, Counts]:
    """How many rows the tables of the house have, and of its shop."""
    return rows(house), rows(shop_in(house, "anna"))


def half_done(original: Shop, whole: Shop, name: str, folder: Path) -> Shop:
    """As a kill between the two leaves it: who joins is in the shop's store only, who goes is gone from the house's."""
    house = copied(original, folder)
    if name == "a helper is removed":
        shutil.copy(whole.path, house.path)
    else:
        shutil.copytree(whole.path.parent / "anna", folder / "anna", dirs_exist_ok=True)
    return house


@pytest.mark.parametrize("name", DEEDS)
def test_what_is_written_to_two_stores(name: str, tmp_path: Path, record_property: Record) -> None:
    """A kill between the two is made good when the same update comes again, and nothing is there twice."""
    original, deed = prepared(tmp_path / "original", name)
    nothing = both(original)
    rng = np.random.default_rng(20_261_127)
    timing = copied(original, tmp_path / "timing")
    seconds = seconds_of(deed, timing)
    whole = both(timing)
    between = half_done(original, timing, name, tmp_path / "between")
    assert both(between) in ((nothing[0], whole[1]), (whole[0], nothing[1]))
    deed(between)
    assert both(between) == whole
    kills, faults = scaled(2, 15), n_faults(between) + n_faults(shop_in(between, "anna"))
    for kill in range(kills):
        house = copied(original, tmp_path / str(kill))
        killed_here(deed, house, kill, seconds, rng)
        after = both(house)
        assert after in (nothing, whole, (nothing[0], whole[1]), (whole[0], nothing[1]))
        if after != whole:  # else the door lets in who has come, and asks for no code
            deed(house)
        assert both(house) == whole
        faults += n_faults(house) + n_faults(shop_in(house, "anna"))
        shutil.rmtree(house.path.parent)
    tell(record_property, Row(f"kill -9: two stores, {name}", kills, faults=faults))
