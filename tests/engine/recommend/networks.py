"""Made shops that a network can learn something from, and what it has learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.deep import Training
from engine.recommend.history import History, Ints
from engine.recommend.network import FittedNetwork
from tests.engine.recommend.tables import Row, history

QUICK = Training(epochs=30, batch=32, learning_rate=1e-2)


def two_tastes(n: int = 120) -> History:
    """Customers of even number buy of products 1 to 10, the others of 11 to 20: two orders of three each."""
    rng = np.random.default_rng(3)
    rows: list[Row] = []
    for customer in range(n):
        mine = rng.permutation(10)[:6] + 1 + 10 * (customer % 2)
        for order in (0, 1):
            day = f"2026-{1 + order + customer % 4:02d}-{1 + customer % 28:02d}"
            rows += [(customer, int(product), 2 * customer + order, day) for product in mine[3 * order : 3 * order + 3]]
    return history(rows)


def one_after_the_other(n: int = 200) -> History:
    """Nine products in a ring: whoever bought one buys the next one a week later, two to four in all from anywhere."""
    rng = np.random.default_rng(3)
    rows: list[Row] = []
    for customer, first in enumerate(rng.integers(0, 9, n).tolist()):
        days = [f"2026-0{1 + customer % 5}-{day:02d}" for day in (1, 8, 15, 22)][: 2 + customer % 3]
        rows += [(customer, (first + step) % 9 + 1, 4 * customer + step, day) for step, day in enumerate(days)]
    return history(rows)


def own_taste(fitted: FittedNetwork, past: History) -> float:
    """Of the four best products that a customer has not bought, how many are to their taste; by chance 4 in 14."""
    scores = fitted.scores(np.arange(past.customers.size))
    scores[past.bought[c.CUSTOMER], past.bought[c.PRODUCT]] = 0
    best = np.argsort(-scores, axis=1)[:, :4]
    return float(((best >= 10) == (past.customers % 2 == 1)[:, None]).mean())


def without(past: History, customer: int, product: int) -> History:
    """As if the customer had never bought it."""
    bought = past.bought
    rows = bought[(bought[c.CUSTOMER] != customer) | (bought[c.PRODUCT] != product)]
    return History(**{**vars(past), "bought": rows.reset_index(drop=True)})


def lowest_without(fitted: FittedNetwork, customer: int, product: int) -> tuple[int, float]:
    """The long way: resumed on the history without each product that they bought, which score is lowest, and when."""
    past = fitted.history
    bought = past.bought.loc[past.bought[c.CUSTOMER] == customer, c.PRODUCT].unique()
    scores = {
        int(each): float(
            fitted.ranker.resumed(without(past, customer, int(each)), fitted.kept()).scores(at(customer))[0, product]
        )
        for each in bought
    }
    least = min(scores, key=lambda each: scores[each])
    return least, scores[least]


def at(*positions: int) -> Ints:
    return np.array(positions, dtype=np.int64)


def watched() -> tuple[list[tuple[str, float]], Any]:
    told: list[tuple[str, float]] = []

    def progress(doing: Phrase, share: float) -> None:
        told.append((str(doing), share))

    return told, progress
