"""Are the pinned dependencies free of known faults? `make audit` asks.

Asks pip-audit's service. Where that cannot be reached, `audited.csv` answers, which is weaker: each pin with the day on
which it was listed, and the version that mended the newest advisory that its lister knew of; no database of advisories
was asked on that day. A pin that is not in it, or is older than what mended a fault, ends this with status 1.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

HERE = Path(__file__).parent
PINS = HERE.parent / "constraints.txt"
LIST = HERE / "audited.csv"
SECONDS = 300


@dataclass(frozen=True)
class Audited:
    """A pin that was listed; `fixed_in` and `advisory` are empty where none was known."""

    version: str
    listed_at: str
    fixed_in: str
    advisory: str


def pins(path: Path = PINS) -> dict[str, str]:
    """The version of each package."""
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return {name: version for name, _, version in (line.partition("==") for line in lines if line)}


def audited(path: Path = LIST) -> dict[str, Audited]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["package"]: Audited(row["version"], row["listed_at"], row["fixed_in"], row["advisory"])
            for row in csv.DictReader(file)
        }


def faults(pinned: dict[str, str], listed_at: dict[str, Audited]) -> list[str]:
    """What keeps the list from vouching for the pins."""
    found = []
    for name, version in pinned.items():
        one = listed_at.get(name)
        if one is None or one.version != version:
            found.append(f"{name} {version} is not listed: look up its advisories and put it into {LIST.name}")
        elif one.fixed_in and Version(version) < Version(one.fixed_in):
            found.append(f"{name} {version} has {one.advisory}, mended in {one.fixed_in}")
    found += [f"{name} is in {LIST.name} and is pinned no more" for name in listed_at if name not in pinned]
    return found


def of_service() -> list[str] | None:
    """What pip-audit's service knows of the pins; None where it cannot be reached."""
    words = [
        "pip_audit",
        "-r",
        str(PINS),
        "--no-deps",
        "--disable-pip",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-m", *words], capture_output=True, text=True, check=False, timeout=SECONDS
        )
        answer = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError, KeyError):
        return None
    if not any("vulns" in one for one in answer):
        return None
    return [
        f"{one['name']} {one['version']} has {fault['id']}, mended in {fault['fix_versions'] or 'no version'}"
        for one in answer
        for fault in one.get("vulns", ())
    ]


def main() -> int:
    found, listed_at = of_service(), audited()
    if found is None:
        days = sorted({one.listed_at for one in listed_at.values()})
        print(f"pip-audit cannot be reached; {LIST.name} tells what was known {days[0]} to {days[-1]}")
        found = faults(pins(), listed_at)
    print("\n".join(found) or f"{len(pins())} packages, no known fault")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
