"""Who is forgotten, as keyed hashes of what would bring them back: nobody can read from them who it was.

Whoever has the file can try out an address that they know already, which is what an import has to do, too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlite_utils import Database

from engine.intake import dialling
from engine.intake.same_person import EMAIL, ID, NAME, PHONE, UNKNOWN
from engine.privacy.traces import folded
from engine.store import meta

KEYS: Final = "forgetting keys"  # the newest first; a backup of another store may have brought an older one
ORDER: Final = "forgotten:"  # begins what stands for the number of a forgotten person's order
_CONTACTS: Final = (EMAIL, PHONE)
_ANY_SCOPE: Final = "*"

Key = tuple[str, str, str]  # kind, scope, value


@dataclass(frozen=True)
class Forgotten:
    """Under which hashes somebody is known as forgotten."""

    keys: tuple[bytes, ...]
    hashes: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.hashes)

    def hashes_of(self, token: str) -> Iterable[str]:
        return (_hash(key, token) for key in self.keys)

    def has(self, tokens: Iterable[str]) -> bool:
        return any(hash_ in self.hashes for token in tokens for hash_ in self.hashes_of(token))

    def is_one(self, kind: str, scope: str, value: str, keys: Sequence[tuple[str, str]]) -> bool:
        """Whether a row of this key, with which all `keys` (kind, value) are told, is of somebody forgotten.

        An address that must not be written to is enough. So is the number of the same platform; one of nobody knows
        which platform only where no address speaks against it, and a name only where nothing else is told.
        """
        contacts = [(of, told) for of, told in keys if of in _CONTACTS]
        if self.has(token for of, told in contacts for token in tokens(of, "", told)):
            return True
        if kind == ID:
            return self.has(_seen(scope, value, alone=not contacts))
        return kind == NAME and not contacts and self.has(tokens(NAME, "", value))

    def order(self, key: str) -> str:
        """What stands for an order's number."""
        return ORDER + _hash(self.keys[0], f"order|{key}")[:32]

    def orders(self, key: str) -> tuple[str, ...]:
        return tuple(ORDER + hash_[:32] for hash_ in self.hashes_of(f"order|{key}"))


def tokens(kind: str, scope: str, value: str) -> tuple[str, ...]:
    """What is hashed of a key of somebody who is forgotten."""
    if kind == PHONE:
        within = dict.fromkeys(number for _, number in dialling.forms(value))
        return tuple(f"{PHONE}|{number}" for number in (within or [value]))
    if kind == ID:
        return (f"{ID}|{value}|{_known(scope)}", f"{ID}|{value}|{_ANY_SCOPE}")
    return (f"{kind}|{folded(value) if kind == NAME else value.strip().casefold()}",)


def _seen(scope: str, value: str, *, alone: bool) -> tuple[str, ...]:
    """The tokens under which a row's number may have been forgotten."""
    known = _known(scope)
    if not known:
        return (f"{ID}|{value}|{_ANY_SCOPE}",) if alone else ()
    return (f"{ID}|{value}|{known}", *((f"{ID}|{value}|",) if alone else ()))


def _known(scope: str) -> str:
    return "" if scope.startswith(UNKNOWN) else scope


def _hash(key: bytes, token: str) -> str:
    return hmac.digest(key, token.encode("utf-8", "surrogatepass"), hashlib.sha256).hex()


def forgotten(db: Database) -> Forgotten:
    return Forgotten(_keys(db), frozenset(hash_ for (hash_,) in db.conn.execute("SELECT hash FROM suppressions")))


def _keys(db: Database) -> tuple[bytes, ...]:
    kept = meta.read(db, KEYS)
    if kept is None:
        kept = json.dumps([secrets.token_hex(32)])
        meta.write(db, KEYS, kept)
    return tuple(map(bytes.fromhex, json.loads(kept)))


def add(db: Database, forgetting: int, people: Iterable[Collection[Key]]) -> None:
    """Each of `people` would come back by their keys. Call in a transaction."""
    key = _keys(db)[0]
    db.conn.executemany(
        "INSERT OR IGNORE INTO suppressions (hash, forgetting_id, person) VALUES (?, ?, ?)",
        (
            (_hash(key, token), forgetting, person)
            for person, told in enumerate(people)
            for kind, scope, value in told
            for token in tokens(kind, scope, value)
        ),
    )


def lift(db: Database, told: Collection[Key]) -> int:
    """Whoever is known by one of these keys may come back; how many people. Call in a transaction."""
    known = forgotten(db)
    hashes = [hash_ for key in told for token in tokens(*key) for hash_ in known.hashes_of(token)]
    found = db.conn.execute(
        "SELECT DISTINCT forgetting_id, person FROM suppressions WHERE hash IN (SELECT value FROM json_each(?))",
        [json.dumps(hashes)],
    ).fetchall()
    db.conn.executemany("DELETE FROM suppressions WHERE forgetting_id = ? AND person = ?", found)
    return len(found)


def orders(db: Database) -> frozenset[str]:
    """What stands for the numbers of orders, and of returns, of forgotten people."""
    rows = db.conn.execute(
        "SELECT key FROM orders WHERE key >= ?1 AND key < ?2 "
        "UNION SELECT order_key FROM events WHERE kind = 'return' AND order_key >= ?1 AND order_key < ?2",
        [ORDER, ORDER[:-1] + chr(ord(ORDER[-1]) + 1)],
    )
    return frozenset(key for (key,) in rows)


def names_of_orders(db: Database, keys: Iterable[str]) -> dict[str, str]:
    """By what stands for the number of a forgotten person's order: which of `keys` it stands for."""
    there = orders(db)
    if not there:
        return {}
    known = forgotten(db)
    return {name: key for key in keys for name in known.orders(key) if name in there}


def begin(db: Database, *, why: str, people: int, cause: str | None, at: datetime) -> int:
    """The number of a forgetting that is to be finished. Call in the transaction of its deletions."""
    cursor = db.conn.execute(
        "INSERT INTO forgettings (why, people, cause, at) VALUES (?, ?, ?, ?)", [why, people, cause, at.isoformat()]
    )
    return int(cursor.lastrowid or 0)


def unfinished(db: Database) -> int:
    """The newest forgetting of which something may be left in the file; 0 if there is none."""
    return int(db.conn.execute("SELECT coalesce(max(id), 0) FROM forgettings WHERE cleaned_at IS NULL").fetchone()[0])


def finish(db: Database, up_to: int, at: datetime) -> None:
    db.conn.execute(
        "UPDATE forgettings SET cleaned_at = ? WHERE cleaned_at IS NULL AND id <= ?", [at.isoformat(), up_to]
    )


def counts(db: Database) -> tuple[int, int]:
    """How many forgettings there were, and how many hashes there are."""
    n, hashes = db.conn.execute(
        "SELECT (SELECT count(*) FROM forgettings), (SELECT count(*) FROM suppressions)"
    ).fetchone()
    return int(n), int(hashes)


def dumped(db: Database) -> str:
    """The list as JSON, for a file beside the store that outlives it."""
    rows = db.conn.execute("SELECT hash, forgetting_id, person FROM suppressions ORDER BY 2, 3, 1").fetchall()
    return json.dumps({"keys": [key.hex() for key in _keys(db)], "hashes": rows})


def is_dump(text: str) -> bool:
    """Whether `dumped` has made this."""
    try:
        told = json.loads(text)
        return bool(told["keys"]) and all(len(row) == 3 for row in told["hashes"])
    except (ValueError, KeyError, TypeError):
        return False


def lacks(db: Database, dump: str) -> bool:
    """Whether the store does not know of all who are in a list that `dumped` has made."""
    there = {hash_ for (hash_,) in db.conn.execute("SELECT hash FROM suppressions")}
    return any(hash_ not in there for hash_, _, _ in json.loads(dump)["hashes"])


def merge(db: Database, dump: str) -> Forgotten:
    """Take over a list that `dumped` has made; all that are forgotten then. Call in a transaction."""
    told = json.loads(dump)
    keys = dict.fromkeys([*(key.hex() for key in _keys(db)), *told["keys"]])
    meta.write(db, KEYS, json.dumps(list(keys)))
    there = forgotten(db).hashes
    (last,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM forgettings").fetchone()
    rows = [(hash_, of, person) for hash_, of, person in told["hashes"] if hash_ not in there]
    at = "1970-01-01T00:00:00+00:00"
    db.conn.executemany(
        "INSERT OR IGNORE INTO forgettings (id, why, people, at, cleaned_at) VALUES (?, 'asked', 1, ?, ?)",
        ((of, at, at) for of in sorted({of for _, of, _ in rows}) if of > last),
    )
    db.conn.executemany("INSERT OR IGNORE INTO suppressions (hash, forgetting_id, person) VALUES (?, ?, ?)", rows)
    return forgotten(db)
