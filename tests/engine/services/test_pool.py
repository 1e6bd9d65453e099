"""A round of pooling between five shops, each with a store of its own: what is exact, and what is refused."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import gmpy2
import pytest

from engine import store
from engine.errors import EngineError, FileRefused, NotAllowed, NotFound, TooLittleData
from engine.privacy.pool import documents, masks, opening, paillier, submission
from engine.services import pool_rounds
from engine.services.campaign_draft import texts_for
from engine.services.campaigns import draft_campaign
from engine.services.past_versions import prior_for
from engine.services.pool import (
    FileKind,
    drop_late_keys,
    forget_pool,
    join_pool,
    new_pool,
    pool_card,
    pool_cards,
    start_pool,
    submit_pool,
    sum_pool,
    switch_pool,
    take_pool_file,
    write_pool_file,
)
from engine.shop import Shop
from engine.store import pools as stored
from tests.clock import Clock, noon
from tests.engine.services.pooling_shops import GOAL, SMALL_KEY, Round, Shops, campaign, lost, shops
from tests.engine.services.test_campaigns import filled

pytestmark = pytest.mark.usefixtures("small_pool_keys")


@pytest.fixture
def played(pool_round: Round) -> Round:
    return pool_round


def copy(of: Shops, tmp_path: Path) -> Shops:
    return replace(of.copied(tmp_path / "copy"), clock=of.clock)


def counted(shop: Shop) -> list[int]:
    with shop.open() as db:
        (pool,) = stored.every(db)
    assert pool.counts is not None
    numbers: list[int] = json.loads(pool.counts)["numbers"]
    return numbers


def test_everybody_has_the_same_totals_and_they_are_the_sum(played: Round) -> None:
    cards = [pool_card(shop) for shop in played.finished.all]
    results = {card.result for card in cards}
    assert len(results) == 1
    (result,) = results
    assert result is not None and result.n_shops == 5
    # each number is the plain sum but for the noise, whose deviation is told (20 of a Laplace's: once in 10¹² times)
    told = [number for cell in result.cells for number in (cell.wins, cell.misses / 8, cell.expected)]
    plain = [sum(column) for column in zip(*map(counted, played.finished.all), strict=True)]
    plain = [total / (1, 8, 8)[i % 3] for i, total in enumerate(plain)]
    assert all(abs(a - b) < 20 * result.deviation for a, b in zip(told, plain, strict=True))
    assert told != plain
    assert {cell.goal for cell in result.cells} == {GOAL}


def test_what_a_shop_counts(played: Round) -> None:
    # shop 1: A 30/600 (warm), B 20/600 (humble), C 12/600 (matter-of-fact); 62 of 1,800 in all, so 20.67 each (in
    # eighths: 165.3)
    card = pool_card(played.finished.organiser)
    numbers = counted(played.finished.organiser)
    with played.finished.organiser.open() as db:
        cells = pool_rounds.cells_for(db, [GOAL])
    of = {(cell.trait, cell.value): tuple(numbers[3 * i : 3 * i + 3]) for i, cell in enumerate(cells)}
    assert of == {
        ("call_to_action", "tell me what you like"): (12, 588, 165),
        ("call_to_action", "write back"): (50, 1150, 331),
        ("length", "medium"): (20, 580, 165),
        ("length", "short"): (42, 1158, 331),
    }
    assert (card.n_campaigns, card.n_sends, card.per_customer, card.halved) == (1, 1800, 1, 0)


def test_keys_are_gone_when_the_round_is_over(played: Round) -> None:
    for shop in played.finished.all:
        with shop.open() as db:
            (pool,) = stored.every(db)
            assert stored.files(db, pool.id, "submission", pool.roster_hash or "") == []
        assert (pool.p, pool.q, pool.exchange) == (None, None, None)
        assert "exchange" not in repr(pool)


def test_secrets_are_in_no_file(played: Round, tmp_path: Path) -> None:
    sent = b"".join(
        [played.roster.content, played.sum.content, played.result, *(one.content for one in played.submissions)]
    )
    for shop in played.submitted.all:
        with shop.open() as db:
            (pool,), signing = stored.every(db), stored.signing_key(db)
        for secret in (signing, pool.exchange, pool.p, pool.q):
            if secret is not None:
                assert secret.hex().encode() not in sent
                assert documents.to_text(secret).encode() not in sent
        assert (shop.path.stat().st_mode & 0o777) == 0o600
    path = write_pool_file(played.finished.organiser, played.roster, tmp_path / "r.json")
    assert (path.stat().st_mode & 0o777) == 0o600
    with pytest.raises(NotAllowed, match="there already"):
        write_pool_file(played.finished.organiser, played.sum, path)


def test_each_step_again_gives_the_same_file(played: Round, tmp_path: Path) -> None:
    made = copy(played.submitted, tmp_path)
    assert submit_pool(made.all[2]).content == submit_pool(made.all[2]).content == played.submissions[2].content
    assert start_pool(made.organiser).content == played.roster.content
    first = sum_pool(made.organiser)
    assert sum_pool(made.organiser) == first
    opened = take_pool_file(made.keeper, first.content)
    again = take_pool_file(made.keeper, first.content)
    assert opened.new and not again.new and opened.file == again.file
    for file in (played.roster, *played.submissions[:1]):
        assert not take_pool_file(made.organiser, file.content).new


def test_the_digits_are_alike_for_all(played: Round) -> None:
    digits = {pool_card(shop).fingerprint for shop in played.started.all}
    assert len(digits) == 1
    (shown,) = digits
    assert shown is not None and [len(group) for group in shown.split()] == [5] * 6


# what is refused


def test_too_few_shops(played: Round, tmp_path: Path) -> None:
    made = copy(played.joined, tmp_path)
    with pytest.raises(FileRefused, match="4 of at least 5"):
        start_pool(made.organiser, without=["Shop 5"])
    assert pool_card(made.organiser).members == ()
    with pytest.raises(NotAllowed, match="5 to 100"):
        new_pool(made.organiser, [GOAL], fewest=4)


def test_a_sum_without_one_shop(played: Round, tmp_path: Path) -> None:
    made = copy(played.submitted, tmp_path)
    lost(made, 4)
    assert pool_card(made.organiser).missing == ("Shop 5",)
    with pytest.raises(FileRefused, match="Shop 5"):
        sum_pool(made.organiser)


def test_a_replayed_submission_changes_nothing_and_an_old_one_is_refused(played: Round, tmp_path: Path) -> None:
    made = copy(played.submitted, tmp_path)
    old = played.submissions[3]
    assert not take_pool_file(made.organiser, old.content).new
    campaign(made.all[3], {"A": (9, 100), "C": (2, 100)})
    corrected = submit_pool(made.all[3])
    assert corrected.content != old.content
    assert take_pool_file(made.organiser, corrected.content).new
    with pytest.raises(FileRefused, match="newer counts"):
        take_pool_file(made.organiser, old.content)
    sum_pool(made.organiser)
    with pytest.raises(FileRefused, match="added up already"):
        take_pool_file(made.organiser, old.content)


def test_an_altered_submission(played: Round, tmp_path: Path) -> None:
    made = copy(played.started, tmp_path)
    whole = json.loads(played.submissions[2].content)
    whole["body"]["number"] = 2
    with pytest.raises(FileRefused, match="changed on its way"):
        take_pool_file(made.organiser, json.dumps(whole).encode())
    assert "Shop 3" in pool_card(made.organiser).missing


def test_a_submission_in_another_shop_s_name(played: Round, tmp_path: Path) -> None:
    """Shop 3's proofs and ciphertext, signed by shop 4: the proofs are for shop 3 alone."""
    made = copy(played.started, tmp_path)
    body = json.loads(played.submissions[2].content)["body"]
    with made.all[3].open() as db:
        signing = stored.signing_key(db)
        assert signing is not None
        roster = pool_rounds.roster_of(stored.every(db)[0])
    key = documents.name_of(signing)
    commitment = int.from_bytes(documents.blob(body, "commitment"), "big")
    body["signed"] = documents.signature(signing, submission._slip(roster, key, commitment))
    with pytest.raises(FileRefused, match=r"Shop 4.*not proven"):
        take_pool_file(made.organiser, documents.written("submission", body, signing).content)


def test_a_stranger_s_submission(played: Round, tmp_path: Path) -> None:
    made = copy(played.started, tmp_path)
    body = json.loads(played.submissions[2].content)["body"]
    forged = documents.written("submission", body, documents.new_signing_key())
    with pytest.raises(FileRefused, match="not in this pool"):
        take_pool_file(made.organiser, forged.content)


def test_numbers_that_are_not_what_was_proven(played: Round, tmp_path: Path) -> None:
    """A shop proves one thing and encrypts another: the sum does not fit, and nothing of it comes out."""
    made = copy(played.submitted, tmp_path)
    lost(made, 4)
    with made.all[4].open() as db:
        signing, (pool,) = stored.signing_key(db), stored.every(db)
    assert signing is not None
    roster = pool_rounds.roster_of(pool)
    body = json.loads(played.submissions[4].content)["body"]
    told = submission.ciphertexts_of(body, roster)
    more = paillier.added([told[0], paillier.encrypted(1 << 300, roster.modulus)], roster.modulus)
    body["ciphertexts"] = submission.ciphertexts_told([more, *told[1:]], roster)
    assert take_pool_file(made.organiser, documents.written("submission", body, signing).content).new
    with pytest.raises(FileRefused, match="not what the shops signed"):
        take_pool_file(made.keeper, sum_pool(made.organiser).content)
    assert pool_card(made.keeper).result is None


def test_an_organiser_cannot_have_one_shop_opened(played: Round) -> None:
    """The ciphertext of one shop under the slips of all, or under its own: the key keeper opens neither."""
    with played.submitted.organiser.open() as db:
        signing, (pool,) = stored.signing_key(db), stored.every(db)
    with played.submitted.keeper.open() as db:
        kept = stored.every(db)[0]
    assert signing is not None and kept.p is not None and kept.q is not None
    roster = pool_rounds.roster_of(pool)
    key = paillier.Key(int.from_bytes(kept.p, "big"), int.from_bytes(kept.q, "big"))
    body = json.loads(played.sum.content)["body"]
    victim = json.loads(played.submissions[2].content)["body"]["ciphertexts"]
    alone = documents.written("sum", {**body, "ciphertexts": victim}, signing)
    with pytest.raises(FileRefused, match="not what the shops signed"):
        opening.opened(alone, roster, key, signing)
    fewer = documents.written("sum", {**body, "ciphertexts": victim, "slips": body["slips"][:1]}, signing)
    with pytest.raises(FileRefused, match="1 of at least 5"):
        opening.opened(fewer, roster, key, signing)
    twice = documents.written("sum", {**body, "slips": [*body["slips"][:4], body["slips"][0]]}, signing)
    with pytest.raises(FileRefused, match="not what the shops signed"):
        opening.opened(twice, roster, key, signing)
    # and what the key keeper would see of one shop is spread over all numbers below the modulus
    seen = paillier.decrypted(submission.ciphertexts_of({"ciphertexts": victim}, roster)[0], key)
    assert seen.bit_length() > SMALL_KEY - 40


def test_a_key_keeper_cannot_tell_another_result(played: Round, tmp_path: Path) -> None:
    made = copy(played.submitted, tmp_path)
    with made.keeper.open() as db:
        signing = stored.signing_key(db)
    assert signing is not None
    body = json.loads(played.result)["body"]
    body["totals"][0] += 1
    with pytest.raises(FileRefused, match="not what the shops signed"):
        take_pool_file(made.all[3], documents.written("result", body, signing).content)
    with pytest.raises(FileRefused):
        take_pool_file(made.all[3], documents.written("result", body, documents.new_signing_key()).content)
    assert pool_card(made.all[3]).result is None


def test_a_second_opening_is_refused(played: Round, tmp_path: Path) -> None:
    made = copy(played.finished, tmp_path)
    with made.organiser.open() as db:
        signing = stored.signing_key(db)
    assert signing is not None
    other = documents.written("sum", {**json.loads(played.sum.content)["body"], "more": 1}, signing)
    with pytest.raises(FileRefused, match="opened already"):
        take_pool_file(made.keeper, other.content)


def test_too_late(played: Round, tmp_path: Path) -> None:
    made = copy(played.joined, tmp_path)
    late = [replace(shop, clock=Clock(31)) for shop in made.all]
    with pytest.raises(FileRefused, match="ended on"):
        start_pool(late[0])
    assert pool_card(late[0]).over
    # the keys of a round that came to nothing are deleted by themselves, and not before
    for shop, gone in ((made.keeper, False), (late[1], True)):
        drop_late_keys(shop)
        with shop.open() as db:
            (pool,) = stored.every(db)
        assert [secret is None for secret in (pool.p, pool.q, pool.exchange)] == [gone] * 3


def test_a_roster_of_others(played: Round, tmp_path: Path) -> None:
    """A roster that lacks a shop, has its key changed, or is by another than who invited is not taken in."""
    made = copy(played.joined, tmp_path)
    with made.organiser.open() as db:
        pool = stored.every(db)[0]
        joined = pool_rounds.joins(db, pool)
        round_, _ = pool_rounds.invitation_of(pool)
    stranger = documents.new_signing_key()
    body = json.loads(played.roster.content)["body"]
    with pytest.raises(FileRefused):
        take_pool_file(made.all[2], documents.written("roster", body, stranger).content)
    assert len(joined) == 5 and round_.kind == "invitation"


def test_one_that_left_and_a_second_start(played: Round, tmp_path: Path) -> None:
    six = shops(tmp_path / "six", 6)
    six.join()
    first = six.start()
    old = submit_pool(six.all[2])
    second = start_pool(six.organiser, without=["Shop 6"])
    assert second.content != first.content
    assert pool_card(six.organiser).attempt == 2
    take_pool_file(six.all[2], second.content)
    assert not pool_card(six.all[2]).submitted
    with pytest.raises(NotFound, match="newest start"):
        take_pool_file(six.organiser, old.content)
    with pytest.raises(FileRefused, match="not in this pool"):
        take_pool_file(six.all[5], second.content)
    with pytest.raises(FileRefused, match="earlier start"):
        take_pool_file(six.all[2], first.content)


@pytest.mark.parametrize("change", ["exchange", "even modulus", "prime modulus", "short modulus"])
def test_a_member_with_keys_that_are_none(played: Round, tmp_path: Path, change: str) -> None:
    """A key that leads to no secret would keep all others from handing in; a modulus must be one."""
    made = copy(played.joined, tmp_path)
    round_ = documents.read(played.invitation.content)
    body: dict[str, object] = {"invitation": round_.hash, "name": "Six", "exchange": "A" * 43 + "="}
    if change != "exchange":
        prime = gmpy2.next_prime(1 << (SMALL_KEY - 1))
        modulus = {"even modulus": (1 << SMALL_KEY) - 2, "prime modulus": int(prime), "short modulus": 15}[change]
        body["modulus"] = documents.to_text(modulus.to_bytes(SMALL_KEY // 8, "big"))
        body["exchange"] = documents.to_text(masks.public_of(masks.new_exchange_key()))
    joined = documents.written("join", body, documents.new_signing_key())
    with pytest.raises(FileRefused, match="Six” made is no good"):
        take_pool_file(made.organiser, joined.content)


def test_who_joins_twice_or_under_another_s_name(played: Round, tmp_path: Path) -> None:
    made = copy(played.joined, tmp_path)
    round_ = documents.read(played.invitation.content)
    exchange = documents.to_text(masks.public_of(masks.new_exchange_key()))
    body = {"invitation": round_.hash, "name": "shop 3", "exchange": exchange}
    with pytest.raises(FileRefused, match="There is a “shop 3”"):
        take_pool_file(made.organiser, documents.written("join", body, documents.new_signing_key()).content)
    with made.all[2].open() as db:
        signing = stored.signing_key(db)
    assert signing is not None
    with pytest.raises(FileRefused, match="joined already, with another file"):
        take_pool_file(made.organiser, documents.written("join", body, signing).content)


def test_who_may_keep_the_key(tmp_path: Path) -> None:
    made = shops(tmp_path)
    invitation = new_pool(made.organiser, [GOAL])
    with pytest.raises(NotAllowed, match="must not keep the key"):
        join_pool(made.organiser, name="One", keep_key=True)
    for shop in made.all[1:]:
        take_pool_file(shop, invitation.content)
    for i, shop in enumerate(made.all):
        take_pool_file(made.organiser, join_pool(shop, name=f"Shop {i}").content)
    with pytest.raises(FileRefused, match="Exactly one shop"):
        start_pool(made.organiser)


def test_a_shop_with_nothing_to_count(tmp_path: Path) -> None:
    """It would make the pool look larger than it is."""
    empty = Shop(tmp_path / "empty.db", clock=noon)
    new_pool(empty, [GOAL])
    with pytest.raises(TooLittleData, match="no campaign yet"):
        join_pool(empty, name="Empty")
    campaign(empty, {"A": (3, 50), "B": (1, 50)}, days_ago=5)
    with pytest.raises(TooLittleData):
        join_pool(empty, name="Empty")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe", b"9" * 10_000, b"NaN",
        b'{"zhike_pool": "join", "body": {}, "key": 1, "signature": ""}',
        b'{"zhike_pool": "join", "body": {"a": 1e999}, "key": "' + b"a" * 64 + b'", "signature": "AA=="}',
        b'{"zhike_pool": ["join"], "body": {}, "key": "' + b"a" * 64 + b'", "signature": "AA=="}',
        b'{"zhike_pool": {}, "body": {}, "key": "' + b"a" * 64 + b'", "signature": "AA=="}',
        b" " * 4_000_001,
    ],
    ids=range(12),
)  # fmt: skip
def test_what_is_no_file_of_a_pool(shop: Shop, content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"no file of a pool|changed on its way"):
        take_pool_file(shop, content)
    assert pool_cards(shop) == ()


@pytest.mark.parametrize("kind", documents.KINDS)
@pytest.mark.parametrize(
    "change",
    [{}, {"round": 7}, {"roster": "x"}, {"invitation": ["x"]}, {"cells": [[1, 2, 3]]}, {"fewest": True},
     {"slips": [[]] * 3}, {"ciphertexts": "x" * 1000}, {"totals": [2**70] * 3}],
    ids=str,
)  # fmt: skip
def test_bodies_of_wrong_shapes(played: Round, tmp_path: Path, kind: FileKind, change: dict[str, object]) -> None:
    """Signed as they should be, by a shop that is in the pool."""
    made = played.submitted
    with made.all[2].open() as db:
        signing = stored.signing_key(db)
    assert signing is not None
    files = {"roster": played.roster.content, "submission": played.submissions[2].content, "sum": played.sum.content,
             "result": played.result}  # fmt: skip
    body = json.loads(files.get(kind, b'{"body": {}}'))["body"]
    with pytest.raises(EngineError):
        take_pool_file(made.all[2], documents.written(kind, {**body, "number": -1, **change}, signing).content)


# afterwards


def test_switched_off_on_and_forgotten(played: Round, tmp_path: Path) -> None:
    made = copy(played.finished, tmp_path)
    shop = made.all[2]
    assert "no more" in str(switch_pool(shop, on=False))
    assert not pool_card(shop).used
    assert "counts in your next" in str(switch_pool(shop, on=True))
    assert "is forgotten" in str(forget_pool(shop, 1))
    assert pool_cards(shop) == ()
    with pytest.raises(NotFound, match="no pool yet"):
        switch_pool(shop, on=True)


def test_a_step_that_breaks_off_leaves_nothing(played: Round, tmp_path: Path) -> None:
    """The last write of the step fails, as on a full disk: the key is still there, and the step can be done again."""
    made = copy(played.submitted, tmp_path)
    total = sum_pool(made.organiser)
    with made.keeper.open() as db, store.transaction(db):
        db.conn.execute("CREATE TRIGGER broken BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(sqlite3.IntegrityError):
        take_pool_file(made.keeper, total.content)
    with made.keeper.open() as db, store.transaction(db):
        (pool,) = stored.every(db)
        assert pool.p is not None and pool.result is None and pool.summed is None
        db.conn.execute("DROP TRIGGER broken")
    assert take_pool_file(made.keeper, total.content).new


def test_the_next_draft_says_what_others_saw(played: Round, tmp_path: Path) -> None:
    made = copy(played.finished, tmp_path)
    shop = made.all[2]
    segment = filled(shop, 60)
    with shop.open() as db, store.transaction(db):
        db.conn.execute("DELETE FROM tallies")
        first = prior_for(db, texts_for(db, GOAL, "en"))
    assert first is not None and max(first.tilts) > min(first.tilts)
    draft = draft_campaign(shop, segment_id=segment, goal=GOAL)
    (note,) = [note for note in draft.notes if "What 5 shops saw together" in str(note)]
    assert "/pool off 1" in str(note)
    assert "what it asks for: write back × " in str(note)
    assert not any("Nothing is known of these versions yet" in str(note) for note in draft.notes)
    switch_pool(shop, on=False)
    after = draft_campaign(replace(shop, seed=2), segment_id=segment, goal=GOAL)
    assert not any("shops saw together" in str(note) for note in after.notes)
    with shop.open() as db:
        assert prior_for(db, texts_for(db, GOAL, "en")) is None


def test_without_the_libraries(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.privacy.pool.required.LIBRARIES", ("phe", "no_such_library"))
    with pytest.raises(NotAllowed, match=r"pip install 'zhike\[pool\]'"):
        pool_cards(shop)
