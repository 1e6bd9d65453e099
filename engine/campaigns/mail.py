"""A campaign's message as an e-mail, with the headers by which mail programs offer to unsubscribe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from html import escape
from typing import Final, Literal
from urllib.parse import quote

from engine.campaigns.channels import WAYS_OUT
from engine.campaigns.exports import Row
from engine.phrases import Language, Phrase

Security = Literal["starttls", "tls", "none"]

BY_MAIL = ("email", "text")  # the channels whose messages may go out by e-mail
LONGEST_SUBJECT = 78  # characters; RFC 5322 asks for lines no longer
TOKEN: Final = "{token}"  # where the address of one-click unsubscribing holds the token
_END: Final = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+|\n")


@dataclass(frozen=True)
class Mail:
    """The mail server to send through, and who writes. The password is in no repr, no log and no store.

    `unsubscribe_to`: the address that takes unsubscribing mails. `unsubscribe_url`: an https address of the owner's
    that takes the POST of RFC 8058, with `{token}` in it; Zhike runs no such page. `postal`: the postal address that
    some laws ask for. `per_minute`: how many messages at most; `timeout` in seconds.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    user: str | None = None
    password: str | None = None
    reply_to: str | None = None
    unsubscribe_to: str | None = None
    unsubscribe_url: str | None = None
    postal: str | None = None
    per_minute: int = 60
    timeout: float = 30.0

    def __repr__(self) -> str:
        return f"Mail(host={self.host!r}, port={self.port}, sender={self.sender!r})"

    @property
    def address(self) -> str:
        """The bare address of the sender."""
        return parseaddr(self.sender)[1]


def email(row: Row, mail: Mail, *, to: str, token: str, now: datetime, language: Language) -> EmailMessage:
    """The mail to one customer. `token` tells whose it is, to nobody but us."""
    message = EmailMessage()
    name, address = parseaddr(mail.sender)
    message["From"] = Address(_line(name), addr_spec=address)
    message["To"] = Address(_line(row.name or ""), addr_spec=to)
    message["Subject"] = subject(row)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{token}@{address.rpartition('@')[2]}>"
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    for header, value in unsubscribe_headers(mail, token).items():
        message[header] = value
    footer = tuple(phrase.say(language) for phrase in _footer(row, mail))
    text = "\n\n".join([row.text, "-- \n" + "\n".join(footer)]) if footer else row.text
    message.set_content(text, cte="quoted-printable")
    if row.html:
        message.add_alternative(_with_footer(row.html, footer), subtype="html", cte="quoted-printable")
    return message


def subject(row: Row) -> str:
    """The message's own subject; without one its first sentence, as far as a subject is long."""
    text = _line(row.subject or "") or _line(_END.split(row.text.strip(), maxsplit=1)[0]).rstrip(",，:：")
    return text if len(text) <= LONGEST_SUBJECT else text[: LONGEST_SUBJECT - 1].rstrip() + "…"


def unsubscribe_headers(mail: Mail, token: str) -> dict[str, str]:
    """By mail; with one click too where the owner has a page for it. Source: RFC 2369, RFC 8058."""
    by_mail = f"<mailto:{mail.unsubscribe_to or mail.address}?subject=unsubscribe%20{quote(token)}>"
    if mail.unsubscribe_url is None:
        return {"List-Unsubscribe": by_mail}
    page = mail.unsubscribe_url.replace(TOKEN, quote(token))
    return {"List-Unsubscribe": f"<{page}>, {by_mail}", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _footer(row: Row, mail: Mail) -> tuple[Phrase, ...]:
    """What the message does not say by itself: where the sender is, and how to get no more."""
    lines = []
    if mail.postal and mail.postal not in row.text:
        lines.append(Phrase("{fact}", fact=mail.postal))
    if not WAYS_OUT.search(row.text):
        lines.append(Phrase("If you want no more of these mails, reply with “unsubscribe”."))
    return tuple(lines)


def _with_footer(html: str, footer: tuple[str, ...]) -> str:
    if not footer:
        return html
    lines = f"<p>{'<br>'.join(escape(line) for line in footer)}</p>"
    head, end, tail = html.rpartition("</body>")
    return f"{head}{lines}{end}{tail}" if end else html + lines


def _line(text: str) -> str:
    """In one line and without controls, which no header may have."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
