"""zhike wave: the next part of a campaign, by what came of the parts before."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import who
from bot.cli.imports import quiet_or_shown
from bot.replies import says
from bot.replies.wave import approved_wave, joined_reply, rest_dropped, wave_reply
from engine import NotAllowed, Phrase, WaveCard, approve_wave, drop_rest, show_wave, take_in_newcomers


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", type=int, help="the campaign's number")
    parser.add_argument("--size", metavar="N", help="how many get it next: 50, 20%% of those who wait, half, rest")
    decide = parser.add_mutually_exclusive_group()
    decide.add_argument("--approve", type=int, metavar="WAVE", help="approve the wave of this number")
    decide.add_argument("--more", action="store_true", help="who has come into the audience since waits from now on")
    decide.add_argument("--drop", action="store_true", help="who still waits gets nothing")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.drop:
        if args.size is not None:
            raise NotAllowed(Phrase("--drop is about all who still wait: leave --size away."))
        n = drop_rest(face.shop, args.id, who=who())
        face.show(rest_dropped(args.id, n), {"campaign": args.id, "dropped": n})
        return
    if args.more:
        joined = take_in_newcomers(face.shop, args.id, who=who(), progress=quiet_or_shown())
        card = show_wave(face.shop, args.id, args.size)
        more = {"joined": joined.n, "joined_held": joined.held, "not_joined": dict(joined.left_out)}
        face.show(joined_reply(joined, card), document(card, face) | more)
        return
    if args.approve is None:
        card = show_wave(face.shop, args.id, args.size)
        face.show(wave_reply(card), document(card, face))
        if card.n and not face.as_json:
            face.say(
                Phrase(
                    "Approve it: zhike wave {id} --approve {wave} --size {n}",
                    id=str(card.campaign),
                    wave=card.number,
                    n=str(card.n),
                )
            )
        return
    card = approve_wave(face.shop, args.id, args.approve, args.size, who=who(), progress=quiet_or_shown())
    face.show(approved_wave(card), document(card, face))
    if not face.as_json:
        follow = Phrase("Write the list to send: zhike campaign export {id} --out FILE", id=str(card.campaign))
        face.show(says(follow), {})


def document(card: WaveCard, face: Face) -> dict[str, Any]:
    return {
        "campaign": card.campaign,
        "wave": card.number,
        "status": card.status,
        "n": card.n,
        "waiting": card.waiting,
        "left_out": dict(card.left_out),
        "holdout": card.holdout,
        "unsent": card.unsent,
        "planned": card.planned,
        "plan_grows_to": card.longer,
        "plan_may_not_grow": card.full,
        "by_person": card.by_person,
        "why": None if card.why is None else face.words(card.why),
        "variants": [
            {
                "variant": variant.label,
                "chance": share,
                "sends": variant.sends,
                "reported": variant.reported,
                "conversions": variant.conversions,
                "next": None if card.sizes is None else card.sizes.get(variant.label, 0),
            }
            for variant, share in zip(card.results.variants, card.shares, strict=True)
        ],
        "waves": [{"wave": wave.number, "n": wave.n, "at": wave.at} for wave in card.earlier],
        "verdict": {
            "state": card.results.verdict.state,
            "sentence": face.words(card.results.verdict.sentence),
        },
    }


VERBS = [
    Verb(
        "wave",
        "the next part of a campaign, by what came back",
        "zhike wave 3\nzhike wave 3 --size 50\nzhike wave 3 --approve 2 --size 50\n"
        "zhike wave 3 --more\nzhike wave 3 --drop",
        run,
        add,
    )
]
