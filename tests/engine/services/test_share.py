"""Reports to share: the budget is spent before figures leave, once, and it is never filled up again."""

from __future__ import annotations

import json
import math
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.privacy.budget import LEAST, MOST, TOTAL, USUAL
from engine.privacy.release import CampaignLabel, Exact
from engine.services.backups import back_up
from engine.services.forgetting import forget_customer
from engine.services.imports import import_file
from engine.services.public_places import place_cells, places
from engine.services.restoring import restore
from engine.services.share import make_report, offer_report, pass_report_on, privacy_budget
from engine.services.share_table import exact_figures, stage_cells
from engine.shop import Shop
from engine.store import customers, orders, private_reports, transaction
from tests.clock import noon
from tests.engine.services.demo_shop import put_demo
from tests.engine.services.shops import add_import, fill

DAY = date(2026, 11, 20)
HISTOGRAMS = ("stages", "segments", "spent", "orders", "places")


@pytest.fixture
def filled(shop: Shop) -> Shop:
    fill(shop)
    return shop


def more_data(shop: Shop) -> None:
    with shop.open() as db, transaction(db):
        add_import(db, "more.csv")


def spent(shop: Shop) -> float:
    return privacy_budget(shop)[0].spent


def beside(shop: Shop) -> Path:
    return shop.path.with_name(f"{shop.path.name}-budget")


def test_a_report_costs_what_the_card_says(filled: Shop) -> None:
    offer = offer_report(filled)
    assert (offer.epsilon, offer.budget.spent, offer.budget.left, offer.same) == (USUAL, 0.0, TOTAL, None)
    made = make_report(filled, for_whom="the investor")
    assert (made.id, made.anew, made.report.epsilon) == (1, True, USUAL)
    budget, lines = privacy_budget(filled)
    assert (budget.spent, budget.left) == (USUAL, TOTAL - USUAL)
    (spend,) = budget.spends
    assert (spend.report, spend.epsilon, spend.for_whom, spend.at) == (1, USUAL, "the investor", noon())
    assert [(line.id, line.current) for line in lines] == [(1, True)]


def test_the_same_report_again_is_the_same_and_free(filled: Shop) -> None:
    first = make_report(filled, for_whom="the investor")
    again = make_report(filled, for_whom="a designer")
    assert again.report == first.report
    assert (again.id, again.anew, again.for_whom) == (1, False, "a designer")
    assert spent(filled) == USUAL
    (line,) = privacy_budget(filled)[1]
    assert [whom for _, whom in line.copies] == ["a designer"]
    assert offer_report(filled).same == 1


def test_a_day_later_the_same_data_are_still_the_same_report(filled: Shop) -> None:
    make_report(filled)
    later = replace(filled, clock=lambda: datetime(2026, 12, 24, 12).astimezone())
    assert not make_report(later).anew
    assert make_report(later, as_of=date(2026, 12, 1)).anew  # that is another question


def test_new_data_or_another_question_is_a_new_report(filled: Shop) -> None:
    first = make_report(filled)
    more_data(filled)
    assert offer_report(filled).same is None
    second = make_report(filled)
    assert (second.id, second.anew) == (2, True)
    assert second.report.sections != first.report.sections  # other noise
    assert make_report(filled, epsilon=0.25).anew
    assert spent(filled) == 1.25


def test_when_it_is_spent_it_says_on_what_and_when(filled: Shop) -> None:
    for at in range(4):
        make_report(filled, for_whom="Ann" if at == 1 else "")
        more_data(filled)
    with pytest.raises(NotAllowed) as refused:
        make_report(filled)
    said = str(refused.value)
    assert "needs 0.50, and for good only 0.00 of 2.00 is left" in said
    assert "0.50 for report 1 on 2026-11-23, 0.50 for report 2 on 2026-11-23, for Ann" in said
    assert spent(filled) == TOTAL
    assert pass_report_on(filled, 3).id == 3  # what was made may still be passed on
    with pytest.raises(NotAllowed):
        make_report(filled, epsilon=LEAST)


def test_a_smaller_report_fits_into_what_is_left(filled: Shop) -> None:
    for _ in range(3):
        make_report(filled)
        more_data(filled)
    with pytest.raises(NotAllowed):
        make_report(filled, epsilon=1.0)
    assert make_report(filled, epsilon=0.3).anew
    assert privacy_budget(filled)[0].left == pytest.approx(0.2)


def test_one_cause_makes_one_report(filled: Shop) -> None:
    caused = filled.caused_by("update:7")
    first = make_report(caused)
    more_data(filled)
    assert make_report(caused).report == first.report
    assert spent(filled) == USUAL


def test_the_budget_survives_a_restart(filled: Shop) -> None:
    make_report(filled)
    assert spent(Shop(filled.path)) == USUAL
    assert make_report(Shop(filled.path)).id == 1


def test_an_older_copy_of_the_store_does_not_bring_the_budget_back(filled: Shop, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    make_report(filled, epsilon=0.4)
    back_up(filled, older)
    more_data(filled)
    make_report(filled, epsilon=1.0)
    for ending in ("-wal", "-shm"):
        filled.path.with_name(filled.path.name + ending).unlink(missing_ok=True)
    filled.path.write_bytes(older.read_bytes())
    budget, lines = privacy_budget(filled)
    assert (budget.spent, budget.elsewhere, len(lines)) == (1.4, 1.0, 1)
    with pytest.raises(NotAllowed, match=r"1\.00 by reports that this copy of the data does not have"):
        make_report(filled, epsilon=0.9)


def test_a_restore_keeps_what_was_told_since(filled: Shop, tmp_path: Path) -> None:
    """Also where the file beside the store is lost: reports and their cost are carried over from what is replaced."""
    first = make_report(filled, epsilon=0.4)
    backup = back_up(filled, tmp_path / "older.db")
    more_data(filled)
    second = make_report(filled, epsilon=1.0, for_whom="Ann")
    pass_report_on(filled, second.id, for_whom="Ben")
    beside(filled).unlink()
    restore(filled, backup)
    budget, lines = privacy_budget(filled)
    assert (budget.spent, budget.elsewhere) == (1.4, 0.0)
    assert [(line.id, line.for_whom, [whom for _, whom in line.copies]) for line in lines] == [
        (2, "Ann", ["Ben"]),
        (1, "", []),
    ]
    assert pass_report_on(filled, 2).report == second.report
    assert not make_report(filled, epsilon=0.4).anew
    assert pass_report_on(filled, 1).report == first.report


def test_without_the_file_beside_it_the_store_still_knows(filled: Shop) -> None:
    make_report(filled)
    beside(filled).unlink()
    assert spent(filled) == USUAL


def test_a_line_cut_short_by_the_power_is_survived(filled: Shop) -> None:
    make_report(filled, epsilon=0.3)
    with beside(filled).open("a") as file:
        file.write("\n0123456789abcdef0123456789abcdef 0.")
    assert spent(filled) == 0.3
    more_data(filled)
    make_report(filled, epsilon=0.4)
    assert spent(filled) == 0.7
    assert len(private_reports._noted(beside(filled))) == 2


def test_the_file_beside_it_is_its_owners_alone_and_names_nobody(filled: Shop) -> None:
    make_report(filled, for_whom="the investor")
    assert beside(filled).stat().st_mode & 0o777 == 0o600
    assert "investor" not in beside(filled).read_text()


def test_what_fails_before_it_is_stored_was_not_told(filled: Shop) -> None:
    """The disk says no as the spend is noted: nothing is stored, nothing is told."""
    beside(filled).mkdir()
    with pytest.raises(Exception, match="Cannot write to"):
        make_report(filled)
    with filled.open() as db:
        assert private_reports.every(db, demo=False) == []
    beside(filled).rmdir()
    assert make_report(filled).anew


KILLED = """
import os, signal, sys
from pathlib import Path
from engine.shop import Shop
from engine.services import share
from engine.store import private_reports
at, path = sys.argv[1], Path(sys.argv[2])
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
if at == "stored":
    add = private_reports.add
    private_reports.add = lambda *a, **k: (add(*a, **k), die())
elif at == "committed":
    share._made = die
share.make_report(Shop(path).caused_by("update:9"))
"""


@pytest.mark.parametrize("at", ["stored", "committed"])
def test_killed_in_between_nothing_is_told_twice_for_one_spend(filled: Shop, at: str) -> None:
    """Killed before the commit the spend is lost, but no figure was seen; after it the same figures come again."""
    done = subprocess.run([sys.executable, "-c", KILLED, at, filled.path], capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    with filled.open() as db:
        stored = private_reports.every(db, demo=False)
    assert len(stored) == (1 if at == "committed" else 0)
    assert spent(filled) == USUAL
    again = make_report(filled.caused_by("update:9"))
    assert spent(filled) == (USUAL if at == "committed" else 2 * USUAL)
    with filled.open() as db:
        assert [one.id for one in private_reports.every(db, demo=False)] == [again.id]


def test_two_at_once_spend_once(filled: Shop) -> None:
    made: list[object] = []
    threads = [threading.Thread(target=lambda: made.append(make_report(filled).report)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert all(one == made[0] for one in made)
    assert spent(filled) == USUAL


@pytest.mark.parametrize("statement", ["DELETE FROM private_reports", "UPDATE private_reports SET epsilon = 0.01"])
def test_what_was_spent_cannot_be_taken_back(filled: Shop, statement: str) -> None:
    make_report(filled)
    with filled.open() as db, pytest.raises(sqlite3.IntegrityError):
        db.conn.execute(statement)


def test_what_the_demo_spends_is_not_the_shops(shop: Shop, tmp_path: Path) -> None:
    put_demo(shop)
    assert offer_report(shop).demo
    make_report(shop, epsilon=1.0)
    assert spent(shop) == 1.0
    path = tmp_path / "own.csv"
    path.write_text("Order,Date,Customer,Total\n1,2026-11-01,Ann,20\n2,2026-11-02,Ben,30\n")
    import_file(shop, path)
    budget, lines = privacy_budget(shop)
    assert (budget.spent, lines) == (0.0, ())
    assert not beside(shop).exists()


@pytest.mark.parametrize("epsilon", [0.0, -1.0, LEAST / 2, MOST + 0.01, math.nan, math.inf])
def test_an_epsilon_out_of_bounds(filled: Shop, epsilon: float) -> None:
    with pytest.raises(NotAllowed, match=r"0\.10 to 1\.00"):
        make_report(filled, epsilon=epsilon)
    assert spent(filled) == 0.0


def test_other_bad_requests_change_nothing(filled: Shop) -> None:
    with pytest.raises(NotAllowed, match="2027-01-01"):
        make_report(filled, as_of=date(2027, 1, 1))
    with pytest.raises(NotAllowed, match="2 to 8"):
        make_report(filled, groups=1)
    with pytest.raises(NotAllowed, match="60 letters"):
        make_report(filled, for_whom="x" * 61)
    with pytest.raises(NotFound, match="No report was made yet"):
        pass_report_on(filled, 1)
    make_report(filled)
    with pytest.raises(NotFound, match="no report 9; there are: 1"):
        pass_report_on(filled, 9)
    assert spent(filled) == USUAL


def test_an_empty_shop_has_nothing_to_tell(shop: Shop) -> None:
    with pytest.raises(TooLittleData):
        offer_report(shop)


def test_what_is_stored_holds_no_exact_figure_and_nobody(filled: Shop) -> None:
    """Beside figures with noise: a day, a currency, a number, and letters of versions."""
    make_report(filled, groups=2)
    with filled.open() as db:
        (stored,) = private_reports.every(db, demo=False)
    assert set(stored.released) == {"epsilon", "as_of", "currency", "groups", "campaigns", "figures", "middles"}
    text = json.dumps(stored.released)
    assert not any(name in text for name in ("Customer", "R1", "tea", "shop"))


# what a report counts, in the store


def figures(shop: Shop, campaigns: tuple[CampaignLabel, ...] = ()) -> Exact:
    with shop.open() as db:
        return exact_figures(db, DAY, campaigns)


def without(shop: Shop, customer: int) -> None:
    """The neighbour: everything of one customer is gone."""
    with shop.open() as db, transaction(db):
        ids = [row[0] for row in db.conn.execute("SELECT id FROM orders WHERE customer_id = ?", [customer])]
        db.conn.executemany("DELETE FROM lines WHERE order_id = ?", ((id_,) for id_ in ids))
        for table, column in (("orders", "customer_id"), ("events", "customer_id"), ("customers", "id")):
            db.conn.execute(f"DELETE FROM {table} WHERE {column} = ?", [customer])


def test_a_customer_weighs_one_in_each_histogram(filled: Shop) -> None:
    """Whoever is taken away: one cell is one less, nobody else moves, and each sum less by what they brought."""
    with filled.open() as db, transaction(db):
        db.conn.execute(
            "INSERT INTO events (customer_id, kind, at, value) SELECT id, 'rating', '2026-11-01T10:00:00', id % 5 "
            "FROM customers"
        )
        db.conn.execute(
            "INSERT INTO events (customer_id, kind, at) SELECT id, 'visit', '2026-11-18T10:00:00' FROM customers "
            "WHERE id % 4 = 0 OR key = 'N1'"
        )
    before = figures(filled)
    for customer in (1, 2, 3, 91):
        without(filled, customer)
        after = figures(filled)
        assert after.n == before.n - 1
        for key in HISTOGRAMS:
            changed = getattr(before, key) - getattr(after, key)
            assert changed.sum() == 1
            assert np.abs(changed).sum() == 1
        before = after


def test_stages_do_not_depend_on_whether_anybody_buys(filled: Shop) -> None:
    """The rules of people who never bought are tried in another order where nothing is ever bought."""
    with filled.open() as db, transaction(db):
        db.conn.execute("DELETE FROM lines")
        db.conn.execute("DELETE FROM orders WHERE customer_id <> 1")
        for kind in ("cart", "visit"):
            db.conn.execute(
                "INSERT INTO events (customer_id, kind, at) SELECT id, ?, '2026-11-18T10:00:00' FROM customers", [kind]
            )
    with_buyer = figures(filled)
    without(filled, 1)
    assert np.abs(with_buyer.stages - figures(filled).stages).sum() == 1


def test_orders_after_the_day_do_not_count(filled: Shop) -> None:
    with filled.open() as db:
        early = exact_figures(db, date(2020, 1, 1), ())
    assert (early.n, early.n_orders.sum(), early.money.sum()) == (91, 0, 0)


def test_the_figures_are_the_shops(filled: Shop) -> None:
    exact = figures(filled)
    with filled.open() as db:
        bought = orders.orders(db)
        people = customers.frame(db)
        cells = stage_cells(db, people["customer"].to_numpy(np.int64), bought, bought["at"].max())
    assert exact.n == 91
    assert exact.n_orders.sum() == len(bought)
    assert exact.money.sum() == pytest.approx(bought["revenue"].sum())
    assert exact.segments[-1] == 1  # N1 has never ordered
    assert cells.size == 91


def test_a_campaign_counts_everybody_once(shop: Shop) -> None:
    put_demo(shop)
    exact = figures(shop, (CampaignLabel(1, "win_back", ("A", "B", "C")),))
    (cells,) = exact.campaigns
    with shop.open() as db:
        told = db.conn.execute("SELECT count(*), sum(converted) FROM outcomes WHERE campaign_id = 1").fetchone()
        counts = private_reports.campaign_counts(db, 1)
    if told[0]:
        assert (cells.sum(), cells[:, 0].sum()) == told
    assert cells.shape == (len(counts), 2)
    assert (cells >= 0).all()


def test_places_are_of_a_public_list() -> None:
    import pandas as pd

    people = pd.DataFrame(
        {
            "region": ["广东省", "Guangdong", None, "Texas", "", "Atlantis", None],
            "country": ["China", None, "UK", "United States", "德国", "Nowhere", "TW"],
        }
    )
    named = [*(str(place) for place in places()), "elsewhere"]
    assert [named[cell] for cell in place_cells(people)] == [
        "Guangdong", "Guangdong", "United Kingdom", "United States", "Germany", "elsewhere", "Taiwan",
    ]  # fmt: skip
    assert len(places()) == len({str(place) for place in places()})
    assert 250 < len(places()) < 300


def test_whoever_is_forgotten_is_in_no_later_report(filled: Shop) -> None:
    make_report(filled, for_whom="Customer R1")
    forget_customer(filled, "R1")
    assert privacy_budget(filled)[1][0].for_whom != "Customer R1"
    assert offer_report(filled).same is None
    assert figures(filled).n == 90
    assert make_report(filled).anew
