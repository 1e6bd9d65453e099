"""Before anything is answered: rights, room, versions, the key."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from engine import StoreError, do_today, due_today, start_checks
from engine.services.start_checks import _refuse_old
from tests.engine.services.kept import KEY, small_shop


def test_a_sound_store_needs_no_word(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    assert start_checks(shop) == ()
    assert start_checks(shop) == ()


def test_what_others_could_read_is_closed_and_told(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    shop.path.chmod(0o644)
    (told,) = start_checks(shop)
    assert "could read" in str(told)
    assert stat.S_IMODE(shop.path.stat().st_mode) == 0o600
    assert start_checks(shop) == ()


def test_a_folder_that_others_may_change_is_told(tmp_path: Path) -> None:
    shop = small_shop(tmp_path / "shared")
    shop.path.parent.chmod(0o777)
    (told,) = start_checks(shop)
    assert "chmod 700" in str(told)


def test_a_key_without_an_encrypted_store_is_told(tmp_path: Path) -> None:
    (told,) = start_checks(replace(small_shop(tmp_path), key=KEY))
    assert "zhike encrypt" in str(told)


def test_a_damaged_store_names_the_last_backup(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    for work in due_today(shop):
        do_today(shop, work)
    with shop.path.open("r+b") as file:
        file.seek(30 * 4096)
        file.write(b"\xa5" * 40960)
    with pytest.raises(StoreError, match=r"zhike restore .*shop-2026-11-23\.db"):
        start_checks(shop)


@pytest.mark.parametrize(("python", "sqlite", "name"), [((3, 10), (3, 45), "Python"), ((3, 12), (3, 36), "SQLite")])
def test_what_is_too_old_is_told(python: tuple[int, int], sqlite: tuple[int, int], name: str) -> None:
    with pytest.raises(StoreError, match=f"{name} .* or newer is needed"):
        _refuse_old(python, sqlite)
    _refuse_old((3, 11), (3, 37, 0))
