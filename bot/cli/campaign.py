"""zhike campaign: draft, show, approve, drop, export."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.language import everywhere
from bot.replies import Reply, says
from bot.replies.campaign_history import AT_COMPUTER
from bot.replies.draft import draft_reply, dropped_reply, gone_since
from bot.replies.sending import list_lines, wave_notes
from engine import (
    USUAL_WAY,
    Draft,
    Phrase,
    Picked,
    SmsCost,
    approve_campaign,
    audience_by_rule,
    audience_for_product,
    audience_named,
    audience_of_file,
    audience_of_list,
    draft_campaign,
    drop_campaign,
    export_layouts,
    sample_texts,
    set_first_wave,
    show_campaign,
    write_campaign_list,
)


def add_draft(parser: argparse.ArgumentParser) -> None:
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument("--segment", metavar="NAME", help="whom it goes to: a segment, a rule of yours, a stage")
    whom.add_argument("--stage", metavar="NAME", help="a lifecycle stage, or those who just moved")
    whom.add_argument("--rule", metavar="RULE", help="whoever fits a rule now, such as 'orders >= 3'")
    whom.add_argument("--list", metavar="NAMES", help="people by number, e-mail, phone or name, with commas between")
    whom.add_argument("--file", metavar="FILE", help="the people in a file")
    whom.add_argument("--product", metavar="NAME", help="who should get this product")
    whom.add_argument("--due", action="store_true", help="who is due for a repeat purchase")
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
    add_first(parser)


def add_first(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--first", metavar="SHARE", help="who gets it first, such as 20%%; the others wait for a wave")


def draft(args: argparse.Namespace, face: Face) -> None:
    picked = _picked(args, face)
    goal = args.goal.strip().lower().replace("-", "_").replace(" ", "_")
    drafted = draft_campaign(
        face.shop,
        segment_id=picked.segment.id,
        goal=goal,
        language=face.language.code,
        channel=args.channel,
        variants=None if args.variants is None else _named(args.variants, goal, args.channel, face),
        policy=_way(args.policy, args.aim),
        holdout=args.holdout,
        who=who(),
        progress=quiet_or_shown(),
    )
    if args.first is not None:
        drafted = set_first_wave(face.shop, drafted.campaign, args.first, who=who())
    if not face.as_json:
        face.say(*picked.notes)
    face.show(
        draft_reply(drafted, whole=True),
        document(drafted, face) | {"picked": [face.words(note) for note in picked.notes]},
    )


def _picked(args: argparse.Namespace, face: Face) -> Picked:
    """Whom the options name."""
    shop, progress = face.shop, quiet_or_shown()
    if args.rule is not None:
        return audience_by_rule(shop, args.rule)
    if args.list is not None:
        return audience_of_list(shop, args.list)
    if args.file is not None:
        return audience_of_file(shop, Path(args.file))
    if args.product is not None:
        return audience_for_product(shop, args.product, progress=progress)
    return audience_named(shop, "#due" if args.due else args.segment or args.stage, everywhere, progress=progress)


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
    face.show(draft_reply(found, whole=True), document(found, face))


def _deciding(decide: Callable[..., Draft], reply: Callable[[Draft], Reply]) -> Callable[..., None]:
    def run(args: argparse.Namespace, face: Face) -> None:
        decided = decide(face.shop, args.id, who=who())
        face.show(reply(decided), document(decided, face))

    return run


def add_approve(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    add_first(parser)


def approve(args: argparse.Namespace, face: Face) -> None:
    if args.first is not None:
        set_first_wave(face.shop, args.id, args.first, who=who())
    decided = approve_campaign(face.shop, args.id, who=who())
    face.show(_approved(decided), document(decided, face))


def _approved(drafted: Draft) -> Reply:
    return says(
        Phrase(
            "Campaign {id} is approved. Write the list to send: zhike campaign export {id} --out FILE",
            id=str(drafted.campaign),
        ),
        *gone_since(drafted),
        *wave_notes(drafted),
    )


def add_export(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--out", metavar="FILE", help="where to write the list")
    parser.add_argument("--layout", default="plain", help=f"for which tool: {', '.join(export_layouts())}")


def export(args: argparse.Namespace, face: Face) -> None:
    written = write_campaign_list(face.shop, args.id, layout=args.layout, out=args.out, say=face.words, who=who())
    face.show(
        says(Phrase("The list is at {path}", path=str(written.path)), *list_lines(written)),
        {
            "campaign": args.id,
            "file": str(written.path),
            "layout": written.layout,
            "n": written.n,
            "again": written.n_again,
            "left_out": written.left_out,
            "quiet": written.n_quiet,
        },
    )


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
        "plain": drafted.plain,
        "quiet": drafted.quiet,
        "undo_until": drafted.undo_until,
        "expires_at": drafted.expires_at,
        "went": [{"way": way, "state": state, "n": n} for (way, state), n in drafted.went.items()],
        "holdout": drafted.holdout,
        "first_share": drafted.first_share,
        "waiting": drafted.waiting,
        "waves": drafted.waves,
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


def who() -> str:
    return f"{AT_COMPUTER}{getpass.getuser()}"


VERBS = [
    Verb(
        "campaign draft",
        "draft messages for a segment",
        "zhike campaign draft --segment 'Regulars' --goal repeat_purchase\n"
        "zhike campaign draft --segment new-warned --goal win_back\n"
        "zhike campaign draft --rule 'orders >= 3' --goal repeat_purchase --channel email\n"
        "zhike campaign draft --file people.csv --goal win_back",
        draft,
        add_draft,
    ),
    Verb("campaign show", "who exactly gets what", "zhike campaign show 3", show, add_id),
    Verb(
        "campaign approve",
        "approve a draft",
        "zhike campaign approve 3\nzhike campaign approve 3 --first 20%",
        approve,
        add_approve,
    ),
    Verb("campaign drop", "drop a draft", "zhike campaign drop 3", _deciding(drop_campaign, dropped_reply), add_id),
    Verb(
        "campaign export",
        "write the list to send",
        "zhike campaign export 3 --out list.csv\nzhike campaign export 3 --layout mailchimp",
        export,
        add_export,
    ),
]
