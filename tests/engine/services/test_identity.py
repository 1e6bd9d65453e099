"""One customer from several keys: joined by the rules, shown, undone, and never against the founder's word."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from engine import (
    NotAllowed,
    NotFound,
    Receipt,
    Shop,
    StoredPair,
    check_store,
    count_as_one,
    count_as_two,
    customer_card,
    customers_like,
    list_customers,
    same_people,
)
from engine.store import campaigns, consents, customers, imports, orders, outcomes, transaction
from engine.store.identity import put_customers
from tests.engine.intake.files import said
from tests.engine.services.test_imports import put, rows

SALES = "order id,date,customer id,email,phone,customer name,total"
PEOPLE = "customer id,email,phone,name,consent,city"
WHOSE = (
    "SELECT o.key, u.key FROM orders o JOIN customers u ON u.id = o.customer_id WHERE u.merged_into IS NULL "
    "ORDER BY o.key"
)


def sell(shop: Shop, *buyers: str, start: int = 1) -> Receipt:
    """One order each, for 10: a buyer is number, e-mail, phone and name, with commas between."""
    return put(shop, SALES, *(f"o{i},2025-05-01,{buyer},10" for i, buyer in enumerate(buyers, start)))


def whose(shop: Shop) -> dict[str, str]:
    assert check_store(shop).faults == ()
    return dict(rows(shop, WHOSE))


def suspected(shop: Shop) -> list[tuple[str, str, str]]:
    return [(pair.kind, pair.a.key, pair.b.key) for pair in same_people(shop).suspected]


def merged(shop: Shop) -> list[tuple[str, str, str]]:
    return [(pair.kind, pair.a.key, pair.b.key) for pair in same_people(shop).merged]


def the_pair(shop: Shop) -> StoredPair:
    found = same_people(shop)
    (pair,) = (*found.suspected, *found.merged)
    return pair


def state_of(shop: Shop, key: str, channel: str = "text") -> str | None:
    with shop.open() as db:
        (who,) = customers.found(db, key)
        return consents.states(db, channel).get(who.id)


class TestOneFile:
    def test_rows_with_the_number_and_rows_with_the_email_alone(self, shop: Shop) -> None:
        made = sell(shop, "17,ann@x.org,,", ",ann@x.org,,", ",,13800138000,", ",ann@x.org,13800138000,")
        assert made.customers == 1
        assert whose(shop) == dict.fromkeys(["o1", "o2", "o3", "o4"], "17")
        assert sorted(merged(shop)) == [("email", "17", "ann@x.org"), ("phone", "ann@x.org", "13800138000")]

    def test_within_one_order_the_rows_complete_each_other(self, shop: Shop) -> None:
        made = put(
            shop,
            "order id,date,customer id,email,phone,product,price",
            "1,2025-05-01,17,,,Tea,3",
            "1,2025-05-01,,ann@x.org,,Pot,4",
            "1,2025-05-01,,,13800138000,Cup,5",
            "2,2025-05-02,,ann@x.org,,Tea,3",
        )
        assert (made.orders, made.customers, made.revenue) == (2, 1, 15.0)
        assert rows(shop, "SELECT key, email, phone FROM customers") == [("17", "ann@x.org", "13800138000")]

    def test_an_order_number_that_two_customers_share_is_two_orders_as_before(self, shop: Shop) -> None:
        made = put(
            shop,
            "order id,date,email,phone,product,price",
            "1,2025-05-01,ann@x.org,13800138000,Tea,3",
            "1,2025-05-01,bob@x.org,,Tea,3",
        )
        assert (made.orders, made.customers) == (2, 2)

    def test_point_of_sale_orders_without_an_email_are_nobody_s(self, shop: Shop) -> None:
        made = put(
            shop,
            "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Phone,Total",
            "#1,ann@x.org,2025-03-20 05:20:57 -0700,1,Tea,3,,3",
            "#2,,2025-03-20 05:20:57 -0700,1,Tea,3,,3",
            "#3,,2025-03-21 05:20:57 -0700,1,Tea,3,,3",
        )
        assert (made.customers, made.orders, made.without_customer) == (1, 1, 2)

    def test_masked_keys_are_no_keys(self, shop: Shop) -> None:
        put(shop, PEOPLE, "1,a***@x.org,138****8000,Ann,,", "2,a***@x.org,138****8000,Bob,,")
        assert rows(shop, "SELECT value FROM identities ORDER BY value") == [("1",), ("2",)]
        assert rows(shop, "SELECT * FROM identity_keys") == []
        assert suspected(shop) == merged(shop) == []


class TestTheRules:
    @pytest.mark.parametrize(
        ("first", "second", "one"),
        [
            ("17,ann@x.org,,", ",ann@x.org,,", True),
            ("18,ann@x.org,,Ann", ",ANN@X.org,,Bob", True),
            ("17,ann@x.org,,", "18,ann@x.org,,", False),
            ("17,,13800138000,", ",,13800138000,", True),
            ("17,,13800138000,", "18,,13800138000,", False),
            (",a@x.org,13800138000,", ",b@x.org,13800138000,", False),
            (",a@x.org,13800138000,王芳", ",,+86 138 0013 8000,王女士", True),
            (",a@x.org,13800138000,王芳", ",,13800138000,李强", False),
            (",a@x.org,13800138000,Ann Lee", ",,13800138000,A. Lee", True),
            (",a@x.org,13800138000,Ann Lee", ",,13800138000,Bob Lee", False),
            ("13800138000,,,", ",a@x.org,13800138000,", True),  # an account that is a phone
        ],
    )
    def test_who_shares_a_key(self, shop: Shop, first: str, second: str, one: bool) -> None:
        """In one file or in two, in either order: the same answer, and who is not joined is shown."""
        together = Shop(shop.path.with_name("together.db"), clock=shop.clock)
        other_way = Shop(shop.path.with_name("other.db"), clock=shop.clock)
        sell(together, first, second)
        sell(shop, first)
        sell(shop, second, start=2)
        sell(other_way, second)
        sell(other_way, first, start=2)
        for each in (shop, together, other_way):
            assert len(set(whose(each).values())) == (1 if one else 2)
            assert len(suspected(each)) == (0 if one else 1)
            assert len(merged(each)) == (1 if one else 0)

    @pytest.mark.parametrize("told", ["性别", "生日"])
    def test_another_gender_or_year_of_birth_parts_who_shares_a_phone(self, shop: Shop, told: str) -> None:
        a, b = ("女", "男") if told == "性别" else ("1990-01-01", "1960-01-01")
        put(shop, f"会员号,手机号,{told}", f"1,13800138000,{a}")
        put(shop, f"邮箱,手机号,{told}", f"b@x.cn,13800138000,{b}")
        assert suspected(shop) == [("phone", "1", "b@x.cn")]

    def test_a_name_makes_nobody_the_same(self, shop: Shop) -> None:
        put(shop, PEOPLE, "1,ann@x.org,,Ann Lee,,")
        put(shop, "customer name,order id,date,total", "Ann Lee,o1,2025-05-01,10")
        assert whose(shop) == {"o1": "Ann Lee"}
        assert list_customers(shop).total == 2
        assert suspected(shop) == []

    def test_whom_a_key_fits_that_two_people_have_it_does_not_say(self, shop: Shop) -> None:
        put(shop, PEOPLE, "17,ann@x.org,,,,", "18,ann@x.org,,,,")
        sell(shop, ",ann@x.org,,")
        assert whose(shop) == {"o1": "ann@x.org"}
        assert len(suspected(shop)) == 3

    def test_what_very_many_share_tells_nobody_apart(self, shop: Shop) -> None:
        made = put(shop, PEOPLE, *(f"{i},,4008008000,,," for i in range(8)))
        assert suspected(shop) == []
        assert "1 e-mail or phone belongs to more than 5 people" in said(made.notes)

    def test_numbers_of_two_platforms_have_nothing_to_do_with_each_other(self, shop: Shop) -> None:
        put(shop, "customer id,email,name", "17,ann@x.org,Ann")
        made = put(shop, "会员号,邮箱,姓名", "17,bob@x.cn,Bob")
        assert list_customers(shop).total == 2
        assert made.known_by == {}
        assert suspected(shop) == [] or suspected(shop)[0][0] == "id"
        put(shop, "会员号,邮箱,城市", "17,bob@x.cn,杭州")
        assert customer_card(shop, "bob@x.cn").customer.city == "杭州"
        assert customer_card(shop, "17").customer.city is None

    def test_the_same_number_in_another_file_of_the_shop_is_the_same_person(self, shop: Shop) -> None:
        sell(shop, "17,,,")
        put(shop, "会员号,邮箱,姓名", "17,bob@x.cn,Bob")
        assert list_customers(shop).total == 1


class TestCountryCodes:
    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("+1 212 555 7777", "(212) 555-7777"),
            ("1-212-555-7777", "(212) 555-7777"),
            ("07700 900001", "+44 7700 900001"),
            ("07700 900001", "0044 (0)7700 900001"),
            ("+7 912 345-67-89", "8 912 345-67-89"),
            ("+852 9123 4567", "91234567"),
            ("020-8888 6666", "+86 20 8888 6666"),
        ],
    )
    def test_with_and_without_one_may_be_one_person(self, shop: Shop, first: str, second: str) -> None:
        sell(shop, f"1,,{first},Ann Lee")
        assert "1 pair of customers may be one person" in said(sell(shop, f"2,,{second},Ann Lee", start=2).notes)
        assert len(suspected(shop)) == 1
        assert whose(shop) == {"o1": "1", "o2": "2"}
        sell(shop, f"2,,{second},Ann Lee", start=3)
        assert len(suspected(shop)) == 1

    def test_in_one_file_and_without_a_name_too(self, shop: Shop) -> None:
        sell(shop, ",,+1 212 555 7777,", ",,(212) 555-7777,")
        assert suspected(shop) == [("phone", "+12125557777", "2125557777")]

    def test_the_same_name_makes_one_of_them_unless_something_contradicts(self, shop: Shop) -> None:
        sell(shop, ",,+1 212 555 7777,Ann Lee", ",,+44 7700 900001,Bob Ray", ",b@x.org,+852 9123 4567,Cy Fox")
        sell(shop, ",,(212) 555-7777,Lee Ann", ",,07700 900001,Bea Ray", ",c@x.org,9123 4567,Cy Fox", start=4)
        assert merged(shop) == [("phone", "+12125557777", "2125557777")]
        assert len(suspected(shop)) == 2
        assert len(set(whose(shop).values())) == 5

    def test_another_country_is_another_number(self, shop: Shop) -> None:
        sell(shop, "1,,+1 212 555 7777,", "2,,+44 212 555 7777,", "3,,555 7777,")
        assert suspected(shop) == []

    def test_the_founder_s_two_stay_two(self, shop: Shop) -> None:
        sell(shop, ",,+1 212 555 7777,Ann", ",,(212) 555-7777,Bea")
        count_as_two(shop, the_pair(shop).id)
        sell(shop, ",,(212) 555-7777,Ann", start=3)
        assert (suspected(shop), merged(shop)) == ([], [])

    def test_a_number_that_only_fills_the_field_is_nobody_s(self, shop: Shop) -> None:
        made = sell(shop, *(f"{i},,{phone},Ann" for i in range(2) for phone in ("0000000000", "12345678")))
        assert suspected(shop) == merged(shop) == []
        assert made.orders == 4

    def test_the_number_written_otherwise_contradicts_no_customer_number(self, shop: Shop) -> None:
        header = SALES.replace("customer id", "member no")
        sell(shop, "7,,+1 212 555 7777,Ann Lee")
        put(shop, header, "o2,2025-05-01,7,,(212) 555-7777,Ann Lee,10")
        assert whose(shop) == {"o1": "7", "o2": "7"}


class TestTheReceipt:
    def test_says_who_was_known_and_by_what(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,,", ",bob@x.org,,", ",,13900139000,")
        made = put(shop, PEOPLE, "17,,,,,", "18,bob@x.org,,,,", "19,,13900139000,,,", "20,,,,,")
        assert made.known_by == {"id": 1, "email": 1, "phone": 1}
        assert "3 customers were known before, by number (1), e-mail (1), phone (1)." in said(made.notes)

    def test_says_how_many_may_be_one(self, shop: Shop) -> None:
        made = put(shop, PEOPLE, "17,,13900139000,,,", "18,,13900139000,,,")
        assert made.pairs == 1
        assert "1 pair of customers may be one person: /same shows them." in said(made.notes)

    def test_counts_what_changed_and_keeps_the_old_phone(self, shop: Shop) -> None:
        put(shop, PEOPLE, "17,ann@x.org,13800138000,Ann,,Leeds")
        made = put(shop, PEOPLE, "17,ann@x.org,13900139000,Ann Lee,,York")
        assert made.changed == 1
        assert rows(shop, "SELECT phone, name, city FROM customers") == [("13900139000", "Ann Lee", "York")]
        for key in ("13800138000", "13900139000", "ANN@x.org", "17"):
            assert customer_card(shop, key).customer.key == "17"
        sell(shop, ",,13800138000,")
        assert whose(shop) == {"o1": "17"}


class TestUndo:
    def test_everything_goes_back_to_whom_it_came_from(self, shop: Shop) -> None:
        put(shop, "order id,date,email,customer name,city,total", "o1,2025-05-01,ann@x.org,Ann,Leeds,10")
        put(shop, PEOPLE, "17,ann@x.org,,Ann Lee,no,York")
        sell(shop, "17,,,", ",ann@x.org,,", start=2)
        assert whose(shop) == dict.fromkeys(["o1", "o2", "o3"], "17")
        put(shop, "email,consent", "ann@x.org,yes", "new@x.org,yes")
        assert state_of(shop, "17") == "withdrawn"
        pair = the_pair(shop)
        assert (pair.state, pair.kind, pair.a.n_orders, pair.b.n_orders) == ("one", "email", 2, 1)
        count_as_two(shop, pair.id)
        assert whose(shop) == {"o1": "ann@x.org", "o2": "17", "o3": "ann@x.org"}
        people = rows(shop, "SELECT key, name, city FROM customers WHERE merged_into IS NULL ORDER BY key")
        assert people == [("17", "Ann Lee", "York"), ("ann@x.org", "Ann", "Leeds"), ("new@x.org", None, None)]
        assert rows(shop, "SELECT who, deed, subject FROM trail ORDER BY id DESC LIMIT 1") == [
            ("owner", "made two", str(pair.id))
        ]
        with shop.open() as db:
            assert set(consents.states(db, "text").values()) == {"withdrawn", "granted"}

    def test_two_customers_of_before_are_two_again_with_their_own_consent(self, shop: Shop) -> None:
        put(shop, PEOPLE, ",ann@x.org,,Ann,yes,Leeds", ",,13800138000,Ann Lee,no,York")
        sell(shop, ",ann@x.org,,", ",,13800138000,")
        put(shop, PEOPLE, ",ann@x.org,13800138000,,,")
        assert set(whose(shop).values()) == {"ann@x.org"}
        assert state_of(shop, "ann@x.org") == "withdrawn"
        assert list_customers(shop).total == customers_like(shop, "ann").total == 1
        pair = the_pair(shop)
        assert (pair.kind, pair.value) == ("phone", "13800138000")
        assert count_as_two(shop, pair.id).changed
        assert whose(shop) == {"o1": "ann@x.org", "o2": "13800138000"}
        assert state_of(shop, "ann@x.org") == "granted"
        assert rows(shop, "SELECT key, city FROM customers WHERE merged_into IS NULL ORDER BY id") == [
            ("ann@x.org", "Leeds"),
            ("13800138000", "York"),
        ]
        with shop.open() as db:
            assert sorted(consents.states(db, "text").values()) == ["granted", "withdrawn"]

    def test_answers_and_events_go_with_their_key(self, shop: Shop) -> None:
        put(shop, PEOPLE + ",likes tea", "17,ann@x.org,,,,,5")
        put(shop, "email,likes tea", "ann@x.org,2")
        put(shop, "email,event,date", "ann@x.org,visit,2025-05-01")
        told = "SELECT u.key, n.value FROM answers n JOIN customers u ON u.id = n.customer_id ORDER BY n.value"
        did = "SELECT u.key, e.kind FROM events e JOIN customers u ON u.id = e.customer_id"
        assert rows(shop, told) == [("17", "2"), ("17", "5")]
        assert rows(shop, did) == [("17", "visit")]
        count_as_two(shop, the_pair(shop).id)
        assert rows(shop, told) == [("ann@x.org", "2"), ("17", "5")]
        assert rows(shop, did) == [("ann@x.org", "visit")]
        count_as_one(shop, same_people(shop).n_apart)
        assert rows(shop, told) == [("17", "2"), ("17", "5")]
        assert whose(shop) == {}

    def test_it_stays_undone_whatever_file_comes(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,,", ",ann@x.org,,")
        pair = the_pair(shop)
        count_as_two(shop, pair.id)
        sell(shop, "17,ann@x.org,,", ",ann@x.org,,", ",ann@x.org,,", start=3)
        assert whose(shop) == {"o1": "17", "o2": "ann@x.org", "o3": "17", "o4": "ann@x.org", "o5": "ann@x.org"}
        assert suspected(shop) == merged(shop) == []
        assert not count_as_two(shop, pair.id).changed

    def test_somebody_of_three_who_is_told_apart_takes_along_whom_they_brought(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,,", ",ann@x.org,13800138000,", ",,13800138000,")
        assert set(whose(shop).values()) == {"17"}
        by_mail = next(pair for pair in same_people(shop).merged if pair.kind == "email")
        count_as_two(shop, by_mail.id)
        assert whose(shop) == {"o1": "17", "o2": "ann@x.org", "o3": "ann@x.org"}

    def test_what_was_said_without_a_key_holds_for_both(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,,", ",ann@x.org,,")
        with shop.open() as db:
            db.conn.execute(
                "INSERT INTO consents (customer_id, channel, state, how, at) VALUES (1, 'any', 'withdrawn', 'said', '')"
            )
        count_as_two(shop, the_pair(shop).id)
        assert len(set(whose(shop).values())) == 2
        assert state_of(shop, "17") == "withdrawn"
        with shop.open() as db:
            assert list(consents.states(db, "text").values()) == ["withdrawn"] * 2

    def test_one_again(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,,", ",ann@x.org,,")
        pair = the_pair(shop)
        count_as_two(shop, pair.id)
        again = count_as_one(shop, pair.id)
        assert (again.changed, again.pair.state, again.pair.who) == (True, "one", "owner")
        assert set(whose(shop).values()) == {"17"}
        assert not count_as_one(shop, pair.id).changed


class TestMaskedContacts:
    def test_a_masked_phone_hides_no_whole_one_of_the_same_person(self, shop: Shop) -> None:
        sell(shop, "17,ann@x.org,13800138000,", ",ann@x.org,,")
        put(shop, "email,phone", "ann@x.org,138****8000")
        assert rows(shop, "SELECT phone FROM customers WHERE merged_into IS NULL") == [("13800138000",)]
        count_as_two(shop, the_pair(shop).id)
        count_as_one(shop, 1)
        assert rows(shop, "SELECT phone FROM customers WHERE merged_into IS NULL") == [("13800138000",)]
        assert suspected(shop) == []


class TestTheFoundersWord:
    def test_one_person_moves_everything(self, shop: Shop) -> None:
        sell(shop, "17,,13800138000,Ann", "18,,13800138000,Bob")
        put(shop, "order id,date,customer id,product,quantity,price", "C9,2025-05-09,18,Tea,-1,4")
        with shop.open() as db:
            version = orders.data_version(db)
        count_as_one(shop, the_pair(shop).id)
        assert whose(shop) == {"o1": "17", "o2": "17"}
        card = customer_card(shop, "18")
        assert (card.customer.key, card.n_returns, card.behaviour and card.behaviour.n_orders) == ("17", 1, 2)
        with shop.open() as db:
            assert orders.data_version(db) > version

    def test_two_people_are_never_suggested_again(self, shop: Shop) -> None:
        sell(shop, "17,,13800138000,Ann", "18,,13800138000,Bob")
        count_as_two(shop, the_pair(shop).id)
        assert suspected(shop) == []
        made = sell(shop, "17,,13800138000,Ann", "18,,13800138000,Bob", "18,,13800138000,", start=1)
        assert made.pairs == 0
        assert suspected(shop) == merged(shop) == []

    def test_nobody_becomes_one_with_two_who_are_two(self, shop: Shop) -> None:
        put(shop, PEOPLE, "17,,13800138000,Ann,,", "18,,13800138000,Bob,,", "19,,13800138000,Eve,,")
        pairs = {(pair.a.key, pair.b.key): pair.id for pair in same_people(shop).suspected}
        count_as_two(shop, pairs["17", "18"])
        count_as_one(shop, pairs["17", "19"])
        with pytest.raises(NotAllowed, match="since you have said that 17 and 18 are two"):
            count_as_one(shop, pairs["18", "19"])
        count_as_one(shop, pairs["17", "18"])
        assert list_customers(shop).total == 1

    def test_the_same_cause_acts_once(self, shop: Shop) -> None:
        sell(shop, "17,,13800138000,Ann", "18,,13800138000,Bob")
        caused = shop.caused_by("update:5")
        pair = the_pair(shop)
        assert count_as_one(caused, pair.id).changed
        assert count_as_one(caused, pair.id).changed
        assert rows(shop, "SELECT count(*) FROM trail WHERE deed = 'made one'") == [(1,)]

    @pytest.mark.parametrize("pair", [0, 7, 10**30])
    def test_a_pair_that_is_not_there(self, shop: Shop, pair: int) -> None:
        with pytest.raises(NotFound, match="There is no pair"):
            count_as_two(shop, pair)

    @pytest.mark.parametrize("asked", [{"n": 0}, {"n": 1_001}, {"skip_merged": -1}])
    def test_lists_have_bounds(self, shop: Shop, asked: dict[str, Any]) -> None:
        with pytest.raises(NotAllowed):
            same_people(shop, **asked)


class TestConsent:
    def test_a_yes_under_another_key_grants_nothing(self, shop: Shop) -> None:
        put(shop, PEOPLE, "17,ann@x.org,,,no,")
        made = put(shop, "email,consent", "ann@x.org,yes")
        assert state_of(shop, "17") == "withdrawn"
        assert "1 person who unsubscribed before stays unsubscribed." in said(made.notes)
        assert len(rows(shop, "SELECT * FROM consents")) == 1

    def test_withdrawn_for_any_covers_each_channel_and_one_channel_only_itself(self, shop: Shop) -> None:
        put(shop, "customer id,city", "1,a", "2,b", "3,c")
        with shop.open() as db:
            who = np.array([1, 2, 3])

            def say(states: list[str | None], channel: str) -> int:
                kept = consents.put(db, who, who, states, hows=["said"] * 3, at=shop.now(), channel=channel)
                return len(kept)

            assert say(["withdrawn", None, None], "any") == 0
            assert say([None, "withdrawn", None], "sms") == 0
            assert say(["granted", "granted", "granted"], "email") == 1
            assert consents.states(db, "email") == {1: "withdrawn", 2: "granted", 3: "granted"}
            assert say(["granted", "granted", "granted"], "sms") == 2
            assert say(["granted", "granted", "granted"], "any") == 2
            assert consents.states(db, "sms") == {1: "withdrawn", 2: "withdrawn", 3: "granted"}


class TestCampaigns:
    """History stays as it was: a message was sent to whom it was sent."""

    def draft(self, shop: Shop) -> None:
        with shop.open() as db:
            db.conn.execute(
                "INSERT INTO campaigns (id, segment_key, segment_name, goal, channel, language, policy, seed, "
                "holdout_share, notes, status, drafted_at) VALUES (1, 's', '\"\"', 'g', 'text', 'en', 'uniform', 1, 0, "
                "'[]', 'draft', '')"
            )
            db.conn.execute(
                "INSERT INTO variants (id, campaign_id, label, template, source, weight) VALUES (1, 1, 'A', 't', '', 1)"
            )
            for position, customer in enumerate((1, 2), 1):
                db.conn.execute(
                    "INSERT INTO sends (campaign_id, customer_id, variant_id, position, propensity, text) "
                    "VALUES (1, ?, 1, ?, 1, 'hi')",
                    [customer, position],
                )

    def test_who_turns_out_to_be_in_a_draft_twice_gets_one_message(self, shop: Shop) -> None:
        sell(shop, "17,,13800138000,Ann", "18,,13800138000,Bob")
        self.draft(shop)
        count_as_one(shop, the_pair(shop).id)
        with shop.open() as db:
            assert campaigns.doubles(db, 1) == [2]
            assert [message.customer_key for message in campaigns.messages(db, 1)] == ["17", "17"]
            assert {(r.customer, r.key) for r in outcomes.recipients(db, 1)} == {(1, "17"), (2, "17")}
            assert (2, "18") in outcomes.names(db, 1)
        count_as_two(shop, the_pair(shop).id)
        with shop.open() as db:
            assert campaigns.doubles(db, 1) == []
            assert [message.customer_key for message in campaigns.messages(db, 1)] == ["17", "18"]


def test_people_of_whom_a_frame_tells_no_keys_have_those_that_it_tells(shop: Shop) -> None:
    people = pd.DataFrame(
        {"customer_key": ["17", "b@x.org"], "email": ["a@x.org", "b@x.org"], "phone": ["13800138000", None]},
        dtype=object,
    ).assign(bought=True)
    with shop.open() as db, transaction(db):
        number = imports.add(db, name="x", sha256="x", kind="customers", demo=False, cause=None, at=shop.now())
        found = put_customers(db, people, number, scope="", at=shop.now())
    assert found.customers.tolist() == [1, 2]
    assert rows(shop, "SELECT kind, value FROM identities ORDER BY id") == [("id", "17"), ("email", "b@x.org")]
    assert rows(shop, "SELECT identity_id, kind, value FROM identity_keys ORDER BY kind") == [
        (1, "email", "a@x.org"),
        (1, "phone", "13800138000"),
    ]


def test_numbers_follow_the_file_whoever_is_somebody_else(shop: Shop) -> None:
    """The second gave back what 3 is sold later; 1 and 4 share an e-mail; 5 shares nothing."""
    people = pd.DataFrame(
        {
            "customer_key": ["1", "c@x.org", "3", "4", "5"],
            "email": ["a@x.org", "c@x.org", "c@x.org", "a@x.org", None],
            "phone": None,
            "bought": [True, False, True, True, True],
        },
        dtype=object,
    )
    with shop.open() as db, transaction(db):
        number = imports.add(db, name="x", sha256="x", kind="customers", demo=False, cause=None, at=shop.now())
        found = put_customers(db, people, number, scope="shop", at=shop.now())
    assert found.identities.tolist() == [1, 2, 2, 3, 4]
    assert rows(shop, "SELECT id, value FROM identities ORDER BY id") == [(1, "1"), (2, "3"), (3, "4"), (4, "5")]
    assert found.customers.tolist() == [1, 2, 2, 3, 4]
    assert rows(shop, "SELECT id, key FROM customers ORDER BY id") == [(1, "1"), (2, "3"), (3, "4"), (4, "5")]
