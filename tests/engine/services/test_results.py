"""What a campaign has shown: counts, intervals, weights, and no false winner."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import store
from engine.errors import NotAllowed, NotFound
from engine.experiments.intervals import wilson
from engine.services.outcomes import record_counts, record_people
from engine.services.results import Results, campaign_results, latest_campaign_id
from engine.shop import Shop
from tests.engine.services.sent import add_campaign, add_customers


def test_before_anything_is_told(shop: Shop) -> None:
    add_customers(shop, 90)
    results = campaign_results(shop, add_campaign(shop, [40, 41], held=5))
    assert [variant.label for variant in results.variants] == ["A", "B"]
    assert [(variant.sends, variant.reported, variant.conversions) for variant in results.variants] == [
        (40, 0, 0),
        (41, 0, 0),
    ]
    assert all(variant.rate is None and variant.interval is None for variant in results.variants)
    assert [variant.weight for variant in results.variants] == pytest.approx([40 / 81, 41 / 81])
    assert results.verdict.state == "not yet"
    assert results.holdout == 5
    assert (results.goal, results.language, str(results.segment_name)) == ("win_back", "en", "Been away")
    assert results.approved_at == shop.now()
    assert results.reported_at is None


def test_forty_sends_name_no_winner(shop: Shop) -> None:
    add_customers(shop, 90)
    campaign = add_campaign(shop, [40, 41])
    record_counts(shop, campaign, "A 3/40, B 5/41")
    results = campaign_results(shop, campaign)
    first, second = results.variants
    assert (first.rate, second.rate) == (3 / 40, 5 / 41)
    assert first.interval is not None
    assert first.interval.low <= wilson(3, 40).low
    assert first.interval.high >= wilson(3, 40).high
    assert str(results.which_now).startswith("Take B: the chance that it is the best is about")
    assert [variant.weight for variant in results.variants] == [0.5, 0.5]
    # 90 people can be reached: not even twice as many buyers could be shown
    assert results.verdict.state == "never"
    assert "A 3 of 40 (7.5%), B 5 of 41 (12.2%)" in str(results.verdict.sentence)
    assert "You can reach 90 people." in str(results.verdict.sentence)
    assert results.reported_at == shop.now()


def test_a_large_difference_is_called(shop: Shop) -> None:
    add_customers(shop, 400)
    campaign = add_campaign(shop, [200, 200])
    record_counts(shop, campaign, "A 10/200, B 60/200")
    verdict = campaign_results(shop, campaign).verdict
    assert (verdict.state, verdict.best) == ("enough", 1)
    assert str(verdict.sentence).startswith("B works better: A 10 of 200 (5.0%), B 60 of 200 (30.0%)")


def test_every_look_at_rewritten_outcomes_costs(shop: Shop) -> None:
    add_customers(shop, 400)
    campaign = add_campaign(shop, [200, 200])
    record_counts(shop, campaign, "A 10/200, B 20/200")
    for wins in range(21, 31):
        record_counts(shop, campaign, f"B {wins}/200")
    assert campaign_results(shop, campaign).verdict.state != "enough"  # in one look it would be
    one_look = add_campaign(shop, [200, 200])
    record_counts(shop, one_look, "A 10/200, B 30/200")
    assert campaign_results(shop, one_look).verdict.state == "enough"


def test_counts_that_are_uneven_are_told_first(shop: Shop) -> None:
    add_customers(shop, 400)
    campaign = add_campaign(shop, [200, 200])
    record_counts(shop, campaign, "A 5/150, B 2/60")
    caution = str(campaign_results(shop, campaign).caution)
    assert caution.startswith("Careful: there are A 150, B 60 people, where A 105, B 105 were to be expected")
    record_counts(shop, campaign, "B 8/150")
    assert campaign_results(shop, campaign).caution is None


def test_what_the_campaign_brought_against_the_holdout(shop: Shop) -> None:
    add_customers(shop, 120)
    campaign = add_campaign(shop, [50, 50], held=20)
    assert campaign_results(shop, campaign).money is None  # no order since is known
    with shop.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO imports (name, sha256, kind, receipt, at) VALUES ('x', 'x', 'orders', '{}', 'x')")
        # every second person who got a message buys for 10 and for 12 by turns, of the 20 held out one for 10
        buyers = [*((i, 10.0 + 2 * (i % 4 == 0)) for i in range(2, 101, 2)), (110, 10.0)]
        db.conn.executemany(
            "INSERT INTO orders (import_id, key, customer_id, at, revenue, quantity, n_lines) "
            "VALUES (1, ?, ?, ?, ?, 1, 1)",
            ((f"O{i}", i, "2026-11-29T12:00:00", revenue) for i, revenue in buyers),
        )
    assert campaign_results(shop, campaign).money is None  # a date that is still to come proves nothing
    later = replace(shop, clock=lambda: datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    money = campaign_results(later, campaign).money
    assert money is not None
    # 550 from 100 people and 10 from 20: 5.5 against 0.5 each
    assert (money.sent, money.held, money.adjusted) == (100, 20, False)
    assert money.each == pytest.approx(5.0)
    assert money.total == pytest.approx(500)
    assert money.each_interval.low > 0
    assert str(money.sentence).startswith("The messages brought about 500 more in 6 days than without them")


def test_a_pace_is_known_after_two_weeks(shop: Shop) -> None:
    add_customers(shop, 3000)
    campaign = add_campaign(shop, [60, 60])
    later = replace(shop, clock=lambda: datetime(2026, 12, 21, 12, 0, tzinfo=UTC))
    record_counts(later, campaign, "A 3/60, B 9/60")
    # 120 messages in four weeks are 15 of each version a week
    assert "At your pace that is about" in str(campaign_results(later, campaign).verdict.sentence)


def test_asking_again_gives_the_same_answer(shop: Shop) -> None:
    add_customers(shop, 400)
    campaign = add_campaign(shop, [200, 200])
    record_counts(shop, campaign, "A 10/200, B 31/200")
    assert campaign_results(shop, campaign) == campaign_results(shop, campaign)


def test_ucb1_says_who_would_be_next(shop: Shop) -> None:
    add_customers(shop, 100)
    campaign = add_campaign(shop, [40, 40], policy="ucb1")
    record_counts(shop, campaign, "A 1/40, B 9/40")
    assert [variant.weight for variant in campaign_results(shop, campaign).variants] == [0, 1]


def test_a_policy_that_is_no_more_leaves_the_share_meant(shop: Shop) -> None:
    add_customers(shop, 100)
    campaign = add_campaign(shop, [30, 10], policy="bygone")
    record_counts(shop, campaign, "A 1/30, B 2/10")
    assert [variant.weight for variant in campaign_results(shop, campaign).variants] == [0.75, 0.25]


def test_what_was_told_before_is_told_beside(shop: Shop) -> None:
    add_customers(shop, 90)
    campaign = add_campaign(shop, [40, 41])
    record_counts(shop, campaign, "A 3/40, B 5/41")
    record_counts(shop, campaign, "A 4/40")
    assert [variant.before for variant in campaign_results(shop, campaign).variants] == [(3, 40), None]


def test_the_order_of_sending_counts_where_it_is_known(shop: Shop, tmp_path: Path) -> None:
    # The first 30 of A bought and nobody else: in this order A was far ahead, so it stays proven; in most others too
    add_customers(shop, 240)
    campaign = add_campaign(shop, [120, 120])
    path = tmp_path / "bought.csv"
    path.write_text("customer\n" + "\n".join(f"C{i}" for i in range(1, 60, 2)))
    record_people(shop, campaign, path)
    verdict = campaign_results(shop, campaign).verdict
    assert (verdict.state, verdict.best) == ("enough", 0)


def test_customers_who_objected_cannot_be_reached(shop: Shop) -> None:
    add_customers(shop, 90)
    campaign = add_campaign(shop, [10, 10])
    with shop.open() as db:
        db.conn.execute(
            "INSERT INTO consents (customer_id, channel, state, how, at) "
            "SELECT id, 'any', 'withdrawn', 'file', '2026-01-01' FROM customers WHERE id > 50"
        )
    record_counts(shop, campaign, "A 1/10, B 2/10")
    assert "You can reach 50 people." in str(campaign_results(shop, campaign).verdict.sentence)


def test_only_an_approved_campaign_has_results(shop: Shop) -> None:
    add_customers(shop, 9)
    draft = add_campaign(shop, [4, 5], status="draft")
    with pytest.raises(NotAllowed, match="still a draft"):
        campaign_results(shop, draft)
    with pytest.raises(NotFound, match="no campaign 99"):
        campaign_results(shop, 99)


def test_the_latest_campaign_is_the_last_approved(shop: Shop) -> None:
    assert latest_campaign_id(shop) is None
    add_customers(shop, 9)
    approved = add_campaign(shop, [4, 5])
    add_campaign(shop, [4, 5], status="draft")
    assert latest_campaign_id(shop) == approved


def test_counts_that_were_changed_ask_for_more(shop: Shop) -> None:
    add_customers(shop, 81)
    campaign = add_campaign(shop, [40, 41])
    record_counts(shop, campaign, "A 1/20, B 3/20")
    record_counts(shop, campaign, "A 3/40, B 5/41")
    before = campaign_results(shop, campaign)
    assert not before.changed
    record_counts(shop, campaign, "A 9/40")
    record_counts(shop, campaign, "A 3/40")
    after = campaign_results(shop, campaign)
    assert after.changed
    assert [one.conversions for one in after.variants] == [one.conversions for one in before.variants]
    assert width(after) > width(before)


def width(results: Results) -> float:
    interval = results.variants[0].interval
    assert interval is not None
    return interval.high - interval.low
