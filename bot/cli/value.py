"""zhike value: what customers will likely bring."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.replies import Reply, Text
from bot.replies.value import value_reply
from engine import NotAllowed, PeopleList, Phrase, ValueReport, export_value, value_report

ALL = "all"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--days", metavar="N", help="how many days ahead (default: the shop's own pace says)")
    parser.add_argument("--again", action="store_true", help="compute it anew, even if nothing has changed")
    parser.add_argument(
        "--csv",
        nargs="?",
        const=ALL,
        metavar="LIST",
        help="write the forecasts of all customers as a list, or of: best, less, due",
    )
    parser.add_argument("--out", metavar="FILE", help="where to write that list")


def run(args: argparse.Namespace, face: Face) -> None:
    days, progress = _days(args.days), quiet_or_shown()
    report = value_report(face.shop, days=days, refresh=args.again, progress=progress)
    if args.csv is not None or args.out is not None:
        which = None if args.csv in (None, ALL) else args.csv
        path = export_value(face.shop, which, days=days, out=args.out, say=face.words, progress=progress)
        face.show(Reply((Text((Phrase("The list is at {path}", path=str(path)),)),)), {"file": str(path)})
        return
    face.show(value_reply(report, None), _document(report, face))


def _days(text: str | None) -> int | None:
    if text is None or text.removeprefix("-").isdecimal():
        return None if text is None else int(text)
    raise NotAllowed(Phrase("--days is {text}, must be a whole number of days, such as 90", text=text))


def _document(report: ValueReport, face: Face) -> dict[str, Any]:
    return {
        "run": report.run,
        "days": report.days,
        "as_of": report.as_of,
        "computed_at": report.computed_at,
        "customers": report.n_customers,
        "currency": report.currency,
        "orders": asdict(report.orders),
        "money": asdict(report.money),
        "before": None if report.before is None else asdict(report.before),
        "groups": [asdict(group) for group in report.groups],
        "best": _people(report.best),
        "less": {
            "customers": report.less.total,
            "usual_money": round(report.less.usual, 2),
            "money": round(report.less.money, 2),
            "first": _people(report.less),
        },
        "due": {
            "from": report.due.due.first,
            "to": report.due.due.last,
            "customers": report.due.total,
            "first": _people(report.due),
        },
        "tested": report.is_tested,
        "tells_who_comes": report.best.tells_who,
        "doubts": [face.words(doubt) for doubt in report.doubts],
        "sure": [face.words(told) for told in report.sure],
        "notes": [face.words(note) for note in report.notes],
    }


def _people(people: PeopleList) -> list[dict[str, Any]]:
    """Without the chance of an order where such chances mean nothing."""
    unknown = {} if people.tells_who else {"p_none": None}
    return [
        {"customer": row.customer.key, "name": row.customer.name, **asdict(row.forecast), **unknown}
        for row in people.rows
    ]


VERBS = [
    Verb(
        "value",
        "what customers will likely bring, who bought less than before, who is due",
        "zhike value\nzhike value --days 30 --json\nzhike value --csv --out forecasts.csv\nzhike value --csv less",
        run,
        add,
    )
]
