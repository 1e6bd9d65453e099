"""The group that counts are committed in: a subgroup of prime order Q (256 bits) of the integers modulo P (3072 bits).

Nobody can have chosen P and Q, or know how two of the generators hang together: all are drawn from SHAKE-256 of plain
words. Q is the first prime among `_drawn("q", i, 32)` with its highest and lowest bit set, i = 0, 1, …; P is the first
prime of 3072 bits among x - x mod 2Q + 1, x being `_drawn("p", i, 384)` with its highest bit set. A test does it again.
Source: FIPS 186-4, appendix A, on such primes; sizes for 128 bits of security: NIST SP 800-57, table 2.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, TypeAlias

import gmpy2

Number: TypeAlias = Any  # gmpy2's mpz, which behaves as int does

P = gmpy2.mpz(
    "0x"
    "b55d1a95add2eeb7b996249e754b1b6e4c587983c2c6134b91270338a8432169679f35c57c31af6cadb16a26c9e247f7"
    "bf57d27bfefcd172bf0b1f51b6f3673c4bbc2a3df1b9a847f321ee957b61762895a5e3fe6e2a3e157327d9485ada3157"
    "1036d926e024c2d4f2a173889f37aa7817ed27aa87bd15ee5fb3548b282aa2c23bf814ac26618f383d2c95a2a0d9c894"
    "76afd5f421a7d06720f6b9386ec3403248be2fbdeba5f066fb28840dcc2238c0456fb77b4214c42770fef754076a4536"
    "e7715019eff4238d732122e910214b49c7ed7f3211a084d95590bc96ad505c15165237e9f9906afb8cf1debd9f62afb6"
    "d3cc23a678cd2aea0df5062c2f3391ac8a056f115aa592a9621faefb7a527fd9ed064b7c6782d0ab30b0d5a241aa81a3"
    "d550c552709bbf322afacbc37ddfe77cd6c6da829627218bbc0b42bb1e0da6aad7c02ccd80f5fbca54a4a8a698b14fc6"
    "2e8a954c4515a19a55be3473209dc702501c32dc5540b0441d71a215244e97c7f25a05f133a637bf4883cfbfdbecc703"
)
Q = gmpy2.mpz("0xa9b14f6246e09cc1df2a259a2ea54723b74c23729dc8b0e0c536c9c7735a9487")
ELEMENT, SCALAR = 384, 32  # bytes
_WINDOW = 6  # bits of an exponent at a time


def _drawn(label: str, i: int, n_bytes: int) -> Number:
    return gmpy2.mpz(int.from_bytes(hashlib.shake_256(f"zhike pool {label} {i}".encode()).digest(n_bytes), "big"))


@cache
def generator(i: int) -> Number:
    """The i-th of as many generators as there are counters; 0 is the one that blinds."""
    found = gmpy2.powmod(_drawn("generator", i, ELEMENT + 16) % P, (P - 1) // Q, P)
    assert found != 1
    return found


@cache
def _table() -> tuple[tuple[Number, ...], ...]:
    """Powers of the blinding generator: for each window of the exponent, all its values."""
    base, rows = generator(0), []
    for _ in range(-(-Q.bit_length() // _WINDOW)):
        row = [gmpy2.mpz(1)]
        for _ in range(2**_WINDOW - 1):
            row.append(row[-1] * base % P)
        rows.append(tuple(row))
        base = row[-1] * base % P
    return tuple(rows)


def blinding(exponent: Number) -> Number:
    """The blinding generator to this power, of 0 to Q - 1: ten times as fast as `power`."""
    result, mask = gmpy2.mpz(1), 2**_WINDOW - 1
    for row in _table():
        result = result * row[int(exponent & mask)] % P
        exponent >>= _WINDOW
    return result


def power(base: Number, exponent: Number) -> Number:
    return gmpy2.powmod(base, exponent, P)


def inverse(element: Number) -> Number:
    return gmpy2.invert(element, P)


def is_element(value: Number) -> bool:
    return bool(0 < value < P and gmpy2.powmod(value, Q, P) == 1)


def element_bytes(element: Number) -> bytes:
    return int(element).to_bytes(ELEMENT, "big")


def scalar_bytes(scalar: Number) -> bytes:
    return int(scalar).to_bytes(SCALAR, "big")


def number(content: bytes) -> Number:
    return gmpy2.mpz(int.from_bytes(content, "big"))
