"""The layer that only the key keeper can take off, and only from a sum: Paillier's encryption, by the library phe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from secrets import randbelow

import gmpy2
from phe import paillier

KEY_BITS = 3072
_SMALL = 1 << 16


@dataclass(frozen=True)
class Key:
    """The two primes; their product is the public modulus."""

    p: int
    q: int

    @property
    def modulus(self) -> int:
        return self.p * self.q

    def __repr__(self) -> str:
        return "Key(hidden)"


def new_key() -> Key:
    _, private = paillier.generate_paillier_keypair(n_length=KEY_BITS)
    return Key(int(private.p), int(private.q))


def is_modulus(modulus: int) -> bool:
    """Whether it can be that of a key: of KEY_BITS bits, no prime, no square and with no small factor."""
    if modulus <= 0 or modulus.bit_length() != KEY_BITS or gmpy2.is_prime(modulus) or gmpy2.is_square(modulus):
        return False
    return gcd(modulus, int(gmpy2.primorial(_SMALL))) == 1


def is_ciphertext(value: int, modulus: int) -> bool:
    return 0 < value < modulus * modulus and gcd(value, modulus) == 1


def encrypted(plain: int, modulus: int) -> int:
    """A ciphertext of 0 ≤ `plain` < modulus, another one each time."""
    key = paillier.PaillierPublicKey(modulus)
    return int(key.raw_encrypt(plain, r_value=1 + randbelow(modulus - 1)))


def added(ciphertexts: Sequence[int], modulus: int) -> int:
    """The ciphertext of the sum."""
    square = gmpy2.mpz(modulus) ** 2
    result = gmpy2.mpz(1)
    for ciphertext in ciphertexts:
        result = result * ciphertext % square
    return int(result)


def decrypted(ciphertext: int, key: Key) -> int:
    private = paillier.PaillierPrivateKey(paillier.PaillierPublicKey(key.modulus), key.p, key.q)
    return int(private.raw_decrypt(ciphertext))


def width(modulus: int) -> int:
    """Bytes of a ciphertext: twice those of the modulus."""
    return 2 * ((modulus.bit_length() + 7) // 8)
