"""/segments: the groups, their people, the list of them."""

from __future__ import annotations

from bot.commands import Command, Request
from bot.language import everywhere, language, speaker
from bot.replies import File, Reply
from bot.replies.pictures.places import places_picture
from bot.replies.pictures.segments import segments_picture
from bot.replies.pictures.segments_map import map_picture
from bot.replies.pictures.segments_moves import moves_picture
from bot.replies.pictures.segments_profile import profile_picture
from bot.replies.pictures.segments_tree import tree_picture
from bot.replies.pictures.segments_treemap import treemap_picture
from bot.replies.segment_moves import buttons, changes, movers_reply, moves_picture_reply
from bot.replies.segment_rules import dropped_rule_reply, rule_reply, rules_reply
from bot.replies.segments import choices_reply, members_reply, methods_reply, picture_reply, segments_reply
from bot.roles import all_but, only
from engine import (
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    Shop,
    bases_named,
    basis_choices,
    drop_rule,
    export_movers,
    export_segment,
    find_segments,
    latest_segments,
    owner_rules,
    rule_named,
    save_rule,
    segment_members,
    segment_methods,
    segment_movers,
)

AGAIN = "again"


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case () | ("again",):
            return _grouped(shop, request, None, progress)
        case ("by",):
            return choices_reply(basis_choices(shop))
        case ("how",):
            return methods_reply(segment_methods())
        case ("how", method):
            return _grouped(shop, request, None, progress, method)
        case ("profile" | "map" | "shares" | "tree",):
            return _picture(shop, request)
        case ("moves",):
            return _moves_picture(shop, request)
        case ("moved",):
            return movers_reply(segment_movers(shop))
        case ("moved", "csv"):
            path = export_movers(shop, say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Everybody who moved."),)),))
        case ("rules",) | ("rule",):
            return rules_reply(owner_rules(shop))
        case ("rule", *_):
            return _rule(shop, request)
        case ("drop", _, *_):
            return dropped_rule_reply(drop_rule(shop, _behind(request.text), request.who))
        case ("show", number) if number.isdecimal():
            return members_reply(segment_members(shop, int(number)))
        case ("csv", number) if number.isdecimal():
            path = export_segment(shop, int(number), say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Everybody in this segment."),)),))
    bases = bases_named([word for word in request.words if word != AGAIN], everywhere)
    if bases is not None:
        return _grouped(shop, request, bases, progress)
    raise NotAllowed(
        Phrase(
            "Say /segments for the groups, or press a segment's button for its people; a segment by a rule of your own "
            "is made with /segments rule VIP: orders >= 3."
        )
    )


def _grouped(
    shop: Shop, request: Request, bases: tuple[str, ...] | None, progress: Progress, method: str | None = None
) -> Reply:
    """As the owner chose last, but for what is said anew; a way that is named has as many groups as it finds."""
    k = None if method is None else "auto"
    report = find_segments(shop, bases=bases, method=method, k=k, refresh=AGAIN in request.words, progress=progress)
    speaks = language(request.language)
    # one group has no shares to show
    picture = segments_picture(report, speaks) if len(report.segments) > 1 else None
    places = None if report.places is None else places_picture(report.places, speaks)
    return segments_reply(report, picture, places, news=changes(report.moves), more=buttons(report.moves))


def _rule(shop: Shop, request: Request) -> Reply:
    """The rule that is written behind the word, or the one of that name."""
    text = _behind(request.text)
    there = None if ":" in text or "：" in text else rule_named(shop, text)
    return rule_reply(save_rule(shop, text, request.who) if there is None else there)


def _behind(text: str) -> str:
    """What stands behind the first word."""
    return text.split(maxsplit=1)[1]


def _moves_picture(shop: Shop, request: Request) -> Reply:
    report = latest_segments(shop)
    if report is None or report.moves is None or report.moves.is_one_group:
        raise NotFound(Phrase("There is nothing to draw yet: find the groups again after your next file."))
    return moves_picture_reply(moves_picture(report, report.moves, language(request.language)), report.moves)


def _picture(shop: Shop, request: Request) -> Reply:
    """One of the other pictures of the newest segments."""
    report, said = latest_segments(shop), language(request.language)
    drawing = None if report is None else report.drawing
    if report is None or drawing is None or len(report.segments) < 2:
        raise NotFound(Phrase("There is nothing to draw yet: find the groups first, with /segments again."))
    match request.words:
        case ("profile",):
            return picture_reply(profile_picture(report, drawing, said), Phrase("How your groups differ."))
        case ("tree",) if "tree" in report.quality:
            picture = tree_picture(report.quality["tree"], report.quality["cut"], said)
            return picture_reply(picture, Phrase("The tree of your customers."))
        case ("tree",):
            raise NotFound(Phrase("These groups come from no tree; /segments how shows the ways that make one."))
        case ("map",):
            return picture_reply(map_picture(report, drawing, said), Phrase("Your customers on a map."))
    about = Phrase("Whose money it is.") if report.has_money else Phrase("How many customers each group has.")
    return picture_reply(treemap_picture(report, said), about)


COMMANDS = [
    Command(
        "segments",
        Phrase("who your customers are, in groups"),
        run,
        long=True,
        helpers=all_but("csv …", "moved csv", "drop …", "rule …"),
        draws=only("", "profile", "map", "shares", "tree", "moves", "moved", "show #"),
    )
]
