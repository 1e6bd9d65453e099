"""What keeps a network from being trained is said; none of this needs PyTorch."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from engine.errors import NotAllowed
from engine.recommend.deep import Deep
from engine.recommend.rankers import rankers
from engine.recommend.recommenders import recommenders, settings
from tests.engine.recommend.networks import two_tastes
from tests.engine.recommend.tables import history, rng

DEEP = {name: ranker for name, ranker in rankers().items() if isinstance(ranker, Deep)}
each = pytest.mark.parametrize("ranker", DEEP.values(), ids=list(DEEP))


def test_the_deep_ones_are_there_and_they_alone_are_slow() -> None:
    assert set(DEEP) == {"vae", "sasrec"}
    assert {name for name, ranker in rankers().items() if ranker.slow} == set(DEEP)


@each
def test_without_pytorch_it_says_how_to_get_it(ranker: Deep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed
    said = "It needs PyTorch, which is not installed; this installs it: pip install 'zhike[deep]'"
    past = two_tastes()
    assert str(ranker.lacking(past)) == said
    with pytest.raises(NotAllowed, match="pip install"):
        ranker.fit(past, rng())
    with pytest.raises(NotAllowed, match="pip install"):
        ranker.resumed(past, {})


def test_a_trial_without_pytorch_is_another_one_than_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    every = recommenders(deep=True)
    monkeypatch.setattr("engine.recommend.recommenders.installed", lambda: True)
    there = settings(every)
    monkeypatch.setattr("engine.recommend.recommenders.installed", lambda: False)
    assert {name for name, used in settings(every).items() if used != there[name]} == set(DEEP)


@each
def test_too_few_customers_are_counted(ranker: Deep) -> None:
    assert ranker.too_few(two_tastes(200)) is None
    said = str(ranker.too_few(two_tastes(199)))
    assert said.startswith("199 customers have ")
    assert "needs 200" in said


def test_each_counts_those_it_can_learn_from() -> None:
    rows = [(1, 1, 1, "2026-06-01"), (1, 2, 1, "2026-06-01"), (2, 1, 2, "2026-06-01"), (2, 1, 3, "2026-06-02")]
    past = history(rows)
    for name, first in (("vae", "1 customer has bought two"), ("sasrec", "1 customer has ordered twice")):
        assert str(DEEP[name].too_few(past)).startswith(first)
        assert replace(DEEP[name], least=1).too_few(past) is None
    empty = history([], products=[1], customers=[1])
    assert all(str(ranker.too_few(empty)).startswith("0 customers") for ranker in DEEP.values())
    assert np.isfinite([ranker.least for ranker in DEEP.values()]).all()
