"""Files of the chat: kept on disk under names of our own, checked as Telegram checks them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath

from bot.localchat.arguments import Upload
from bot.localchat.history import History, StoredFile
from bot.localchat.refusals import Json, Refused, bad_request

MEGABYTE = 1024 * 1024
MAX_PHOTO = 10 * MEGABYTE
MAX_DOCUMENT = 50 * MEGABYTE
MAX_DOWNLOAD = 20 * MEGABYTE
MAX_SIDES = 10_000
MAX_RATIO = 20
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif", "BMP": "image/bmp"}
UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Files:
    """The folder of files and what the history knows of them."""

    def __init__(self, folder: Path, history: History) -> None:
        self.folder = folder
        self._history = history
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    async def keep_document(self, upload: Upload) -> Json:
        """Telegram's `Document` of a file that is now on disk."""
        return document(await self._keep(upload, "documents", upload.mime))

    async def keep_photo(self, upload: Upload) -> list[Json]:
        """Telegram's sizes of a picture that is now on disk (here one). Raises Refused if it cannot be a photo."""
        mime, width, height = photo_facts(upload.body)
        return photo(await self._keep(upload, "photos", mime, width, height))

    def again(self, file_id: str, kind: str) -> StoredFile:
        """A file that was sent before. Raises Refused if there is none, or it is of another kind."""
        file = self._history.file(file_id)
        if file is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if file.kind != kind:
            raise bad_request(f"can't use file of type {file.kind.title()[:-1]} as {kind.title()[:-1]}")
        return file

    async def content(self, file: StoredFile) -> bytes:
        """What is in it."""
        held = self._history.content(file.path)
        return await asyncio.to_thread((self.folder / file.path).read_bytes) if held is None else held

    @contextmanager
    def readable(self, file: StoredFile) -> Iterator[Path]:
        """Where it can be read until the end, also one that lies encrypted."""
        held = self._history.content(file.path)
        if held is None:
            yield self.folder / file.path
            return
        path = self.folder / f"{secrets.token_hex(8)}{_suffix(file.path)}"
        try:
            _write(path, held)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def remove(self, file: StoredFile) -> None:
        """Its content, wherever it lies."""
        (self.folder / file.path).unlink(missing_ok=True)
        self._history.drop_content(file.path)

    async def _keep(
        self, upload: Upload, kind: str, mime: str, width: int | None = None, height: int | None = None
    ) -> StoredFile:
        if not upload.body:
            raise bad_request("file must be non-empty")
        name, file_id = file_name(upload.name), secrets.token_urlsafe(30)
        path = f"{kind}/{secrets.token_hex(8)}{_suffix(name)}"
        content = hashlib.sha256(upload.body).hexdigest()[:20]
        file = StoredFile(file_id, content, kind, path, name, mime, len(upload.body), width, height)
        if not self._history.holds_files:
            await asyncio.to_thread(_write, self.folder / path, upload.body)
        with self._history.transaction():
            if self._history.holds_files:
                self._history.put_content(path, upload.body)
            self._history.add_file(file)
        return file


def document(file: StoredFile) -> Json:
    return {**_identity(file), "file_name": file.name, "mime_type": file.mime}


def photo(file: StoredFile) -> list[Json]:
    return [{**_identity(file), "width": file.width, "height": file.height}]


def photo_facts(body: bytes) -> tuple[str, int, int]:
    """The media type, width and height of a picture. Raises Refused as Telegram does for what is no photo."""
    # Pillow takes a while to load and comes into play with the first picture only
    from PIL import Image

    if len(body) > MAX_PHOTO:
        raise bad_request(
            f"file of size {len(body)} bytes is too big for a photo; the maximum size is {MAX_PHOTO} bytes"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(body), formats=tuple(PICTURES)) as picture:
                (width, height), kind = picture.size, picture.format or ""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise bad_request("PHOTO_INVALID_DIMENSIONS") from None
    except (OSError, SyntaxError, ValueError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return PICTURES[kind], width, height


def check_outgoing(upload: Upload) -> None:
    """Raises Refused if a bot may not send a file of this size."""
    if len(upload.body) > MAX_DOCUMENT:
        raise Refused("Request Entity Too Large", 413)


def file_name(given: str) -> str:
    """The name without folders and without characters that could mislead; never empty."""
    name = UNSAFE.sub("", given.replace("%22", '"').replace("\\", "/").rpartition("/")[2]).strip()
    return name[:200] if name.strip(".") else "file"


def _suffix(name: str) -> str:
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,10}", suffix) else ""


def _identity(file: StoredFile) -> Json:
    return {"file_id": file.id, "file_unique_id": file.content, "file_size": file.size}


def take_in(folder: Path, history: History) -> None:
    """The files of the folder are kept in the history from here on, where it is encrypted."""
    for path in [path for path in sorted(folder.rglob("*")) if path.is_file()]:
        history.put_content(path.relative_to(folder).as_posix(), path.read_bytes())
        path.unlink()


def put_out(folder: Path, history: History) -> None:
    """The other way round: they are files of the folder again."""
    for name in history.held_files():
        body = history.content(name)
        if body is not None:
            (folder / name).unlink(missing_ok=True)  # from a time that was cut off
            folder.mkdir(mode=0o700, exist_ok=True)
            _write(folder / name, body)
        history.drop_content(name)


def _write(path: Path, body: bytes) -> None:
    """Writes the file so that it is on disk when this returns."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
