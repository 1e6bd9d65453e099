"""Files of what people did besides ordering."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import columns as c
from engine.errors import FileRefused
from engine.intake import acts, layouts, reasons, understand
from tests.engine.intake.files import csv, happened, said


def test_a_chinese_file_of_events() -> None:
    _, told = happened(
        csv(
            "用户ID,行为,时间,商品名称,评分,渠道",
            "u1,浏览,2026-03-01 10:00,绿茶,,小程序",
            "u1,加入购物车,2026-03-01 10:05,绿茶,,",
            "u2,评分,2026-03-03,绿茶,5,",
            "u2,摇一摇,2026-03-03,,,",
            ",浏览,2026-03-03,绿茶,,",
            "u3,,2026-03-03,绿茶,,",
            "u3,浏览,,绿茶,,",
            "u3,浏览,昨天,绿茶,,",
        )
    )
    keys = [told.people[c.CUSTOMER_KEY].tolist()[i] for i in told.events[c.CUSTOMER]]
    assert list(zip(keys, told.events[c.KIND], strict=True)) == [
        ("u1", "view"),
        ("u1", "cart"),
        ("u2", "rating"),
        ("u2", "摇一摇"),
    ]
    assert told.events[c.PRODUCT].tolist() == [0, 0, 0, -1]
    assert told.goods[c.PRODUCT_NAME].tolist() == ["绿茶"]
    assert told.events[c.VALUE].tolist()[2] == 5
    assert told.events[c.PLACE].tolist() == ["小程序", None, None, None]
    assert told.rejected[[c.ROW, c.REASON]].values.tolist() == [
        [6, reasons.NO_CUSTOMER.message],
        [7, reasons.NO_EVENT.message],
        [8, reasons.NO_DATE.message],
        [9, reasons.DATE_UNREADABLE.message],
    ]
    assert "kept as they are: 摇一摇." in said(told.notes)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("浏览", "view"),
        ("收藏", "favourite"),
        ("加购", "cart"),
        ("购买", "buy"),
        ("访问", "visit"),
        ("注册", "sign_up"),
        ("打开", "open"),
        ("点击", "click"),
        ("使用", "use"),
        ("发帖", "post"),
        ("评分", "rating"),
        ("客服", "support"),
        ("推荐", "referral"),
        ("登录", "login"),
        ("试用", "trial"),
        ("Add to Cart", "cart"),
        ("add_to_cart", "cart"),
        ("Page View", "view"),
        ("PV", "view"),
        ("Signed-up", "sign_up"),
        ("Referral", "referral"),
        ("return", "returned"),
        ("Waved Hello", "waved hello"),
    ],
)
def test_words_for_events(word: str, kind: str) -> None:
    assert acts.kind_of(word) == kind


def test_every_usual_kind_is_its_own_word() -> None:
    assert [acts.kind_of(kind) for kind in acts.WORDS] == list(acts.WORDS)


def test_what_a_header_alone_says() -> None:
    _, ratings = happened(csv("userId,movieId,rating,timestamp", "1,31,2.5,1260759144", "2,10,4,835355493"))
    assert ratings.events[c.KIND].tolist() == ["rating", "rating"]
    # 1260759144 s after 1970-01-01 UTC is 2009-12-14 02:52:24 (GNU date -u -d @1260759144)
    assert str(ratings.events[c.AT].iloc[0]) == "2009-12-14 02:52:24"
    assert "seconds since 1970" in said(ratings.notes)
    _, visits = happened(csv("访客ID,访问时间,页面", "a,2026-01-01 10:00,首页"))
    assert visits.events[[c.KIND, c.PLACE]].values.tolist() == [["visit", "首页"]]


def test_a_price_beside_an_event_makes_no_order() -> None:
    _, told = happened(
        csv("event_time,event_type,product_id,price,user_id", "2019-10-01 00:00:00 UTC,view,4,35.79,5")
        + csv("", "2019-10-01 00:00:01 UTC,purchase,3,33.2,6")
    )
    assert told.events[c.VALUE].tolist() == [35.79, 33.2]
    assert "1 purchase was kept as an event" in said(told.notes)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("order id,customer id,date,event,price", "orders"),
        ("customer id,name,joined,action", "customers"),
        ("customer id,birth year,rating,created", "customers"),
        ("customer id,name,email,satisfaction", "customers"),
        ("customer id,event,date", "events"),
        ("邮箱,事件,日期", "events"),
    ],
)
def test_what_is_a_file_of_events_and_what_is_none(headers: str, kind: str) -> None:
    found = layouts.matched(headers.split(","))
    assert found is not None
    assert found.kind == kind


def test_events_of_nobody_are_no_events() -> None:
    with pytest.raises(FileRefused):
        understand(csv("event,date", "visit,2026-01-01"), "a.csv")


def test_values_that_cannot_be_read_and_columns_that_are_not_used_are_told() -> None:
    _, told = happened(csv("customer,event,date,rating,browser", "ann,rating,2026-01-01,good,Firefox"))
    assert "1 value of rating or amount could not be read" in said(told.notes)
    assert "Not used: browser." in said(told.notes)


def test_taobao_s_visitors(datasets: Path) -> None:
    _, told = happened((datasets / "taobao_user_behavior_sample.csv").read_bytes())
    # cut -d, -f3 taobao_user_behavior_sample.csv | sort | uniq -c
    assert told.events[c.KIND].value_counts().to_dict() == {"view": 1876, "cart": 70, "buy": 35, "favourite": 18}
    assert (len(told.people), len(told.goods), len(told.rejected)) == (34, 1689, 0)
    assert str(told.events[c.AT].min()) == "2014-11-18 10:00:00"
    assert str(told.events[c.AT].max()) == "2014-12-18 23:00:00"
    assert told.goods[c.CATEGORY].notna().all()
    assert "don't know" not in said(told.notes)
