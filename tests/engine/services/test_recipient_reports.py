"""Reports of e-mail tools that say of each recipient what they did.

No public sample was found; the words are those of Mailchimp help, "About email campaign reports" (Opened, Clicked,
Bounced, Unsubscribed; https://mailchimp.com/help/about-email-campaign-reports/), and of Klaviyo's metrics (Opened
Email, Clicked Email, Bounced Email, Unsubscribed, Placed Order; https://help.funnel.io/en/articles/2841011).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileRefused
from engine.services.outcomes import OutcomeReceipt, record_people
from engine.services.recipient_reports import campaign_of_report
from engine.shop import Shop
from engine.store import customers, deliveries
from tests.engine.services.sent import add_campaign, add_customers

MAILCHIMP = """Email Address,First Name,Opens,Clicks,Bounced,Unsubscribed
c1@example.com,No 1,3,1,,
C2@example.com,No 2,1,0,,
c3@example.com,No 3,0,0,hard,
c4@example.com,No 4,2,2,,2026-11-24 10:00
c4@example.com,No 4,0,0,,
stranger@example.com,Who,1,1,,
"""
KLAVIYO = """Email,Opened Email,Clicked Email,Bounced Email,Unsubscribed,Placed Order
c1@example.com,1,1,0,0,0
c2@example.com,1,0,0,0,1
c3@example.com,0,0,1,0,0
"""


@pytest.fixture
def campaign(shop: Shop) -> int:
    """A to customers 1, 3, 5, …, B to 2, 4, …"""
    add_customers(shop, 20)
    return add_campaign(shop, [5, 5])


def report(folder: Path, text: str) -> Path:
    path = folder / "report.csv"
    path.write_text(text)
    return path


def told(receipt: OutcomeReceipt) -> dict[str, tuple[int, int]]:
    return {count.label: (count.conversions, count.reported) for count in receipt.counts}


def test_clicks_count_and_opens_do_not(shop: Shop, campaign: int, tmp_path: Path) -> None:
    receipt = record_people(shop, campaign, report(tmp_path, MAILCHIMP))
    assert told(receipt) == {"A": (1, 1), "B": (1, 2)}
    assert [str(note) for note in receipt.notes] == [
        "Taken from the report, which has no orders: who clicked counts as bought, of those it reached.",
        "Who opened it is not counted: Apple Mail and others open messages by themselves.",
        "1 mail did not arrive; it counts as not sent.",
        "1 person unsubscribed and gets no more e-mails from now on.",
        "1 address in it was not sent this campaign and was left out.",
        "Of these messages nothing was told yet: A 3, B 3. They wait until you do.",
    ]


def test_what_bounced_was_not_sent_and_who_unsubscribed_is_left_alone(
    shop: Shop, campaign: int, tmp_path: Path
) -> None:
    record_people(shop, campaign, report(tmp_path, MAILCHIMP))
    with shop.open() as db:
        states = {customer: one.state for customer, one in deliveries.states(db, campaign).items()}
        assert states == {1: "handed over", 2: "handed over", 3: "refused", 4: "handed over"}
        assert customers.consent(db, "email")[4] == "withdrawn"
        assert 1 not in customers.consent(db, "email")


def test_orders_go_before_clicks(shop: Shop, campaign: int, tmp_path: Path) -> None:
    assert told(record_people(shop, campaign, report(tmp_path, KLAVIYO))) == {"A": (0, 1), "B": (1, 1)}


def test_the_same_report_again_changes_nothing(shop: Shop, campaign: int, tmp_path: Path) -> None:
    record_people(shop, campaign, report(tmp_path, MAILCHIMP))
    again = record_people(shop, campaign, report(tmp_path, MAILCHIMP))
    assert not again.changed
    with shop.open() as db:
        assert db.conn.execute("SELECT count(*) FROM consents").fetchone() == (1,)


def test_a_report_of_opens_alone_is_no_outcome(shop: Shop, campaign: int, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="only says who opened, and that tells nothing"):
        record_people(shop, campaign, report(tmp_path, "Email,Opened\nc1@example.com,1\n"))


def test_the_campaign_of_a_report_is_found(shop: Shop, campaign: int, tmp_path: Path) -> None:
    add_campaign(shop, [2, 2])
    assert campaign_of_report(shop, report(tmp_path, MAILCHIMP)) == campaign + 1  # as many addresses, and newer
    six = MAILCHIMP + "c9@example.com,No 9,1,0,,\n"
    assert campaign_of_report(shop, report(tmp_path, six)) == campaign
    tagged = six.replace("First Name", "Tags").replace("No 9", f"zhike-{campaign + 1}-A")
    assert campaign_of_report(shop, report(tmp_path, tagged)) == campaign + 1
    assert campaign_of_report(shop, report(tmp_path, "Email,Opens\nnobody@example.com,1\n")) is None
    assert campaign_of_report(shop, report(tmp_path, "customer,bought\nC1,yes\n")) is None
