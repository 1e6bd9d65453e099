"""/preset: shop, social media or financial services."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import everywhere
from bot.replies import Reply
from bot.replies.preset import preset_reply
from bot.roles import only
from engine import Phrase, Progress, Shop, choose_preset, preset_labels, show_preset


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.text:
        return preset_reply(show_preset(shop))
    return preset_reply(choose_preset(shop, named(request.text)), changed=True)


def named(text: str) -> str:
    """The preset that somebody means by its name, or by what it is called in a language."""
    word = text.strip().casefold()
    spoken = {said.casefold(): name for name, label in preset_labels().items() for said in everywhere(label)}
    return spoken.get(word, word)


COMMANDS = [Command("preset", Phrase("your line of business: shop, social media or finance"), run, helpers=only(""))]
