from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.recommend.rankers.tifu_knn import TifuKnn
from tests.engine.recommend.tables import Row, history, positions, rng

PLAIN = TifuKnn(groups=2, within_decay=0.5, group_decay=0.1, alpha=0.25, neighbours=1)

# three orders in two groups: the first two, and the last one
ROWS: list[Row] = [(1, 1, 1, "2026-06-01"), (1, 1, 2, "2026-06-02"), (1, 2, 2, "2026-06-02"), (1, 2, 3, "2026-06-03")]
OWN = [0.1 / 2 * (0.5 + 1) / 2, 0.1 / 2 * 1 / 2 + 1 / 2, 0]  # groups decay by 0.1, orders by 0.5; means of two
NEIGHBOUR: list[Row] = [(2, 2, 20, "2026-06-01"), (2, 3, 20, "2026-06-01")]
STRANGER: list[Row] = [(3, 1, 30, "2026-05-01")]


def test_the_vector_is_the_decayed_mean_of_orders_within_groups_and_of_groups() -> None:
    fitted = PLAIN.fit(history([*ROWS, *NEIGHBOUR]), rng())
    assert fitted.vectors.toarray()[0].tolist() == pytest.approx(OWN)
    assert fitted.vectors.toarray()[1].tolist() == pytest.approx([0, 1, 1])


def test_fewer_orders_than_groups_are_a_group_each() -> None:
    fitted = replace(PLAIN, groups=7).fit(history(ROWS), rng())
    assert fitted.vectors.toarray()[0].tolist() == pytest.approx([(0.01 + 0.1) / 3, (0.1 + 1) / 3])


def test_the_score_mixes_the_own_vector_with_the_mean_of_the_nearest() -> None:
    fitted = PLAIN.fit(history([*ROWS, *NEIGHBOUR, *STRANGER]), rng())
    expected = [0.25 * own + 0.75 * other for own, other in zip(OWN, [0, 1, 1], strict=True)]
    assert fitted.scores(positions(0)).toarray()[0].tolist() == pytest.approx(expected)


def test_nearest_is_by_cosine() -> None:
    similarity = replace(PLAIN, neighbours=2).fit(history([*ROWS, *NEIGHBOUR, *STRANGER]), rng()).nearest(positions(0))
    length = math.hypot(*OWN)
    expected = [0, OWN[1] / length / math.sqrt(2), OWN[0] / length]
    assert similarity.toarray()[0].tolist() == pytest.approx(expected)


def test_the_reason_is_the_larger_share_of_the_score() -> None:
    fitted = replace(PLAIN, alpha=0.9, neighbours=2).fit(history([*ROWS, *NEIGHBOUR, *STRANGER]), rng())
    reasons = fitted.reasons(positions(0, 0, 1, 1, 2), positions(1, 2, 2, 0, 0))
    assert [str(reason) for reason in reasons] == [
        "in 2 of their 3 orders, the last time on 2026-06-03",
        "1 of the 2 customers whose purchases are most like theirs bought this",
        "in their only order so far, on 2026-06-01",
        "the customer whose purchases are most like theirs bought this",
        "in their only order so far, on 2026-05-01",
    ]
