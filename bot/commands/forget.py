"""/forget NUMBER: a customer is forgotten, whole and for good, after a card that says what goes and what stays.

/forget K001, /forget ann@example.com → the card; its buttons say /forget yes #c12 and /forget no
/forget back ann@example.com          → somebody who was forgotten may come back with a later file
"""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Command, Request
from bot.commands.customer import one_of_them
from bot.forgetting import forget_everywhere
from bot.language import speaker
from bot.replies import Reply, says
from bot.replies.forget import KEPT, forgotten_reply, let_back_reply, to_forget_reply
from bot.roles import NOTHING
from engine import NotAllowed, NotFound, Phrase, Progress, Shop, customer_to_forget, let_back


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            asked = says(
                Phrase("Who wants to be forgotten? Send a customer number, e-mail, phone or name."),
                Phrase("First you see what goes and what stays; nothing happens before you confirm it."),
            )
            return replace(asked, awaits="/forget")
        case ("no",) if request.pressed:
            return replace(says(KEPT), in_place=True)
        case ("yes", ref) if ref.startswith("#"):
            progress(Phrase("Forgetting"), 0.1)
            return forgotten_reply(forget_everywhere(shop, ref, who=request.who, say=speaker(request.language)))
        case ("back", _, *_):
            return let_back_reply(let_back(shop, request.text.split(maxsplit=1)[1], who=request.who))
    try:
        return to_forget_reply(customer_to_forget(shop, request.text))
    except (NotFound, NotAllowed) as error:
        return one_of_them(shop, request.text, "/forget", error)


COMMANDS = [
    Command(
        "forget",
        Phrase("somebody wants to be forgotten: everything about them goes"),
        run,
        long=True,
        helpers=NOTHING,
        stopped=Phrase("Stopped. Whether they are forgotten shows /customer; what was begun is finished by itself."),
    )
]
