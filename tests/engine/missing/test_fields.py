"""Attributes that files tell beyond the known fields."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.missing.fields import asked_field


@pytest.mark.parametrize(
    ("name", "kind", "answers", "told"),
    [
        ("Income", "number", [1.5, 2.0], ("number", False, True)),
        ("Stars", "scale", [1.0, 5.0, None], ("number", True, False)),
        ("Has children", "yes_no", [1.0, 0.0], ("number", True, False)),
        ("Tier", "choice", ["gold"], ("choice", False, False)),
        ("Last visit", "date", ["2025-01-02"], ("day", False, False)),
        ("Likes", "tags", ["tea;cups"], ("own", False, False)),
        ("Remark", "text", ["calls often"], ("own", False, False)),
    ],
)
def test_an_attribute_is_a_field(name: str, kind: str, answers: list[object], told: tuple[str, bool, bool]) -> None:
    field = asked_field(name.lower(), name, kind, pd.Series(answers))
    assert (field.kind, field.whole, field.stock) == told
    assert str(field.words) == name
