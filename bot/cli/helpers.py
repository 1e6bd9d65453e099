"""zhike helpers, zhike pair: who may talk to the bot, and codes that let somebody in."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.replies import Title, says
from bot.replies.helpers import helpers_reply, invitation_reply, removed_reply
from bot.roles import HELPER, OWNER
from engine import Phrase, passing_code, people_of_bot, remove_helper


def add(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--invite", action="store_true", help="a code for one helper, good once and for 15 minutes")
    what.add_argument("--remove", type=int, metavar="ID", help="let this helper in no more")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.invite:
        code = passing_code(face.shop, HELPER)
        face.show(invitation_reply(code), {"code": code, "role": HELPER, "minutes": 15})
        return
    if args.remove is not None:
        gone = next((one for one in people_of_bot(face.shop).helpers if one.user_id == args.remove), None)
        remove_helper(face.shop, args.remove)
        face.show(removed_reply(gone), {"removed": args.remove})
        return
    people = people_of_bot(face.shop)
    face.show(
        helpers_reply(people),
        {
            "owner": None if people.owner is None else people.owner.user_id,
            "helpers": [{"id": one.user_id, "name": one.name, "since": one.since} for one in people.helpers],
            "groups": [{"id": group.chat_id, "title": group.title} for group in people.groups],
        },
    )


def pair(args: argparse.Namespace, face: Face) -> None:
    code = passing_code(face.shop, OWNER)
    face.show(
        says(
            Phrase("Send this code to the bot within 15 minutes, from the account that is to be the owner's:"),
            Title(Phrase("{code}", code=code)),
            Phrase("Whoever is the owner now, and all helpers, are let in no more then."),
        ),
        {"code": code, "role": OWNER, "minutes": 15},
    )


VERBS = [
    Verb(
        "helpers",
        "who may talk to the bot beside you: list, invite, remove",
        "zhike helpers\nzhike helpers --invite\nzhike helpers --remove 4711",
        run,
        add,
    ),
    Verb("pair", "a code that makes whoever sends it the owner", "zhike pair", pair),
]
