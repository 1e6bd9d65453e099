"""The benchmark of pooled sums, small."""

from __future__ import annotations

import pytest

from benchmarks import pooled_sums
from engine.privacy.pool import paillier


def test_sums_are_exact_and_each_step_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paillier, "KEY_BITS", 1024)
    monkeypatch.setattr(pooled_sums, "VALUES", {"length": ("short",)})
    figures = pooled_sums.run(5)
    assert "5 shops" in figures.title and figures.title.endswith("sums exact")
    assert len(figures.rows) == 8
