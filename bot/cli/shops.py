"""zhike invite, zhike shops: whoever runs a bot that many founders share lets founders in, and sees who is there."""

from __future__ import annotations

import argparse
from dataclasses import replace

from bot.cli import Face, Verb
from bot.replies import says
from bot.replies.shops import invited_reply, shops_reply
from bot.secret import key_of
from engine import NotAllowed, Phrase, Shop, close_shop, house_at, invite_founder, remove_shop, shops_of


def house(face: Face) -> Shop:
    """The house that ZHIKE_SHOPS names. Raises NotAllowed where it is not set."""
    folder = face.settings.shops
    if folder is None:
        raise NotAllowed(
            Phrase(
                "This is for a bot that many founders share: set ZHIKE_SHOPS to a folder for their shops first. To let "
                "in the one owner of a bot of their own, there is zhike pair."
            )
        )
    found = house_at(folder)
    return replace(found, key=key_of(face.settings, found, face.language, may_ask=not face.as_json))


def add_invite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="of the shop's folder, such as teahouse")
    parser.add_argument("--again", action="store_true", help="for a shop that has an owner: it goes to somebody else")


def invite(args: argparse.Namespace, face: Face) -> None:
    name, code = invite_founder(house(face), args.name, again=args.again)
    face.show(invited_reply(name, code), {"shop": name, "code": code, "days": 3})


def add_shops(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--close", metavar="NAME", help="let nobody of this shop in any more; its data stay")
    what.add_argument("--remove", metavar="NAME", help="delete the shop with all its data and backups (needs --yes)")
    parser.add_argument("--yes", action="store_true", help="do it")


def shops(args: argparse.Namespace, face: Face) -> int:
    there = house(face)
    if args.close is not None:
        close_shop(there, args.close)
        face.show(
            says(Phrase("{name} is closed: nobody of it is let in any more. Its data are kept.", name=args.close)),
            {"closed": args.close},
        )
    elif args.remove is not None and not args.yes:
        asked = Phrase(
            "This deletes all that {name} has, its backups included, for good. Do it with: zhike shops --remove {name} "
            "--yes",
            name=args.remove,
        )
        face.show(says(asked), {"removed": None})
        return 2
    elif args.remove is not None:
        remove_shop(there, args.remove)
        face.show(says(Phrase("{name} is removed, with all its data.", name=args.remove)), {"removed": args.remove})
    else:
        lines = shops_of(there)
        face.show(
            shops_reply(lines),
            {
                "shops": [
                    {
                        "name": line.name,
                        "state": line.state,
                        "since": line.since,
                        "last_used": line.last_used,
                        "bytes": line.size,
                        "helpers": line.n_helpers,
                    }
                    for line in lines
                ]
            },
        )
    return 0


VERBS = [
    Verb(
        "invite",
        "a code that lets a founder into a shop of their own, with ZHIKE_SHOPS",
        "zhike invite teahouse\nzhike invite teahouse --again",
        invite,
        add_invite,
    ),
    Verb(
        "shops",
        "which shops there are, with ZHIKE_SHOPS: their size and last use, nothing of their customers",
        "zhike shops\nzhike shops --close teahouse\nzhike shops --remove teahouse --yes",
        shops,
        add_shops,
    ),
]
