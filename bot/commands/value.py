"""/value: what customers will likely bring.

/value               → in the shop's own number of days, with a picture
/value 30            → in 30 days
/value 30 again      → computed anew
/value 30 less       → who bought less than before; also best, due
/value 30 csv        → all customers as a list; `csv less` those who bought less
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language, speaker
from bot.replies import Reply
from bot.replies.pictures.charts import charts_picture
from bot.replies.value import charts, list_reply, people_reply, value_reply
from bot.roles import all_but, only
from engine import NotAllowed, Phrase, Progress, Shop, export_value, value_people, value_report


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    head, *rest = request.words or ("",)
    days, words = (int(head), tuple(rest)) if _is_whole(head) else (None, request.words)
    match words:
        case () | ("again",):
            report = value_report(shop, days=days, refresh=bool(words), progress=progress)
            return value_reply(report, charts_picture(charts(report), language(request.language)))
        case ("csv", *which) if len(which) <= 1:
            chosen = which[0] if which else None
            path = export_value(shop, chosen, days=days, say=speaker(request.language), progress=progress)
            return list_reply(path.name, path.read_bytes(), str(path))
        case ("best" | "less" | "due" as which,):
            return people_reply(value_people(shop, which, days=days, progress=progress))
    raise NotAllowed(
        Phrase("Say /value, or /value and a number of days, such as /value 30; its buttons show who is meant.")
    )


def _is_whole(word: str) -> bool:
    return word.removeprefix("-").isdecimal()


COMMANDS = [
    Command(
        "value",
        Phrase("what customers will likely bring, who bought less than before, who is due"),
        run,
        long=True,
        helpers=all_but("csv …", "* csv …"),
        draws=only("", "best", "less", "due"),
    ),
]
