"""What every request must pass: this server answers this machine only, and no page but its own."""

from __future__ import annotations

import logging
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from tornado.web import HTTPError, RequestHandler

from engine import StoreError, database_errors

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

logger = logging.getLogger(__name__)


class Guarded(RequestHandler):
    """Checks `Host`, so that no foreign name leads here, and `Origin`, so that no foreign page acts here.

    Addresses stay out of the log: they hold the token.
    """

    needs_origin = False

    def prepare(self) -> None:
        host = self.request.host
        if not _is_ours(host, self.settings["port"]):
            raise HTTPError(HTTPStatus.FORBIDDEN)
        origin = self.request.headers.get("Origin")
        if (self.needs_origin and origin is None) or origin not in {None, f"http://{host}"}:
            raise HTTPError(HTTPStatus.FORBIDDEN)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def write_error(self, status_code: int, **more: Any) -> None:
        error = more.get("exc_info", (None, None, None))[1]
        if isinstance(error, (StoreError, OSError, *database_errors())):
            # the disk is full, or the history cannot be written to: the page says so
            status_code = HTTPStatus.INSUFFICIENT_STORAGE
            self.set_status(status_code)
        self.finish({"ok": False, "error_code": status_code, "description": HTTPStatus(status_code).phrase})

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if typ is None or value is None or isinstance(value, HTTPError):
            return
        logger.error("%s could not answer a request", type(self).__name__, exc_info=(typ, value, tb))


def _is_ours(host: str, port: int) -> bool:
    try:
        address = urlsplit(f"//{host}")
        name, named_port = address.hostname, address.port or 80
    except ValueError:
        return False
    return name in LOOPBACK_NAMES and named_port == port and address.username is None
