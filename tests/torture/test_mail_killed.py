"""kill -9 while a campaign goes out by mail, again and again: nobody gets two, and of everybody it is known."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine import Shop
from engine.campaigns.mail import Mail
from engine.store import deliveries
from tests.engine.sending.made import addresses, approved, send
from tests.engine.sending.post_office import post_office
from tests.torture.killing import begin, copied
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import scaled

PEOPLE = 40
KILLS = scaled(4, 30)
KILLS_OF_A_SHOP = 4


@dataclass(frozen=True)
class Sending:
    mail: Mail

    def __call__(self, shop: Shop) -> object:
        return send(shop, self.mail)


def test_nobody_gets_two_mails(tmp_path: Path, record_property: Record) -> None:
    (tmp_path / "original").mkdir()
    original = approved(tmp_path / "original" / "shop.db", PEOPLE)
    rng = np.random.default_rng(20_261_127)
    lost = doubled = faults = 0
    for number in range(KILLS // KILLS_OF_A_SHOP):
        shop = copied(original, tmp_path / str(number))
        with post_office() as (box, mail):
            box.pause = 0.01
            for _ in range(KILLS_OF_A_SHOP):
                child = begin(Sending(mail), shop)
                time.sleep(rng.uniform(0.0, 1.2 * box.pause * PEOPLE / 2))
                child.kill()
                child.join()
            time.sleep(0.3)  # the server finishes what it holds
            went = Counter(send(shop, mail).went)
            with shop.open() as db:
                states = [delivery.state for delivery in deliveries.states(db, 1).values()]
            assert set(states) <= {"delivered", "unknown"}
            assert went["unknown"] <= KILLS_OF_A_SHOP  # the one under way, at each kill
            lost += PEOPLE - len(states)
            # who is told to have it does; of whom it is not known may
            lost += max(0, went["delivered"] - len(box.addresses))
            doubled += len(box.addresses) - len(set(box.addresses))
            assert set(box.addresses) <= set(addresses(PEOPLE))
        faults += n_faults(shop)
        shutil.rmtree(shop.path.parent)
    tell(record_property, Row("kill -9: mails of a campaign", KILLS, lost, doubled, faults))
