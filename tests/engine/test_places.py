"""Files that ship with Zhike are found, and files it writes are whole and private."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

import engine.places
from engine.places import shipped, write_privately


def test_a_checkout_has_its_folders_beside_the_packages() -> None:
    assert (shipped("templates") / "win_back").is_dir()
    assert (shipped("data") / "demo" / "orders.csv").is_file()


def test_an_installed_engine_has_them_within(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "engine" / "shipped" / "templates"
    inside.mkdir(parents=True)
    monkeypatch.setattr(engine.places, "__file__", str(tmp_path / "engine" / "places.py"))
    assert shipped("templates") == inside


def test_what_is_written_takes_the_old_ones_place_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_privately(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "list.csv"
    folder.mkdir()
    with pytest.raises(OSError, match=r"list\.csv"):
        write_privately(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]
