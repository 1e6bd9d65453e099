"""By which rules somebody may be written to: as shipped, as the owner sets them, and in which hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import speaker
from engine import columns as c
from engine.campaigns.audience import Rules, Window, audience, windows
from engine.campaigns.channels import channels
from engine.campaigns.rules import DEFAULTS, Cap, ContactRule, Quiet, Rulebook, country_code, known_countries
from engine.campaigns.rules.hours import ends, is_quiet
from engine.campaigns.rules.words import EXAMPLES, Change, channel_meant, read, rule_fields
from engine.errors import NotAllowed
from engine.phrases import Phrase

NEVER = float("nan")


@pytest.mark.parametrize("country", known_countries().values(), ids=lambda country: country.code)
def test_each_country_is_complete(country: object) -> None:
    code, name, rules = country.code, country.name, country.rules  # type: ignore[attr-defined]
    assert country_code(code.lower()) == country_code(name.en) == country_code(name.zh) == code
    low, high = country.offsets  # type: ignore[attr-defined]
    assert -12 <= low <= high <= 14
    for channel in rules:
        assert channel in channels()
        assert Rulebook().rule(channel, code).why


def test_every_member_of_the_union_is_there() -> None:
    codes = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
    assert set(codes.split()) <= set(known_countries())


def test_what_the_laws_say() -> None:
    book = Rulebook()
    assert (book.rule("email", "US").consent, book.rule("email", "US").postal) == ("anyone", True)
    assert (book.rule("sms", "US").consent, book.rule("sms", "US").quiet) == ("agreed", Quiet(21, 8))
    assert book.rule("email", "DE").consent == "bought"
    assert book.rule("email", "CA").bought_days == 730
    assert (book.rule("sms", "CN").consent, book.rule("sms").consent) == ("agreed", "agreed")
    assert book.rule("wechat").caps == (Cap(1, 1), Cap(4, 30))


def test_the_nearer_word_holds() -> None:
    own: dict[tuple[str, str], dict[str, object]] = {
        ("email", ""): {"caps": (Cap(9, 7),), "consent": "agreed"},
        ("email", "DE"): {"consent": "anyone"},
    }
    book = Rulebook(own)
    assert book.rule("email").consent == "agreed"
    assert book.rule("email", "DE") == ContactRule("anyone", caps=(Cap(9, 7),), why=Rulebook().rule("email", "DE").why)
    # the law of a country stands against a word for everywhere
    assert book.rule("email", "US").consent == "anyone"


def people(**columns: list[object]) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    return pd.DataFrame({c.CUSTOMER: range(1, n + 1), c.RECENCY_DAYS: [10.0] * n} | columns)


def test_each_is_left_out_for_the_first_reason() -> None:
    frame = people(
        email=["a@x.example", "b@x.example", None, "186***@x.example", "A@x.example", "no address", "c@x.example"],
        country=["US", "China", "DE", "DE", "US", "US", "US"],
    )
    sent = {Window("email", 7): {7: 3}, Window("any", 7): {}}
    found = audience(frame, {3: "withdrawn"}, Rules("email", sent=sent))
    assert found.included.tolist() == [1]
    assert found.excluded == {
        2: "no consent on record",
        3: "unsubscribed",
        4: "no address for this channel",
        5: "somebody with the same address gets it already",
        6: "no address for this channel",
        7: "got enough messages lately",
    }


def test_a_cap_over_all_ways() -> None:
    found = audience(people(email=["a@x.example", "b@x.example"]), {}, Rules("text", sent={Window("any", 7): {2: 5}}))
    assert found.excluded == {2: "got enough messages lately"}
    assert windows(Rulebook(), "wechat", ["", "CN"]) == {Window("wechat", 1), Window("wechat", 30), Window("any", 7)}


def test_canada_forgets_a_purchase_after_two_years() -> None:
    frame = people(country=["CA", "CA", "CA"], email=["a@x.example", "b@x.example", "d@x.example"])
    frame[c.RECENCY_DAYS] = [730.0, 731.0, NEVER]
    assert audience(frame, {}, Rules("email")).included.tolist() == [1]


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def test_quiet_hours_hold_wherever_a_country_reaches() -> None:
    night = Quiet(21, 8)
    # 18:00 UTC is 8:00 in Hawaii, 14:00 in New York's summer; 1:00 UTC is 21:00 there
    assert is_quiet(night, "US", at(17, 59), 0)
    assert not is_quiet(night, "US", at(18), 0)
    assert not is_quiet(night, "US", at(0, 59), 0)
    assert is_quiet(night, "US", at(1), 0)
    assert ends(night, "US", at(1), 0) == at(18)
    assert is_quiet(night, "CN", at(13), 0)  # 21:00 in Beijing
    assert not is_quiet(night, "CN", at(12, 59), 0)
    assert is_quiet(night, "", at(13), 8)
    assert not is_quiet(None, "CN", at(13), 0)


@settings(max_examples=100)
@given(start=st.integers(0, 23), end=st.integers(0, 23), hour=st.floats(0, 23.99))
def test_an_hour_is_quiet_or_the_opposite_is(start: int, end: int, hour: float) -> None:
    if start != end:
        assert Quiet(start, end).holds(hour) != Quiet(end, start).holds(hour)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("email cap 2/7", Change("email", "", "cap", [[2, 7]])),
        ("E-mail cap 2 in 7 days", Change("email", "", "cap", [[2, 7]])),
        ("短信 上限 1次7天", Change("sms", "", "cap", [[1, 7]])),
        ("短信 上限 每7天最多1条", Change("sms", "", "cap", [[1, 7]])),
        ("邮件 上限 2次/7天", Change("email", "", "cap", [[2, 7]])),
        ("sms US quiet 21-8", Change("sms", "US", "quiet", [21, 8])),
        ("sms in United States quiet = 21:00 - 8:00", Change("sms", "US", "quiet", [21, 8])),
        ("email quiet none", Change("email", "", "quiet", [])),
        ("邮件 德国 同意 同意过", Change("email", "DE", "consent", "agreed")),
        ("cap 3/7", Change("any", "", "cap", [[3, 7]])),
        ("cap off", Change("any", "", "cap", [])),
        ("email DE consent default", Change("email", "DE", "consent", None)),
        ("undo 0", Change("any", "", "undo", 0)),
        ("approval 14 days", Change("any", "", "approval", 14)),
        ("home 中国", Change("any", "", "home", "CN")),
    ],
)
def test_what_an_owner_says(said: str, meant: Change) -> None:
    assert read(said) == meant
    if meant.value is not None and meant.name in ("cap", "quiet", "consent"):
        ContactRule(**rule_fields(meant.name, meant.value))


@pytest.mark.parametrize(
    "said",
    [
        *("", "hello", "email", "email cap", "email cap many", "email cap 2/0", "email cap 99999/7", "email cap -1/7"),
        *("email quiet 8-8", "email quiet 25-3", "email XX cap 1/7", "quiet 21-8", "consent agreed", "undo -1"),
        *("undo 100000", "approval 0", "email undo 5", "home Atlantis", "carrier pigeon cap 1/1"),
    ],
)
def test_what_nobody_understands_is_one_sentence(said: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        read(said)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_examples_work_in_both_languages(example: Phrase) -> None:
    there, here = read(speaker("zh")(example)), read(str(example))
    assert replace(there, value=None) == replace(here, value=None)
    assert there.value == here.value or there.name == "home"  # each has its own


@pytest.mark.parametrize("said", ["email cap 2/7", "sms US quiet 21-8", "undo 5", "cap 3/7", "home DE"])
def test_each_change_has_a_way_back(said: str) -> None:
    change = read(said)
    assert read(change.back) == replace(change, value=None)


@pytest.mark.parametrize(
    ("word", "channel"), [("email", "email"), ("E-Mail", "email"), ("短信", "sms"), ("all", None), ("cap", None)]
)
def test_a_channel_is_known_by_what_it_is_called(word: str, channel: str | None) -> None:
    assert channel_meant(word) == channel


def test_every_channel_has_its_rules() -> None:
    assert set(DEFAULTS) == {*channels(), "any"}
