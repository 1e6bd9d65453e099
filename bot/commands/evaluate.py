"""/evaluate: how good results are, by kind, measured on the shop's own data."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language
from bot.replies import Reply
from bot.replies.evaluate import choice_reply, evaluation_reply
from bot.replies.pictures.charts import charts_pictures
from bot.roles import ANYTHING
from engine import NotAllowed, Phrase, Progress, Shop, evaluate, evaluations


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return choice_reply(evaluations())
        case (kind,) | (kind, "again") | (kind, "deep") | (kind, "deep", "again"):
            how = request.words[1:]
            found = evaluate(shop, kind, deep="deep" in how, refresh="again" in how, progress=progress)
            return evaluation_reply(found, charts_pictures(found.found.charts, language(request.language)))
    raise NotAllowed(Phrase("Say /evaluate, and press what is to be put to the test."))


COMMANDS = [
    Command("evaluate", Phrase("how good my results are, tested on your own past"), run, long=True, helpers=ANYTHING),
]
