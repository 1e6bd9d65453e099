"""/unsubscribe: a customer wants no more messages, or nothing personal.

/unsubscribe K001, /unsubscribe ann@example.com, /unsubscribe unsubscribe 6MmdYYY2e9dHWRhR (the subject of a mail)
/unsubscribe back K001   → has said yes again
/unsubscribe plain K001  → gets texts without anything personal; personal takes it back
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.replies.sending import said_reply
from bot.roles import all_but
from engine import Phrase, Progress, Shop, ask_for_plain, subscribe, unsubscribe


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            asked = says(
                Phrase("Who wants no more messages? Say a number, e-mail, phone or name, or the subject of a mail."),
                Phrase("With “plain” before it they get messages without anything personal."),
            )
            return Reply(asked.parts, awaits="/unsubscribe")
        case ("back", _, *_):
            return said_reply(subscribe(shop, _rest(request), who=request.who))
        case ("plain", _, *_):
            return said_reply(ask_for_plain(shop, _rest(request), who=request.who))
        case ("personal", _, *_):
            return said_reply(ask_for_plain(shop, _rest(request), plain=False, who=request.who))
    return said_reply(unsubscribe(shop, request.text, who=request.who))


def _rest(request: Request) -> str:
    return request.text.split(maxsplit=1)[1]


COMMANDS = [
    Command(
        "unsubscribe",
        Phrase("somebody wants no more messages, or nothing personal"),
        run,
        helpers=all_but("back …", "personal …"),
    )
]
