"""kill -9 at any moment of an import, an approval or the recording of an outcome: whole or not at all.

Real processes die at random moments; `ZHIKE_KILLS` sets how many per action.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import (
    Shop,
    approve_campaign,
    check_store,
    draft_campaign,
    find_segments,
    finish_forgetting,
    forget_customer,
    import_file,
    load_demo,
    record_counts,
)

CONTEXT = multiprocessing.get_context("forkserver")
KILLS = int(os.environ.get("ZHIKE_KILLS", "10"))
DEMO = Path(__file__).parents[1] / "data" / "demo"
N_ORDERS = 400


@dataclass(frozen=True)
class Action:
    """What is done to a shop, and how to tell how much of it has happened (0 nothing, 1 all of it)."""

    prepare: Callable[[Shop], None]
    act: Callable[[Shop], Any]
    share_done: Callable[[Shop], float]


def orders_csv(shop: Shop) -> Path:
    path = shop.path.parent / "orders.csv"
    rows = [f"O{n},C{n % 50},2026-0{1 + n % 9}-1{n % 9},P{n % 20},Tea {n % 20},1,9.5" for n in range(N_ORDERS)]
    path.write_text("\n".join(["order id,customer id,date,sku,product,quantity,price", *rows]))
    return path


def demo_with_draft(shop: Shop) -> None:
    load_demo(shop)
    segment = find_segments(shop).segments[0]
    draft_campaign(shop, segment_id=segment.id, goal="repeat_purchase")


def newest_campaign(shop: Shop) -> int:
    with shop.open() as db:
        return int(db.conn.execute("SELECT max(id) FROM campaigns").fetchone()[0])


def demo_approved(shop: Shop) -> None:
    demo_with_draft(shop)
    approve_campaign(shop, newest_campaign(shop), who="test")


def count(shop: Shop, sql: str) -> int:
    with shop.open() as db:
        return int(db.conn.execute(sql).fetchone()[0])


ACTIONS = {
    # into the demo shop, so that the import first makes room and then fills it
    "import": Action(
        lambda shop: (load_demo(shop), None)[1],
        lambda shop: import_file(shop, orders_csv(shop)),
        lambda shop: count(shop, "SELECT count(*) FROM orders WHERE key LIKE 'O%' AND length(key) <= 4") / N_ORDERS,
    ),
    "approve": Action(
        demo_with_draft,
        lambda shop: approve_campaign(shop, newest_campaign(shop), who="test"),
        lambda shop: float(
            count(
                shop,
                "SELECT count(*) FROM campaigns c WHERE status = 'approved' AND id = (SELECT max(id) FROM campaigns)",
            )
        ),
    ),
    "outcome": Action(
        demo_approved,
        lambda shop: record_counts(shop, newest_campaign(shop), "A 1/9, B 2/9, C 3/9"),
        lambda shop: (
            count(
                shop,
                "SELECT count(*) FROM tallies t JOIN variants v ON v.id = t.variant_id "
                "WHERE v.campaign_id = (SELECT max(id) FROM campaigns)",
            )
            / 3
        ),
    ),
    "forget": Action(
        lambda shop: (load_demo(shop), None)[1],
        lambda shop: forget_customer(shop, "K0003"),
        lambda shop: (
            (
                1
                - count(shop, "SELECT count(*) FROM customers WHERE key = 'K0003'")
                + count(shop, "SELECT count(*) FROM trail WHERE deed = 'forgotten'")
            )
            / 2
        ),
    ),
}


def act_in_child(name: str, shop: Shop, begun: Any) -> None:
    begun.set()
    ACTIONS[name].act(shop)


def begin(name: str, shop: Shop) -> Any:
    """A process that has begun the action."""
    begun = CONTEXT.Event()
    child = CONTEXT.Process(target=act_in_child, args=(name, shop, begun))
    child.start()
    assert begun.wait(60)
    return child


@pytest.mark.parametrize("name", ACTIONS)
def test_killed_at_a_random_moment(tmp_path: Path, name: str) -> None:
    action = ACTIONS[name]
    original = Shop(tmp_path / "original" / "shop.db")
    action.prepare(original)
    rng = np.random.default_rng(20_261_123)
    CONTEXT.set_forkserver_preload(["tests.test_kills"])
    seconds = _seconds_of(name, original, tmp_path)
    seen = []
    for kill in range(KILLS):
        shop = _copy(original, tmp_path / str(kill))
        child = begin(name, shop)
        if kill == 0:
            child.join()  # one dies after the deed, however slow the machine is
        elif kill > 1:  # and one as soon as it is there
            time.sleep(rng.uniform(0, 1.1 * seconds))
        child.kill()
        child.join()
        share = action.share_done(shop)
        assert share in (0, 1), f"{name} happened by {share:.0%}"
        assert not check_store(shop).faults
        if name == "forget" and share == 1:
            assert finish_forgetting(shop)
            assert b"k0003@example.com" not in b"".join(path.read_bytes() for path in shop.path.parent.glob("*.db*"))
        seen.append(share)
        if share == 0:
            action.act(shop)
            assert action.share_done(shop) == 1
            assert not check_store(shop).faults
        shutil.rmtree(shop.path.parent)
    # the moments cover both: some kills come before the deed, some after it
    assert KILLS < 10 or 0 < sum(seen) < KILLS


def _seconds_of(name: str, original: Shop, folder: Path) -> float:
    """How long the action takes here, so that the kills fall into it."""
    took = []
    for turn in range(3):
        shop = _copy(original, folder / f"timing-{turn}")
        child = begin(name, shop)
        began = time.perf_counter()
        child.join()
        assert child.exitcode == 0
        took.append(time.perf_counter() - began)
    return min(took)


def _copy(original: Shop, folder: Path) -> Shop:
    folder.mkdir()
    for path in original.path.parent.glob("shop.db*"):
        shutil.copy(path, folder)
    return Shop(folder / "shop.db")
