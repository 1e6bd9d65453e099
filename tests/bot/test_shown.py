"""Replies that are kept while the shop's file is as it was: never one of another state, hour, shop or question."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import Request
from bot.replies import Picture, Reply, says
from bot.shown import TEXTS, Shown, Sight, stamp
from engine import Phrase, Shop, pair_owner

ASKED = Request("en", "user 1", chat_id=1, chat_name="Mia")
HOUR = "2026-11-23 12"


@pytest.fixture
def settled(shop: Shop) -> Shop:
    """A shop whose file was written some time ago."""
    pair_owner(shop, 1, 1)
    rested(shop)
    return shop


def rested(shop: Shop, seconds: float = 5.0) -> None:
    """The file, and the one beside it, were last written so long ago."""
    then = time.time_ns() - int(seconds * 1e9)
    for path in shop.path.parent.glob(f"{shop.path.name}*"):
        os.utime(path, ns=(then, then))


def sight(shop: Shop, command: str = "sales", request: Request = ASKED) -> Sight | None:
    return Sight.now(shop, command, request)


def reply(n_bytes: int = 0) -> Reply:
    return Reply((Picture(b"x" * n_bytes),)) if n_bytes else says(Phrase("Fine."))


def test_a_file_that_rests_has_a_stamp_and_a_change_gives_another(settled: Shop) -> None:
    before = stamp(settled)
    assert before
    assert stamp(settled) == before
    with settled.open() as db:
        db.conn.execute("UPDATE chats SET language = 'zh'")
        assert stamp(settled) == ()  # just written: what comes within the same tick of the clock would look the same
        rested(settled, 2.0)
        assert stamp(settled) not in ((), before)  # it is in the file beside it still, and counts


def test_another_file_of_the_same_age_and_size_has_another_stamp(settled: Shop) -> None:
    before, state = stamp(settled), settled.path.stat()
    other = settled.path.with_name("other")
    other.write_bytes(settled.path.read_bytes())
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    other.replace(settled.path)
    after = stamp(settled)
    assert after
    assert after != before


def test_a_file_that_will_be_written_in_the_future_has_none(settled: Shop) -> None:
    """The clock was set back: nobody can tell whether it changes."""
    rested(settled, -3600.0)
    assert stamp(settled) == ()


def test_where_there_is_no_file_there_is_nothing_to_keep(shop: Shop) -> None:
    assert stamp(shop) == ()
    assert sight(shop) is None


def test_what_is_kept_is_shown_again(settled: Shop) -> None:
    shown, sales = Shown(), reply()
    asked = sight(settled)
    assert shown.reply(asked) is None
    shown.keep(asked, sight(settled), sales)
    assert shown.reply(sight(settled)) is sales


def test_it_is_the_same_for_all_who_ask_the_same(settled: Shop) -> None:
    shown = Shown()
    shown.keep(sight(settled), sight(settled), reply())
    helper = replace(ASKED, who="user 2", chat_id=2, chat_name="Ann")
    assert shown.reply(sight(settled, request=helper)) is not None
    others = [
        sight(settled, "value"),
        sight(settled, request=replace(ASKED, language="zh")),
        sight(settled, request=replace(ASKED, text="2026")),
        sight(settled, request=replace(ASKED, role="helper")),
        sight(replace(settled, clock=lambda: settled.clock() + timedelta(hours=1))),
    ]
    assert [shown.reply(other) for other in others] == [None] * 5


def test_the_hour_is_the_shops(settled: Shop) -> None:
    found = sight(replace(settled, clock=lambda: datetime(2026, 11, 23, 12, 59, 59, tzinfo=UTC)))
    assert found is not None
    assert found.hour == HOUR


def test_another_shops_reply_is_never_shown(settled: Shop) -> None:
    other = replace(settled, path=settled.path.with_name("other.db"))
    pair_owner(other, 2, 2)
    rested(other)
    shown = Shown()
    shown.keep(sight(settled), sight(settled), reply())
    assert shown.reply(sight(other)) is None


def test_nothing_is_kept_while_the_file_is_unsettled(settled: Shop) -> None:
    shown = Shown()
    rested(settled, 0.0)
    assert sight(settled) is None
    shown.keep(sight(settled), sight(settled), reply())
    assert shown.reply(None) is None
    assert shown._replies == {}


def test_nothing_is_kept_if_the_file_has_changed_while_it_was_made(settled: Shop) -> None:
    shown, asked = Shown(), sight(settled)
    with settled.open() as db:
        db.conn.execute("UPDATE chats SET language = 'zh'")
        shown.keep(asked, sight(settled), reply())  # unsettled
        rested(settled, 2.0)
        shown.keep(asked, sight(settled), reply())  # another
        assert shown._replies == {}
        assert shown.reply(sight(settled)) is None


def test_an_old_state_is_not_shown_after_a_change(settled: Shop) -> None:
    shown = Shown()
    shown.keep(sight(settled), sight(settled), reply())
    with settled.open() as db:
        db.conn.execute("UPDATE chats SET language = 'zh'")
        rested(settled, 2.0)
        assert shown.reply(sight(settled)) is None


def test_one_that_is_larger_than_all_may_be_is_not_kept(settled: Shop) -> None:
    shown = Shown(most_bytes=TEXTS + 99)
    shown.keep(sight(settled), sight(settled), reply(100))
    assert (shown._replies, shown._bytes) == ({}, 0)


KEPT = [Sight("shop.db", name, ASKED, (1,), HOUR) for name in "abcdefgh"]


@given(
    st.integers(0, 5 * TEXTS),
    st.lists(st.tuples(st.sampled_from(KEPT), st.integers(0, 2 * TEXTS), st.booleans()), max_size=40),
)
def test_the_size_stays_within_its_bound_and_the_one_unused_longest_goes_first(
    most: int, deeds: list[tuple[Sight, int, bool]]
) -> None:
    shown = Shown(most_bytes=most)
    sizes: dict[Sight, int] = {}  # the one used last is last
    for asked, n_bytes, looks in deeds:
        if looks:
            assert (shown.reply(asked) is not None) == (asked in sizes)
            if asked in sizes:
                sizes[asked] = sizes.pop(asked)
        elif asked not in sizes:
            shown.keep(asked, asked, reply(n_bytes))
            sizes[asked] = TEXTS + n_bytes
            while sum(sizes.values()) > most:
                del sizes[next(iter(sizes))]
        assert list(shown._replies) == list(sizes)
        assert shown._bytes == sum(sizes.values()) <= most
