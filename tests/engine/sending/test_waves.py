"""Waves: a part first, then the rest by what came of it; nobody twice, nobody lost, every chance as it was drawn."""

from __future__ import annotations

import csv
import multiprocessing
import os
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.campaigns.waves import first_size, first_wave, share_said, size_said
from engine.errors import NotAllowed, NotFound
from engine.phrases import Phrase
from engine.services.approvals import campaign_steps
from engine.services.by_hand import done_by_hand, next_by_hand
from engine.services.campaign_lists import take_back_list, write_campaign_list
from engine.services.campaigns import approve_campaign, draft_campaign, list_campaigns, show_campaign, undo_approval
from engine.services.chats import pair_owner
from engine.services.first_wave import set_first_wave
from engine.services.outcomes import record_counts, record_people
from engine.services.results import campaign_results
from engine.services.unsubscribing import ask_for_plain, unsubscribe
from engine.services.upkeep import check_store
from engine.services.wave_newcomers import take_in_newcomers
from engine.services.waves import WaveCard, approve_wave, drop_rest, show_wave
from engine.shop import Shop
from engine.store import learning_plans, outcomes, segments, sends, waves
from tests.clock import At
from tests.engine.sending.made import later, send
from tests.engine.sending.post_office import post_office
from tests.engine.services.test_campaigns import Group, filled


def begun(path: Path, n: int = 100, *, channel: str = "text", policy: str = "thompson:earn", held: float = 0.1) -> Shop:
    """A shop with campaign 1 to `n` people of whom a fifth gets it first, approved at noon; an hour after."""
    shop = Shop(path, clock=At())
    segment = filled(shop, n)
    draft = draft_campaign(
        shop, segment_id=segment, goal="win_back", channel=channel, holdout=held, policy=policy, variants=TWO
    )
    set_first_wave(shop, draft.campaign, "20%")
    approve_campaign(shop, draft.campaign, who="owner")
    return later(shop, hours=1)


TWO = ("plain_hello", "small_thanks")


def told(shop: Shop, *rates: float) -> None:
    """Of every message that is out, so many of each version bought."""
    with shop.open() as db:
        sizes = {variant.label: variant.sends for variant in outcomes.variants(db, 1)}
    counts = [f"{label} {round(rate * n)}/{n}" for (label, n), rate in zip(sizes.items(), rates, strict=True)]
    record_counts(shop, 1, ", ".join(counts))


def everybody(shop: Shop) -> list[set[int]]:
    """Who has a message, who waits, and who is held out of campaign 1."""
    with shop.open() as db:
        return [
            {one for (one,) in db.conn.execute(f"SELECT customer_id FROM {table} WHERE campaign_id = 1")}
            for table in ("sends", "reserves", "holdouts")
        ]


def drawn(shop: Shop) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    with shop.open() as db:
        return sends.chances_at_draw(db, 1, 2)


def test_a_share_and_a_size_as_they_are_said() -> None:
    assert [share_said(text) for text in ("20%", "20", "0.2", "２０％", "all", "全部", "100")] == [
        *(0.2, 0.2, 0.2, 0.2, None, None, None)
    ]
    assert [size_said(text, 80) for text in ("50", "20%", "rest", "half", "其余", "500", "30人", "0.25")] == [
        *(50, 16, 80, 40, 80, 80, 30, 20)
    ]
    for text in ("", "0", "-5", "150%", "many"):
        with pytest.raises(NotAllowed):
            share_said(text)
    for text in ("", "0", "0%", "2.5", "many", "300%"):
        with pytest.raises(NotAllowed):
            size_said(text, 80)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=200), st.floats(0.01, 0.99), st.integers(0, 5))
def test_a_first_wave_has_its_size_and_keeps_the_versions_shares(which: list[int], share: float, seed: int) -> None:
    variant = np.array(which, np.int64)
    for alike in (True, False):
        chosen = first_wave(variant, share, np.random.default_rng(seed), alike=alike)
        assert len(set(chosen.tolist())) == chosen.size == first_size(share, variant.size)
    counts = np.bincount(variant)
    chosen = first_wave(variant, share, np.random.default_rng(seed), alike=True)
    got = np.bincount(variant[chosen], minlength=counts.size)
    assert np.abs(got - chosen.size * counts / variant.size).max() < 1 + 1e-6


def test_a_version_is_first_as_often_as_it_was_meant() -> None:
    # 3 of 4, 1 of 4; of a first wave of 2 that is 1.5 and .5
    variant = np.array([0, 0, 0, 1], np.int64)
    shares = [
        np.bincount(variant[first_wave(variant, 0.5, np.random.default_rng(seed), alike=True)], minlength=2)
        for seed in range(2_000)
    ]
    assert np.mean(shares, axis=0) == pytest.approx([1.5, 0.5], abs=0.05)


def test_the_first_wave_is_a_fifth_and_the_others_wait(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db")
    first, waiting, held = everybody(shop)
    assert [len(first), len(waiting), len(held)] == [18, 72, 10]
    assert not (first & waiting) | (first & held) | (waiting & held)
    draft = show_campaign(shop, 1)
    assert (draft.audience, draft.waiting, draft.first_share) == (18, 72, 0.2)
    assert [variant.n for variant in draft.variants] == [9, 9]
    assert [line.waiting for line in list_campaigns(shop)] == [72]
    assert write_campaign_list(shop, 1).n == 18
    assert campaign_results(shop, 1).waiting == 72
    assert check_store(shop).faults == ()


def test_an_approval_in_parts_is_taken_back_as_a_whole(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At())
    draft = draft_campaign(shop, segment_id=filled(shop, 60), goal="win_back", holdout=0.0)
    with shop.open() as db:
        before = db.conn.execute("SELECT * FROM sends ORDER BY position").fetchall()
    assert set_first_wave(shop, 1, "20%").first == 12
    approve_campaign(shop, draft.campaign, who="owner")
    with pytest.raises(NotAllowed, match="Nothing goes out before"):
        approve_wave(shop, 1, 2)
    undo_approval(shop, 1, who="owner")
    with shop.open() as db:
        assert db.conn.execute("SELECT * FROM sends ORDER BY position").fetchall() == before
    assert set_first_wave(shop, 1, "all").first_share is None
    assert approve_campaign(shop, 1, who="owner").audience == 60
    with pytest.raises(NotAllowed, match="goes to everybody at once"):
        show_wave(shop, 1)
    with pytest.raises(NotAllowed, match="is no draft any more"):
        set_first_wave(shop, 1, "20%")


def test_what_came_back_decides_who_gets_what_next(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 400)
    told(shop, 0.1, 0.6)  # 72 in the first wave: 36 each
    card = show_wave(later(shop, days=7), 1)
    assert (card.number, card.waiting, card.holdout, card.status) == (2, 288, 40, "waiting")
    # Thompson's chance for B, with a floor of .2 %: next to 1
    assert card.shares[1] > 0.99
    assert everybody(shop)[1] == everybody(later(shop, days=7))[1], "a look changes nothing"
    approved = approve_wave(later(shop, days=7), 1, 2, "100")
    assert approved.status == "approved"
    assert approved.n == 100 == sum((approved.sizes or {}).values())
    assert (approved.sizes or {}).get("B", 0) >= 97
    chances = drawn(shop)
    assert chances[:72] == pytest.approx(0.5)
    assert chances[72:] == pytest.approx(np.tile(card.shares, (100, 1)))
    with shop.open() as db:
        propensity = [chance for (chance,) in db.conn.execute("SELECT propensity FROM sends ORDER BY position")]
        labels = [label for label, _, _ in outcomes.in_order(db, 1)]
    # as it was drawn, whatever came of the others of the wave
    assert propensity == pytest.approx([row["AB".index(label)] for row, label in zip(chances, labels, strict=True)])


def test_late_outcomes_count_as_sent_and_not_answered(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 400, policy="ucb1")
    record_counts(shop, 1, "A 3/36")
    # 36 of B wait for their outcomes; were they not counted, B would get the whole wave
    sizes = approve_wave(shop, 1, 2, "100").sizes or {}
    assert min(sizes.values()) > 20


def test_nobody_gets_two_messages_and_nobody_held_out_gets_one(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 300)
    _, _, held = everybody(shop)
    there: set[int] = everybody(shop)[0]
    for number in range(2, 10):
        told(shop, 0.1, 0.2)
        try:
            approve_wave(shop, 1, number, "54")
        except NotAllowed as error:
            assert "Nobody waits for campaign 1 any more" in str(error)
            break
        now, waiting, still_held = everybody(shop)
        assert there < now
        assert still_held == held
        assert not now & (waiting | held)
        there = now
    assert len(there) == 270
    with shop.open() as db:
        positions = [one for (one,) in db.conn.execute("SELECT position FROM sends ORDER BY position")]
        counts = [wave.n for wave in waves.of(db, 1)]
        froms = [wave.from_send for wave in waves.of(db, 1)]
    assert len(set(positions)) == 270
    assert counts == [54, 54, 54, 54, 54]
    assert froms == [0, 54, 108, 162, 216]
    assert check_store(shop).faults == ()


def test_a_wave_is_approved_once(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db")
    told(shop, 0.1, 0.2)
    once = approve_wave(shop.caused_by("update:7"), 1, 2, "20")
    again = approve_wave(shop.caused_by("update:7"), 1, 2, "20")
    assert (again.n, again.sizes, again.status) == (once.n, once.sizes, "approved")
    with pytest.raises(NotAllowed, match=r"Wave 2 of campaign 1 was approved on .* already; nothing was changed"):
        approve_wave(shop, 1, 2, "20")
    with pytest.raises(NotAllowed, match="is number 3"):
        approve_wave(shop, 1, 4)
    assert len(everybody(shop)[0]) == 38


def test_the_rules_are_looked_at_for_each_wave(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", channel="email")
    first, waiting, held = everybody(shop)
    a, b, same, double = sorted(waiting)[:4]
    unsubscribe(shop, f"K{a}", channel="email")
    sent, kept = min(first), min(held)
    with shop.open() as db:
        db.conn.execute("UPDATE customers SET email = NULL WHERE id = ?", [b])
        db.conn.execute("UPDATE customers SET email = ? WHERE id = ?", [f"K{sent}@EXAMPLE.com", same])
        db.conn.execute("UPDATE customers SET merged_into = ? WHERE id = ?", [kept, double])
    card = show_wave(shop, 1, "rest")
    assert card.n == 68
    assert card.left_out == {
        "unsubscribed": 1,
        "no address for this channel": 1,
        "somebody with the same address gets it already": 1,
        "the same person is in it already": 1,
    }
    approve_wave(shop, 1, 2, "rest")
    assert everybody(shop)[1] == {a, b, same, double}
    with pytest.raises(NotAllowed, match="None of the 4 people who wait for campaign 1 may be written to now"):
        approve_wave(shop, 1, 3)
    assert drop_rest(shop, 1) == 4
    assert show_campaign(shop, 1).excluded["you did not send on to them"] == 4
    with pytest.raises(NotAllowed, match="Nobody waits"):
        drop_rest(shop, 1)


def test_each_list_has_its_own_wave(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db")
    write_campaign_list(shop, 1)
    told(shop, 0.1, 0.2)
    approve_wave(shop, 1, 2, "30")
    written = write_campaign_list(shop, 1)
    assert (written.n, written.left_out) == (30, {"in the list of an earlier wave": 18})
    with written.path.open(encoding="utf-8-sig", newline="") as file:
        listed = {int(row["customer"].removeprefix("K")) for row in csv.DictReader(file)}
    with shop.open() as db:
        mine = db.conn.execute("SELECT customer_id FROM sends WHERE position >= ?", [waves.of(db, 1)[1].from_position])
        assert listed == {one for (one,) in mine}
    # what is taken back is the wave's list; the one before has brought outcomes
    assert take_back_list(shop, 1).n == 30
    assert show_campaign(shop, 1).went == {("list:plain", "handed over"): 18}


def test_waves_go_out_one_by_one_and_by_mail(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 30, channel="email", held=0.0)
    with post_office() as (box, mail):
        assert send(shop, mail).delivered == 6
        approve_wave(shop, 1, 2, "10")
        handed = next_by_hand(shop, 1)
        assert handed.message is not None
        assert handed.message.left == 10
        done_by_hand(shop, 1, handed.message.position, sent=True)
        assert send(shop, mail).delivered >= 8  # the text that is being shown is the owner's
        approve_wave(shop, 1, 3, "rest")
        assert send(shop, mail).delivered == 14
        assert len(box.addresses) == len(set(box.addresses)) >= 28
    assert [step.deed for step in campaign_steps(shop, 1)].count("wave approved") == 2


def test_an_approval_of_a_wave_holds_for_itself(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db")
    month = later(shop, days=30)
    assert approve_wave(month, 1, 2, "20").n == 20
    assert write_campaign_list(month, 1).n == 38
    much_later = later(shop, days=60)
    assert show_wave(much_later, 1).waiting == 52
    pair_owner(shop, 1, 7)
    with pytest.raises(NotAllowed, match="no access to this shop any more"):
        approve_wave(month, 1, 3, who="user 8")


def test_a_plan_grows_with_what_goes_past_it_and_twice_at_most(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 200, held=0.0)
    with shop.open() as db:
        db.conn.execute("UPDATE learning_plans SET sends = 20")
    with shop.open() as db:
        assert (learning_plans.of(db, 1) or pytest.fail()).sends_now == 20
    longer = []
    for number, (sent, full) in enumerate([(60, False), (100, False), (140, True)], start=2):
        card = show_wave(shop, 1, "40")
        assert card.full == full
        approved = approve_wave(shop, 1, number, "40")
        longer.append((approved.longer, approved.planned))
        assert len(everybody(shop)[0]) == sent + 20
    # 40 messages are 20 of each and within the plan; 80 are 40 of each
    assert longer == [(40, 40), (60, 60), (None, 60)]
    with shop.open() as db:
        plan = learning_plans.of(db, 1)
    assert plan is not None
    assert plan.longer == ((40, 40), (80, 60))
    assert campaign_results(shop, 1).planned == 60


def test_a_file_of_buyers_between_waves(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 200)
    bought = tmp_path / "bought.csv"
    bought.write_text("customer\n" + "\n".join(f"K{one}" for one in sorted(everybody(shop)[0])[:5]))
    record_people(shop, 1, bought)
    approve_wave(shop, 1, 2, "rest")
    results = campaign_results(shop, 1)
    assert sum(variant.reported for variant in results.variants) == 36
    assert sum(variant.sends for variant in results.variants) == 180
    assert results.caution is None


@pytest.mark.parametrize("policy", ["by_segment:earn", "linear_thompson:know", "linucb:know", "linucb"])
def test_policies_that_go_by_what_people_are_like(tmp_path: Path, policy: str) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At())
    segment = filled(shop, 240)
    with shop.open() as db:
        # the first half spends much and has bought lately: they are another group
        db.conn.execute("UPDATE orders SET revenue = 900, at = '2026-11-01T10:00:00' WHERE customer_id <= 120")
    draft = draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.0, policy=policy, variants=TWO)
    assert any("what each person is like" in str(note) for note in draft.notes)
    set_first_wave(shop, 1, "50%")
    approve_campaign(shop, 1, who="owner")
    shop = later(shop, hours=1)
    told(shop, 0.1, 0.2)
    counts_only = campaign_results(shop, 1)
    assert str(counts_only.caution).startswith("Counts are not enough here")
    assert counts_only.verdict.state != "enough"
    with shop.open() as db:
        rows = db.conn.execute(
            "SELECT s.customer_id, v.label FROM sends s JOIN variants v ON v.id = s.variant_id"
        ).fetchall()
    # big spenders buy by A, the others by B
    file = tmp_path / "people.csv"
    lines = [f"K{one},{'yes' if (one <= 120) == (label == 'A') else 'no'}" for one, label in rows]
    file.write_text("customer,bought\n" + "\n".join(lines))
    record_people(shop, 1, file)
    card = approve_wave(shop, 1, 2, "rest")
    assert card.by_person
    with shop.open() as db:
        later_rows = db.conn.execute(
            "SELECT s.customer_id, v.label, s.propensity FROM sends s JOIN variants v ON v.id = s.variant_id "
            "WHERE s.position >= ?",
            [waves.of(db, 1)[1].from_position],
        ).fetchall()
        chances = sends.chances_at_draw(db, 1, 2)
    assert np.isfinite(chances).all()
    assert chances.sum(axis=1) == pytest.approx(1)
    if policy != "by_segment:earn":  # all are in one segment, and no stage is known
        right = np.mean([(one <= 120) == (label == "A") for one, label, _ in later_rows])
        assert right > 0.7
        assert len({tuple(row) for row in chances.tolist()}) > 1
    assert campaign_results(shop, 1).verdict.state != "enough"


def test_groups_are_the_segments_and_who_wants_nothing_personal_is_in_none(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At())
    everyone = filled(shop, 60)
    with shop.open() as db:
        groups = [Group("a", Phrase("A"), 20), Group("b", Phrase("B"), 35), Group("c", Phrase("C"), 5)]
        members = [(one, "a" if one <= 20 else "b" if one <= 55 else "c") for one in range(1, 61)]
        segments.save(
            db, groups, members, method="by hand", settings={}, seed=0, data_version=0, quality={}, at=shop.now(),
            cause=None,
        )  # fmt: skip
    ask_for_plain(shop, "K1", plain=True)
    draft_campaign(shop, segment_id=everyone, goal="win_back", holdout=0.0, policy="by_segment:earn", variants=TWO)
    with shop.open() as db:
        like = sends.contexts(db, 1)
    # the largest is 0, and the one of 5 is too small to stand for itself
    assert [like[one] for one in (1, 2, 21, 60)] == [[-1.0], [1.0], [0.0], [0.0]]
    draft_campaign(shop, segment_id=everyone, goal="win_back", holdout=0.0, policy="linear_thompson:earn", variants=TWO)
    with shop.open() as db:
        like = sends.contexts(db, 2)
    assert like[1] == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert [like[one][-1] for one in (2, 21, 60)] == [1.0, 0.0, 0.0]
    rows = np.array(list(like.values()))
    assert rows[:, 1:4].mean(axis=0) == pytest.approx(0, abs=0.05)


def test_what_is_refused(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 30)
    with pytest.raises(NotFound, match="There is no campaign 9"):
        show_wave(shop, 9)
    with pytest.raises(NotAllowed, match="no number of people"):
        show_wave(shop, 1, "lots")
    draft = draft_campaign(later(shop, days=40), segment_id=1, goal="win_back")
    with pytest.raises(NotAllowed, match="not approved, so it has no next wave"):
        show_wave(shop, draft.campaign)
    with pytest.raises(NotAllowed, match="no share of the people"):
        set_first_wave(shop, draft.campaign, "lots")


def _approving(shop: Shop) -> None:
    approve_wave(shop, 1, 2, "rest")


def test_kill_9_in_mid_wave(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 1_500)
    before = everybody(shop)
    context = multiprocessing.get_context("forkserver")
    for pause in (0.05, 0.3, 0.6, 0.9):
        process = context.Process(target=_approving, args=(shop,))
        process.start()
        time.sleep(pause)
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, signal.SIGKILL)
        process.join()
        now = everybody(shop)
        assert now[0] | now[1] == before[0] | before[1]
        assert not now[0] & now[1]
        assert len(now[1]) in (len(before[1]), 0)
        with shop.open() as db:
            assert (len(waves.of(db, 1)) == 2) == (not now[1])
    if everybody(shop)[1]:
        _approving(shop)
    assert everybody(shop)[0] == before[0] | before[1]
    assert check_store(shop).faults == ()


def test_a_card_says_what_the_wave_will_be(tmp_path: Path) -> None:
    shop = begun(tmp_path / "shop.db", 400, policy="cooling:know")
    told(shop, 0.1, 0.3)
    card: WaveCard = show_wave(replace(shop, clock=At(shop.now() + timedelta(days=3))), 1, "50")
    approved = approve_wave(shop, 1, 2, "50")
    assert approved.shares == card.shares
    # know: no version gets less than a fifth
    assert min(card.shares) >= 0.2


def test_newcomers_join_a_campaign_that_has_gone_out(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db", clock=At())
    segment = filled(shop, 120)
    with shop.open() as db:  # the last 40 are not in it yet
        db.conn.execute("DELETE FROM memberships WHERE customer_id > 80")
    draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.1, policy="thompson:earn", variants=TWO)
    approve_campaign(shop, 1, who="owner")
    with pytest.raises(NotAllowed, match="Nothing goes out before"):
        take_in_newcomers(shop, 1)
    shop = later(shop, hours=1)
    with pytest.raises(NotAllowed, match="Nobody has come into “Everyone”"):
        take_in_newcomers(shop, 1)
    first, _, held = everybody(shop)
    write_campaign_list(shop, 1)
    told(shop, 0.05, 0.4)
    with shop.open() as db:
        (run,) = db.conn.execute("SELECT run_id FROM segments").fetchone()
        db.conn.executemany(
            "INSERT INTO memberships (run_id, customer_id, segment_id) VALUES (?, ?, ?)",
            ((run, one, segment) for one in range(81, 121)),
        )
    unsubscribe(shop, "K81")
    joined = take_in_newcomers(shop.caused_by("update:3"), 1)
    assert (joined.n, joined.held, joined.left_out) == (35, 4, {"unsubscribed": 1})
    assert take_in_newcomers(shop.caused_by("update:3"), 1).n == 0
    card = show_wave(shop, 1)
    assert (card.number, card.waiting, card.longer) == (2, 35, None if card.n < 8 else (72 + card.n) // 2)
    approved = approve_wave(shop, 1, 2, "rest")
    assert approved.longer == (72 + 35) // 2
    now, waiting, now_held = everybody(shop)
    assert now - first == set(range(82, 121)) - now_held
    assert held < now_held
    assert not waiting
    written = write_campaign_list(shop, 1)
    assert (written.n, written.left_out) == (35, {"in the list of an earlier wave": 72})
    assert campaign_results(shop, 1).planned == 53
    assert check_store(shop).faults == ()
