"""zhike privacy: forgetting a customer, a customer's own data, and how long things are kept."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import who
from bot.forgetting import forget_everywhere
from bot.replies.export_customer import personal_files_at
from bot.replies.forget import forgotten_reply, let_back_reply, to_forget_reply
from bot.replies.retention import retention_reply
from engine import (
    KeptLine,
    Phrase,
    customer_to_forget,
    keep_no_longer,
    let_back,
    personal_data_of,
    set_retention,
    show_retention,
    would_go,
    write_personal_data,
)

CUSTOMER = "a customer number, e-mail, phone or name"


def add_forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", help=CUSTOMER)
    parser.add_argument("--yes", action="store_true", help="do it; without it, only what would go and stay is shown")
    parser.add_argument("--back", action="store_true", help="who was forgotten may come back with a later file")


def forget(args: argparse.Namespace, face: Face) -> None:
    if args.back:
        n = let_back(face.shop, args.customer, who=who())
        face.show(let_back_reply(n), {"may_come_back": n})
        return
    if not args.yes:
        card = customer_to_forget(face.shop, args.customer)
        face.show(
            to_forget_reply(card),
            {
                "customer": card.customer.key,
                "forgotten": False,
                "goes": dict(card.rows),
                "files": card.n_files,
                "copies": [str(path) for path in card.copies],
                "orders_kept": card.orders,
                "money_kept": card.money,
            },
        )
        if not face.as_json:
            face.say(Phrase("Nothing was changed. Say --yes to do it."))
        return
    done = forget_everywhere(face.shop, args.customer, who=who(), say=face.words)
    face.show(
        forgotten_reply(done),
        {"forgotten": True, "wiped": done.wiped, "orders_kept": done.n_orders, "files": list(done.files)}
        | {"copies": [str(path) for path in done.copies]},
    )


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("customer", help=CUSTOMER)
    parser.add_argument("--out", metavar="FOLDER", help="where to write the files (default: among the shop's own)")


def export(args: argparse.Namespace, face: Face) -> None:
    data = personal_data_of(face.shop, args.customer, who=who())
    paths = write_personal_data(face.shop, data, args.out, face.words)
    face.show(
        personal_files_at(data, paths),
        {
            "customer": data.customer.key,
            "files": [str(path) for path in paths],
            "rows": {section.table: len(section.rows) for section in data.sections},
        },
    )


def add_retention(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="WORD", help="what, and for how long: events 2 years; people off")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go; nothing is set")
    parser.add_argument("--now", action="store_true", help="let go now of what is older")


def retention(args: argparse.Namespace, face: Face) -> None:
    text = " ".join(args.words)
    if text and args.dry_run:
        line = would_go(face.shop, text)
        face.show(retention_reply([line], command_line=True), {"kept": [_kept(line)]})
        return
    if text:
        set_retention(face.shop, text, who=who())
    gone = keep_no_longer(face.shop) if args.now else None
    lines = show_retention(face.shop)
    face.show(
        retention_reply(lines, command_line=True),
        {"kept": [_kept(line) for line in lines], "gone": None if gone is None else face.words(gone)},
    )
    if gone is not None and not face.as_json:
        face.say(gone)


def _kept(line: KeptLine) -> dict[str, Any]:
    return {"name": line.kind.name, "days": line.days, "set_by": line.who, "older": line.n_old}


VERBS = [
    Verb(
        "privacy forget",
        "forget a customer: everything about them goes",
        "zhike privacy forget K0003\nzhike privacy forget ann@example.com --yes\n"
        "zhike privacy forget ann@example.com --back",
        forget,
        add_forget,
    ),
    Verb(
        "privacy export",
        "all that is kept of a customer, as files to hand over to them",
        "zhike privacy export K0003\nzhike privacy export ann@example.com --out ~/for-ann",
        export,
        add_export,
    ),
    Verb(
        "privacy retention",
        "how long things are kept, and what goes next",
        "zhike privacy retention\nzhike privacy retention events 2 years\n"
        "zhike privacy retention people 3 years --dry-run",
        retention,
        add_retention,
    ),
]
