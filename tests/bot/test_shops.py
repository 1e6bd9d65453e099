"""Many founders on one bot: each sees their own shop, whatever they send, and one shop's trouble is its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from bot.access import Access
from bot.cli import main
from engine import (
    NotAllowed,
    NotFound,
    Shop,
    close_shop,
    guests,
    house_at,
    invite_founder,
    list_customers,
    open_shops,
    redeem_code,
    remove_shop,
    shop_at,
    shop_in,
    shops_of,
    waiting_updates,
)
from engine.services.imports import import_file
from tests.bot.telegram import World, world

ANNA, BEN, EVE = 11, 22, 33
NAMES = {ANNA: ("anna", "Zoe Zeppelin"), BEN: ("ben", "Quentin Quartz")}


def orders(path: Path, name: str) -> Path:
    """A file of 40 orders of four customers, one of them called so."""
    lines = ["order id,customer id,customer name,date,amount"]
    for n in range(40):
        who = n % 4
        lines.append(f"{n},C{who},{name if who == 0 else f'Person {who}'},2026-0{1 + n % 9}-1{n % 9},{20 + n}.00")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def house(tmp_path: Path) -> Shop:
    return house_at(tmp_path / "shops")


@asynccontextmanager
async def two_founders(house: Shop, tmp_path: Path) -> AsyncIterator[World]:
    """Anna and Ben, each with a shop of their own, in which one customer's name is found nowhere else."""
    async with world(house, several=True) as made:
        for user, (name, customer) in NAMES.items():
            _, code = invite_founder(house, name)
            assert "Hello" in await made.answers(user, f"/start {code}")
            import_file(shop_in(house, name), orders(tmp_path / f"{name}.csv", customer))
        yield made


HOSTILE = (
    *("/customer C0", "/customer 1", "/customer Quentin", "/customer Quentin Quartz", "/customer", "/customer list 0"),
    *("/sales", "/results 1", "/results", "/campaigns", "/campaign 1", "/campaign show 1", "/campaign approve 1"),
    *("/campaign list 1", "/campaign history 1", "/segments show 1", "/segments csv 1", "/lifecycle csv active"),
    *("/columns 1 import", "/columns 1", "/quality 1", "/wave 1", "/send 1", "/helpers", "/helpers remove 22"),
    *("/helpers forbid -100", "/export_customer C0", "/export_customer Quentin Quartz", "/forget Quentin Quartz"),
    *("/recommend C0", "/similar 1", "/same 1", "/templates 1", "/retention", "/missing", "/pool show 1", "/share"),
    *("/customer ../ben/zhike.db", "/export ../ben", "/backup ../ben/zhike.db", "/customer %", "/customer C0' OR '1"),
)


async def test_no_button_of_old_or_of_others_reaches_another_shop(house: Shop, tmp_path: Path) -> None:
    async with two_founders(house, tmp_path) as made:
        before = [row.customer.key for row in list_customers(shop_in(house, "ben"), n=10).rows]
        assert "Zoe Zeppelin" in await made.answers(ANNA, "/customer C0")
        for data in HOSTILE:
            await made.telegram.presses(ANNA, data)
        await made.settled(170)
        said = "\n".join(made.telegram.sent(ANNA))
        # a refusal may say again what was asked for, and no more of it
        assert "Quartz (C0)" not in said
        assert "Zoe" not in "\n".join(made.telegram.sent(BEN))
        sent = [values for name, values in made.telegram.asked if values.get("chat_id") == str(ANNA)]
        assert len(sent) >= len(HOSTILE)
        assert [row.customer.key for row in list_customers(shop_in(house, "ben"), n=10).rows] == before
        assert "Quentin Quartz" in await made.answers(BEN, "/customer C0")
    for folder, other in (("anna", b"Quartz"), ("ben", b"Zeppelin")):
        for file in (house.path.parent / folder).rglob("*"):
            # the words of the answers are in no file; what Anna typed is in no store of a shop
            assert not file.is_file() or other not in file.read_bytes(), file


async def test_a_helper_belongs_to_the_shop_that_invited_them(house: Shop, tmp_path: Path) -> None:
    async with two_founders(house, tmp_path) as made:
        invited = await made.answers(BEN, "/helpers invite")
        code = next(line for line in invited.split("\n") if "<b>" in line)[3:-4]
        assert "You help here" in await made.answers(EVE, code)
        assert "Quentin Quartz" in await made.answers(EVE, "/customer C0")
        assert "Zoe Zeppelin" in await made.answers(ANNA, "/customer C0")
        assert "Mia33" not in await made.answers(ANNA, "/helpers")
        await made.answers(ANNA, f"/helpers remove {EVE}")
        assert "Quentin Quartz" in await made.answers(EVE, "/customer C0")
        assert "Removed" in await made.answers(BEN, f"/helpers remove {EVE}")
        assert "belongs to one shop" in await made.answers(EVE, "/customer C0")


async def test_a_group_is_of_the_shop_whose_owner_allowed_it(house: Shop, tmp_path: Path) -> None:
    group = -100500
    async with two_founders(house, tmp_path) as made:
        assert "From now on I answer" in await made.answers(ANNA, "/helpers allow", chat=group)
        assert "Zoe Zeppelin" in await made.answers(ANNA, "/customer C0", chat=group)
        assert await made.answers(BEN, "/customer C0", chat=group) == ""
        assert await made.answers(BEN, "/helpers allow", chat=group) == ""


async def test_a_damaged_store_harms_its_own_shop(house: Shop, tmp_path: Path) -> None:
    async with two_founders(house, tmp_path):
        pass
    shop_in(house, "anna").path.write_bytes(b"this is no database at all" * 1000)
    async with world(house, several=True) as made:
        made.telegram.numbers = count(1000)
        said = await made.answers(ANNA, "/customer C0")
        assert "cannot be opened now" in said
        assert str(house.path.parent) not in said
        assert "Quentin Quartz" in await made.answers(BEN, "/customer C0")
        assert waiting_updates(house) == []


async def test_closed_is_closed_and_a_code_works_once(house: Shop, tmp_path: Path) -> None:
    async with two_founders(house, tmp_path) as made:
        _, code = invite_founder(house, "carla")
        close_shop(house, "anna")
        assert "belongs to one shop" in await made.answers(ANNA, "/customer C0")
        assert "Hello" in await made.answers(EVE, code)
        assert "not work" in await made.answers(ANNA, code)
        assert "Quentin Quartz" in await made.answers(BEN, "/customer C0")
        assert "invited" not in {line.state for line in shops_of(house)}
    assert [(line.name, line.state) for line in shops_of(house)] == [
        ("anna", "closed"), ("ben", "open"), ("carla", "open"),
    ]  # fmt: skip
    assert [shop.name for shop in open_shops(house)] == ["ben", "carla"]


def test_inviting(house: Shop) -> None:
    name, code = invite_founder(house)
    assert name == "shop-1"
    assert redeem_code(house, code, chat_id=ANNA, user_id=ANNA) is not None
    assert redeem_code(house, code, chat_id=BEN, user_id=BEN) is None
    with pytest.raises(NotAllowed, match="has an owner"):
        invite_founder(house, "shop-1")
    _, code = invite_founder(house, "shop-1", again=True)
    assert redeem_code(house, code, chat_id=BEN, user_id=BEN) is not None
    assert guests(house, several=True).users == {BEN: "shop-1"}
    with pytest.raises(NotAllowed, match="cannot be a shop's name"):
        invite_founder(house, "../elsewhere")
    with pytest.raises(NotFound):
        close_shop(house, "nobody")


def test_what_is_known_is_read_again_only_if_it_changed(house: Shop) -> None:
    _, code = invite_founder(house, "anna")
    known = guests(house, several=True)
    assert guests(house, known, several=True) is known
    redeem_code(house, code, chat_id=ANNA, user_id=ANNA)
    assert guests(house, known, several=True).users == {ANNA: "anna"}
    assert Access.to_house(house).guests().owners == {ANNA}


def test_a_shop_that_is_removed_leaves_nothing(house: Shop, tmp_path: Path) -> None:
    _, code = invite_founder(house, "anna")
    redeem_code(house, code, chat_id=ANNA, user_id=ANNA)
    shop = shop_in(house, "anna")
    import_file(shop, orders(tmp_path / "orders.csv", "Zoe Zeppelin"))
    assert shop_at(shop.path) == shop
    remove_shop(house, "anna")
    assert not shop.path.parent.exists()
    assert shops_of(house) == ()
    assert guests(house, several=True).users == {}
    assert b"Zeppelin" not in b"".join(path.read_bytes() for path in house.path.parent.rglob("*") if path.is_file())


def test_the_command_line(house: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ZHIKE_SHOPS", str(house.path.parent))
    assert main(["invite", "anna", "--language", "en"]) == 0
    code = capsys.readouterr().out.split("\n")[1].strip(" #*")
    assert redeem_code(house, code, chat_id=ANNA, user_id=ANNA) is not None
    assert main(["shops", "--language", "en"]) == 0
    assert "anna: in use, never used" in capsys.readouterr().out
    assert main(["shops", "--remove", "anna", "--language", "en"]) == 2
    assert main(["shops", "--remove", "anna", "--yes", "--language", "en"]) == 0
    assert shops_of(house) == ()
    monkeypatch.delenv("ZHIKE_SHOPS")
    assert main(["shops", "--language", "en"]) == 2
    assert "set ZHIKE_SHOPS" in capsys.readouterr().err
