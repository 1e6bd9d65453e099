"""Windows of the past and what is tried on them, on tables that an eye can check."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.alone import Alone
from engine.recommend.history import History, Ints
from engine.recommend.metrics import Lists
from engine.recommend.rankers import rankers
from engine.recommend.rankers.popular import Popular
from engine.recommend.rankers.repeat import Repeat
from engine.recommend.trials import Listing, Recommender, bought_together, trial, tried_on
from engine.recommend.windows import horizon_days, origins, sampled, window
from tests.engine.recommend.tables import Row, history, positions, rng

ROWS: list[Row] = [
    (1, 1, 1, "2026-01-10"),
    (1, 2, 1, "2026-01-10"),
    (2, 1, 2, "2026-01-12"),
    (2, 3, 2, "2026-01-12"),
    (1, 1, 3, "2026-02-03"),  # again
    (1, 3, 3, "2026-02-03"),  # new to customer 1
    (1, 4, 3, "2026-02-03"),  # new to all: nobody could have listed it
    (3, 1, 4, "2026-02-04"),  # a customer who was not there before
    (2, 2, 5, "2026-03-20"),  # after the window
]


def test_a_window_has_what_came_of_customers_and_products_known_before() -> None:
    found = window(history(ROWS), pd.Timestamp("2026-02-01"), pd.Timestamp("2026-03-01"))
    assert found.customers.tolist() == [0]
    assert found.past.bought[c.AT].max() == pd.Timestamp("2026-01-12")
    assert list(zip(*found.relevant(new=False), strict=True)) == [(0, 0), (0, 2)]
    assert list(zip(*found.relevant(new=True), strict=True)) == [(0, 2)]


def test_what_is_bought_on_the_very_moment_is_known_not_foretold() -> None:
    found = window(history(ROWS), pd.Timestamp("2026-02-03"), pd.Timestamp("2026-03-20"))
    assert found.customers.tolist() == [1]
    assert list(zip(*found.relevant(new=True), strict=True)) == [(0, 1)]


@pytest.mark.parametrize(
    ("gaps", "span", "expected"),
    [
        ([], 400, 30),  # nobody came back
        ([20, 28], 400, 30),  # the median is 24
        ([5, 5], 400, 14),
        ([70, 70, 300], 400, 60),  # the median is 70
        ([200, 200], 400, 90),
        ([200, 200], 200, 60),  # three times 90 is not there yet
        ([3], 10, 14),
    ],
)
def test_the_horizon_follows_the_shops_pace(gaps: list[int], span: int, expected: int) -> None:
    start = pd.Timestamp("2025-01-01")
    rows: list[Row] = [(1, 1, 1, "2025-01-01"), (2, 1, 2, str((start + pd.Timedelta(days=span)).date()))]
    for customer, gap in enumerate(gaps, start=3):
        rows += [
            (customer, 1, 100 * customer, "2025-01-01"),
            (customer, 1, 100 * customer + 1, str((start + pd.Timedelta(days=gap)).date())),
        ]
    assert horizon_days(history(rows)) == expected


def test_origins_are_a_horizon_apart_and_have_something_to_learn_from() -> None:
    past = history([(1, 1, 1, "2026-01-01"), (1, 1, 2, "2026-06-30")])  # 180 days
    assert [str(at.date()) for at in origins(past, 30)] == ["2026-04-01", "2026-05-01", "2026-05-31"]
    assert [str(at.date()) for at in origins(past, 60)] == ["2026-05-01"]  # before 03-02 are no 120 days
    assert origins(past, 180) == []
    assert origins(history([]), 30) == []


def test_a_sample_keeps_whole_customers() -> None:
    found = window(many(), pd.Timestamp("2026-05-15"), pd.Timestamp("2026-06-30"))
    some = sampled(found, 7, rng())
    assert some.customers.size == 7
    for row, customer in enumerate(some.customers.tolist()):
        (whole,) = np.flatnonzero(found.customers == customer)
        assert (some.truth.product[some.truth.row == row] == found.truth.product[found.truth.row == whole]).all()
    assert sampled(found, 500, rng()) is found


def many(n_customers: int = 40) -> History:
    """Everybody buys a product of their own each fortnight, and once each product of the next customer."""
    rows: list[Row] = []
    for customer in range(1, n_customers + 1):
        for at, day in enumerate(pd.date_range("2026-01-02", "2026-06-30", freq="14D")):
            order = 1000 * customer + at
            rows.append((customer, customer, order, str(day.date())))
            if at == customer % 13:
                rows.append((customer, customer % n_customers + 1, order, str(day.date())))
    return history(rows)


@dataclass(frozen=True)
class Knowing(Recommender):
    """Lists what will be bought: the bound of what a trial can find."""

    whole: History
    name: str = "knowing"

    @property
    def label(self) -> Phrase:
        return Phrase("knows what comes")

    def fit(self, history: History, rng: Generator) -> Knows:
        return Knows(self.whole, history.as_of)


@dataclass(frozen=True)
class Knows(Listing):
    whole: History
    as_of: pd.Timestamp

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        found = window(self.whole, self.as_of, self.as_of + pd.Timedelta(days=14))
        row, product = found.relevant(new=new)
        row = np.searchsorted(customers, found.customers[row])
        return Lists(row, product, np.arange(row.size) - np.searchsorted(row, row) + 1)


def test_who_knows_what_comes_gets_everything_and_the_regular_buyer_is_foretold_by_repetition() -> None:
    past = many()
    found = trial(past, [Knowing(past), Alone(Repeat()), Alone(Popular())], rng())
    assert (found.horizon, len(found.origins)) == (14, 3)
    knowing, repeat, popular = found.tried
    for metric in ("ndcg", "hit_rate", "recall", "mrr", "map"):
        assert knowing.all.mean(metric) == knowing.new.mean(metric) == 1
    assert repeat.all.mean("hit_rate") == 1
    assert repeat.new.mean("hit_rate") == 0, "what was bought is never new"
    assert popular.all.mean("ndcg") < repeat.all.mean("ndcg")
    assert 0 < popular.all.coverage < repeat.all.coverage <= 1
    assert repeat.all.novelty > popular.all.novelty > 0


def test_all_have_the_same_customers_in_the_same_order() -> None:
    found = trial(many(), [Alone(Repeat()), Alone(Popular())], rng())
    first, second = found.tried
    for sort in ("all", "new"):
        assert (getattr(first, sort).customers == getattr(second, sort).customers).all()
    assert first.all.customers.size == 3 * 40


def test_a_seed_gives_the_same_trial() -> None:
    one, other = (trial(many(), [Alone(Popular())], np.random.default_rng(3)).tried[0] for _ in range(2))
    assert one.all.per_customer["ndcg"].tolist() == other.all.per_customer["ndcg"].tolist()


def test_too_little_to_try() -> None:
    short = trial(history([(1, 1, 1, "2026-06-20"), (1, 1, 2, "2026-06-30")]), [Alone(Popular())], rng())
    assert not short.tried
    assert str(short.untested) == (
        "Recommendations cannot be tested on your own past yet: it takes orders that cover 28 days or more."
    )
    few = trial(many(5), [Alone(Popular())], rng())
    assert str(few.untested) == (
        "Recommendations cannot be tested on your own past yet: since 2026-05-19 only 5 customers came back for "
        "products that were there before, and it takes 20."
    )


@dataclass(frozen=True)
class Lacking(Knowing):
    def lacking(self, history: History) -> Phrase | None:
        return Phrase("no ratings")


def test_what_lacks_something_is_skipped_and_told() -> None:
    past = many()
    found = trial(past, [Alone(Popular()), Lacking(past)], rng())
    assert [one.name for one in found.tried] == ["popular"]
    assert [(str(one.label), str(one.lack)) for one in found.skipped] == [("knows what comes", "no ratings")]


def test_windows_of_ones_own_choice() -> None:
    past = many()
    one = window(past, pd.Timestamp("2026-06-01"), pd.Timestamp("2026-06-30"))
    found = tried_on([one], [Alone(Repeat())], rng(), k=5, horizon=29)
    assert found.of("repeat").all.customers.size == 40


@pytest.mark.parametrize("ranker", rankers().values(), ids=list(rankers()))
def test_a_list_of_new_products_has_none_that_was_bought(ranker: object) -> None:
    past = history(ROWS, customers=range(1, 5))
    listing = Alone(ranker, Popular()).fit(past, rng())  # type: ignore[arg-type]
    customers = positions(3, 0, 1)
    had = {(c_, p) for c_, p in zip(past.bought[c.CUSTOMER], past.bought[c.PRODUCT], strict=True)}
    for new in (False, True):
        row, product, place = listing.lists(customers, 3, new=new)
        listed = list(zip(customers[row].tolist(), product.tolist(), strict=True))
        assert len(set(listed)) == len(listed)
        assert not new or not had & set(listed)
        for one in range(3):
            assert place[row == one].tolist() == list(range(1, 1 + (row == one).sum()))


def test_what_a_ranker_leaves_empty_is_filled() -> None:
    past = history(ROWS)
    row, product, _ = Alone(Repeat(), Popular()).fit(past, rng()).lists(positions(2), 3, new=False)
    assert product.tolist()[0] == 0 and row.size == 3
    assert Alone(Repeat()).fit(past, rng()).lists(positions(2), 3, new=False).product.tolist() == [0]


def test_similarity_is_the_cosine_over_buyers() -> None:
    # product 1 has buyers 1, 2, 3; product 2 has 1 and 2; product 5 none
    vectors = bought_together(history(ROWS, products=range(1, 6)))
    cosine = (vectors @ vectors.T).toarray()
    assert cosine[0, :2] == pytest.approx([1, 2 / 6**0.5])
    assert cosine[4, 4] == 0
