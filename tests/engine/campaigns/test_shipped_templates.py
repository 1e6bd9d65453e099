"""Every template that ships: a contract that each keeps, whoever reads it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.campaigns.channels import channel_named, channels
from engine.campaigns.checks import checked, hardest
from engine.campaigns.messages import LONGEST_FACT, Facts, compiled
from engine.campaigns.templates import TITLES, TRAITS, Template, chosen, in_folder, on_channel
from engine.places import shipped

SHIPPED = in_folder(shipped("templates"))
CHANNELS = ("text", "sms", "email")
SHOPS = {
    "en": (Facts(), Facts(shop_name="Hill Tea"), Facts(shop_name="Hill Tea", shop_address="1 Hill Road, Dover")),
    "zh": (Facts(), Facts(shop_name="山间茶铺"), Facts(shop_name="山间茶铺", shop_address="杭州市西湖区龙井路1号")),
}
LONGEST = Facts("n" * LONGEST_FACT, "p" * LONGEST_FACT, 9999, "s" * LONGEST_FACT, "a" * LONGEST_FACT)
CLAIMS = re.compile(r"%|\boff\b|discount|coupon|\bfree\b|折|优惠|券|免费|立减|限时|最后一天|hurry up|last chance", re.I)


def ids(template: Template) -> str:
    return "-".join(template.key)


def test_there_are_eight_goals_with_three_versions_in_two_languages() -> None:
    assert len(TITLES) == 8
    for goal in TITLES:
        for channel in CHANNELS:
            english, chinese = (chosen(SHIPPED, goal, channel=channel, language=code) for code in ("en", "zh"))
            assert len(english) >= 3
            assert [t.name for t in english] == [t.name for t in chinese]
            assert [t.traits for t in english] == [t.traits for t in chinese]
            assert [t.title for t in english] == [t.title for t in chinese]


def test_every_channel_has_something_to_say_for_every_goal() -> None:
    for channel in channels():
        for template in on_channel(SHIPPED, channel):
            checked(template, SHOPS[template.language][1])
        assert {template.goal for template in on_channel(SHIPPED, channel)} == set(TITLES)


def test_versions_for_a_goal_differ_in_what_they_try() -> None:
    for goal in TITLES:
        texts = chosen(SHIPPED, goal, channel="text", language="en")
        assert len({tuple(t.traits.items()) for t in texts}) == len(texts)


@pytest.mark.parametrize("template", SHIPPED, ids=ids)
class TestEveryShippedTemplate:
    def test_says_what_it_is(self, template: Template) -> None:
        assert template.title.en and template.title.zh
        assert set(template.traits) == set(TRAITS)
        assert all(template.traits.values())
        assert template.traits["length"] in ("short", "medium", "long")

    def test_is_right_for_the_hardest_customers_of_any_shop(self, template: Template) -> None:
        render, opt_out = compiled(template), channel_named(template.channel).opt_out
        for shop in SHOPS[template.language]:
            checked(template, shop)
            for _, facts in hardest(template.language, shop):
                written = render(facts)
                assert opt_out is None or opt_out.told(written.text)
                parts = [text for text in (written.text, written.subject, written.preheader) if text is not None]
                for text in parts:
                    assert "None" not in text
                    assert not re.search(r"  | [,.!?，。！？：:]|[,，]{2}|\n\n\n|[，,][。.]|“”", text)
                    assert "90" not in text  # nobody wants to hear what is counted about them
                    assert text == text.strip()

    def test_names_who_has_a_name(self, template: Template) -> None:
        name = "李薇" if template.language == "zh" else "Ann"
        text = compiled(template)(Facts(name=name)).text
        assert name in text
        assert name not in compiled(template)(Facts()).text

    def test_names_the_product_only_where_there_is_one(self, template: Template) -> None:
        text = compiled(template)(Facts(product="Longjing")).text
        assert ("Longjing" in text) == template.names_product
        assert "Longjing" not in compiled(template)(Facts()).text

    def test_claims_nothing_that_is_not_known(self, template: Template) -> None:
        written = compiled(template)(Facts())
        assert not CLAIMS.search(" ".join(filter(None, (written.text, written.subject, written.preheader))))

    def test_fits_for_the_longest_facts(self, template: Template) -> None:
        written = compiled(template)(LONGEST)
        for part in channel_named(template.channel).parts:
            text = getattr(written, part.key)
            assert text is None or part.unit.size(text) <= part.longest


@pytest.mark.parametrize("template", [t for t in SHIPPED if t.channel == "sms"], ids=ids)
def test_an_sms_to_a_usual_customer_is_of_one_part(template: Template) -> None:
    shop = SHOPS[template.language][1]
    render = compiled(template)
    usual = hardest(template.language, shop)[0][1]
    for facts in (usual, replace(usual, name=None), replace(usual, product=None)):
        assert render(facts).parts == 1
    text = render(usual).text
    if template.language == "zh":
        assert text.startswith("【山间茶铺】") and text.endswith("拒收请回复R")
    else:
        assert text.startswith("Hill Tea: ") and text.endswith("Reply STOP to opt out")


@pytest.mark.parametrize("template", [t for t in SHIPPED if t.channel == "email"], ids=ids)
def test_an_email_says_who_sent_it(template: Template) -> None:
    shop = SHOPS[template.language][2]
    written = compiled(template)(shop)
    assert shop.shop_name is not None and shop.shop_address is not None
    assert shop.shop_name in written.text.splitlines()
    assert shop.shop_address in written.text.splitlines()
    assert written.subject and written.preheader
    assert len(written.subject) <= 60  # what an inbox shows of it
    assert not re.match(r"(re|fw|fwd|回复|转发)\s*[:：]", written.subject, re.I)
