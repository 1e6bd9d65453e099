"""A shop whose own past prefers boosted trees: they make its lists, and newer lists without learning anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from engine.recommend.fusion.blend import LEARNED, Blend
from engine.recommend.fusion.combiners.boosted import Boosted
from engine.recommend.recommenders import fused, in_use, recommenders
from engine.services.evaluate import evaluate
from engine.services.recommend import recommend_for
from engine.services.recommend_run import lists_in_force
from engine.services.recommend_trials import KIND, chosen_recommender, newest_trial
from engine.shop import Shop
from engine.store import kept_models, transaction
from tests.engine.services import preferring_trees, shops
from tests.engine.services.preferring_trees import BLEND, DEFAULT, order


@pytest.fixture
def trees(shop: Shop) -> Shop:
    preferring_trees.fill(shop)
    return shop


def products(shop: Shop, customer: str) -> list[tuple[str, float]]:
    return [(item.product, item.score) for item in recommend_for(shop, customer, 10).items]


def refusing(what: str) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(what)

    return refuse


def test_it_takes_part_in_trials_and_is_not_the_default() -> None:
    assert [one.name for one in fused()][:2] == [DEFAULT, BLEND]
    assert [one.name for one in recommenders()][:2] == [DEFAULT, BLEND]
    assert isinstance(in_use(BLEND), Blend)
    assert chosen_recommender(None) == DEFAULT


def test_what_won_is_stored_and_resumed(trees: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = recommend_for(trees, "C1", 10)
    others = products(trees, "C3")
    with trees.open() as db:
        lists = lists_in_force(trees, db)
        kept = kept_models.of_run(db, lists.fit.id)[LEARNED]
    assert (lists.fit.method, before.run.id) == (BLEND, lists.fit.id)
    assert {"again threshold", "new threshold", "again weights"} <= kept.keys()
    assert (kept["new feature"] >= 0).sum() > 100
    # an order more is answered by the same trees
    monkeypatch.setattr(Blend, "fit", refusing("nothing is to be learned anew"))
    later = replace(trees, clock=lambda: trees.now() + timedelta(days=3))
    with later.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_orders(db, [order("C1", 8, np.random.default_rng(6))])
    after = recommend_for(later, "C1", 10)
    assert after.run.id > before.run.id
    assert after.items and after.items != before.items
    assert products(later, "C3") == others, "the others keep their lists"


def test_where_it_did_not_win_no_tree_is_grown(trees: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Boosted, "fit", refusing("the default needs no trees"))
    with trees.open() as db, transaction(db):
        db.conn.execute("DELETE FROM runs WHERE kind = ?", [KIND])
    with trees.open() as db:
        assert lists_in_force(trees, db).fit.method == DEFAULT


def test_the_founder_is_told_what_is_in_use(trees: Shop) -> None:
    with trees.open() as db:
        assert chosen_recommender(newest_trial(db)) == BLEND
    found = evaluate(trees, "recommend").found
    assert str(found.facts[0]).startswith(
        "In use: all of them together, by many small rules learned from your own past. What people then bought stood "
        "6% better on its lists than with the next best, all of them together, weighed by your own past"
    )
