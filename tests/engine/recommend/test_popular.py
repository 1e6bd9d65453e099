from __future__ import annotations

from engine.recommend.rankers.popular import Popular
from tests.engine.recommend.tables import Row, history, positions, rng

ROWS: list[Row] = [
    (1, 1, 1, "2026-06-28"),
    (1, 1, 2, "2026-06-29"),
    (1, 2, 3, "2026-06-29"),
    (2, 2, 4, "2026-06-30"),
    (2, 3, 5, "2026-01-01"),
    (3, 3, 6, "2026-01-02"),
    (3, 4, 7, "2026-01-02"),
]


def test_people_count_once_lately_before_ever() -> None:
    scores = Popular(days=30).fit(history(ROWS, products=range(1, 6)), rng()).scores(positions(0, 2)).toarray()
    # product 5 was bought by nobody
    assert scores[0].argsort()[::-1].tolist()[:4] == [1, 0, 2, 3]
    assert scores[0, 4] == 0
    assert (scores[0] == scores[1]).all()


def test_the_list_ends_where_it_is_told_to() -> None:
    scores = Popular(length=2).fit(history(ROWS), rng()).scores(positions(0))
    assert sorted(scores.indices.tolist()) == [0, 1]


def test_the_reason_says_that_it_is_not_personal() -> None:
    reasons = Popular(days=30).fit(history(ROWS), rng()).reasons(positions(0, 0, 0, 0), positions(1, 0, 2, 3))
    assert [str(reason) for reason in reasons] == [
        "popular, not personal: bought by 2 people in the 30 days up to 2026-06-30",
        "popular, not personal: bought by 1 person in the 30 days up to 2026-06-30",
        "popular, not personal: bought by 2 people so far",
        "popular, not personal: bought by 1 person so far",
    ]
