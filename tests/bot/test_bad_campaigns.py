"""What can go wrong with campaigns, one item after the other: one clear sentence in the chat's language, nothing sent
twice, nothing lost.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.commands import Request, commands
from bot.language import language
from bot.replies import Reply, Text, markup
from bot.replies.sending import sent_reply
from engine import EngineError, Mail, Shop, check_store, draft_campaign, show_campaign, silent, write_template
from engine.services.campaigns import approve_campaign, drop_campaign, undo_approval
from engine.services.chats import pair_owner
from engine.services.sending import SendReport, send_unknown_again
from engine.store import deliveries, transaction
from tests.bot.test_bad_input import fingerprint, is_chinese, one_sentence
from tests.engine.sending.made import addresses, approved, later, send
from tests.engine.sending.post_office import Box, post_office
from tests.engine.services.sent import add_campaign, add_customers
from tests.engine.services.test_campaigns import filled

REF = "win_back.plain_hello.sms.en"
OUT = " Reply STOP to opt out."
BOTH = pytest.mark.parametrize("code", ["en", "zh"])


@contextmanager
def refused(shop: Shop, code: str) -> Iterator[list[str]]:
    """What is done within is refused with one sentence in the language, and nothing is changed by it."""
    said: list[str] = []
    before, faults = fingerprint(shop), check_store(shop).faults
    with pytest.raises(EngineError) as error:
        yield said
    said.append(error.value.phrase.say(language(code)))
    one_sentence(said[0])
    assert is_chinese(said[0]) == (code == "zh"), said[0]
    assert fingerprint(shop) == before
    assert check_store(shop).faults == faults


def run(shop: Shop, name: str, text: str, code: str, **more: object) -> Reply:
    return commands()[name].run(shop, Request(code, text=text, **more), silent)  # type: ignore[arg-type]


@BOTH
@pytest.mark.parametrize(
    ("text", "in_english"),
    [
        ("Hi {{ nmae }}." + OUT, "did you mean “name”"),
        ("{% for i in range(10**9) %}x{% endfor %}" + OUT, "may only use fields and “if”"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}" + OUT, "may only use fields and “if”"),
        ("{{ name.__class__.__mro__[1].__subclasses__() }}" + OUT, "may only use fields and “if”"),
        ("{{ name['__class__'] }}" + OUT, "may only use fields and “if”"),
        ("{{ name|attr('__class__') }}" + OUT, "may only use fields and “if”"),
        ("{{ 'x' * 10000000 }}" + OUT, "may only use fields and “if”"),
        ("x" * 10_000_000, "is 10,000,000 characters long; at most 100,000 can be read"),
    ],
    ids=["field", "loop", "recursion", "attribute", "item", "filter", "product", "ten-megabytes"],
)
def test_a_bad_template(shop: Shop, code: str, text: str, in_english: str) -> None:
    began = time.process_time()
    with refused(shop, code) as said:
        write_template(shop, REF, text)
    assert time.process_time() - began < 5
    assert code == "zh" or in_english in said[0]


@BOTH
def test_an_audience_of_nobody(shop: Shop, code: str) -> None:
    segment = filled(shop, 3, consents=dict.fromkeys((1, 2, 3), "withdrawn"))
    with pytest.raises(EngineError):  # what each would buy next is computed and kept, once
        draft_campaign(shop, segment_id=segment, goal="win_back", language=code)
    with refused(shop, code) as said:
        draft_campaign(shop, segment_id=segment, goal="win_back", language=code)
    assert ("(unsubscribed: 3)" if code == "en" else "3") in said[0]


def dropped(shop: Shop) -> int:
    campaign = add_campaign(shop, [4, 4], status="draft")
    drop_campaign(shop, campaign, who="owner")
    return campaign


def planned(shop: Shop) -> int:
    campaign = add_campaign(shop, [4, 4])
    with shop.open() as db, transaction(db):
        deliveries.plan(db, campaign, deliveries.SMTP, shop.now())
    return campaign


def undone(shop: Shop) -> int:
    campaign = add_campaign(shop, [4, 4])
    undo_approval(shop, campaign, who="owner")
    return campaign


@BOTH
@pytest.mark.parametrize(
    ("made", "in_english"),
    [
        (lambda shop: 99, "There is no campaign 99"),
        (lambda shop: add_campaign(shop, [4, 4], status="draft"), "is still a draft"),
        (undone, "is still a draft"),
        (dropped, "was dropped and never sent"),
        (planned, "No message of campaign 1 has gone out yet"),
    ],
    ids=["unknown", "draft", "undone", "dropped", "planned"],
)
@pytest.mark.parametrize("way", ["counts", "file", "report"])
def test_outcomes_of_a_campaign_that_was_never_sent(
    shop: Shop, tmp_path: Path, code: str, way: str, made: Callable[[Shop], int], in_english: str
) -> None:
    add_customers(shop, 8)
    campaign = made(shop)
    file = tmp_path / "back.csv"
    file.write_text("email,clicked\nc1@example.com,1\n" if way == "report" else "customer,bought\nC1,yes\n")
    with refused(shop, code) as said:
        if way == "counts":
            run(shop, "outcome", f"{campaign} A 1/4", code)
        else:
            run(shop, "outcome", str(campaign), code, file=file, file_name="back.csv")
    assert code == "zh" or in_english in said[0]


@BOTH
@pytest.mark.parametrize(
    ("text", "in_english"),
    [
        ("A 5/4", "more people bought than got a message"),
        ("A 1/4, B 9/4", "more people bought than got a message"),
        ("A 3/400", "only 4 messages of A were in campaign 1"),
        ("Z 1/2", "Campaign 1 has no version Z; it has A, B."),
        ("A -1/4", "is not understood"),
    ],
)
def test_counts_that_cannot_be(shop: Shop, code: str, text: str, in_english: str) -> None:
    add_customers(shop, 8)
    campaign = add_campaign(shop, [4, 4])
    with refused(shop, code) as said:
        run(shop, "outcome", f"{campaign} {text}", code)
    assert code == "zh" or in_english in said[0]


@BOTH
def test_an_approval_by_somebody_who_lost_access(tmp_path: Path, code: str) -> None:
    shop = approved(tmp_path / "shop.db")
    draft = draft_campaign(shop, segment_id=1, goal="welcome", language="en")
    with shop.open() as db:
        db.conn.execute("UPDATE campaigns SET decided_by = 'user 7' WHERE id = 1")
    pair_owner(shop, 8, 8)
    with post_office() as (box, mail), refused(shop, code) as said:
        send(shop, mail)
    assert box.received == []
    assert code == "zh" or "has no access any more" in said[0]
    for deed in (approve_campaign, undo_approval, drop_campaign):
        with refused(shop, code) as said:
            deed(shop, draft.campaign, who="user 7")
        assert code == "zh" or "no access to this shop any more" in said[0]


def told(report: SendReport, code: str) -> list[str]:
    (part,) = sent_reply(report).parts
    assert isinstance(part, Text)
    lines = [line for line in markup(part.lines, language(code)) if line]
    for line in lines:
        one_sentence(line)
        assert is_chinese(line) == (code == "zh"), line
    return lines


def went_once(shop: Shop, box: Box) -> None:
    """Nobody got two, and each of the twelve is accounted for."""
    assert max(map(box.addresses.count, box.addresses), default=0) <= 1
    assert sum(show_campaign(shop, 1).went.values()) == 12


@BOTH
def test_a_server_that_refuses_some_puts_off_some_and_breaks_off(tmp_path: Path, code: str) -> None:
    tea = approved(tmp_path / "shop.db")
    with post_office() as (box, mail):
        box.at_rcpt = {"k3@example.com": "550 no such user", "k4@example.com": "451 try later"}
        box.at_data = {"k5@example.com": "554 looks like spam", "k10@example.com": "452 full"}
        box.cut_before_data = {"k6@example.com"}
        box.cut_after_data = {"k7@example.com"}
        report = send(tea, mail)
        assert dict(report.went) == {"delivered": 6, "planned": 3, "refused": 2, "unknown": 1}
        assert sorted(str(why) for why, _ in report.refused) == ["550 no such user", "554 looks like spam"]
        assert (report.put_off, report.unknown, report.why) == (3, 1, None)
        lines = "\n".join(told(report, code))
        assert "550 no such user" in lines
        assert code == "zh" or "Of 1 message it is not known whether it arrived" in lines
        went_once(tea, box)
        box.at_rcpt, box.at_data = {}, {}
        again = send(tea, mail)
        assert (again.delivered, again.left) == (3, 0)
        went_once(tea, box)
        # of k7 nobody knows; only its owner may want it sent again
        assert send_unknown_again(tea, 1) == 1
        box.cut_after_data = set()
        assert send(tea, mail).delivered == 1
        assert box.addresses.count("k7@example.com") == 2
        assert all(box.addresses.count(address) == 1 for address in set(box.addresses) - {"k7@example.com"})


@BOTH
def test_a_slow_server_costs_nobody_a_second_mail(tmp_path: Path, code: str) -> None:
    tea = approved(tmp_path / "shop.db")
    with post_office(timeout=0.3) as (box, mail):
        box.pause = 1.0
        report = send(tea, mail)
        assert report.why is not None
        assert "again and again" in str(report.why)
        assert report.unknown == 3
        assert report.left == 9
        told(report, code)
        box.pause = 0.0
        time.sleep(1.0)  # what was slow arrives after all
        assert send(tea, Mail(**(vars(mail) | {"timeout": 5.0}))).delivered == 9
        went_once(tea, box)


@BOTH
def test_a_server_that_closes_the_door_in_the_middle(tmp_path: Path, code: str) -> None:
    tea = approved(tmp_path / "shop.db")
    with post_office() as (box, mail):
        box.at_rcpt = dict.fromkeys(addresses(12)[5:], "421 too many")
        report = send(tea, mail)
        assert report.delivered + report.left == 12
        assert report.delivered
        told(report, code)
        went_once(tea, box)
        box.at_rcpt = {}
        assert send(tea, mail).left == 0
        assert sorted(box.addresses) == addresses(12)


@BOTH
def test_no_server_and_a_server_that_lets_nobody_in(tmp_path: Path, code: str) -> None:
    tea = approved(tmp_path / "shop.db")
    with post_office() as (_, mail):
        pass
    with pytest.raises(EngineError, match="cannot be reached") as nobody:
        send(tea, mail)
    with post_office(user="tea", password="s3cret") as (box, wrong), pytest.raises(EngineError) as stranger:
        send(tea, wrong)
    for error in (nobody, stranger):
        said = error.value.phrase.say(language(code))
        one_sentence(said)
        assert is_chinese(said) == (code == "zh")
    assert "Nothing was sent" in str(stranger.value)
    assert "s3cret" not in str(stranger.value) + repr(wrong)
    assert box.received == []
    assert show_campaign(tea, 1).went == {("smtp", "planned"): 12}


@BOTH
def test_an_approval_that_has_expired(tmp_path: Path, code: str) -> None:
    tea = approved(tmp_path / "shop.db")
    with post_office() as (box, mail), refused(later(tea, days=8), code) as said:
        send(later(tea, days=8), mail)
    assert box.received == []
    assert code == "zh" or "good for 7 days" in said[0]
