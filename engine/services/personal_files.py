"""The shop's own files, beside the store, that name somebody: lists written for the founder, files that wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.places import write_privately
from engine.privacy.searching import csv_without, named_in
from engine.privacy.traces import Traces
from engine.shop import Shop

_KEPT_WHOLE = ("waiting", "received")  # files as they came: they are read by their content


def file_names(path: Path, traces: Traces) -> bool:
    """Whether the file names somebody, by its name or within; also where it cannot be looked into."""
    return bool(traces.values) and (traces.found_in(path.name) or named_in(path.read_bytes(), traces) is not False)


def forget_in_files(shop: Shop, traces: Traces) -> tuple[str, ...]:
    """Take somebody out of the shop's files: the names of those that were changed or removed.

    A CSV loses the rows that name them; another file goes as a whole, as do files as they came and those that cannot
    be looked into.
    """
    changed = []
    for path in sorted(_files(shop.files)):
        if not file_names(path, traces):
            continue
        kept = None if _goes_whole(shop, path) else csv_without(path.read_bytes(), traces)
        if kept is None or traces.found_in(path.name):
            path.unlink(missing_ok=True)
        else:
            write_privately(path, kept)
        changed.append(path.name)
    return tuple(changed)


def files_naming(shop: Shop, traces: Traces) -> int:
    """In how many of the shop's files somebody is named, or may be."""
    return sum(file_names(path, traces) for path in _files(shop.files))


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _goes_whole(shop: Shop, path: Path) -> bool:
    return path.relative_to(shop.files).parts[0] in _KEPT_WHOLE or path.suffix.lower() != ".csv"
