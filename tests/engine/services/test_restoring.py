"""Back to a backup: checked first, refused where it could harm, and all of it or nothing, also by kill -9."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import (
    Inbox,
    NotAllowed,
    NotFound,
    Shop,
    StoreError,
    approve_campaign,
    back_up,
    chat_of,
    check_store,
    draft_campaign,
    look_at_backup,
    pair_owner,
    restore,
    unsubscribe,
    waiting_updates,
)
from engine.store import consents, deliveries
from tests.clock import NOON
from tests.engine.sending.made import addresses, approved, later, send
from tests.engine.sending.post_office import post_office
from tests.engine.services.kept import KEY, add_orders, at, held_open, killed_at, n_orders, small_shop
from tests.engine.services.test_campaigns import filled

KILLS = int(os.environ.get("ZHIKE_KILLS", "6"))


def grown(folder: Path) -> tuple[Shop, Path]:
    """A shop that had 40 orders when the backup was made, and has 60 now, a day later."""
    shop = small_shop(folder)
    backup = back_up(shop, folder / "copy.db")
    add_orders(at(shop, NOON + timedelta(days=1)), 60, first=40)
    return shop, backup


def test_it_is_told_what_it_would_mean_and_nothing_is_done(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    going = look_at_backup(shop, backup)
    assert going.lost == {"customers": 10, "orders": 20, "imports": 1}
    assert going.then.last_import == "2026-11-23T12:00:00+00:00"
    assert going.now is not None
    assert going.now.last_import == "2026-11-24T12:00:00+00:00"
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_what_was_there_is_kept_and_comes_back_as_well(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    going = restore(shop, backup)
    assert n_orders(shop) == 40
    assert not check_store(shop).faults
    assert going.kept is not None
    assert restore(shop, going.kept).lost == {}
    assert n_orders(shop) == 60
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


def test_it_waits_for_the_bot_to_end(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    with chat_of(shop), pytest.raises(NotAllowed, match="answers the chat"):
        restore(shop, backup)
    assert n_orders(shop) == 60


def test_it_waits_for_whoever_has_the_store_open(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    with held_open(shop), pytest.raises(NotAllowed, match="Another program has"):
        restore(shop, backup)
    assert n_orders(shop) == 60
    restore(shop, backup)
    assert n_orders(shop) == 40


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('zhike', 'm999', '')")
        db.commit()


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE letters (text TEXT)")


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 8192)


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "newer": (newer, "newer Zhike"),
    "foreign": (foreign, "another program"),
    "cut off": (cut_off, "damaged or no backup"),
    "overwritten": (overwritten, "damaged or no backup"),
    "empty": (lambda path: path.write_bytes(b""), "damaged or no backup"),
    "text": (lambda path: path.write_text("Dear founder, " * 1000), "damaged or no backup"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_backup_is_refused_and_changes_nothing(tmp_path: Path, name: str) -> None:
    shop, backup = grown(tmp_path)
    spoil, sentence = BAD[name]
    spoil(backup)
    for act in (look_at_backup, restore):
        with pytest.raises(StoreError, match=sentence) as refused:
            act(shop, backup)
        assert "restoring" not in str(refused.value)  # it is told of the file that the owner knows
    assert n_orders(shop) == 60
    assert not check_store(shop).faults


def test_what_is_no_file_is_told_with_what_there_is(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    going = restore(shop, backup)
    with pytest.raises(NotFound, match=str(going.kept)):
        restore(shop, tmp_path / "nothing.db")
    with pytest.raises(NotAllowed, match="the database itself"):
        restore(shop, shop.path)


@pytest.mark.parametrize(
    "damage", [cut_off, lambda path: path.write_text("gone"), Path.unlink], ids=["cut off", "text", "gone"]
)
def test_a_store_that_is_lost_comes_back(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    shop, backup = grown(tmp_path)
    damage(shop.path)
    there = shop.path.exists()
    going = restore(shop, backup)
    assert (going.now, going.kept is not None) == (None, there)
    assert n_orders(shop) == 40
    assert not check_store(shop).faults


def test_what_lies_beside_a_lost_store_does_not_get_into_the_new_one(tmp_path: Path) -> None:
    shop, backup = grown(tmp_path)
    with closing(sqlite3.connect(shop.path)) as db:
        db.execute("UPDATE orders SET revenue = 1")
        db.commit()  # in the write-ahead file, which a killed process leaves behind
        wal = tmp_path / "shop.db-wal"
        kept = wal.read_bytes()
    wal.write_bytes(kept)
    shop.path.write_bytes(b"x" * 8192)
    restore(shop, backup)
    assert not check_store(shop).faults
    assert n_orders(shop) == 40


@pytest.mark.parametrize("lost", [False, True], ids=["over a sound store", "over a lost one"])
def test_killed_at_any_line_it_is_the_old_or_the_new_store(tmp_path: Path, lost: bool) -> None:
    step, seen, n = 20, set(), 0
    while True:
        shop, backup = grown(tmp_path / str(step))
        if lost:
            shop.path.write_bytes(b"x" * 8192)
        was_killed = killed_at(step, restore, shop, backup)
        try:
            found = n_orders(shop)
            assert found in (40, 60)
            assert not check_store(shop).faults
        except StoreError:
            assert lost  # still as it was
            found = 0
        seen.add(found)
        if found != 40:
            restore(shop, backup)
            assert n_orders(shop) == 40
            assert not check_store(shop).faults
        if not was_killed:
            break
        n += 1
        step += 700 // KILLS
    assert n >= KILLS // 3
    assert seen == ({0, 40} if lost else {40, 60})


@pytest.mark.parametrize("which", ["the store", "the backup", "both"])
def test_a_store_stays_as_encrypted_as_it_is(tmp_path: Path, which: str) -> None:
    plain, secret = small_shop(tmp_path / "plain"), small_shop(tmp_path / "secret", KEY)
    source = plain if which == "the store" else secret
    backup = back_up(source, tmp_path / "copy.db")
    shop = plain if which == "the backup" else secret
    if which == "the backup":
        with pytest.raises(StoreError, match="encrypted"):
            restore(shop, backup)
        shop.path.unlink()
        shop = replace(shop, key=KEY)
    assert restore(shop, backup).encrypted
    assert not shop.path.read_bytes().startswith(b"SQLite format 3")
    assert n_orders(shop) == 40
    assert not check_store(shop).faults


def test_who_said_no_since_stays_unsubscribed(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    backup = back_up(shop, tmp_path / "copy.db")
    unsubscribe(shop, "C3")
    unsubscribe(shop, "C4", channel="email")
    assert restore(shop, backup).refusals == 2
    with shop.open() as db:
        assert sorted(consents.states(db, "email").values()) == ["withdrawn", "withdrawn"]
        assert list(consents.states(db, "sms").values()) == ["withdrawn"]
    assert not check_store(shop).faults


def test_what_was_sent_since_is_not_sent_again(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 6)
    backup = back_up(shop, tmp_path / "copy.db")
    with post_office() as (box, mail):
        send(shop, mail, most=2)
        assert restore(shop, backup).sent == 2
        report = send(shop, mail)
        assert report.delivered == 4
        assert sorted(box.addresses) == addresses(6)
    assert not check_store(shop).faults


def test_of_a_lost_store_it_is_not_known_what_was_sent(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 6)
    backup = back_up(shop, tmp_path / "copy.db")
    with post_office() as (box, mail):
        send(shop, mail, most=2)
        shop.path.write_bytes(b"x" * 8192)
        assert restore(shop, backup).doubtful == 6
        with pytest.raises(NotAllowed):
            send(shop, mail)
        assert len(box.received) == 2
    with shop.open() as db:
        assert {state for _, state in deliveries.counts(db, 1)} == {deliveries.UNKNOWN}


def test_a_draft_that_was_decided_on_since_is_no_draft_again(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=later(Shop(tmp_path)).clock)
    draft = draft_campaign(shop, segment_id=filled(shop, 5), goal="win_back", channel="email", holdout=0.0)
    backup = back_up(shop, tmp_path / "copy.db")
    approve_campaign(shop, draft.campaign, who="owner")
    restore(shop, backup)
    with pytest.raises(NotAllowed):
        approve_campaign(shop, draft.campaign, who="owner")
    assert not check_store(shop).faults


def test_who_may_talk_and_what_was_asked_stay_as_they_are(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    pair_owner(shop, 1, 1)
    inbox = Inbox(shop)
    assert inbox.receive(7, 1, "{}").result()
    inbox.close()
    backup = back_up(shop, tmp_path / "copy.db")
    pair_owner(shop, 2, 2)
    restore(shop, backup)
    assert waiting_updates(shop) == []  # what was answered since is not answered again
    with shop.open() as db:
        assert [row[0] for row in db.conn.execute("SELECT chat_id FROM chats")] == [2]
