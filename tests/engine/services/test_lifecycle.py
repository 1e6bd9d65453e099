"""Where customers stand: worked out, kept, told again, looked into and written to, on a made shop."""

from __future__ import annotations

import csv
import shutil
import stat
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from engine.errors import Cancelled, NotAllowed, NotFound, TooLittleData
from engine.lifecycle.groups import group_keys
from engine.lifecycle.stages import EVERY
from engine.phrases import Phrase
from engine.services.campaigns import draft_campaign
from engine.services.customers import customer_card
from engine.services.lifecycle import LifecycleReport, find_stages
from engine.services.lifecycle_people import (
    export_lifecycle,
    lifecycle_audience,
    lifecycle_group_named,
    lifecycle_groups,
    lifecycle_people,
)
from engine.services.presets import choose_preset
from engine.services.segments import find_segments
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import stages as stored
from engine.store import transaction
from tests.clock import noon
from tests.engine.services import shops


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tea shop of 30 regulars, 30 occasional buyers, 30 who came once, and one without an order: worked out once."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    shop = Shop(path, clock=noon)
    shops.fill(shop)
    find_stages(shop)
    return path


@pytest.fixture
def tea(made: Path, tmp_path: Path) -> Shop:
    """A copy of it."""
    shutil.copy(made, tmp_path / "shop.db")
    return Shop(tmp_path / "shop.db", clock=noon)


def order(key: str, customer: str, day: date) -> shops.MadeOrder:
    return shops.MadeOrder(key, customer, datetime(day.year, day.month, day.day, 10), (("T1", 1.0, 20.0),))


def fill(shop: Shop, bought: dict[str, Iterable[date]], *, others: Iterable[str] = ()) -> None:
    """A shop of customers who bought on these days, and of others."""
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_customers(db, ({"key": key} for key in (*bought, *others)))
        shops.add_products(db, shops.GOODS)
        shops.add_orders(db, (order(f"{key}-{n}", key, day) for key in bought for n, day in enumerate(bought[key])))


def add_event(shop: Shop, customer: str, kind: str, day: date) -> None:
    with shop.open() as db:
        db.conn.execute(
            "INSERT INTO events (customer_id, kind, at) SELECT id, ?, ? FROM customers WHERE key = ?",
            [kind, f"{day.isoformat()}T12:00:00", customer],
        )


def n_in(report: LifecycleReport) -> dict[str, int]:
    return {stage.key: stage.n for stage in report.stages}


def keys(shop: Shop, group: str) -> set[str]:
    return {row.customer.key for row in lifecycle_people(shop, group, n=1000).rows}


def test_everybody_is_in_one_stage(tea: Shop) -> None:
    report = find_stages(tea)
    assert report.n_customers == 91
    assert sum(n_in(report).values()) == 91
    assert sum(stage.share for stage in report.stages) == pytest.approx(1)
    assert sum(stage.share_of_revenue for stage in report.stages) == pytest.approx(1)
    assert [stage.key for stage in report.stages] == list(EVERY)
    regulars, once = {f"R{n}" for n in range(1, 31)}, {f"L{n}" for n in range(1, 31)}
    assert keys(tea, "loyalty") >= regulars
    assert keys(tea, "churn") == once
    assert keys(tea, "unknown") == {"N1"}


def test_what_is_not_observable_is_said_and_not_guessed(tea: Shop) -> None:
    report = find_stages(tea)
    assert [stage.key for stage in report.stages if not stage.observable] == ["awareness", "interest", "evaluation"]
    assert str(report.unobservable).startswith("Not observable: Awareness, Interest, Evaluation. Your files tell of")
    assert [step for step, _ in report.funnel] == [
        Phrase("bought"),
        Phrase("bought again"),
        Phrase("bought on 4 days or more"),
    ]
    assert [n for _, n in report.funnel][:2] == [90, 60]


def test_thresholds_are_stated(tea: Shop) -> None:
    report = find_stages(tea)
    assert (report.rules.lost_from, report.rules.warned_from, report.rules.loyal_days) == (0.8, 0.65, 4)
    said = str(report.how)
    assert all(part in said for part in ("80%", "65%", "4 days", "50%", f"{report.rules.horizon} days"))
    assert report.record is not None


def test_it_is_answered_from_the_store_until_something_comes_in_or_it_is_asked_anew(tea: Shop) -> None:
    first = find_stages(tea)
    assert first.is_fresh
    assert find_stages(tea) == first
    with tea.open() as db:
        shops.add_import(db)
    second = find_stages(tea)
    assert second.run > first.run
    assert second.is_fresh
    asked = tea.caused_by("update 7")
    again = find_stages(asked, refresh=True)
    assert again.run > second.run
    assert find_stages(asked, refresh=True) == again  # once per cause
    with tea.open() as db:
        kept = db.conn.execute("SELECT count(*) FROM standings WHERE run_id = ?", [first.run]).fetchone()
    assert kept == (91,)  # superseded, never overwritten


def test_another_line_of_business_is_another_answer(tea: Shop) -> None:
    first = find_stages(tea)
    choose_preset(tea, "finance")
    assert find_stages(tea).run > first.run


def test_the_history_ends_with_today(tea: Shop) -> None:
    report = find_stages(tea)
    assert report.months[-1].day == date(2026, 11, 20)
    assert report.months[-1].counts == n_in(report)
    assert report.months[-2].day == report.since == date(2026, 10, 31)
    assert all(sum(month.counts.values()) == 91 for month in report.months)
    with tea.open() as db:
        rows = db.conn.execute("SELECT id FROM customers").fetchall()
        for (id_,) in rows:
            found = stored.of_customer(db, report.run, id_)
            assert found is not None
            now, changes = found
            assert (changes[-1].stage if changes else "unknown") == now.stage


def test_moves_add_up(tea: Shop) -> None:
    report = find_stages(tea)
    assert report.n_stayed + sum(move.n for move in report.moves) == report.n_customers
    assert all(move.before != move.now for move in report.moves)
    for entry in report.entries:
        assert len(keys(tea, entry.key)) == entry.n


def test_stopping_it_changes_nothing(shop: Shop) -> None:
    shops.fill(shop, size=3)

    def stop(doing: Phrase, share: float) -> None:
        if share >= 0.9:
            raise Cancelled(Phrase("Stopped."))

    with pytest.raises(Cancelled):
        find_stages(shop, progress=stop)
    with shop.open() as db:
        assert stored.latest_run(db) is None


def test_people_are_told_best_first_with_a_reason(tea: Shop) -> None:
    found = lifecycle_people(tea, "loyalty", n=5)
    assert (len(found.rows), found.total, found.is_fresh) == (5, len(keys(tea, "loyalty")), True)
    money = [row.monetary for row in found.rows]
    assert money == sorted(money, reverse=True)
    assert all(str(row.reason).startswith("ordered on ") for row in found.rows)
    rest = lifecycle_people(tea, "loyalty", n=1000, offset=5)
    assert not {row.customer.id for row in rest.rows} & {row.customer.id for row in found.rows}
    assert lifecycle_people(tea, "loyalty", offset=10**9).rows == ()
    assert "likely to order nothing" in str(lifecycle_people(tea, "churn").rows[0].reason)


@pytest.mark.parametrize("key", group_keys())
def test_every_group_can_be_looked_into(tea: Shop, key: str) -> None:
    found = lifecycle_people(tea, key, n=3)
    assert found.group.key == key
    assert found.total == found.group.n


def test_what_cannot_be_is_refused(tea: Shop, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no stage happy; there are: awareness, interest"):
        lifecycle_people(tea, "happy")
    with pytest.raises(NotAllowed, match="Cannot list 0 customers"):
        lifecycle_people(tea, "use", n=0)
    with pytest.raises(NotAllowed, match="Nobody is in “Evaluation” now"):
        lifecycle_audience(tea, "evaluation")
    empty = Shop(tmp_path / "other.db", clock=noon)
    for ask in (lifecycle_people, lifecycle_audience, export_lifecycle):
        with pytest.raises(NotFound, match="not worked out yet"):
            ask(empty, "use")
    assert lifecycle_groups(empty) == ()


def test_the_list_opens_in_a_spreadsheet_and_runs_nothing(tea: Shop, tmp_path: Path) -> None:
    with tea.open() as db:
        db.conn.execute("UPDATE customers SET name = '=1+1' WHERE key = 'L1'")
    path = export_lifecycle(tea, "churn")
    assert path == tea.files / "lifecycle-churn.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["customer"]: row for row in csv.DictReader(file)}
    assert set(rows) == keys(tea, "churn")
    assert rows["L1"]["name"] == "'=1+1"
    assert {row["stage"] for row in rows.values()} == {"Churn"}
    assert all(float(row["P(no order)"]) >= 0.8 and row["days with an order"] == "1" for row in rows.values())
    everybody = export_lifecycle(tea, out=tmp_path / "all.csv")
    with everybody.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 91


def test_a_group_is_found_by_what_it_is_called() -> None:
    def spoken(phrase: Phrase) -> list[str]:
        return [str(phrase), {"Just lost": "刚流失"}.get(str(phrase), "")]

    assert lifecycle_group_named("刚流失", spoken) == "new-churn"
    assert lifecycle_group_named(" churn WARNING ", spoken) == "warned"
    assert lifecycle_group_named("new-warned", spoken) == "new-warned"
    assert lifecycle_group_named("Regulars", spoken) is None


def test_a_campaign_can_go_to_a_stage(tea: Shop) -> None:
    segments = find_segments(tea)
    audience = lifecycle_audience(tea, "churn")
    assert (audience.size, str(audience.name)) == (30, "Churn")
    assert lifecycle_audience(tea, "churn") == audience
    draft = draft_campaign(tea, segment_id=audience.id, goal="win_back")
    assert str(draft.segment_name) == "Churn"
    assert draft.audience + draft.holdout + sum(draft.excluded.values()) == 30
    # the segments are still who the customers are
    assert find_segments(tea) == segments
    assert set(check_store(tea).faults) <= {"an import has no trace in the trail (1)"}  # the made shop's own


def test_the_card_tells_the_stage_its_reason_and_its_history(tea: Shop) -> None:
    found = customer_card(tea, "L1").stage
    assert found is not None
    assert (found.key, found.warned, found.is_fresh) == ("churn", False, True)
    assert str(found.reason).startswith("the last order was ")
    assert [str(then.stage) for then in found.past][-1] == "Churn"
    assert [then.day for then in found.past] == sorted(then.day for then in found.past)
    nobody = customer_card(tea, "N1").stage
    assert nobody is not None
    assert (nobody.key, nobody.past) == ("unknown", ())


def test_who_has_become_one_person_counts_once(tea: Shop) -> None:
    report = find_stages(tea)
    with tea.open() as db:
        db.conn.execute(
            "UPDATE customers SET merged_into = (SELECT id FROM customers WHERE key = 'R1') WHERE key = 'R2'"
        )
        assert len(stored.standings(db, report.run)) == 90
    assert "R2" not in keys(tea, "loyalty")


# bad input: one clear sentence, and an answer wherever there is one


def test_nobody_at_all(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match="No customer is here yet: import a file of orders first"):
        find_stages(shop)


def test_customers_without_an_order(shop: Shop) -> None:
    fill(shop, {}, others=["a", "b"])
    with pytest.raises(TooLittleData, match="Of your 2 customers neither orders nor visits are known"):
        find_stages(shop)


@pytest.mark.parametrize("n", [1, 2, 39])
def test_few_customers(shop: Shop, n: int) -> None:
    fill(shop, {f"k{i}": [date(2026, 11, 1) - timedelta(days=(7 * i) % 90 + d) for d in (0, 20)] for i in range(n)})
    report = find_stages(shop)
    assert sum(n_in(report).values()) == n
    assert report.record is not None  # why it cannot be tested yet
    assert report.rules.by_days == (n < 39)
    assert str(report.how).startswith("Your past orders do not let me forecast who stays away") == (n < 39)
    assert n == 39 or not any(
        "%" in str(row.reason) for stage in n_in(report) for row in lifecycle_people(shop, stage).rows
    )


def test_where_no_forecast_beats_chance_plain_days_decide(shop: Shop) -> None:
    """60 customers who come by the throw of a coin every month, and three who are long gone."""
    rng = np.random.default_rng(3)
    months = [date(2026, 11, 15) - timedelta(days=30 * n) for n in range(24)]
    bought = {f"k{i}": [day for day in months if rng.random() < 0.5] for i in range(60)}
    gone = {f"g{i}": [date(2025, 1, 1) + timedelta(days=30 * n) for n in range(1 + 4 * i)] for i in range(2)}
    fill(shop, {**bought, **gone})
    report = find_stages(shop)
    assert report.rules.by_days
    assert str(report.record) == "On your own past no forecast told better than chance who would stay away."
    assert report.record not in report.caveats
    assert {"g0", "g1"} <= keys(shop, "churn")
    assert report.rules.lost_days is not None
    assert "nothing for" in str(lifecycle_people(shop, "churn").rows[0].reason)
    with export_lifecycle(shop).open(encoding="utf-8-sig", newline="") as file:
        assert {row["P(no order)"] for row in csv.DictReader(file)} == {""}


def test_one_day_only(shop: Shop) -> None:
    fill(shop, {"a": [date(2026, 11, 1)], "b": [date(2026, 11, 1)] * 3})
    report = find_stages(shop)
    assert n_in(report)["purchase"] == 2
    assert "All orders are of one day: nothing shows yet who comes back." in map(str, report.caveats)
    assert (report.since, report.moves, report.entries) == (None, (), ())
    assert lifecycle_people(shop, "new-buyers").total == 0


def test_events_and_no_orders(shop: Shop) -> None:
    fill(shop, {}, others=["a", "b", "c", "d"])
    for customer, kind, day in (
        ("a", "visit", 20), ("b", "view", 3), ("c", "cart", 19), ("a", "unsubscribe", 20),
    ):  # fmt: skip
        add_event(shop, customer, kind, date(2026, 11, day))
    report = find_stages(shop)
    assert {key: n for key, n in n_in(report).items() if n} == {
        "awareness": 1, "interest": 1, "evaluation": 1, "unknown": 1,
    }  # fmt: skip
    assert str(report.unobservable) == (
        "Not observable: Purchase, Use, Loyalty, Churn. Nobody has bought anything in your data; a file of orders "
        "would show it."
    )
    assert str(lifecycle_people(shop, "evaluation").rows[0].reason) == "into the cart, 2 days ago, and no order yet"
    add_event(shop, "d", "buy", date(2026, 11, 20))
    bought = find_stages(shop, refresh=True)
    assert n_in(bought)["purchase"] == 1
    assert "1 customer has no order, but an event of buying: it counts as an order." in map(str, bought.caveats)


def test_a_customer_with_ten_thousand_orders(shop: Shop) -> None:
    days = [date(2026, 11, 20) - timedelta(days=n % 500) for n in range(10_000)]
    fill(shop, {"reseller": days, "a": [date(2026, 9, 1), date(2026, 10, 20)], "b": [date(2026, 5, 1)]})
    report = find_stages(shop)
    assert keys(shop, "loyalty") == {"reseller"}
    assert sum(n_in(report).values()) == 3


def test_an_order_from_the_future_is_a_slip(shop: Shop) -> None:
    fill(shop, {"a": [date(2026, 11, 20), date(2062, 11, 20)], "b": [date(2026, 10, 1)]})
    report = find_stages(shop)
    assert report.as_of == date(2026, 11, 25)  # the day after tomorrow, by the shop's clock
    assert sum(n_in(report).values()) == 2
