"""The parts beneath a round: packing, masks, Paillier, and sums of twenty shops that are exact."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phe import paillier as phe

from engine.errors import FileRefused
from engine.privacy.pool import documents, masks, opening, packing, paillier, submission
from engine.privacy.pool import roster as rosters
from engine.privacy.pool.roster import Roster
from engine.privacy.pool.terms import Cell, Terms, terms_of

UNTIL = datetime(2026, 12, 24, tzinfo=UTC)
TERMS = Terms("a" * 64, "any", (Cell("win_back", "tone", "warm"), Cell("win_back", "tone", "brisk")), 5, 100, UNTIL)


@given(st.data())
@settings(max_examples=60)
def test_packing_gives_back_what_it_took(data: st.DataObject) -> None:
    widths = data.draw(st.lists(st.integers(1, 60), min_size=1, max_size=40))
    values = [data.draw(st.integers(0, (1 << width) - 1)) for width in widths]
    numbers = packing.packed(values, widths, 100)
    assert all(number < 1 << 100 for number in numbers)
    assert packing.unpacked(numbers, widths, 100) == values
    assert packing.unpacked([*numbers[:-1], numbers[-1] | 1 << 100], widths, 100) is None


def test_twelve_counters_of_forty_bits_in_one_number() -> None:
    """As was measured before the project began; 76 is what 3,071 bits hold."""
    assert len(packing.chunks([40] * 12, 3071)) == 1
    assert len(packing.chunks([40] * 76, 3071)) == 1 and len(packing.chunks([40] * 77, 3071)) == 2


@pytest.mark.parametrize("n", [2, 5, 9])
def test_masks_cancel_in_the_sum_of_all_and_in_no_other(n: int) -> None:
    keys = [masks.new_exchange_key() for _ in range(n)]
    public = [masks.public_of(key) for key in keys]
    modulus = (1 << 1023) + 1155
    of = [
        masks.mask(key, [other for other in public if other != masks.public_of(key)], b"roster", modulus, 3)
        for key in keys
    ]
    assert sum(of) % modulus == 0
    assert all(mask.bit_length() > 970 for mask in of)
    assert len({*of}) == n
    if n > 2:
        assert all((sum(of) - mask) % modulus != 0 for mask in of)
    elsewhere = masks.mask(keys[0], public[1:], b"another roster", modulus, 3)
    assert elsewhere != of[0]


def test_phe_reads_what_we_encrypt_and_we_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paillier, "KEY_BITS", 1024)
    key = paillier.new_key()
    public = phe.PaillierPublicKey(key.modulus)
    private = phe.PaillierPrivateKey(public, key.p, key.q)
    ours = paillier.encrypted(12345, key.modulus)
    assert private.decrypt(phe.EncryptedNumber(public, ours)) == 12345
    theirs = public.encrypt(7).ciphertext()
    assert paillier.decrypted(paillier.added([ours, theirs], key.modulus), key) == 12352
    assert paillier.decrypted(paillier.encrypted(key.modulus - 1, key.modulus), key) == key.modulus - 1
    assert ours != paillier.encrypted(12345, key.modulus)
    assert str(key.p) not in repr(key)
    # what can be no key's product
    assert paillier.is_modulus(key.modulus)
    for wrong in (key.p, key.p**2, 3 * (1 << 1022) + 3, key.modulus * 5, 0, -key.modulus):
        assert not paillier.is_modulus(wrong)
    for wrong in (0, key.p, key.modulus**2, -1):
        assert not paillier.is_ciphertext(wrong, key.modulus)


def round_of(n: int, terms: Terms = TERMS) -> tuple[Roster, list[tuple[bytes, bytes]], paillier.Key, bytes]:
    """A roster, each shop's signing and exchange keys in any order, the Paillier key, and the organiser's key."""
    organiser, key = documents.new_signing_key(), paillier.new_key()
    invitation = rosters.invitation(terms, organiser)
    shops = [(documents.new_signing_key(), masks.new_exchange_key()) for _ in range(n)]
    joined = [
        rosters.join(invitation, f"Shop {i}", masks.public_of(exchange), key if i == 0 else None, signing)
        for i, (signing, exchange) in enumerate(shops)
    ]
    return rosters.roster_of(rosters.roster(invitation, joined, 1, organiser), ("text",)), shops, key, organiser


@pytest.mark.parametrize(("n", "key_bits"), [(20, 1024), (5, 3072)])
def test_pooled_sums_are_exact(n: int, key_bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against plain addition of the same numbers. One round has keys of real size."""
    monkeypatch.setattr(paillier, "KEY_BITS", key_bits)
    terms = replace(TERMS, cells=TERMS.cells[:1])
    roster, shops, key, organiser = round_of(n, terms)
    rng = random.Random(n)
    # noise is what is left out here: extremes of the range, and anything between
    rows = [[rng.choice([0, (1 << bits) - 1, rng.randrange(1 << bits)]) for bits in terms.bits] for _ in shops]
    handed = [
        submission.read_again(submission.submission(roster, row, exchange, signing), roster)
        for row, (signing, exchange) in zip(rows, shops, strict=True)
    ]
    document = opening.summed(roster, handed, organiser)
    result = opening.opened(documents.read(document.content), roster, key, shops[0][0])
    assert result.body["totals"] == [sum(column) for column in zip(*rows, strict=True)]
    pooled = opening.result_of(documents.read(result.content), roster)
    found = [number for total in pooled.totals for number in (total.wins, total.misses, total.expected)]
    plain = [sum(column) - n * offset for column, offset in zip(zip(*rows, strict=True), terms.offsets, strict=True)]
    assert found == [plain[0], plain[1], plain[2] / 8]


def test_the_terms_keep_their_bounds() -> None:
    # tone has two values: 2 + 1/8 for the cell that a message is in, 2/8 for rounding
    assert TERMS.touched == 2.375
    assert TERMS.scales == (2.375, 19, 19) * 2
    assert TERMS.offsets == (72, 570, 570) * 2
    # 900 + 144, 6,000 + 1,140 and 7,200 + 1,140 need 11, 13 and 14 bits
    assert TERMS.bits == (11, 13, 14) * 2
    assert TERMS.caps == (2047 - 144, 8191 - 1140, 16383 - 1140) * 2
    # a hundred shops at their most still fit
    assert all(100 * ((1 << bits) - 1) < 1 << width for bits, width in zip(TERMS.bits, TERMS.widths, strict=True))
    assert [TERMS.honest(n) for n in (5, 6, 20)] == [3, 4, 11]


def test_terms_come_through_the_file() -> None:
    assert terms_of(TERMS.body(), ()) == TERMS
    with pytest.raises(FileRefused, match="fewer than 5"):
        terms_of({**TERMS.body(), "fewest": 2}, ())


@pytest.mark.parametrize(
    "change",
    [{"cells": []}, {"cells": [["a", "b", "c"]] * 2}, {"cells": [["a", "b", "\u202e"]]}, {"cells": [["a", "b"]]},
     {"cells": [["a", "b", str(i)] for i in range(65)]}, {"channel": "pigeon"}, {"epsilon_percent": 0},
     {"epsilon_percent": 10**9}, {"until": "2026-12-24"}, {"until": "soon"}, {"round": "a" * 63}, {"fewest": 101}],
    ids=str,
)  # fmt: skip
def test_terms_that_cannot_be(change: dict[str, object]) -> None:
    with pytest.raises(FileRefused):
        terms_of({**TERMS.body(), **change}, ("text",))


def test_noisy_numbers_stay_in_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paillier, "KEY_BITS", 1024)
    roster, *_ = round_of(5)
    most = TERMS.caps
    for numbers in ([0] * 6, most):
        for seed in range(50):
            values = submission.with_noise(numbers, roster, random.Random(seed))
            assert all(0 < value < (1 << bits) - 1 for value, bits in zip(values, TERMS.bits, strict=True))
