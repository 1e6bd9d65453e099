"""zhike same: who is one person, and who may be."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from bot.cli import Face, Verb
from bot.replies.same import same_reply, settled_reply
from engine import Settled, StoredPair, count_as_one, count_as_two, same_people


def add(parser: argparse.ArgumentParser) -> None:
    answer = parser.add_mutually_exclusive_group()
    answer.add_argument("--one", type=int, metavar="PAIR", help="the two of this pair are one person")
    answer.add_argument("--two", type=int, metavar="PAIR", help="they are two people, also if they counted as one")
    parser.add_argument("-n", type=int, default=20, help="how many pairs of either kind to list (default: 20)")
    parser.add_argument("--skip", type=int, default=0, help="how many of either kind to leave out at the top")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.one is not None or args.two is not None:
        settled = count_as_two(face.shop, args.two) if args.one is None else count_as_one(face.shop, args.one)
        left = same_people(face.shop, n=args.n)
        face.show(settled_reply(settled, left), _settled(settled, face))
        return
    found = same_people(face.shop, n=args.n, skip_suspected=args.skip, skip_merged=args.skip)
    face.show(
        same_reply(found),
        {
            "suspected": {"total": found.n_suspected, "pairs": [_pair(pair) for pair in found.suspected]},
            "merged": {"total": found.n_merged, "pairs": [_pair(pair) for pair in found.merged]},
            "two": found.n_apart,
        },
    )


def _settled(settled: Settled, face: Face) -> dict[str, Any]:
    news = {one.campaign: [face.words(what) for what in one.what] for one in settled.campaigns}
    return {**_pair(settled.pair), "changed": settled.changed, "campaigns": news}


def _pair(pair: StoredPair) -> dict[str, Any]:
    return {
        "pair": pair.id,
        "state": pair.state,
        "by": pair.kind,
        "value": pair.value,
        "said_by": pair.who,
        "people": [
            {key: value for key, value in asdict(side).items() if key not in ("identity", "customer")}
            for side in (pair.a, pair.b)
        ],
    }


VERBS = [
    Verb(
        "same",
        "who is counted as one person, and who may be one",
        "zhike same\nzhike same --one 12\nzhike same --two 12\nzhike same --json",
        run,
        add,
    )
]
