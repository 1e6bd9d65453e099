"""/cancel: stop what is under way, forget what was asked. Running work hears of it ahead of its turn."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.roles import ANYTHING
from engine import Phrase, Progress, Shop


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    return says(Phrase("Nothing is under way. What was drafted stays as it is; /help shows what I can do."))


COMMANDS = [Command("cancel", Phrase("stop what is under way"), run, helpers=ANYTHING)]
