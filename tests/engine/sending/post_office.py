"""A mail server for tests that really listens, and can be slow, refuse, put off or break off."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from engine.campaigns.mail import Mail


@dataclass
class Box:
    """What came in, and how it is treated: answers by address, a pause in seconds, where the line is cut."""

    received: list[tuple[str, Message]] = field(default_factory=list)
    at_rcpt: dict[str, str] = field(default_factory=dict)
    at_data: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    cut_before_data: set[str] = field(default_factory=set)
    cut_after_data: set[str] = field(default_factory=set)

    async def handle_RCPT(  # noqa: N802 - the name that the library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.cut_before_data:
            self.cut_before_data.discard(address)
            cut(server)
        answer = self.at_rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        await asyncio.sleep(self.pause)
        answer = self.at_data.get(address, "250 OK")
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.received.append((address, message_from_bytes(content, policy=default)))
        if address in self.cut_after_data:
            cut(server)
        return answer

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.received]


def cut(server: SMTP) -> None:
    """The line is dead at once."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@contextmanager
def post_office(**settings: object) -> Iterator[tuple[Box, Mail]]:
    """An open mail server, and how to reach it; `settings` are those of `Mail`."""
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        known = {"security": "none", "per_minute": 100_000, "timeout": 5.0} | settings
        yield box, Mail("127.0.0.1", "Tea House <tea@shop.example>", port, **known)  # type: ignore[arg-type]
    finally:
        controller.stop()
