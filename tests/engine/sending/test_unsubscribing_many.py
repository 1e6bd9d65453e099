"""Unsubscribing by list, by file and by reply, each kept with how and when, per channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import EngineError, NotFound
from engine.services.customers import customer_card
from engine.services.unsubscribing import Said
from engine.services.unsubscribing_many import SaidOfMany, unsubscribe_file, unsubscribe_told
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import consents
from tests.engine.services.sent import add_customers


def withdrawn(shop: Shop, channel: str | None = None) -> set[int]:
    with shop.open() as db:
        return {id_ for id_, state in consents.states(db, channel).items() if state == consents.WITHDRAWN}


def test_a_list_unsubscribes_all_of_it_once(shop: Shop) -> None:
    add_customers(shop, 5)
    text = "C1, c2@example.com；13800000003\nTD c4@example.com, nobody@example.com"
    caused = shop.caused_by("update:1")
    assert unsubscribe_told(caused, text) == SaidOfMany(4, 0, "any", ("nobody@example.com",))
    assert unsubscribe_told(caused, text) == SaidOfMany(4, 0, "any", ("nobody@example.com",))
    assert unsubscribe_told(shop, text) == SaidOfMany(0, 4, "any", ("nobody@example.com",))
    assert withdrawn(shop) == {1, 2, 3, 4}
    assert check_store(shop).faults == ()


def test_a_bare_list_of_addresses_as_a_file_will_do(shop: Shop, tmp_path: Path) -> None:
    add_customers(shop, 5)
    path = tmp_path / "gone.txt"
    path.write_text("c1@example.com\nC2@EXAMPLE.com\nx@example.com\n")
    assert unsubscribe_file(shop, path, channel="email") == SaidOfMany(2, 0, "email", ("x@example.com",))
    assert withdrawn(shop, "email") == {1, 2}
    assert withdrawn(shop, "sms") == set()
    (word,) = customer_card(shop, "C1").consents
    assert (word.channel, word.state, word.how, word.at[:10]) == (
        "email",
        "withdrawn",
        "file gone.txt: unsubscribed",
        "2026-11-23",
    )
    table = tmp_path / "export.csv"
    table.write_text("id,address\n77,c3@example.com\n78,c4@example.com\n")
    assert unsubscribe_file(shop, table).n_changed == 2


def test_a_forwarded_reply_is_of_its_sender_alone(shop: Shop) -> None:
    add_customers(shop, 3)
    said = unsubscribe_told(shop, "From: No 1 <c1@example.com>\nTo: c2@example.com\n\nunsubscribe", who="user 7")
    assert isinstance(said, Said)
    assert withdrawn(shop) == {1}
    assert customer_card(shop, "C1").consents[0].how == "reply “unsubscribe”, told by user 7"


def test_bad_words_change_nothing(shop: Shop, tmp_path: Path) -> None:
    add_customers(shop, 2)
    path = tmp_path / "nobody.txt"
    path.write_text("a@example.com\nb@example.com\n")
    for text in ("a@example.com, b@example.com", "a@example.com: TD"):
        with pytest.raises(NotFound):
            unsubscribe_told(shop, text)
    with pytest.raises(NotFound):
        unsubscribe_file(shop, path)
    with pytest.raises(EngineError):
        unsubscribe_file(shop, tmp_path / "absent.txt")
    with pytest.raises(EngineError):
        unsubscribe_told(shop, "C1, C2", channel="pigeon")
    assert withdrawn(shop) == set()
