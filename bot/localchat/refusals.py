"""How the server refuses a call: with Telegram's own code and words."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """A call that is answered with an error; `str(error)` is the description as Telegram words it."""

    def __init__(self, description: str, code: int = HTTPStatus.BAD_REQUEST, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = int(code)
        self.retry_after = retry_after

    def answer(self) -> Json:
        """The body of the response."""
        body: Json = {"ok": False, "error_code": self.code, "description": str(self)}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(reason: str) -> Refused:
    return Refused(f"Bad Request: {reason}")


def conflict(reason: str) -> Refused:
    return Refused(f"Conflict: {reason}", HTTPStatus.CONFLICT)
