"""What can happen to the file and the disk below it: each is one clear sentence, and nothing is damaged by it.

Real files, real disks and real processes. Where a disk of its own cannot be had (it takes the right to mount), a limit
on the size of files stands in for it.
"""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.localchat.history import History
from engine import (
    EngineError,
    NotAllowed,
    Shop,
    StoreError,
    approve_campaign,
    back_up,
    chat_of,
    check_store,
    draft_campaign,
    import_file,
    sales_report,
    start_checks,
)
from engine.services.approvals import undo_until
from engine.services.upkeep import Health
from engine.store import campaigns, meta, transaction, upkeep
from tests.clock import NOON, At
from tests.engine.services.kept import CONTEXT, add_orders, at, held_open, n_orders, orders, small_shop
from tests.engine.services.test_backups import damage_an_index
from tests.engine.services.test_campaigns import filled

CONTEXT.set_forkserver_preload(["tests.engine.services.kept", "tests.test_store_faults"])
MEGABYTE = 1_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "zhike-test", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a disk of its own takes the right to mount one")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """A file that takes all that is left of the disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * 4096)
    return filler


def large_file(folder: Path) -> Path:
    path = folder / "large.csv"
    path.write_text(orders(30_000))
    return path


def left_behind(shop: Shop) -> set[str]:
    """The names of files beside the store that are none of its own."""
    own = ("shop.db", "shop.db-wal", "shop.db-shm", "filler", "large.csv")
    return {path.name for path in shop.path.parent.rglob("*") if path.is_file() and path.name not in own}


def test_an_import_that_fills_the_disk_leaves_nothing_behind(small_disk: Path, tmp_path: Path) -> None:
    shop = small_shop(small_disk)
    before = left_behind(shop)
    with pytest.raises(StoreError, match="The disk is full: nothing was changed"):
        import_file(shop, large_file(tmp_path))
    assert n_orders(shop) == 40
    assert not check_store(shop).faults
    assert left_behind(shop) == before
    add_orders(shop, 60, first=40)  # there is room again, and it goes on
    assert n_orders(shop) == 60


def test_a_full_disk_is_told_at_the_start_and_by_every_deed(small_disk: Path) -> None:
    shop = small_shop(small_disk)
    with shop.open():
        """The write-ahead file is made while there is room."""
    filler = fill(small_disk)
    for deed in (start_checks, lambda shop: back_up(shop, small_disk / "copy.db")):
        with pytest.raises(StoreError, match="disk"):
            deed(shop)
    assert not (small_disk / "copy.db").exists()
    filler.unlink()
    assert any("MB left" in str(note) for note in start_checks(shop))
    assert n_orders(shop) == 40
    assert not check_store(shop).faults


def in_a_child(work: Callable[..., Any], *args: Any) -> str:
    """What `work` says in a process of its own: the sentence of its error, or ok."""
    ours, theirs = CONTEXT.Pipe()
    child = CONTEXT.Process(target=_say, args=(theirs, work, args))
    child.start()
    theirs.close()
    try:
        return str(ours.recv())
    finally:
        child.join()
        ours.close()


def _say(pipe: Any, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        work(*args)
        pipe.send("ok")
    except EngineError as error:
        pipe.send(str(error))
    except BaseException as error:  # noqa: BLE001 - the test shows what it was
        pipe.send(repr(error))


def import_within(limit: int, shop: Shop, file: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    import_file(shop, file)


def test_files_that_may_not_grow_are_told(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    said = in_a_child(import_within, 2 * MEGABYTE, shop, large_file(tmp_path))
    assert "The disk" in said
    assert "othing was changed" in said
    assert n_orders(shop) == 40
    assert not check_store(shop).faults


def as_nobody(work: Callable[[Shop], object], shop: Shop) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    work(shop)


@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_may_only_be_read_is_told(tmp_path_factory: pytest.TempPathFactory, which: str) -> None:
    base = tmp_path_factory.mktemp("read-only")
    for folder in (base, *base.parents[:3]):
        with suppress(PermissionError):
            folder.chmod(folder.stat().st_mode | 0o055)
    if not all(folder.stat().st_mode & 0o005 for folder in base.parents):
        pytest.skip("another user cannot reach the folder of the tests")
    shop = small_shop(base / "shop")
    shop.path.chmod(0o444)
    shop.path.parent.chmod(0o777 if which == "file" else 0o555)
    before = shop.path.read_bytes()
    said = in_a_child(as_nobody, start_checks, shop)
    assert "Cannot write to" in said
    assert shop.path.read_bytes() == before
    shop.path.parent.chmod(0o755)


def test_a_disk_that_may_only_be_read_is_told(small_disk: Path) -> None:
    shop = small_shop(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(StoreError, match="Cannot write to"):
        start_checks(shop)
    with pytest.raises(StoreError, match="Cannot write to"):
        back_up(shop, small_disk / "copy.db")


def test_a_store_that_is_busy_for_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = small_shop(tmp_path)
    monkeypatch.setattr("engine.store.connecting.BUSY_SECONDS", 0.2)
    opened, over = CONTEXT.Event(), CONTEXT.Event()
    other = CONTEXT.Process(target=write_for_long, args=(shop, opened, over))
    other.start()
    try:
        assert opened.wait(60)
        with pytest.raises(StoreError, match="busy with another program"):
            add_orders(shop, 60, first=40)
        assert n_orders(shop) == 40  # it can be read meanwhile
    finally:
        over.set()
        other.join()
    add_orders(shop, 60, first=40)
    assert n_orders(shop) == 60


def write_for_long(shop: Shop, opened: Any, over: Any) -> None:
    with shop.open() as db, transaction(db):
        opened.set()
        over.wait(60)


def overwrite(offset: int, n: int = 200) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(b"\xa5" * n)

    return spoil


def damage_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'").fetchone()
    overwrite((page - 1) * 4096, 4096)(path)


def emptied(path: Path) -> None:
    """Cut off, while backups of it are there."""
    backups = path.with_name("shop-backups")
    backups.mkdir()
    (backups / "shop-2026-11-22.db").write_bytes(b"")
    path.write_bytes(b"")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "header": overwrite(0, 100),
    "schema": overwrite(100, 3996),
    "table": damage_a_table,
    "index": damage_an_index,
    "cut off": lambda path: os.truncate(path, path.stat().st_size // 2),
    "empty": emptied,
    "text": lambda path: path.write_text("Dear founder, " * 1000),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_store_is_told_and_left_as_it_is(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = small_shop(tmp_path)
    DAMAGE[name](shop.path)
    before = shop.path.read_bytes()
    with pytest.raises(EngineError) as refused:
        start_checks(shop)
        found: Health = check_store(shop)  # what a quick look does not see, a thorough one does
        assert found.faults
        raise StoreError(found_phrase(found))
    assert any(word in str(refused.value) for word in ("damaged", "empty", "missing"))
    for verb in ("check", "sales", "customers"):
        status = main(["--db", str(shop.path), "--language", "en", verb])
        said = capsys.readouterr()
        assert status in (0, 2)
        assert "Traceback" not in said.err
        assert status == 0 or (said.err + said.out).strip()
    assert shop.path.read_bytes() == before


def found_phrase(found: Health) -> Any:
    from engine import Phrase

    return Phrase("missing or damaged: {what}", what=found.faults[0])


def test_a_damaged_page_is_told_by_whoever_reads_it(tmp_path: Path) -> None:
    # through pandas as well, which wraps what SQLite says
    shop = small_shop(tmp_path)
    damage_a_table(shop.path)
    with pytest.raises(StoreError, match="damaged"):
        sales_report(shop)


@pytest.mark.parametrize("name", ["header", "cut off", "text"])
def test_the_local_chat_s_own_database_is_told_as_well(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shop.db-chat" / "localchat.db"
    history = History(path)
    for n in range(200):
        history.add_message({"text": f"message {n}" * 20})
    history.close()
    DAMAGE[name](path)
    before = path.read_bytes()
    with pytest.raises((StoreError, sqlite3.DatabaseError)):
        History(path).shown_messages(200)
    assert path.read_bytes()[:4096] == before[:4096]


def add_up(shop: Shop, n: int) -> None:
    for _ in range(n):
        with shop.open() as db, transaction(db):
            meta.write(db, "n", str(int(meta.read(db, "n") or "0") + 1))


def test_two_processes_write_and_nothing_is_lost(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    others = [CONTEXT.Process(target=add_up, args=(shop, 60)) for _ in range(2)]
    for other in others:
        other.start()
    add_up(shop, 60)
    for other in others:
        other.join()
    with shop.open() as db:
        assert meta.read(db, "n") == "180"
    assert not check_store(shop).faults


def test_what_is_written_stays_while_others_come_and_go(tmp_path: Path) -> None:
    # Opening the file a second time and closing it dropped the locks of the first connection; then the last process
    # to leave took the write-ahead file away, and what was written after that was lost.
    shop = small_shop(tmp_path)
    with shop.open() as db:
        for n in range(3):
            with shop.open():
                """Another thread's work, which comes and goes."""
            other = CONTEXT.Process(target=add_up, args=(shop, 1))
            other.start()
            other.join()
            with transaction(db):
                meta.write(db, f"mine {n}", "there")
    with shop.open() as db:
        assert [meta.read(db, f"mine {n}") for n in range(3)] == ["there"] * 3
        assert meta.read(db, "n") == "3"


def answer_for_long(shop: Shop, opened: Any, over: Any) -> None:
    with chat_of(shop):
        opened.set()
        over.wait(60)


def test_the_second_bot_on_a_database_refuses(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    opened, over = CONTEXT.Event(), CONTEXT.Event()
    other = CONTEXT.Process(target=answer_for_long, args=(shop, opened, over))
    other.start()
    try:
        assert opened.wait(60)
        for _ in range(2):  # asking does not take the lock away from the first
            with pytest.raises(NotAllowed, match="answers the chat"), chat_of(shop):
                pass
    finally:
        other.kill()  # the system lets go of what is killed
        other.join()
    with chat_of(shop):
        pass


def test_who_holds_the_store_open_does_not_hinder_a_check(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    with held_open(shop):
        assert start_checks(shop) == ()
        assert not check_store(shop).faults


@pytest.mark.parametrize("back", [timedelta(hours=2), timedelta(days=400)], ids=["hours", "a year"])
def test_a_clock_that_is_set_back_is_told_and_nothing_lasts_for_ever(tmp_path: Path, back: timedelta) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At(NOON))
    draft = draft_campaign(shop, segment_id=filled(shop, 5), goal="win_back", channel="email", holdout=0.0)
    approve_campaign(shop, draft.campaign, who="owner")
    earlier = at(shop, NOON - back)
    (told,) = start_checks(earlier)
    assert "clock seems to be set back" in str(told)
    assert any("clock seems to be set back" in str(note) for note in check_store(earlier).notes)
    with earlier.open() as db:
        campaign = campaigns.by_id(db, draft.campaign)
        assert campaign is not None
        # ten minutes to take it back do not become a year in which nothing can be sent
        assert undo_until(earlier, db, campaign) is None
    assert start_checks(at(shop, NOON + timedelta(days=1))) == ()


def test_an_approval_from_the_future_is_not_good_until_then(tmp_path: Path) -> None:
    from engine.services.approvals import to_hand_over

    shop = Shop(tmp_path / "shop.db", clock=At(NOON))
    draft = draft_campaign(shop, segment_id=filled(shop, 5), goal="win_back", channel="email", holdout=0.0)
    approve_campaign(shop, draft.campaign, who="owner")
    with shop.open() as db:
        assert to_hand_over(at(shop, NOON - timedelta(hours=2)), db, draft.campaign).id == draft.campaign
        with pytest.raises(NotAllowed, match="clock seems to be set back"):
            to_hand_over(at(shop, NOON - timedelta(days=400)), db, draft.campaign)


def test_the_newest_moment_is_what_zhike_itself_did(tmp_path: Path) -> None:
    # an order of next year in the shop's own data is no sign of a clock that is set back
    shop = Shop(tmp_path / "shop.db", clock=At(datetime(2026, 1, 1, 12, tzinfo=NOON.tzinfo)))
    add_orders(shop, 40)
    with shop.open() as db:
        assert upkeep.newest_moment(db) == shop.now()
