"""Shops that pool, for tests: each a store of its own, with campaigns whose outcomes are told, and small keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine import store
from engine.campaigns import templates
from engine.phrases import Phrase, to_json
from engine.privacy.pool import documents, paillier
from engine.services.backups import back_up
from engine.services.pool import PoolFile, join_pool, new_pool, start_pool, submit_pool, sum_pool, take_pool_file
from engine.shop import Shop
from engine.store import pools as stored
from tests.clock import Clock

GOAL = "review_request"  # 7 values of traits
SMALL_KEY = 1024  # far too small for real use; quick to make
TEXTS = {
    "A": ("warm", "write back", "short"),
    "B": ("humble", "write back", "medium"),
    "C": ("matter-of-fact", "tell me what you like", "short"),
}


@dataclass
class Shops:
    """The first organises, the second keeps the key."""

    all: list[Shop]
    clock: Clock

    @property
    def organiser(self) -> Shop:
        return self.all[0]

    @property
    def keeper(self) -> Shop:
        return self.all[1]

    def join(self) -> PoolFile:
        invitation = new_pool(self.organiser, [GOAL])
        for i, shop in enumerate(self.all):
            if i:
                take_pool_file(shop, invitation.content)
            joined = join_pool(shop, name=f"Shop {i + 1}", keep_key=i == 1)
            take_pool_file(self.organiser, joined.content)
        return invitation

    def start(self) -> PoolFile:
        roster = start_pool(self.organiser)
        for shop in self.all[1:]:
            take_pool_file(shop, roster.content)
        return roster

    def submit(self, but: Sequence[int] = ()) -> list[PoolFile]:
        files = [submit_pool(shop) for i, shop in enumerate(self.all) if i not in but]
        for file in files:
            take_pool_file(self.organiser, file.content)
        return files

    def copied(self, folder: Path) -> Shops:
        """The same shops as they are now, in another folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for shop in self.all:
            back_up(shop, folder / shop.path.name)
        return Shops([replace(shop, path=folder / shop.path.name) for shop in self.all], self.clock)

    def finish(self) -> bytes:
        opened = take_pool_file(self.keeper, sum_pool(self.organiser).content).file
        assert opened is not None
        for shop in self.all:
            take_pool_file(shop, opened.content)
        return opened.content


@dataclass(frozen=True)
class Round:
    """One round, kept after each of its steps, with the files that went round."""

    joined: Shops
    started: Shops
    submitted: Shops
    finished: Shops
    invitation: PoolFile
    roster: PoolFile
    submissions: list[PoolFile]
    sum: PoolFile
    result: bytes


@contextmanager
def small_keys() -> Iterator[None]:
    """Keys that are quick to make, and 4 values of traits, so that proofs take half the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paillier, "KEY_BITS", SMALL_KEY)
        patch.setattr(templates, "TRAITS", ("call_to_action", "length"))
        yield


def played(folder: Path) -> Round:
    with small_keys():
        made = shops(folder)
        invitation = made.join()
        joined = made.copied(folder / "joined")
        roster = made.start()
        started = made.copied(folder / "started")
        submissions = made.submit()
        submitted = made.copied(folder / "submitted")
        result = made.finish()
        return Round(
            joined, started, submitted, made, invitation, roster, submissions, sum_pool(made.organiser), result
        )


def shops(folder: Path, n: int = 5) -> Shops:
    clock = Clock()
    made = [Shop(folder / f"shop{i + 1}.db", clock=clock) for i in range(n)]
    for i, shop in enumerate(made):
        campaign(shop, {"A": (30 + i, 600), "B": (20, 600), "C": (12, 600 + i)})
    return Shops(made, clock)


def campaign(
    shop: Shop, told: dict[str, tuple[int, int]], goal: str = GOAL, channel: str = "text", days_ago: int = 30
) -> None:
    """An approved campaign with versions A, B, … and what was told of them: conversions, sends."""
    decided = (shop.now() - timedelta(days=days_ago)).isoformat()
    with shop.open() as db, store.transaction(db):
        cursor = db.conn.execute(
            "INSERT INTO campaigns (segment_key, segment_name, goal, channel, language, policy, seed, holdout_share, "
            "notes, status, drafted_at, decided_at, decided_by) "
            "VALUES ('all', ?, ?, ?, 'en', 'uniform', 1, 0, '[]', 'approved', ?, ?, 'owner')",
            [to_json(Phrase("all")), goal, channel, decided, decided],
        )
        for label, (wins, sends) in told.items():
            tone, call, length = TEXTS[label]
            source = f"---\ntone: {tone}\noffer: none\ncall_to_action: {call}\nlength: {length}\n---\nHi"
            variant = db.conn.execute(
                "INSERT INTO variants (campaign_id, label, template, source, weight) VALUES (?, ?, ?, ?, 0.5)",
                [cursor.lastrowid, label, f"text {label}", source],
            )
            db.conn.execute(
                "INSERT INTO tallies (variant_id, sends, conversions, at) VALUES (?, ?, ?, ?)",
                [variant.lastrowid, sends, wins, decided],
            )


def lost(made: Shops, i: int) -> None:
    """What this shop handed in never came."""
    with made.all[i].open() as db:
        signing = stored.signing_key(db)
    assert signing is not None
    with made.organiser.open() as db, store.transaction(db):
        db.conn.execute("DELETE FROM pool_files WHERE kind = 'submission' AND key = ?", [documents.name_of(signing)])
