"""Trouble that can be switched on, to try how the bot bears it."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal

from bot.localchat.refusals import Refused


@dataclass(frozen=True)
class Dropped:
    """The connection closes without an answer; `acted` says whether the call was carried out before that."""

    acted: bool


@dataclass
class Faults:
    """What the next calls to a method meet, in the order in which it was switched on.

    Method names are Telegram's (`sendMessage`); each fault is used up by one call.
    """

    _waiting: dict[str, deque[Refused | Dropped]] = field(default_factory=lambda: defaultdict(deque))

    def too_many_requests(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """The next calls are answered 429 and not carried out."""
        description = f"Too Many Requests: retry after {retry_after}"
        self._add(method, Refused(description, HTTPStatus.TOO_MANY_REQUESTS, retry_after), times)

    def server_error(self, method: str, *, times: int = 1) -> None:
        """The next calls are answered 500 and not carried out."""
        self._add(method, Refused("Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR), times)

    def refuse(self, method: str, refused: Refused, *, times: int = 1) -> None:
        """The next calls are answered so and not carried out."""
        self._add(method, refused, times)

    def drop(self, method: str, *, times: int = 1, when: Literal["before", "after"] = "before") -> None:
        """The next calls lose their connection, before they are carried out or after."""
        self._add(method, Dropped(when == "after"), times)

    def left(self, method: str) -> int:
        """How many calls will meet a fault yet."""
        return len(self._waiting.get(method.lower(), ()))

    def clear(self) -> None:
        self._waiting.clear()

    def next(self, method: str) -> Refused | Dropped | None:
        """Takes the fault that this call meets, if one is left."""
        waiting = self._waiting.get(method.lower())
        return waiting.popleft() if waiting else None

    def _add(self, method: str, fault: Refused | Dropped, times: int) -> None:
        self._waiting[method.lower()].extend([fault] * times)
