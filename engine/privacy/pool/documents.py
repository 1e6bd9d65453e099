"""The files that shops exchange: JSON, signed, read with care since they come from outside.

A file holds its kind, its body, the signing key of who made it, and a signature (Ed25519) of these in one fixed form.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import FileRefused
from engine.phrases import Phrase

Kind = Literal["invitation", "join", "roster", "submission", "sum", "result"]
KINDS: tuple[Kind, ...] = ("invitation", "join", "roster", "submission", "sum", "result")
MOST_BYTES = 4_000_000
_MARK = b"zhike pool 1\n"
_HEX = re.compile(r"[0-9a-f]{64}")

NO_FILE = Phrase("This is no file of a pool: send it just as the other shop's Zhike wrote it.")
ALTERED = Phrase("This file was changed on its way, so it does not count: ask for it again.")


@dataclass(frozen=True)
class Document:
    """A file whose signature holds. `key` names who signed it, `hash` the whole of it, `content` is the file."""

    kind: Kind
    body: dict[str, Any]
    key: str
    hash: str
    content: bytes


def new_signing_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes_raw()


def name_of(signing: bytes) -> str:
    """The public key, as hex: who the shop is to others."""
    return Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw().hex()


def signature(signing: bytes, what: bytes) -> str:
    return to_text(Ed25519PrivateKey.from_private_bytes(signing).sign(_MARK + what))


def signed_by(key: str, what: bytes, signed: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signed, _MARK + what)
    except (InvalidSignature, ValueError):
        return False
    return True


def written(kind: Kind, body: dict[str, Any], signing: bytes) -> Document:
    """A new file, signed."""
    key = name_of(signing)
    form = fixed(kind, body, key)
    whole = {"zhike_pool": kind, "body": body, "key": key, "signature": signature(signing, form)}
    content = (json.dumps(whole, ensure_ascii=True) + "\n").encode()
    return Document(kind, body, key, hashlib.sha256(form).hexdigest(), content)


def read(content: bytes) -> Document:
    """Raises FileRefused for what is no such file, or has another signature than it should."""
    if len(content) > MOST_BYTES:
        raise FileRefused(NO_FILE)
    try:
        whole = json.loads(content, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise FileRefused(NO_FILE) from error
    if not isinstance(whole, dict) or set(whole) != {"zhike_pool", "body", "key", "signature"}:
        raise FileRefused(NO_FILE)
    kind, body, key = whole["zhike_pool"], whole["body"], whole["key"]
    if kind not in KINDS or not isinstance(body, dict) or not isinstance(key, str) or not _HEX.fullmatch(key):
        raise FileRefused(NO_FILE)
    try:
        form = fixed(kind, body, key)
    except (RecursionError, ValueError) as error:
        raise FileRefused(NO_FILE) from error
    if not signed_by(key, form, blob(whole, "signature", 64)):
        raise FileRefused(ALTERED)
    return Document(kind, body, key, hashlib.sha256(form).hexdigest(), content)


def fixed(kind: str, body: dict[str, Any], key: str) -> bytes:
    """The one form of a document that is signed, whatever its spaces and the order of its names."""
    return json.dumps([kind, key, body], ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


# what a body holds, each with a check of its own


def text(body: dict[str, Any], name: str, most: int = 80) -> str:
    """A line of text. This and the others raise FileRefused for anything else."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= most or not value.isprintable():
        raise FileRefused(NO_FILE)
    return value


def hexadecimal(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise FileRefused(NO_FILE)
    return value


def whole(body: dict[str, Any], name: str, least: int, most: int) -> int:
    value = body.get(name)
    if type(value) is not int or not least <= value <= most:
        raise FileRefused(NO_FILE)
    return value


def rows(body: dict[str, Any], name: str, most: int, of: type) -> list[Any]:
    value = body.get(name)
    if not isinstance(value, list) or len(value) > most or not all(type(row) is of for row in value):
        raise FileRefused(NO_FILE)
    return value


def blob(body: dict[str, Any], name: str, n_bytes: int | None = None) -> bytes:
    """Bytes, of which there must be so many."""
    value = body.get(name)
    if not isinstance(value, str):
        raise FileRefused(NO_FILE)
    return from_text(value, n_bytes)


def to_text(content: bytes) -> str:
    return b64encode(content).decode()


def from_text(value: str, n_bytes: int | None = None) -> bytes:
    try:
        content = b64decode(value, validate=True)
    except (NoBase64, ValueError) as error:
        raise FileRefused(NO_FILE) from error
    if n_bytes is not None and len(content) != n_bytes:
        raise FileRefused(NO_FILE)
    return content


def _no_number(value: str) -> NoReturn:
    raise ValueError(f"{value} is no whole number")
