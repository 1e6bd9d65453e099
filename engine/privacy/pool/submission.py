"""What a shop hands in: its counts with noise, committed to, proven to be in range, and encrypted under masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.errors import FileRefused
from engine.phrases import Phrase
from engine.privacy.pool import documents, group, masks, noise, packing, paillier, ranges
from engine.privacy.pool.documents import NO_FILE, Document, blob, from_text, hexadecimal, rows, to_text, whole
from engine.privacy.pool.roster import Roster

_MOST_CORRECTIONS = 1_000
_OPENS = 8 * group.SCALAR + 7  # bits of what opens the commitments, with room for the sum


@dataclass(frozen=True)
class Slip:
    """A shop's commitment, with its signature that this is what it put into the pool."""

    key: str
    commitment: group.Number
    signed: bytes

    def body(self) -> dict[str, Any]:
        commitment = to_text(group.element_bytes(self.commitment))
        return {"key": self.key, "commitment": commitment, "signed": to_text(self.signed)}


@dataclass(frozen=True)
class Submission:
    """One that was checked. `number` grows with each correction."""

    key: str
    number: int
    slip: Slip
    ciphertexts: tuple[int, ...]


def widths(roster: Roster) -> list[int]:
    """Of everything in a plaintext: what opens the commitment, and each number."""
    return [_OPENS, *roster.terms.widths]


def with_noise(numbers: Sequence[int], roster: Roster, rng: Random = noise.SURE) -> list[int]:
    """Each number with the shop's share of the noise and the offset, held within its range."""
    terms = roster.terms
    h = terms.honest(len(roster.members))
    with_offset = zip(numbers, terms.scales, terms.offsets, strict=True)
    noisy = [number + noise.share(scale, h, rng) + offset for number, scale, offset in with_offset]
    return [min(max(value, 0), (1 << n_bits) - 1) for value, n_bits in zip(noisy, terms.bits, strict=True)]


def submission(roster: Roster, values: Sequence[int], exchange: bytes, signing: bytes, number: int = 1) -> Document:
    """`values` as `with_noise` gives them. Raises ValueError for one out of its range."""
    key = documents.name_of(signing)
    made = ranges.commit(values, roster.terms.bits, _context(roster, key))
    others = [member.exchange for member in roster.members if member.key != key]
    plain = packing.packed([int(made.opens), *values], widths(roster), roster.capacity)
    ciphertexts = [
        paillier.encrypted((one + masks.mask(exchange, others, bytes.fromhex(roster.hash), roster.modulus, i))
                           % roster.modulus, roster.modulus)
        for i, one in enumerate(plain)
    ]  # fmt: skip
    signed = documents.signature(signing, _slip(roster, key, made.commitment))
    body = {
        "roster": roster.hash,
        "number": number,
        "commitment": to_text(group.element_bytes(made.commitment)),
        "signed": signed,
        "proof": to_text(made.proof),
        "ciphertexts": ciphertexts_told(ciphertexts, roster),
    }
    return documents.written("submission", body, signing)


def checked(document: Document, roster: Roster) -> Submission:
    """Raises FileRefused for one that is of another roster, of nobody in it, altered or out of range."""
    body = document.body
    if hexadecimal(body, "roster") != roster.hash:
        raise FileRefused(Phrase("These counts are for another start of the pool than the one that counts now."))
    member = roster.member(document.key)
    if member is None:
        raise FileRefused(Phrase("These counts are from a shop that is not in this pool."))
    slip = slip_of({"key": document.key, "commitment": body.get("commitment"), "signed": body.get("signed")}, roster)
    proven = ranges.checked(blob(body, "proof"), roster.terms.bits, _context(roster, document.key))
    if proven is None or proven != slip.commitment:
        raise FileRefused(
            Phrase(
                "The counts of “{name}” are not proven to be within the bounds: they are not taken.", name=member.name
            )
        )
    return read_again(document, roster)


def read_again(document: Document, roster: Roster) -> Submission:
    """One that was checked when it came."""
    body = document.body
    slip = slip_of({"key": document.key, "commitment": body.get("commitment"), "signed": body.get("signed")}, roster)
    number = whole(body, "number", 1, _MOST_CORRECTIONS)
    return Submission(document.key, number, slip, ciphertexts_of(body, roster))


def slip_of(body: dict[str, Any], roster: Roster) -> Slip:
    """Raises FileRefused unless a shop of the roster signed it."""
    key = hexadecimal(body, "key")
    commitment, signed = group.number(blob(body, "commitment", group.ELEMENT)), blob(body, "signed", 64)
    if roster.member(key) is None or not group.is_element(commitment):
        raise FileRefused(NO_FILE)
    if not documents.signed_by(key, _slip(roster, key, commitment), signed):
        raise FileRefused(documents.ALTERED)
    return Slip(key, commitment, signed)


def ciphertexts_told(ciphertexts: Sequence[int], roster: Roster) -> list[str]:
    return [to_text(one.to_bytes(paillier.width(roster.modulus), "big")) for one in ciphertexts]


def ciphertexts_of(body: dict[str, Any], roster: Roster) -> tuple[int, ...]:
    """As many as the numbers need. Raises FileRefused."""
    n = len(packing.chunks(widths(roster), roster.capacity))
    told = rows(body, "ciphertexts", n, str)
    found = tuple(int.from_bytes(from_text(one, paillier.width(roster.modulus)), "big") for one in told)
    if len(found) != n or not all(paillier.is_ciphertext(one, roster.modulus) for one in found):
        raise FileRefused(NO_FILE)
    return found


def _context(roster: Roster, key: str) -> bytes:
    return f"{roster.terms.round} {roster.hash} {key}".encode()


def _slip(roster: Roster, key: str, commitment: group.Number) -> bytes:
    return f"slip {roster.hash} {key} {int(commitment):x}".encode()
