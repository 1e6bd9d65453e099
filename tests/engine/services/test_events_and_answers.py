"""Events, attributes and richer products in the store: once, again, and from real files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import NotAllowed
from engine.services.behaviour import engagement_of_all
from engine.services.customers import customer_card
from engine.services.imports import import_file
from engine.services.presets import choose_preset, show_preset
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import attributes, events
from tests.engine.intake.files import csv, said
from tests.engine.services.test_imports import everything, put, rows

VISITS = (
    "customer id,event,date,product,rating,place",
    "ann,visit,2026-11-01 10:00,,,home",
    "ann,view,2026-11-01 10:01,Tea,,",
    "ann,view,2026-11-01 10:01,Tea,,",
    "ann,rating,2026-11-20,Tea,4,",
    "bob,visit,2026-09-01,,,",
)
STORED = "SELECT c.key, e.kind, e.at, e.value, e.place FROM events e JOIN customers c ON c.id = e.customer_id"


def test_what_a_file_of_events_brings(shop: Shop) -> None:
    made = put(shop, *VISITS)
    assert (made.kind, made.rows, made.accepted, made.events, made.customers) == ("events", 5, 5, 5, 2)
    assert made.kinds == {"visit": 2, "view": 2, "rating": 1}
    assert (str(made.first), str(made.last)) == ("2026-09-01", "2026-11-20")
    assert rows(shop, f"{STORED} ORDER BY e.id") == [
        ("ann", "visit", "2026-11-01T10:00:00", None, "home"),
        ("ann", "view", "2026-11-01T10:01:00", None, None),
        ("ann", "view", "2026-11-01T10:01:00", None, None),
        ("ann", "rating", "2026-11-20T00:00:00", 4.0, None),
        ("bob", "visit", "2026-09-01T00:00:00", None, None),
    ]
    assert not check_store(shop).faults


def test_a_file_that_overlaps_adds_what_is_new_and_corrects_what_changed(shop: Shop) -> None:
    put(shop, *VISITS)
    made = put(shop, *VISITS[:4], "ann,rating,2026-11-20,Tea,5,", "cat,visit,2026-11-21,,,")
    assert (made.events, made.changed) == (5, 1)
    assert "4 events were known from an earlier file" in said(made.notes)
    assert rows(shop, "SELECT count(*) FROM events") == [(6,)]
    assert rows(shop, "SELECT value FROM events WHERE kind = 'rating'") == [(5.0,)]
    again = put(shop, *VISITS[:4], "ann,rating,2026-11-20,Tea,5,", "cat,visit,2026-11-21,,,")
    assert again.already


def test_events_and_returns_do_not_touch_each_other(shop: Shop) -> None:
    returned = "order id,customer id,date,product,quantity,price"
    put(shop, returned, "1,ann,2026-11-01,Tea,2,3", "C2,ann,2026-11-02,Tea,-1,3")
    before = rows(shop, "SELECT * FROM events")
    put(shop, "customer id,event,date,product", "ann,return,2026-11-02,Tea")
    assert rows(shop, "SELECT * FROM events WHERE kind = 'return'") == before
    assert rows(shop, "SELECT kind FROM events ORDER BY id") == [("return",), ("returned",)]
    assert customer_card(shop, "ann").returned == 3


def test_who_unsubscribes_is_not_written_to(shop: Shop) -> None:
    put(shop, "customer id,name,consent", "ann,Ann,yes", "bob,Bob,yes")
    made = put(shop, "customer id,event,date", "ann,退订,2026-11-02", "bob,click,2026-11-02")
    assert "1 person unsubscribed according to this file" in said(made.notes)
    assert (customer_card(shop, "ann").consent, customer_card(shop, "bob").consent) == ("withdrawn", "granted")


def test_a_card_tells_events_and_attributes(shop: Shop) -> None:
    put(shop, *VISITS)
    put(shop, "customer id,name,plan,satisfaction", "ann,Ann,pro,4")
    card = customer_card(shop, "ann")
    assert card.engagement is not None
    # counted from 2026-11-21, the day after the newest event: 11-01 is 20 days ago, 11-20 one
    assert card.engagement.last_seen_days == 1
    assert card.engagement.in_30_days == {"view": 2, "rating": 1, "visit": 1}
    assert (card.engagement.mean_rating, card.engagement.n_ratings, card.engagement.stage) == (4, 1, "loyalty")
    assert [event.kind for event in card.events] == ["rating", "view", "view", "visit"]
    assert str(card.events[0].product) == "Tea"
    # the preset gives satisfaction a meaning, so it comes first
    assert [(one.name, one.value) for one in card.attributes] == [("satisfaction", "4"), ("plan", "pro")]
    bob = customer_card(shop, "bob").engagement
    assert bob is not None
    assert (bob.last_seen_days, bob.in_30_days, bob.in_90_days) == (81, {}, {"visit": 1})
    with shop.open() as db:
        assert engagement_of_all(shop, db)[c.EVENTS_90].tolist() == [4, 1]


def test_a_later_file_overwrites_what_it_tells_and_erases_nothing(shop: Shop) -> None:
    put(shop, "customer id,plan,points,city", "ann,free,5,York", "bob,free,7,")
    made = put(shop, "customer id,Plan,points,ends", "ann,pro,,2026-01-01", "bob,free,8,")
    assert made.answers_changed == 2
    with shop.open() as db:
        answers = {one.key: one.value for one in attributes.of(db, 1)}
        assert answers == {"plan": "pro", "points": "5", "ends": "2026-01-01"}
        assert [(one.name, one.kind, one.n) for one in attributes.all_of(db)] == [
            ("plan", "choice", 2),
            ("points", "number", 2),
            ("ends", "date", 1),
        ]
        frame = attributes.frame(db)
        assert frame["points"].tolist() == [5, 8]
        assert list(attributes.frame(db, ["plan"])["plan"]) == ["pro", "free"]
    assert rows(shop, "SELECT import_id FROM answers ORDER BY customer_id, attribute_id") == [
        (2,),
        (1,),
        (2,),
        (1,),
        (2,),
    ]


def test_an_attribute_that_two_files_call_differently_is_of_the_wider_kind(shop: Shop) -> None:
    put(shop, "customer id,mark", *(f"c{i},{i}" for i in range(1, 6)))
    put(shop, "customer id,mark", "c1,12.5", "c2,3")
    put(shop, "customer id,level", "c1,yes", "c2,no")
    put(shop, "customer id,level", "c1,gold", "c2,silver")
    assert rows(shop, "SELECT key, kind FROM attributes") == [("mark", "number"), ("level", "choice")]


def test_a_second_file_of_people_without_a_key_is_of_other_people(shop: Shop) -> None:
    first, second = ("age,job,balance", "30,clerk,5"), ("age,job,balance", "31,cook,6", "30,clerk,5")
    put(shop, *first)
    before = everything(shop)
    assert put(shop, *first).already
    assert everything(shop) == before
    put(shop, *second)
    assert rows(shop, "SELECT key, birth_year FROM customers ORDER BY id") == [
        ("file1-row2", 1996),
        ("file2-row2", 1995),
        ("file2-row3", 1996),
    ]
    assert {one.name: one.value for one in customer_card(shop, "file2-row2").attributes} == {
        "job": "cook",
        "balance": "6",
    }


def test_a_product_list_updates_what_changed(shop: Shop) -> None:
    put(shop, "sku,name,category,price,stock,description", "T,Tea,hot,3,120,green", "P,Pot,ware,20,4,")
    made = put(shop, "sku,name,stock", "T,Tea,80", "P,Pot,4")
    assert made.changed == 1
    assert rows(shop, "SELECT key, category, price, stock, description FROM products ORDER BY id") == [
        ("T", "hot", 3.0, 80.0, "green"),
        ("P", "ware", 20.0, 4.0, None),
    ]


def test_the_demo_makes_room_for_events_and_answers_too(shop: Shop) -> None:
    put(shop, *VISITS, demo=True)
    put(shop, "customer id,plan", "dan,pro", demo=True)
    put(shop, "customer id,plan", "zoe,free")
    assert rows(shop, "SELECT count(*) FROM events") == [(0,)]
    assert rows(shop, "SELECT c.key, n.value FROM answers n JOIN customers c ON c.id = n.customer_id") == [
        ("zoe", "free")
    ]


class TestPresets:
    def test_is_a_shop_s_until_chosen(self, shop: Shop) -> None:
        assert show_preset(shop).name == "shop"
        assert choose_preset(shop, " Finance ").name == "finance"
        before = everything(shop)
        assert choose_preset(shop, "finance").chosen
        assert everything(shop) == before
        assert show_preset(shop).name == "finance"
        with pytest.raises(NotAllowed):
            choose_preset(shop, "farm")
        assert show_preset(shop).name == "finance"

    def test_is_proposed_and_not_switched(self, shop: Shop) -> None:
        made = put(shop, "customer id,balance,housing,satisfaction,job", "1,5,yes,4,cook", "2,7,no,3,clerk")
        assert made.proposes == "finance"
        assert show_preset(shop).name == "shop"
        card = choose_preset(shop, "finance")
        assert (card.held, card.satisfaction) == (("balance", "housing"), ("satisfaction",))
        assert put(shop, "customer id,balance,loan", "1,5,yes").proposes is None

    def test_reads_the_shop_s_events(self, shop: Shop) -> None:
        put(shop, *VISITS, "bob,wave,2026-09-02,,,")
        card = show_preset(shop)
        assert card.stages["interest"] == {"view": 2}
        assert card.stages["awareness"] == {"visit": 2}
        assert card.unread == ("wave",)


# figures of the files counted with Python's csv module, not with ours
class TestRealFiles:
    def test_customer_personality(self, shop: Shop, datasets: Path) -> None:
        made = import_file(shop, datasets / "customer_personality.csv")
        assert (made.rows, made.accepted, made.customers, made.rejected) == (2_240, 2_240, 2_240, 0)
        assert len(made.attributes) == 26  # 29 columns without ID, Year_Birth, Dt_Customer
        assert {one.name: one.missing for one in made.attributes if one.missing} == {"Income": 24}
        assert "182 people are like others in everything but the number" in said(made.notes)
        # 1893, 1899 and 1900: more than 120 years ago
        assert "3 values of year of birth could not be read" in said(made.notes)
        with shop.open() as db:
            frame = attributes.frame(db)
            assert frame["income"].sum() == 115_779_909
            assert frame["income"].max() == 666_666
            assert frame["response"].sum() == 334
            assert frame["maritalstatus"].value_counts()[["Married", "Absurd", "YOLO"]].tolist() == [864, 2, 2]
        assert import_file(shop, datasets / "customer_personality.csv").already

    def test_bank_marketing(self, shop: Shop, datasets: Path) -> None:
        path = shop.path.parent / "bank_marketing.csv"
        path.write_bytes(gzip.decompress((datasets / "bank_marketing.csv.gz").read_bytes()))
        made = import_file(shop, path)
        assert (made.rows, made.accepted, made.customers, made.rejected) == (45_211, 45_211, 45_211, 0)
        assert {one.name for one in made.attributes if one.kind == "yes_no"} == {"default", "housing", "loan", "y"}
        assert {one.name: one.missing for one in made.attributes if one.missing} == {"pdays": 36_954}
        assert "-1 in “pdays” (36,954 rows)" in said(made.notes)
        assert made.proposes == "finance"
        with shop.open() as db:
            frame = attributes.frame(db, ["y", "balance", "poutcome"])
            assert (frame["y"].sum(), frame["balance"].sum()) == (5_289, 61_589_682)
            assert frame["poutcome"].value_counts()["success"] == 1_511
        assert not check_store(shop).faults

    def test_young_people_survey(self, shop: Shop, datasets: Path) -> None:
        made = import_file(shop, datasets / "young_people_survey.csv")
        assert (made.rows, made.customers, len(made.attributes)) == (1_010, 1_010, 148)
        told = {one.name: one for one in made.attributes}
        assert (told["Height"].missing, told["Music"].missing, told["Music"].kind) == (20, 3, "scale")
        assert "each row is one person" in said(made.notes)
        assert rows(shop, "SELECT count(*) FROM answers") == [(148_885,)]
        assert rows(shop, "SELECT gender, count(*) FROM customers GROUP BY gender ORDER BY 2") == [
            (None, 6),
            ("male", 411),
            ("female", 593),
        ]
        with shop.open() as db:
            assert attributes.frame(db, ["country"])["country"].value_counts()[2.0] == 346  # the music

    def test_taobao_s_visitors(self, shop: Shop, datasets: Path) -> None:
        made = import_file(shop, datasets / "taobao_user_behavior_sample.csv")
        assert (made.rows, made.events, made.customers, made.products) == (1_999, 1_999, 34, 1_689)
        assert made.kinds == {"view": 1_876, "cart": 70, "buy": 35, "favourite": 18}
        assert rows(shop, "SELECT count(*) FROM orders") == [(0,)]
        card = customer_card(shop, "100509623").engagement
        assert card is not None
        assert (card.last_seen_days, card.in_30_days) == (2, {"view": 196, "cart": 14, "buy": 3})
        with shop.open() as db:
            assert events.newest_at(db) == events.frame(db)[c.AT].max()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from(["view", "cart"]), st.integers(1, 3), st.sampled_from(["", "T"])
        ),
        min_size=1,
        max_size=12,
    ),
    cut=st.integers(0, 12),
)
def test_parts_that_overlap_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[str, str, int, str]], cut: int
) -> None:
    """A part of an export and then all of it leave what all of it alone leaves."""
    header = "customer id,event,date,product"
    lines = [f"{who},{what},2026-11-0{day},{product}" for who, what, day, product in told]
    folder = tmp_path_factory.mktemp("overlap")
    once, twice = Shop(folder / "once" / "shop.db"), Shop(folder / "twice" / "shop.db")
    put(once, header, *lines)
    if lines[:cut]:
        put(twice, header, *lines[:cut])
    put(twice, header, *lines, name="all.csv")
    question = (
        "SELECT c.key, e.kind, e.at, p.key FROM events e JOIN customers c ON c.id = e.customer_id "
        "LEFT JOIN products p ON p.id = e.product_id ORDER BY 1, 2, 3, 4"
    )
    assert rows(once, question) == rows(twice, question)
    assert len(rows(once, question)) == len(csv(*lines).splitlines())
