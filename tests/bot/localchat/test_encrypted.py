"""With a key the local chat is as encrypted as the database."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from bot.cli import main
from bot.localchat import LocalChat
from bot.localchat.history import History
from bot.localchat.place import HISTORY, folder_for
from engine import StoreError
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import TOKEN, enter
from tests.engine.services.kept import KEY, small_shop

SECRET = b"Wang Xiaoming of 12 Tea Street"


async def say(folder: Path, key: object) -> None:
    """A message and a file, both with somebody's name in them."""
    chat = LocalChat(folder, port=0, token=TOKEN, key=key)  # type: ignore[arg-type]
    await chat.start()
    origin = f"http://127.0.0.1:{chat.port}"
    try:
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, trust_env=False
        ) as http:
            await enter(http, chat.url)
            fields = {"key": "a", "language": "en", "text": SECRET.decode()}
            (await http.post("/chat/send", data=fields)).raise_for_status()
            fields = {"key": "b", "language": "en", "caption": ""}
            (await http.post("/chat/upload", data=fields, files={"file": ("a.csv", SECRET)})).raise_for_status()
    finally:
        await chat.stop()


async def read_back(folder: Path, key: object) -> bytes:
    """What the page downloads."""
    chat = LocalChat(folder, port=0, token=TOKEN, key=key)  # type: ignore[arg-type]
    await chat.start()
    origin = f"http://127.0.0.1:{chat.port}"
    try:
        async with httpx.AsyncClient(
            verify=CERTIFICATES, base_url=origin, headers={"Origin": origin}, trust_env=False
        ) as http:
            await enter(http, chat.url)
            shown = (await http.get("/chat/messages", params={"before": str(10**9)})).json()["messages"]
            assert shown[0]["text"] == SECRET.decode()
            return (await http.get(f"/chat/files/{shown[1]['document']['file_id']}")).raise_for_status().content
    finally:
        await chat.stop()


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_nothing_of_the_chat_can_be_read(tmp_path: Path) -> None:
    await say(tmp_path, KEY)
    assert SECRET not in bytes_of(tmp_path)
    assert await read_back(tmp_path, KEY) == SECRET
    with pytest.raises(StoreError, match="is encrypted"):
        History(tmp_path / HISTORY)


async def test_a_chat_is_encrypted_with_its_database_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = small_shop(tmp_path)
    folder = folder_for(shop.path)
    await say(folder, None)
    assert SECRET in bytes_of(folder)
    monkeypatch.setenv("ZHIKE_KEY_FILE", str(tmp_path / "key"))
    assert main(["--db", str(shop.path), "--language", "en", "encrypt"]) == 2
    assert SECRET in bytes_of(folder)
    assert main(["--db", str(shop.path), "--language", "en", "encrypt", "--yes"]) == 0
    words = (tmp_path / "key").read_text().strip()
    assert words not in capsys.readouterr().out
    assert SECRET not in bytes_of(folder)
    assert main(["--db", str(shop.path), "--language", "en", "decrypt"]) == 0
    assert await read_back(folder, None) == SECRET
    assert main(["--db", str(shop.path), "--language", "en", "check"]) == 0
