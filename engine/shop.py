"""One company: where its store is, what time it is, and which seed its chances come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.store.connecting import backups_of
from engine.store.keys import Key


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Shop:
    """What every use case is handed. It can be sent to another process; it holds no connection.

    `cause` names what asked for the work, such as an update of the chat. An effect stores it, so that the same
    cause acts once, however often it is repeated after a crash. `key` opens the store if it is encrypted; a new one is
    made encrypted by it. `house` is the store of the bot that many founders share, where it is one of their shops: the
    inbox, the codes and who belongs to which shop are there.
    """

    path: Path
    seed: int = 20_260_101
    clock: Callable[[], datetime] = utc_now
    cause: str | None = None
    key: Key | None = field(default=None, repr=False)
    house: Path | None = None

    @contextmanager
    def open(self) -> Iterator[Database]:
        """The store, up to date. Each piece of work opens its own, in the thread that uses it.

        Raises StoreError if the file is no database of Zhike's, damaged, too new, locked or encrypted with another key.
        """
        with store.connected(self.path, self.key) as db:
            yield db

    @property
    def name(self) -> str:
        """What one of several shops is called: its folder's name."""
        return self.path.parent.name

    def at_house(self) -> Shop | None:
        """The store of the bot that this shop shares with others; None if it has a bot of its own."""
        return None if self.house is None else replace(self, path=self.house, house=None)

    def caused_by(self, cause: str) -> Shop:
        return replace(self, cause=cause)

    def now(self) -> datetime:
        """The moment, in UTC, to the second."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    @property
    def files(self) -> Path:
        """The folder for what Zhike writes for the founder, such as lists to send: `zhike-files` for `zhike.db`."""
        return self.path.with_name(f"{self.path.name.removesuffix('.db')}-files")

    @property
    def backups(self) -> Path:
        """The folder for the copies that Zhike makes by itself: `zhike-backups` for `zhike.db`."""
        return backups_of(self.path)
