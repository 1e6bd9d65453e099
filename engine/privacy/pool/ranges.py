"""Commitments to counts, with a proof that each lies in its range, which tell nothing else of them.

A count x below 2^b is committed to bit by bit, B = g^bit · h^ρ, and for each bit there is a proof that it is 0 or 1:
that B, or B / g, is a power of h whose exponent the prover knows. What the bits make together, Π B^(2^i), commits to x;
the product over all counts and generators is the shop's one commitment, Π g_j^x_j · h^R. It hides perfectly: whatever
the counts, it looks the same.
Source: Cramer, Damgård & Schoenmakers (1994), "Proofs of Partial Knowledge and Simplified Design of Witness Hiding
Protocols", section 4, made non-interactive as Fiat & Shamir (1986) do, with the whole statement in the hash
(Bernhard, Pereira & Warinschi 2012, "How Not to Prove Yourself").
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import gmpy2

from engine.privacy.pool.group import (
    ELEMENT,
    SCALAR,
    Number,
    P,
    Q,
    blinding,
    element_bytes,
    generator,
    inverse,
    is_element,
    number,
    power,
    scalar_bytes,
)

BIT = ELEMENT + 4 * SCALAR  # bytes of a bit: its commitment, two challenges, two answers


@dataclass(frozen=True)
class Committed:
    """A shop's `commitment` to all its counts, what `opens` it (R above), and the `proof`, BIT bytes for each bit."""

    commitment: Number
    opens: Number
    proof: bytes


def commit(counts: Sequence[int], bits: Sequence[int], context: bytes) -> Committed:
    """To `counts`, each of so many bits. The proof holds for this `context` only, so nobody else can use it.

    Raises ValueError for a count out of its range.
    """
    commitment, opens, proof = gmpy2.mpz(1), gmpy2.mpz(0), []
    for place, (count, n_bits) in enumerate(zip(counts, bits, strict=True)):
        if not 0 <= count < 1 << n_bits:
            raise ValueError(f"count {place} is {count}, must be 0 to {(1 << n_bits) - 1}")
        base, of_count = generator(place + 1), gmpy2.mpz(1)
        less = inverse(base)
        for i in reversed(range(n_bits)):
            blind = _random()
            bit = blinding(blind) * (base if count >> i & 1 else 1) % P
            proof.append(_prove(bit, count >> i & 1, blind, less, _statement(context, place, i)))
            of_count = of_count * of_count * bit % P
            opens = (opens + (blind << i)) % Q
        commitment = commitment * of_count % P
    return Committed(commitment, opens, b"".join(proof))


def checked(proof: bytes, bits: Sequence[int], context: bytes) -> Number | None:
    """The commitment that the proof is of; None unless every count in it lies in its range."""
    if len(proof) != BIT * sum(bits):
        return None
    commitment, pieces = gmpy2.mpz(1), _pieces(proof)
    for place, n_bits in enumerate(bits):
        less, of_count = inverse(generator(place + 1)), gmpy2.mpz(1)
        for i in reversed(range(n_bits)):
            piece = next(pieces)
            if not _holds(piece, less, _statement(context, place, i)):
                return None
            of_count = of_count * of_count * number(piece[:ELEMENT]) % P
        commitment = commitment * of_count % P
    return commitment


def opens(commitment: Number, counts: Sequence[int], with_: Number) -> bool:
    """Whether the commitment is to these counts."""
    made = blinding(with_ % Q)
    for place, count in enumerate(counts):
        made = made * power(generator(place + 1), count) % P
    return bool(made == commitment)


def product(commitments: Sequence[Number]) -> Number:
    """The commitment to the sums."""
    result = gmpy2.mpz(1)
    for commitment in commitments:
        result = result * commitment % P
    return result


def _prove(commitment: Number, bit: int, blind: Number, less: Number, statement: bytes) -> bytes:
    """One of the two ways is known, the other made up backwards from its challenge; nobody can tell which."""
    other_challenge, other_answer, nonce = _random(), _random(), _random()
    other = commitment if bit else commitment * less % P
    made_up = blinding(other_answer) * power(other, Q - other_challenge) % P
    firsts = (made_up, blinding(nonce)) if bit else (blinding(nonce), made_up)
    challenge = (_challenge(statement, commitment, *firsts) - other_challenge) % Q
    answer = (nonce + challenge * blind) % Q
    told = (challenge, other_challenge, answer, other_answer)
    if bit:
        told = (other_challenge, challenge, other_answer, answer)
    return element_bytes(commitment) + b"".join(map(scalar_bytes, told))


def _holds(piece: bytes, less: Number, statement: bytes) -> bool:
    """`less` is the inverse of the count's generator."""
    commitment = number(piece[:ELEMENT])
    challenge_0, challenge_1, answer_0, answer_1 = (
        number(piece[start : start + SCALAR]) for start in range(ELEMENT, BIT, SCALAR)
    )
    if max(challenge_0, challenge_1, answer_0, answer_1) >= Q or not is_element(commitment):
        return False
    # in a group of order Q, x^(Q - e) is x^-e
    first_0 = blinding(answer_0) * power(commitment, Q - challenge_0) % P
    first_1 = blinding(answer_1) * power(commitment * less % P, Q - challenge_1) % P
    asked = _challenge(statement, commitment, first_0, first_1)
    return bool((challenge_0 + challenge_1 - asked) % Q == 0)


def _challenge(statement: bytes, *elements: Number) -> Number:
    digest = hashlib.sha512(b"zhike pool bit\n" + statement + b"".join(map(element_bytes, elements))).digest()
    return number(digest) % Q


def _statement(context: bytes, place: int, i: int) -> bytes:
    return hashlib.sha256(context).digest() + place.to_bytes(4, "big") + i.to_bytes(4, "big")


def _pieces(proof: bytes) -> Iterator[bytes]:
    return (proof[start : start + BIT] for start in range(0, len(proof), BIT))


def _random() -> Number:
    return gmpy2.mpz(1 + secrets.randbelow(int(Q) - 1))
