"""zhike import: read a file."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from bot.cli import Face, Verb
from bot.replies.imports import receipt_reply
from engine import Phrase, Progress, import_file


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, XLSX or Parquet: order lines, customers, products or events")


def run(args: argparse.Namespace, face: Face) -> None:
    receipt = import_file(face.shop, args.file, progress=quiet_or_shown(), say=face.words)
    rejected = receipt.rejected_file
    face.show(
        receipt_reply(receipt, None),
        {
            "import": receipt.id,
            "kind": receipt.kind,
            "already": receipt.already,
            "rows": receipt.rows,
            "accepted": receipt.accepted,
            "without_customer": receipt.without_customer,
            "rejected": receipt.rejected,
            "reasons": dict(receipt.reasons),
            "rejected_file": None if rejected is None else str(rejected),
            "orders": receipt.orders,
            "customers": receipt.customers,
            "products": receipt.products,
            "revenue": receipt.revenue,
            "currency": receipt.currency,
            "period": [receipt.first, receipt.last],
            "events": receipt.events,
            "kinds": dict(receipt.kinds),
            "attributes": [asdict(column) for column in receipt.attributes],
            "answers_changed": receipt.answers_changed,
            "proposed_preset": receipt.proposes,
            "duplicates": receipt.duplicates,
            "notes": [face.words(note) for note in receipt.notes],
        },
    )
    if rejected is not None and not face.as_json:
        face.say(Phrase("The rows that were left out are in {path}", path=str(rejected)))


def quiet_or_shown() -> Progress:
    """Progress for a person who watches, nothing for a program."""
    return _shown if sys.stderr.isatty() else _unseen


def _shown(doing: Phrase, share: float) -> None:
    print(f"\r{doing} … {share:4.0%}\033[K", end="" if share < 1 else "\r\033[K", file=sys.stderr, flush=True)


def _unseen(doing: Phrase, share: float) -> None:
    """Progress, when nobody watches."""


VERBS = [
    Verb(
        "import",
        "read an export of orders, customers, products or events",
        "zhike import orders.csv\nzhike import customers.xlsx --json",
        run,
        add,
    )
]
