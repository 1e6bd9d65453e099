"""/sales: how business goes."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language
from bot.replies import Reply
from bot.replies.pictures.sales import sales_picture
from bot.replies.sales import sales_reply
from bot.roles import ANYTHING, only
from engine import Phrase, Progress, Shop, sales_report


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    report = sales_report(shop)
    return sales_reply(report, sales_picture(report, language(request.language)))


COMMANDS = [
    Command(
        "sales",
        Phrase("how business goes: months, weekdays, hours, best products"),
        run,
        long=True,
        helpers=ANYTHING,
        draws=only(""),
    )
]
