"""/same: who is counted as one person and why, and who may be. Every answer is in its button's line:

/same                → the pairs, with buttons
/same page 5 0       → the same, after the first 5 who may be one and none of those who are
/same one 12, /same two 12 → the founder's word on pair 12, which is never asked again
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply
from bot.replies.same import SHOWN, same_reply, settled_reply
from bot.roles import only
from engine import NotAllowed, Phrase, Progress, Shop, count_as_one, count_as_two, same_people

# larger numbers skip more than any shop has, and SQLite takes no number beyond 64 bits
MOST_SKIPPED = 1_000_000_000


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            return _shown(shop, 0, 0)
        case ("page", suspected, merged) if suspected.isdecimal() and merged.isdecimal():
            return _shown(shop, min(int(suspected), MOST_SKIPPED), min(int(merged), MOST_SKIPPED))
        case ("one", number) if number.isdecimal():
            return settled_reply(count_as_one(shop, int(number), who=request.who), same_people(shop, n=SHOWN))
        case ("two", number) if number.isdecimal():
            return settled_reply(count_as_two(shop, int(number), who=request.who), same_people(shop, n=SHOWN))
    raise NotAllowed(Phrase("Say /same and answer with the buttons, or /same two 3 for pair 3."))


def _shown(shop: Shop, suspected: int, merged: int) -> Reply:
    found = same_people(shop, n=SHOWN, skip_suspected=suspected, skip_merged=merged)
    return same_reply(found, suspected, merged)


COMMANDS = [Command("same", Phrase("who is one person, and who may be"), run, long=True, helpers=only("", "page # #"))]
