"""Files that use cases write for the founder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.places import write_privately
from engine.shop import Shop

# SQLite keeps these beside a database
_BESIDE = ("", "-wal", "-shm", "-journal")


def write_out(shop: Shop, name: str, content: bytes | Iterable[bytes], out: Path | str | None) -> Path:
    """Write the CSV `content` for its owner's eyes alone; where it was written.

    `out` is a file or a folder; None is a file called `name` among the shop's own. A CSV that is there is replaced.
    Raises NotAllowed if it cannot be written or would take the place of something else.
    """
    path = shop.files / name if out is None else _asked(shop, name, out)
    try:
        if out is None:
            shop.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_privately(path, content)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
        ) from error
    return path


def _asked(shop: Shop, name: str, out: Path | str) -> Path:
    if not str(out).strip():
        raise NotAllowed(Phrase("The name of the file to write is empty; give one, such as list.csv."))
    path = Path(out) / name if Path(out).is_dir() else Path(out)
    if path.resolve() in {shop.path.resolve().with_name(shop.path.resolve().name + ending) for ending in _BESIDE}:
        raise NotAllowed(
            Phrase("{path} is where Zhike keeps your data; choose another name, such as list.csv.", path=str(path))
        )
    if path.exists() and path.suffix.lower() != ".csv":
        raise NotAllowed(
            Phrase(
                "{path} is there already and is no CSV, so it is not replaced; choose a name that ends in .csv.",
                path=str(path),
            )
        )
    return path
