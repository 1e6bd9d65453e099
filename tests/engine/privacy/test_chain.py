"""The chain of hashes: known answers, and every single change is found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.privacy.chain import End, Fields, examined, link, linked

AT = "2026-11-23T12:00:00+00:00"
FIRST = [AT, "owner", "imported", "1", None]
SECOND = [AT, "店主", "approved", "7", "update:5"]
# by sha256sum of GNU coreutils, over the JSON list of the hash before and the fields
HASHES = [
    "76408ec6aeb9157da08b4ca4a0cc37ad7098c36225106e84d90ab66c15778328",
    "1854d49e12cbc73e085d4a2b55e58e86f444cfc1e53b7c3057668acee7b1e5ed",
]

fields = st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=5, max_size=5)


def test_links_are_sha256_over_the_row_and_the_hash_before() -> None:
    assert linked([FIRST, SECOND]) == HASHES
    assert linked([SECOND], End(1, HASHES[0])) == HASHES[1:]


def rows_of(written: list[Fields]) -> list[tuple[int, Fields, str]]:
    return [(i, row, hash_) for i, (row, hash_) in enumerate(zip(written, linked(written), strict=True), 1)]


def end_of(rows: list[tuple[int, Fields, str]]) -> End:
    return End(len(rows), rows[-1][2]) if rows else End()


@given(st.lists(fields, max_size=6))
def test_what_was_written_is_whole(written: list[Fields]) -> None:
    rows = rows_of(written)
    assert examined(rows, end_of(rows)).is_whole


@given(st.lists(fields, min_size=1, max_size=6), st.data())
def test_a_changed_a_removed_and_an_added_row_are_found(written: list[Fields], data: st.DataObject) -> None:
    rows = rows_of(written)
    end = end_of(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    id_, row, hash_ = rows[place]
    other = data.draw(fields.filter(lambda drawn: drawn != list(row)))
    changed = [*rows[:place], (id_, other, hash_), *rows[place + 1 :]]
    assert id_ in examined(changed, end).rows
    rehashed = [*rows[:place], (id_, other, link(rows[place - 1][2] if place else "", other)), *rows[place + 1 :]]
    assert not examined(rehashed, end).is_whole
    assert not examined(rows[:place] + rows[place + 1 :], end).is_whole
    assert not examined([*rows, (99, other, link(end.hash, other))], end).is_whole
