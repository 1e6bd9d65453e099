"""zhike similar: products like a product."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.replies.similar import similar_reply
from engine import SimilarProduct, similar_to


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("product", help="number or name, or a part of it")
    parser.add_argument("-n", type=int, default=5, help="how many of each kind (default: 5)")


def run(args: argparse.Namespace, face: Face) -> None:
    found = similar_to(face.shop, args.product, args.n, progress=quiet_or_shown())

    def row(one: SimilarProduct) -> dict[str, object]:
        return {
            "product": one.product.key,
            "name": one.product.name.in_language(face.language.code),
            "similarity": one.similarity,
            "buyers_in_common": one.n_common,
            "reason": None if one.reason is None else face.words(one.reason),
        }

    document = {
        "product": found.product.key,
        "name": found.product.name.in_language(face.language.code),
        "buyers": found.n_buyers,
        "together": [row(one) for one in found.together],
        "alike": [row(one) for one in found.alike],
        "note": None if found.note is None else face.words(found.note),
        "learned_at": found.fit_at.isoformat(),
    }
    face.show(similar_reply(found), document)


VERBS = [
    Verb(
        "similar",
        "what is like a product: bought by the same people, or alike",
        "zhike similar T08\nzhike similar 'Da Hong Pao' -n 10 --json",
        run,
        add,
    )
]
