"""What is told of segments from one run to the next, on a made shop."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta

import pytest

from engine.errors import NotFound
from engine.services.segment_moves import SegmentMoves, export_movers, segment_movers
from engine.services.segments import find_segments, segment_members
from engine.shop import Shop
from engine.store import transaction
from tests.engine.services import shops


@pytest.fixture
def tea(shop: Shop) -> Shop:
    shops.fill(shop)
    return shop


def buys_much(shop: Shop, customer: str, n: int = 12) -> None:
    """From now on one of those who buy often and much."""
    start = datetime(2026, 11, 19) - timedelta(days=20 * n)
    lines = tuple((key, 1.0, 90.0) for key in ("T1", "T2", "T3", "P1"))
    made = [shops.MadeOrder(f"more-{customer}-{i}", customer, start + timedelta(days=20 * i), lines) for i in range(n)]
    with shop.open() as db, transaction(db):
        shops.add_orders(db, made)


def a_new_file(shop: Shop, *, movers: tuple[str, ...] = (), new: int = 0) -> None:
    with shop.open() as db, transaction(db):
        shops.add_import(db, "later.csv")
        shops.add_customers(db, ({"key": f"X{i}"} for i in range(new)))
    for customer in (*movers, *(f"X{i}" for i in range(new))):
        buys_much(shop, customer)


def told(moves: SegmentMoves | None) -> SegmentMoves:
    assert moves is not None
    return moves


def test_nothing_is_told_of_the_first_time_nor_of_the_same_again(tea: Shop) -> None:
    assert find_segments(tea, k=3).moves is None
    with pytest.raises(NotFound, match="nothing to compare yet"):
        segment_movers(tea)
    assert find_segments(tea, k=3, refresh=True).moves is None


def test_who_moved_and_who_is_new(tea: Shop) -> None:
    before = find_segments(tea, k=3)
    a_new_file(tea, movers=("O1", "L1"), new=1)
    now = find_segments(tea, k=3)
    moves = told(now.moves)
    assert [segment.key for segment in now.segments] == [segment.key for segment in before.segments]
    assert [segment.name for segment in now.segments] == [segment.name for segment in before.segments]
    assert (moves.n_moved, moves.n_new, moves.n_left, moves.n_stayed) == (2, 1, 0, 88)
    big, quiet, lost = now.segments
    assert {(m.before.key, m.now.key, m.n) for m in moves.moved if m.before and m.now} == {
        (quiet.key, big.key, 1),
        (lost.key, big.key, 1),
    }
    assert (moves.renamed, moves.same_data, moves.is_one_group) == ((), False, False)
    assert big.size == 33


def test_the_list_of_those_who_moved(tea: Shop) -> None:
    find_segments(tea, k=3)
    a_new_file(tea, movers=("O1", "L1"))
    find_segments(tea, k=3)
    found = segment_movers(tea)
    assert {one.row.customer.key for one in found.movers} == {"O1", "L1"}
    assert {str(one.now.name) for one in found.movers} == {"Regulars who spend big"}
    path = export_movers(tea)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["customer"]: row for row in csv.DictReader(file)}
    assert rows["L1"]["group now"] == "Regulars who spend big"
    assert "One-time buyers" in rows["L1"]["group before"]


def test_another_number_of_groups_says_so_and_keeps_what_goes_on(tea: Shop) -> None:
    three = find_segments(tea, k=3)
    two = find_segments(tea, k=2)
    moves = told(two.moves)
    assert moves.same_data
    assert len(moves.groups_before) == 3
    kept = {segment.key for segment in two.segments} & {segment.key for segment in three.segments}
    assert kept
    # the same question again is compared with what was before it, too, and has the names that it had
    assert [s.name for s in find_segments(tea, k=3).segments] == [s.name for s in three.segments]


def test_whoever_turned_out_to_be_another_did_not_leave(tea: Shop) -> None:
    find_segments(tea, k=3)
    a_new_file(tea)
    with tea.open() as db, transaction(db):
        (kept,) = db.conn.execute("SELECT id FROM customers WHERE key = 'R1'").fetchone()
        other = "(SELECT id FROM customers WHERE key = 'R2')"
        db.conn.execute(f"UPDATE orders SET customer_id = ? WHERE customer_id = {other}", [kept])
        db.conn.execute("UPDATE customers SET merged_into = ? WHERE key = 'R2'", [kept])
    moves = told(find_segments(tea, k=3).moves)
    assert (moves.n_left, moves.n_moved, moves.n_stayed) == (0, 0, 89)


def test_a_name_that_is_no_longer_true_is_given_up_and_the_key_stays(tea: Shop) -> None:
    before = find_segments(tea, k=3)
    quiet = before.segments[1]
    assert str(quiet.name) == "Repeat buyers, quiet for a while"
    # each of them orders now: they are the same people, but nobody is quiet
    with tea.open() as db, transaction(db):
        shops.add_import(db, "later.csv")
        shops.add_orders(
            db,
            [
                shops.MadeOrder(f"now-{i}", f"O{i}", datetime(2026, 11, 10), (("T1", 1.0, 40.0), ("P2", 1.0, 40.0)))
                for i in range(1, 31)
            ],
        )
    now = find_segments(tea, k=3)
    moves = told(now.moves)
    (again,) = [segment for segment in now.segments if segment.key == quiet.key]
    assert "quiet" not in str(again.name)
    assert [(segment.key, str(was)) for segment, was in moves.renamed] == [(quiet.key, str(quiet.name))]
    assert moves.n_moved == 0
    assert segment_members(tea, again.id).segment.key == quiet.key


def test_the_grids_go_by_their_own_names(tea: Shop) -> None:
    find_segments(tea, method="rfm_ten")
    a_new_file(tea, movers=("O1", "O2", "O3", "O4"))
    now = find_segments(tea, method="rfm_ten")
    moves = told(now.moves)
    assert moves.renamed == ()
    assert all(move.before.key == move.now.key for move in moves.moves if move.stayed and move.before and move.now)
    assert moves.n_moved > 0
