"""/unsubscribe: customers want no more messages, or nothing personal.

/unsubscribe K001, /unsubscribe ann@example.com, /unsubscribe unsubscribe 6MmdYYY2e9dHWRhR (the subject of a mail)
/unsubscribe ann@example.com, bob@example.com   → a list of them; a file of them comes with or after the command
/unsubscribe 13800000000: TD                    → a reply that was forwarded, also a whole mail
/unsubscribe email K001  → by this way only; sms, text, … as well
/unsubscribe back K001   → has said yes again
/unsubscribe plain K001  → gets texts without anything personal; personal takes it back
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.replies.sending import said_of_many_reply, said_reply
from bot.roles import all_but
from engine import (
    Phrase,
    Progress,
    SaidOfMany,
    Shop,
    ask_for_plain,
    channels,
    subscribe,
    unsubscribe_file,
    unsubscribe_told,
)

ANY = "any"


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    text = request.text
    if request.file is not None:
        channel, _ = _channel(text)
        return said_of_many_reply(
            unsubscribe_file(shop, request.file, name=request.file_name, channel=channel, who=request.who)
        )
    match request.words:
        case ():
            asked = says(
                Phrase("Who wants no more messages? Say a number, e-mail, phone or name, or the subject of a mail."),
                Phrase("A list works too, a file of addresses, or a reply such as “TD” with its address."),
                Phrase("With “plain” before it they get messages without anything personal."),
            )
            return Reply(asked.parts, awaits="/unsubscribe")
        case ("back", _, *_):
            channel, rest = _channel(_rest(text))
            return said_reply(subscribe(shop, rest, channel=channel, who=request.who))
        case ("plain", _, *_):
            return said_reply(ask_for_plain(shop, _rest(text), who=request.who))
        case ("personal", _, *_):
            return said_reply(ask_for_plain(shop, _rest(text), plain=False, who=request.who))
    channel, rest = _channel(text)
    said = unsubscribe_told(shop, rest, channel=channel, who=request.who)
    return said_of_many_reply(said) if isinstance(said, SaidOfMany) else said_reply(said)


def _channel(text: str) -> tuple[str, str]:
    """The channel that a text begins with, any if it begins with none, and the rest."""
    first, *rest = text.split(maxsplit=1) or [""]
    return (first.lower(), rest[0] if rest else "") if first.lower() in channels() else (ANY, text)


def _rest(text: str) -> str:
    return text.split(maxsplit=1)[1]


COMMANDS = [
    Command(
        "unsubscribe",
        Phrase("somebody wants no more messages, or nothing personal"),
        run,
        helpers=all_but("back …", "personal …"),
    )
]
