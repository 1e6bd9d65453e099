"""Where the files lie that come with Zhike, and how it writes those that it makes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def shipped(name: str) -> Path:
    """The folder of this name (templates, data): within `engine` where installed, beside the packages in a checkout."""
    engine = Path(__file__).parent
    installed = engine / "shipped" / name
    return installed if installed.is_dir() else engine.parent / name


def write_privately(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Put `content` at `path` whole or not at all, for its owner's eyes alone. Raises OSError."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600 by contract
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
