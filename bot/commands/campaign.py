"""/campaign: choose a segment, a goal and versions; see exactly who gets what; approve, change or drop.

Every step is in its button's line, so that a button works after a restart as it did before:

    /campaign                       → which segment, or which earlier campaign?
    /campaign for 12                → which goal?
    /campaign for new-warned        → the same, for a stage or those who just moved (/lifecycle)
    /campaign for #p7               → the same, for those who may want a product (/recommend); #due: who is due
    /campaign 12 win_back           → which versions?
    /campaign 12 win_back AC uniform → the same, with A and C ticked, all to the same number
    /campaign draft 12 win_back AC cooling:know → the draft, with approve, change and drop
    … AC uniform 1                  → the same for another channel than texts to copy, by its place or name; * for AC
                                      ticks all
    /campaign to K001, ann@x.com    → which goal? for the people of a list, or of a file that comes along
    /campaign rule orders >= 3      → the same, for those who fit a rule
    /campaign product green tea     → the same, for those who should get a product
    /campaign details 3             → all about it, with three texts; brief 3: in short again
    /campaign first 3 20%           → a fifth gets it first; all: everybody at once
    /campaign undo 3                → the approval is taken back
    /campaign list 3 mailchimp      → the list to send; takeback 3: that list is void
    /campaign next 3                → one text after the other; sent 3 17, skip 3 17
    /campaign history 3             → what happened to it

A number alone is a campaign's when it is typed, as in /results 3; on buttons of earlier versions it is a segment's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands import Command, Request
from bot.language import everywhere, speaker
from bot.replies import Reply, says
from bot.replies.campaign import (
    campaigns_to_choose,
    goals_to_choose,
    segments_to_choose,
    variants_to_choose,
    whom_to_name,
)
from bot.replies.campaign_history import history_reply
from bot.replies.draft import approved_reply, draft_for_owner, draft_reply, draft_text, dropped_reply, undone_reply
from bot.replies.sending import hand_reply, list_reply, taken_back_reply
from bot.roles import OWNER, only
from engine import (
    USUAL_WAY,
    Draft,
    Goal,
    NotAllowed,
    NotFound,
    Phrase,
    Picked,
    Progress,
    SampleText,
    Shop,
    approve_campaign,
    audience_by_rule,
    audience_for_product,
    audience_named,
    audience_of_file,
    audience_of_list,
    campaign_steps,
    channel_named,
    channels,
    done_by_hand,
    draft_campaign,
    drop_campaign,
    find_segments,
    goals,
    lifecycle_groups,
    list_campaigns,
    next_by_hand,
    owner_rules,
    sample_texts,
    segment_members,
    set_first_wave,
    show_campaign,
    take_back_list,
    undo_approval,
    way_named,
    write_campaign_list,
)

LETTERS = "ABCDEFGHIJKLMNOP"
TEXT = "text"
COMPARISON = re.compile("[<>=≥≤]")


def run(shop: Shop, request: Request, progress: Progress) -> Reply:
    match request.words:
        case ():
            own = tuple(rule.segment for rule in owner_rules(shop) if rule.segment is not None)
            segments = (*own, *find_segments(shop, progress=progress).segments)
            return segments_to_choose(segments, list_campaigns(shop), lifecycle_groups(shop))
        case ("all",):
            return campaigns_to_choose(list_campaigns(shop))
        case (number,) if number.isdecimal() and not request.pressed:
            return draft_reply(show_campaign(shop, int(number)))
        case ("for", segment) | (segment,) if segment.isdecimal():
            return goals_to_choose(segment_members(shop, int(segment)).segment, goals(shop))
        case ("for", *name) if name:
            return _goals(shop, audience_named(shop, " ".join(name), everywhere, progress=progress))
        case ("to", *_) | ("rule", *_) | ("product", *_):
            return _picked(shop, request, progress)
        case (segment, goal) if segment.isdecimal():
            return _choose(shop, request, int(segment), _goal(shop, goal))
        case (segment, goal, letters, policy, *way) if segment.isdecimal() and len(way) <= 1:
            return _choose(shop, request, int(segment), _goal(shop, goal), letters, policy, _channel(*way))
        case ("draft", segment, goal, letters, policy, *way) if segment.isdecimal() and len(way) <= 1:
            channel = _channel(*way)
            chosen = _chosen(sample_texts(shop, goal, request.language, channel), letters)
            return _drafted(
                request,
                draft_campaign(
                    shop,
                    segment_id=int(segment),
                    goal=goal,
                    language=request.language,
                    channel=channel,
                    variants=chosen,
                    policy=policy,
                    who=request.who,
                    progress=progress,
                ),
            )
        case ("sent" | "skip" as deed, number, position) if number.isdecimal() and position.isdecimal():
            handed = done_by_hand(shop, int(number), int(position), sent=deed == "sent", who=request.who)
            return hand_reply(handed, int(number))
        case ("first", number, *share) if number.isdecimal() and share:
            draft = set_first_wave(shop, int(number), " ".join(share), who=request.who)
            return replace(draft_reply(draft), in_place=True)
        case ("list", number, layout) if number.isdecimal():
            return _list(shop, request, int(number), layout)
        case (deed, number) if number.isdecimal():
            try:
                return _decide(shop, request, deed, int(number))
            except NotAllowed as error:
                return _outdated(shop, request, int(number), error)
    raise NotAllowed(Phrase("Say /campaign and choose with the buttons, or /campaign 3 for campaign 3."))


def _drafted(request: Request, draft: Draft) -> Reply:
    """The draft; one by a helper waits for the owner, who hears of it."""
    return draft_reply(draft) if request.role == OWNER else draft_for_owner(draft)


def _goals(shop: Shop, picked: Picked) -> Reply:
    return goals_to_choose(picked.segment, goals(shop), picked.notes)


def _picked(shop: Shop, request: Request, progress: Progress) -> Reply:
    """Which goal, for people who are named, fit a rule or should get a product; asks for them where they are not."""
    way, *rest = request.words
    said = request.text.split(maxsplit=1)[1] if rest else ""
    if way == "to" and request.file is not None:
        return _goals(shop, audience_of_file(shop, request.file, name=request.file_name))
    if not said:
        return whom_to_name(way)
    if way == "rule" or (way == "to" and COMPARISON.search(said)):  # no name or number has such a sign
        return _goals(shop, audience_by_rule(shop, said))
    if way == "to":
        return _goals(shop, audience_of_list(shop, said))
    return _goals(shop, audience_for_product(shop, said, progress=progress))


def _list(shop: Shop, request: Request, number: int, layout: str) -> Reply:
    written = write_campaign_list(shop, number, layout=layout, say=speaker(request.language), who=request.who)
    return list_reply(written)


def _channel(word: str = TEXT) -> str:
    """The channel of this name, or at this place."""
    by_place = {str(channel.place): channel.key for channel in channels().values()}
    return by_place.get(word) or channel_named(word).key


def _goal(shop: Shop, key: str) -> Goal:
    found = {goal.key: goal for goal in goals(shop)}
    if key not in found:
        raise NotFound(Phrase("There is no goal '{key}'; there are: {keys}.", key=key, keys=tuple(found)))
    return found[key]


def _choose(
    shop: Shop,
    request: Request,
    segment: int,
    goal: Goal,
    letters: str = "",
    policy: str = USUAL_WAY,
    channel: str = TEXT,
    dropped: int | None = None,
) -> Reply:
    texts = sample_texts(shop, goal.key, request.language, channel)
    way_named(policy)
    everything = LETTERS[: len(texts)]
    ticked = everything if letters in ("", "*") else letters.upper()
    chosen = "".join(letter for letter in everything if letter in ticked)
    found, way = segment_members(shop, segment).segment, channel_named(channel)
    return variants_to_choose(found, goal, texts, chosen or "-", policy, way, dropped)


def _chosen(texts: Sequence[SampleText], letters: str) -> list[str]:
    chosen = [text.name for letter, text in zip(LETTERS, texts, strict=False) if letter in letters.upper()]
    if not chosen:
        raise NotAllowed(Phrase("Tick at least one version of the message first."))
    return chosen


def _outdated(shop: Shop, request: Request, number: int, error: NotAllowed) -> Reply:
    """The refusal; the draft whose button was pressed tells from now on that it was decided before."""
    if not request.pressed:
        raise error
    draft = show_campaign(shop, number)
    return replace(says(error.phrase), settled=None if draft.status == "draft" else draft_text(draft))


def _decide(shop: Shop, request: Request, deed: str, number: int) -> Reply:
    match deed:
        case "show":
            return draft_reply(show_campaign(shop, number))
        case "details" | "brief":
            return replace(draft_reply(show_campaign(shop, number), whole=deed == "details"), in_place=True)
        case "approve":
            draft = approve_campaign(shop, number, who=request.who)
            # the new message has the buttons
            return replace(approved_reply(draft), settled=replace(draft_text(draft), buttons=()))
        case "drop":
            draft = drop_campaign(shop, number, who=request.who)
            return replace(dropped_reply(draft), settled=draft_text(draft))
        case "list":
            return _list(shop, request, number, "plain")
        case "undo":
            draft = undo_approval(shop, number, who=request.who)
            return replace(undone_reply(draft), settled=draft_text(draft))
        case "takeback":
            return taken_back_reply(number, take_back_list(shop, number, who=request.who))
        case "next":
            return hand_reply(next_by_hand(shop, number, who=request.who), number)
        case "history":
            return history_reply(number, campaign_steps(shop, number), request.who)
        case "change":
            draft = drop_campaign(shop, number, who=request.who)
            if draft.segment is None:
                raise NotFound(Phrase("The segment of this campaign is no longer there: begin anew with /campaign"))
            names = {variant.template for variant in draft.variants}
            texts = sample_texts(shop, draft.goal, request.language, draft.channel)
            letters = "".join(letter for letter, text in zip(LETTERS, texts, strict=False) if text.name in names)
            aim = _goal(shop, draft.goal)
            choice = _choose(shop, request, draft.segment, aim, letters, draft.policy, draft.channel, draft.campaign)
            return replace(choice, in_place=False, settled=draft_text(draft))
    raise NotAllowed(
        Phrase(
            "'{deed}' is nothing I can do with a campaign; there are: show, approve, undo, change, drop, list, next, "
            "takeback, history.",
            deed=deed,
        )
    )


# a helper chooses and drafts; what is decided on a draft, and what goes out, is the owner's
HELPERS = only(
    *("", "all", "#", "for …", "to …", "rule …", "product …", "show #", "details #", "brief #", "history #"),
    *("# *", "# * * *", "# * * * *", "draft # * * *", "draft # * * * *"),
)

COMMANDS = [
    Command(
        "campaign", Phrase("draft messages for a segment; nothing goes out unapproved"), run, long=True, helpers=HELPERS
    )
]
