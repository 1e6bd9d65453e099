"""/pool: learn from other shops' campaigns without showing them yours.

/pool                       → where it stands and what is next; a file that is dropped in next is taken in
/pool new win_back          → the invitation for other shops
/pool join 3 Hill Tea       → the answer to an invitation; `keep 3 Hill Tea` keeps the key as well
/pool start 3               → who is in it, for all; `start 3 without Hill Tea` if one has left,
                              `start 3 anew` without all who have not handed in
/pool submit 3, sum 3       → this shop's counts, locked; the sum for the shop that keeps the key
/pool off 3, on 3, forget 3 → afterwards
"""

from __future__ import annotations

from bot.commands import Command, Request
from bot.replies import Reply, says
from bot.replies.pool import (
    ask_name_reply,
    card_reply,
    cards_reply,
    file_reply,
    forget_question,
    goals_to_choose,
    no_pool_reply,
    taken_reply,
)
from bot.roles import NOTHING
from engine import (
    NotAllowed,
    Phrase,
    PoolFile,
    Progress,
    Shop,
    forget_pool,
    goals,
    join_pool,
    message_settings,
    new_pool,
    pool_card,
    pool_cards,
    read_pool_file,
    start_pool,
    submit_pool,
    sum_pool,
    switch_pool,
    take_pool_file,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    if request.file is not None:
        return taken_reply(take_pool_file(shop, read_pool_file(request.file), who=request.who))
    match request.words:
        case ():
            cards = pool_cards(shop)
            return cards_reply(cards) if cards else no_pool_reply()
        case (number,) if number.isdecimal():
            return card_reply(pool_card(shop, int(number)))
        case ("new",):
            return goals_to_choose(goals(shop))
        case ("new", *wanted):
            return _made(shop, new_pool(shop, [*wanted], who=request.who))
        case ("join" | "keep" as how, number, *name) if number.isdecimal():
            return _join(shop, request, int(number), " ".join(name), keep=how == "keep")
        case ("start", number) if number.isdecimal():
            return _made(shop, start_pool(shop, int(number), who=request.who))
        case ("start", number, "anew") if number.isdecimal():
            missing = pool_card(shop, int(number)).missing
            return _made(shop, start_pool(shop, int(number), without=missing, who=request.who))
        case ("start", number, "without", *name) if number.isdecimal() and name:
            return _made(shop, start_pool(shop, int(number), without=[" ".join(name)], who=request.who))
        case ("submit", number) if number.isdecimal():
            return _made(shop, submit_pool(shop, int(number), who=request.who))
        case ("sum", number) if number.isdecimal():
            return _made(shop, sum_pool(shop, int(number), who=request.who))
        case ("on" | "off" as how, number) if number.isdecimal():
            said = switch_pool(shop, int(number), on=how == "on", who=request.who)
            return card_reply(pool_card(shop, int(number)), said)
        case ("forget", number) if number.isdecimal():
            return forget_question(pool_card(shop, int(number)))
        case ("forget", number, "yes") if number.isdecimal():
            return says(forget_pool(shop, int(number), who=request.who))
    raise NotAllowed(
        Phrase("Say /pool and choose with the buttons, or drop in the file that another shop's Zhike made.")
    )


def _join(shop: Shop, request: Request, pool: int, name: str, *, keep: bool) -> Reply:
    called = name or message_settings(shop).shop_name
    if called is None:
        return ask_name_reply(pool, "keep" if keep else "join")
    return _made(shop, join_pool(shop, pool, name=called, keep_key=keep, who=request.who))


def _made(shop: Shop, file: PoolFile) -> Reply:
    return file_reply(pool_card(shop, file.pool), file)


COMMANDS = [
    Command("pool", Phrase("learn from other shops' campaigns without showing them yours"), run, helpers=NOTHING),
    # the same, for steps and files that take seconds
    Command("pooling", Phrase("a step of a pool"), run, long=True, listed=False, helpers=NOTHING),
]
