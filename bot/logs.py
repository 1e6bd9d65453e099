"""Logs for whoever mends the bot. No token, code or password gets into them, and nothing of a customer's.

A record says what happened, where and of which kind the error was. What an exception quotes is somebody's data as
often as not (`KeyError: '林小雨'`), so it is struck out; addresses, phones and tokens are struck out of everything.
"""

from __future__ import annotations

import logging
import re
import traceback
from types import TracebackType

STRUCK = "…"
TOKEN = re.compile(r"(?:bot)?\d{1,20}:[A-Za-z0-9_-]{8,}")
MAIL = re.compile(r"[^\s@<>()\[\],;:\"'“”‘’]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
PHONE = re.compile(
    r"""(?<![\w.])(?:
        \+\d[\d ()./-]{6,17}\d          # with the country's number
      | \(?\d{3}\)?[ .-]\d{3}[ .-]\d{4} # as in America
      | 0\d{1,4}[ /-]\d{3,4}[ -]?\d{3,5}
      | 1[3-9]\d[ -]?\d{4}[ -]?\d{4}    # as in China
      | \d{10,15}
    )(?!\w)""",
    re.X,
)
# what stands between two letters is an apostrophe
QUOTED = re.compile(r"""(?<!\w)[bru]?'(?:[^'\\\n]|\\.)*'|[bru]?"(?:[^"\\\n]|\\.)*"|“[^”\n]*”|‘[^’\n]*’|《[^》\n]*》""")
FOREIGN = re.compile(r"[^\x00-\x7f…](?:.*[^\x00-\x7f…])?")
LONGEST = 500  # letters of what an exception says

_secrets: set[str] = set()

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def keep_secret(value: str | None) -> None:
    """Strike this out wherever it comes up, whatever it looks like."""
    if value:
        _secrets.add(value)


def struck(text: str) -> str:
    """The text without tokens, addresses, phones and what is to be kept secret."""
    for secret in _secrets:
        text = text.replace(secret, STRUCK)
    return PHONE.sub(STRUCK, MAIL.sub(STRUCK, TOKEN.sub(STRUCK, text)))


def described(error: BaseException) -> str:
    """The traceback of an error and of those behind it, the earliest first, with their words struck out where due."""
    lines: list[str] = []
    seen: set[int] = set()
    behind: BaseException | None = error
    while behind is not None and id(behind) not in seen:
        seen.add(id(behind))
        frames = traceback.format_list(traceback.extract_tb(behind.__traceback__))
        lines[:0] = ["Traceback (most recent call last):\n", *frames, f"{_kind(behind)}: {_words(behind)}\n", "\n"]
        behind = behind.__cause__ or (None if behind.__suppress_context__ else behind.__context__)
    return struck("".join(lines).strip())


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _words(error: BaseException) -> str:
    """What the error says, less what it quotes and what is in another writing than ours."""
    said = " ".join(str(error)[: 4 * LONGEST].split())
    return FOREIGN.sub(STRUCK, QUOTED.sub(f"'{STRUCK}'", struck(said)))[:LONGEST]


class Discreet(logging.Formatter):
    """Writes a record, its traceback included, with all that is nobody's business struck out."""

    def format(self, record: logging.LogRecord) -> str:
        plain = logging.makeLogRecord({**record.__dict__, "msg": struck(record.getMessage()), "args": None})
        # another formatter may have left the traceback as it was
        plain.exc_text = None
        if plain.stack_info:
            plain.stack_info = struck(plain.stack_info)
        return super().format(plain)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        return "" if ei[1] is None else described(ei[1])


def set_up(verbose: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    # warnings of libraries quote data, too
    logging.captureWarnings(True)
    # The HTTP client writes every URL at level INFO.
    for name in ("httpx", "httpcore", "telegram.ext.Updater"):
        logging.getLogger(name).setLevel(logging.WARNING)
