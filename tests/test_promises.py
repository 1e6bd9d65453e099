"""docs/promises.md: each promise names a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROWS = re.findall(
    r"^\| (?!promise|trouble|---)(.+?) \| (.+?) \|$", (ROOT / "docs/promises.md").read_text(encoding="utf-8"), re.M
)


def test_there_are_promises() -> None:
    assert len(ROWS) > 40
    assert len({promise for promise, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("promise", "held"), ROWS, ids=lambda text: text[:60])
def test_a_promise_is_held_by_a_test(promise: str, held: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", held)
    assert named, f"{promise!r} names no test"
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        assert name in functions, f"{promise!r}: there is no {name} in {file}"
