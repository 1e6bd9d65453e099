"""Pooling with other shops: from the invitation to totals that the next campaign begins with.

Each step takes a file and gives a file; what is done is stored before the file is handed out, so a step that is
repeated gives the same file again. What needs the extra `pool` is imported when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from engine import store
from engine.errors import FileRefused, NotAllowed, NotFound
from engine.experiments.pooled import PooledCell
from engine.phrases import Phrase
from engine.places import write_privately
from engine.privacy.pool.required import insist
from engine.shop import Shop
from engine.store import pools as stored
from engine.store import trail
from engine.store.pools import Pool

SWITCHED_ON, SWITCHED_OFF, FORGOTTEN = "pool on", "pool off", "pool forgotten"
FEWEST, EPSILON, DAYS = 5, 1.0, 30
MOST_BYTES = 4_000_001  # one more than is taken for a file of a pool

_BEGINNING = b'{"zhike_pool": "'

FileKind = Literal["invitation", "join", "roster", "submission", "sum", "result"]


@dataclass(frozen=True)
class PoolFile:
    """A file for other shops."""

    pool: int
    kind: FileKind
    name: str
    content: bytes


@dataclass(frozen=True)
class Pooled:
    """The totals of `n_shops`; the noise in conversions, and in expected ones, has this standard deviation."""

    cells: tuple[PooledCell, ...]
    n_shops: int
    deviation: float


@dataclass(frozen=True)
class PoolCard:
    """A round as this shop sees it.

    `joined`: who has answered, if this shop organises. `members` and `fingerprint` once there is a roster, of the start
    `attempt`; `keeper` is the shop that keeps the key; `missing` have not handed in their counts, if this shop
    organises. `epsilon` is of one message and `per_customer` the most messages of one customer in what was handed in.
    `n_campaigns`, `n_sends`: what this shop counted.
    """

    id: int
    goals: tuple[Phrase, ...]
    channel: str
    n_cells: int
    fewest: int
    epsilon: float
    until: datetime
    over: bool
    organised: bool
    name: str | None
    keeps_key: bool
    joined: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    keeper: str | None = None
    fingerprint: str | None = None
    attempt: int = 0
    member: bool = False
    submitted: bool = False
    per_customer: int = 0
    n_campaigns: int = 0
    n_sends: int = 0
    halved: int = 0
    missing: tuple[str, ...] = ()
    summed: bool = False
    result: Pooled | None = None
    used: bool = True


@dataclass(frozen=True)
class Taken:
    """What a file of another shop has brought: `new` is False if it was here already. `file` is the answer to it."""

    card: PoolCard
    kind: FileKind
    new: bool
    who: str | None = None
    file: PoolFile | None = None


def pool_cards(shop: Shop) -> tuple[PoolCard, ...]:
    """All rounds, the newest first. Raises NotAllowed without the libraries, as all that follow but the last two do."""
    insist()
    from engine.services import pool_rounds

    with shop.open() as db:
        return tuple(pool_rounds.card(shop, db, pool) for pool in stored.every(db))


def pool_card(shop: Shop, pool_id: int | None = None) -> PoolCard:
    """Raises NotFound."""
    insist()
    from engine.services import pool_rounds

    with shop.open() as db:
        return pool_rounds.card(shop, db, pool_of(db, pool_id))


def new_pool(
    shop: Shop,
    goals: Sequence[str],
    *,
    channel: str = "any",
    fewest: int = FEWEST,
    epsilon: float = EPSILON,
    days: int = DAYS,
    who: str = "owner",
) -> PoolFile:
    """Invite other shops to pool what their messages for these goals brought. Raises NotFound, NotAllowed."""
    insist()
    from engine.services import pool_rounds

    return pool_rounds.invite(shop, goals, channel=channel, fewest=fewest, epsilon=epsilon, days=days, who=who)


def join_pool(
    shop: Shop, pool_id: int | None = None, *, name: str | None = None, keep_key: bool = False, who: str = "owner"
) -> PoolFile:
    """Answer an invitation, under the shop's name as others are to see it; one shop keeps the key.

    Raises NotFound, NotAllowed, TooLittleData for a shop without campaigns that could be counted.
    """
    insist()
    from engine.services import pool_rounds

    return pool_rounds.answer(shop, pool_id, name=name, keep_key=keep_key, who=who)


def start_pool(shop: Shop, pool_id: int | None = None, *, without: Sequence[str] = (), who: str = "owner") -> PoolFile:
    """Bind who has joined together: from now on exactly these count. Raises NotFound, NotAllowed, FileRefused."""
    insist()
    from engine.services import pool_rounds

    return pool_rounds.start(shop, pool_id, without=without, who=who)


def submit_pool(shop: Shop, pool_id: int | None = None, *, who: str = "owner") -> PoolFile:
    """This shop's counts, locked; the same file again unless the counts have changed. Raises as `join_pool`."""
    insist()
    from engine.services import pool_counting

    return pool_counting.submit(shop, pool_id, who=who)


def sum_pool(shop: Shop, pool_id: int | None = None, *, who: str = "owner") -> PoolFile:
    """The sum of what all shops handed in, for the key keeper. Raises NotFound, NotAllowed, FileRefused."""
    insist()
    from engine.services import pool_counting

    return pool_counting.add_up(shop, pool_id, who=who)


def take_pool_file(shop: Shop, content: bytes, kinds: Sequence[FileKind] | None = None, *, who: str = "owner") -> Taken:
    """Take in a file that another shop sent, whatever it is, or one of these kinds.

    Raises FileRefused for one that is no such file, altered, late, replayed, out of range or from a stranger, NotFound
    for one of a round that this shop knows nothing of.
    """
    insist()
    from engine.services import pool_taking

    return pool_taking.take(shop, content, kinds, who=who)


def is_pool_file(path: Path) -> bool:
    """Whether a file begins as Zhike writes those of pools."""
    with path.open("rb") as file:
        return file.read(len(_BEGINNING)) == _BEGINNING


def read_pool_file(path: Path | str) -> bytes:
    """The content of a file to take in. Raises FileRefused for one that is not there, or too large to be one."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MOST_BYTES)
    except OSError as error:
        raise FileRefused(Phrase("{path} cannot be read: check the name.", path=str(path))) from error


def switch_pool(shop: Shop, pool_id: int | None = None, *, on: bool, who: str = "owner") -> Phrase:
    """Whether the totals of a round count in new campaigns; what is true now. Raises NotFound, NotAllowed."""
    with shop.open() as db, store.transaction(db):
        pool = pool_of(db, pool_id)
        if pool.totals is None:
            raise NotAllowed(Phrase("Pool {id} has no result yet.", id=str(pool.id)))
        if pool.used != on:
            stored.change(db, pool.id, used=int(on))
            deed = SWITCHED_ON if on else SWITCHED_OFF
            trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(pool.id), cause=shop.cause)
        if on:
            return Phrase("What other shops saw (pool {id}) counts in your next campaigns.", id=str(pool.id))
        return Phrase("What other shops saw (pool {id}) counts no more.", id=str(pool.id))


def forget_pool(shop: Shop, pool_id: int, *, who: str = "owner") -> Phrase:
    """Delete a round with its keys, files and totals. Raises NotFound."""
    with shop.open() as db, store.transaction(db):
        if trail.done_before(db, FORGOTTEN, shop.cause) is None:
            pool = pool_of(db, pool_id)
            stored.forget(db, pool.id)
            trail.add(db, at=shop.now(), who=who, deed=FORGOTTEN, subject=str(pool.id), cause=shop.cause)
        return Phrase("Pool {id} is forgotten: its keys, files and totals are deleted.", id=str(pool_id))


def drop_late_keys(shop: Shop) -> None:
    """Delete the keys of rounds whose time is over: nothing can come of them any more."""
    with shop.open() as db, store.transaction(db):
        for pool in stored.every(db):
            until = datetime.fromisoformat(json.loads(pool.invitation)["body"]["until"])
            if shop.now() > until and (pool.exchange, pool.p, pool.q) != (None, None, None):
                stored.change(db, pool.id, exchange=None, p=None, q=None)


def write_pool_file(shop: Shop, file: PoolFile, out: Path | str | None = None) -> Path:
    """Write the file, to `out` (a new file or a folder) or among the shop's own; where it is.

    Raises NotAllowed if it cannot be written or another file is there.
    """
    path = shop.files / file.name if out is None else Path(out)
    if path.is_dir():
        path = path / file.name
    try:
        if out is None:
            shop.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif path.exists() and path.read_bytes() != file.content:
            raise NotAllowed(Phrase("{path} is there already: choose another name.", path=str(path)))
        write_privately(path, file.content)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
        ) from error
    return path


def pooled_in_use(db: Database, channel: str) -> list[tuple[int, Pooled]]:
    """The totals that count in campaigns on this channel, the newest first, with the number of their round."""
    found = []
    for pool in stored.every(db):
        if pool.totals is not None and pool.used and (told := json.loads(pool.totals))["channel"] in ("any", channel):
            found.append((pool.id, totals_of(told)))
    return found


def totals_of(told: dict[str, object]) -> Pooled:
    cells, n_shops, deviation = told["cells"], told["n_shops"], told["deviation"]
    assert isinstance(cells, list) and isinstance(n_shops, int) and isinstance(deviation, float)
    return Pooled(tuple(PooledCell(*cell) for cell in cells), n_shops, deviation)


def pool_of(db: Database, pool_id: int | None) -> Pool:
    """The round of this number, or the newest. Raises NotFound."""
    every = stored.every(db)
    if not every:
        raise NotFound(Phrase("There is no pool yet: begin one, or take in the invitation that another shop sent you."))
    if pool_id is None:
        return every[0]
    pool = next((one for one in every if one.id == pool_id), None)
    if pool is None:
        raise NotFound(
            Phrase(
                "There is no pool {id}; there are: {pools}.",
                id=str(pool_id),
                pools=tuple(str(one.id) for one in every),
            )
        )
    return pool
