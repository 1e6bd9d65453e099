"""Pooling between twenty shops with keys of 3,072 bits: seconds a step, bytes a file, and whether the sums are exact.

One goal, win_back, as it ships: ten values of its four traits, thirty numbers a shop. Seconds are of one processor; of
steps that every shop does, those of one shop.
"""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from benchmarks import Figures
from engine.privacy.pool import documents, masks, opening, paillier, submission
from engine.privacy.pool import roster as rosters
from engine.privacy.pool.terms import Cell, Terms

N_SHOPS = 20
VALUES = {
    "tone": ("grateful", "personal", "warm"),
    "offer": ("none", "suggestion"),
    "call_to_action": ("come by", "reply yes", "write back"),
    "length": ("medium", "short"),
}
T = TypeVar("T")


def run(n_shops: int = N_SHOPS) -> Figures:
    cells = tuple(Cell("win_back", trait, value) for trait, values in VALUES.items() for value in values)
    terms = Terms(secrets.token_hex(32), "any", cells, 5, 100, datetime(2030, 1, 1, tzinfo=UTC))
    took: dict[str, float] = {}
    bytes_of: dict[str, int] = {}

    def step(name: str, work: Callable[[], T]) -> T:
        begin = time.process_time()
        result = work()
        took[name] = time.process_time() - begin
        return result

    organiser = documents.new_signing_key()
    shops = [(documents.new_signing_key(), masks.new_exchange_key()) for _ in range(n_shops)]
    key = step("the key (once)", paillier.new_key)
    invitation = rosters.invitation(terms, organiser)
    joined = [
        rosters.join(invitation, f"Shop {i}", masks.public_of(exchange), key if i == 0 else None, signing)
        for i, (signing, exchange) in enumerate(shops)
    ]
    document = step("start", lambda: rosters.roster(invitation, joined, 1, organiser))
    roster = step("read the start", lambda: rosters.roster_of(documents.read(document.content), ()))
    bytes_of["start"] = len(document.content)

    rng = random.Random(1)
    rows = [[rng.randrange(cap + 1) for cap in terms.caps] for _ in shops]
    noisy = [submission.with_noise(row, roster) for row in rows]
    handed: list[submission.Submission] = []
    for values, (signing, exchange) in zip(noisy, shops, strict=True):
        begin = time.process_time()
        file = submission.submission(roster, values, exchange, signing)
        locked = time.process_time()
        handed.append(submission.checked(documents.read(file.content), roster))
        took["lock one shop's counts"] = locked - begin
        took["check one shop's counts"] = time.process_time() - locked
        bytes_of["lock one shop's counts"] = len(file.content)
    total = step("add up", lambda: opening.summed(roster, handed, organiser))
    bytes_of["add up"] = len(total.content)
    result = step("open", lambda: opening.opened(documents.read(total.content), roster, key, shops[0][0]))
    bytes_of["open"] = len(result.content)
    step("check the result", lambda: opening.result_of(documents.read(result.content), roster))

    plain = [sum(column) for column in zip(*noisy, strict=True)]
    exact = "exact" if result.body["totals"] == plain else "WRONG"
    lines = [
        [name, f"{seconds:.2f}", f"{bytes_of[name]:,}" if name in bytes_of else ""] for name, seconds in took.items()
    ]
    title = (
        f"Pooling, {n_shops} shops, {paillier.KEY_BITS} bits, {len(plain)} numbers of {sum(terms.bits)} bits in "
        f"{len(handed[0].ciphertexts)} ciphertext(s): sums {exact}"
    )
    return Figures(title, ("step", "seconds", "bytes of its file"), lines)
