"""zhike pool: learn from other shops' campaigns without showing them yours; each step makes a file to send on."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import who
from bot.replies import Gap, Reply, Text, says
from bot.replies.pool import NOTHING_NEW, SEND_ON, WHAT_IT_IS, card_reply, card_text, taken_reply
from engine import (
    NotAllowed,
    Phrase,
    PoolCard,
    PoolFile,
    Taken,
    forget_pool,
    join_pool,
    new_pool,
    pool_card,
    pool_cards,
    pooled_ratio,
    read_pool_file,
    start_pool,
    submit_pool,
    sum_pool,
    switch_pool,
    take_pool_file,
    write_pool_file,
)


def add_pool(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pool", type=int, metavar="N", help="which pool (default: the newest)")


def add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="FILE", help="where to write the file to send on: a new file, or a folder")


def add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("goal", nargs="+", help="what the messages are for, such as win_back")
    parser.add_argument("--channel", default="any", help="only messages on this channel (default: all)")
    parser.add_argument("--shops", type=int, default=5, metavar="N", help="open it with N shops at least (default: 5)")
    parser.add_argument(
        "--epsilon", type=float, default=1.0, help="privacy loss for one message: less is more noise (default: 1)"
    )
    parser.add_argument("--days", type=int, default=30, metavar="N", help="how long it lasts (default: 30)")
    add_out(parser)


def run_new(args: argparse.Namespace, face: Face) -> None:
    goals = [goal.strip().lower().replace("-", "_") for goal in args.goal]
    terms = {"channel": args.channel, "fewest": args.shops, "epsilon": args.epsilon, "days": args.days}
    _made(new_pool(face.shop, goals, **terms, who=who()), args, face)


def add_join(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="the invitation; without it, the pool that you began")
    parser.add_argument("--name", help="what your shop is called, as the others see it")
    parser.add_argument("--keep-key", action="store_true", help="this shop keeps the key (not the one that began)")
    add_out(parser)


def run_join(args: argparse.Namespace, face: Face) -> None:
    pool = None
    if args.file is not None:
        pool = take_pool_file(face.shop, read_pool_file(args.file), ["invitation"], who=who()).card.id
    _made(join_pool(face.shop, pool, name=args.name, keep_key=args.keep_key, who=who()), args, face)


def add_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="+", help="files that the shops sent you: their answers, or their counts")


def run_add(args: argparse.Namespace, face: Face) -> None:
    """Each file by itself, in order: what was taken in stays, and the first that is refused ends it."""
    taken = [take_pool_file(face.shop, read_pool_file(file), ["join", "submission"], who=who()) for file in args.file]
    for one in taken[:-1]:
        if not face.as_json:
            face.say(NOTHING_NEW if not one.new else Phrase("“{name}”: taken in.", name=one.who or ""))
    face.show(taken_reply(taken[-1]), {"files": [_taken(one) for one in taken], "pool": _card(taken[-1].card)})


def add_start(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave out a shop that joined")
    add_pool(parser)
    add_out(parser)


def run_start(args: argparse.Namespace, face: Face) -> None:
    _made(start_pool(face.shop, args.pool, without=args.without, who=who()), args, face)


def add_submit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="the file that starts the pool; without it, the pool that you began")
    parser.add_argument("--digits", help="the digits that another shop read to you; if yours differ, nothing is done")
    parser.add_argument("--pool", type=int, metavar="N", help="which pool (default: the newest)")
    add_out(parser)


def run_submit(args: argparse.Namespace, face: Face) -> None:
    pool = args.pool
    if args.file is not None:
        pool = take_pool_file(face.shop, read_pool_file(args.file), ["roster"], who=who()).card.id
    if args.digits is not None:
        shown = pool_card(face.shop, pool).fingerprint or ""
        if [*filter(str.isdecimal, args.digits)] != [*filter(str.isdecimal, shown)]:
            raise NotAllowed(
                Phrase("These are not the digits of your pool, which are {digits}: do not go on.", digits=shown)
            )
    _made(submit_pool(face.shop, pool, who=who()), args, face)


def add_sum(parser: argparse.ArgumentParser) -> None:
    add_pool(parser)
    add_out(parser)


def run_sum(args: argparse.Namespace, face: Face) -> None:
    _made(sum_pool(face.shop, args.pool, who=who()), args, face)


def add_open(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", help="the sum, which the shop that began the pool sent you")
    add_out(parser)


def run_open(args: argparse.Namespace, face: Face) -> None:
    taken = take_pool_file(face.shop, read_pool_file(args.file), ["sum"], who=who())
    assert taken.file is not None
    _made(taken.file, args, face)


def add_use(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", help="the result")
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument("--off", action="store_true", help="leave what other shops saw out of your campaigns")
    switch.add_argument("--on", action="store_true", help="count it again")
    add_pool(parser)


def run_use(args: argparse.Namespace, face: Face) -> None:
    if args.file is not None:
        taken = take_pool_file(face.shop, read_pool_file(args.file), ["result"], who=who())
        face.show(taken_reply(taken), {**_taken(taken), "pool": _card(taken.card)})
    if args.on or args.off or args.file is None:
        if not (args.on or args.off):
            raise NotAllowed(Phrase("Give the result's file, or say --off or --on."))
        said = switch_pool(face.shop, args.pool, on=args.on, who=who())
        if args.file is None:
            face.show(says(said), {"used": args.on})


def run_show(args: argparse.Namespace, face: Face) -> None:
    cards = [pool_card(face.shop, args.pool)] if args.pool is not None else [*pool_cards(face.shop)]
    lines = [line for card in cards for line in (*card_text(card).lines, Gap())]
    face.show(says(*(lines or WHAT_IT_IS)), {"pools": [_card(card) for card in cards]})


def add_forget(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pool", type=int, help="which pool")
    parser.add_argument("--yes", action="store_true", help="really: its keys, files and totals are deleted")


def run_forget(args: argparse.Namespace, face: Face) -> None:
    if not args.yes:
        raise NotAllowed(Phrase("Say --yes as well: the pool's keys, files and totals are deleted."))
    face.show(says(forget_pool(face.shop, args.pool, who=who())), {"forgotten": args.pool})


def _made(file: PoolFile, args: argparse.Namespace, face: Face) -> None:
    """Write the file, and say where it is and what to do with it."""
    path = write_pool_file(face.shop, file, Path(args.out).expanduser() if args.out else None)
    card = pool_card(face.shop, file.pool)
    face.show(_with_file(card, file, path), {"file": str(path), "kind": file.kind, "pool": _card(card)})


def _with_file(card: PoolCard, file: PoolFile, path: Path) -> Reply:
    where = Phrase("{path}: {what}", path=str(path), what=SEND_ON[file.kind])
    (text,) = card_reply(card).parts
    assert isinstance(text, Text)
    return says(where, Gap(), *text.lines)


def _taken(taken: Taken) -> dict[str, Any]:
    return {"kind": taken.kind, "from": taken.who, "new": taken.new}


def _card(card: PoolCard) -> dict[str, Any]:
    result = card.result
    return {
        "id": card.id,
        "goals": [str(goal) for goal in card.goals],
        "channel": card.channel,
        "fewest": card.fewest,
        "epsilon_of_a_message": card.epsilon,
        "epsilon_of_a_customer": card.epsilon * card.per_customer,
        "until": card.until,
        "organised": card.organised,
        "name": card.name,
        "keeps_key": card.keeps_key,
        "joined": card.joined,
        "members": card.members,
        "keeper": card.keeper,
        "digits": card.fingerprint,
        "submitted": card.submitted,
        "missing": card.missing,
        "used": card.used,
        "result": None
        if result is None
        else {
            "shops": result.n_shops,
            "noise_deviation": result.deviation,
            "values": [
                {"goal": cell.goal, "trait": cell.trait, "value": cell.value, "conversions": cell.wins,
                 "sends": cell.wins + cell.misses, "expected": cell.expected, "ratio": pooled_ratio(cell)}
                for cell in result.cells
            ],
        },
    }  # fmt: skip


VERBS = [
    Verb("pool new", "invite other shops to pool what messages for a goal brought", "zhike pool new win_back\n"
         "zhike pool new win_back --shops 8 --channel sms", run_new, add_new),
    Verb("pool join", "answer an invitation, with your shop's keys", 'zhike pool join invitation.json --name Tea\n'
         'zhike pool join invitation.json --name "Hill Tea" --keep-key', run_join, add_join),
    Verb("pool add", "take in what the shops sent you: answers and counts", "zhike pool add *-join-*.json", run_add,
         add_add),
    Verb("pool start", "bind who has joined together", 'zhike pool start\nzhike pool start --without "Hill Tea"',
         run_start, add_start),
    Verb("pool submit", "your counts, locked", "zhike pool submit roster.json\n"
         'zhike pool submit roster.json --digits "12345 67890 …"', run_submit, add_submit),
    Verb("pool sum", "add up all counts, for the shop that keeps the key", "zhike pool sum", run_sum, add_sum),
    Verb("pool open", "open the sum, as the shop that keeps the key", "zhike pool open sum.json", run_open, add_open),
    Verb("pool use", "let the result count in your campaigns", "zhike pool use result.json\nzhike pool use --off",
         run_use, add_use),
    Verb("pool show", "where your pools stand", "zhike pool show", run_show, add_pool),
    Verb("pool forget", "delete a pool with its keys", "zhike pool forget 1 --yes", run_forget, add_forget),
]  # fmt: skip
