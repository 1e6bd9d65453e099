"""Where the key comes from, and that it is nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.secret import key_of, new_key_file
from bot.settings import read_settings
from engine import ENGLISH, Key, NotAllowed, Shop
from tests.engine.services.kept import KEY, small_shop


@pytest.fixture(autouse=True)
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEY", "KEY_FILE", "DB", "TELEGRAM_TOKEN"):
        monkeypatch.delenv(f"ZHIKE_{name}", raising=False)


def found(shop: Shop, **environment: str) -> Key | None:
    settings = read_settings({f"ZHIKE_{name}": value for name, value in environment.items()})
    return key_of(settings, shop, ENGLISH, may_ask=False)


def test_the_key_comes_from_the_setting_or_its_file(tmp_path: Path) -> None:
    shop, file = small_shop(tmp_path / "shop", KEY), tmp_path / "key"
    file.write_text(KEY.words + "\n")
    file.chmod(0o600)
    assert found(shop, KEY=KEY.words) == found(shop, KEY_FILE=str(file)) == KEY
    assert found(shop) is None
    with pytest.raises(NotAllowed, match="both set"):
        found(shop, KEY=KEY.words, KEY_FILE=str(file))


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    shop, file = small_shop(tmp_path / "shop", KEY), tmp_path / "key"
    file.write_text(KEY.words)
    file.chmod(0o644)
    with pytest.raises(NotAllowed, match="chmod 600") as refused:
        found(shop, KEY_FILE=str(file))
    assert KEY.words not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"x" * 5000], ids=["empty", "line", "bytes", "long"])
def test_a_file_without_a_key_is_told(tmp_path: Path, content: bytes) -> None:
    shop, file = small_shop(tmp_path / "shop", KEY), tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(NotAllowed, match="one line of text"):
        found(shop, KEY_FILE=str(file))
    with pytest.raises(NotAllowed, match="There is no key at"):
        found(shop, KEY_FILE=str(tmp_path / "nothing"))


def test_a_new_key_is_by_chance_and_its_owners_alone(tmp_path: Path) -> None:
    settings = [read_settings({"ZHIKE_KEY_FILE": str(tmp_path / name)}) for name in ("a", "b")]
    keys = [new_key_file(setting) for setting in settings]
    assert None not in keys
    assert len(set(keys)) == 2
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotAllowed, match="Cannot write to"):
        new_key_file(settings[0])  # one that is there is never written over


def test_the_command_line_says_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = small_shop(tmp_path, KEY)
    for words, sentence in ((None, "is encrypted: say where"), ("not the right words", "The key does not open")):
        if words is not None:
            monkeypatch.setenv("ZHIKE_KEY", words)
        assert main(["--db", str(shop.path), "--language", "en", "customers"]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert sentence in said.err
        assert words is None or words not in said.err
    monkeypatch.setenv("ZHIKE_KEY", KEY.words)
    assert main(["--db", str(shop.path), "--language", "en", "customers"]) == 0
    assert KEY.words not in repr(read_settings())


def test_a_short_key_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = small_shop(tmp_path)
    monkeypatch.setenv("ZHIKE_KEY", "tea")
    assert main(["--db", str(shop.path), "--language", "en", "encrypt", "--yes"]) == 2
    assert "only 3 letters" in capsys.readouterr().err
    assert shop.path.read_bytes().startswith(b"SQLite format 3")
