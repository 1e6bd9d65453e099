"""/segments: the groups, their people, the list of them."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import everywhere, language, speaker
from bot.replies import File, Reply
from bot.replies.pictures.places import places_picture
from bot.replies.pictures.segments import segments_picture
from bot.replies.pictures.segments_map import map_picture
from bot.replies.pictures.segments_profile import profile_picture
from bot.replies.pictures.segments_treemap import treemap_picture
from bot.replies.segments import choices_reply, members_reply, picture_reply, segments_reply
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    bases_named,
    basis_choices,
    export_segment,
    find_segments,
    last_bases,
    latest_segments,
    segment_members,
)

AGAIN = "again"


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case () | ("again",):
            return _grouped(shop, request, last_bases(shop), progress)
        case ("by",):
            return choices_reply(basis_choices(shop))
        case ("profile" | "map" | "shares",):
            return _picture(shop, request)
        case ("show", number) if number.isdecimal():
            return members_reply(segment_members(shop, int(number)))
        case ("csv", number) if number.isdecimal():
            path = export_segment(shop, int(number), say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Everybody in this segment."),)),))
    bases = bases_named([word for word in request.words if word != AGAIN], everywhere)
    if bases is not None:
        return _grouped(shop, request, bases, progress)
    raise NotAllowed(Phrase("Say /segments for the groups, or press a segment's button for its people."))


def _grouped(shop: Shop, request: Request, bases: tuple[str, ...], progress: Progress) -> Reply:
    report = find_segments(shop, bases=bases, refresh=AGAIN in request.words, progress=progress)
    speaks = language(request.language)
    # one group has no shares to show
    picture = segments_picture(report, speaks) if len(report.segments) > 1 else None
    places = None if report.places is None else places_picture(report.places, speaks)
    return segments_reply(report, picture, places)


def _picture(shop: Shop, request: Request) -> Reply:
    """One of the other pictures of the newest segments."""
    report, said = latest_segments(shop), language(request.language)
    drawing = None if report is None else report.drawing
    if report is None or drawing is None or len(report.segments) < 2:
        raise NotFound(Phrase("There is nothing to draw yet: find the groups first, with /segments again."))
    match request.words:
        case ("profile",):
            return picture_reply(profile_picture(report, drawing, said), Phrase("How your groups differ."))
        case ("map",):
            return picture_reply(map_picture(report, drawing, said), Phrase("Your customers on a map."))
    about = Phrase("Whose money it is.") if report.has_money else Phrase("How many customers each group has.")
    return picture_reply(treemap_picture(report, said), about)


COMMANDS = [Command("segments", Phrase("who your customers are, in groups"), run, long=True)]
