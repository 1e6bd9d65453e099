"""Who gets into the page: whoever opens the link that the console shows, once, and the browsers that did.

The link's key makes a session, which the browser keeps in a cookie that no page can read and that no other site's page
sends along. Of sessions and keys the history holds hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from bot.localchat.history import History

SESSIONS = "sessions"
MOST_SESSIONS = 20  # browsers; the one that came first goes
CONNECTIONS = Path("/proc/net/tcp")
ROOT = 0


class Entry:
    """The key of the link that is good now, and the sessions of those who came in by an earlier one."""

    def __init__(self, history: History, entered: Callable[[], None] = lambda: None) -> None:
        self.key = new_key()
        self._history = history
        self._entered = entered

    def enter(self, key: str) -> str | None:
        """A new session for whoever shows the key, which is spent by that; None for a wrong one."""
        if not hmac.compare_digest(key.encode(), self.key.encode()):
            return None
        self.key = new_key()
        session = secrets.token_urlsafe(32)
        self._history.set(SESSIONS, [*self._sessions(), _hashed(session)][-MOST_SESSIONS:])
        self._entered()
        return session

    def knows(self, session: str | None) -> bool:
        if session is None:
            return False
        hashed = _hashed(session)
        return any(hmac.compare_digest(hashed, known) for known in self._sessions())

    def _sessions(self) -> list[str]:
        return self._history.setting(SESSIONS) or []


def new_key() -> str:
    return secrets.token_urlsafe(24)


def is_anothers(peer_port: int, port: int, connections: Path = CONNECTIONS) -> bool:
    """Whether the other end of a connection on this machine belongs to another of its users; False if none can tell.

    A link that is opened from a program stands in the list of processes for a moment, where all users can read it.
    """
    try:
        rows = connections.read_text().splitlines()[1:]
    except OSError:
        return False
    for row in rows:
        columns = row.split()
        ends = [int(end.rpartition(":")[2], 16) for end in columns[1:3]]
        if ends == [peer_port, port]:
            return int(columns[7]) not in (os.getuid(), ROOT)
    return False


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
