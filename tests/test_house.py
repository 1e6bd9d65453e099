"""The walls of the house: who may import whom, and where SQL may stand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("features", "segments", "recommend", "experiments", "campaigns", "intake", "lifecycle", "missing", "privacy")
MODULES = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("bot/**/*.py")])
BASICS = {
    "engine.columns",
    "engine.errors",
    "engine.phrases",
    "engine.progress",
    "engine.places",
    "engine.sheets",
    "engine.feature_table",
}


def imported(path: Path) -> set[str]:
    """The project's own modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in ("bot", "engine")}


def place(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def belongs(name: str, allowed: set[str]) -> bool:
    return any(name == base or name.startswith(base + ".") for base in allowed)


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 50
    assert imported(ROOT / "engine/shop.py") >= {"engine.store"}


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_imports_keep_to_the_table(path: Path) -> None:
    here = place(path)
    names = imported(path)
    if here.startswith("bot"):
        strangers = {name for name in names if name.startswith("engine.") and not is_public(name)}
        assert not strangers, f"{here} may import engine's public names only, not {strangers}"
        return
    assert not {name for name in names if name.startswith("bot")}, f"{here} must not know the faces"
    room = here.split(".")[1] if "." in here else ""
    if room in ROOMS:
        allowed = BASICS | {f"engine.{room}"} | {name for name in names if name == "engine"}
        assert all(belongs(name, allowed) for name in names), f"{here} imports {names}"
    elif room == "store":
        allowed = BASICS | {"engine.store"} | {"engine"}
        results = {f"engine.{other}" for other in ROOMS}
        assert all(belongs(name, allowed | results) for name in names), f"{here} imports {names}"


def is_public(name: str) -> bool:
    import engine

    return name.removeprefix("engine.") in engine.__all__


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    """Every command starts with these imports; SciPy alone would take as long again as the rest."""
    heavy = ("scipy", "sklearn", "matplotlib", "torch", "opendp")
    code = f"import sys, engine, bot.cli; print(*sorted(name for name in {heavy} if name in sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def test_pytorch_waits_for_a_training() -> None:
    code = "import sys; from engine.recommend.rankers import rankers; rankers(); print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


SQL = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b", re.S)


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_sql_stands_in_the_store_only(path: Path) -> None:
    here = place(path)
    if here.startswith("engine.store") or here == "bot.localchat.history":
        return
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert not [text for text in strings if SQL.search(text)]


@pytest.mark.parametrize("path", MODULES, ids=place)
def test_rooms_are_not_halls(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
