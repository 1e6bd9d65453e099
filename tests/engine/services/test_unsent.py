"""Whoever got nothing counts as sent to nowhere; against the holdout they are compared all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import store
from engine.errors import NotAllowed
from engine.experiments.mismatch import lost_unevenly
from engine.phrases import Phrase
from engine.services.campaign_states import campaign_states
from engine.services.outcomes import record_counts, record_people
from engine.services.results import Results, campaign_results
from engine.shop import Shop
from engine.store import deliveries
from tests.engine.services.sent import add_campaign, add_customers
from tests.engine.services.test_matching import held_now, imported, later, sold

__all__ = ["sold"]


def went(shop: Shop, campaign: int, n: int, **states: list[int]) -> None:
    """Mails to customers 1 to n went out, but for those in other states."""
    with shop.open() as db, store.transaction(db):
        deliveries.plan(db, campaign, deliveries.SMTP, shop.now())
        for customer in range(1, n + 1):
            state = next((state for state, some in states.items() if customer in some), deliveries.DELIVERED)
            deliveries.put(db, campaign, customer, state, shop.now(), reason=Phrase("no such mailbox"))


def figures(results: Results) -> dict[str, tuple[int, int, int, int]]:
    return {one.label: (one.conversions, one.reported, one.sends, one.unsent) for one in results.variants}


@pytest.fixture
def campaign(shop: Shop) -> int:
    """A to customers 1, 3, …, 39, B to 2, 4, …, 40; of A two mails were refused, of B one was withheld."""
    add_customers(shop, 60)
    id_ = add_campaign(shop, [20, 20], held=10)
    went(shop, id_, 40, refused=[1, 3], withheld=[2])
    return id_


def test_counts_are_of_what_went_out(shop: Shop, campaign: int) -> None:
    assert figures(campaign_results(shop, campaign)) == {"A": (0, 0, 18, 2), "B": (0, 0, 19, 1)}
    # counted off the list, and repeated
    assert record_counts(shop, campaign, "A 3/20, B 5/20").changed
    assert figures(campaign_results(shop, campaign)) == {"A": (3, 18, 18, 2), "B": (5, 19, 19, 1)}
    assert not record_counts(shop, campaign, "A 3/20, B 5/20").changed
    assert not record_counts(shop, campaign, "A 3/18, B 5/19").changed
    with pytest.raises(NotAllowed, match="only 18 people got A, as 2 of its messages did not go out or came back"):
        record_counts(shop, campaign, "A 19/20")
    with pytest.raises(NotAllowed, match="only 20 messages of A were in campaign"):
        record_counts(shop, campaign, "A 3/21")
    state = campaign_states(shop).campaigns[0]
    assert (state.sent, state.answered, state.unsent) == (37, 37, 3)


def test_a_list_of_buyers_tells_nothing_of_who_got_nothing(shop: Shop, campaign: int, tmp_path: Path) -> None:
    buyers = tmp_path / "buyers.csv"
    buyers.write_text("customer\nC1\nC5\nC6\n")
    receipt = record_people(shop, campaign, buyers)
    assert [(row.text, str(row.reason)) for row in receipt.not_recorded] == [("C1", "was not sent this campaign")]
    assert figures(campaign_results(shop, campaign)) == {"A": (1, 18, 18, 2), "B": (1, 19, 19, 1)}


def test_what_comes_back_after_its_outcome_was_told_goes_whatever_it_was(
    shop: Shop, campaign: int, tmp_path: Path
) -> None:
    buyers = tmp_path / "buyers.csv"
    buyers.write_text("customer\nC5\nC6\n")
    record_people(shop, campaign, buyers)
    with shop.open() as db, store.transaction(db):
        deliveries.bounce(db, campaign, [5, 7], Phrase("bounced"), shop.now())
    buyers.write_text("customer\nC5\nC6\nC8\n")
    record_people(shop, campaign, buyers)
    assert figures(campaign_results(shop, campaign)) == {"A": (0, 16, 16, 4), "B": (2, 19, 19, 1)}


def test_orders_are_looked_up_of_who_got_it_and_money_is_of_all_who_were_drawn(sold: Shop) -> None:
    id_ = add_campaign(sold, [20, 20], held=20)
    went(sold, id_, 40, refused=[1, 3], withheld=[2])
    # customer 1 got nothing and bought for 20; 4 got it and bought for 40; 41 is held out and bought for 50
    imported(sold, [("N1", "C1", 3, 20), ("N3", "C4", 29, 40), ("N4", "C41", 10, 50), ("N9", "C80", 45, 5)])
    assert held_now(sold, id_) == {"A": (0, 18), "B": (1, 19)}
    money = campaign_results(later(sold, 60), id_).money
    assert money is not None
    assert (money.sent, money.unsent, money.held) == (37, 3, 20)
    # by hand: 60 among the 40 who were drawn to get it, 50 among 20; 40 × (1.5 - 2.5) = -40, which 37 brought
    assert money.total == pytest.approx(-40)
    assert money.each == pytest.approx(-40 / 37)
    assert str(money.sentence).endswith(
        "3 who were to get one and did not are compared as well, or it would be unfair to those held out."
    )


def test_a_version_that_comes_back_more_often_is_told_first(shop: Shop) -> None:
    add_customers(shop, 60)
    id_ = add_campaign(shop, [20, 20])
    went(shop, id_, 40, refused=list(range(1, 20, 2)))
    # all ten of 20 of A: P = 0.0004 (Fisher's exact test, by R: fisher.test(matrix(c(10, 0, 10, 20), 2)))
    assert str(campaign_results(shop, id_).caution).startswith(
        "Careful: of A 10 of 20, B 0 of 20 messages nobody got, and by chance it is that uneven less than 1 time in "
        "2,000."
    )
    assert lost_unevenly([3, 2], [17, 18], "AB") is None
    assert lost_unevenly([4, 0], [0, 4], "AB") is None  # too few to tell
    assert str(lost_unevenly([9, 0, 0], [11, 20, 20], "ABC")).startswith("Careful: of A 9 of 20, B 0 of 20, C 0 of 20")
