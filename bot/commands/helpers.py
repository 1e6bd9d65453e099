"""/helpers: who may talk to the bot beside the owner, and in which groups.

/helpers              → who there is
/helpers invite       → a code for one helper, good once and for a quarter of an hour
/helpers remove 4711  → this helper is let in no more
/helpers allow        → said in a group: the owner and the helpers are answered there
/helpers forbid -100… → in this group no more; forbid alone, said in the group
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.replies.helpers import allowed_reply, forbidden_reply, helpers_reply, invitation_reply, removed_reply
from bot.roles import HELPER, NOTHING
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    allow_group,
    forbid_group,
    passing_code,
    people_of_bot,
    remove_helper,
)

GROUP = re.compile(r"-\d{1,18}")
MOST_DIGITS = 18  # SQLite takes no number beyond 64 bits


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    in_group = request.chat_id < 0
    match request.words:
        case ("allow",) if in_group:
            return allowed_reply(allow_group(shop, request.chat_id, request.chat_name, who=request.who))
        case ("allow",):
            return says(
                Phrase("Add me to the group first, and say /helpers allow there; only you, the owner, can do that.")
            )
        case ("forbid",) if in_group:
            return forbidden_reply(forbid_group(shop, request.chat_id, who=request.who))
        case ("forbid", number) if GROUP.fullmatch(number):
            reply = forbidden_reply(forbid_group(shop, int(number), who=request.who))
            return replace(reply, ends=(int(number),))
        case _ if in_group:
            raise NotAllowed(Phrase("Ask me that in our own chat, not in front of a group."))
        case ():
            return helpers_reply(people_of_bot(shop))
        case ("invite",):
            return invitation_reply(passing_code(shop, HELPER, who=request.who))
        case ("remove", number) if number.isdecimal() and len(number) <= MOST_DIGITS:
            gone = next((one for one in people_of_bot(shop).helpers if one.user_id == int(number)), None)
            remove_helper(shop, int(number), who=request.who)
            return removed_reply(gone)
    raise NotFound(Phrase("Say /helpers and use the buttons: they invite, remove, and take a group back."))


COMMANDS = [Command("helpers", Phrase("who may talk to me beside you, and in which groups"), run, helpers=NOTHING)]
