"""The store and its backups, made unreadable without a key, or readable again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import NotAllowed, StoreError
from engine.phrases import Phrase
from engine.services.backups import must_exist, own_backups
from engine.services.one_chat import chat_of
from engine.shop import Shop
from engine.store import connecting, copies
from engine.store.complaints import no_key
from engine.store.keys import Key


@dataclass(frozen=True)
class Converted:
    """The files that are encrypted now, or plain; `changed` is False if the store was so before."""

    store: Path
    backups: tuple[Path, ...]
    changed: bool


def is_encrypted(shop: Shop) -> bool:
    """Whether a key is needed to open the store; False if there is none yet."""
    return shop.path.is_file() and connecting.look(shop.path).kind == "encrypted"


def encrypt_store(shop: Shop, also: tuple[Path, ...] = ()) -> Converted:
    """The store, its own backups and the databases `also` are encrypted with the shop's key from here on.

    Each old file is removed when the new one has been looked through. Raises NotAllowed without a key, while a bot
    answers the chat, or while another process has a file open; StoreError where one cannot be read or written.
    """
    if shop.key is None:
        raise NotAllowed(
            Phrase("There is no key: name a file for it with ZHIKE_KEY_FILE, or set ZHIKE_KEY, and try again.")
        )
    return _convert(shop, also, None, shop.key)


def decrypt_store(shop: Shop, also: tuple[Path, ...] = ()) -> Converted:
    """The same the other way round. Raises as `encrypt_store`."""
    if is_encrypted(shop) and shop.key is None:
        raise StoreError(no_key(shop.path))
    return _convert(shop, also, shop.key, None)


def _convert(shop: Shop, also: tuple[Path, ...], old: Key | None, new: Key | None) -> Converted:
    must_exist(shop)
    with chat_of(shop):
        # also where an earlier run was cut off between two of them
        changed = _change(shop.path, old, new)
        done = [path for path in (*own_backups(shop), *also) if path.is_file() and _change(path, old, new)]
    with replace(shop, key=new).open():
        return Converted(shop.path, tuple(done), changed)


def _change(path: Path, old: Key | None, new: Key | None) -> bool:
    """Whether the file had to be converted."""
    kind = connecting.look(path).kind
    if kind not in ("plain", "encrypted") or (kind == "encrypted") == (new is not None):
        return False
    made = path.with_name(f"{path.name}.converting")
    try:
        with connecting.changing(path):
            with copies.held_alone(path, old, by_cipher=True) as connection:
                if connection is None:
                    raise NotAllowed(
                        Phrase("Another program has {path} open: end it first, and try again.", path=str(path))
                    )
                copies.converted(connection, made, new)
            copies.put_in_place(made, path)
    finally:
        copies.remove(made)
    return True
