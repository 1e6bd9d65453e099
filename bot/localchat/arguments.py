"""What a call brings: values from the address, a form, JSON or a multipart body, and the files beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tornado.httputil import HTTPServerRequest

from bot.localchat.people import USER_ID
from bot.localchat.refusals import Json, bad_request

ATTACHED = "attach://"
_Tree = TypeVar("_Tree", list[Any], Json)


@dataclass(frozen=True)
class Upload:
    """A file as it came in."""

    name: str
    mime: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Arguments:
    """The named arguments of one call. A number or a tree may arrive as text, as Telegram allows."""

    values: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty if it was not given."""
        value = self.values.get(name)
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """`default` if it was not given, or is no number of 64 bits."""
        return whole_number(self.values.get(name)) or default

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).strip().lower() in {"true", "yes", "1", "t", "y"}

    def listed(self, name: str) -> list[Any] | None:
        """A JSON array; None if it was not given. Raises Refused if it is something else."""
        return self._tree(name, list, "Array")

    def mapped(self, name: str) -> Json | None:
        """A JSON object; None if it was not given. Raises Refused if it is something else."""
        return self._tree(name, dict, "Object")

    def _tree(self, name: str, kind: type[_Tree], called: str) -> _Tree | None:
        value = self.values.get(name)
        if isinstance(value, str):
            value = _parsed(value.encode()) if value.strip() else None
        if value is None:
            return None
        if not isinstance(value, kind):
            raise bad_request(f"can't parse {name}: {called} expected")
        return value

    def chat(self) -> int:
        """The chat that is meant. Raises Refused for any but the one there is."""
        if not self.text("chat_id").strip():
            raise bad_request("chat_id is empty")
        if self.text("chat_id").strip() != str(USER_ID):
            raise bad_request("chat not found")
        return USER_ID

    def upload(self, name: str) -> Upload | None:
        """The file given under `name`, as a part of that name or through `attach://`."""
        value = self.text(name)
        if value.startswith(ATTACHED):
            return self.uploads.get(value.removeprefix(ATTACHED))
        return self.uploads.get(name)

    def within(self, values: Json) -> Arguments:
        """A tree inside this call, such as one medium of an album, which may name files of the call."""
        return Arguments(values, self.uploads)


def arguments_of(request: HTTPServerRequest) -> Arguments:
    """All that the request brings; the body goes before the address."""
    values: Json = {name: _decoded(given[-1]) for name, given in request.arguments.items()}
    if request.headers.get("Content-Type", "").startswith("application/json") and request.body:
        given = _parsed(request.body)
        if not isinstance(given, dict):
            raise bad_request("can't parse JSON object")
        values.update(given)
    files = {name: given[-1] for name, given in request.files.items()}
    return Arguments(values, {n: Upload(f.filename, f.content_type, f.body) for n, f in files.items()})


def whole_number(value: Any) -> int:
    """The number that `value` is or spells; 0 if it is none, or has more than 64 bits."""
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return number if abs(number) < 2**63 else 0


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None


def _parsed(source: bytes) -> Any:
    """The JSON value. Raises Refused for what is not JSON, and for half a character."""
    try:
        value = json.loads(source)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    return value
