"""Proofs of range: true ones hold, forged ones do not, and they tell nothing of the count."""

from __future__ import annotations

import gmpy2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.privacy.pool import group, ranges
from engine.privacy.pool.group import ELEMENT, SCALAR, P, Q

CONTEXT = b"round 1, shop 1"


def test_the_group_is_drawn_from_plain_words() -> None:
    """As the docstring of `group` says; the primes are checked by GMP (Miller-Rabin after Baillie-PSW)."""
    assert gmpy2.is_prime(Q, 40) and gmpy2.is_prime(P, 25)
    assert (P - 1) % Q == 0
    assert (P.bit_length(), Q.bit_length()) == (3072, 256)
    assert group._drawn("q", 20, 32) | 1 << 255 | 1 == Q
    drawn = group._drawn("p", 727, 384) | 1 << 3071
    assert drawn - drawn % (2 * Q) + 1 == P
    assert not any(gmpy2.is_prime(group._drawn("q", i, 32) | 1 << 255 | 1) for i in range(20))


def test_generators_are_of_the_group_and_all_different() -> None:
    found = [group.generator(i) for i in range(30)]
    assert len(set(found)) == 30
    assert all(group.is_element(one) and one != 1 for one in found)
    assert not group.is_element(P - 1)
    assert not group.is_element(gmpy2.mpz(0))
    assert not group.is_element(P + 1)


@given(exponent=st.integers(0, int(Q) - 1))
@settings(max_examples=10)
def test_the_table_gives_the_power(exponent: int) -> None:
    assert group.blinding(gmpy2.mpz(exponent)) == gmpy2.powmod(group.generator(0), exponent, P)


@pytest.mark.parametrize("counts", [(0, 0), (7, 31), (5, 0), (1, 16)])
def test_a_true_proof_holds_and_opens(counts: tuple[int, int]) -> None:
    made = ranges.commit(counts, (3, 5), CONTEXT)
    assert len(made.proof) == 8 * ranges.BIT
    assert ranges.checked(made.proof, (3, 5), CONTEXT) == made.commitment
    assert ranges.opens(made.commitment, counts, made.opens)
    assert not ranges.opens(made.commitment, (counts[0] + 1, counts[1]), made.opens)
    assert not ranges.opens(made.commitment, counts, made.opens + 1)


def test_commitments_add_up() -> None:
    first, second = ranges.commit((3, 9), (3, 5), b"1"), ranges.commit((4, 30), (3, 5), b"2")
    both = ranges.product([first.commitment, second.commitment])
    assert ranges.opens(both, (7, 39), first.opens + second.opens)


@pytest.mark.parametrize("count", [-1, 8, 10**9])
def test_a_count_out_of_range_cannot_be_committed(count: int) -> None:
    with pytest.raises(ValueError, match="must be 0 to 7"):
        ranges.commit((count,), (3,), CONTEXT)


def test_the_same_count_never_looks_the_same() -> None:
    assert ranges.commit((5,), (3,), CONTEXT).commitment != ranges.commit((5,), (3,), CONTEXT).commitment


# forged


MADE = ranges.commit((5, 2), (3, 2), CONTEXT)


@pytest.mark.parametrize("place", range(0, 5 * ranges.BIT, 97))
def test_a_changed_byte_breaks_it(place: int) -> None:
    changed = bytearray(MADE.proof)
    changed[place] ^= 1
    assert ranges.checked(bytes(changed), (3, 2), CONTEXT) is None


def test_it_is_for_one_shop_in_one_round() -> None:
    assert ranges.checked(MADE.proof, (3, 2), b"round 1, shop 2") is None
    assert ranges.checked(MADE.proof, (3, 2), b"round 2, shop 1") is None


def test_bits_cannot_be_reordered_dropped_or_given_other_widths() -> None:
    bits = [MADE.proof[start : start + ranges.BIT] for start in range(0, len(MADE.proof), ranges.BIT)]
    assert ranges.checked(b"".join(reversed(bits)), (3, 2), CONTEXT) is None
    assert ranges.checked(b"".join([bits[1], bits[0], *bits[2:]]), (3, 2), CONTEXT) is None
    assert ranges.checked(MADE.proof, (2, 3), CONTEXT) is None
    assert ranges.checked(MADE.proof[: -ranges.BIT], (3, 2), CONTEXT) is None
    assert ranges.checked(b"", (3, 2), CONTEXT) is None


@pytest.mark.parametrize("bit", [2, -1, 255])
def test_a_bit_that_is_neither_cannot_be_proven(bit: int) -> None:
    """A cheat commits to another number and makes up both ways; the challenges then do not add up."""
    statement = ranges._statement(CONTEXT, 0, 0)
    blind, base = ranges._random(), group.generator(1)
    commitment = group.blinding(blind) * gmpy2.powmod(base, bit, P) % P
    challenges, answers = [ranges._random(), ranges._random()], [ranges._random(), ranges._random()]
    made_up = b"".join(map(group.scalar_bytes, (*challenges, *answers)))
    less = group.inverse(base)
    assert not ranges._holds(group.element_bytes(commitment) + made_up, less, statement)
    # the honest prover's way, told that the bit is 1 or 0, does not help either
    for told in (0, 1):
        assert not ranges._holds(ranges._prove(commitment, told, blind, less, statement), less, statement)
    # nor does choosing the second challenge after the hash, as one of the answers would have to fit it
    first_0 = group.blinding(answers[0]) * gmpy2.powmod(commitment, Q - challenges[0], P) % P
    first_1 = group.blinding(answers[1]) * gmpy2.powmod(commitment * less % P, Q - challenges[1], P) % P
    asked = ranges._challenge(statement, commitment, first_0, first_1)
    fitted = (*[challenges[0], (asked - challenges[0]) % Q], *answers)
    piece = group.element_bytes(commitment) + b"".join(map(group.scalar_bytes, fitted))
    assert not ranges._holds(piece, less, statement)


def test_a_commitment_outside_the_group_is_refused() -> None:
    """Times -1, which is of order 2: the proof might hold in half of all cases if nobody looked."""
    bit = MADE.proof[: ranges.BIT]
    outside = P - group.number(bit[:ELEMENT])
    rest = MADE.proof[ELEMENT:]
    assert ranges.checked(group.element_bytes(outside) + rest, (3, 2), CONTEXT) is None


def test_scalars_beyond_the_order_are_refused() -> None:
    """Else one proof would have several forms, and a replay another look."""
    challenge = group.number(MADE.proof[ELEMENT : ELEMENT + SCALAR])
    beyond = int(challenge) + int(Q)
    if beyond < 1 << 256:
        forged = MADE.proof[:ELEMENT] + beyond.to_bytes(SCALAR, "big") + MADE.proof[ELEMENT + SCALAR :]
        assert ranges.checked(forged, (3, 2), CONTEXT) is None
    forged = MADE.proof[:ELEMENT] + b"\xff" * SCALAR + MADE.proof[ELEMENT + SCALAR :]
    assert ranges.checked(forged, (3, 2), CONTEXT) is None


def test_what_is_shown_does_not_depend_on_the_bit() -> None:
    """The challenges of the true and of the made-up way are spread alike: their top bits over 200 proofs of each bit.

    A count of 100 ± 7.1 for each; 5 deviations would come once in two million.
    """
    for count in (0, 1):
        tops = [0, 0, 0, 0]
        for i in range(200):
            piece = ranges.commit((count,), (1,), i.to_bytes(2, "big")).proof
            for k in range(4):
                value = group.number(piece[ELEMENT + k * SCALAR : ELEMENT + (k + 1) * SCALAR])
                tops[k] += value >= Q // 2
        assert all(100 - 36 < top < 100 + 36 for top in tops)
