"""A file's bytes, wherever they are: in memory, or on disk, where a large file stays while it is read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

Content = bytes | Path


def opened(content: Content) -> BinaryIO:
    """The content from its beginning; the caller closes it."""
    return content.open("rb") if isinstance(content, Path) else io.BytesIO(content)


def beginning(content: Content, n: int) -> bytes:
    """The first `n` bytes, or all if there are fewer."""
    if isinstance(content, bytes):
        return content[:n]
    with content.open("rb") as file:
        return file.read(n)


def whole(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()
