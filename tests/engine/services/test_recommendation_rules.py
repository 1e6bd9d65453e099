"""The owner's rules: changed in words, undone, kept; and applied to what is recommended and sent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine import (
    NotAllowed,
    NotFound,
    RulesCard,
    Shop,
    change_rules,
    check_store,
    customer_card,
    draft_campaign,
    export_shop,
    find_segments,
    import_file,
    refuse,
    refuse_all,
    rules_history,
    save_rule,
    segment_named,
    show_campaign,
    show_rules,
    take_back_refusal_of_all,
    undo_last_rule,
    undo_rules,
)
from engine import columns as c
from engine.recommend.rules import Pause, Pin, Rules
from engine.services.rules_in_force import RulesInForce
from engine.store import customers
from tests.engine.services import shops
from tests.engine.services.test_imports import put, rows

GOODS = (
    ("T1", "Tea", 90, 5),
    ("T2", "Tea", 80, 0),
    ("T3", "Tea", 70, None),
    ("P1", "Ware", 60, 2),
    ("P2", "Ware", 15, 2),
    ("G1", None, None, 1),
)


@pytest.fixture
def tea(shop: Shop) -> Shop:
    shops.fill(shop, size=4)
    with shop.open() as db:
        for key, category, price, stock in GOODS:
            db.conn.execute(
                "UPDATE products SET category = ?, price = ?, stock = ? WHERE key = ?", [category, price, stock, key]
            )
    return shop


def words(card: RulesCard) -> list[str]:
    return [str(sentence.words) for sentence in card.sentences]


def shown(shop: Shop, customer: str, *, top: int | None = None, again: bool | None = None) -> str:
    """The keys of what may be shown to a customer, of all products in the order of their ids."""
    with shop.open() as db:
        (who,) = customers.found(db, customer)
        force = RulesInForce.of(shop, db, who.id)
        ids = force.products.index.to_numpy(np.int64)
        picks = pd.DataFrame({c.CUSTOMER: who.id, c.PRODUCT: ids, c.RANK: np.arange(1, ids.size + 1)})
        found = force.ruled(picks, top=top, again=again).picks
        return " ".join(force.products.loc[found[c.PRODUCT], c.PRODUCT_KEY])


def test_what_holds_before_anybody_says_anything(tea: Shop) -> None:
    card = show_rules(tea)
    assert (card.rules, card.version, card.changed) == (Rules(), 0, None)
    assert words(card) == ["only what is in stock"]
    assert (card.n_allowed, card.n_products) == (5, 6)
    assert [(one.rule, one.n) for one in card.left_out] == [("in_stock", 1)]
    assert [str(note) for note in card.notes] == ["Of 1 product the stock is not known: it counts as there."]
    assert rules_history(tea) == ()
    with pytest.raises(NotFound, match="nothing to undo"):
        undo_last_rule(tea)


@pytest.mark.parametrize(
    ("text", "rules", "n_allowed"),
    [
        ("stock off", Rules(in_stock=False), 6),
        ("price 50-85", Rules(least_price=50, most_price=85), 2),  # T3 and P1; T2 is sold out
        ("not 绿茶", Rules(excluded=("T1",)), 4),
        ("pause teapot 7 days", Rules(paused=(Pause("P1", "2026-11-30"),)), 4),
        ("pause teapot until 2026-12-1", Rules(paused=(Pause("P1", "2026-12-01"),)), 4),
        ("pin gift", Rules(pinned=(Pin("G1", 1),)), 5),
        ("category TEA", Rules(only_categories=("Tea",)), 2),
        ("without ware", Rules(other_categories=("Ware",)), 3),
        ("bought 30", Rules(rest_days=30), 5),
        ("most 2", Rules(most_per_category=2), 5),
        ("variety much", Rules(relevance=0.4), 5),
        ("together P2", Rules(bought_with=("P2",)), 4),
        ("new 10%", Rules(launches=0.1), 5),
    ],
)
def test_each_change(tea: Shop, text: str, rules: Rules, n_allowed: int) -> None:
    changed = change_rules(tea, text, who="Ann")
    assert (changed.rules, changed.n_allowed, changed.changed) == (rules, n_allowed, True)
    assert change_rules(tea, text).changed is False
    assert show_rules(tea).rules == rules
    assert rows(tea, "SELECT who, deed, subject FROM trail") == [("Ann", "ruled", str(changed.version))]
    ended = [sentence.clear for sentence in changed.sentences if sentence.rule != "in_stock"]
    for clear in ended:
        change_rules(tea, clear)
    assert show_rules(tea).rules == (rules if text == "stock off" else Rules())
    assert undo_rules(tea, show_rules(tea).version).changed


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("price 200-20", NotAllowed, "No product costs at least 200 and at most 20: swap the two."),
        ("price -20-200", NotAllowed, "A price of -20 cannot be a bound: it must be 0 or more."),
        ("category Teas", NotFound, "No product is in the category “Teas”; the nearest is “Tea”."),
        ("margin 30%", NotFound, "No product has a cost yet, so no margin is known"),
        ("not shoes", NotFound, "There is no product “shoes”"),
        ("not tea", NotAllowed, "“tea” may be one of 3 products"),
        ("pin gift for VIP", NotFound, "There are no segments yet"),
        ("pin gift at -1", NotAllowed, "Cannot pin a product to place -1: choose 1 to 50."),
        ("pause gift 0 days", NotAllowed, "Cannot pause for 0 days: choose 1 to 3,650."),
        ("pause gift until 2026-11-22", NotAllowed, "2026-11-22 is over: name a day to come."),
        ("pause gift until 2026-13-01", NotAllowed, "2026-13-01 is no day of the calendar."),
        ("allow gift", NotFound, "No product is left out or paused"),
        ("unpin gift", NotFound, "No product is pinned"),
        ("frobnicate", NotAllowed, "“frobnicate” is no rule that I know."),
    ],
)
def test_what_cannot_hold_changes_nothing(tea: Shop, text: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as refused:
        change_rules(tea, text)
    assert str(refused.value).startswith(sentence)
    assert rows(tea, "SELECT count(*) FROM recommendation_rules") == [(0,)]
    assert rows(tea, "SELECT count(*) FROM trail") == [(0,)]


def test_a_margin_needs_costs_and_says_of_which_products_it_has_none(tea: Shop) -> None:
    """T1 leaves 60 of 90, T3 7 of 70; of the others no cost is known."""
    with tea.open() as db:
        db.conn.execute("UPDATE products SET cost = 30 WHERE key = 'T1'")
        db.conn.execute("UPDATE products SET cost = 63 WHERE key = 'T3'")
    card = change_rules(tea, "margin 30%")
    assert (card.rules.least_margin, shown(tea, "R1")) == (0.3, "T1")
    assert "4 products without a cost or a price are left out, since their margin cannot be judged." in map(
        str, card.notes
    )


def test_rules_that_contradict_each_other_are_refused_by_name(tea: Shop) -> None:
    change_rules(tea, "pin gift")
    with pytest.raises(NotAllowed, match="“Gift box” is pinned and cannot be left out as well"):
        change_rules(tea, "not gift")
    change_rules(tea, "not 茶杯")
    with pytest.raises(NotAllowed, match="“Cup” is pinned and cannot be left out"):
        change_rules(tea, "pin cup at 2")
    with pytest.raises(NotAllowed, match="Two products cannot be pinned to place 1"):
        change_rules(tea, "pin teapot")


def test_a_change_is_undone_and_that_too(tea: Shop) -> None:
    one = change_rules(tea, "price 50-85")
    two = change_rules(tea, "most 2")
    with pytest.raises(NotAllowed, match="changed again since then"):
        undo_rules(tea, one.version)
    assert undo_rules(tea, two.version).rules == one.rules
    assert undo_last_rule(tea).rules == two.rules
    assert change_rules(tea, "clear").rules == Rules()
    history = rules_history(tea, 2)
    assert [str(sentence.words) for sentence in history[0].went] == [
        "prices from ¥50.00 to ¥85.00",
        "at most 2 of a category in a list",
    ]
    assert [[str(sentence.words) for sentence in then.came] for then in history] == [
        [],
        ["at most 2 of a category in a list"],
    ]


def test_the_same_cause_acts_once(tea: Shop) -> None:
    asked = tea.caused_by("update 1")
    assert change_rules(asked, "most 2").changed
    undoing = tea.caused_by("update 2")
    version = show_rules(tea).version
    assert undo_rules(undoing, version).changed
    assert undo_rules(undoing, version).changed
    assert change_rules(asked, "most 2").changed
    assert show_rules(tea).rules == Rules()
    assert rows(tea, "SELECT count(*) FROM recommendation_rules") == [(2,)]


def test_a_pause_ends_by_itself(tea: Shop) -> None:
    change_rules(tea, "pause green tea 7 days")
    assert "T1" not in shown(tea, "R1")
    later = Shop(tea.path, clock=lambda: tea.now() + pd.Timedelta(days=8).to_pytimedelta())
    assert shown(later, "R1").startswith("T1")
    assert words(show_rules(later)) == ["only what is in stock"]


def test_rules_decide_what_a_customer_is_shown(tea: Shop) -> None:
    assert shown(tea, "R1") == "T1 T3 P1 P2 G1"
    change_rules(tea, "most 1")
    change_rules(tea, "pin cup")
    assert shown(tea, "R1") == "P2 T1 G1"
    refuse(tea, "R1", "P2")
    assert (shown(tea, "R1"), shown(tea, "R2")) == ("T1 P1 G1", "P2 T1 G1")
    refuse_all(tea, "R2")
    assert shown(tea, "R2") == ""
    assert shown(tea, "R3", top=2) == "P2 T1"
    card = show_rules(tea)
    assert (card.n_refused, card.n_wanting_none) == (1, 1)


def test_what_was_bought_of_late_rests(tea: Shop) -> None:
    """N1 buys the pot 10 days before the day after the newest order, and the cup 50 days before."""
    with tea.open() as db:
        shops.add_orders(
            db,
            [
                shops.MadeOrder("n-1", "N1", pd.Timestamp("2026-11-11 10:00").to_pydatetime(), (("P1", 1, 60.0),)),
                shops.MadeOrder("n-2", "N1", pd.Timestamp("2026-10-02 10:00").to_pydatetime(), (("P2", 1, 15.0),)),
            ],
        )
    change_rules(tea, "bought 30")
    assert shown(tea, "N1") == "T1 T3 P2 G1"
    change_rules(tea, "bought 60")
    assert shown(tea, "N1") == "T1 T3 G1"
    change_rules(tea, "bought off")
    change_rules(tea, "pin teapot")
    assert shown(tea, "N1", again=True).startswith("P1")
    change_rules(tea, "bought 30")
    assert "P1" not in shown(tea, "N1")


def test_variety_puts_unlike_products_next_to_each_other(tea: Shop) -> None:
    assert shown(tea, "R1") == "T1 T3 P1 P2 G1"
    change_rules(tea, "variety 1")
    first, second, *_ = shown(tea, "R1").split()
    assert (first, second[0]) == ("T1", "P")
    assert sorted(shown(tea, "R1").split()) == ["G1", "P1", "P2", "T1", "T3"]


class TestPinsForASegment:
    def test_of_a_rule_of_the_owner(self, tea: Shop) -> None:
        save_rule(tea, "VIP: orders >= 9")
        change_rules(tea, "pin cup for vip")
        assert (shown(tea, "R1").split()[0], shown(tea, "O1").split()[0]) == ("P2", "T1")
        assert "pinned to place 1 for “VIP”: Cup" in words(show_rules(tea))
        with pytest.raises(NotFound, match="There is no segment “VOP”; there are: “VIP”"):
            change_rules(tea, "pin gift for VOP")

    def test_of_a_group_by_its_name_in_any_language(self, tea: Shop) -> None:
        report = find_segments(tea, bases=("behavioural",), method="kmeans")
        segment = report.segments[0]
        change_rules(
            tea, "置顶 茶杯 给 那些人", spoken=lambda name: [str(name), "那些人"] if name == segment.name else []
        )
        (pin,) = show_rules(tea).rules.pinned
        assert pin == Pin("P2", 1, segment.key)

    def test_a_segment_that_is_gone_is_told(self, tea: Shop) -> None:
        save_rule(tea, "VIP: orders >= 900")
        change_rules(tea, "pin cup for VIP")
        assert "Cup is pinned for a segment that nobody is in now." in map(str, show_rules(tea).notes)


def test_a_pinned_product_that_cannot_be_shown_is_told(tea: Shop) -> None:
    change_rules(tea, "pin black tea")
    assert "Black tea is pinned but not shown: sold out." in map(str, show_rules(tea).notes)


def test_another_file_keeps_the_rules_and_their_products(shop: Shop) -> None:
    head = "order id,date,customer id,product id,product,price"
    put(shop, head, "1,2025-05-01,17,T1,Tea,3", "2,2025-05-02,18,P1,Pot,9")
    change_rules(shop, "not tea")
    put(shop, head, "3,2025-06-01,17,T1,Tea of May,3", "4,2025-06-02,17,P1,Pot,9")
    assert shown(shop, "17") == "P1"
    assert words(show_rules(shop))[0] == "never: Tea of May"
    assert check_store(shop).faults == ()


def test_a_shop_s_own_data_end_the_rules_about_products_of_the_demo(shop: Shop) -> None:
    head = "order id,date,customer id,product id,product,price"
    put(shop, head, "1,2025-05-01,17,T1,Tea,3", demo=True)
    change_rules(shop, "not tea")
    change_rules(shop, "bought 30")
    put(shop, head, "1,2025-05-01,17,T1,Trousers,30")
    assert show_rules(shop).rules == Rules(rest_days=30)


class TestWhoWantsNoProduct:
    @pytest.mark.parametrize(
        ("column", "says", "none"),
        [
            ("不要推荐", ["是", "否", ""], [True, False, False]),
            ("个性化推荐", ["同意", "拒绝", ""], [False, True, False]),
            ("Personalised recommendations", ["yes", "no", ""], [False, True, False]),
            ("No recommendations", ["yes", "no", ""], [True, False, False]),
        ],
    )
    def test_by_a_column_of_a_file(self, shop: Shop, column: str, says: list[str], none: list[bool]) -> None:
        put(shop, f"customer id,name,city,{column}", *(f"K{i},N{i},Rome,{said}" for i, said in enumerate(says)))
        assert [customer_card(shop, f"K{i}").no_products is not None for i in range(3)] == none
        key = f"K{none.index(True)}"
        wish = customer_card(shop, key).no_products
        assert wish is not None and wish.column == column
        with pytest.raises(NotAllowed, match=f"The column “{column}” of your file says that N"):
            take_back_refusal_of_all(shop, key)
        assert show_rules(shop).n_wanting_none == 1

    def test_by_the_owner_s_word(self, tea: Shop) -> None:
        refuse_all(tea, "R1")
        wish = customer_card(tea, "R1").no_products
        assert wish is not None and (wish.since, wish.column) == (tea.now(), None)
        take_back_refusal_of_all(tea, "R1")
        assert customer_card(tea, "R1").no_products is None

    def test_an_export_takes_the_wish_along(self, tea: Shop, tmp_path: Path) -> None:
        refuse_all(tea, "R1")
        refuse_all(tea, "R2")
        take_back_refusal_of_all(tea, "R2")
        export_shop(tea, tmp_path / "out")
        other = Shop(tmp_path / "other.db", clock=tea.clock)
        for name in ("customers.csv", "order-lines.csv", "answers.csv"):
            import_file(other, tmp_path / "out" / name)
        wishes = [customer_card(other, key).no_products for key in ("R1", "R2", "R3")]
        assert [wish is not None for wish in wishes] == [True, False, False]


def products_sent(shop: Shop, name: str) -> dict[str, str | None]:
    """The product in the message of each customer of a segment."""
    segment = segment_named(shop, name, lambda phrase: [str(phrase)])
    draft = draft_campaign(shop, segment_id=segment.id, goal="win_back", language="en", holdout=0.0)
    assert show_campaign(shop, draft.campaign).status == "draft"
    sql = (
        "SELECT u.key, p.key FROM sends s JOIN customers u ON u.id = s.customer_id "
        f"LEFT JOIN products p ON p.id = s.product_id WHERE s.campaign_id = {draft.campaign} ORDER BY u.key"
    )
    return dict(rows(shop, sql))


def test_campaigns_name_no_product_that_rules_bar_and_none_to_who_wants_none(tea: Shop) -> None:
    save_rule(tea, "All: orders >= 1")
    before = products_sent(tea, "All")
    assert None not in before.values()
    refuse_all(tea, "R1")
    barred = before["R2"]
    assert barred is not None
    change_rules(tea, f"not {barred}")
    after = products_sent(tea, "All")
    assert set(after) == set(before)
    assert after["R1"] is None
    assert barred not in after.values()
    change_rules(tea, "pin gift")
    assert products_sent(tea, "All")["R3"] == "G1"
