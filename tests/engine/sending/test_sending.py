"""Sending by mail, against a server that really listens: each message once, and always known what became of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import time
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage, Message
from pathlib import Path

import pytest

from engine import ENGLISH, Mail
from engine.campaigns.exports import Row
from engine.campaigns.mail import email
from engine.errors import NotAllowed
from engine.services.approvals import campaign_steps
from engine.services.by_hand import done_by_hand, next_by_hand
from engine.services.campaign_lists import take_back_list, write_campaign_list
from engine.services.campaign_states import campaign_states
from engine.services.campaigns import approve_campaign, show_campaign, undo_approval
from engine.services.contact_rules import set_contact_rule
from engine.services.outcomes import record_counts
from engine.services.unsubscribing import unsubscribe
from engine.shop import Shop
from tests.clock import NOON, At
from tests.engine.sending.made import addresses, approved, later, send
from tests.engine.sending.post_office import post_office
from tests.engine.services.test_campaigns import withdraw

CONTEXT = multiprocessing.get_context("forkserver")


@pytest.fixture
def tea(tmp_path: Path) -> Shop:
    return approved(tmp_path / "shop.db")


def words(message: Message) -> str:
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_mail_says_what_its_text_does_not() -> None:
    mail = Mail("mail.example", "茶 <tea@shop.example>", postal="1 Tea Lane")
    row = Row(
        1, "K1", "Ann\r\nBcc: x@y.example", None, None, "A", "Dear Ann, good news.\nMore.", None, "<p>Hi</p></body>"
    )
    made = email(row, mail, to="ann@x.example", token="t0k", now=NOON, language=ENGLISH)
    assert words(made).splitlines()[-2:] == [
        "1 Tea Lane",
        "If you want no more of these mails, reply with “unsubscribe”.",
    ]
    html = made.get_body(("html",))
    assert html is not None
    assert "<p>1 Tea Lane<br>If you want" in html.get_content()
    # a name cannot bring headers with it
    assert made["Bcc"] is None
    assert made["Subject"] == "Dear Ann, good news."
    assert made.as_bytes().count(b"\nTo:") == 1


def test_everybody_gets_one_mail_and_none_twice(tea: Shop) -> None:
    with post_office() as (box, mail):
        report = send(tea, mail)
        assert (report.delivered, report.left, dict(report.went)) == (12, 0, {"delivered": 12})
        assert sorted(box.addresses) == addresses(12)
        with pytest.raises(NotAllowed, match="has been sent"):
            send(tea, mail)
        assert len(box.received) == 12
    assert [step.deed for step in campaign_steps(tea, 1)] == ["drafted", "approved", "sending begun", "sending ended"]


def test_a_mail_says_how_to_unsubscribe(tea: Shop) -> None:
    with post_office(reply_to="me@shop.example", unsubscribe_to="stop@shop.example") as (box, mail):
        send(tea, mail, most=1)
        page = "https://shop.example/u/{token}"
        send(tea, Mail(**(vars(mail) | {"unsubscribe_url": page, "postal": "1 Tea Lane"})), most=1)
    (_, first), (_, second) = box.received
    token = str(first["Message-ID"]).strip("<>").split("@")[0]
    assert str(first["List-Unsubscribe"]) == f"<mailto:stop@shop.example?subject=unsubscribe%20{token}>"
    assert first["List-Unsubscribe-Post"] is None
    assert (first["Reply-To"], first["From"]) == ("me@shop.example", "Tea House <tea@shop.example>")
    assert 0 < len(str(first["Subject"])) <= 78
    assert "Reply STOP" in words(first)
    assert "unsubscribe" not in words(first)  # what the message says by itself is not said again
    # RFC 8058: https first and a POST with this very body
    assert str(second["List-Unsubscribe"]).startswith("<https://shop.example/u/")
    assert second["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "1 Tea Lane" in words(second)
    said = unsubscribe(tea, f"unsubscribe {token}")
    assert said.customer.email == box.received[0][0]
    assert said.changed
    assert not unsubscribe(tea, token).changed


def test_the_password_is_not_stored(tea: Shop) -> None:
    with post_office(password="s3cret-word") as (_, mail):
        send(tea, mail)
    assert b"s3cret-word" not in b"".join(path.read_bytes() for path in tea.path.parent.glob("shop.db*"))


def test_who_unsubscribes_meanwhile_gets_nothing(tea: Shop) -> None:
    with post_office() as (box, mail):
        send(tea, mail, most=4)
        left = sorted(set(addresses(12)) - set(box.addresses))
        unsubscribe(tea, left[0])
        report = send(tea, mail)
        assert report.withheld == {"unsubscribed": 1}
        assert sorted(box.addresses) == sorted(set(addresses(12)) - {left[0]})


def test_two_of_one_address_get_one_mail(tea: Shop) -> None:
    with tea.open() as db:
        db.conn.execute("UPDATE customers SET email = 'K1@example.com' WHERE id = 2")
    with post_office() as (box, mail):
        report = send(tea, mail)
    assert len(report.withheld) == 1
    assert len({address.casefold() for address in box.addresses}) == len(box.addresses) == 11


def test_nothing_goes_out_while_the_approval_can_be_taken_back(tmp_path: Path) -> None:
    shop = later(approved(tmp_path / "shop.db"), minutes=9)
    with post_office() as (box, mail):
        with pytest.raises(NotAllowed, match="Nothing goes out before"):
            send(shop, mail)
        with pytest.raises(NotAllowed, match="Nothing goes out before"):
            next_by_hand(shop, 1)
        assert undo_approval(shop, 1, who="owner").status == "draft"
        with pytest.raises(NotAllowed, match="is not approved"):
            send(shop, mail)
        approve_campaign(shop, 1, who="owner")
        assert send(later(shop, minutes=20), mail).delivered == 12
        with pytest.raises(NotAllowed, match="cannot be called back"):
            undo_approval(shop, 1, who="owner")
    assert len(box.received) == 12


def test_an_approval_expires(tea: Shop) -> None:
    with post_office() as (box, mail):
        with pytest.raises(NotAllowed, match=r"good for 7 days, until 2026-11-30"):
            send(later(tea, days=8), mail)
        with pytest.raises(NotAllowed, match="good for 7 days"):
            write_campaign_list(later(tea, days=8), 1)
        set_contact_rule(tea, "approval 9")
        assert send(later(tea, days=8), mail).delivered == 12
    assert len(box.received) == 12


def test_a_list_and_a_mail_are_not_both_sent(tea: Shop) -> None:
    write_campaign_list(tea, 1, layout="mailchimp")
    with post_office() as (box, mail):
        with pytest.raises(NotAllowed, match="would get the message twice"):
            send(tea, mail)
        with pytest.raises(NotAllowed, match="would get the message twice"):
            next_by_hand(tea, 1)
        assert take_back_list(tea, 1).n == 12
        send(tea, mail, most=5)
        rest = write_campaign_list(tea, 1)
        assert (rest.n, rest.left_out) == (7, {"sent already": 5})
    assert len(box.received) == 5


def test_one_text_after_the_other(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 3, channel="text")
    first = next_by_hand(shop, 1).message
    assert first is not None
    assert next_by_hand(shop, 1).message == first  # not said to be sent yet
    assert n_sent(shop) == 0
    second = done_by_hand(shop, 1, first.position, sent=True).message
    assert second is not None
    assert done_by_hand(shop, 1, first.position, sent=True).message == second
    assert n_sent(shop) == 1
    withdraw(shop, 1, 2, 3)
    done = done_by_hand(shop, 1, second.position, sent=False)
    assert (done.message, done.delivered, done.skipped) == (None, 1, 2)


def n_sent(shop: Shop) -> int:
    (state,) = campaign_states(shop).campaigns
    return state.sent


def test_those_who_are_in_no_list_can_all_be_skipped(tmp_path: Path) -> None:
    """One by one for those without an address: at the end it says so, and not that the list was written."""
    shop = approved(tmp_path / "shop.db", channel="text")
    with shop.open() as db, db.conn:
        db.conn.execute("UPDATE customers SET email = NULL WHERE id <= 2")
    assert write_campaign_list(shop, 1, layout="mailchimp").n == 10
    for left in (2, 1):
        handed = next_by_hand(shop, 1)
        assert handed.message is not None and handed.message.left == left
        handed = done_by_hand(shop, 1, handed.message.position, sent=False)
    assert (handed.message, handed.delivered, handed.skipped) == (None, 0, 2)


def test_what_was_told_of_was_sent_and_is_not_taken_back(tmp_path: Path) -> None:
    shop = replace(approved(tmp_path / "shop.db", 6, channel="text"), clock=At())
    write_campaign_list(shop, 1)
    record_counts(shop, 1, "A 1/2")
    with pytest.raises(NotAllowed, match="You have told what came of campaign 1, so it was sent"):
        undo_approval(shop, 1, who="owner")
    assert show_campaign(shop, 1).status == "approved"


def test_quiet_hours_are_kept(tea: Shop) -> None:
    set_contact_rule(tea, "email quiet 12-15")
    set_contact_rule(tea, "home GB")  # whose clocks are at UTC, or in summer an hour ahead
    with post_office() as (box, mail):
        report = send(tea, mail)
        assert (report.delivered, report.quiet, report.left) == (0, 12, 12)
        assert report.quiet_until == NOON + timedelta(hours=3)
        assert send(later(tea, hours=3), mail).delivered == 12
    assert len(box.received) == 12


def _sending(shop: Shop, mail: Mail) -> None:
    send(shop, mail)


def test_kill_9_in_mid_send(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", 30)
    with post_office() as (box, mail):
        box.pause = 0.02
        for kill_after in (4, 15):
            process = CONTEXT.Process(target=_sending, args=(shop, mail))
            process.start()
            deadline = time.monotonic() + 60
            while len(box.received) < kill_after and time.monotonic() < deadline:
                time.sleep(0.003)
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
        time.sleep(0.2)  # the server finishes what it holds
        report = send(shop, mail)
        went = dict(report.went)
        assert went["delivered"] + went.get("unknown", 0) == 30
        assert went.get("unknown", 0) <= 3  # at most the one under way, at each kill
        assert max(map(box.addresses.count, box.addresses)) == 1
        with shop.open() as db:
            noted = {
                address
                for (address,) in db.conn.execute(
                    "SELECT address FROM deliveries WHERE state IN ('delivered', 'unknown')"
                )
            }
    assert set(box.addresses) <= noted  # nothing arrived that is not known


def test_only_one_process_sends(tea: Shop) -> None:
    other = sqlite3.connect(tea.path.with_name("shop.db-sending"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with post_office() as (box, mail), pytest.raises(NotAllowed, match="is being sent already"):
        send(tea, mail)
    other.close()
    assert box.received == []


def test_mails_keep_to_the_rate(tea: Shop) -> None:
    from engine.services.sending import send_campaign
    from tests.engine.sending.made import english

    pauses: list[float] = []
    with post_office(per_minute=30) as (_, mail):
        send_campaign(tea, 1, mail, languages=english, most=4, sleep=pauses.append)
    # one every 2 seconds; here nobody waits, so each pause is longer by those before it
    assert [round(pause / 2) for pause in pauses] == [1, 2, 3]
