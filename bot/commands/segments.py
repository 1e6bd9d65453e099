"""/segments: the groups, their people, the list of them."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import language, speaker
from bot.replies import File, Reply
from bot.replies.pictures.segments import segments_picture
from bot.replies.segments import members_reply, segments_reply
from engine import NotAllowed, Phrase, Progress, Shop, export_segment, find_segments, segment_members


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case () | ("again",):
            report = find_segments(shop, refresh=bool(request.words), progress=progress)
            # one group has no shares to show
            picture = segments_picture(report, language(request.language)) if len(report.segments) > 1 else None
            return segments_reply(report, picture)
        case ("show", number) if number.isdecimal():
            return members_reply(segment_members(shop, int(number)))
        case ("csv", number) if number.isdecimal():
            path = export_segment(shop, int(number), say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Everybody in this segment."),)),))
    raise NotAllowed(Phrase("Say /segments for the groups, or press a segment's button for its people."))


COMMANDS = [Command("segments", Phrase("who your customers are, in groups"), run, long=True)]
