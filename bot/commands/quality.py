"""/quality: how clean the data are, of the whole shop or of one import."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import speaker
from bot.replies import Reply
from bot.replies.quality import is_long, quality_reply
from bot.roles import ANYTHING
from engine import NotAllowed, Phrase, Progress, Shop, data_quality, quality_sheet


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            number = None
        case (word,) if word.isdecimal():
            number = int(word)
        case _:
            raise NotAllowed(Phrase("Say /quality for the whole shop, or press the button under a receipt."))
    report = data_quality(shop, number, progress)
    return quality_reply(report, quality_sheet(report, speaker(request.language)) if is_long(report) else None)


COMMANDS = [
    Command(
        "quality",
        Phrase("a check-up of your data: what looks odd, and what to do"),
        run,
        long=True,
        helpers=ANYTHING,
        draws=ANYTHING,
    )
]
