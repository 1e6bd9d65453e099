"""kill -9 at any moment of a run: the lists before it stay in force, or the new ones are there whole."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np

from engine import Shop, check_store, recommend_for, refresh_recommendations
from engine.store import recommendations
from tests.engine.services.test_recommend import ORDERS, fill

CONTEXT = multiprocessing.get_context("forkserver")
KILLS = 6


def refresh_in_child(shop: Shop, begun: Any) -> None:
    begun.set()
    refresh_recommendations(shop, refresh=True)


def killed(shop: Shop, seconds: float | None) -> None:
    """A run that is killed so long after it began; None lets it end."""
    begun = CONTEXT.Event()
    child = CONTEXT.Process(target=refresh_in_child, args=(shop, begun))
    child.start()
    assert begun.wait(60)
    if seconds is None:
        child.join()
    else:
        time.sleep(seconds)
    child.kill()
    child.join()


def in_force(shop: Shop) -> tuple[int, int]:
    """The newest run, and how many customers it has lists for."""
    with shop.open() as db:
        lists = recommendations.in_force(db)
        assert lists is not None
        return lists.run.id, recommendations.of_people(db, lists, range(1, 8))["customer"].nunique()


def test_killed_at_a_random_moment(tmp_path: Path) -> None:
    original = Shop(tmp_path / "original" / "shop.db")
    fill(original, ORDERS)
    before = recommend_for(original, "C1").items
    first, n_customers = in_force(original)
    assert n_customers == 7
    faults = check_store(original).faults  # of these made-up orders
    CONTEXT.set_forkserver_preload(["tests.engine.services.test_recommend_killed"])
    rng = np.random.default_rng(20_261_127)
    began = time.monotonic()
    refresh_recommendations(original, refresh=True)
    seconds = time.monotonic() - began
    second, _ = in_force(original)
    seen = set()
    for kill in range(KILLS):
        shop = Shop(tmp_path / str(kill) / "shop.db")
        shutil.copytree(original.path.parent, shop.path.parent)
        killed(shop, None if kill == 0 else 0.0 if kill == 1 else rng.uniform(0, 1.1 * seconds))
        run, n_customers = in_force(shop)
        assert first < second <= run
        assert n_customers == 7
        assert recommend_for(shop, "C1").items == before
        assert check_store(shop).faults == faults
        seen.add(run > second)
    assert seen == {False, True}
