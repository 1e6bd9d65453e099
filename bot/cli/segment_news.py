"""What `zhike segments` says beside the groups: who moved, and the owner's own rules."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import Face, Verb
from bot.replies import says
from bot.replies.segment_moves import movers_reply
from bot.replies.segment_rules import dropped_rule_reply, rule_reply, rules_reply
from engine import (
    Phrase,
    RuleSegment,
    SegmentMoves,
    drop_rule,
    export_movers,
    owner_rules,
    save_rule,
    segment_movers,
)

VERBS: list[Verb] = []  # options of `zhike segments`


def moves_document(moves: SegmentMoves | None, face: Face) -> dict[str, Any] | None:
    """What has changed, for programs; None where there is nothing to compare."""
    if moves is None:
        return None
    return {
        "since": moves.since,
        "groups": len(moves.groups_before),
        "same_data": moves.same_data,
        "stayed": moves.n_stayed,
        "moved": moves.n_moved,
        "new": moves.n_new,
        "left": moves.n_left,
        "moves": [
            {
                "from": None if move.before is None else move.before.key,
                "to": None if move.now is None else move.now.key,
                "n": move.n,
                "stayed": move.stayed,
            }
            for move in moves.moves
        ],
        "renamed": [
            {"key": now.key, "name": face.words(now.name), "was": face.words(was)} for now, was in moves.renamed
        ],
    }


def moved(args: argparse.Namespace, face: Face) -> None:
    if args.out is not None:
        path = export_movers(face.shop, args.out, face.words)
        face.show(says(Phrase("The list is at {path}", path=str(path))), {"file": str(path)})
        return
    found = segment_movers(face.shop)
    people = [
        {"customer": one.row.customer.key, "from": one.before.key, "to": one.now.key, "revenue": one.row.monetary}
        for one in found.movers
    ]
    face.show(movers_reply(found), {"since_last_time": moves_document(found.moves, face), "people": people})


def own_rules(args: argparse.Namespace, face: Face) -> None:
    if args.drop is not None:
        dropped = drop_rule(face.shop, args.drop)
        document = {"dropped": dropped.name, "rule": dropped.rule, "versions": dropped.n_versions}
        face.show(dropped_rule_reply(dropped), document)
    elif args.rule is not None:
        rule = save_rule(face.shop, args.rule)
        face.show(rule_reply(rule), rule_document(rule, face))
    else:
        rules = owner_rules(face.shop)
        face.show(rules_reply(rules), {"rules": [rule_document(rule, face) for rule in rules]})


def rule_document(rule: RuleSegment, face: Face) -> dict[str, Any]:
    segment = rule.segment
    return {
        "name": rule.name,
        "rule": rule.rule,
        "version": rule.version,
        "at": rule.at,
        "in_words": None if rule.words is None else face.words(rule.words),
        "id": None if segment is None else segment.id,
        "size": None if segment is None else segment.size,
        "share_of_customers": None if segment is None else segment.share_of_customers,
        "share_of_revenue": None if segment is None else segment.share_of_revenue,
        "notes": [face.words(note) for note in rule.notes],
        "why_not": None if rule.why is None else face.words(rule.why),
    }
