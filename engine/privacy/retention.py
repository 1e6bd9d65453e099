"""How long things are kept: what there is to say it of, and how its owner says it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase, counted

YEAR, MONTH, WEEK = 365, 30, 7
MOST_DAYS: Final = 100 * YEAR


@dataclass(frozen=True)
class Kept:
    """Something that can be kept for so many days. `default`: unless its owner says otherwise; None is for good.

    `least`: fewer days would take away what is still in use. `also`: other names for it. `asks`: a face asks first.
    """

    name: str
    title: Phrase
    default: int | None
    least: int
    also: tuple[str, ...]
    asks: bool = False

    @property
    def called(self) -> Name:
        return Name(self.name, self.also[0])


INBOX, UPLOADS, LISTS, REJECTED = "inbox", "uploads", "lists", "rejected"
EVENTS, MESSAGES, PEOPLE = "events", "messages", "people"

KINDS: Final = {
    kind.name: kind
    for kind in (
        Kept(INBOX, Phrase("numbers of chat messages that were answered"), 30, 7, ("收件", "收件箱")),
        Kept(
            UPLOADS,
            Phrase("files you sent that wait for an answer, or were cut off"),
            30,
            2,
            ("上传", "上传的文件", "文件"),
        ),
        Kept(LISTS, Phrase("lists and tables that I wrote for you"), None, 1, ("名单", "导出")),
        Kept(REJECTED, Phrase("texts of rows that could not be imported"), None, 7, ("没导入的行", "剔除", "剔除的行")),
        Kept(EVENTS, Phrase("what customers did besides ordering"), None, 30, ("事件", "行为")),
        Kept(MESSAGES, Phrase("texts and addresses of messages that went out"), None, 30, ("消息", "短信", "邮件")),
        Kept(
            PEOPLE,
            Phrase("people without an order, a message or any other sign"),
            None,
            180,
            ("客户", "顾客", "人", "customers"),
            asks=True,
        ),
    )
}
_UNITS: Final = {
    **dict.fromkeys(("", "d", "day", "days", "天", "日"), 1),
    **dict.fromkeys(("w", "week", "weeks", "周", "星期", "个星期"), WEEK),
    **dict.fromkeys(("m", "month", "months", "月", "个月"), MONTH),
    **dict.fromkeys(("y", "year", "years", "年"), YEAR),
}
_FOR_GOOD: Final = ("off", "never", "for good", "forever", "always", "关", "不删", "一直", "永久", "一直留着")
_SPAN: Final = re.compile(r"(\d{1,6})\s*(\D*)")


def read(text: str) -> tuple[Kept, int | None]:
    """What is to be kept, and for how many days (None: for good), of words such as “events 2 years” or “消息 关”.

    Raises NotFound for something that nobody keeps, NotAllowed for a time that cannot be.
    """
    said = unicodedata.normalize("NFKC", text).strip().lower()
    match = re.match(r"([^\d\s]+(?:\s+(?=\d)|\s+|(?=\d)))(.*)", said)
    name, span = (match[1].strip(), match[2].strip()) if match else (said, "")
    kind = kind_named(name)
    if span in _FOR_GOOD:
        return kind, None
    found = _SPAN.fullmatch(span)
    unit = None if found is None else _UNITS.get(found[2].strip())
    if found is None or unit is None:
        raise NotAllowed(
            Phrase(
                "Say for how long, as in “{name} 90 days”, “{name} 2 years” or “{name} off” for good.",
                name=kind.name,
            )
        )
    days = int(found[1]) * unit
    if not kind.least <= days <= MOST_DAYS:
        raise NotAllowed(
            Phrase(
                "“{name}” can be kept for {least} days at least and for 100 years at most, or for good with “{name} "
                "off”.",
                name=kind.name,
                least=kind.least,
            )
        )
    return kind, days


def kind_named(name: str) -> Kept:
    """Raises NotFound, with the nearest that there is."""
    for kind in KINDS.values():
        if name == kind.name or name in kind.also:
            return kind
    near = get_close_matches(name, list(KINDS), n=1)
    if near:
        raise NotFound(Phrase("There is no “{name}” to keep; did you mean “{near}”?", name=name, near=near[0]))
    raise NotFound(Phrase("There is no “{name}” to keep; there are: {kinds}.", name=name, kinds=tuple(KINDS)))


def span_words(days: int | None) -> Phrase:
    """How long, in years where it is whole ones."""
    if days is None:
        return Phrase("for good")
    if days % YEAR == 0:
        return counted("{n} year", "{n} years", n=days // YEAR)
    return counted("{n} day", "{n} days", n=days)
