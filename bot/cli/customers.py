"""zhike customers: one person's card, or a list."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from bot.cli import Face, Verb
from bot.replies.customer import card_reply, list_reply, table_reply
from engine import CustomerStage, NotAllowed, PastEvent, Phrase, customer_card, export_features, list_customers


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", nargs="?", help="number, e-mail, phone or name; without it, a list")
    parser.add_argument("-n", type=int, default=20, help="how many to list (default: 20)")
    parser.add_argument("--skip", type=int, default=0, help="how many to leave out at the top")
    parser.add_argument("--by", choices=("money", "recent", "name"), default="money", help="the order of the list")
    parser.add_argument("--features", action="store_true", help="write a table of all, with what results reckon with")
    parser.add_argument("--out", metavar="FILE", help="where to write that table")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.features or args.out is not None:
        _table(args, face)
        return
    if args.customer is None:
        found = list_customers(face.shop, n=args.n, offset=args.skip, order=args.by)
        rows = [
            {
                "customer": row.customer.key,
                "name": row.customer.name,
                "orders": row.n_orders,
                "revenue": row.monetary,
                "recency_days": row.recency_days,
            }
            for row in found.rows
        ]
        face.show(list_reply(found), {"total": found.total, "customers": rows})
        return
    card = customer_card(face.shop, args.customer)
    about = asdict(card.customer)
    face.show(
        card_reply(card),
        {
            "customer": about.pop("key"),
            **about,
            "as_of": card.as_of,
            "behaviour": None if card.behaviour is None else asdict(card.behaviour),
            "segment": None if card.segment is None else face.words(card.segment.name),
            "stage": None if card.stage is None else _stage(card.stage, face),
            "consent": card.consent,
            "no_products": card.no_products is not None,
            "forecast": None if card.forecast is None else asdict(card.forecast),
            "engagement": None if card.engagement is None else asdict(card.engagement),
            "events": [_event(event, face) for event in card.events],
            "attributes": {
                one.name: one.value if one.number is None or one.kind == "yes_no" else one.number
                for one in card.attributes
            },
        },
    )


def _table(args: argparse.Namespace, face: Face) -> None:
    if args.customer is not None or not args.features:
        raise NotAllowed(Phrase("A table is of all customers: zhike customers --features --out FILE"))
    made = export_features(face.shop, args.out, face.words)
    face.show(
        table_reply(made),
        {
            "file": str(made.path),
            "customers": made.n_customers,
            "left_out": made.n_known - made.n_customers,
            "filled": made.n_filled,
            "gaps": [face.words(statement) for statement in made.statements],
        },
    )


def _stage(stage: CustomerStage, face: Face) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": face.words(stage.stage),
        "warned": stage.warned,
        "why": face.words(stage.reason),
        "as_of": stage.as_of,
        "fresh": stage.is_fresh,
        "past": [{"day": then.day, "stage": face.words(then.stage), "warned": then.warned} for then in stage.past],
    }


def _event(event: PastEvent, face: Face) -> dict[str, Any]:
    name = None if event.product is None else event.product.in_language(face.language.code)
    return {**asdict(event), "product": name}


VERBS = [
    Verb(
        "customers",
        "one customer's card, or a list of them",
        "zhike customers\nzhike customers K0003\nzhike customers --by recent -n 50 --json\n"
        "zhike customers --features --out customers.csv",
        run,
        add,
    )
]
