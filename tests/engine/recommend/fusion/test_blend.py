"""Rankers made one by what they were worth on the shop's own past."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.fusion.blend import LEARNED, FittedBlend, blends
from engine.recommend.fusion.combiners import combiners
from engine.recommend.fusion.combiners.logistic import Weighed
from engine.recommend.fusion.facts import NAMES, OWN
from engine.recommend.fusion.learning import groups_of
from engine.recommend.history import History, Ints
from engine.recommend.metrics import per_customer
from engine.recommend.mixing import Mix
from engine.recommend.rankers import rankers
from engine.recommend.scores import candidates
from engine.recommend.windows import window
from tests.engine.recommend.fusion.shops import N_CUSTOMERS, two_tastes
from tests.engine.recommend.tables import AS_OF, history, rng

every = pytest.mark.parametrize("blend", blends(), ids=lambda blend: blend.name)


@cache
def past() -> History:
    return two_tastes().until(two_tastes().as_of - pd.Timedelta(days=40))


@cache
def fitted(name: str) -> FittedBlend:
    (blend,) = [one for one in blends() if one.name == name]
    found = blend.fit(past(), rng())
    assert isinstance(found, FittedBlend)
    return found


def customers() -> Ints:
    return np.arange(N_CUSTOMERS + 1)  # the last has bought nothing


def test_there_is_one_for_each_combiner_and_logistic_is_the_default() -> None:
    assert next(blend.combiner.name for blend in blends()) == "logistic"
    assert {blend.combiner.name for blend in blends()} == set(combiners())


@every
def test_it_ranks_what_comes_better_than_best_sellers(blend) -> None:  # type: ignore[no-untyped-def]
    one = window(two_tastes(), past().as_of, two_tastes().as_of)
    popular = rankers()["popular"].fit(past(), rng())
    _, best, _ = candidates(popular.scores(np.array([0])), 5)
    mine = fitted(blend.name).lists(one.customers, 5, new=False)
    ndcg = per_customer(mine, one.relevant(new=False), 5).ndcg.mean()
    theirs = mine._replace(product=best[mine.place - 1])
    assert ndcg > per_customer(theirs, one.relevant(new=False), 5).ndcg.mean() + 0.1


@every
def test_what_is_discovered_is_of_the_customer_s_own_half(blend) -> None:  # type: ignore[no-untyped-def]
    found = fitted(blend.name).lists(np.arange(N_CUSTOMERS), 3, new=True)
    own = (found.product >= 15) == (found.row % 2 == 1)
    assert own.mean() > 0.95


@every
def test_candidates_are_probabilities_best_first_each_product_once(blend) -> None:  # type: ignore[no-untyped-def]
    found = fitted(blend.name).candidates(customers())
    assert ((found.score > 0) & (found.score < 1)).all()
    assert np.unique(found.row * 100 + found.product).size == found.row.size
    same = np.diff(found.row) == 0
    assert (np.diff(found.score)[same] <= 0).all()
    assert set(found.row.tolist()) == set(customers().tolist()), "nobody goes without a list"


@every
def test_reasons_are_those_of_a_ranker_that_knows_the_pair(blend) -> None:  # type: ignore[no-untyped-def]
    one = fitted(blend.name)
    found = one.candidates(customers())
    first = np.flatnonzero(np.diff(found.row, prepend=-1))
    who, what, by = found.row[first], found.product[first], found.ranker[first]
    said = one.reasons(who, what, by)
    assert said == [one.fitted[b].reasons(who[i : i + 1], what[i : i + 1])[0] for i, b in enumerate(by.tolist())]
    assert all(isinstance(reason, Phrase) for reason in said)
    # of who has bought nothing only what is popular can be said
    assert one.names[by[-1]] == "popular"


@every
def test_resumed_says_the_same(blend) -> None:  # type: ignore[no-untyped-def]
    one = fitted(blend.name)
    kept = one.kept()
    assert LEARNED in kept
    assert all(array.dtype != object for arrays in kept.values() for array in arrays.values())
    again = blend.resumed(past(), kept)
    mine, theirs = one.candidates(customers()), again.candidates(customers())
    np.testing.assert_array_equal(mine.product, theirs.product)
    np.testing.assert_allclose(mine.score, theirs.score, rtol=1e-4)


@every
def test_a_short_past_is_mixed_by_the_stated_rule(blend) -> None:  # type: ignore[no-untyped-def]
    few = history([(1, 1, 1, AS_OF), (1, 2, 1, AS_OF), (2, 1, 2, AS_OF)], customers=[1, 2, 3])
    found = blend.fit(few, rng())
    assert isinstance(found, Mix)
    assert isinstance(blend.resumed(few, found.kept()), Mix)


def test_shares_are_the_parts_of_the_log_odds() -> None:
    groups = groups_of(["popular"])
    weights, usual = np.arange(1.0, 1.0 + groups.size), np.zeros(groups.size)
    table = np.ones((1, weights.size), np.float32)
    one = Weighed(weights, -2.0, usual)
    # the first two features are the ranker's: 1 + 2
    assert one.shares(table, groups).tolist() == [[3.0]]
    assert one.probability(np.zeros((1, weights.size), np.float32))[0] == pytest.approx(1 / (1 + np.exp(2)))


def test_the_own_past_with_a_product_speaks_through_the_ranker_that_tells_of_it() -> None:
    groups = groups_of(["popular", "repeat"])
    said, facts = groups[:4].tolist(), dict(zip(NAMES, groups[4:].tolist(), strict=True))
    assert said == [0, 0, 1, 1]
    assert {name for name, group in facts.items() if group == 1} == set(OWN)
    assert {facts[name] for name in NAMES if name not in OWN} == {-1}
    assert set(groups_of(["popular"])[2:].tolist()) == {-1}


@every
def test_who_has_long_been_away_is_less_likely_to_come_back(blend) -> None:  # type: ignore[no-untyped-def]
    shop = two_tastes()
    gone = (shop.bought[c.CUSTOMER] % 4 == 0) & (shop.bought[c.AT] > pd.Timestamp("2025-10-15"))
    past = replace(shop, bought=shop.bought[~gone].reset_index(drop=True))
    found = blend.fit(past, rng())
    assert isinstance(found, FittedBlend)
    chance = found.returning(np.arange(N_CUSTOMERS))
    away = np.arange(N_CUSTOMERS) % 4 == 0
    assert ((chance > 0) & (chance < 1)).all()
    assert chance[away].max() < chance[~away].min()
    again = blend.resumed(past, found.kept()).returning(np.arange(N_CUSTOMERS))
    np.testing.assert_allclose(again, chance, rtol=1e-4)
