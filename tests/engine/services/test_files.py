"""What is written for the founder never takes the place of something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import NotAllowed
from engine.services.files import write_out
from engine.shop import Shop


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_the_shops_own_data_is_never_overwritten(shop: Shop, tmp_path: Path, ending: str) -> None:
    with shop.open():
        pass
    before = shop.path.read_bytes()
    beside = shop.path.with_name(shop.path.name + ending)
    (tmp_path / "link").symlink_to(shop.path.parent)
    for out in (beside, str(beside), tmp_path / "link" / beside.name, beside.parent / "." / "x" / ".." / beside.name):
        with pytest.raises(NotAllowed, match="is where Zhike keeps your data"):
            write_out(shop, "list.csv", b"customer", out)
    assert shop.path.read_bytes() == before


def test_a_database_called_csv_is_safe_too(shop: Shop, tmp_path: Path) -> None:
    odd = Shop(tmp_path / "shop.csv", clock=shop.clock)
    with odd.open():
        pass
    with pytest.raises(NotAllowed, match="is where Zhike keeps your data"):
        write_out(odd, "list.csv", b"customer", odd.path)


def test_only_a_csv_is_replaced(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "accounts.xlsx"
    other.write_bytes(b"precious")
    with pytest.raises(NotAllowed, match=r"accounts\.xlsx is there already and is no CSV, so it is not replaced"):
        write_out(shop, "list.csv", b"customer", other)
    assert other.read_bytes() == b"precious"
    mine = tmp_path / "mine.CSV"
    for content in (b"one", b"two"):
        assert write_out(shop, "list.csv", content, mine) == mine
        assert mine.read_bytes() == content
    assert write_out(shop, "list.csv", b"new", tmp_path / "new.txt").read_bytes() == b"new"


@pytest.mark.parametrize("out", ["", " "])
def test_an_empty_name_is_refused(shop: Shop, out: str) -> None:
    with pytest.raises(NotAllowed, match="The name of the file to write is empty"):
        write_out(shop, "list.csv", b"customer", out)


def test_a_folder_takes_the_usual_name(shop: Shop, tmp_path: Path) -> None:
    assert write_out(shop, "list.csv", b"customer", str(tmp_path)) == tmp_path / "list.csv"
