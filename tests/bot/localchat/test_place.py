"""Two shops in one folder have a chat and files each; what was there before is still there."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from bot.localchat.history import History
from bot.localchat.place import folder_for, move_in
from engine import Shop, chat_of
from tests.bot.talk import running_bot, text_of

ROOT = Path(__file__).parents[3]


def old_chat(folder: Path) -> None:
    history = History(folder / "localchat.db")
    history.add_message({"text": "from before"})
    history.close()
    (folder / "localchat-files" / "photos").mkdir(parents=True)
    (folder / "localchat-files" / "photos" / "one.png").write_bytes(b"picture")


def said(database: Path) -> list[str]:
    history = History(folder_for(database) / "localchat.db")
    try:
        return [message["text"] for message in history.shown_messages(10)]
    finally:
        history.close()


async def test_two_shops_in_one_folder_do_not_hear_each_other(tmp_path: Path) -> None:
    async with running_bot(Shop(tmp_path / "tea.db")) as founder:
        assert "/segments" in text_of(await founder.says("/help"))
        heard = len(await founder.messages())
    async with running_bot(Shop(tmp_path / "books.db")) as founder:
        assert len(await founder.messages()) < heard
    async with running_bot(Shop(tmp_path / "tea.db")) as founder:
        assert len(await founder.messages()) == heard


async def test_a_chat_that_begins_anew_is_still_answered(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db")
    async with running_bot(shop) as founder:
        await founder.says("/help")
    for path in folder_for(shop.path).glob("localchat.db*"):
        path.unlink()
    await asyncio.sleep(2.1)  # numbers begin with the second, and two updates there were
    async with running_bot(shop) as founder:
        assert "/segments" in text_of(await founder.says("/help"))


def test_their_files_lie_apart_and_the_usual_ones_where_they_were(tmp_path: Path) -> None:
    names = ("zhike.db", "tea.db", "tea.sqlite", "books.db")
    folders = [Shop(tmp_path / name).files for name in names]
    assert len(set(folders)) == len(names)
    assert folders[0] == tmp_path / "zhike-files"


@pytest.mark.parametrize(
    ("mine", "beside", "moves"),
    [("zhike.db", "tea.db", True), ("tea.db", "zhike.db", False), ("tea.db", "books.db", True)],
)
def test_the_chat_of_earlier_versions_is_taken_over(tmp_path: Path, mine: str, beside: str, moves: bool) -> None:
    for name in (mine, beside):
        (tmp_path / name).touch()
    old_chat(tmp_path)
    for _ in range(2):
        move_in(tmp_path / mine)
    assert said(tmp_path / mine) == (["from before"] if moves else [])
    assert (folder_for(tmp_path / mine) / "localchat-files" / "photos" / "one.png").exists() == moves
    assert (tmp_path / "localchat.db").exists() != moves


def test_git_sees_nothing_of_a_shop(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "zhike.db")
    with chat_of(shop), shop.open():
        History(folder_for(shop.path) / "localchat.db").close()
        shop.files.mkdir()
        (shop.files / "campaign-1.csv").touch()
        made = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    assert len(made) >= 4
    asked = ["git", "check-ignore", "--no-index", *(f"data/{path}" for path in made)]
    ignored = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    assert set(ignored.splitlines()) == {f"data/{path}" for path in made}
