"""zhike campaigns: all campaigns with where each stands; zhike plan: what can be learned with so many people."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.commands.plan import outlook_named
from bot.replies.campaigns import campaigns_reply, state_words
from bot.replies.plan import plan_reply
from engine import CampaignState, Outlook, campaign_states


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--page", type=int, default=1, metavar="N", help="older ones are on later pages")


def run(args: argparse.Namespace, face: Face) -> None:
    page = campaign_states(face.shop, args.page)
    face.show(
        campaigns_reply(page),
        {
            "campaigns": [_campaign(state, face) for state in page.campaigns],
            "page": page.page,
            "pages": page.pages,
            "total": page.total,
        },
    )


def _campaign(state: CampaignState, face: Face) -> dict[str, Any]:
    line = state.line
    return {
        "campaign": line.campaign,
        "state": state.state,
        "words": face.words(state_words(state)),
        "segment": face.words(line.segment_name),
        "goal": line.goal,
        "audience": line.audience,
        "waiting": line.waiting,
        "sent": state.sent,
        "answered": state.answered,
        "best": state.best,
        "drafted_at": line.drafted_at,
        "decided_at": line.decided_at,
    }


def add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("audience", nargs="+", metavar="WORD", help="a number, a segment, a stage, or a rule")
    parser.add_argument("--versions", type=int, default=2, metavar="N", help="how many versions compete (default: 2)")
    parser.add_argument("--channel", default="text", help="how it is sent: text (default), sms, email, wechat, wecom")


def plan(args: argparse.Namespace, face: Face) -> None:
    found = outlook_named(
        face.shop, " ".join(args.audience), args.versions, channel=args.channel, progress=quiet_or_shown()
    )
    face.show(plan_reply(found), _outlook(found, face))


def _outlook(found: Outlook, face: Face) -> dict[str, Any]:
    return {
        "audience": face.words(found.name),
        "people": found.people,
        "left_out": dict(found.left_out),
        "holdout": found.holdout,
        "versions": found.n_versions,
        "each": found.each,
        "base": found.base,
        "own_base": found.own_base,
        "shown": found.shown,
        "needed": [{"rate": rate, "each": n, "weeks": weeks} for rate, n, weeks in found.needed],
        "per_week": found.per_week,
        "never": found.never,
    }


VERBS = [
    Verb(
        "campaigns",
        "all campaigns, and where each stands",
        "zhike campaigns\nzhike campaigns --page 2 --json",
        run,
        add,
    ),
    Verb(
        "plan",
        "what can be learned with so many people",
        "zhike plan 400\nzhike plan 'Regulars' --versions 3\nzhike plan 'orders >= 3' --channel email",
        plan,
        add_plan,
    ),
]
