"""The sum of all submissions, its opening by the key keeper, and the check of the result that every shop makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import FileRefused
from engine.phrases import Phrase
from engine.privacy.pool import documents, group, noise, packing, paillier, ranges
from engine.privacy.pool.documents import NO_FILE, Document, blob, hexadecimal, rows, to_text
from engine.privacy.pool.roster import Roster, refuse_few
from engine.privacy.pool.submission import (
    Slip,
    Submission,
    ciphertexts_of,
    ciphertexts_told,
    slip_of,
    widths,
)
from engine.privacy.pool.terms import EXPECTED_UNIT, Cell

DOES_NOT_FIT = Phrase(
    "The sum is not what the shops signed: somebody changed a number on the way, or a shop's file was not what it had "
    "proven. Nothing of it is used; start the pool once more."
)


@dataclass(frozen=True)
class Total:
    """What all shops together counted of a cell, noise included: it may be below 0."""

    cell: Cell
    wins: int
    misses: int
    expected: float


@dataclass(frozen=True)
class Pooled:
    """The result of a round. `deviation` is the noise's standard deviation in conversions, and in expected ones."""

    totals: tuple[Total, ...]
    n_shops: int
    deviation: float


def summed(roster: Roster, submissions: Sequence[Submission], signing: bytes) -> Document:
    """The file for the key keeper. Raises FileRefused unless each shop of the roster is in it once."""
    missing = {member.key: member.name for member in roster.members}
    for one in submissions:
        missing.pop(one.key, None)
    if missing or len(submissions) != len(roster.members):
        raise FileRefused(
            Phrase(
                "The counts of {names} are still missing. If they will not come, start once more without them.",
                names=tuple(missing.values()),
            )
        )
    columns = zip(*(one.ciphertexts for one in submissions), strict=True)
    added = [paillier.added(column, roster.modulus) for column in columns]
    body = {
        "roster": roster.hash,
        "slips": [one.slip.body() for one in submissions],
        "ciphertexts": ciphertexts_told(added, roster),
    }
    return documents.written("sum", body, signing)


def opened(document: Document, roster: Roster, key: paillier.Key, signing: bytes) -> Document:
    """The result, for everybody. Raises FileRefused for a sum that is not what all shops of the roster signed."""
    if document.key != roster.organiser:
        raise FileRefused(NO_FILE)
    slips = _slips(document, roster)
    numbers = [paillier.decrypted(one, key) for one in ciphertexts_of(document.body, roster)]
    values = packing.unpacked(numbers, widths(roster), roster.capacity)
    if values is None or not ranges.opens(ranges.product([one.commitment for one in slips]), values[1:], values[0]):
        raise FileRefused(DOES_NOT_FIT)
    body = {
        "roster": roster.hash,
        "slips": [one.body() for one in slips],
        "totals": values[1:],
        "opens": to_text(group.scalar_bytes(values[0] % int(group.Q))),
    }
    return documents.written("result", body, signing)


def result_of(document: Document, roster: Roster) -> Pooled:
    """Raises FileRefused for a result that is not the key keeper's, or not the sum of what all shops signed."""
    if document.kind != "result" or document.key != roster.keeper.key:
        raise FileRefused(NO_FILE)
    slips = _slips(document, roster)
    terms, n = roster.terms, len(roster.members)
    totals = rows(document.body, "totals", len(terms.bits), int)
    in_range = len(totals) == len(terms.bits) and all(
        0 <= total < n << n_bits for total, n_bits in zip(totals, terms.bits, strict=True)
    )
    opens = group.number(blob(document.body, "opens", group.SCALAR))
    if not in_range or not ranges.opens(ranges.product([one.commitment for one in slips]), totals, opens):
        raise FileRefused(DOES_NOT_FIT)
    plain = [total - n * offset for total, offset in zip(totals, terms.offsets, strict=True)]
    cells = tuple(
        Total(cell, wins, misses, expected / EXPECTED_UNIT)
        for cell, wins, misses, expected in zip(terms.cells, plain[::3], plain[1::3], plain[2::3], strict=True)
    )
    return Pooled(cells, n, noise.deviation(terms.scales[0], n / terms.honest(n)))


def _slips(document: Document, roster: Roster) -> list[Slip]:
    """One of each shop, no more and no fewer."""
    if hexadecimal(document.body, "roster") != roster.hash:
        raise FileRefused(Phrase("This is of another start of the pool than the one that counts now."))
    slips = [slip_of(row, roster) for row in rows(document.body, "slips", len(roster.members), dict)]
    refuse_few(len(slips), roster.terms)
    if {one.key for one in slips} != {member.key for member in roster.members} or len(slips) != len(roster.members):
        raise FileRefused(DOES_NOT_FIT)
    return slips
