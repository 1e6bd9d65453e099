"""Logs for whoever mends the bot. The token never gets into them."""

from __future__ import annotations

import logging
import re

TOKEN_IN_URL = re.compile(r"(bot)?\d+:[A-Za-z0-9_-]{8,}")


class WithoutToken(logging.Formatter):
    """Writes a record, tracebacks included, with tokens struck out."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN_IN_URL.sub("…", super().format(record))


def set_up(verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutToken("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    # The HTTP client writes every URL at level INFO.
    for name in ("httpx", "httpcore", "telegram.ext.Updater"):
        logging.getLogger(name).setLevel(logging.WARNING)
