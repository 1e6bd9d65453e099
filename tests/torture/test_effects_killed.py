"""kill -9 at any moment of an effect: it has happened whole or not at all, and once it is asked again, once."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from engine import check_store, finish_forgetting
from tests.torture.effects import EFFECTS, act_on, rows
from tests.torture.killing import copied, killed, seconds_of
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import FULL, scaled

KILLS = scaled(2, 30)


@pytest.mark.parametrize("name", EFFECTS)
def test_killed_at_a_random_moment(tmp_path: Path, name: str, record_property: Record) -> None:
    effect, act = EFFECTS[name], act_on(name)
    folder = tmp_path / "original"
    folder.mkdir()
    original = effect.prepare(folder)
    nothing, known = rows(original), check_store(original).faults
    rng = np.random.default_rng(20_261_123)
    timing = copied(original, tmp_path / "timing")
    seconds = seconds_of(act, timing)
    whole = rows(timing)
    assert whole != nothing
    n_before, faults = 0, 0
    for kill in range(KILLS):
        shop = copied(original, tmp_path / str(kill))
        killed(act, shop, kill, seconds, rng)
        after = rows(shop)
        if name == "restore" and after == {**nothing, "backups": 2}:
            after = nothing  # what there was is kept aside already, and nothing has changed
        assert after in (nothing, whole), f"{name} happened in part: {differing(nothing, after)}"
        faults += n_faults(shop, known)
        n_before += after == nothing
        if name == "forgetting" and after == whole:
            assert finish_forgetting(shop)
            assert b"k3@example.com" not in b"".join(path.read_bytes() for path in shop.path.parent.glob("*.db*"))
        if after == nothing or effect.again:
            act(shop)
            assert {**rows(shop), "backups": 0} == {**whole, "backups": 0}
            faults += n_faults(shop, known)
        shutil.rmtree(shop.path.parent)
    # the moments cover both: some kills come before the deed, some after it
    assert not FULL or 0 < n_before < KILLS
    tell(record_property, Row(f"kill -9: {name}", KILLS, faults=faults))


def differing(before: object, after: object) -> object:
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    return {name: (n, after.get(name)) for name, n in before.items() if after.get(name) != n}
