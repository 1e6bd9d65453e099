"""Some of the damaged files of benchmarks/mutated_files.py, which runs ten thousand: no fault among them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks.mutated_files import broken, seeds, tried
from engine import Shop


def test_damaged_files_are_imported_whole_or_refused_in_one_sentence(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop.db")
    found = [tried(shop, seed) for seed in seeds(150)]
    assert [(one.seed, one.fault) for one in found if one.fault] == []
    # the files are damaged enough to be refused, and not so much that none is read
    how = Counter(one.how for one in found)
    assert how["imported"] > 15
    assert len(how) > 5


def test_a_seed_makes_the_same_file_again() -> None:
    seed = next(seed for seed in range(50) if broken(seed)[0].endswith(".csv"))
    assert broken(seed) == broken(seed) != broken(seed + 1)
