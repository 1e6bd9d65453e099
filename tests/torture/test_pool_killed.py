"""kill -9 at any moment of any step of a pool: the step is done whole or not at all, and again it gives the same."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine import Shop, check_store
from engine.services.pool import PoolFile, join_pool, new_pool, start_pool, submit_pool, sum_pool, take_pool_file
from engine.store import pools as stored
from tests.engine.services.pooling_shops import GOAL, TEXTS, Round, campaign, small_keys
from tests.torture.effects import CAUSE, rows
from tests.torture.killing import copied, killed, seconds_of
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import FULL, scaled

KILLS = scaled(2, 15)
KEPT = (
    *("name", "exchange", "p", "q", "joined", "roster", "roster_hash", "submitted", "counts", "number", "summed"),
    *("result", "totals"),
)


@dataclass(frozen=True)
class Step:
    """What one shop does: `make` gives a file of its own, by name; else it takes in a file of another shop's."""

    make: str = ""
    content: bytes = b""

    def __call__(self, shop: Shop) -> bytes | None:
        """The file that goes to others, if there is one. Keys are small, here and in a process of its own."""
        shop = shop.caused_by(CAUSE)
        with small_keys():
            if not self.make:
                answer = take_pool_file(shop, self.content).file
                return None if answer is None else answer.content
            makes: dict[str, Callable[[], PoolFile]] = {
                "begin": lambda: new_pool(shop, [GOAL]),
                "join": lambda: join_pool(shop, name="Shop 2", keep_key=True),
                "start": lambda: start_pool(shop),
                "submit": lambda: submit_pool(shop),
                "sum": lambda: sum_pool(shop),
            }
            return makes[self.make]().content


@dataclass(frozen=True)
class Case:
    """A step, and who takes it: a shop of this state of the round, or one that knows nothing of it yet."""

    step: Callable[[Round], Step]
    state: str = ""
    who: int = 0


CASES = {
    "begin": Case(lambda _: Step("begin")),
    "take the invitation": Case(lambda made: Step(content=made.invitation.content)),
    "join, and keep the key": Case(lambda _: Step("join"), "invited"),
    "take an answer": Case(lambda made: Step(content=joined_file(made.joined.all[2])), "begun"),
    "start": Case(lambda _: Step("start"), "joined"),
    "take the start": Case(lambda made: Step(content=made.roster.content), "joined", 2),
    "submit": Case(lambda _: Step("submit"), "started", 2),
    "take counts": Case(lambda made: Step(content=made.submissions[2].content), "started"),
    "sum": Case(lambda _: Step("sum"), "submitted"),
    "open the sum": Case(lambda made: Step(content=made.sum.content), "submitted", 1),
    "take the result": Case(lambda made: Step(content=made.result), "submitted", 3),
}


def joined_file(shop: Shop) -> bytes:
    with shop.open() as db:
        content = stored.every(db)[0].joined
    assert content is not None
    return content


def prepared(case: Case, made: Round, folder: Path) -> Shop:
    """The shop that takes the step, alone in a folder."""
    folder.mkdir()
    shop = Shop(folder / "shop.db", clock=made.joined.clock)
    if case.state in ("joined", "started", "submitted"):
        whole = getattr(made, case.state).all[case.who]
        shutil.copy(whole.path, shop.path)
        return shop
    if case.state == "begun":
        # as the organiser was before it took the answers: they are in its files, the rest is the round's own
        shutil.copy(made.joined.organiser.path, shop.path)
        with shop.open() as db:
            db.conn.execute("DELETE FROM pool_files")
        return shop
    campaign(shop, dict.fromkeys(TEXTS, (30, 600)))
    if case.state == "invited":
        take_pool_file(shop, made.invitation.content)
    return shop


def state(shop: Shop) -> dict[str, object]:
    """How many rows there are, and which files, keys and results of the round."""
    with shop.open() as db:
        every = stored.every(db)
    there = {f"{name} {pool.id}": getattr(pool, name) not in (None, 0) for pool in every for name in KEPT}
    return {**rows(shop), **there}


@pytest.mark.parametrize("name", CASES)
def test_killed_at_a_random_moment(name: str, pool_round: Round, tmp_path: Path, record_property: Record) -> None:
    case = CASES[name]
    step = case.step(pool_round)
    with small_keys():
        original = prepared(case, pool_round, tmp_path / "original")
    nothing, known = state(original), check_store(original).faults
    rng = np.random.default_rng(20_261_127)
    timing = copied(original, tmp_path / "timing")
    seconds = seconds_of(step, timing)
    whole = state(timing)
    assert whole != nothing
    n_before = faults = 0
    for kill in range(KILLS):
        shop = copied(original, tmp_path / str(kill))
        killed(step, shop, kill, seconds, rng)
        after = state(shop)
        assert after in (nothing, whole), name
        faults += n_faults(shop, known)
        n_before += after == nothing
        first = step(shop)
        again = step(shop)
        assert state(shop) == whole
        assert first == again  # others may have it already
        faults += n_faults(shop, known)
        shutil.rmtree(shop.path.parent)
    assert not FULL or 0 < n_before < KILLS
    tell(record_property, Row(f"kill -9: pool, {name}", KILLS, faults=faults))
