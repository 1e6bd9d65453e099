"""The check before a template is kept."""

from __future__ import annotations

import pytest

from engine.campaigns.channels import channel_named
from engine.campaigns.checks import checked
from engine.campaigns.messages import Facts
from engine.campaigns.templates import Template, parsed
from engine.campaigns.typed import typed
from engine.errors import NotAllowed

SHOP = Facts(shop_name="Hill Tea")
OUT = " Reply STOP to opt out"


def template(body: str, channel: str = "sms", language: str = "en") -> Template:
    return parsed(body, name="x", goal="win_back", channel=channel, language=language)


def said(body: str, language: str = "en", shop: Facts = SHOP) -> list[str]:
    return [str(warning) for warning in checked(template(body, language=language), shop).warnings]


@pytest.mark.parametrize(
    ("body", "channel", "language", "fault"),
    [
        ("Hi", "text", "en", "how to get no more of them: end it with “Reply STOP and I won't write again.”"),
        ("你好", "sms", "zh", "end it with “拒收请回复R”"),
        ("Stop by our shop any time!", "sms", "en", "how to get no more of them"),
        # somebody without a name would not be told
        ("Hi{% if name %} Reply STOP{% endif %}", "text", "en", "how to get no more of them"),
        ("---\nsubject: x\n---\nHi, reply STOP\n--- html\n<p>Hi</p>", "email", "en", "how to get no more of them"),
        ("Hi {{ name }}. Reply STOP", "text", "en", "puts in “name”"),
        ("{{ product }}. Reply STOP", "text", "en", "puts in “product”"),
        # 550 characters and a name and product of 100 each are too long for some
        ("{{ name or product or 'x' }}" + "." * 550 + "Reply STOP", "text", "en", "must have 1 to 600"),
        ("---\nsubject: {% if name %}Hi{% endif %}\n---\nReply STOP", "email", "en", "The subject of the message"),
    ],
)
def test_what_would_go_wrong_for_somebody_is_refused(body: str, channel: str, language: str, fault: str) -> None:
    with pytest.raises(NotAllowed, match=fault):
        checked(template(body, channel, language), SHOP)


@pytest.mark.parametrize(
    "words",
    [
        "Reply STOP",
        "Just text stop to leave",
        "To unsubscribe, write back",
        "回复 T 退订",
        "拒收请回复R",
        "You can opt out",
    ],
)
def test_a_way_out_can_be_told_in_several_ways(words: str) -> None:
    checked(template(f"Hi. {words}", "text"), SHOP)


def test_the_hardest_customers_are_shown_with_what_they_read() -> None:
    found = checked(template('Hi {{ name or "there" }}' + OUT), SHOP)
    texts = {str(hard.who): hard.written.text for hard in found.hard}
    assert texts["a usual customer"] == "Hi Ann Reply STOP to opt out"
    assert texts["without a name"] == "Hi there Reply STOP to opt out"
    assert texts["with a long name and a long product"].startswith("Hi Bartholomew Featherstonehaugh")
    assert "{{ x }}" in texts["with signs and an emoji in the name"]


def test_parts_of_an_sms_are_told_for_usual_and_long_names() -> None:
    body = 'Hi {{ name or "you" }}' + "." * 120 + OUT
    found = checked(template(body), SHOP)
    # the emoji of one name makes parts of 70 characters of it
    assert (found.least_parts, found.most_parts) == (1, 3)
    assert said(body) == ["Usually 1, for a long name up to 3 SMS parts."]
    assert said("x" * 170 + OUT) == ["Each SMS is of 2 parts."]


def test_what_makes_an_sms_dearer_is_named() -> None:
    assert said("It’s here" + OUT)[0].startswith("“’” makes the whole SMS dearer")
    assert said("It's here" + OUT) == []


def test_a_chinese_sms_is_signed() -> None:
    assert said("新茶到了，拒收请回复R", "zh") == [
        "A Chinese SMS opens with the sender in 【】; this one has no signature."
    ]
    assert said("【山间茶铺】新茶到了，拒收请回复R", "zh") == []
    signed = "{% if shop_name %}{{ shop_name }}: {% endif %}new tea" + OUT
    assert said(signed) == []
    assert said(signed, shop=Facts())[0].startswith("Your shop has no name yet")


def test_what_only_looks_like_a_blank_is_told() -> None:
    assert said("Hi [nmae], take [coupon]." + OUT) == [
        "I fill in [name], [product], [shop]; this goes out as it stands: [nmae], [coupon]."
    ]
    zh = "【{}】新茶到了，【优惠券】给你，拒收请回复R"
    fills = "I fill in 【姓名】, 【商品】, 【店名】; this goes out as it stands: 【优惠券】."
    # an SMS is signed by its first brackets, a message of another kind is not
    assert said(zh.format("山间茶铺"), "zh") == [fills]
    signed = said(typed(zh.format("店名"), channel_named("sms"), "zh")[0], "zh")
    assert signed == [fills]
    text = template("【山间茶铺】新茶到了，回复T退订", "text", "zh")
    assert ["【山间茶铺】" in str(one) for one in checked(text, SHOP).warnings] == [True]


def test_a_typed_text_has_blanks_and_lines_for_its_parts() -> None:
    text, parts = typed("Subject: For [name]\npreview: new\n\nHi [name], [product]?", channel_named("email"), "en")
    assert text == 'Hi {{ name or "there" }}, {{ product or "something you may like" }}?'
    assert parts == {"subject": 'For {{ name or "there" }}', "preheader": "new"}
    text, parts = typed("主题：新茶\n【姓名】你好", channel_named("email"), "zh")
    assert (text, parts) == ('{{ name or "朋友" }}你好', {"subject": "新茶"})


def test_a_typed_sms_is_its_text() -> None:
    text, parts = typed("Subject: tea\n【店名】新茶", channel_named("sms"), "zh")
    assert text == "Subject: tea\n{% if shop_name %}【{{ shop_name }}】{% endif %}新茶"
    assert parts == {}
