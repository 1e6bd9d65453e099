from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History
from engine.recommend.rankers.content import RANKER, Content
from engine.recommend.scores import candidates
from tests.engine.recommend.tables import AS_OF, Row, interactions, positions, rng


def shop(names: Sequence[str | Name], rows: Sequence[Row], n_customers: int = 2, **told: Sequence[object]) -> History:
    """Products 1, 2, … by their names, and what else is told of each."""
    products = {id_: name if isinstance(name, Name) else Name(name, name) for id_, name in enumerate(names, 1)}
    catalogue = pd.DataFrame(told, index=list(products))
    customers = range(1, n_customers + 1)
    return History.of(interactions(rows), products, customers, pd.Timestamp(AS_OF), catalogue=catalogue)


def ranked(past: History, customer: int = 1, ranker: Content = RANKER) -> list[str]:
    scores = ranker.fit(past, rng()).scores(positions(customer - 1))
    return [past.names[product].en for product in candidates(scores, past.products.size)[1].tolist()]


def reason(past: History, product: int, customer: int = 1) -> str:
    (told,) = RANKER.fit(past, rng()).reasons(positions(customer - 1), positions(product - 1))
    return str(told)


MUGS = ("red ceramic mug", "blue ceramic mug", "garden spade", "mug rug")
ONE = [(1, 1, 1, "2026-05-03")]


def test_a_product_that_nobody_bought_is_ranked_by_its_name() -> None:
    assert ranked(shop(MUGS, ONE)) == ["blue ceramic mug", "mug rug"]


def test_chinese_needs_no_spaces() -> None:
    past = shop(("龙井绿茶礼盒", "明前龙井绿茶", "普洱熟茶饼", "陶瓷花瓶"), ONE)
    assert ranked(past)[0] == "明前龙井绿茶"
    assert "陶瓷花瓶" not in ranked(past)
    assert reason(past, 2) == "like 龙井绿茶礼盒, which they bought last on 2026-05-03: both “龙井绿茶”"


def test_either_language_tells() -> None:
    names = (Name("green tea", "龙井绿茶"), Name("longjing", "明前龙井"), Name("tea towel", "茶巾"), Name("spade"))
    past = shop(names, ONE)
    assert set(ranked(past)) == {"longjing", "tea towel"}


def test_the_plural_is_near() -> None:
    assert ranked(shop(("mugs", "mug", "spade"), ONE)) == ["mug"]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({c.CATEGORY: ["Kitchen > Cups", "Kitchen > Cups", "Garden"]}, "of the same category"),
        ({c.PRICE: [10.0, 11.0, 900.0]}, "at a similar price"),
        ({c.DESCRIPTION: ["<p>dishwasher-safe stoneware</p>", "stoneware", "steel"]}, "similar in name or description"),
    ],
)
def test_what_else_is_told_counts_too(told: dict[str, Sequence[object]], said: str) -> None:
    past = shop(("alpha", "beta", "gamma"), ONE, 2, **told)
    assert ranked(past) == ["beta"]
    assert reason(past, 2) == f"like alpha, which they bought last on 2026-05-03: {said}"


def test_a_higher_category_is_shared_too() -> None:
    past = shop(("a", "b", "c", "d"), ONE, category=["Home > Tea > Green", "Home > Tea > Black", "Home > Beds", "Food"])
    assert ranked(past) == ["b", "c"]


def test_the_latest_purchase_speaks_louder() -> None:
    past = shop(("red mug", "garden spade", "mug tree", "spade handle"), [(1, 1, 1, "2024-01-01"), (1, 2, 2, AS_OF)])
    assert ranked(past) == ["spade handle", "mug tree"]


def test_the_reason_names_what_spoke_most_and_when_it_was_bought_last() -> None:
    rows = [(1, 3, 1, "2026-06-20"), (1, 1, 2, "2026-02-02"), (1, 1, 3, "2026-04-30")]
    told = reason(shop(MUGS, rows), 2)
    assert told == "like red ceramic mug, which they bought last on 2026-04-30: both “ceramic mug”"


def test_identical_products_are_alike_and_said_to_be() -> None:
    past = shop(("Red Mug", "red mug", "spade"), ONE)
    assert reason(past, 2) == "like Red Mug, which they bought last on 2026-05-03: of the same name"


def test_products_without_a_name_are_like_nothing() -> None:
    past = shop((Name(), Name(), "mug"), ONE)
    assert ranked(past) == []


def test_a_long_description_costs_little_and_its_beginning_counts() -> None:
    long = "stoneware " + "word " * 10_000
    assert len(long) > 50_000
    past = shop(("a", "b", "c"), ONE, description=[long, "stoneware", "<" * 50_000])
    assert ranked(past) == ["b"]


def test_a_catalogue_of_one() -> None:
    assert ranked(shop(("mug",), ONE)) == []


def test_forty_customers_and_fifteen_products() -> None:
    teas = ["龙井绿茶", "碧螺春绿茶", "毛峰绿茶", "信阳毛尖绿茶", "安吉白茶绿茶"]
    cups = ["白瓷茶杯", "青瓷茶杯", "玻璃茶杯", "紫砂茶杯", "建盏茶杯"]
    snacks = ["绿豆糕点", "桂花糕点", "核桃糕点", "板栗糕点", "枣泥糕点"]
    kinds = (teas, cups, snacks)
    rows = [(customer, 1 + 5 * (customer % 3) + customer % 4, customer, "2026-05-03") for customer in range(1, 41)]
    past = shop([*teas, *cups, *snacks], rows, n_customers=40)
    for customer in range(1, 41):
        bought = past.names[5 * (customer % 3) + customer % 4].zh
        others = [name for name in kinds[customer % 3] if name != bought]
        assert set(ranked(past, customer)[:4]) == set(others)


words = st.lists(st.sampled_from(("red", "blue", "mug", "tea", "茶杯", "绿茶")), max_size=3).map(" ".join)


@settings(max_examples=40)
@given(st.lists(words, min_size=2, max_size=6), st.sets(st.integers(0, 5), min_size=1))
def test_scores_are_cosines_and_reasons_are_true(names: list[str], bought: set[int]) -> None:
    mine = sorted(what for what in bought if what < len(names)) or [0]
    past = shop(names, [(1, what + 1, order, "2026-05-03") for order, what in enumerate(mine)])
    fitted = replace(RANKER, neighbours=100).fit(past, rng())
    scores = fitted.scores(positions(0))
    _, products, _ = candidates(scores, len(names))
    assert ((scores.data > 0) & (scores.data <= 1 + 1e-5)).all()
    for product, told in zip(products, fitted.reasons(np.zeros_like(products), products), strict=True):
        other = told.facts["other"].en
        assert other in {names[what] for what in mine}
        for kind in told.facts["alike"]:
            if "words" in kind.facts:
                shared = str(kind.facts["words"]).split()
                assert all(word in names[product] and word in other for word in shared)


def test_attributes_tell_and_are_named() -> None:
    told = [{"Vendor": "Acme", "Tags": "gift, tea"}, {"Tags": "Tea,x"}, {"Vendor": "Other"}]
    past = shop(("alpha", "beta", "gamma"), ONE, attributes=told)
    assert ranked(past) == ["beta"]
    assert reason(past, 2) == "like alpha, which they bought last on 2026-05-03: both Tags: Tea"
