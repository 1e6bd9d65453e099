"""After somebody is forgotten nothing in the file, its write-ahead file or a new backup names them; sums stay."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import NotFound
from engine.services.backups import back_up
from engine.services.campaign_lists import export_campaign
from engine.services.campaigns import approve_campaign, list_campaigns, show_campaign
from engine.services.customers import customer_card, list_customers
from engine.services.forgetting import (
    customer_to_forget,
    finish_forgetting,
    forget_again,
    forget_all,
    forget_customer,
    let_back,
)
from engine.services.identity import count_as_one, same_people
from engine.services.imports import import_file
from engine.services.restoring import restore
from engine.services.results import campaign_results
from engine.services.sales import sales_report
from engine.services.unsubscribing import unsubscribe
from engine.services.upkeep import check_store
from engine.shop import Shop
from engine.store import suppressions, trail
from engine.store.forgetting import listed, traces
from engine.store.personal import PERSONAL
from tests.engine.services.conftest import WHO

HEADER = "order id,customer id,date,name,email,phone,sku,product,quantity,price"


def told_of(shop: Shop, who: str = WHO) -> set[bytes]:
    """All that names somebody, as bytes, in the encodings that files and SQLite know."""
    with shop.open() as db:
        (id_,) = db.conn.execute("SELECT id FROM customers WHERE key = ?", [who]).fetchone()
        with listed(db, [id_]):
            values = traces(db).values
    assert len(values) >= 2, values
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
    return {value.encode(encoding) for value in values for encoding in encodings}


def left(folder: Path, told: set[bytes]) -> list[tuple[str, bytes]]:
    """Which of these bytes stand in which file under a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, value) for path in files for value in told if value in path.read_bytes()]


def test_nothing_is_left_of_the_person(full: Shop) -> None:
    told = told_of(full)
    assert {name for name, _ in left(full.path.parent, told)} >= {"shop.db"}
    done = forget_customer(full, WHO)
    assert done.wiped
    with full.open():  # a write-ahead file is there as long as somebody has the store open
        assert left(full.path.parent, told) == []
    back_up(full, full.path.parent / "backup.db")
    assert left(full.path.parent, told) == []
    assert check_store(full).faults == ()
    with pytest.raises(NotFound):
        customer_card(full, WHO)


def test_no_row_of_theirs_is_left(full: Shop) -> None:
    with full.open() as db:
        (id_,) = db.conn.execute("SELECT id FROM customers WHERE key = ?", [WHO]).fetchone()
        with listed(db, [id_]):
            before = {
                table: db.conn.execute(f"SELECT count(*) FROM {table} WHERE {held.where}").fetchone()[0]
                for table, held in PERSONAL.items()
            }
    there = {table for table, n in before.items() if n}
    assert there >= {"customers", "identities", "orders", "lines", "consents", "memberships", "standings", "sends"}
    assert there >= {"recommendations", "plain_only", "outcomes", "bought"} - {"bought"}
    forget_customer(full, WHO)
    with full.open() as db:
        for table in PERSONAL:
            for column in {row[1] for row in db.conn.execute(f"PRAGMA table_info({table})")} & {
                "customer_id",
                "home_id",
            }:
                sql = f"SELECT count(*) FROM {table} WHERE {column} = ?"
                assert db.conn.execute(sql, [id_]).fetchone() == (0,), table
        assert db.conn.execute("SELECT count(*) FROM kept_models").fetchone() == (0,)
        assert db.conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_sums_stay_as_they_were(full: Shop) -> None:
    def sums() -> object:
        report = sales_report(full)
        results = [campaign_results(full, line.campaign) for line in list_campaigns(full) if line.status == "approved"]
        variants = [[(v.label, v.sends, v.conversions) for v in one.variants] for one in results]
        with full.open() as db:
            money = db.conn.execute("SELECT count(*), sum(revenue), sum(n_lines) FROM orders").fetchone()
            lines = db.conn.execute("SELECT count(*), sum(quantity * price) FROM lines").fetchone()
            tallies = db.conn.execute("SELECT * FROM tallies").fetchall()
        cards = [show_campaign(full, one.campaign) for one in results]
        sizes = [(card.audience, card.holdout, card.went, card.excluded) for card in cards]
        return report.revenue, report.n_orders, variants, money, lines, tallies, sizes

    before, n = sums(), list_customers(full).total
    with full.open() as db:
        # the first of each version is the one that a card shows
        first = db.conn.execute(
            "SELECT u.key, min(position) FROM sends s JOIN customers u ON u.id = s.customer_id GROUP BY variant_id"
        )
        shown = [key for key, _ in first]
    for who in dict.fromkeys([WHO, *shown]):
        forget_customer(full, who)
    assert sums() == before
    assert list_customers(full).total == n - len({WHO, *shown})


def test_the_card_says_what_goes_and_changes_nothing(full: Shop) -> None:
    before = full.path.read_bytes()
    card = customer_to_forget(full, WHO)
    assert (card.customer.key, card.n_sent, card.n_files > 0) == (WHO, 2, True)
    assert card.orders == card.rows["orders"] > 0
    assert card.n_keys == 2
    assert full.path.read_bytes() == before


def test_a_later_file_does_not_bring_them_back(shop: Shop, tmp_path: Path) -> None:
    first = tmp_path / "orders.csv"
    rows = [
        "O1,C1,2026-01-05,Zoe Quixote,zoe@example.com,13800000001,P1,Tea,1,10",
        "O2,C2,2026-01-06,Ben Other,ben@example.com,13800000002,P1,Tea,2,10",
    ]
    first.write_text("\n".join([HEADER, *rows]))
    import_file(shop, first)
    told = told_of(shop, "C1")
    forget_customer(shop, "zoe@example.com")
    later = [
        "O3,C1,2026-02-05,Zoe Quixote,,,P1,Tea,3,10",  # by the number alone
        "O4,C9,2026-02-06,Z. Q.,ZOE@example.com,,P1,Tea,4,10",  # by the address, under another number
        "O5,C8,2026-02-07,Zoe,,+8613800000001,P1,Tea,5,10",  # by the phone, with the code of the country
        "O6,C7,someday,Zoe Quixote,zoe@example.com,,P1,Tea,6,10",  # a row that cannot be read
        "O7,C3,2026-02-08,Ann New,ann@example.com,13800000003,P1,Tea,7,10",
    ]
    second = tmp_path / "later.csv"
    second.write_text("\n".join([HEADER, *rows, *later]))
    made = import_file(shop, second)
    assert "3 people in the file were forgotten" in " ".join(map(str, made.notes))
    assert {row.customer.key for row in list_customers(shop).rows} == {"C2", "C3"}
    with shop.open() as db:
        orders = db.conn.execute("SELECT customer_id IS NULL, quantity FROM orders ORDER BY quantity").fetchall()
    # O1 is not there twice, though its number is not kept
    assert orders == [(1, 1), (0, 2), (1, 3), (1, 4), (1, 5), (0, 7)]
    first.unlink()
    second.unlink()
    finish_forgetting(shop)
    assert left(tmp_path, {one for one in told if one != b"C1"}) == []
    assert check_store(shop).faults == ()


def test_events_answers_and_returns_of_the_forgotten(shop: Shop, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "customer id,name,email,consent,favourite colour\n"
        "C1,Zoe Quixote,zoe@example.com,yes,ultramarine\nC2,Ben Other,ben@example.com,yes,red\n"
    )
    import_file(shop, people)
    forget_customer(shop, "C1")
    again = tmp_path / "again.csv"
    again.write_text(people.read_text() + "C3,Ann New,ann@example.com,no,red\n")
    made = import_file(shop, again)
    assert (made.rows, made.accepted + made.without_customer + made.rejected, made.customers) == (3, 3, 2)
    events = tmp_path / "events.csv"
    events.write_text(
        "customer id,email,event,event time\nC1,zoe@example.com,visit,2026-03-01\nC2,ben@example.com,visit,2026-03-02\n"
    )
    told = import_file(shop, events)
    assert (told.rows, told.accepted, told.without_customer, told.customers) == (2, 1, 1, 1)
    with shop.open() as db:
        assert db.conn.execute("SELECT count(*) FROM customers").fetchone() == (2,)
        assert db.conn.execute("SELECT count(*) FROM answers WHERE value = 'ultramarine'").fetchone() == (0,)
        assert db.conn.execute("SELECT count(*) FROM consents").fetchone() == (2,)


def test_who_was_one_person_goes_together(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        f"{HEADER}\nO1,C1,2026-01-05,Zoe Quixote,zoe@example.com,,P1,Tea,1,10\n"
        "O2,C2,2026-01-06,Zoe Quixote,zq@example.com,13800000001,P1,Tea,2,10\n"
        "O3,C3,2026-01-06,Zoe Quixote,,13800000001,P1,Tea,2,10\n"
    )
    import_file(shop, path)
    pair = same_people(shop).suspected[0]
    count_as_one(shop, pair.id)
    assert list_customers(shop).total == 2
    merged = {"C2", "C3"}
    told = told_of(shop, "C2")
    assert forget_customer(shop, "C2").n_orders == 2
    path.unlink()
    assert left(tmp_path, {one for one in told if len(one) > 8 and b"uixote" not in one}) == []
    assert merged.isdisjoint(row.customer.key for row in list_customers(shop).rows)
    assert check_store(shop).faults == ()


def test_it_is_done_once_for_one_cause(full: Shop) -> None:
    caused = full.caused_by("update:9")
    assert not forget_customer(caused, WHO).again
    assert forget_customer(caused, WHO).again
    with full.open() as db:
        assert suppressions.counts(db)[0] == 1
        (step,) = db.conn.execute("SELECT who, subject, cause FROM trail WHERE deed = 'forgotten'").fetchall()
    assert (step[0], step[2]) == ("owner", "update:9")
    assert step[1].isdecimal()
    with pytest.raises(NotFound, match="forgotten already"):
        customer_to_forget(full, f"#c{step[1]}")


def test_a_reader_delays_the_wiping_and_is_told_of(full: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.services.forgetting.PATIENCE", 0.2)
    told = told_of(full)
    with closing(sqlite3.connect(full.path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM customers").fetchone()
        done = forget_customer(full, WHO)
        assert not done.wiped
        with pytest.raises(NotFound):
            customer_card(full, WHO)
        assert not finish_forgetting(full)
    assert finish_forgetting(full)
    assert left(full.path.parent, told) == []


def test_a_wiping_that_was_cut_off_is_begun_again(full: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_of(full)
    monkeypatch.setattr("engine.store.forgetting.wipe", lambda db, seconds: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        forget_customer(full.caused_by("update:9"), WHO)
    monkeypatch.undo()
    assert forget_customer(full.caused_by("update:9"), WHO).again
    assert left(full.path.parent, told) == []


def test_an_older_copy_does_not_bring_them_back(full: Shop) -> None:
    told = told_of(full)
    with full.open() as db:
        db.conn.execute("DELETE FROM meta WHERE key = 'forgetting keys'")  # a copy from before there were any
    older = full.path.parent / "older.db"
    back_up(full, older)
    forget_customer(full, WHO)
    shutil.move(older, full.path)
    assert customer_card(full, WHO)
    assert forget_again(full) == 1
    assert left(full.path.parent, told) == []
    assert forget_again(full) == 0
    assert check_store(full).faults == ()


def test_a_restored_backup_forgets_them_again(full: Shop, tmp_path: Path) -> None:
    told = told_of(full)
    back_up(full, tmp_path / "backup.db")
    forget_customer(full, WHO)
    restore(full, tmp_path / "backup.db")
    (tmp_path / "backup.db").unlink()
    assert left(tmp_path, told) == []
    with pytest.raises(NotFound):
        customer_card(full, WHO)
    assert check_store(full).faults == ()


def test_a_restore_that_was_cut_off_is_made_up_for_at_the_next_start(
    full: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = told_of(full)
    back_up(full, tmp_path / "backup.db")
    forget_customer(full, WHO)
    monkeypatch.setattr("engine.services.restoring.forget_again", lambda shop, who: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        restore(full, tmp_path / "backup.db")
    (tmp_path / "backup.db").unlink()
    assert customer_card(full, WHO)
    assert finish_forgetting(full)
    assert left(tmp_path, told) == []


def test_who_comes_back_by_their_own_wish(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer id,name,email\nC1,Zoe Quixote,zoe@example.com\nC2,Ben Other,ben@example.com\n")
    import_file(shop, path)
    forget_customer(shop, "C1")
    with pytest.raises(NotFound, match=r"Nobody was forgotten who is known by “ben@example\.com”"):
        let_back(shop, "ben@example.com")
    assert let_back(shop, "Zoe@example.com ") == 1
    path.write_text(path.read_text() + "C3,Ann New,ann@example.com\n")
    import_file(shop, path)
    assert list_customers(shop).total == 3


def sent_to(shop: Shop, campaign: int) -> list[str]:
    with shop.open() as db:
        rows = db.conn.execute(
            "SELECT u.key FROM sends s JOIN customers u ON u.id = s.customer_id WHERE s.campaign_id = ? "
            "ORDER BY position",
            [campaign],
        )
        return [key for (key,) in rows]


def test_a_message_that_has_not_gone_out_goes_no_more(full: Shop) -> None:
    draft = next(line for line in list_campaigns(full) if line.status == "draft")
    approve_campaign(full, draft.campaign, who="test")
    rows = sent_to(full, draft.campaign)
    n, who = len(rows), rows[0]
    forget_customer(full, who)
    assert len(sent_to(full, draft.campaign)) == n - 1
    listed_ = export_campaign(full, draft.campaign)
    assert who not in listed_.read_text("utf-8-sig")
    # of what stands in a list by now, the message of one who goes stays as nobody's
    other = rows[1]
    forget_customer(full, other)
    assert len(sent_to(full, draft.campaign)) == n - 1
    assert other not in listed_.read_text("utf-8-sig")
    assert check_store(full).faults == ()


def test_of_many_only_who_unsubscribed_stays_suppressed(full: Shop) -> None:
    unsubscribe(full, "K0004")
    with full.open() as db:
        ids = dict(db.conn.execute("SELECT key, id FROM customers").fetchall())
    told = told_of(full, "K0004") | told_of(full, "K0005")
    assert forget_all(full, [ids["K0004"], ids["K0005"]], who="retention") == 2
    assert left(full.path.parent, told) == []
    with full.open() as db:
        known = suppressions.forgotten(db)
        assert known.has(suppressions.tokens("email", "", "k0004@example.com"))
        assert not known.has(suppressions.tokens("email", "", "k0005@example.com"))
        assert trail.faults(db) == []
    assert check_store(full).faults == ()


def test_bad_words_change_nothing(full: Shop) -> None:
    before = full.path.read_bytes()
    for text, error in (("K9999", NotFound), ("", NotFound), ("#c999999", NotFound)):
        with pytest.raises(error):
            forget_customer(full, text)
    assert full.path.read_bytes() == before
