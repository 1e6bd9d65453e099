"""/lifecycle: where the customers stand, who has moved, and their lists.

/lifecycle                    → as of the newest data, with a picture
/lifecycle again              → worked out anew
/lifecycle show new-warned    → the people of a stage, or those who just moved
/lifecycle show use 10        → the same, after the first 10
/lifecycle csv use, /lifecycle csv → a list of them, of all
/lifecycle history            → month by month
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import everywhere, language, speaker
from bot.replies import File, Reply
from bot.replies.lifecycle import SHOWN, history_reply, lifecycle_reply, people_reply
from bot.replies.pictures.lifecycle import stages_picture
from bot.replies.pictures.moves import months_picture, moves_picture
from bot.roles import all_but, only
from engine import (
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    export_lifecycle,
    find_stages,
    lifecycle_group_named,
    lifecycle_people,
)

MOST_SKIPPED = 1_000_000_000  # more than any shop has


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case () | ("again",):
            report = find_stages(shop, refresh=bool(request.words), progress=progress)
            spoken = language(request.language)
            moves = moves_picture(report, spoken)
            return lifecycle_reply(report, (stages_picture(report, spoken), *(() if moves is None else (moves,))))
        case ("history",):
            report = find_stages(shop, progress=progress)
            return history_reply(report, months_picture(report, language(request.language)))
        case ("show", *name, after) if name and after.isdecimal():
            return _people(shop, " ".join(name), min(int(after), MOST_SKIPPED), progress)
        case ("show", *name) if name:
            return _people(shop, " ".join(name), 0, progress)
        case ("csv", *name):
            find_stages(shop, progress=progress)
            key = _key(" ".join(name)) if name else None
            path = export_lifecycle(shop, key, say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Where they stand, and why."),)),))
    raise NotAllowed(Phrase("Say /lifecycle for all stages, or press a stage's button for its people."))


def _people(shop: Shop, name: str, offset: int, progress: Progress) -> Reply:
    find_stages(shop, progress=progress)
    return people_reply(lifecycle_people(shop, _key(name), n=SHOWN, offset=offset))


def _key(name: str) -> str:
    return lifecycle_group_named(name, everywhere) or name


COMMANDS = [
    Command(
        "lifecycle",
        Phrase("where your customers stand, and who is about to leave"),
        run,
        long=True,
        helpers=all_but("csv …"),
        draws=only("", "history", "show …"),
    )
]
