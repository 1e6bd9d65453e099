"""/wave: the next part of a campaign goes out, by what came of the parts before.

/wave                → the campaigns for which somebody waits
/wave 3              → the card of the next wave of campaign 3; /wave 3 50, /wave 3 20%, /wave 3 rest for another size
/wave approve 3 2 50 → wave 2 of campaign 3, to 50 people
/wave drop 3         → who still waits gets nothing
/wave more 3         → who has come into the audience since waits for the next wave
"""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Command, Request
from bot.replies import Reply, Text
from bot.replies.wave import (
    approved_wave,
    ask_for_size,
    joined_reply,
    rest_dropped,
    wave_lines,
    wave_reply,
    waves_to_choose,
)
from bot.roles import only
from engine import (
    NotAllowed,
    Phrase,
    Progress,
    Shop,
    approve_wave,
    drop_rest,
    list_campaigns,
    show_campaign,
    show_wave,
    take_in_newcomers,
)


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            waiting = [line for line in list_campaigns(shop) if line.waiting]
            if len(waiting) == 1:
                return wave_reply(show_wave(shop, waiting[0].campaign))
            return waves_to_choose(waiting)
        case ("size", number) if number.isdecimal():
            return ask_for_size(int(number))
        case ("approve", number, wave, *size) if number.isdecimal() and wave.isdecimal():
            return _approved(shop, request, int(number), int(wave), " ".join(size) or None, progress)
        case ("drop", number) if number.isdecimal():
            return rest_dropped(int(number), drop_rest(shop, int(number), who=request.who))
        case ("more", number) if number.isdecimal():
            joined = take_in_newcomers(shop, int(number), who=request.who, progress=progress)
            return joined_reply(joined, show_wave(shop, int(number)))
        case (number, *size) if number.isdecimal():
            return wave_reply(show_wave(shop, int(number), " ".join(size) or None))
    raise NotAllowed(Phrase("Say which campaign is to go on, such as /wave 3"))


def _approved(shop: Shop, request: Request, number: int, wave: int, size: str | None, progress: Progress) -> Reply:
    card = approve_wave(shop, number, wave, size, who=request.who, progress=progress)
    draft = show_campaign(shop, number)
    settled = Text(wave_lines(replace(card, waiting=card.waiting + card.n)))
    return replace(approved_wave(card, draft), settled=settled)


COMMANDS = [
    Command(
        "wave",
        Phrase("send a campaign on to the next people, by what came back"),
        run,
        long=True,
        helpers=only("", "# …", "size #"),
    )
]
