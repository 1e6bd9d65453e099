"""The walls of the house: who may import whom, and where SQL may stand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

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


@cache
def read(path: Path) -> tuple[set[str], list[str]]:
    """The project's own modules that a file imports, wherever in it, and its strings."""
    names: set[str] = set()
    strings: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            strings.append(node.value)
    return {name for name in names if name.split(".")[0] in ("bot", "engine")}, strings


def imported(path: Path) -> set[str]:
    return read(path)[0]


def place(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def belongs(name: str, allowed: set[str]) -> bool:
    return any(name == base or name.startswith(base + ".") for base in allowed)


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 50
    assert imported(ROOT / "engine/shop.py") >= {"engine.store"}


def test_imports_keep_to_the_table() -> None:
    assert [fault for path in MODULES for fault in strangers(path)] == []


def strangers(path: Path) -> list[str]:
    """What a module imports that it must not know."""
    here = place(path)
    names = imported(path)
    if here.startswith("bot"):
        # engine's public names only
        return [f"{here}: {name}" for name in names if name.startswith("engine.") and not is_public(name)]
    allowed = allowed_in(here.split(".")[1] if "." in here else "", names)
    return [f"{here}: {name}" for name in names if name.startswith("bot") or not belongs(name, allowed)]


def allowed_in(room: str, names: set[str]) -> set[str]:
    if room in ROOMS:
        return BASICS | {f"engine.{room}"} | {name for name in names if name == "engine"}
    if room == "store":
        return BASICS | {"engine.store", "engine"} | {f"engine.{other}" for other in ROOMS}
    return {"engine"}


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


def test_sql_stands_in_the_store_only() -> None:
    others = [path for path in MODULES if not place(path).startswith("engine.store")]
    strings = [(place(path), text) for path in others for text in read(path)[1] if SQL.search(text)]
    assert [found for found in strings if found[0] != "bot.localchat.history"] == []


def test_rooms_are_not_halls() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {here: n for here, n in lengths.items() if n > 400} == {}
