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

A number alone is a campaign's when it is typed, as in /results 3; on buttons of earlier versions it is a segment's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import Command, Request
from bot.language import everywhere, speaker
from bot.replies import File, Reply, says
from bot.replies.campaign import (
    approved_reply,
    campaigns_to_choose,
    draft_reply,
    draft_text,
    dropped_reply,
    goals_to_choose,
    segments_to_choose,
    variants_to_choose,
)
from engine import (
    USUAL_WAY,
    Goal,
    NotAllowed,
    NotFound,
    Phrase,
    Progress,
    SampleText,
    Shop,
    StoredSegment,
    approve_campaign,
    channel_named,
    channels,
    draft_campaign,
    drop_campaign,
    due_audience,
    export_campaign,
    find_segments,
    goals,
    lifecycle_audience,
    lifecycle_group_named,
    lifecycle_groups,
    list_campaigns,
    owner_rules,
    product_audience,
    sample_texts,
    segment_members,
    segment_named,
    show_campaign,
    way_named,
)

LETTERS = "ABCDEFGHIJKLMNOP"
TEXT = "text"


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
            return goals_to_choose(_group(shop, " ".join(name)), goals(shop))
        case (segment, goal) if segment.isdecimal():
            return _choose(shop, request, int(segment), _goal(shop, goal))
        case (segment, goal, letters, policy, *way) if segment.isdecimal() and len(way) <= 1:
            return _choose(shop, request, int(segment), _goal(shop, goal), letters, policy, _channel(*way))
        case ("draft", segment, goal, letters, policy, *way) if segment.isdecimal() and len(way) <= 1:
            channel = _channel(*way)
            chosen = _chosen(sample_texts(shop, goal, request.language, channel), letters)
            return draft_reply(
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
                )
            )
        case (deed, number) if number.isdecimal():
            try:
                return _decide(shop, request, deed, int(number))
            except NotAllowed as error:
                return _outdated(shop, request, int(number), error)
    raise NotAllowed(Phrase("Say /campaign and choose with the buttons, or /campaign 3 for campaign 3."))


def _group(shop: Shop, name: str) -> StoredSegment:
    """The segment or the group of the lifecycle that is called so; who for the product of a ref, or who is due."""
    if name == "#due":
        return due_audience(shop)
    if name.startswith("#p"):
        return product_audience(shop, name)
    key = lifecycle_group_named(name, everywhere)
    return segment_named(shop, name, everywhere) if key is None else lifecycle_audience(shop, key)


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
        case "approve":
            draft = approve_campaign(shop, number, who=request.who)
            path = export_campaign(shop, number, say=speaker(request.language))
            reply = approved_reply(draft, path.name, path.read_bytes())
            return replace(reply, settled=draft_text(draft))
        case "drop":
            draft = drop_campaign(shop, number, who=request.who)
            return replace(dropped_reply(draft), settled=draft_text(draft))
        case "list":
            path = export_campaign(shop, number, say=speaker(request.language))
            return Reply((File(path.name, path.read_bytes(), (Phrase("Who gets what, ready to send."),)),))
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
        Phrase("'{deed}' is nothing I can do with a campaign; there are: show, approve, change, drop, list.", deed=deed)
    )


COMMANDS = [Command("campaign", Phrase("draft messages for a segment; nothing goes out unapproved"), run, long=True)]
