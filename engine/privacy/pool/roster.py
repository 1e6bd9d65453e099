"""Who takes part: the invitation, each shop's answer to it, and the roster that binds them together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import FileRefused
from engine.phrases import Phrase
from engine.privacy.pool import documents, masks, paillier
from engine.privacy.pool.documents import NO_FILE, Document, blob, hexadecimal, rows, text, to_text, whole
from engine.privacy.pool.terms import MOST_SHOPS, Terms, terms_of

MOST_NAME = 40
_MOST_STARTS = 50
NOT_BOTH = Phrase("Who collects the files must not keep the key too: another shop has to.")
_SLOWLY = 100_000  # rounds of hashing: who looks for two rosters with the same digits must do this for each
_GROUPS, _DIGITS = 6, 5


@dataclass(frozen=True)
class Member:
    """A shop in the roster: its signing key, its public exchange key, and the modulus if it keeps the Paillier key."""

    name: str
    key: str
    exchange: bytes
    modulus: int | None


@dataclass(frozen=True)
class Roster:
    """All who take part, in the order of their keys. `hash` names it; `attempt` counts the starts of the round."""

    terms: Terms
    organiser: str
    members: tuple[Member, ...]
    attempt: int
    hash: str

    @property
    def keeper(self) -> Member:
        return next(member for member in self.members if member.modulus is not None)

    @property
    def modulus(self) -> int:
        modulus = self.keeper.modulus
        assert modulus is not None
        return modulus

    @property
    def capacity(self) -> int:
        """Bits that a plaintext holds."""
        return self.modulus.bit_length() - 1

    def member(self, key: str) -> Member | None:
        return next((member for member in self.members if member.key == key), None)

    @property
    def fingerprint(self) -> str:
        """Thirty digits in six groups, to be read out: they are alike only where the rosters are."""
        digest = hashlib.pbkdf2_hmac("sha256", self.hash.encode(), b"zhike pool fingerprint", _SLOWLY)
        digits = f"{int.from_bytes(digest, 'big') % 10 ** (_GROUPS * _DIGITS):0{_GROUPS * _DIGITS}d}"
        return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def invitation(terms: Terms, signing: bytes) -> Document:
    return documents.written("invitation", terms.body(), signing)


def join(round_: Document, name: str, exchange: bytes, key: paillier.Key | None, signing: bytes) -> Document:
    """A shop's answer to the invitation; `key` of the one that keeps the key. `exchange` is its public exchange key."""
    body: dict[str, Any] = {"invitation": round_.hash, "name": name, "exchange": to_text(exchange)}
    if key is not None:
        body["modulus"] = to_text(key.modulus.to_bytes(paillier.KEY_BITS // 8, "big"))
    return documents.written("join", body, signing)


def member_of(joined: Document, round_: Document) -> Member:
    """Raises FileRefused for an answer to another invitation, or with keys that are none."""
    if joined.kind != "join" or hexadecimal(joined.body, "invitation") != round_.hash:
        raise FileRefused(Phrase("This answer is to another invitation than this pool's."))
    modulus = None
    if "modulus" in joined.body:
        modulus = int.from_bytes(blob(joined.body, "modulus", paillier.KEY_BITS // 8), "big")
        if not paillier.is_modulus(modulus):
            raise FileRefused(_bad_key(joined))
        if joined.key == round_.key:
            raise FileRefused(NOT_BOTH)
    exchange = blob(joined.body, "exchange", 32)
    if not masks.is_public(exchange):
        raise FileRefused(_bad_key(joined))
    return Member(text(joined.body, "name", MOST_NAME), joined.key, exchange, modulus)


def _bad_key(joined: Document) -> Phrase:
    return Phrase("The key that “{name}” made is no good.", name=text(joined.body, "name", MOST_NAME))


def roster(round_: Document, joined: Sequence[Document], attempt: int, signing: bytes) -> Document:
    """The roster of these. Raises as `roster_of`, which reads it."""
    ordered = sorted(joined, key=lambda one: one.key)
    texts = [one.content.decode() for one in ordered]
    body = {"invitation": round_.content.decode(), "joined": texts, "attempt": attempt}
    return documents.written("roster", body, signing)


def roster_of(document: Document, channels: Sequence[str]) -> Roster:
    """Raises FileRefused for a roster that is not what all in it signed, has too few shops, or not one key keeper."""
    body = document.body
    if not isinstance(body.get("invitation"), str):
        raise FileRefused(NO_FILE)
    round_ = documents.read(body["invitation"].encode())
    if round_.kind != "invitation" or round_.key != document.key:
        raise FileRefused(NO_FILE)
    terms = terms_of(round_.body, channels)
    members = [member_of(documents.read(one.encode()), round_) for one in rows(body, "joined", MOST_SHOPS, str)]
    keys, exchanges = {one.key for one in members}, {one.exchange for one in members}
    if len(keys) != len(members) or len(exchanges) != len(members) or [*sorted(keys)] != [one.key for one in members]:
        raise FileRefused(NO_FILE)
    refuse_few(len(members), terms)
    keepers = sum(one.modulus is not None for one in members)
    if keepers != 1:
        raise FileRefused(
            Phrase("Exactly one shop keeps the key, and here {n} do: it says so when it joins.", n=keepers)
        )
    return Roster(terms, document.key, tuple(members), whole(body, "attempt", 1, _MOST_STARTS), document.hash)


def refuse_few(n: int, terms: Terms) -> None:
    """Raises FileRefused for fewer shops than were agreed on."""
    if n < terms.fewest:
        raise FileRefused(Phrase("That is {n} of at least {fewest} shops: ask more to join.", n=n, fewest=terms.fewest))
