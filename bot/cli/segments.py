"""zhike segments: who the customers are, in groups."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.cli.segment_news import moved, moves_document, own_rules
from bot.language import everywhere
from bot.replies import Reply, Text
from bot.replies.segment_moves import changes
from bot.replies.segments import segments_reply
from engine import (
    NotAllowed,
    Phrase,
    Places,
    SegmentFacts,
    StoredSegment,
    export_segment,
    find_segments,
    rule_named,
    segment_named,
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--basis",
        metavar="NAMES",
        help="what to group by: behavioural, demographic, geographic, psychographic, or several with commas; "
        "behavioural:all looks at habits, too (default: as you chose last)",
    )
    parser.add_argument("--method", help="how to find them, such as kmeans (default: as you chose last)")
    parser.add_argument("--k", help="how many, or auto to let the data say (default: as you chose last)")
    parser.add_argument("--keep", action="store_true", help="group in this way from now on; without it, only look")
    parser.add_argument("--again", action="store_true", help="find them anew, even if nothing has changed")
    parser.add_argument("--moved", action="store_true", help="who moved since last time; with --out FILE as a list")
    parser.add_argument("--rule", metavar="'NAME: RULE'", help="keep a segment by a rule of your own, in words")
    parser.add_argument("--rules", action="store_true", help="your own rules, with who fits them now")
    parser.add_argument("--drop", metavar="NAME", help="give one of your own rules up")
    parser.add_argument("--csv", metavar="NAME", help="write the customers of this segment as a list")
    parser.add_argument("--out", metavar="FILE", help="where to write that list")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.rule is not None or args.rules or args.drop is not None:
        own_rules(args, face)
    elif args.moved:
        moved(args, face)
    elif args.csv is not None and (rule := rule_named(face.shop, args.csv)) is not None and rule.segment is not None:
        _listed(args, face, rule.segment)
    else:
        _groups(args, face)


def _groups(args: argparse.Namespace, face: Face) -> None:
    report = find_segments(
        face.shop,
        bases=None if args.basis is None else args.basis.split(","),
        method=args.method,
        k=None if args.k is None else _k(args.k),
        refresh=args.again,
        keep=args.keep,
        progress=quiet_or_shown(),
    )
    if args.csv is not None:
        _listed(args, face, segment_named(face.shop, args.csv, everywhere, report.segments))
        return
    face.show(
        segments_reply(report, None, news=changes(report.moves)),
        {
            "run": report.run,
            "bases": list(report.bases),
            "method": report.method,
            "k": report.k,
            "only_a_look": report.is_look,
            "as_of": report.as_of,
            "customers": report.n_customers,
            "segments": [
                {
                    "id": segment.id,
                    "key": segment.key,
                    "name": face.words(segment.name),
                    "size": segment.size,
                    "share_of_customers": segment.share_of_customers,
                    "share_of_revenue": segment.share_of_revenue,
                    "sentence": face.words(segment.sentence),
                    "rules": [face.words(rule) for rule in segment.rules],
                    **_facts(report.facts.get(segment.id), face),
                    "people": face.words(report.people[segment.id]) if segment.id in report.people else None,
                }
                for segment in report.segments
            ],
            "since_last_time": moves_document(report.moves, face),
            "gaps": [face.words(statement) for statement in report.statements],
            "places": _places(report.places),
            "quality": dict(report.quality),
        },
    )


def _listed(args: argparse.Namespace, face: Face, segment: StoredSegment) -> None:
    path = export_segment(face.shop, segment.id, args.out, face.words)
    said = Phrase("The list is at {path}", path=str(path))
    face.show(Reply((Text((said,)),)), {"segment": face.words(segment.name), "file": str(path)})


def _places(places: Places | None) -> list[dict[str, object]] | None:
    if places is None:
        return None
    return [{"place": row.key, "customers": row.size, "revenue": row.money} for row in (*places.rows, *places.others)]


def _facts(facts: SegmentFacts | None, face: Face) -> dict[str, object]:
    """Empty of a segment that was found before there were facts."""
    if facts is None:
        return {}
    return {
        "rule_sets": [[face.words(rule) for rule in rules] for rules in facts.sets],
        "rules_fit_members": facts.covered,
        "rules_fit_only_members": facts.right,
        "sets_apart": [face.words(contrast) for contrast in facts.contrasts],
        "differences": dict(facts.differences),
        "would_move": [face.words(way) for way in facts.ways_out],
        "name_holds": [face.words(hedge) for hedge in facts.hedges],
        "unusual": {str(customer): face.words(what) for customer, what in facts.unusual.items()},
    }


def _k(text: str) -> int | str:
    if text == "auto":
        return text
    if text.isdecimal():
        return int(text)
    raise NotAllowed(Phrase("--k is {text}, must be a whole number or auto", text=text))


VERBS = [
    Verb(
        "segments",
        "who your customers are, in groups",
        "zhike segments\nzhike segments --k 4 --json\nzhike segments --k 4 --keep\n"
        "zhike segments --basis behavioural,demographic\n"
        "zhike segments --csv 'Regulars' --out regulars.csv\nzhike segments --moved\n"
        "zhike segments --rule 'VIP: orders >= 3 and revenue >= 1000'\nzhike segments --rules",
        run,
        add,
    )
]
