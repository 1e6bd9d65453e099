"""The trail: nothing of it is changed, and what was changed behind SQLite's back is found."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import trail, transaction
from engine.store.migrations import migrations


def deeds(shop: Shop, n: int, who: str = "owner") -> None:
    for i in range(n):
        with shop.open() as db, transaction(db):
            trail.add(db, at=shop.now(), who=who, deed="did", subject=str(i), cause=None)


def behind(shop: Shop, *statements: str) -> None:
    """Run statements as another program would, which drops what stands in its way."""
    with shop.open() as db:
        for trigger in ("trail_is_not_changed", "trail_is_not_cut"):
            db.conn.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            db.conn.execute(statement)


def test_rows_are_added_only(shop: Shop) -> None:
    deeds(shop, 2)
    with shop.open() as db:
        for statement in ("UPDATE trail SET who = 'x'", "DELETE FROM trail", "UPDATE trail SET hash = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="the trail is added to"):
                db.conn.execute(statement)
    assert check_store(shop).faults == ()


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE trail SET who = 'somebody' WHERE id = 2", "row 2 of the trail was changed"),
        ("DELETE FROM trail WHERE id = 2", "row 3 of the trail was changed, or a row before it was removed"),
        ("DELETE FROM trail WHERE id = 1", "the trail has 3 rows, and 4 were written"),
        ("DELETE FROM trail WHERE id = 4", "the trail has 3 rows, and 4 were written"),
        ("INSERT INTO trail (at, who, deed, subject) VALUES ('', '', '', '')", "row 5 of the trail was changed"),
    ],
)
def test_a_change_is_found(shop: Shop, statement: str, fault: str) -> None:
    deeds(shop, 4)
    behind(shop, statement)
    faults = check_store(shop).faults
    assert any(fault in found for found in faults), faults


def test_a_failed_deed_leaves_no_link(shop: Shop) -> None:
    deeds(shop, 1)
    with shop.open() as db, pytest.raises(RuntimeError), transaction(db):
        trail.add(db, at=shop.now(), who="owner", deed="did", subject="9", cause=None)
        raise RuntimeError
    deeds(shop, 1)
    assert check_store(shop).faults == ()


def test_several_write_at_once(shop: Shop) -> None:
    deeds(shop, 1)
    threads = [threading.Thread(target=deeds, args=(shop, 10, f"writer {i}")) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shop.open() as db:
        assert trail.end(db).n == 41
        assert trail.faults(db) == []


def test_old_rows_are_linked_by_the_migration(shop: Shop) -> None:
    steps = [step.name for step in migrations._migrations]
    before = steps[steps.index("m024_a_trail_that_shows_changes") - 1]
    from sqlite_utils import Database

    connection = sqlite3.connect(shop.path, isolation_level=None)
    db = Database(connection)
    migrations.apply(db, stop_before="m024_a_trail_that_shows_changes")
    assert before in {step.name for step in migrations.applied(db)}
    for i in range(3):
        connection.execute(
            "INSERT INTO trail (at, who, deed, subject) VALUES ('2026-01-01T00:00:00+00:00', '店主', 'did', ?)",
            [str(i)],
        )
    connection.close()
    deeds(shop, 2)
    with shop.open() as opened:
        assert trail.end(opened).n == 5
        assert trail.faults(opened) == []
