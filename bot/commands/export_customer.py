"""/export_customer NUMBER: all that is kept of one customer, as files to hand over to them."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Command, Request
from bot.commands.customer import one_of_them
from bot.language import speaker
from bot.replies import Reply, says
from bot.replies.export_customer import personal_files
from bot.roles import NOTHING
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    personal_data_as_json,
    personal_data_as_text,
    personal_data_of,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if not request.text:
        asked = says(Phrase("Whose data are asked for? Send a customer number, e-mail, phone or name."))
        return replace(asked, awaits="/export_customer")
    try:
        data = personal_data_of(shop, request.text, who=request.who)
    except (NotFound, NotAllowed) as error:
        return one_of_them(shop, request.text, "/export_customer", error)
    say = speaker(request.language)
    return personal_files(data, personal_data_as_text(data, say), personal_data_as_json(data, say))


COMMANDS = [Command("export_customer", Phrase("a person's own data, to hand over to them"), run, helpers=NOTHING)]
