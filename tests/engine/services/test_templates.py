"""The shop's own templates: every version is kept, and a campaign tells which one it used."""

from __future__ import annotations

import pytest

from engine.campaigns.templates import TITLES
from engine.errors import NotAllowed, NotFound
from engine.phrases import Money
from engine.services.campaigns import approve_campaign, draft_campaign, goals, sample_texts, show_campaign
from engine.services.message_settings import message_settings, set_message_setting
from engine.services.templates import (
    back_to_version,
    drop_template,
    list_templates,
    new_template,
    show_template,
    template_versions,
    write_template,
)
from engine.shop import Shop
from tests.engine.services.test_campaigns import filled

REF = "win_back.plain_hello.sms.en"
OUT = " Reply STOP to opt out"


def test_all_that_ship_are_there_as_they_came(shop: Shop) -> None:
    assert [goal.key for goal in goals(shop)] == list(TITLES)
    goal, lines = list_templates(shop, "win_back", "en")
    assert goal.variants == ("picked_for_you", "plain_hello", "small_thanks")
    assert [line.channel.key for line in lines] == ["text"] * 3 + ["sms"] * 3 + ["email"] * 3
    assert {(line.version, line.own) for line in lines} == {(0, False)}
    assert {line.language for line in list_templates(shop, "win_back")[1]} == {"en", "zh"}
    card = show_template(shop, REF)
    assert (card.ref, card.template.version, card.versions, card.changed) == (REF, 0, (), None)
    assert card.checked.least_parts == 1


def test_each_wording_is_kept_and_can_come_back(shop: Shop) -> None:
    shipped = show_template(shop, REF).template
    first = write_template(shop, REF, "Hi [name], one." + OUT, who="Lin")
    assert first.changed
    assert first.template.body == 'Hi {{ name or "there" }}, one.' + OUT
    assert (first.template.title, first.template.traits) == (shipped.title, shipped.traits)
    write_template(shop, REF, "Hi [name], two." + OUT, who="Lin")
    told = [(one.version, one.ours, one.who) for one in template_versions(shop, REF)]
    assert told == [(3, False, "Lin"), (2, False, "Lin"), (1, True, "Zhike")]
    ours = template_versions(shop, REF)[-1]
    assert ours.text == shipped.body
    back = back_to_version(shop, ours.id)
    assert (back.template.body, back.template.version, back.changed) == (shipped.body, 4, True)
    assert show_template(shop, REF).template.body == shipped.body
    assert len(template_versions(shop, REF)) == 4


def test_the_same_wording_again_is_no_new_version(shop: Shop) -> None:
    assert not write_template(shop, REF, show_template(shop, REF).template.body).changed
    assert template_versions(shop, REF) == ()
    write_template(shop, REF, "Hi." + OUT)
    again = write_template(shop, REF, "Hi." + OUT)
    assert not again.changed
    assert [one.version for one in template_versions(shop, REF)] == [2, 1]


def test_the_same_cause_acts_once(shop: Shop) -> None:
    asked = shop.caused_by("update:7")
    write_template(asked, REF, "Hi." + OUT)
    write_template(shop, REF, "Hello." + OUT)
    repeated = write_template(asked, REF, "Hi." + OUT)
    assert (repeated.changed, repeated.template.body) == (True, "Hello." + OUT)
    made = new_template(shop.caused_by("update:8"), "birthday", "sms", "en", "Hooray." + OUT)
    again = new_template(shop.caused_by("update:8"), "birthday", "sms", "en", "Hooray." + OUT)
    assert again.ref == made.ref == "birthday.own_1.sms.en"
    drop_template(shop.caused_by("update:9"), made.ref)
    assert drop_template(shop.caused_by("update:9"), made.ref).ref == made.ref
    price = shop.caused_by("update:10")
    set_message_setting(price, "price", "0.05")
    set_message_setting(shop, "price", "0.06")
    assert set_message_setting(price, "price", "0.05").sms_price == 0.06


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hi [name]", "how to get no more of them"),
        ("Hi {{ nmae }}." + OUT, "did you mean “name”"),
        ("{% for i in name %}x{% endfor %}" + OUT, "may only use fields and “if”"),
        ("{{ name.__class__ }}" + OUT, "may only use fields and “if”"),
        ("x" * 1_600 + OUT, "it must have 1 to 10"),
        ("{% if name %}" + OUT, "has a mistake in line 1"),
        ("---\ntone: warm\nHi", "no second --- line"),
    ],
)
def test_a_faulty_wording_changes_nothing(shop: Shop, text: str, fault: str) -> None:
    with pytest.raises(NotAllowed, match=fault):
        write_template(shop, REF, text)
    with pytest.raises(NotAllowed, match=fault):
        new_template(shop, "win_back", "sms", "en", text)
    assert template_versions(shop, REF) == ()
    assert len(list_templates(shop, "win_back", "en")[1]) == 9


@pytest.mark.parametrize(
    ("ref", "said"),
    [
        ("hello", "“hello” names no message; they are called such as win_back.plain_hello.sms.en"),
        ("sing.plain_hello.sms.en", "There is no goal “sing”"),
        ("win_back.plain_hello.pigeon.en", "There is no channel “pigeon”"),
        ("win_back.loud.sms.en", "choose one of: win_back.picked_for_you.sms.en, win_back.plain_hello.sms.en"),
    ],
)
def test_what_there_is_not_is_told(shop: Shop, ref: str, said: str) -> None:
    for look in (show_template, template_versions, drop_template):
        with pytest.raises(NotFound) as refused:
            look(shop, ref)
        assert said in str(refused.value)
    with pytest.raises(NotFound):
        back_to_version(shop, 99)


def test_a_message_of_ones_own_joins_the_others(shop: Shop) -> None:
    made = new_template(shop, "win_back", "text", "zh", "【姓名】你好，新茶到了。回复 T 退订")
    assert (made.ref, made.template.title.in_language("zh")) == ("win_back.own_1.text.zh", "自写1")
    second = new_template(shop, "win_back", "text", "en", "Hi [name]. Reply STOP", name="spring")
    assert second.ref == "win_back.spring.text.en"
    with pytest.raises(NotAllowed, match="already; edit it, or choose another name"):
        new_template(shop, "win_back", "text", "en", "Hi [name]. Reply STOP", name="spring")
    with pytest.raises(NotAllowed, match="cannot be a message's name"):
        new_template(shop, "win_back", "text", "en", "Hi [name]. Reply STOP", name="Spring sale!")
    chinese = [text.name for text in sample_texts(shop, "win_back", "zh")]
    assert chinese == ["own_1", "picked_for_you", "plain_hello", "small_thanks"]
    assert sample_texts(shop, "win_back", "zh")[0].text == "【姓名】你好，新茶到了。回复 T 退订"
    assert "spring" in [text.name for text in sample_texts(shop, "win_back", "en", "wechat")]


def test_an_email_of_ones_own_has_its_subject(shop: Shop) -> None:
    with pytest.raises(NotAllowed, match="has no subject"):
        new_template(shop, "win_back", "email", "en", "Hi [name]. Reply STOP")
    made = new_template(shop, "win_back", "email", "en", "Subject: Hello [name]\n\nHi.\nReply STOP")
    assert made.template.extras == {"subject": 'Hello {{ name or "there" }}'}
    edited = write_template(shop, made.ref, "Hi again.\nReply STOP")
    assert edited.template.extras == made.template.extras
    assert edited.template.body == "Hi again.\nReply STOP"


def test_what_is_dropped_is_not_offered_and_can_come_back(shop: Shop) -> None:
    drop_template(shop, REF)
    assert REF not in [line.ref for line in list_templates(shop, "win_back", "en")[1]]
    with pytest.raises(NotFound):
        show_template(shop, REF)
    newest, shipped = template_versions(shop, REF)
    assert newest.dropped and shipped.ours
    assert back_to_version(shop, shipped.id).changed
    assert show_template(shop, REF).template.version == 3


def test_a_text_borrowed_by_a_channel_can_have_its_own_wording_there(shop: Shop) -> None:
    ref = "win_back.plain_hello.wecom.en"
    assert show_template(shop, ref).versions == ()
    edited = write_template(shop, ref, "Hi [name] in WeCom. Reply STOP")
    assert (edited.template.version, edited.template.channel) == (1, "wecom")
    assert "WeCom" not in show_template(shop, "win_back.plain_hello.text.en").template.body
    with pytest.raises(NotAllowed, match=r"drop win_back\.small_thanks\.text\.en instead"):
        drop_template(shop, "win_back.small_thanks.wecom.en")
    drop_template(shop, ref)
    assert show_template(shop, ref).template.body == show_template(shop, "win_back.plain_hello.text.en").template.body


def test_a_draft_uses_the_newest_wording_and_tells_which(shop: Shop) -> None:
    segment = filled(shop, 12)
    ref = "win_back.plain_hello.text.en"
    first = draft_campaign(shop, segment_id=segment, goal="win_back", variants=["plain_hello"])
    assert [variant.version for variant in first.variants] == [1]
    assert [(one.version, one.ours) for one in template_versions(shop, ref)] == [(1, True)]
    again = draft_campaign(shop, segment_id=segment, goal="win_back", variants=["plain_hello"])
    assert [variant.version for variant in again.variants] == [1]
    write_template(shop, ref, "Hi [name], new words. Reply STOP")
    third = draft_campaign(shop, segment_id=segment, goal="win_back", variants=["plain_hello"])
    assert [variant.version for variant in third.variants] == [2]
    assert "new words" in third.samples[0].text
    # what was drafted before stays as it was
    before = show_campaign(shop, first.campaign)
    assert before.variants[0].version == 1
    assert "new words" not in before.samples[0].text


def test_a_borrowed_text_is_recorded_as_the_text_that_it_is(shop: Shop) -> None:
    segment = filled(shop, 12)
    for _ in range(2):
        draft = draft_campaign(shop, segment_id=segment, goal="win_back", channel="wechat", variants=["plain_hello"])
        assert (draft.channel, draft.variants[0].version) == ("wechat", 1)
    assert len(template_versions(shop, "win_back.plain_hello.text.en")) == 1
    assert template_versions(shop, "win_back.plain_hello.wechat.en") == ()


def test_a_draft_tells_its_sms_parts_and_what_they_cost(shop: Shop) -> None:
    segment = filled(shop, 20, consents=dict.fromkeys(range(1, 21), "granted"))
    write_template(shop, REF, "Hi [name]" + "." * 130 + OUT)
    # Name1 … Name9 come to 160 characters, longer ones to 161; two of the twenty have no name: “there”
    draft = draft_campaign(shop, segment_id=segment, goal="win_back", channel="sms", variants=["plain_hello"])
    assert draft.audience == 20
    assert draft.sms is not None
    n_two = sum(len(f"Name{i}") > 5 for i in range(1, 21) if i % 10)
    assert (draft.sms.total, draft.sms.most, draft.sms.n_most) == (20 + n_two, 2, n_two)
    assert draft.sms.cost is None
    assert "say what it is called" not in " ".join(map(str, draft.notes))  # this wording names no shop
    unsigned = draft_campaign(shop, segment_id=segment, goal="win_back", channel="sms")
    assert [str(note) for note in unsigned.notes if "say what it is called" in str(note)] == [
        "Your shop has no name yet, so the SMS goes without its signature: say what it is called."
    ]
    set_message_setting(shop, "price", "0.05")
    priced = show_campaign(shop, draft.campaign).sms
    assert priced is not None
    assert priced.cost == Money(pytest.approx(0.05 * (20 + n_two)), message_settings(shop).currency)  # type: ignore[arg-type]
    approve_campaign(shop, draft.campaign, who="owner")
    set_message_setting(shop, "price", "0.50")
    assert show_campaign(shop, draft.campaign).sms == priced  # at the price of its approval
    texts = draft_campaign(shop, segment_id=segment, goal="win_back")
    assert texts.sms is None


def test_an_email_draft_keeps_its_subject(shop: Shop) -> None:
    segment = filled(shop, 5)
    draft = draft_campaign(shop, segment_id=segment, goal="win_back", channel="email", variants=["plain_hello"])
    assert draft.samples[0].subject == "Just saying hello"
    with shop.open() as db:
        rows = db.conn.execute("SELECT subject, preheader, parts FROM sends").fetchall()
        ((page,), *_) = db.conn.execute("SELECT html FROM sends").fetchall()
    assert set(rows) == {("Just saying hello", "It's been a while.", None)}
    assert page.startswith("<!doctype html>") and "It's been a while." in page


def test_messages_say_what_the_shop_is_called(shop: Shop) -> None:
    assert message_settings(shop).shop_name is None
    set_message_setting(shop, "name", " 【山间茶铺】 ")
    set_message_setting(shop, "address", "龙井路1号")
    set_message_setting(shop, "price", "¥0,05")
    said = message_settings(shop)
    assert (said.shop_name, said.shop_address, said.sms_price) == ("山间茶铺", "龙井路1号", 0.05)
    assert said.cost(3) == Money(pytest.approx(0.15), said.currency)  # type: ignore[arg-type]
    assert all(text.text.startswith("【山间茶铺】") for text in sample_texts(shop, "win_back", "zh", "sms"))
    set_message_setting(shop, "name", "-")
    assert message_settings(shop).shop_name is None


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("price", "cheap", "“cheap” is no price"),
        ("price", "-0.1", "is no price"),
        ("price", "nan", "is no price"),
        ("price", "1000", "is no price"),
        ("name", "x" * 101, "at most 100 characters"),
    ],
)
def test_a_setting_that_cannot_be_changes_nothing(shop: Shop, setting: str, text: str, said: str) -> None:
    before = message_settings(shop)
    with pytest.raises(NotAllowed, match=said):
        set_message_setting(shop, setting, text)
    assert message_settings(shop) == before
    with pytest.raises(NotFound, match="There is no setting “colour”; choose one of: name, address, price"):
        set_message_setting(shop, "colour", text)
