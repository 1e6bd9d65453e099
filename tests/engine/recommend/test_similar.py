from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.phrases import Name
from engine.recommend import similar
from engine.recommend.similar import SHRINKAGE, alike, bought_together
from tests.engine.recommend.tables import Row, history

DAY = "2026-06-01"
# product 10 is bought by 1, 2, 3 and 4; 11 by 1, 2 and 3; 12 by 3 and 4; 13 by 4 alone
BUYERS = {10: (1, 2, 3, 4), 11: (1, 2, 3), 12: (3, 4), 13: (4,)}
ROWS: list[Row] = [(who, product, who, DAY) for product, buyers in BUYERS.items() for who in buyers]


def test_buyers_in_common() -> None:
    past = history([*ROWS, (1, 10, 99, "2026-06-02")])  # a second order of the same counts once
    found = bought_together(past, 5)
    rows = list(zip(found.product, found.other, found.rank, found.n_common, strict=True))
    assert rows == [(0, 1, 1, 3), (0, 2, 2, 2), (1, 0, 1, 3), (2, 0, 1, 2)]
    assert found.similarity[0] == pytest.approx(3 / math.sqrt(4 * 3) * 3 / (3 + SHRINKAGE))


def test_only_the_nearest_are_kept_whatever_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    rows = [(int(who), int(what), n, DAY) for n, (who, what) in enumerate(rng.integers(1, 9, (60, 2)))]
    past = history(rows)
    whole = bought_together(past, 3)
    assert whole.rank.max() <= 3
    monkeypatch.setattr(similar, "BLOCK", 1)
    for one, other in zip(whole, bought_together(past, 3), strict=True):
        assert one.tolist() == other.tolist()


def test_a_catalogue_of_one_has_nothing_alike() -> None:
    assert bought_together(history([(1, 10, 1, DAY), (2, 10, 2, DAY)]), 5).product.size == 0


def test_what_is_alike_in_name() -> None:
    past = history([(1, 10, 1, DAY)], products=[10, 11, 12])
    names = (Name("red clay teapot"), Name("blue clay teapot"), Name("umbrella"))
    found = alike(replace(past, names=names), 5)
    assert list(zip(found.product, found.other, found.rank, strict=True)) == [(0, 1, 1), (1, 0, 1)]
    assert [str(reason) for reason in found.reasons] == ["both “clay teapot”"] * 2
    assert ((found.similarity > 0) & (found.similarity <= 1)).all()
    assert alike(history([(1, 10, 1, DAY)]), 5).product.size == 0
