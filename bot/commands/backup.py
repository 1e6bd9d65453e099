"""/backup: a copy of the database beside it, and how to come back to it."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply
from bot.replies.upkeep import backup_reply
from bot.roles import NOTHING
from engine import Phrase, Progress, Shop, back_up_beside


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    return backup_reply(back_up_beside(shop), how_back=True)


COMMANDS = [
    Command(
        "backup",
        Phrase("a copy of all I know, made now; one is made every day anyway"),
        run,
        long=True,
        helpers=NOTHING,
    )
]
