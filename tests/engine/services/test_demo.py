"""The demo shop: it fills an empty store, once, and makes way for the shop's own data."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict

import pytest

from engine.errors import Cancelled
from engine.phrases import Phrase
from engine.places import shipped
from engine.services.campaign_lists import export_campaign
from engine.services.campaigns import list_campaigns, show_campaign
from engine.services.demo import load_demo
from engine.services.results import campaign_results
from engine.shop import Shop
from engine.store import customers, imports, orders, outcomes, upkeep

PAST = shipped("data") / "demo" / "campaigns.csv"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A loaded demo shop, to look at only."""
    shop = Shop(tmp_path_factory.mktemp("demo") / "shop.db")
    assert load_demo(shop)
    return shop


def sizes(shop: Shop) -> dict[str, int]:
    with shop.open() as db:
        return upkeep.table_sizes(db)


def test_everything_is_in(demo: Shop) -> None:
    found = sizes(demo)
    assert (found["customers"], found["products"], found["imports"], found["campaigns"]) == (300, 34, 3, 2)
    assert 1_400 < found["orders"] < 1_550
    with demo.open() as db:
        assert imports.holds_demo(db)
        assert upkeep.faults(db) == []
        assert set(customers.consent(db, "text").values()) == {"granted", "withdrawn"}
        names = [product.name for product in orders.products(db).values()]
    assert all(name.en.isascii() and not name.zh.isascii() for name in names)


def test_the_past_campaigns_are_as_the_file_tells(demo: Shop) -> None:
    by_campaign = defaultdict(list)
    for row in csv.DictReader(PAST.read_text(encoding="utf-8").splitlines()):
        by_campaign[row["campaign"]].append(row)
    for line, rows in zip(reversed(list_campaigns(demo)), by_campaign.values(), strict=True):
        draft = show_campaign(demo, line.campaign)
        counts = Counter(row["variant"] for row in rows)
        assert draft.status == "approved"
        assert draft.decided_at is not None
        assert f"{draft.decided_at:%Y-%m-%d %H:%M}" == rows[0]["sent_at"]
        assert {v.template: v.n for v in draft.variants} | {"holdout": draft.holdout} == {"holdout": 0} | counts
        wins = Counter(row["variant"] for row in rows if row["converted"] == "1")
        results = campaign_results(demo, line.campaign)
        assert {v.template: v.conversions for v in results.variants} == {
            v.template: wins[v.template] for v in draft.variants
        }
        assert all(v.reported == v.sends for v in results.variants)


def test_the_past_teaches_the_next_campaign(demo: Shop) -> None:
    with demo.open() as db:
        tally = outcomes.past_tally(
            db, goal="win_back", channel="text", language="zh", templates=["picked_for_you", "plain_hello"]
        )
    assert tally.sends.min() >= 20


def test_a_past_message_names_its_reader_and_product(demo: Shop) -> None:
    with demo.open() as db:
        everybody = customers.frame(db)
        known = dict(zip(everybody["customer_key"], everybody["name"], strict=True))
    for sample in show_campaign(demo, 1).samples:
        name = known[sample.customer]
        assert name is not None and name in sample.text
    assert export_campaign(demo, 1).is_file()


def test_it_loads_once(shop: Shop) -> None:
    assert load_demo(shop.caused_by("the start"))
    before = sizes(shop)
    assert not load_demo(shop.caused_by("the start"))
    assert sizes(shop) == before


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_load_that_was_cut_short_is_finished(shop: Shop, demo: Shop, step: int) -> None:
    seen: list[float] = []

    def cut(doing: Phrase, share: float) -> None:
        seen.append(share)
        if len(seen) > step:
            raise Cancelled(Phrase("Stopped."))

    with pytest.raises(Cancelled):
        load_demo(shop, cut)
    assert load_demo(shop)
    assert sizes(shop) == sizes(demo)
    assert not load_demo(shop)


def test_a_store_with_data_is_left_alone(shop: Shop) -> None:
    with shop.open() as db:
        db.conn.execute("INSERT INTO customers (key) VALUES ('K1')")
    assert not load_demo(shop)
    assert sizes(shop)["customers"] == 1
