"""zhike import: read a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.results import show_told
from bot.language import everywhere
from bot.replies import Gap, Item, Line, Title, says
from bot.replies.columns import column_lines, kind_of, open_lines, readings, trial_lines
from bot.replies.imports import receipt_reply
from engine import (
    KINDS,
    WORDS,
    Finding,
    MappingCard,
    Phrase,
    Progress,
    campaign_of_report,
    import_file,
    record_people,
    said_columns,
    try_file,
)

DATES = {"day-first": True, "month-first": False}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help="CSV, Excel, ODS, Parquet, ZIP or gzip: orders, customers, products, events"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what each column is taken for; change nothing")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="HEADER=FIELD",
        help="what a column is, by the field's name or id; HEADER=- is not used; may be given several times; the ids: "
        + ", ".join(WORDS),
    )
    parser.add_argument("--kind", choices=list(KINDS), help="what the file is a list of")
    parser.add_argument("--dates", choices=list(DATES), help="how to read dates such as 03/04/2025")


def run(args: argparse.Namespace, face: Face) -> None:
    names = {field: everywhere(words) for field, words in WORDS.items()}
    day_first = None if args.dates is None else DATES[args.dates]
    choose = said_columns(args.map, kind=args.kind, day_first=day_first, names=names)
    if args.dry_run:
        _show_card(try_file(face.shop, args.file, choose=choose), face)
        return
    reported = None if args.map or args.kind else campaign_of_report(face.shop, args.file)
    if reported is not None:
        show_told(record_people(face.shop, reported, args.file, who="command line"), face)
        return
    receipt = import_file(face.shop, args.file, progress=quiet_or_shown(), say=face.words, choose=choose)
    rejected = receipt.rejected_file
    face.show(
        receipt_reply(receipt, None, None),
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
            "orders_without_customer": receipt.unnamed_orders,
            "revenue_without_customer": receipt.unnamed_revenue,
            "limits": [
                {
                    "limit": limit.name,
                    "what": face.words(limit.what),
                    "then": None if limit.then is None else face.words(limit.then),
                }
                for limit in receipt.limits
            ],
            "quality": documents(receipt.findings, face),
            "campaigns": [
                {"campaign": news.campaign, "what": [face.words(what) for what in news.what]}
                for news in receipt.campaigns
            ],
            "known_by": dict(receipt.known_by),
            "pairs": receipt.pairs,
            "notes": [face.words(note) for note in receipt.notes],
        },
    )
    if rejected is not None and not face.as_json:
        face.say(Phrase("The rows that were left out are in {path}", path=str(rejected)))


def documents(findings: Sequence[Finding], face: Face) -> list[dict[str, Any]]:
    """The findings for programs."""
    return [
        {
            "check": finding.check,
            "n": finding.n,
            "fault": finding.is_fault,
            "what": face.words(finding.what),
            "examples": [face.words(example) for example in finding.examples],
            "means": face.words(finding.means),
            "do": None if finding.do is None else face.words(finding.do),
        }
        for finding in findings
    ]


def _show_card(card: MappingCard, face: Face) -> None:
    lines: list[Line] = [
        Title(Phrase("{name}, if it were imported: {kind}", name=card.name, kind=kind_of(card))),
        *column_lines(card),
        *open_lines(card),
        *trial_lines(card),
        *_notes(card),
    ]
    open_ones = [{"column": guess.header, "field": guess.field} for guess in card.unsure]
    trial = card.trial
    document = {
        "file": card.name,
        "kind": card.kind,
        "columns": [
            {
                "header": guess.header,
                "field": guess.field,
                "confidence": round(guess.confidence, 2),
                "sure": guess.field is not None and guess.sure,
                "why": face.words(guess.why),
                "examples": list(guess.examples),
            }
            for guess in card.guesses
        ],
        "unsure": open_ones,
        "instead": card.instead,
        "missing": [face.words(what) for what in card.missing],
        "dates": None if card.question is None else _dates(card.question, face),
        "would_import": not (card.unsure or card.missing or card.question or card.refusal or card.instead),
        "refusal": None if card.refusal is None else face.words(card.refusal),
        "rows": card.rows,
        "accepted": None if trial is None else trial.accepted,
        "without_customer": None if trial is None else trial.without_customer,
        "rejected": None if trial is None else trial.rejected,
        "reasons": None if trial is None else dict(trial.reasons),
        "orders": None if trial is None else trial.orders,
        "customers": None if trial is None else trial.customers,
        "products": None if trial is None else trial.products,
        "revenue": None if trial is None else trial.revenue,
        "notes": [] if trial is None else [face.words(note) for note in trial.notes],
    }
    face.show(says(*lines), document)


def _notes(card: MappingCard) -> list[Line]:
    notes = () if card.trial is None else card.trial.notes
    return [Gap(), Title(Phrase("Good to know")), *(Item(note) for note in notes)] if notes else []


def _dates(question: str, face: Face) -> dict[str, str]:
    """The two readings, by the option that says so."""
    return {"text": question} | {option: face.words(day) for option, day in zip(DATES, readings(question), strict=True)}


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
        "zhike import orders.csv\nzhike import customers.xlsx --json\n"
        'zhike import sheet.xlsx --dry-run\nzhike import sheet.xlsx --map "Day=order date" --map "Memo=-"',
        run,
        add,
    )
]
