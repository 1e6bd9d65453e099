"""zhike quality: how clean the data are."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.cli.imports import documents, quiet_or_shown
from bot.replies.quality import quality_reply
from engine import data_quality


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--import", dest="number", type=int, metavar="N", help="of this import only (default: all)")


def run(args: argparse.Namespace, face: Face) -> None:
    report = data_quality(face.shop, args.number, quiet_or_shown())
    face.show(
        quality_reply(report, None),
        {
            "import": report.import_id,
            "orders": report.n_orders,
            "customers": report.n_customers,
            "findings": documents(report.findings, face),
            "in_order": [face.words(what) for what in report.in_order],
        },
    )


VERBS = [
    Verb(
        "quality",
        "a check-up of the data: what looks odd, and what to do",
        "zhike quality\nzhike quality --import 3 --json",
        run,
        add,
    )
]
