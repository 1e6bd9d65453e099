"""What the open pages are told, as it happens."""

from __future__ import annotations

from typing import Protocol

from bot.localchat.refusals import Json


class Page(Protocol):
    """A page that listens."""

    def tell(self, event: Json) -> None: ...

    def close(self) -> None: ...


class Feed:
    """The pages that listen. Each gets every event, in the same order."""

    def __init__(self) -> None:
        self._pages: set[Page] = set()

    def join(self, page: Page) -> None:
        self._pages.add(page)

    def leave(self, page: Page) -> None:
        self._pages.discard(page)

    def publish(self, kind: str, **facts: object) -> None:
        """Tells every page: `{"type": kind, **facts}`."""
        for page in tuple(self._pages):
            page.tell({"type": kind, **facts})

    def close(self) -> None:
        for page in tuple(self._pages):
            page.close()
