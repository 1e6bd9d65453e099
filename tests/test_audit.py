"""Each pinned dependency is listed, with the day."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["audit"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_list_has_each_pin_as_it_is(audit: ModuleType) -> None:
    assert audit.faults(audit.pins(), audit.audited()) == []
    assert len(audit.pins()) > 50
    assert all(date.fromisoformat(one.listed_at) <= date.today() for one in audit.audited().values())


def test_what_is_missing_changed_or_faulty_is_told(audit: ModuleType) -> None:
    listed_at = {
        "jinja2": audit.Audited("3.1.5", "2026-11-27", "3.1.6", "CVE-2025-27516"),
        "gone": audit.Audited("1", "2026-11-27", "", ""),
        "moved": audit.Audited("1", "2026-11-27", "", ""),
    }
    told = audit.faults({"jinja2": "3.1.5", "new": "1", "moved": "2"}, listed_at)
    assert len(told) == 4
    assert "jinja2 3.1.5 has CVE-2025-27516, mended in 3.1.6" in told


def test_what_people_install_is_pinned(audit: ModuleType) -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {name.lower().replace("_", "-") for name in audit.pins()}
    wanted = {word.split(">")[0].split("[")[0].split("=")[0].strip().lower() for word in project["dependencies"]}
    assert wanted <= pinned
