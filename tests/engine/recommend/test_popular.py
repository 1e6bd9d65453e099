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


def test_of_two_with_as_many_people_the_one_bought_later_comes_first() -> None:
    rows: list[Row] = [(1, 1, 1, "2026-06-20"), (2, 2, 2, "2026-06-29"), (3, 3, 3, "2026-06-21")]
    scores = Popular(days=30).fit(history(rows), rng()).scores(positions(0)).toarray()[0]
    assert scores.argsort()[::-1].tolist() == [1, 2, 0]


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


def test_in_a_shop_that_has_been_quiet_for_years_all_who_ever_bought_count() -> None:
    scores = Popular().fit(history(ROWS, as_of="2046-01-01"), rng()).scores(positions(0)).toarray()[0]
    assert scores[3] > 0
    assert scores[0] == scores[3] < scores[1] == scores[2]
