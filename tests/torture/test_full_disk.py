"""A disk that is really full: each effect says so and changes nothing, and what is said to the bot waits for space."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import Shop, StoreError, check_store
from tests.bot.talk import free_port
from tests.engine.services.test_campaigns import filled
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import all_done, ended, killed, started, until, with_helpers
from tests.torture.effects import EFFECTS, act_on, rows
from tests.torture.killing import copied
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import scaled

MEGABYTES = 24
ROOM = scaled(3, 24)  # different amounts of space that are left
MOST_ROOM = 1_500_000  # bytes
WRITING = ("import", "approval", "outcome", "unsubscribing", "forgetting", "backup", "restore")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0777", "tmpfs", str(folder)]
    for command in (mount, ["sudo", "-n", *mount]):
        try:
            subprocess.run(command, check=True, capture_output=True)
            break
        except (OSError, subprocess.CalledProcessError):
            continue
    else:
        pytest.skip("a small file system cannot be mounted here: that takes the rights of root")
    yield folder
    for prefix in ([], ["sudo", "-n"]):
        if subprocess.run([*prefix, "umount", "-l", str(folder)], check=False, capture_output=True).returncode == 0:
            return


def leave(disk: Path, room: int) -> Path:
    """Fill the disk up but for so many bytes; the file that fills it."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    with ballast.open("wb") as file:
        size = max(0, free.f_bavail * free.f_bsize - room)
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    return ballast


@pytest.mark.parametrize("name", WRITING)
def test_an_effect_on_a_full_disk(disk: Path, tmp_path: Path, name: str, record_property: Record) -> None:
    effect, act = EFFECTS[name], act_on(name)
    (tmp_path / "original").mkdir()
    original = effect.prepare(tmp_path / "original")
    nothing, known = rows(original), check_store(original).faults
    timing = copied(original, tmp_path / "whole")
    act(timing)
    whole = rows(timing)
    rng = np.random.default_rng(20_261_127)
    full = faults = 0
    for number in range(ROOM):
        shop = copied(original, disk / str(number))
        rows(shop)  # opened once, as by whoever worked with it before
        ballast = leave(disk, 0 if number == 0 else int(MOST_ROOM ** rng.uniform(0.5, 1.0)))
        try:
            act(shop)
        except StoreError as error:
            full += 1
            assert "isk" in str(error.phrase), error.phrase
            ballast.unlink()
            assert {**rows(shop), "backups": nothing["backups"]} == nothing
            faults += n_faults(shop, known)
            act(shop)
        ballast.unlink(missing_ok=True)
        assert {**rows(shop), "backups": 0} == {**whole, "backups": 0}
        assert not list(shop.path.parent.glob("*.restoring*"))
        faults += n_faults(shop, known)
        subprocess.run(["rm", "-rf", str(shop.path.parent)], check=True)
    assert full
    tell(record_property, Row(f"full disk: {name}", full, faults=faults))


async def test_what_is_said_to_the_bot_waits_for_space(disk: Path, tmp_path: Path, record_property: Record) -> None:
    n = scaled(6, 40)
    shop = Shop(disk / "shop.db")
    filled(shop, n)
    with_helpers(shop, 1)
    api, log = BotApi(free_port()), tmp_path / "log"
    async with listening(api):
        bot = await started(shop, api, log)
        try:
            ballast = leave(disk, 0)
            for number in range(1, n + 1):
                api.says(1, f"/unsubscribe K{number}")
            await until(lambda: "the inbox cannot be written" in log.read_text(), 60)
            ballast.unlink()
            await all_done(shop, api)
            await ended(bot)
        finally:
            await killed(bot)
    told = [text for text in api.texts(1) if "gets no more" in text]
    with shop.open() as db:
        (said,) = db.conn.execute("SELECT count(*) FROM consents WHERE state = 'withdrawn'").fetchone()
    # what met the full disk in the middle was told so, and asks to be said again; that all waits is no refusal
    refused = sum("disk is full" in text and "cannot answer yet" not in text for text in api.texts(1))
    lost = n - refused - said
    tell(record_property, Row("full disk: updates", n, lost, len(told) - len(set(told)), n_faults(shop)))
