"""/columns: the card of a file whose columns are not sure. Every step is in its button's line.

/columns 12                 → the card of waiting file 12
/columns 12 pick 0          → which column? (page 0)
/columns 12 col 3 0         → what is column 3? (page 0)
/columns 12 set 3 at        → the card, in which column 3 is the date; - for not used
/columns 12 kinds, kind customers, dates day, import, drop
/columns of 5, ask 5        → how import 5 was read; ask before the next such file
"""

from __future__ import annotations

from bot.commands import Command, Request, imports
from bot.language import speaker
from bot.replies import Reply
from bot.replies.columns import (
    card_reply,
    columns_to_choose,
    dropped_reply,
    fields_to_choose,
    import_columns_reply,
    imported_reply,
    kinds_to_choose,
)
from bot.roles import NOTHING
from engine import (
    MappingCard,
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    ask_next_time,
    columns_of_import,
    drop_waiting,
    import_waiting,
    set_column,
    set_day_first,
    set_kind,
    show_columns,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ("of", number) if number.isdecimal():
            return import_columns_reply(columns_of_import(shop, int(number)))
        case ("ask", number) if number.isdecimal():
            return import_columns_reply(ask_next_time(shop, int(number)))
        case (number, *step) if number.isdecimal():
            return _step(shop, request, progress, int(number), tuple(step))
    raise NotAllowed(Phrase("Send a file first: if its columns are not sure, I ask with a card that has buttons."))


def _step(shop: Shop, request: Request, progress: Progress, file: int, step: tuple[str, ...]) -> Reply:
    match step:
        case ():
            return card_reply(show_columns(shop, file))
        case ("pick", page) if page.isdecimal():
            return columns_to_choose(show_columns(shop, file), int(page))
        case ("col", position, page) if position.isdecimal() and page.isdecimal():
            card = show_columns(shop, file)
            return fields_to_choose(card, _position(card, int(position)), int(page))
        case ("set", position, field) if position.isdecimal():
            return card_reply(set_column(shop, file, int(position), None if field == "-" else field))
        case ("kinds",):
            return kinds_to_choose(show_columns(shop, file))
        case ("kind", kind):
            return card_reply(set_kind(shop, file, kind))
        case ("dates", "day" | "month" as first):
            return card_reply(set_day_first(shop, file, first == "day"))
        case ("drop",):
            return dropped_reply(drop_waiting(shop, file))
        case ("import",):
            receipt = import_waiting(shop, file, who=request.who, progress=progress, say=speaker(request.language))
            return imported_reply(receipt.name, imports.shown(receipt, request))
    raise NotAllowed(Phrase("Use the buttons under the card, or say /columns {file} to see it.", file=file))


def _position(card: MappingCard, position: int) -> int:
    if position < len(card.guesses):
        return position
    raise NotAllowed(Phrase("This button fits another file: open the card anew with its last message."))


COMMANDS = [
    Command(
        "columns",
        Phrase("say what the columns of a file are"),
        run,
        long=True,
        listed=False,
        helpers=NOTHING,
        reads=True,
    )
]
