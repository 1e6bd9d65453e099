"""The key of an encrypted store. It is never shown: not in a repr, a log or an error."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

ROUNDS = 256_000  # SQLCipher 4's own, so that any tool that speaks it opens the file with the same words
SALT_BYTES = 16


@dataclass(frozen=True)
class Key:
    """The words that open a store, as the owner has them."""

    words: str = field(repr=False)

    def pragma(self, salt: bytes) -> str:
        """What SQLCipher is told for a file with this salt."""
        return f"\"x'{_derived(self.words, salt).hex()}{salt.hex()}'\""


@lru_cache(maxsize=16)
def _derived(words: str, salt: bytes) -> bytes:
    """Takes a fifth of a second, on purpose; once per file and process.

    Source: SQLCipher 4's default, PBKDF2-HMAC-SHA512.
    """
    return hashlib.pbkdf2_hmac("sha512", words.encode(), salt, ROUNDS, 32)
