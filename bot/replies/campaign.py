"""A campaign from its first choice to the list to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.replies import Button, Gap, Item, Line, Quote, Reply, Text, Title, says
from engine import (
    CampaignLine,
    Channel,
    Goal,
    GroupLine,
    Phrase,
    Sample,
    SampleText,
    StoredSegment,
    channels,
    counted,
    way_named,
    ways,
)

STATUSES = {"approved": Phrase("approved"), "dropped": Phrase("dropped"), "draft": Phrase("still a draft")}
MOVED = 4  # groups of the lifecycle that are offered beside the segments
EARLIER = 3  # campaigns that are offered beside a new one
MOST = 20  # campaigns in one list of buttons


def segments_to_choose(
    segments: Sequence[StoredSegment], campaigns: Sequence[CampaignLine], moved: Sequence[GroupLine] = ()
) -> Reply:
    """For whom a new campaign is, or which one of `campaigns`, the newest first, to look at again.

    `moved` are groups of the lifecycle, the most pressing first.
    """
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                counted("{name} ({n} person)", "{name} ({n} people)", n=segment.size, name=segment.name),
                f"/campaign for {segment.id}",
            ),
        )
        for segment in segments
    ]
    rows += [
        (
            Button(
                counted("{name} ({n} person)", "{name} ({n} people)", n=group.n, name=group.name),
                f"/campaign for {group.key}",
            ),
        )
        for group in moved[:MOVED]
    ]
    rows.append(
        (
            Button(Phrase("People whom I name"), "/campaign to"),
            Button(Phrase("Who may want a product"), "/campaign product"),
        )
    )
    lines: list[Line] = [Title(Phrase("A new campaign")), Phrase("Who is it for?")]
    if campaigns:
        lines += [Gap(), Phrase("The last buttons are your earlier campaigns.")]
        rows += [(campaign_button(line, f"/campaign show {line.campaign}"),) for line in campaigns[:EARLIER]]
    if len(campaigns) > EARLIER:
        rows.append((Button(Phrase("All earlier campaigns"), "/campaign all"),))
    return says(*lines, buttons=tuple(rows))


def campaigns_to_choose(campaigns: Sequence[CampaignLine]) -> Reply:
    """Buttons to `campaigns`, the newest first."""
    if not campaigns:
        return says(Phrase("No campaign has been drafted yet: /campaign begins one."))
    lines: list[Line] = [Title(Phrase("Your campaigns, the newest first"))]
    if len(campaigns) > MOST:
        lines.append(Phrase("For an older one say its number, such as /campaign 1"))
    return says(
        *lines,
        buttons=tuple((campaign_button(line, f"/campaign show {line.campaign}"),) for line in campaigns[:MOST]),
    )


def campaign_button(line: CampaignLine, says: str) -> Button:
    """A button that tells which campaign it is about: number, state, goal and segment."""
    label = (
        Phrase(
            "Campaign {id}: {goal}, for: {segment}",
            id=str(line.campaign),
            goal=line.goal_title,
            segment=line.segment_name,
        )
        if line.status == "approved"
        else Phrase(
            "Campaign {id} ({status}): {goal}, for: {segment}",
            id=str(line.campaign),
            status=STATUSES[line.status],
            goal=line.goal_title,
            segment=line.segment_name,
        )
    )
    return Button(label, says)


def whom_to_name(way: str) -> Reply:
    """Asks for the people of a list, for a rule, or for a product."""
    asked = {
        "to": Phrase(
            "Name them: customer numbers, e-mails, phones or names with commas between, or send a file that has them."
        ),
        "rule": Phrase("What must hold of them? Such as: {example}", example="orders >= 3"),
        "product": Phrase("Which product? Say its name or number."),
    }[way]
    return replace(says(asked), awaits=f"/campaign {way}")


def goals_to_choose(segment: StoredSegment, goals: Sequence[Goal], notes: Sequence[Phrase] = ()) -> Reply:
    rows = tuple((Button(goal.title, f"/campaign {segment.id} {goal.key}"),) for goal in goals)
    return says(
        Title(Phrase("A new campaign for: {name}", name=segment.name)),
        segment.sentence,
        *map(Item, notes),
        Gap(),
        Phrase("What should it do?"),
        buttons=rows,
    )


def variants_to_choose(
    segment: StoredSegment,
    goal: Goal,
    texts: Sequence[SampleText],
    chosen: str,
    policy: str,
    channel: Channel,
    dropped: int | None,
) -> Reply:
    """`texts`: a sample of each variant; `chosen`: their letters, such as AC; `dropped`: the draft before."""
    letters = "ABCDEFGHIJKLMNOP"[: len(texts)]
    lines: list[Line] = [
        Title(Phrase("{goal}, for: {name}", goal=goal.title, name=segment.name)),
        Phrase("Several versions of the message compete. Tick the ones that you like:"),
    ]
    base = f"{segment.id} {goal.key}"
    rows: list[tuple[Button, ...]] = []
    # by its place, since a button's line is short
    by = f" {channel.place}" if channel.place else ""
    for letter, sample in zip(letters, texts, strict=True):
        title = sample.title
        ticked = letter in chosen
        after = "".join(other for other in letters if (other in chosen) != (other == letter))
        lines += [Gap(), Title(Phrase("{letter}: {title}", letter=letter, title=title)), Quote(whole_text(sample))]
        mark = (
            Phrase("✓ {letter}: {title}", letter=letter, title=title)
            if ticked
            else Phrase("– {letter}: {title}", letter=letter, title=title)
        )
        rows.append((Button(mark, f"/campaign {base} {after or '-'} {policy}{by}"),))
    there = list(ways())
    other = there[(there.index(policy) + 1) % len(there)] if policy in there else there[0]
    how = Phrase("Who gets which: {how}", how=way_named(policy).label)
    rows.append((Button(how, f"/campaign {base} {chosen} {other}{by}"),))
    places = [one.place for one in channels().values()]
    following = places[(places.index(channel.place) + 1) % len(places)]
    # each channel may have versions of its own, so that all are ticked anew
    rows.append(
        (Button(Phrase("Sent by: {channel}", channel=channel.title), f"/campaign {base} * {policy} {following}"),)
    )
    if policy in ways():
        lines += [Gap(), ways()[policy].cost]
    if dropped is not None:
        # the last line is the one that a phone shows above the buttons
        lines += [Gap(), Phrase("Draft {id} is dropped; what you choose here makes a new one.", id=str(dropped))]
    rows.append((Button(Phrase("Make the draft"), f"/campaign draft {base} {chosen} {policy}{by}"),))
    return Reply((Text(tuple(lines), tuple(rows)),), in_place=True)


def whole_text(sample: SampleText | Sample) -> str:
    return sample.text if sample.subject is None else f"{sample.subject}\n\n{sample.text}"
