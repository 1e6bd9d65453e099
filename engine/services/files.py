"""Files that use cases write for the founder."""

from __future__ import annotations

from pathlib import Path

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.places import write_privately
from engine.shop import Shop


def write_out(shop: Shop, name: str, content: bytes, out: Path | None) -> Path:
    """Write `content` for its owner's eyes alone; where it was written.

    `out` is a file or a folder; None is a file called `name` among the shop's own. A file that is there is replaced.
    Raises NotAllowed if it cannot be written.
    """
    path = shop.files / name if out is None else out / name if out.is_dir() else out
    try:
        if out is None:
            shop.files.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_privately(path, content)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path))
        ) from error
    return path
