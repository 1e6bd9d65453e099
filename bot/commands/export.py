"""/export: the whole shop as files."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import speaker
from bot.replies import Reply
from bot.replies.export import exported_files
from bot.roles import NOTHING
from engine import Phrase, Progress, Shop, export_shop


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    made = export_shop(shop, say=speaker(request.language))
    return exported_files([(exported, exported.path.read_bytes()) for exported in made])


COMMANDS = [Command("export", Phrase("all that I know of your shop, as files"), run, long=True, helpers=NOTHING)]
