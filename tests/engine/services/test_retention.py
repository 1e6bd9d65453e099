"""How long things are kept: leftovers go by themselves, all else only if its owner says so."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.privacy.retention import KINDS, read
from engine.services.customers import list_customers
from engine.services.imports import import_file
from engine.services.retention import keep_no_longer, set_retention, show_retention, would_go
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import inbox, trail
from tests.engine.services.test_forgetting import left, told_of


@pytest.mark.parametrize(
    ("text", "name", "days"),
    [
        ("events 2 years", "events", 730),
        ("messages 90", "messages", 90),
        ("lists 3 weeks", "lists", 21),
        ("people off", "people", None),
        ("消息 6个月", "messages", 180),
        ("客户3年", "people", 1095),
        ("名单 永久", "lists", None),
        ("EVENTS for good", "events", None),
    ],
)
def test_what_the_owner_says_is_understood(text: str, name: str, days: int | None) -> None:
    kind, found = read(text)
    assert (kind.name, found) == (name, days)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("evens 90 days", "did you mean “events”"),
        ("shoes 3 days", "there are: inbox"),
        ("events", "Say for how long"),
        ("events soon", "Say for how long"),
        ("people 1 day", "180 days at least"),
        ("events 99999 years", "100 years at most"),
        ("", "there are: inbox"),
        ("events -5 days", "Say for how long"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(shop: Shop, text: str, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence):
        set_retention(shop, text)


def test_only_leftovers_go_by_themselves(full: Shop) -> None:
    assert {line.kind.name for line in show_retention(full) if line.days is not None} == {"inbox", "uploads"}
    with full.open() as db:
        old, new = full.now() - timedelta(days=31), full.now() - timedelta(days=29)
        for number, at in ((1, old), (2, new), (3, old)):
            inbox.receive(db, number, 1, "{}", at)
        inbox.finish(db, 1, "done", old)
        inbox.finish(db, 2, "done", new)
    folder = full.files / "received"
    folder.mkdir(parents=True)
    for name, days in (("old", 40), ("new", 1)):
        (folder / name).write_text("x")
        then = (full.now() - timedelta(days=days)).timestamp()
        os.utime(folder / name, (then, then))
    before = list_customers(full).total
    assert keep_no_longer(full) is None
    with full.open() as db:
        assert [row[0] for row in db.conn.execute("SELECT update_id FROM inbox ORDER BY 1")] == [2, 3]
        gone = db.conn.execute("SELECT subject, who FROM trail WHERE deed = 'too old' ORDER BY id").fetchall()
    assert gone == [("inbox 1", "zhike"), ("uploads 1", "zhike")]
    assert [path.name for path in folder.iterdir()] == ["new"]
    assert list_customers(full).total == before
    assert check_store(full).faults == ()


def test_texts_of_messages_and_rows_go_and_counts_stay(full: Shop) -> None:
    with full.open() as db:
        (sent,) = db.conn.execute(
            "SELECT count(*) FROM sends s JOIN campaigns c ON c.id = campaign_id WHERE c.status = 'approved'"
        ).fetchone()
    line = set_retention(full, "messages 30 days")
    assert line.n_old == sent
    assert "texts and addresses of messages that went out" in str(keep_no_longer(full))
    assert would_go(full, "messages 30 days").n_old == 0
    with full.open() as db:
        assert db.conn.execute(
            "SELECT count(*), count(nullif(text, '…')), count(subject) FROM sends s JOIN campaigns c "
            "ON c.id = campaign_id WHERE c.status = 'approved'"
        ).fetchone() == (sent, 0, 0)
    assert check_store(full).faults == ()


def test_who_gave_no_sign_for_long_is_forgotten_but_may_come_back(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order id,customer id,date,name,email,sku,product,quantity,price\n"
        "O1,C1,2021-01-05,Zoe Quixote,zoe@example.com,P1,Tea,1,10\n"
        "O2,C2,2026-10-06,Ben Other,ben@example.com,P1,Tea,2,10\n"
        "O3,C3,2021-01-06,Ann Third,ann@example.com,P1,Tea,2,10\n"
        "O4,C3,2026-01-06,Ann Third,ann@example.com,P1,Tea,2,10\n"
    )
    import_file(shop, path)
    told = told_of(shop, "C1")
    assert would_go(shop, "people 3 years").n_old == 1
    assert would_go(shop, "people 180 days").n_old == 2
    set_retention(shop, "people 3 years")
    assert "people without an order" in str(keep_no_longer(shop))
    assert {row.customer.key for row in list_customers(shop).rows} == {"C2", "C3"}
    path.unlink()
    assert left(tmp_path, told) == []
    path.write_text(
        "order id,customer id,date,name,email,sku,product,quantity,price\n"
        "O9,C1,2026-11-05,Zoe Quixote,zoe@example.com,P1,Tea,1,10\n"
    )
    import_file(shop, path)
    assert {row.customer.key for row in list_customers(shop).rows} == {"C1", "C2", "C3"}
    assert keep_no_longer(shop) is None


def test_setting_the_same_twice_is_once_in_the_trail(shop: Shop) -> None:
    for _ in range(2):
        set_retention(shop, "events 2 years")
    set_retention(shop, "events off")
    with shop.open() as db:
        rows = db.conn.execute("SELECT subject FROM trail WHERE deed = 'retention set' ORDER BY id").fetchall()
        assert trail.faults(db) == []
    assert rows == [("events 730",), ("events for good",)]


def test_every_kind_says_what_it_is(shop: Shop) -> None:
    for kind in KINDS.values():
        assert kind.default is None or kind.default >= kind.least
        assert set_retention(shop, f"{kind.name} {kind.least} days").days == kind.least
