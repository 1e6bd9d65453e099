"""What e-mail tools report of a campaign, a row for each who got it: who clicked, ordered, bounced, unsubscribed.

Columns are known by what Mailchimp calls these ("Opened", "Clicked", "Bounced", "Unsubscribed": Mailchimp help, "About
email campaign reports") and by Klaviyo's names of its metrics ("Opened Email", "Clicked Email", "Bounced Email",
"Unsubscribed", "Placed Order": Klaviyo help, "Review campaign analytics"). A cell that is neither empty nor a no nor 0
says yes: it may be a number, a time or a word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import FileRefused
from engine.intake import words
from engine.intake.synonyms import folded
from engine.phrases import Phrase

_EMAIL: Final = "email emailaddress 邮箱 电子邮件"
_WORDS: Final[Mapping[str, str]] = {
    "opened": "opens opened openedemail totalopens uniqueopens openscount 打开 打开次数",
    "clicked": "clicks clicked clickedemail totalclicks uniqueclicks clickscount 点击 点击次数",
    "ordered": "placedorder uniqueplacedorder orders ordered totalorders placedordervalue 下单 订单数",
    "bounced": "bounced bounces bouncedemail bouncetype hardbounce softbounce hardbounced softbounced hardbounces "
    "softbounces 退信",
    "unsubscribed": "unsubscribed unsubscribes unsubscribedat unsubscribetime unsubtime unsubscribedate 退订",
}
_TAG = re.compile(r"\bzhike-(\d{1,9})-[A-Z]{1,2}\b")
_NO: Final = frozenset({"", "0", "0.0", "0.00", "no", "n", "false", "none", "null", "n/a", "-", "否", "无", "没有"})


@dataclass(frozen=True)
class Reported:
    """What is reported of one address; None of what the report has no column for. campaign: as its tag says."""

    email: str
    opened: bool | None
    clicked: bool | None
    ordered: bool | None
    bounced: bool
    unsubscribed: bool
    campaign: int | None = None


def is_recipient_report(headers: Sequence[str]) -> bool:
    """Whether a table with these headers says of each address what it did with a mail."""
    known = {folded(header) for header in headers}
    return bool(known & set(_EMAIL.split())) and any(known & set(_WORDS[of].split()) for of in ("opened", "clicked"))


def read(rows: Sequence[Sequence[str]], name: str) -> tuple[Reported, ...] | None:
    """The rows below a header, one for each address: what any of its rows says; None if the table is no such report.

    Raises FileRefused for one that has no address, or only says who opened.
    """
    if not rows or not is_recipient_report(rows[0]):
        return None
    headers = [folded(header) for header in rows[0]]
    at = {of: [i for i, header in enumerate(headers) if header in set(said.split())] for of, said in _WORDS.items()}
    if not (at["clicked"] or at["ordered"] or at["bounced"] or at["unsubscribed"]):
        raise FileRefused(
            Phrase(
                "{name} only says who opened, and that tells nothing: Apple Mail and others open messages by "
                "themselves. Export the clicks, or just import your next orders.",
                name=name,
            )
        )
    who = next(i for i, header in enumerate(headers) if header in set(_EMAIL.split()))
    found: dict[str, Reported] = {}
    for row in rows[1:]:
        address = words.email(row[who]) if who < len(row) else None
        if address:
            now = _reported(address, row, at)
            found[address] = _both(found[address], now) if address in found else now
    if not found:
        raise FileRefused(Phrase("{name} has no e-mail address in its rows.", name=name))
    return tuple(found.values())


def _reported(address: str, row: Sequence[str], at: Mapping[str, Sequence[int]]) -> Reported:
    said = {of: _any(row, places) for of, places in at.items()}
    tag = next((match for cell in row if (match := _TAG.search(cell))), None)
    return Reported(
        address,
        said["opened"],
        said["clicked"],
        said["ordered"],
        bool(said["bounced"]),
        bool(said["unsubscribed"]),
        None if tag is None else int(tag[1]),
    )


def _any(row: Sequence[str], places: Sequence[int]) -> bool | None:
    if not places:
        return None
    return any(i < len(row) and words.text(row[i]).lower() not in _NO for i in places)


def _both(a: Reported, b: Reported) -> Reported:
    return Reported(
        a.email,
        _or(a.opened, b.opened),
        _or(a.clicked, b.clicked),
        _or(a.ordered, b.ordered),
        a.bounced or b.bounced,
        a.unsubscribed or b.unsubscribed,
        a.campaign or b.campaign,
    )


def _or(a: bool | None, b: bool | None) -> bool | None:
    return b if a is None else a or bool(b)
