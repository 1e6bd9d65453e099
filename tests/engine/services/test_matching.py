"""What came of a campaign is found in the next export of orders, without any tracking."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine import store
from engine.errors import NotAllowed
from engine.intake.receipt import CampaignNews, Receipt
from engine.phrases import Phrase
from engine.services.imports import import_file
from engine.services.matching import all_orders_known, set_window, use_outcomes
from engine.services.outcomes import record_counts, record_people
from engine.services.results import campaign_results
from engine.shop import Shop
from engine.store import deliveries
from tests.clock import At
from tests.engine.services.sent import add_campaign

NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
LOCAL = NOON.astimezone().replace(tzinfo=None)


Order = tuple[str, str, float, float]  # number, customer, days after the messages, money


def orders_file(folder: Path, orders: Iterable[Order], name: str, status: Sequence[str] = ()) -> Path:
    rows = ["order_id,customer_id,date,product,quantity,price,status"]
    states = [*status, *["paid"] * 1000]
    for (number, customer, day, money), state in zip(orders, states, strict=False):
        at = LOCAL + timedelta(days=day)
        rows.append(f"{number},{customer},{at:%Y-%m-%d %H:%M:%S},tea,1,{money},{state}")
    path = folder / name
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def sold(tmp_path: Path) -> Shop:
    """80 customers C1, C2, … with an order each in the month before the messages."""
    shop = Shop(tmp_path / "zhike.db", clock=At(NOON))
    orders = [(f"P{i}", f"C{i}", -30 + 29 * i / 80, 10) for i in range(1, 81)]
    import_file(shop, orders_file(tmp_path, orders, "past.csv"))
    return shop


def sent(shop: Shop, sizes: Sequence[int] = (20, 20), held: int = 20, way: str = "list:plain") -> int:
    """A campaign that went out at noon: A to customers 1, 3, 5, …, B to 2, 4, 6, …; the next ones are held out."""
    campaign = add_campaign(shop, sizes, held=held)
    with shop.open() as db, store.transaction(db):
        everybody = range(1, sum(sizes) + 1)
        if way.startswith("list:"):
            deliveries.hand_over_list(db, campaign, everybody, "plain", shop.now())
        else:
            deliveries.plan(db, campaign, way, shop.now())
            for customer in everybody:
                deliveries.put(db, campaign, customer, deliveries.DELIVERED, shop.now())
    return campaign


def later(shop: Shop, days: float) -> Shop:
    return replace(shop, clock=At(NOON + timedelta(days=days)))


def imported(
    shop: Shop, orders: Iterable[Order], days: float = 60, name: str = "next.csv", status: Sequence[str] = ()
) -> Receipt:
    return import_file(later(shop, days), orders_file(shop.path.parent, orders, name, status))


def said(receipt: Receipt) -> list[str]:
    return [str(what) for news in receipt.campaigns for what in news.what]


def held_now(shop: Shop, campaign: int, days: float = 60) -> dict[str, tuple[int, int]]:
    results = campaign_results(later(shop, days), campaign)
    return {variant.label: (variant.conversions, variant.reported) for variant in results.variants}


# customer 1 is of A, 2 and 4 of B, 41 is held out; 45 days after is beyond the 30 days of winning back
NEXT: list[Order] = [("N1", "C1", 3, 20), ("N2", "C2", 5, 30), ("N3", "C4", 29.9, 40), ("N4", "C41", 10, 50)]
LAST: Order = ("N9", "C80", 45, 5)


def test_orders_tell_what_came_of_a_campaign(sold: Shop) -> None:
    campaign = sent(sold)
    receipt = imported(sold, [*NEXT, LAST])
    assert said(receipt) == [
        f"Campaign {campaign}, by your orders: A 1 of 20, B 2 of 20 bought within 30 days of the message, and 1 of the "
        "20 who got none.",
        "Whether the messages brought money cannot be told: over 30 days it is anything from -241 to 221 (40 people "
        "who got one against 20 who got none).",
    ]
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}
    found = campaign_results(later(sold, 60), campaign).orders
    assert found is not None and found.used and found.against is None
    assert str(found.revenue) == (
        "Their orders in these 30 days: A 20.00 (1.00 a person), B 70.00 (3.50 a person); of those who got none "
        "50.00 (2.50 a person)"
    )


def test_money_against_the_holdout_is_that_of_the_windows(sold: Shop) -> None:
    """40 people who got a message spent 20 + 30 + 40, so 2.25 each; 20 who got none 50, so 2.50 each."""
    campaign = sent(sold)
    imported(sold, [*NEXT, LAST])
    money = campaign_results(later(sold, 60), campaign).money
    assert money is not None
    assert (money.sent, money.held, money.days) == (40, 20, 30)
    assert not money.adjusted
    assert money.each == pytest.approx(2.25 - 2.5)
    assert money.total_interval.low < 40 * (2.25 - 2.5) < money.total_interval.high


def test_an_order_before_the_message_or_after_the_window_is_none_of_it(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [("N1", "C1", -0.01, 20), ("N2", "C2", 30.01, 30), LAST])
    assert held_now(sold, campaign) == {"A": (0, 20), "B": (0, 20)}


def test_two_orders_of_one_customer_are_one_who_bought(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [("N1", "C1", 1, 20), ("N2", "C1", 2, 20), LAST])
    assert held_now(sold, campaign)["A"] == (1, 20)


def test_days_without_a_time_begin_with_the_day_of_the_message(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "zhike.db", clock=At(NOON))
    past = "".join(f"P{i},C{i},{LOCAL - timedelta(days=5):%Y-%m-%d},tea,1,10\n" for i in range(1, 81))
    header = "order_id,customer_id,date,product,quantity,price\n"
    (tmp_path / "past.csv").write_text(header + past)
    import_file(shop, tmp_path / "past.csv")
    campaign = sent(shop)
    rows = ((1, 0), (2, 30), (4, 31), (80, 45))
    text = "".join(f"N{i},C{i},{LOCAL + timedelta(days=day):%Y-%m-%d},tea,1,10\n" for i, day in rows)
    (tmp_path / "next.csv").write_text(header + text)
    import_file(later(shop, 60), tmp_path / "next.csv")
    assert held_now(shop, campaign) == {"A": (1, 20), "B": (1, 20)}


def test_messages_that_did_not_go_out_do_not_count(sold: Shop) -> None:
    campaign = sent(sold, way="smtp")
    with sold.open() as db, store.transaction(db):
        for customer, state in ((1, deliveries.REFUSED), (3, deliveries.WITHHELD), (5, deliveries.PLANNED)):
            deliveries.put(db, campaign, customer, state, sold.now())
        deliveries.put(db, campaign, 7, deliveries.UNKNOWN, sold.now())
    imported(sold, [*NEXT, LAST])
    assert held_now(sold, campaign) == {"A": (0, 17), "B": (2, 20)}


def test_each_message_has_its_own_window(sold: Shop) -> None:
    """B's customer 2 got theirs 20 days after all others: the order of day 5 is before it, that of day 45 in it."""
    campaign = sent(sold, way="smtp")
    with sold.open() as db, store.transaction(db):
        deliveries.put(db, campaign, 2, deliveries.DELIVERED, sold.now() + timedelta(days=20))
    imported(sold, [("N2", "C2", 5, 30), ("N5", "C2", 45, 1), ("N6", "C80", 51, 5)])
    assert held_now(sold, campaign)["B"] == (1, 20)


def test_until_the_window_is_over_nobody_has_answered(sold: Shop) -> None:
    campaign = sent(sold)
    receipt = imported(sold, NEXT[:2], days=10)
    (late,) = said(receipt)
    until = LOCAL + timedelta(days=30)
    assert late == (
        f"40 messages of campaign {campaign} are not answered yet: their days run until {until:%Y-%m-%d}; 2 bought so "
        "far."
    )
    assert held_now(sold, campaign, 10) == {"A": (0, 0), "B": (0, 0)}
    assert said(imported(sold, [*NEXT, LAST], name="all.csv"))[0].startswith(
        f"Campaign {campaign}, by your orders: A 1"
    )


def test_a_file_that_ends_too_early_is_told(sold: Shop) -> None:
    campaign = sent(sold)
    receipt = imported(sold, [*NEXT[:2], ("N9", "C80", 27.5, 1)])
    (missing,) = said(receipt)
    last, until = LOCAL + timedelta(days=27.5), LOCAL + timedelta(days=30)
    assert missing == (
        f"Your orders end on {last:%Y-%m-%d}, and 3 days until {until:%Y-%m-%d} are missing: 40 messages of campaign "
        f"{campaign} are not answered yet; 2 bought so far."
    )


def test_who_knows_that_no_order_is_missing_says_so(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, NEXT[:2])
    news = all_orders_known(later(sold, 60), campaign)
    assert str(news.what[0]) == "No order until now is missing."
    assert str(news.what[1]).startswith(f"Campaign {campaign}, by your orders: A 1 of 20, B 1 of 20 bought")
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (1, 20)}


def test_days_from_which_there_is_no_file_are_told(sold: Shop) -> None:
    sent(sold)
    receipt = imported(sold, [(f"N{day}", f"C{day}", day, 20) for day in range(12, 46)])
    gap = said(receipt)[1]
    first, last = LOCAL, LOCAL + timedelta(days=11)
    assert gap == (
        f"From {first:%Y-%m-%d} to {last:%Y-%m-%d} there is no file of orders; who bought then is not counted."
    )


def test_the_same_orders_again_change_nothing_and_say_nothing(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [*NEXT, LAST])
    with sold.open() as db:
        before = db.conn.execute("SELECT * FROM tallies").fetchall()
    assert imported(sold, [*NEXT, LAST]).already
    assert said(imported(sold, [LAST, *NEXT], name="turned.csv")) == []
    with sold.open() as db:
        assert db.conn.execute("SELECT * FROM tallies").fetchall() == before
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}


def test_an_order_that_is_cancelled_later_is_taken_back_and_told(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [*NEXT, LAST])
    corrected = imported(sold, [*NEXT, LAST], name="corrected.csv", status=["paid", "cancelled"])
    assert said(corrected)[2:] == ["Orders have changed since: before, it was B 2 of 20."]
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (1, 20)}
    (_, b) = campaign_results(later(sold, 60), campaign).variants
    assert b.before == (2, 20)


def test_a_campaign_of_which_nothing_went_out_is_not_matched(sold: Shop) -> None:
    add_campaign(sold, [20, 20])
    assert said(imported(sold, [*NEXT, LAST])) == []


def test_an_answered_campaign_counts_as_sent_when_it_was_approved(sold: Shop) -> None:
    campaign = add_campaign(sold, [20, 20])
    record_counts(sold, campaign, "A 5/20, B 1/20")
    imported(sold, [*NEXT, LAST])
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}


def test_orders_beat_counts_and_both_are_told(sold: Shop) -> None:
    campaign = sent(sold)
    record_counts(sold, campaign, "A 5/20, B 1/20")
    receipt = imported(sold, [*NEXT, LAST])
    against = (
        "You told A 5/20, B 1/20, but your orders say A 1/20, B 2/20. I go by the orders, as they tell it person by "
        "person."
    )
    assert said(receipt)[2:] == [against]
    again = record_counts(sold, campaign, "A 6/20")
    assert again.changed
    assert [str(note) for note in again.notes] == [against.replace("A 5/20", "A 6/20")]
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (2, 20)}


def test_the_owner_chooses_which_holds(sold: Shop) -> None:
    campaign = sent(sold)
    record_counts(sold, campaign, "A 5/20, B 1/20")
    imported(sold, [*NEXT, LAST])
    news = use_outcomes(sold, campaign, "told")
    assert str(news.what[-1]).endswith("I go by what you told, as you chose.")
    assert held_now(sold, campaign) == {"A": (5, 20), "B": (1, 20)}
    imported(sold, [("N7", "C3", 3, 20), LAST], name="more.csv")
    assert held_now(sold, campaign) == {"A": (5, 20), "B": (1, 20)}
    use_outcomes(sold, campaign, "orders")
    assert held_now(sold, campaign) == {"A": (2, 20), "B": (2, 20)}


def test_a_list_of_people_that_was_told_stays(sold: Shop, tmp_path: Path) -> None:
    campaign = sent(sold)
    (tmp_path / "buyers.csv").write_text("customer,bought\nC1,no\nC2,yes\nC3,yes\n")
    record_people(sold, campaign, tmp_path / "buyers.csv")
    receipt = imported(sold, [*NEXT, LAST])
    assert said(receipt)[-1].endswith("I go by your list, as it tells it person by person.")
    assert held_now(sold, campaign) == {"A": (1, 2), "B": (1, 1)}


def test_what_was_never_told_cannot_be_chosen(sold: Shop) -> None:
    campaign = sent(sold)
    with pytest.raises(NotAllowed, match="You have told nothing"):
        use_outcomes(sold, campaign, "told")
    with pytest.raises(NotAllowed, match="Your orders say nothing"):
        use_outcomes(sold, campaign, "orders")


def test_the_window_can_be_set(sold: Shop) -> None:
    campaign = sent(sold)
    imported(sold, [*NEXT, LAST])
    set_window(later(sold, 60), campaign, 7)
    assert held_now(sold, campaign) == {"A": (1, 20), "B": (1, 20)}
    news: CampaignNews = set_window(later(sold, 60), campaign, 60)
    assert str(news.what[0]) == "From now on an order counts within 60 days of the message."
    assert "not answered yet" in str(news.what[1])
    assert held_now(sold, campaign) == {"A": (0, 0), "B": (0, 0)}
    with pytest.raises(NotAllowed, match="1 to 365 days"):
        set_window(sold, campaign, 400)


def test_a_receipt_keeps_what_it_said(sold: Shop) -> None:
    sent(sold)
    first = imported(sold, [*NEXT, LAST])
    assert imported(sold, [*NEXT, LAST]).campaigns == first.campaigns
    assert isinstance(first.campaigns[0].what[0], Phrase)


def test_orders_of_other_times_leave_an_old_campaign_alone(sold: Shop) -> None:
    """One is cancelled that was never within its days, another is told to be of a day without them."""
    campaign = sent(sold)
    imported(sold, [*NEXT, ("N8", "C5", 70, 1)], days=80)
    with sold.open() as db:
        (known,) = db.conn.execute("SELECT count(*) FROM matchings").fetchone()
    assert said(imported(sold, [("N8", "C5", 70, 1)], 80, "gone.csv", ["cancelled"])) == []
    moved = said(imported(sold, [("N1", "C1", 71, 20)], 80, "moved.csv"))
    assert moved[-1] == "Orders have changed since: before, it was A 1 of 20."
    assert held_now(sold, campaign, 80)["A"] == (0, 20)
    with sold.open() as db:
        assert db.conn.execute("SELECT count(*) FROM matchings").fetchone() == (known + 1,)
