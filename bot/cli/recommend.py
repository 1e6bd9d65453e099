"""zhike recommend: what a customer or a group would buy next, who for a product, who is due."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.language import everywhere
from bot.replies import says
from bot.replies.recommend import (
    due_reply,
    group_reply,
    mix_reply,
    recommendations_reply,
    refreshed_reply,
    who_reply,
)
from engine import (
    DueList,
    GroupRecommendations,
    NotAllowed,
    Phrase,
    Progress,
    Recommendations,
    Refused,
    WhoFor,
    due_list,
    export_due,
    export_recommendations,
    export_who,
    lifecycle_audience,
    lifecycle_group_named,
    recommend_for,
    recommend_for_segment,
    refresh_recommendations,
    refuse,
    segment_named,
    set_recommend_mix,
    take_back_refusal,
    who_for_product,
)

Export = Callable[[], Path]


def add(parser: argparse.ArgumentParser) -> None:
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("customer", nargs="?", help="number, e-mail, phone or name")
    whom.add_argument("--segment", metavar="NAME", help="what most of a segment or lifecycle group would want")
    whom.add_argument("--product", metavar="NAME", help="who is most likely to want this product")
    whom.add_argument("--due", action="store_true", help="whose repeat purchase of what is due now")
    whom.add_argument("--all", action="store_true", help="with --csv: everyone's own products")
    parser.add_argument("-n", type=int, help="how many products or people (default: 5 for a customer, else 10)")
    parser.add_argument("--list", choices=("both", "again", "new"), default="both", help="which list of a customer")
    parser.add_argument("--no", metavar="PRODUCT", help="never show this product to the customer again")
    parser.add_argument("--undo", metavar="PRODUCT", help="take that back")
    parser.add_argument("--skip", type=int, default=0, help="how many people to leave out at the top")
    parser.add_argument("--mix", metavar="SHARE", help="share of what to buy again in all lists, 0 to 1, or score")
    parser.add_argument("--refresh", action="store_true", help="learn anew from all orders first")
    parser.add_argument("--csv", action="store_true", help="write all of it as a list")
    parser.add_argument("--out", metavar="FILE", help="where to write that list")


def run(args: argparse.Namespace, face: Face) -> None:
    progress = quiet_or_shown()
    asked = [args.customer, args.segment, args.product, args.due or None, args.all or None]
    if args.mix is not None:
        share = set_recommend_mix(face.shop, _share(args.mix))
        if not any(asked):
            return face.show(mix_reply(share, changed=True), {"mix": share})
    if args.refresh:
        n = refresh_recommendations(face.shop, refresh=True, progress=progress).quality["customers"]
        if not any(asked):
            return face.show(refreshed_reply(n), {"customers": n})
    if not any(asked):
        if args.mix is None and not args.refresh:
            raise NotAllowed(
                Phrase("Say for whom: a customer, or --segment NAME, --product NAME, --due, or --all with --csv.")
            )
        return None
    if args.due:
        _due(args, face, progress)
    elif args.product is not None:
        _who(args, face, progress)
    elif args.segment is not None or args.all:
        _group(args, face, progress)
    else:
        _customer(args, face, progress)
    return None


def _customer(args: argparse.Namespace, face: Face, progress: Progress) -> None:
    said: Refused | None = None
    if args.csv or args.out is not None:
        raise NotAllowed(Phrase("A list is written for a group, a product, --due or --all, not for one customer."))
    if args.no is not None:
        said = refuse(face.shop, args.customer, args.no)
    if args.undo is not None:
        said = take_back_refusal(face.shop, args.customer, args.undo)
    found = recommend_for(face.shop, args.customer, 5 if args.n is None else args.n, progress, which=args.list)
    face.show(recommendations_reply(found, said), document(found, face))


def _group(args: argparse.Namespace, face: Face, progress: Progress) -> None:
    segment = None if args.all else _segment(args.segment, face)
    if args.csv or args.out is not None or segment is None:
        return _written(
            face, lambda: export_recommendations(face.shop, segment, args.out, face.words, progress=progress)
        )
    n = 10 if args.n is None else args.n
    found = recommend_for_segment(face.shop, segment, n, progress=progress)
    return face.show(group_reply(found), _of_group(found, face))


def _segment(name: str, face: Face) -> int:
    key = lifecycle_group_named(name, everywhere)
    return segment_named(face.shop, name, everywhere).id if key is None else lifecycle_audience(face.shop, key).id


def _who(args: argparse.Namespace, face: Face, progress: Progress) -> None:
    if args.csv or args.out is not None:
        return _written(face, lambda: export_who(face.shop, args.product, args.out, face.words, progress=progress))
    n = 10 if args.n is None else args.n
    found = who_for_product(face.shop, args.product, n, offset=max(0, args.skip), progress=progress)
    return face.show(who_reply(found), _of_product(found, face))


def _due(args: argparse.Namespace, face: Face, progress: Progress) -> None:
    if args.csv or args.out is not None:
        return _written(face, lambda: export_due(face.shop, args.out, face.words, progress=progress))
    found = due_list(face.shop, 10 if args.n is None else args.n, offset=max(0, args.skip), progress=progress)
    return face.show(due_reply(found), _of_due(found, face))


def _written(face: Face, export: Export) -> None:
    path = export()
    face.show(says(Phrase("The list is at {path}", path=str(path))), {"file": str(path)})


def _share(text: str) -> float | None:
    if text == "score":
        return None
    try:
        return float(text)
    except ValueError:
        raise NotAllowed(
            Phrase("The share of products to buy again is a number such as 0.5 or 50%, not “{text}”.", text=text)
        ) from None


def document(found: Recommendations, face: Face) -> Mapping[str, Any]:
    return {
        "customer": found.customer.key,
        "list": found.which,
        "items": [
            {
                "product": item.product,
                "name": item.name.in_language(face.language.code),
                "again": item.again,
                "personal": item.personal,
                "score": item.score,
                "reason": face.words(item.reason),
                "due": None if item.due is None else face.words(item.due),
                "ranker": item.ranker,
            }
            for item in found.items
        ],
        "again": found.n_again,
        "new": found.n_new,
        "mix": found.share,
        "note": None if found.note is None else face.words(found.note),
        "computed_at": found.computed_at.isoformat(),
        "learned_at": found.fit_at.isoformat(),
    }


def _of_group(found: GroupRecommendations, face: Face) -> Mapping[str, Any]:
    return {
        "segment": face.words(found.segment.name),
        "people": found.n_people,
        "without": found.n_without,
        "each": found.each,
        "products": [
            {
                "product": wish.product,
                "name": wish.name.in_language(face.language.code),
                "people": wish.n,
                "bought_before": wish.n_again,
                "personal": wish.n_personal,
            }
            for wish in found.wishes
        ],
        "note": None if found.note is None else face.words(found.note),
        "learned_at": found.fit_at.isoformat(),
    }


def _of_product(found: WhoFor, face: Face) -> Mapping[str, Any]:
    return {
        "product": found.product.key,
        "name": found.product.name.in_language(face.language.code),
        "total": found.total,
        "bought_before": found.n_again,
        "buyers": found.n_buyers,
        "people": [
            {
                "customer": one.customer.key,
                "name": one.customer.name,
                "again": one.again,
                "score": one.score,
                "reason": face.words(one.reason),
                "ranker": one.ranker,
            }
            for one in found.rows
        ],
        "note": None if found.note is None else face.words(found.note),
        "learned_at": found.fit_at.isoformat(),
    }


def _of_due(found: DueList, face: Face) -> Mapping[str, Any]:
    return {
        "on": found.on,
        "until": found.until,
        "total": found.total,
        "customers": found.n_customers,
        "purchases": [
            {
                "customer": row.purchase.customer.key,
                "name": row.purchase.customer.name,
                "product": row.purchase.product.key,
                "due": row.purchase.due,
                "from": row.purchase.low,
                "until": row.purchase.high,
                "last": row.purchase.last,
                "gap_days": row.purchase.gap_days,
                "days_bought": row.purchase.n_days,
                "own_gap": row.purchase.own,
                "when": face.words(row.when),
                "why": face.words(row.why),
            }
            for row in found.rows
        ],
    }


VERBS = [
    Verb(
        "recommend",
        "what a customer or group would buy next, who for a product, who is due",
        "zhike recommend K0003 -n 5 --list new\nzhike recommend --segment churn --csv --out list.csv\n"
        "zhike recommend --product T08 -n 20\nzhike recommend --due --json\nzhike recommend --mix 0.5",
        run,
        add,
    ),
]
