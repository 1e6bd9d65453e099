"""What customers will bring: computed, kept, listed and written out, on a made shop."""

from __future__ import annotations

import csv
import sqlite3
import stat
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from engine.errors import Cancelled, NotAllowed, TooLittleData
from engine.lifecycle.record import Total, TrackRecord
from engine.lifecycle.worth import Brought, Estimate
from engine.phrases import Phrase
from engine.services.customers import customer_card
from engine.services.forecasts import current_forecast, track_record
from engine.services.lifecycle import find_stages
from engine.services.value import _doubts, export_value, value_people, value_report
from engine.shop import Shop
from engine.store import forecasts as stored
from engine.store import transaction
from tests.clock import noon
from tests.engine.services import shops


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose customers come and leave, its forecast computed."""
    shop = Shop(tmp_path_factory.mktemp("made") / "shop.db", clock=noon)
    shops.fill_with_leavers(shop)
    value_report(shop)
    return shop


@pytest.fixture
def tea(made: Shop, tmp_path: Path) -> Shop:
    """A copy of it."""
    shop = Shop(tmp_path / "tea.db", clock=noon)
    source, target = sqlite3.connect(made.path), sqlite3.connect(shop.path)
    source.backup(target)
    source.close()
    target.close()
    return shop


def n_runs(shop: Shop) -> int:
    with shop.open() as db:
        return int(db.conn.execute("SELECT count(*) FROM runs").fetchone()[0])


def test_the_report_adds_up(tea: Shop) -> None:
    report = value_report(tea)
    assert (report.as_of, report.n_customers, report.currency) == (date(2026, 11, 21), 61, "CNY")
    assert report.days in (30, 60, 90, 120, 180)
    for whole in (report.orders, report.money):
        assert 0 < whole.low < whole.value < whole.high
    assert sum(group.money for group in report.groups) == pytest.approx(report.money.value)
    assert sum(group.n for group in report.groups) == 61
    assert report.best.money == pytest.approx(report.money.value)
    assert report.before is not None and report.before.money > 0
    assert report.is_fresh
    assert report.sure


def test_the_best_come_first(tea: Shop) -> None:
    people = value_people(tea, "best", n=1000)
    money = [row.forecast.money.value for row in people.rows]
    assert (len(money), people.total) == (61, 61)
    assert money == sorted(money, reverse=True)


def test_who_came_often_and_stays_away_slips(tea: Shop) -> None:
    people = value_people(tea, "less")
    assert "Q1" in {row.customer.key for row in people.rows}
    lost = [(row.forecast.usual_money or 0) - row.forecast.money.value for row in people.rows]
    assert lost == sorted(lost, reverse=True)
    for row in people.rows:
        assert row.forecast.usual_money is not None
        assert 0.1 * row.forecast.usual_money <= row.forecast.money.value <= 0.5 * row.forecast.usual_money
    # 8 orders of 100 in 140 days and one gap more, of which the shop's is 17 to 24 days
    (quiet,) = [row for row in people.rows if row.customer.key == "Q1"]
    assert quiet.forecast.usual_money == pytest.approx(800 * people.days / (140 + 20), rel=0.02)


def test_the_week_begins_today_or_where_the_data_end(tea: Shop) -> None:
    people = value_people(tea, "due", n=1000)
    assert (people.due.first, people.due.last) == (date(2026, 11, 23), date(2026, 11, 29))
    for row in people.rows:
        assert row.forecast.next_order is not None
        assert people.due.first <= row.forecast.next_order.value <= people.due.last
    a_year_later = replace(tea, clock=lambda: noon() + timedelta(days=365))
    assert value_people(a_year_later, "due").due.first == date(2026, 11, 21)


def test_the_same_question_is_answered_from_the_store(tea: Shop) -> None:
    first = value_report(tea)
    assert n_runs(tea) == 1
    assert value_report(tea, days=first.days) == first
    other = value_report(tea, days=45)
    assert (other.days, n_runs(tea)) == (45, 2)
    assert other.money.value < first.money.value or first.days < 45
    assert value_report(tea) == first
    with tea.open() as db:
        shops.add_import(db)
    assert value_report(tea).run not in {first.run, other.run}
    with tea.open() as db:
        assert len(stored.frame(db, first.run)) == 61


def test_what_an_earlier_version_forecast_otherwise_is_computed_anew(tea: Shop) -> None:
    find_stages(tea)
    n = n_runs(tea)
    find_stages(tea)
    assert n_runs(tea) == n
    with tea.open() as db, transaction(db):
        db.conn.execute("UPDATE runs SET settings = json_remove(settings, '$.made_by', '$.forecast_made_by')")
    value_report(tea)
    assert n_runs(tea) == n + 1
    stages = find_stages(tea)
    assert stages.is_fresh
    assert n_runs(tea) == n + 2
    value_report(tea)
    find_stages(tea)
    assert n_runs(tea) == n + 2


def test_refreshing_happens_once_per_cause_and_finds_the_same(tea: Shop) -> None:
    first = value_report(tea)
    asked = tea.caused_by("update 7")
    again = value_report(asked, refresh=True)
    assert again.run != first.run
    assert value_report(asked, refresh=True) == again
    assert again.money == first.money


def test_stopping_it_changes_nothing(tea: Shop) -> None:
    def stop(doing: Phrase, share: float) -> None:
        if share >= 0.9:
            raise Cancelled(Phrase("Stopped."))

    with pytest.raises(Cancelled):
        value_report(tea, refresh=True, progress=stop)
    assert n_runs(tea) == 1


@pytest.mark.parametrize("days", [-5, 0, 6, 731, 100_000])
def test_days_have_bounds(tea: Shop, days: int) -> None:
    with pytest.raises(NotAllowed, match=rf"Cannot look {days:,} days ahead: ask for 7 to 730"):
        value_report(tea, days=days)
    assert n_runs(tea) == 1


def test_a_list_that_is_not_there(tea: Shop) -> None:
    with pytest.raises(NotAllowed, match=r"no list “kings”: choose best, less, due"):
        value_people(tea, "kings")
    with pytest.raises(NotAllowed, match=r"1 to 1,000"):
        value_people(tea, "best", n=0)


def test_too_little_gets_one_sentence_and_stores_nothing(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match=r"There are no orders yet: import a file of orders"):
        value_report(shop)
    with shop.open() as db, transaction(db):
        shops.add_customers(db, [{"key": "V"}])
        db.conn.execute("INSERT INTO events (customer_id, kind, at) VALUES (1, 'buy', '2026-11-20T12:00:00')")
    with pytest.raises(TooLittleData, match=r"no orders yet, only visits and purchases without money"):
        value_report(shop)
    with shop.open() as db, transaction(db):
        shops.add_customers(db, ({"key": key} for key in ("A", "B", "C", "D", "E")))
        shops.add_products(db, shops.GOODS)
        shops.add_orders(db, shops.gifts("A", 3, 40))
    with pytest.raises(TooLittleData, match=r"Only 1 customer has ordered so far.* below 5"):
        value_report(shop)
    with shop.open() as db, transaction(db):
        db.conn.execute("DELETE FROM lines")
        db.conn.execute("DELETE FROM orders")
        shops.add_orders(db, [order for key in "ABCDE" for order in shops.gifts(key, 0)])
    with pytest.raises(TooLittleData, match=r"Your orders cover 1 day: too short"):
        value_report(shop)
    assert n_runs(shop) == 0


def test_what_cannot_be_tested_yet_says_why(shop: Shop) -> None:
    with shop.open() as db, transaction(db):
        shops.add_customers(db, ({"key": key} for key in ("A", "B", "C", "D", "E")))
        shops.add_products(db, shops.GOODS)
        shops.add_orders(db, [order for day, key in enumerate("ABCDE") for order in shops.gifts(key, day, day + 9)])
    report = value_report(shop)
    assert not report.is_tested
    assert report.tests is None
    assert [str(told)[:42] for told in report.sure] == ["The forecast cannot be tested on your own "]
    assert not report.best.tells_who  # so nobody's chance to come again is told
    with export_value(shop).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row[name] for row in rows for name in ("chance of an order", "at least", "at most")} == {""}
    card = customer_card(shop, "A").forecast
    assert card is not None
    assert not card.tells_who


def test_all_forecasts_open_in_a_spreadsheet(tea: Shop, tmp_path: Path) -> None:
    report = value_report(tea)
    path = export_value(tea)
    assert path == tea.files / f"forecast-{report.days}-days.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["customer"]: row for row in csv.DictReader(file)}
    assert len(rows) == 61
    assert sum(float(row["expected money"]) for row in rows.values()) == pytest.approx(report.money.value, abs=0.5)
    best = report.best.rows[0]
    row = rows[best.customer.key]
    assert row["name"] == f"Customer {best.customer.key}"
    assert int(row["at least"][:-1]) <= int(row["chance of an order"][:-1]) <= int(row["at most"][:-1])
    assert best.forecast.next_order is not None
    assert date.fromisoformat(row["next order around"]) == best.forecast.next_order.value

    less = export_value(tea, "less", out=tmp_path / "less.csv", say=lambda phrase: str(phrase).upper())
    with less.open(encoding="utf-8-sig", newline="") as file:
        assert "Q1" in {row["CUSTOMER"] for row in csv.DictReader(file)}
    with pytest.raises(NotAllowed, match=r"Cannot write to"):
        export_value(tea, out=tmp_path / "nowhere" / "list.csv")


def test_the_card_has_the_forecast_and_its_age(tea: Shop) -> None:
    report = value_report(tea)
    told = customer_card(tea, "Q1").forecast
    assert told is not None
    assert (told.days, told.as_of, told.is_fresh) == (report.days, date(2026, 11, 21), True)
    assert isinstance(told.forecast.money, Estimate)
    assert customer_card(tea, "N1").forecast is None
    with tea.open() as db:
        shops.add_import(db)
    stale = customer_card(tea, "Q1").forecast
    assert stale == replace(told, is_fresh=False)


def test_the_record_is_kept_with_the_run(tea: Shop) -> None:
    with tea.open() as db:
        run = current_forecast(tea, db)
    record = track_record(run)
    assert record is not None
    assert record.horizon == run.settings["days"]
    assert [total.origin for total in record.totals] == sorted(total.origin for total in record.totals)
    with tea.open() as db:
        (n_after,) = db.conn.execute(
            "SELECT count(DISTINCT customer_id || substr(at, 1, 10)) FROM orders WHERE at >= ? AND at < ? "
            "AND customer_id IN (SELECT customer_id FROM orders WHERE at < ?)",
            [
                record.totals[-1].origin.isoformat(),
                (record.totals[-1].origin + timedelta(days=record.horizon)).isoformat(),
                record.totals[-1].origin.isoformat(),
            ],
        ).fetchone()
    assert record.totals[-1].orders == n_after


def test_a_forecast_far_above_what_came_before_needs_a_word() -> None:
    total = Total(date(2026, 6, 1), 10, 8, 1000, 800)
    record = TrackRecord(90, (date(2026, 6, 1),), "pace", Phrase("because"), (), (), 1.0, (total,))
    before = Brought(10, 300.0, 0.0)
    assert _doubts(390, before, record, 90) == _doubts(1000, None, record, 90) == ()
    (high,) = map(str, _doubts(450, before, record, 90))
    assert high.startswith("That is 50% more than before, and in the last test 20% less came than was expected")
    for other in (None, replace(record, totals=(replace(total, money=1000),))):
        (why,) = map(str, _doubts(450, before, other, 90))
        assert "goes by all your orders so far and not only by those of the last 90 days" in why


def test_when_somebody_comes_next_does_not_hang_on_how_far_ahead_is_looked(tea: Shop) -> None:
    own = value_report(tea)
    for days in (14, 200):
        other = value_report(tea, days=days)
        assert (other.due.total, other.due.due) == (own.due.total, own.due.due)
        assert _next_orders(tea, days) == _next_orders(tea, None)


def _next_orders(shop: Shop, days: int | None) -> dict[int, object]:
    with shop.open() as db:
        run = current_forecast(shop, db, days)
        rows: dict[int, object] = {
            row.customer.id: row.forecast.next_order for row in stored.some_of(db, run.id, stored.EVERYONE)
        }
    assert any(rows.values())
    return rows


def test_what_was_returned_is_no_money_to_expect(shop: Shop) -> None:
    shops.fill_with_leavers(shop)
    with shop.open() as db, transaction(db):
        shops.add_customers(db, [{"key": "Big"}])
        shops.add_orders(db, [shops.MadeOrder("Big-1", "Big", datetime(2026, 11, 1, 12), (("G1", 1000.0, 100.0),))])
    with_it = value_report(shop).best.rows[0]
    assert with_it.customer.key == "Big" and with_it.forecast.money.value > 1_000
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_return(db, "Big", 100_000.0)
    report = value_report(shop, refresh=True)
    assert "Big" not in [row.customer.key for row in report.best.rows]
    assert any("returned is taken off" in str(note) for note in report.notes)
    assert report.before is not None and report.before.money < 100_000
    with shop.open() as db:
        others = stored.some_of(db, report.run, stored.EVERYONE)
        (big,) = [row for row in others if row.customer.key == "Big"]
    assert big.forecast.money.value < 200  # of a shop whose orders are of 100 each
