"""`python -m benchmarks [NAME …]`: run all benchmarks, or those named, and print their tables."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> int:
    there = sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__) if _is_one(found.name))
    unknown = [name for name in names if name not in there]
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(there)}", file=sys.stderr)
        return 2
    for name in names or there:
        print(importlib.import_module(f"benchmarks.{name}").run(), end="\n\n", flush=True)
    return 0


def _is_one(name: str) -> bool:
    """What is made for several benchmarks has no `run`; nothing is imported to find that out."""
    return not name.startswith(("__", "made_", "peers"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
