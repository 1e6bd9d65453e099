"""The next wave of a campaign: what is known, what each version gets now, and who gets it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Text, Title, in_a_row, says
from bot.replies.campaign import campaign_button
from bot.replies.draft import draft_buttons, which_way
from engine import CampaignLine, Draft, Newcomers, Phrase, VariantResult, Wave, WaveCard, counted

MOST = 8  # campaigns that are offered


def wave_reply(card: WaveCard) -> Reply:
    """The card of a wave that its owner is to decide on."""
    return Reply((Text(wave_lines(card), wave_buttons(card)),), in_place=True)


def wave_lines(card: WaveCard) -> tuple[Line, ...]:
    results = card.results
    lines: list[Line] = [
        Title(
            Phrase(
                "Campaign {id}, wave {n}: {segment}",
                id=str(card.campaign),
                n=card.number,
                segment=results.segment_name,
            )
        )
    ]
    if results.caution is not None:
        lines += [results.caution, Gap()]
    lines.append(results.verdict.sentence)
    late = sum(variant.sends - variant.reported for variant in results.variants)
    if late and results.reported_at is not None:
        lines.append(
            counted(
                "Of {n} message no outcome is known yet: it counts as sent and not answered.",
                "Of {n} messages no outcome is known yet: they count as sent and not answered.",
                n=late,
            )
        )
    lines += [
        Gap(),
        Title(Phrase("What each version gets now")),
        *(Item(_share(one, share, card)) for one, share in zip(results.variants, card.shares, strict=True)),
        *(() if card.why is None else (card.why,)),
        Gap(),
        *_who(card),
        *(Item(_earlier(wave)) for wave in card.earlier),
    ]
    lines += map(Item, _plan(card))
    return tuple(lines)


def _share(variant: VariantResult, share: float, card: WaveCard) -> Phrase:
    if variant.rate is None:
        return Phrase(
            "{label}: {share:.0%} of the messages; nothing is known of it yet", label=variant.label, share=share
        )
    return Phrase(
        "{label}: {share:.0%} of the messages; so far {wins} of {sends} bought ({rate:.1%})",
        label=variant.label,
        share=share,
        wins=variant.conversions,
        sends=variant.reported,
        rate=variant.rate,
    )


def _who(card: WaveCard) -> list[Line]:
    lines: list[Line] = []
    if card.by_person:
        lines.append(Phrase("These are means: each person's chances go by what they are like."))
    lines.append(
        counted(
            "{n} person gets the message next, of {waiting} who wait.",
            "{n} people get the message next, of {waiting} who wait.",
            n=card.n,
            waiting=card.waiting,
        )
    )
    lines += [
        Item(counted("{n} left out for now: {reason}", "{n} left out for now: {reason}", n=n, reason=Phrase(reason)))
        for reason, n in card.left_out.items()
    ]
    if card.holdout:
        lines.append(
            Item(
                counted(
                    "{n} stays held back through all waves, to compare with later",
                    "{n} stay held back through all waves, to compare with later",
                    n=card.holdout,
                )
            )
        )
    if card.unsent:
        lines.append(
            Item(
                counted(
                    "{n} message of the waves before has not gone out yet",
                    "{n} messages of the waves before have not gone out yet",
                    n=card.unsent,
                )
            )
        )
    return lines


def _earlier(wave: Wave) -> Phrase:
    return counted(
        "wave {number}, {at:%Y-%m-%d}: {n} person",
        "wave {number}, {at:%Y-%m-%d}: {n} people",
        n=wave.n,
        number=wave.number,
        at=wave.at,
    )


def _plan(card: WaveCard) -> list[Phrase]:
    """What the wave does to what was planned."""
    if card.longer is not None:
        return [
            counted(
                "{planned} message of each version was planned; with this wave the plan grows to {longer}, and "
                "verdicts go by that",
                "{planned} messages of each version were planned; with this wave the plan grows to {longer}, and "
                "verdicts go by that",
                n=card.planned,
                planned=card.planned,
                longer=card.longer,
            )
        ]
    if card.full:
        return [
            Phrase(
                "the plan has grown twice, which is as often as a verdict stays as honest as I say; it stays at "
                "{planned} messages of each version, and more messages hardly help to tell them apart",
                planned=card.planned,
            )
        ]
    return []


def wave_buttons(card: WaveCard) -> Buttons:
    number = card.campaign
    rows: list[tuple[Button, ...]] = []
    if card.n:
        label = counted("Approve: {n} person", "Approve: {n} people", n=card.n)
        rows.append((Button(label, f"/wave approve {number} {card.number} {card.n}"),))
        others = {
            card.earlier[0].n: Phrase("As many as first"),
            max(1, round(card.waiting / 2)): Phrase("Half of them"),
            card.waiting: Phrase("All who wait"),
        }
        rows.append(
            tuple(
                Button(says, f"/wave {number} {n}") for n, says in others.items() if n != card.n and n <= card.waiting
            )
        )
    rows.append(
        (Button(Phrase("Another number"), f"/wave size {number}"), Button(Phrase("Drop"), f"/wave drop {number}"))
    )
    rows.append(
        (Button(Phrase("Tell the outcome"), f"/outcome {number}"), Button(Phrase("Results"), f"/results {number}"))
    )
    return tuple(row for row in rows if row)


def ask_for_size(number: int) -> Reply:
    reply = says(Phrase("How many get it next? Say a number, 20% of those who wait, half, or rest for all of them."))
    return Reply(reply.parts, awaits=f"/wave {number}")


def approved_wave(card: WaveCard, draft: Draft | None = None) -> Reply:
    """What was approved, and how it can go out."""
    sizes = in_a_row(Phrase("{label} {n}", label=label, n=n) for label, n in (card.sizes or {}).items())
    lines: list[Line] = [
        Title(Phrase("Wave {n} of campaign {id} is approved.", n=card.number, id=str(card.campaign))),
        counted("{n} person: {sizes}", "{n} people: {sizes}", n=card.n, sizes=sizes),
    ]
    if card.waiting:
        lines.append(Item(waiting_line(card.waiting, card.campaign)))
    if card.longer is not None:
        lines.append(
            Item(Phrase("The plan has grown to {n} messages of each version; verdicts go by that.", n=card.longer))
        )
    if draft is not None:
        lines += [Gap(), which_way(draft)]
    return says(*lines, buttons=() if draft is None else draft_buttons(draft))


def waiting_line(n: int, campaign: int) -> Phrase:
    return counted(
        "{n} person waits for a later wave: /wave {id}",
        "{n} people wait for a later wave: /wave {id}",
        n=n,
        id=str(campaign),
    )


def joined_reply(joined: Newcomers, card: WaveCard) -> Reply:
    """Who has joined, above the card of the wave."""
    lines: list[Line] = [
        counted(
            "{n} person has come into the audience of campaign {id} since, and waits now.",
            "{n} people have come into the audience of campaign {id} since, and wait now.",
            n=joined.n,
            id=str(joined.campaign),
        )
    ]
    if joined.held:
        lines.append(
            Item(
                counted(
                    "{n} more held back at random, to compare with later",
                    "{n} more held back at random, to compare with later",
                    n=joined.held,
                )
            )
        )
    lines += [
        Item(counted("{n} left out: {reason}", "{n} left out: {reason}", n=n, reason=Phrase(reason)))
        for reason, n in joined.left_out.items()
    ]
    return Reply((Text((*lines, Gap(), *wave_lines(card)), wave_buttons(card)),))


def rest_dropped(campaign: int, n: int) -> Reply:
    return says(
        counted(
            "Campaign {id} ends here: the {n} person who waited gets nothing.",
            "Campaign {id} ends here: the {n} people who waited get nothing.",
            n=n,
            id=str(campaign),
        ),
        buttons=((Button(Phrase("Results"), f"/results {campaign}"),),),
    )


def waves_to_choose(campaigns: Sequence[CampaignLine]) -> Reply:
    """Buttons to the campaigns for which somebody waits, the newest first."""
    if not campaigns:
        return says(
            Phrase(
                "Nobody waits for a wave. To learn on the way, choose on a draft that a part of the people gets it "
                "first: /campaign"
            )
        )
    rows = tuple((campaign_button(line, f"/wave {line.campaign}"),) for line in campaigns[:MOST])
    return says(Phrase("Of which campaign is the next wave?"), buttons=rows)
