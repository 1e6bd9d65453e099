"""zhike campaign undo, send, next, sent, takeback, history; zhike limits; zhike unsubscribe."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import add_id, document, who
from bot.cli.imports import quiet_or_shown
from bot.commands.send import mail_server
from bot.language import language
from bot.replies.campaign_history import history_reply
from bot.replies.draft import undone_reply
from bot.replies.limits import limits_reply
from bot.replies.sending import (
    hand_reply,
    said_of_many_reply,
    said_reply,
    sent_reply,
    taken_back_reply,
)
from engine import (
    ContactRules,
    HandedOver,
    NotAllowed,
    Phrase,
    Said,
    SaidOfMany,
    SendReport,
    ask_for_plain,
    campaign_steps,
    channel_meant,
    channels,
    done_by_hand,
    next_by_hand,
    send_campaign,
    send_unknown_again,
    set_contact_rule,
    show_contact_rules,
    subscribe,
    take_back_list,
    undo_approval,
    unsubscribe_file,
    unsubscribe_told,
)


def undo(args: argparse.Namespace, face: Face) -> None:
    draft = undo_approval(face.shop, args.id, who=who())
    face.show(undone_reply(draft), document(draft, face))


def add_send(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--most", type=int, metavar="N", help="send at most so many now")
    parser.add_argument("--again", action="store_true", help="also those of whom it is not known whether they arrived")


def send(args: argparse.Namespace, face: Face) -> None:
    mail = mail_server(face.settings.mail)
    if args.again:
        send_unknown_again(face.shop, args.id, who=who())
    report = send_campaign(
        face.shop, args.id, mail, languages=language, who=who(), most=args.most, progress=quiet_or_shown()
    )
    face.show(sent_reply(report), _report(report, face))


def _report(report: SendReport, face: Face) -> dict[str, Any]:
    return {
        "campaign": report.campaign,
        "delivered": report.delivered,
        "refused": [{"reason": face.words(why), "n": n} for why, n in report.refused],
        "put_off": report.put_off,
        "unknown": report.unknown,
        "withheld": dict(report.withheld),
        "quiet": report.quiet,
        "quiet_until": report.quiet_until,
        "stranded": report.stranded,
        "went": dict(report.went),
        "left": report.left,
        "stopped": None if report.why is None else face.words(report.why),
    }


def following(args: argparse.Namespace, face: Face) -> None:
    _show_handed(next_by_hand(face.shop, args.id, who=who()), args.id, face)


def add_sent(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("text", type=int, help="the number of the text that `campaign next` has shown")
    parser.add_argument("--skip", action="store_true", help="it was not sent and will not be")


def sent(args: argparse.Namespace, face: Face) -> None:
    _show_handed(done_by_hand(face.shop, args.id, args.text, sent=not args.skip, who=who()), args.id, face)


def _show_handed(handed: HandedOver, number: int, face: Face) -> None:
    one = handed.message
    told = {"delivered": handed.delivered, "skipped": handed.skipped}
    face.show(hand_reply(handed, number, buttons=False), told | {"next": None if one is None else asdict(one)})
    if one is not None and not face.as_json:
        print(f"zhike campaign sent {number} {one.position}")


def take_back(args: argparse.Namespace, face: Face) -> None:
    back = take_back_list(face.shop, args.id, who=who())
    face.show(taken_back_reply(args.id, back), {"campaign": args.id, "messages": back.n, "stay_sent": back.kept})


def history(args: argparse.Namespace, face: Face) -> None:
    steps = campaign_steps(face.shop, args.id)
    face.show(history_reply(args.id, steps, who()), {"campaign": args.id, "steps": [asdict(step) for step in steps]})


def add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="WORD", help="a channel, or what is to hold: email cap 2/7")


def limits(args: argparse.Namespace, face: Face) -> None:
    said, change = " ".join(args.words), None
    channel = channel_meant(said)
    if not said or channel is not None:
        rules = show_contact_rules(face.shop, channel)
    else:
        change, rules = set_contact_rule(face.shop, said, who=who())
    face.show(limits_reply(rules, change, command="zhike limits"), _rules(rules, face))


def _rules(rules: ContactRules, face: Face) -> dict[str, Any]:
    return {
        "all_channels": {"caps": [[cap.n, cap.days] for cap in rules.all_channels.caps]},
        "rules": [
            {
                "channel": line.channel,
                "country": line.code or None,
                "consent": line.rule.consent,
                "bought_days": line.rule.bought_days,
                "caps": [[cap.n, cap.days] for cap in line.rule.caps],
                "quiet": None if line.rule.quiet is None else [line.rule.quiet.start, line.rule.quiet.end],
                "postal": line.rule.postal,
                "own": list(line.own),
                "why": [face.words(why) for why in line.rule.why],
            }
            for line in rules.lines
        ],
        "undo_minutes": rules.undo_minutes,
        "approval_days": rules.approval_days,
        "history": [asdict(setting) for setting in rules.history],
    }


def add_unsubscribe(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "customer",
        nargs="?",
        help="a customer number, e-mail, phone or name, or the subject of their mail; several with commas between",
    )
    parser.add_argument("--file", metavar="FILE", help="everybody in this file, such as a list of addresses")
    parser.add_argument(
        "--channel", default="any", choices=["any", *channels()], help="for one way only (default: all)"
    )
    parser.add_argument("--back", action="store_true", help="they have said yes again")
    parser.add_argument("--plain", action="store_true", help="they want nothing personal")
    parser.add_argument("--personal", action="store_true", help="they want personal messages again")


def unsubscribed(args: argparse.Namespace, face: Face) -> None:
    if (args.customer is None) == (args.file is None):
        raise NotAllowed(Phrase("Say who it is, or --file with a list of them."))
    said: Said | SaidOfMany
    if args.file is not None:
        said = unsubscribe_file(face.shop, Path(args.file).expanduser(), channel=args.channel, who=who())
    elif args.plain or args.personal:
        said = ask_for_plain(face.shop, args.customer, plain=args.plain, who=who())
    elif args.back:
        said = subscribe(face.shop, args.customer, channel=args.channel, who=who())
    else:
        said = unsubscribe_told(face.shop, args.customer, channel=args.channel, who=who())
    if isinstance(said, SaidOfMany):
        face.show(said_of_many_reply(said), asdict(said))
        return
    face.show(
        said_reply(said),
        {"customer": said.customer.key, "deed": said.deed, "channel": said.channel, "changed": said.changed},
    )


VERBS = [
    Verb("campaign undo", "take an approval back", "zhike campaign undo 3", undo, add_id),
    Verb(
        "campaign send",
        "send by e-mail, each message once",
        "zhike campaign send 3\nzhike campaign send 3 --most 50",
        send,
        add_send,
    ),
    Verb("campaign next", "the text to copy next", "zhike campaign next 3", following, add_id),
    Verb("campaign sent", "the text was sent by hand; the next one", "zhike campaign sent 3 17", sent, add_sent),
    Verb("campaign takeback", "the list is not sent and void", "zhike campaign takeback 3", take_back, add_id),
    Verb("campaign history", "what happened to a campaign", "zhike campaign history 3", history, add_id),
    Verb(
        "limits",
        "who may be written to, how often and when",
        "zhike limits\nzhike limits email\nzhike limits email cap 2/7\nzhike limits sms US quiet 21-8",
        limits,
        add_limits,
    ),
    Verb(
        "unsubscribe",
        "somebody wants no more messages, or nothing personal",
        "zhike unsubscribe ann@example.com\nzhike unsubscribe --file unsubscribed.csv --channel email\n"
        "zhike unsubscribe K0003 --plain",
        unsubscribed,
        add_unsubscribe,
    ),
]
