"""Encrypted at rest: nothing can be read without the key, nothing is lost on the way, and the key is never shown."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
import traceback
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from engine import (
    Key,
    NotAllowed,
    Shop,
    StoreError,
    back_up,
    chat_of,
    check_store,
    decrypt_store,
    do_today,
    due_today,
    encrypt_store,
    find_segments,
    is_encrypted,
    own_backups,
    sales_report,
)
from tests.engine.services.kept import KEY, held_open, killed_at, n_orders, small_shop

PERSON = b"k7@example.com"


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_of_a_person_is_in_the_files(tmp_path: Path) -> None:
    plain = small_shop(tmp_path)
    for work in due_today(plain):
        do_today(plain, work)
    assert PERSON in bytes_of(tmp_path)
    shop = replace(plain, key=KEY)
    made = encrypt_store(shop)
    assert made.changed
    assert made.backups == tuple(own_backups(shop))
    with shop.open():  # with its write-ahead file beside it
        assert PERSON not in bytes_of(tmp_path)
    assert n_orders(shop) == 40
    assert not check_store(shop).faults
    assert not encrypt_store(shop).changed
    assert decrypt_store(shop).changed
    assert PERSON in bytes_of(tmp_path)
    assert n_orders(plain) == 40


def test_a_new_store_is_made_encrypted_and_works_as_any_other(tmp_path: Path) -> None:
    shop = small_shop(tmp_path, KEY)
    assert is_encrypted(shop)
    assert sum(segment.size for segment in find_segments(shop).segments) == 20
    assert sales_report(shop) == sales_report(small_shop(tmp_path / "plain"))


@pytest.mark.parametrize("key", [None, Key("another key altogether")])
def test_a_wrong_key_is_one_sentence_and_shows_nothing(tmp_path: Path, key: Key | None) -> None:
    shop = small_shop(tmp_path, KEY)
    before = shop.path.read_bytes()
    with pytest.raises(StoreError) as refused, replace(shop, key=key).open():
        pass
    assert ("is encrypted: say where" if key is None else "The key does not open") in str(refused.value)
    told = "".join(traceback.format_exception(refused.value))
    for words in (KEY.words, "another key altogether"):
        assert words not in told
        assert words not in repr(replace(shop, key=Key(words)))
    assert shop.path.read_bytes() == before
    assert n_orders(shop) == 40


def test_work_in_a_process_of_its_own_has_the_key(tmp_path: Path) -> None:
    shop = small_shop(tmp_path, KEY)
    assert n_orders(pickle.loads(pickle.dumps(shop))) == 40


def test_sqlcipher_s_own_way_opens_it(tmp_path: Path) -> None:
    # whoever has the key is not bound to Zhike: PRAGMA key with the same words, in any tool that speaks SQLCipher 4
    from sqlcipher3 import dbapi2

    shop = small_shop(tmp_path, KEY)
    with closing(dbapi2.connect(str(shop.path))) as db:
        db.execute(f"PRAGMA key = '{KEY.words}'")
        assert db.execute("SELECT count(*) FROM orders").fetchone() == (40,)


def test_a_backup_is_encrypted_with_the_same_key(tmp_path: Path) -> None:
    shop = small_shop(tmp_path, KEY)
    made = back_up(shop, tmp_path / "copy.db")
    assert PERSON not in made.read_bytes()
    assert n_orders(Shop(made, key=KEY)) == 40


def test_it_needs_a_key_and_the_bot_to_have_ended(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    with pytest.raises(NotAllowed, match="no key"):
        encrypt_store(shop)
    with chat_of(shop), pytest.raises(NotAllowed, match="answers the chat"):
        encrypt_store(replace(shop, key=KEY))
    with held_open(shop), pytest.raises(NotAllowed, match="Another program"):
        encrypt_store(replace(shop, key=KEY))
    assert n_orders(shop) == 40


@pytest.mark.parametrize("step", [40, 90, 130, 150, 170])
def test_killed_at_any_line_it_is_plain_or_encrypted_and_whole(tmp_path: Path, step: int) -> None:
    shop = replace(small_shop(tmp_path), key=KEY)
    killed_at(step, encrypt_store, shop)
    assert n_orders(shop) == 40
    assert not check_store(shop).faults
    encrypt_store(shop)
    assert n_orders(shop) == 40
    assert PERSON not in bytes_of(tmp_path)


def test_a_flipped_byte_is_found(tmp_path: Path) -> None:
    shop = small_shop(tmp_path, KEY)
    with shop.path.open("r+b") as file:
        file.seek(30 * 4096 + 100)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    try:
        assert check_store(shop).faults
    except StoreError as error:
        assert "damaged" in str(error)


def test_without_the_extra_all_else_works(tmp_path: Path) -> None:
    shop = small_shop(tmp_path)
    code = (
        "import sys; sys.modules['sqlcipher3'] = None\n"
        "from pathlib import Path; from engine import *\n"
        f"shop = Shop(Path({str(shop.path)!r})); print(check_store(shop).sizes['orders'])\n"
        "try: encrypt_store(Shop(shop.path, key=Key('words that are long')))\n"
        "except EngineError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["40", "Encryption needs one more part: pip install 'zhike[encrypted]'"]


def test_a_file_that_changed_its_kind_is_looked_at_again(tmp_path: Path) -> None:
    # another process has encrypted the file that this one knew as plain
    shop = small_shop(tmp_path)
    other = small_shop(tmp_path / "other", KEY)
    assert n_orders(shop) == 40
    shutil.copyfile(other.path, shop.path)  # the same inode
    assert n_orders(replace(shop, key=KEY)) == 40
