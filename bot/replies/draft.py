"""A draft as its owner decides on it, in short and whole, and what is said once that is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.replies import Button, Buttons, Gap, Item, Line, Quote, Reply, Text, Title, in_a_row, says
from bot.replies.campaign import STATUSES, whole_text
from bot.replies.sending import audience_more, wave_notes, ways_to_send, went_lines
from engine import Draft, NotFound, Phrase, Sample, SmsCost, counted, way_named, ways

PART = 0.2  # of the people, that is offered as a first wave


def draft_reply(draft: Draft, *, whole: bool = False) -> Reply:
    return Reply((whole_draft_text(draft) if whole else draft_text(draft),))


def draft_for_owner(draft: Draft) -> Reply:
    """A draft as the helper who made it reads it, and what the owner hears of it."""
    text, number = draft_text(draft), str(draft.campaign)
    waits = Phrase("It waits for the owner's approval; I have told them.")
    told = Text(
        (
            Phrase(
                "A helper has drafted campaign {id}: {goal}, for: {segment}. It waits for your approval.",
                id=number,
                goal=draft.goal_title,
                segment=draft.segment_name,
            ),
        ),
        ((Button(Phrase("Look at it"), f"/campaign show {number}"),),),
    )
    # the last line asks whether to approve
    return Reply((replace(text, lines=(*text.lines[:-1], waits)),), for_owner=told)


def draft_text(draft: Draft) -> Text:
    """What the founder decides by, short enough for a phone; a button shows the rest."""
    lines: list[Line] = [_draft_title(draft), *audience_lines(draft)]
    if draft.variants:
        lines.append(Item(_versions(draft)))
    if draft.sms is not None:
        lines += map(Item, sms_lines(draft.sms))
    lines += map(Item, draft.deciding)
    if draft.samples:
        sizes = {variant.label: variant.n for variant in draft.variants}
        lines += [Gap(), *_sample(max(draft.samples, key=lambda sample: sizes.get(sample.variant, 0)))]
    return Text((*lines, Gap(), status_line(draft)), draft_buttons(draft, more=True))


def whole_draft_text(draft: Draft) -> Text:
    """Who exactly gets what, three rendered messages, all that is to be known, and the choice that is the founder's."""
    lines: list[Line] = [_draft_title(draft), *audience_lines(draft), Gap()]
    for variant in draft.variants:
        lines.append(
            Item(
                counted(
                    "{label} ({title}): {n} person",
                    "{label} ({title}): {n} people",
                    n=variant.n,
                    label=variant.label,
                    title=variant.title,
                )
            )
        )
    if len(draft.variants) > 1:
        lines += way_lines(draft.policy, to_choose=draft.status == "draft")
    lines += [Gap(), Title(Phrase("As some of them would read it"))]
    for sample in draft.samples:
        lines += _sample(sample)
    if draft.sms is not None:
        lines += [Gap(), *map(Item, sms_lines(draft.sms))]
    if draft.notes:
        lines += [Gap(), *(Item(note) for note in draft.notes)]
    return Text((*lines, Gap(), status_line(draft)), draft_buttons(draft))


def _draft_title(draft: Draft) -> Title:
    return Title(
        Phrase(
            "Campaign {id}: {goal}, for: {segment}",
            id=str(draft.campaign),
            goal=draft.goal_title,
            segment=draft.segment_name,
        )
    )


def _sample(sample: Sample) -> list[Line]:
    return [
        Phrase("{who}, version {variant}:", who=sample.name or sample.customer, variant=sample.variant),
        Quote(whole_text(sample)),
    ]


def _versions(draft: Draft) -> Phrase:
    """How many get each version, and how they are shared out."""
    counts = tuple(Phrase("{label} {n}", label=variant.label, n=variant.n) for variant in draft.variants)
    if len(counts) < 2:
        return Phrase("one version: {title}", title=draft.variants[0].title)
    return Phrase("{counts}; who gets which: {how}", counts=counts, how=_way(draft.policy))


def _way(policy: str) -> Phrase:
    """In a few words; only the name of a way that is no longer there."""
    try:
        return way_named(policy).label
    except NotFound:
        return Phrase("{name}", name=policy)


def way_lines(policy: str, *, to_choose: bool) -> list[Line]:
    """Who gets which version, and while that is to be chosen what it gains and costs."""
    lines: list[Line] = [Item(Phrase("Who gets which: {how}", how=_way(policy)))]
    if to_choose and policy in ways():
        lines.append(Item(ways()[policy].cost))
    return lines


def audience_lines(draft: Draft) -> list[Line]:
    lines: list[Line] = [
        counted("{n} person would have got a message", "{n} people would have got a message", n=draft.audience)
        if draft.status == "dropped"
        else counted("{n} person gets a message", "{n} people get a message", n=draft.audience),
    ]
    lines += [
        Item(counted("{n} left out: {reason}", "{n} left out: {reason}", n=n, reason=Phrase(reason)))
        for reason, n in draft.excluded.items()
    ]
    lines += map(Item, [*gone_since(draft), *audience_more(draft)])
    if draft.holdout:
        lines.append(
            Item(
                counted(
                    "{n} held back at random, to compare with later",
                    "{n} held back at random, to compare with later",
                    n=draft.holdout,
                )
            )
        )
    return [*lines, *map(Item, wave_notes(draft)), *went_lines(draft)]


def sms_lines(sms: SmsCost) -> list[Phrase]:
    """Of how many parts the SMS are, and what they cost."""
    total = counted("{n} SMS part in all", "{n} SMS parts in all", n=sms.total)
    lines = [
        Phrase("{parts}; what one costs is not said yet: /templates price 0.05", parts=total)
        if sms.cost is None
        else Phrase("{parts}, which costs {cost}", parts=total, cost=sms.cost)
    ]
    if sms.most > 1:
        lines.append(
            counted(
                "{n} person gets the longest, of {most} parts",
                "{n} people get the longest, of {most} parts",
                n=sms.n_most,
                most=sms.most,
            )
        )
    return lines


def gone_since(draft: Draft) -> list[Phrase]:
    """Who unsubscribed since the draft, if anybody did."""
    n = draft.unsubscribed_since
    if not n:
        return []
    if draft.status == "draft":
        return [
            counted(
                "{n} of them has unsubscribed since the draft and will get nothing",
                "{n} of them have unsubscribed since the draft and will get nothing",
                n=n,
            )
        ]
    return [
        counted(
            "{n} person unsubscribed since the draft and gets nothing",
            "{n} people unsubscribed since the draft and get nothing",
            n=n,
        )
    ]


def status_line(draft: Draft) -> Phrase:
    if draft.status == "draft":
        return Phrase("Nothing is sent yet. Approve it, change it or drop it?")
    return Phrase(
        "This campaign was {status} on {at:%Y-%m-%d %H:%M}.", status=STATUSES[draft.status], at=draft.decided_at
    )


def draft_buttons(draft: Draft, *, more: bool = False) -> Buttons:
    """`more`: there is more to be read of a draft than is shown."""
    number = draft.campaign
    if draft.status == "draft":
        part = (
            Button(Phrase("First to {share:.0%}, then by what came of it", share=PART), f"/campaign first {number} 20%")
            if draft.first_share is None
            else Button(Phrase("To all at once instead"), f"/campaign first {number} all")
        )
        return (
            (Button(Phrase("Approve"), f"/campaign approve {number}"),),
            (part,),
            (
                Button(Phrase("Change"), f"/campaign change {number}"),
                Button(Phrase("Drop"), f"/campaign drop {number}"),
            ),
            (
                Button(Phrase("All details and three texts"), f"/campaign details {number}")
                if more
                else Button(Phrase("In short"), f"/campaign brief {number}"),
            ),
        )
    if draft.status == "approved":
        return (
            *ways_to_send(draft),
            *(((Button(Phrase("The next wave"), f"/wave {number}"),),) if draft.waiting else ()),
            (Button(Phrase("Tell the outcome"), f"/outcome {number}"), Button(Phrase("Results"), f"/results {number}")),
        )
    return ()


def approved_reply(draft: Draft) -> Reply:
    """How it can go out, to be chosen: a list and a mail would be two messages to the same people."""
    return says(
        Title(Phrase("Campaign {id} is approved.", id=str(draft.campaign))),
        *audience_lines(draft),
        Gap(),
        which_way(draft),
        Phrase(
            "Later import your next orders and I look up who bought, or tell me, like this: {example}",
            example=example((variant.label, variant.n) for variant in draft.variants),
        ),
        buttons=draft_buttons(draft),
    )


def which_way(draft: Draft) -> Phrase:
    """Asks for the way in which the messages are to go out."""
    if draft.by_mail:
        return Phrase(
            "Choose one way to send it: through your mail server, as a list for your own tool, or one by one."
        )
    return Phrase("Choose one way to send it: as a list for your own tool, or one by one.")


def example(sends: Iterable[tuple[str, int]]) -> Phrase:
    """How an outcome is told, from each version's label and number of messages."""
    return in_a_row(f"{label} {min(3, -(-n // 4))}/{n}" for label, n in sends)


def dropped_reply(draft: Draft) -> Reply:
    return says(Phrase("Campaign {id} is dropped; nobody gets anything.", id=str(draft.campaign)))


def undone_reply(draft: Draft) -> Reply:
    return says(
        Phrase(
            "The approval of campaign {id} is taken back; it is a draft again. A list of it is void.",
            id=str(draft.campaign),
        )
    )
