"""Orders are looked up anew when a list is void or two turn out to be one person; what counts twice is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from engine import store
from engine.errors import NotAllowed
from engine.services import verdict_news as told_by_itself
from engine.services.campaign_lists import TakenBack, take_back_list
from engine.services.identity import count_as_one, count_as_two, same_people
from engine.services.outcomes import record_counts
from engine.services.results import Results, campaign_results, results_of
from engine.services.verdict_news import verdict_news
from engine.shop import Shop
from engine.store import deliveries, waves
from engine.store.campaigns import Campaign
from engine.store.waves import Wave
from tests.clock import At
from tests.engine.services.sent import add_campaign, add_customers
from tests.engine.services.test_identity import PEOPLE
from tests.engine.services.test_imports import put
from tests.engine.services.test_matching import LAST, NEXT, NOON, held_now, imported, later, sent, sold

__all__ = ["sold"]


def test_two_who_turn_out_to_be_one_count_at_once(sold: Shop) -> None:
    put(sold, PEOPLE, "C6,,13800138000,Ann,,", "C99,,13800138000,Bob,,")
    campaign = sent(sold)
    imported(sold, [*NEXT, ("N5", "C99", 4, 30), LAST])
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}
    (pair,) = same_people(sold).suspected
    settled = count_as_one(later(sold, 60), pair.id)
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (3, 20)}
    (news,) = settled.campaigns
    assert news.campaign == campaign
    assert "B 3 of 20 bought" in str(news.what[0])
    assert count_as_two(later(sold, 60), pair.id).campaigns
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}
    assert count_as_two(later(sold, 60), pair.id).campaigns == ()


def test_a_campaign_that_has_neither_is_left_alone(sold: Shop) -> None:
    put(sold, PEOPLE, "C70,,13800138000,Ann,,", "C71,,13800138000,Bob,,")
    sent(sold)
    imported(sold, [*NEXT, LAST])
    (pair,) = same_people(sold).suspected
    assert count_as_one(later(sold, 60), pair.id).campaigns == ()


def test_an_order_that_counts_for_two_campaigns_is_told(sold: Shop) -> None:
    first = sent(sold)
    second = add_campaign(later(sold, 10), [20, 20])
    with sold.open() as db, store.transaction(db):
        deliveries.hand_over_list(db, second, range(1, 41), "plain", later(sold, 10).now())
    imported(sold, [*NEXT, ("N6", "C8", 20, 5), LAST], days=90)
    # after day 10 there are those of customer 4, on day 29.9, and 8, on day 20; 41 got neither message
    said = [str(one) for one in campaign_results(later(sold, 90), first).orders.sentences]  # type: ignore[union-attr]
    assert said[-1] == f"2 of these orders count for campaign {second} as well, as its days overlap with these."
    other = campaign_results(later(sold, 90), second).orders
    assert other is not None
    assert str(other.sentences[-1]).startswith(f"2 of these orders count for campaign {first} as well")


def test_campaigns_far_apart_share_nothing(sold: Shop) -> None:
    first = sent(sold)
    second = add_campaign(later(sold, 40), [20, 20])
    with sold.open() as db, store.transaction(db):
        deliveries.hand_over_list(db, second, range(1, 41), "plain", later(sold, 40).now())
    imported(sold, [*NEXT, ("N6", "C8", 45, 5), ("N9", "C80", 75, 5)], days=90)
    found = campaign_results(later(sold, 90), first).orders
    assert found is not None
    assert "as well" not in " ".join(map(str, found.sentences))


def in_waves(shop: Shop, sizes: tuple[int, int]) -> int:
    """A campaign of two waves of so many people, each with its list."""
    campaign = sent(shop, (sum(sizes) // 2, sum(sizes) // 2), held=0)
    with shop.open() as db, store.transaction(db):
        waves.add(db, campaign, Wave(1, sizes[0], 0, 1, NOON, "owner"))
        waves.add(db, campaign, Wave(2, sizes[1], sizes[0], sizes[0] + 1, NOON + timedelta(hours=1), "owner"))
    return campaign


def test_every_list_that_was_not_sent_is_void(sold: Shop) -> None:
    campaign = in_waves(sold, (10, 30))
    assert take_back_list(sold, campaign) == TakenBack(40, 0)
    with pytest.raises(NotAllowed, match="No list of campaign"):
        take_back_list(sold, campaign)


def test_a_wave_that_was_answered_was_sent(sold: Shop) -> None:
    campaign = in_waves(sold, (10, 30))
    record_counts(sold, campaign, "A 1/5, B 0/5")
    assert take_back_list(sold, campaign) == TakenBack(30, 10)
    with pytest.raises(NotAllowed, match="You have told what came of the lists"):
        take_back_list(sold, campaign)


def test_orders_say_nothing_of_a_list_that_was_never_sent(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [*NEXT, LAST])
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}
    assert take_back_list(later(sold, 60), campaign) == TakenBack(40, 0)
    assert held_now(sold, campaign) == {"A": (0, 0), "B": (0, 0)}
    results = campaign_results(later(sold, 60), campaign)
    assert results.verdict.state == "not yet"
    # sent after all: the same file is looked up again
    with sold.open() as db, store.transaction(db):
        deliveries.hand_over_list(db, campaign, range(1, 41), "plain", NOON)
    imported(sold, [*NEXT, LAST, ("N8", "C79", 46, 1)], name="more.csv")
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}


def test_a_changed_verdict_is_worked_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At(NOON))
    add_customers(shop, 400)
    campaign = add_campaign(shop, [200, 200])
    record_counts(shop, campaign, "A 10/200, B 60/200")
    asked: list[int] = []

    def counted(shop: Shop, db: Database, campaign: Campaign) -> Results:
        asked.append(campaign.id)
        return results_of(shop, db, campaign)

    monkeypatch.setattr(told_by_itself, "results_of", counted)
    (news,) = verdict_news(shop)
    assert (news.results.verdict.state, news.before, asked) == ("enough", "not yet", [campaign])
