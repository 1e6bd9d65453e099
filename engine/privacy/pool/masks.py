"""Masks that each two shops share and that cancel in the sum of all.

Each two derive one secret from their exchange keys (X25519) for this roster; who has the smaller key adds what is drawn
from it, the other takes it away. A number so masked is evenly spread below the modulus to everybody who lacks one of
the secrets, so to all others together as long as two of them are left out.
Source: Bonawitz et al. (2017), "Practical Secure Aggregation for Privacy-Preserving Machine Learning", section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_SPARE = 16  # bytes more than the modulus: the remainder is even to 2^-128


def new_exchange_key() -> bytes:
    return X25519PrivateKey.generate().private_bytes_raw()


def public_of(exchange: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(exchange).public_key().public_bytes_raw()


def is_public(key: bytes) -> bool:
    """Whether secrets can be made with it: some keys lead to none, whoever uses them."""
    try:
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        return False
    return True


def mask(exchange: bytes, others: Iterable[bytes], roster: bytes, modulus: int, place: int) -> int:
    """What to add to the `place`-th number, below the modulus; the sum of all members' is 0.

    Raises ValueError for a key of another that leads to no secret.
    """
    own = X25519PrivateKey.from_private_bytes(exchange)
    mine = own.public_key().public_bytes_raw()
    total = 0
    for other in others:
        secret = own.exchange(X25519PublicKey.from_public_bytes(other))
        pair = b"".join(sorted((mine, other)))
        seed = HKDF(SHA256(), 32, salt=roster, info=b"zhike pool mask" + pair).derive(secret)
        n_bytes = (modulus.bit_length() + 7) // 8 + _SPARE
        drawn = hashlib.shake_256(seed + place.to_bytes(4, "big")).digest(n_bytes)
        total += int.from_bytes(drawn, "big") * (1 if mine < other else -1)
    return total % modulus
