"""Handing one mail after another to a mail server, so that it is always known what came of each.

A mail is accepted by the server's answer to its last line, and by nothing before. So what fails earlier was surely not
accepted, and may be tried again; what fails between the first line and that answer is unknown.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import Literal

from engine.campaigns.mail import Mail
from engine.errors import NotAllowed
from engine.phrases import Phrase

WAITS = (1.0, 3.0)  # seconds before each further try to connect
# RFC 5322 takes lines of 998; some mail programs do not find what to click in a header that begins on its second line
UNFOLDED = SMTP.clone(max_line_length=998)
CLOSING = 421  # the server gives up the connection

Handed = Literal["delivered", "refused", "put off", "unknown"]
# smtplib's errors are OSErrors, and so are those of sockets and TLS
FAILURES = (OSError, smtplib.SMTPException)

UNANSWERED = Phrase("the connection broke after the mail was sent and before the server said that it has it")
BROKEN = Phrase("the connection broke before the mail was sent")


@dataclass(frozen=True)
class Result:
    """`delivered`: the server has taken it. `put off`: it surely has not, and may later. `closed`: it wants no more."""

    handed: Handed
    reason: Phrase | None = None
    closed: bool = False


class Postman:
    """A connection to the mail server, opened when it is needed and again when it broke."""

    def __init__(self, mail: Mail, sleep: Callable[[float], None] = time.sleep) -> None:
        self.mail = mail
        self._sleep = sleep
        self._server: smtplib.SMTP | None = None

    def connect(self) -> None:
        """Raises NotAllowed, with what to do, if the server cannot be reached or does not let us in."""
        if self._server is not None:
            return
        for wait in (*WAITS, None):
            try:
                self._server = self._opened()
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
                raise NotAllowed(_not_let_in(self.mail, error)) from error
            except FAILURES as error:
                if wait is None:
                    raise NotAllowed(_out_of_reach(self.mail, error)) from error
                self._sleep(wait)
            else:
                return

    def hand_over(self, message: EmailMessage, to: str) -> Result:
        """What came of one mail to one address."""
        server = self._server
        if server is None:
            return Result("put off", BROKEN)
        try:
            refusal = self._announced(server, to)
        except FAILURES:
            self.close()
            return Result("put off", BROKEN)
        if refusal is not None:
            return refusal
        try:
            server.send(_lines(message))
            code, said = server.getreply()
        except FAILURES:
            self.close()
            return Result("unknown", UNANSWERED)
        if 200 <= code < 300:
            return Result("delivered")
        if not 400 <= code < 600:
            self.close()
            return Result("unknown", UNANSWERED)
        return self._refused(code, said)

    def close(self) -> None:
        """Say goodbye, if anybody still listens."""
        server, self._server = self._server, None
        if server is None:
            return
        try:
            server.quit()
        except FAILURES:
            server.close()

    def _announced(self, server: smtplib.SMTP, to: str) -> Result | None:
        """None if the server waits for the mail."""
        for words, good in (
            (f"MAIL FROM:<{self.mail.address}>", (250,)),
            (f"RCPT TO:<{to}>", (250, 251)),
            ("DATA", (354,)),
        ):
            code, said = server.docmd(words)
            if code not in good:
                result = self._refused(code, said)
                if not result.closed:
                    server.rset()
                return result
        return None

    def _refused(self, code: int, said: bytes) -> Result:
        words = Phrase("{code} {said}", code=str(code), said=said.decode("utf-8", "replace").replace("\n", " ")[:200])
        if code == CLOSING or code < 0:
            self.close()
        return Result("refused" if code >= 500 else "put off", words, closed=code == CLOSING or code < 0)

    def _opened(self) -> smtplib.SMTP:
        mail = self.mail
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if mail.security == "tls":
            server = smtplib.SMTP_SSL(mail.host, mail.port, timeout=mail.timeout, context=context)
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=mail.timeout)
        try:
            if mail.security == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if mail.user is not None:
                server.login(mail.user, mail.password or "")
        except BaseException:
            server.close()
            raise
        return server


def _lines(message: EmailMessage) -> bytes:
    """As it goes over the wire: lines end with CR LF, a dot that begins one is doubled, a lone dot ends it all."""
    data = message.as_bytes(policy=UNFOLDED)
    data = data.replace(b"\r\n.", b"\r\n..")
    return (b"." + data if data.startswith(b".") else data) + (b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n")


def _not_let_in(mail: Mail, error: Exception) -> Phrase:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Phrase(
            "The mail server {host} does not accept the name and password: check ZHIKE_SMTP_USER and "
            "ZHIKE_SMTP_PASSWORD (many providers want a password for apps). Nothing was sent.",
            host=mail.host,
        )
    return Phrase(
        "The mail server {host} does not speak as ZHIKE_SMTP_SECURITY says ({security}): try starttls with port 587, "
        "tls with 465. Nothing was sent.",
        host=mail.host,
        security=mail.security,
    )


def _out_of_reach(mail: Mail, error: Exception) -> Phrase:
    return Phrase(
        "The mail server {host}:{port} cannot be reached ({fault}): check ZHIKE_SMTP_HOST and ZHIKE_SMTP_PORT, and "
        "that you are online.",
        host=mail.host,
        port=str(mail.port),
        fault=str(error)[:100] or type(error).__name__,
    )
