"""zhike campaign: draft, show, approve, drop, export."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from string import ascii_uppercase
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.language import everywhere
from bot.replies import Reply, says
from bot.replies.campaign import draft_reply, dropped_reply, gone_since
from engine import (
    USUAL_WAY,
    Draft,
    Phrase,
    SmsCost,
    approve_campaign,
    draft_campaign,
    drop_campaign,
    export_campaign,
    lifecycle_audience,
    lifecycle_group_named,
    sample_texts,
    segment_named,
    show_campaign,
)


def add_draft(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--segment", required=True, metavar="NAME", help="whom it goes to: a segment, a stage")
    parser.add_argument("--goal", required=True, help="what it shall do: win_back, repeat_purchase, …")
    parser.add_argument("--channel", default="text", help="how it is sent: text (default), sms, email, wechat, wecom")
    parser.add_argument("--variants", metavar="A,B", help="the versions that compete (default: all)")
    parser.add_argument(
        "--aim",
        choices=("earn", "know"),
        help="earn (default): soon most messages to what sells best; know: all measured well until it is sure",
    )
    parser.add_argument("--policy", metavar="NAME", help="who gets which by another rule, such as uniform or ucb1")
    parser.add_argument("--holdout", type=float, metavar="SHARE", help="share that gets nothing, such as 0.1")


def draft(args: argparse.Namespace, face: Face) -> None:
    key = lifecycle_group_named(args.segment, everywhere)
    segment = segment_named(face.shop, args.segment, everywhere) if key is None else lifecycle_audience(face.shop, key)
    goal = args.goal.strip().lower().replace("-", "_").replace(" ", "_")
    drafted = draft_campaign(
        face.shop,
        segment_id=segment.id,
        goal=goal,
        language=face.language.code,
        channel=args.channel,
        variants=None if args.variants is None else _named(args.variants, goal, args.channel, face),
        policy=_way(args.policy, args.aim),
        holdout=args.holdout,
        who=_who(),
        progress=quiet_or_shown(),
    )
    face.show(draft_reply(drafted), document(drafted, face))


def _way(policy: str | None, aim: str | None) -> str:
    """A policy alone is as it is in the books; with an aim it is held to it."""
    if aim is None:
        return policy or USUAL_WAY
    return f"{policy or USUAL_WAY.partition(':')[0]}:{aim}"


def _named(text: str, goal: str, channel: str, face: Face) -> list[str]:
    """The versions that are meant, by their letter or their name."""
    names = [sample.name for sample in sample_texts(face.shop, goal, face.language.code, channel)]
    by_letter = dict(zip(ascii_uppercase, names, strict=False))
    return [by_letter.get(word.strip().upper(), word.strip()) for word in text.split(",")]


def add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, help="the campaign's number")


def show(args: argparse.Namespace, face: Face) -> None:
    found = show_campaign(face.shop, args.id)
    face.show(draft_reply(found), document(found, face))


def _deciding(decide: Callable[..., Draft], reply: Callable[[Draft], Reply]) -> Callable[..., None]:
    def run(args: argparse.Namespace, face: Face) -> None:
        decided = decide(face.shop, args.id, who=_who())
        face.show(reply(decided), document(decided, face))

    return run


def _approved(drafted: Draft) -> Reply:
    return says(
        Phrase(
            "Campaign {id} is approved. Write the list to send: zhike campaign export {id} --out FILE",
            id=str(drafted.campaign),
        ),
        *gone_since(drafted),
    )


def add_export(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--out", metavar="FILE", help="where to write the list")


def export(args: argparse.Namespace, face: Face) -> None:
    path = export_campaign(face.shop, args.id, args.out, face.words)
    face.show(says(Phrase("The list is at {path}", path=str(path))), {"campaign": args.id, "file": str(path)})


def document(drafted: Draft, face: Face) -> dict[str, Any]:
    return {
        "campaign": drafted.campaign,
        "status": drafted.status,
        "segment": face.words(drafted.segment_name),
        "goal": drafted.goal,
        "channel": drafted.channel,
        "policy": drafted.policy,
        "audience": drafted.audience,
        "excluded": dict(drafted.excluded),
        "unsubscribed_since": drafted.unsubscribed_since,
        "holdout": drafted.holdout,
        "variants": [
            {
                "variant": variant.label,
                "template": variant.template,
                "version": variant.version,
                "title": variant.title.in_language(face.language.code),
                "weight": variant.weight,
                "n": variant.n,
                "sample": variant.sample,
            }
            for variant in drafted.variants
        ],
        "samples": [
            {"customer": sample.customer, "name": sample.name, "variant": sample.variant, "text": sample.text}
            for sample in drafted.samples
        ],
        "sms": None if drafted.sms is None else _sms(drafted.sms),
        "notes": [face.words(note) for note in drafted.notes],
    }


def _sms(sms: SmsCost) -> dict[str, Any]:
    cost = None if sms.cost is None else sms.cost.amount
    return {"parts": sms.total, "most": sms.most, "n_most": sms.n_most, "cost": cost}


def _who() -> str:
    return f"command line, {getpass.getuser()}"


VERBS = [
    Verb(
        "campaign draft",
        "draft messages for a segment",
        "zhike campaign draft --segment 'Regulars' --goal repeat_purchase\n"
        "zhike campaign draft --segment new-warned --goal win_back",
        draft,
        add_draft,
    ),
    Verb("campaign show", "who exactly gets what", "zhike campaign show 3", show, add_id),
    Verb(
        "campaign approve",
        "approve a draft",
        "zhike campaign approve 3",
        _deciding(approve_campaign, _approved),
        add_id,
    ),
    Verb("campaign drop", "drop a draft", "zhike campaign drop 3", _deciding(drop_campaign, dropped_reply), add_id),
    Verb("campaign export", "write the list to send", "zhike campaign export 3 --out list.csv", export, add_export),
]
