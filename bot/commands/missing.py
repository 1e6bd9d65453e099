"""/missing: what is missing, what it means, and how each field's gaps are treated.

/missing                        → all fields, with a picture
/missing birth_year             → one field, with a button for each treatment
/missing set birth_year median  → from now on
/missing clear birth_year       → as if nothing had been chosen
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import everywhere, language
from bot.replies import Reply
from bot.replies.missing import choice_reply, field_reply, report_reply
from bot.replies.pictures.missing import missing_picture
from bot.roles import all_but
from engine import Phrase, Progress, Shop, clear_treatment, missing_field, missing_report, set_treatment


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            report = missing_report(shop, progress)
            return report_reply(report, missing_picture(report, language(request.language)))
        case ("set", *field, treatment) if field:
            name = " ".join(field)
            return choice_reply(set_treatment(shop, name, treatment, who=request.who, spoken=everywhere))
        case ("clear", *field) if field:
            return choice_reply(clear_treatment(shop, " ".join(field), who=request.who, spoken=everywhere))
    return field_reply(missing_field(shop, request.text, everywhere))


COMMANDS = [
    Command(
        "missing",
        Phrase("what is missing in your data, and what to do about it"),
        run,
        long=True,
        helpers=all_but("set …", "clear …"),
    )
]
