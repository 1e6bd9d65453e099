"""zhike lifecycle: where the customers stand, who has moved, and their lists."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.language import everywhere
from bot.replies import says
from bot.replies.lifecycle import history_reply, lifecycle_reply, people_reply
from engine import (
    GroupLine,
    LifecycleReport,
    Phrase,
    StagePeople,
    export_lifecycle,
    find_stages,
    lifecycle_group_named,
    lifecycle_people,
)

ALL = "all"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", nargs="?", help="the people of a stage, or of those who moved, such as new-warned")
    parser.add_argument("-n", type=int, default=20, help="how many people to list (default: 20)")
    parser.add_argument("--skip", type=int, default=0, help="how many to leave out at the top")
    parser.add_argument("--history", action="store_true", help="how many were in each stage month by month")
    parser.add_argument("--again", action="store_true", help="work it out anew, even if it was before")
    parser.add_argument("--csv", action="store_true", help="write a list of these people, or of all customers")
    parser.add_argument("--out", metavar="FILE", help="where to write that list")


def run(args: argparse.Namespace, face: Face) -> None:
    report = find_stages(face.shop, refresh=args.again, progress=quiet_or_shown())
    key = None if args.stage is None else lifecycle_group_named(args.stage, everywhere) or args.stage
    if args.csv or args.out is not None:
        path = export_lifecycle(face.shop, key, args.out, face.words)
        face.show(says(Phrase("The list is at {path}", path=str(path))), {"stage": key or ALL, "file": str(path)})
    elif key is not None:
        found = lifecycle_people(face.shop, key, n=args.n, offset=args.skip)
        face.show(people_reply(found), _people(found, face))
    elif args.history:
        face.show(history_reply(report, None), {"months": _months(report)})
    else:
        face.show(lifecycle_reply(report, ()), _document(report, face))


def _document(report: LifecycleReport, face: Face) -> dict[str, Any]:
    return {
        "run": report.run,
        "as_of": report.as_of,
        "customers": report.n_customers,
        "thresholds": asdict(report.rules),
        "stages": [
            {
                "key": stage.key,
                "name": face.words(stage.name),
                "observable": stage.observable,
                "size": stage.n if stage.observable else None,
                "share_of_customers": stage.share,
                "share_of_revenue": stage.share_of_revenue,
                "warned": stage.n_warned,
            }
            for stage in report.stages
        ],
        "warned": _group(report.warned, face),
        "not_observable": None if report.unobservable is None else face.words(report.unobservable),
        "funnel": [{"step": face.words(name), "size": n} for name, n in report.funnel],
        "since": report.since,
        "moves": [asdict(move) for move in report.moves],
        "entry_points": [_group(entry, face) for entry in report.entries],
        "months": _months(report),
        "record": None if report.record is None else face.words(report.record),
        "caveats": [face.words(caveat) for caveat in report.caveats],
        "computed_at": report.computed_at.isoformat(),
        "fresh": report.is_fresh,
    }


def _group(group: GroupLine, face: Face) -> dict[str, Any]:
    return {"key": group.key, "name": face.words(group.name), "size": group.n}


def _months(report: LifecycleReport) -> list[dict[str, Any]]:
    return [{"day": month.day, **month.counts, "warned": month.n_warned} for month in report.months]


def _people(found: StagePeople, face: Face) -> dict[str, Any]:
    return {
        **_group(found.group, face),
        "as_of": found.as_of,
        "fresh": found.is_fresh,
        "people": [
            {
                "customer": row.customer.key,
                "name": row.customer.name,
                "stage": face.words(row.stage),
                "warned": row.warned,
                "why": face.words(row.reason),
                "revenue": row.monetary,
            }
            for row in found.rows
        ],
    }


VERBS = [
    Verb(
        "lifecycle",
        "where your customers stand, and who is about to leave",
        "zhike lifecycle\nzhike lifecycle new-warned\nzhike lifecycle churn --csv --out lost.csv\n"
        "zhike lifecycle --history --json",
        run,
        add,
    )
]
