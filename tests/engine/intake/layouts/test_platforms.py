"""What each platform's export says beyond its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import layouts, understand
from tests.engine.intake.files import bought, csv, known, said


def test_wherever_an_export_may_lack_the_buyer_its_platform_says_where_one_is() -> None:
    hints = {
        "拼多多": "拼多多 never tells who the buyer is",
        "淘宝": "淘宝 no longer tells",
        "微店": "下单账号",
        "有赞": "客户 → 客户导出",
        "WooCommerce": "billing e-mail",
        "Shopify": "Customers → Export",
        "Stripe": "Customer ID and Customer Email",
    }
    told = {
        layout.platform: str(layout.hint)
        for layout in layouts.registered()
        if isinstance(layout, layouts.Known) and layout.kind == "orders" and layout.hint is not None
    }
    for platform, words in hints.items():
        assert words in told[platform]


def test_stripe_says_that_subscriptions_renew_themselves() -> None:
    found, _ = bought(
        csv("id,Created (UTC),Amount,Amount Refunded,Currency,Status", "ch_1,2026-01-05 10:22,5.00,0.00,usd,Paid")
    )
    assert "a repeated payment is a renewal" in said(found.notes)


CONSENTS = "First Name,Last Name,Email,Accepts Email Marketing,Accepts SMS Marketing,Total Spent"


def test_shopify_s_consents_to_e_mails_and_text_messages_stand_apart() -> None:
    _, told = known(csv(CONSENTS, "A,B,a@x.org,yes,no,1", "C,D,c@x.org,no,yes,1", "E,F,e@x.org,maybe,,1"))
    assert {said.channel: said.states for said in told.consents} == {
        "email": ("granted", "withdrawn", "withdrawn"),
        "sms": ("withdrawn", "granted", None),
    }
    assert "neither yes nor no (“maybe”)" in said(told.notes)


MAILCHIMP = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID,TAGS"
PERSON = "a@x.org,Ann,2,,2015-03-16 14:40:47,2015-03-16 14:40:47,1,abc,"


@pytest.mark.parametrize(
    ("name", "header", "row", "consent"),
    [
        ("subscribed_members_export_1.csv", "", "", "granted"),
        ("audience.csv", "", "", "granted"),
        ("unsubscribed_members_export_1.csv", "", "", "withdrawn"),
        ("audience.csv", ",UNSUB_TIME,UNSUB_REASON", ",2020-01-01 10:00:00,NORMAL", "withdrawn"),
        ("cleaned_members_export_1.csv", "", "", "withdrawn"),
        ("nonsubscribed_members_export_1.csv", "", "", None),
    ],
)
def test_mailchimp_s_file_is_the_consent(name: str, header: str, row: str, consent: str | None) -> None:
    from engine.intake import people
    from tests.engine.intake.files import TODAY

    found = understand(csv(MAILCHIMP + header, PERSON + row), name)
    told = people.read(found.table, found.cells, TODAY)
    assert told.people[c.CONSENT].tolist() == [consent]
    assert "Mailchimp" in said(found.notes)


@pytest.mark.parametrize(
    "name", ["mailchimp_campaign_single_report.csv", "mailchimp_campaigns_aggregate.csv", "klaviyo_campaigns.csv"]
)
def test_a_campaign_s_report_is_sent_where_it_belongs(name: str, datasets: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        understand((datasets / "layouts" / name).read_bytes(), name)
    assert str(caught.value) == (
        f"{name} is the report of a campaign, not an export of your shop: send it with /outcome."
    )


def test_a_shop_that_moved_to_another_platform_keeps_its_money_in_one_currency() -> None:
    # 拼多多 names no currency; it is the yuan
    found, told = bought(
        csv("订单号,订单状态,商家实收金额,商品id,售后状态,订单成交时间", "1,已收货,9,1,无售后,2026-09-15")
    )
    assert told.currency == "CNY"
    assert c.CURRENCY in found.cells
