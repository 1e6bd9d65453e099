"""What a shop counts of its campaigns."""

from __future__ import annotations

from engine.privacy.pool.counts import Counted, counts, packed, unpacked
from engine.privacy.pool.terms import MOST_CAMPAIGNS
from tests.engine.privacy.pool.test_sums import TERMS

WARM, BRISK = {"tone": "warm", "length": "short"}, {"tone": "brisk", "length": "short"}


def pair(campaign: int, warm: tuple[int, int], brisk: tuple[int, int], goal: str = "win_back") -> list[Counted]:
    return [Counted(campaign, goal, WARM, *warm), Counted(campaign, goal, BRISK, *brisk)]


def test_observed_and_expected_by_hand() -> None:
    # 24 of 400: 6 % on the whole, so 6 of 100 and 18 of 300 are expected
    found = counts(TERMS, pair(1, (12, 100), (12, 300)))
    assert found.numbers == (12, 88, 6 * 8, 12, 288, 18 * 8)
    assert (found.n_campaigns, found.n_sends, found.per_customer, found.halved) == (1, 400, 1, 0)
    assert unpacked(packed(found)) == found


def test_a_shop_that_sells_more_does_not_make_its_tone_look_good() -> None:
    """Half of what is sent warm sells, of what is sent brisk a tenth, but only since two shops differ."""
    rich = counts(TERMS, pair(1, (450, 900), (50, 100)))
    poor = counts(TERMS, pair(1, (10, 100), (90, 900)))
    warm_wins, warm_expected = rich.numbers[0] + poor.numbers[0], rich.numbers[2] + poor.numbers[2]
    assert warm_wins / (warm_expected / 8) == 1


def test_one_version_alone_and_other_goals_do_not_count() -> None:
    alone = [Counted(1, "win_back", WARM, 5, 100)]
    assert not any(counts(TERMS, alone).numbers)
    assert not any(counts(TERMS, pair(1, (5, 100), (5, 100), "birthday")).numbers)


def test_no_single_message_decides_whether_a_campaign_counts() -> None:
    """The first message of a second version changes the sums by no more than any other."""
    before = counts(TERMS, pair(1, (5, 100), (0, 0))).numbers
    assert before == (5, 95, 5 * 8, 0, 0, 0)
    for answered in (0, 1):
        after = counts(TERMS, pair(1, (5, 100), (answered, 1))).numbers
        assert sum(abs(a - b) / scale for a, b, scale in zip(before, after, TERMS.scales, strict=True)) <= TERMS.epsilon
    assert not any(counts(TERMS, pair(1, (0, 0), (0, 0))).numbers)


def test_the_newest_campaigns_count() -> None:
    rows = [row for i in range(20) for row in pair(i, (i, 100), (0, 100))]
    found = counts(TERMS, rows)
    assert found.n_campaigns == found.per_customer == MOST_CAMPAIGNS == 12
    assert found.numbers[0] == sum(range(8, 20))


def test_a_large_shop_is_halved_until_it_fits() -> None:
    found = counts(TERMS, pair(1, (3_000, 40_000), (1_000, 40_000)))
    # 39,000 misses are halved three times to be at most 7,855
    assert found.halved == 3
    assert found.numbers == (375, 4625, 250 * 8, 125, 4875, 250 * 8)


def test_one_message_touches_no_more_than_the_terms_say() -> None:
    """One answered otherwise, one more, one less, in each of many campaigns: the sum of all changes is at most ε."""
    for warm in ((0, 1), (3, 7), (12, 100), (99, 100), (100, 100), (0, 40)):
        for brisk in ((0, 5), (5, 5), (12, 300), (1, 250), (250, 250)):
            before = counts(TERMS, pair(1, warm, brisk)).numbers
            neighbours = [(warm[0] + 1, warm[1] + 1), (warm[0], warm[1] + 1)]
            if warm[0] < warm[1]:
                neighbours.append((warm[0] + 1, warm[1]))
            for other in neighbours:
                after = counts(TERMS, pair(1, other, brisk)).numbers
                # each change by its own noise, which is what ε is
                loss = sum(abs(a - b) / scale for a, b, scale in zip(before, after, TERMS.scales, strict=True))
                assert loss <= TERMS.epsilon + 1e-9
