"""zhike recommend: what a customer would buy next."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.replies.recommend import recommendations_reply
from engine import recommend_for


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", help="number, e-mail, phone or name")
    parser.add_argument("-n", type=int, default=5, help="how many products (default: 5)")


def run(args: argparse.Namespace, face: Face) -> None:
    found = recommend_for(face.shop, args.customer, args.n, quiet_or_shown())
    items = [
        {
            "product": item.product,
            "name": item.name.in_language(face.language.code),
            "score": item.score,
            "reason": face.words(item.reason),
            "ranker": item.ranker,
        }
        for item in found.items
    ]
    note = None if found.note is None else face.words(found.note)
    face.show(recommendations_reply(found), {"customer": found.customer.key, "items": items, "note": note})


VERBS = [
    Verb("recommend", "what a customer would buy next, and why", "zhike recommend K0003 -n 5", run, add),
]
