"""/value: what customers will likely bring.

/value               → in the shop's own number of days, with a picture
/value 30            → in 30 days
/value 30 again      → computed anew
/value 30 less       → who bought less than before; also best, due
/value 30 csv        → all customers as a list; `csv less` those who bought less
"""

from __future__ import annotations

import re

from bot.commands import Command, Request
from bot.language import language, speaker
from bot.replies import Reply
from bot.replies.pictures.charts import charts_picture
from bot.replies.value import charts, list_reply, people_reply, value_reply
from bot.roles import all_but, only
from engine import NotAllowed, Phrase, Progress, Shop, export_value, value_people, value_report


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    head, *rest = request.words or ("",)
    number = re.fullmatch(r"(-?\d+)(?:d|天)?", head)
    days, words = (int(number[1]), tuple(rest)) if number is not None else (None, request.words)
    if days is not None and words[:1] in (("days",), ("day",), ("天",)):
        words = words[1:]
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
        Phrase(
            "Say /value, or /value and a number of days, such as /value 30; its answer has buttons for who is meant."
        )
    )


COMMANDS = [
    Command(
        "value",
        Phrase("what customers will likely bring, who will likely buy less than before, who is due"),
        run,
        long=True,
        helpers=all_but("csv …", "* csv …"),
        draws=only("", "best", "less", "due"),
    ),
]
