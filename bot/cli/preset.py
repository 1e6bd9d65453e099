"""zhike preset: which line of business the shop is in."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.commands.preset import named
from bot.replies.preset import preset_reply
from engine import choose_preset, preset_names, show_preset


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", help="shop, social or finance; without it, which one it is")


def run(args: argparse.Namespace, face: Face) -> None:
    card = show_preset(face.shop) if args.name is None else choose_preset(face.shop, named(args.name))
    face.show(
        preset_reply(card, changed=args.name is not None),
        {
            "preset": card.name,
            "presets": list(preset_names()),
            "stages": {stage: dict(kinds) for stage, kinds in card.stages.items()},
            "held": list(card.held),
            "activity": list(card.activity),
            "satisfaction": list(card.satisfaction),
            "unread": list(card.unread),
        },
    )


VERBS = [
    Verb(
        "preset",
        "your line of business: what events and columns mean",
        "zhike preset\nzhike preset finance\nzhike preset --json",
        run,
        add,
    )
]
