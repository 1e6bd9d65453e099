"""/share: a report for somebody outside, with noise that hides each customer.

/share                       → what would be in it, and what it costs
/share 1, /share groups 4, /share until 2026-10-31, /share for the investor → the same with less noise, with groups that
                               the data show, as of a day, with a note; in any order, `for` at the end
/share make 0.5 for Ann      → the report, by a button
/share ask 0.5               → for whom?
/share again 3 for Ben       → report 3 once more, for nothing
/share budget                → what was spent, and the reports so far
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date

from bot.commands import Command, Request
from bot.language import language
from bot.replies import File, Reply
from bot.replies.pictures.charts import charts_pictures
from bot.replies.share import budget_reply, for_whom_reply, made_reply, offer_reply
from bot.replies.share_files import report_charts, report_html, report_json_file
from bot.roles import NOTHING
from engine import (
    MadeReport,
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    make_report,
    offer_report,
    pass_report_on,
    privacy_budget,
)

USUAL = 0.5
BUTTON = 64  # bytes that a button can bear
_FOR = re.compile(r"(?:^|\s)(?:for(?:\s+|$)|给\s*)")


@dataclass(frozen=True)
class Wish:
    """What a report is asked for with."""

    epsilon: float = USUAL
    groups: int = 0
    until: date | None = None
    for_whom: str = ""

    @property
    def words(self) -> str:
        """The same in as few letters as a button has, without the note."""
        groups = f" g{self.groups}" if self.groups else ""
        until = "" if self.until is None else f" @{self.until}"
        return f"{self.epsilon:g}{groups}{until}"


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ("budget",):
            return budget_reply(*privacy_budget(shop))
        case ("again", number, *_) if number.isdecimal():
            note = wish_of(request.text.split(maxsplit=2)[2] if len(request.words) > 2 else "").for_whom
            made = pass_report_on(shop, min(int(number), 2**62), for_whom=note, who=request.who)
            return _report(shop, made, request.language)
        case ("ask", *_):
            return for_whom_reply(f"/share {wish_of(_rest(request)).words} for")
        case ("make", *_):
            wish = wish_of(_rest(request))
            made = make_report(
                shop,
                epsilon=wish.epsilon,
                as_of=wish.until,
                groups=wish.groups,
                for_whom=wish.for_whom,
                who=request.who,
                progress=progress,
            )
            return _report(shop, made, request.language)
    wish = wish_of(request.text)
    room = BUTTON - len(f"/share make {wish.words} for ")
    if len(wish.for_whom.encode()) > room:
        raise NotAllowed(
            Phrase("Say for whom in at most {most} letters, or {few} Chinese ones.", most=room, few=room // 3)
        )
    offer = offer_report(shop, epsilon=wish.epsilon, as_of=wish.until, groups=wish.groups)
    return offer_reply(offer, wish.words, wish.for_whom)


def wish_of(text: str) -> Wish:
    """What the words mean. Raises NotAllowed with an example for those that mean nothing."""
    found = _FOR.search(text)
    said, note = (text, "") if found is None else (text[: found.start()], text[found.end() :])
    wish = Wish(for_whom=" ".join(note.split()))
    words = re.sub(r"\bgroups\s+(\d)", r"g\1", re.sub(r"\buntil\s+", "@", said)).split()
    for word in words:
        wish = _with(wish, word)
    return wish


def _with(wish: Wish, word: str) -> Wish:
    if re.fullmatch(r"g\d{1,2}", word):
        return Wish(wish.epsilon, int(word[1:]), wish.until, wish.for_whom)
    if word.startswith("@"):
        try:
            return Wish(wish.epsilon, wish.groups, date.fromisoformat(word[1:]), wish.for_whom)
        except ValueError:
            raise NotAllowed(Phrase("“{word}” is no day; say one such as until 2026-10-31.", word=word[1:])) from None
    try:
        epsilon = float(word)
    except ValueError:
        epsilon = math.nan
    if not math.isfinite(epsilon):
        raise NotAllowed(
            Phrase(
                "“{word}” says nothing of a report; say for instance /share 0.5 until 2026-10-31 for the investor.",
                word=word,
            )
        )
    return Wish(epsilon, wish.groups, wish.until, wish.for_whom)


def _report(shop: Shop, made: MadeReport, code: str) -> Reply:
    budget, _ = privacy_budget(shop)
    spoken, name = language(code), f"report-{made.id}"
    files = (
        File(f"{name}.html", report_html(made.report, spoken), (Phrase("For people, to pass on"),)),
        File(f"{name}.json", report_json_file(made.report, spoken), (Phrase("For a language model, to pass on"),)),
    )
    return made_reply(made, budget, charts_pictures(report_charts(made.report), spoken), files)


def _rest(request: Request) -> str:
    return request.text.split(maxsplit=1)[1] if len(request.words) > 1 else ""


COMMANDS = [
    Command("share", Phrase("a report to pass on that gives no customer away"), run, long=True, helpers=NOTHING)
]
