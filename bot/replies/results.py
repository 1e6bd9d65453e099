"""What came back, and what it means."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, Gap, Item, Line, Picture, Reply, Text, Title, says
from bot.replies.campaign import campaign_button
from engine import (
    CampaignLine,
    CampaignNews,
    OrdersOfCampaign,
    OutcomeReceipt,
    Phrase,
    Results,
    VariantResult,
    VerdictNews,
    counted,
)

OTHERS = 4  # campaigns that are offered instead of the one that was taken


def results_reply(results: Results, picture: bytes | None) -> Reply:
    """What is wrong with the counts, the verdict, and each version's figures; with the picture if there is one."""
    number = str(results.campaign)
    lines: list[Line] = [
        Title(Phrase("Campaign {id}: {segment}", id=number, segment=results.segment_name)),
        *_before_the_verdict(results),
        results.verdict.sentence,
        *(said for said in (results.which_now, results.next) if said is not None),
        Gap(),
        *(Item(variant_line(variant)) for variant in results.variants),
    ]
    unsent = [Phrase("{label} {n}", label=one.label, n=one.unsent) for one in results.variants if one.unsent]
    if unsent:
        lines.append(
            Item(Phrase("Not counted, since they did not go out or came back: {counts}.", counts=tuple(unsent)))
        )
    if results.changed:
        lines.append(
            Item(
                Phrase(
                    "Counts that were told have changed since, so more has to be seen before a version is called "
                    "better, and the ranges are wider."
                )
            )
        )
    if results.holdout:
        lines.append(
            Item(
                counted(
                    "{n} person got nothing, for comparison",
                    "{n} people got nothing, for comparison",
                    n=results.holdout,
                )
            )
        )
    if results.money is not None:
        lines.append(Item(results.money.sentence))
    if results.orders is not None:
        lines += _by_orders(results.orders)
    buttons: Buttons = (
        (
            Button(Phrase("Tell the outcome"), f"/outcome {number}"),
            Button(Phrase("The campaign"), f"/campaign show {number}"),
        ),
        *_about_orders(results),
    )
    if results.waiting:
        buttons = ((Button(Phrase("The next wave"), f"/wave {number}"),), *buttons)
    part = Text(tuple(lines), buttons) if picture is None else Picture(picture, tuple(lines), buttons)
    return Reply((part,))


def _by_orders(orders: OrdersOfCampaign) -> list[Line]:
    said = (*orders.sentences, orders.revenue, orders.against)
    return [Gap(), *(Item(one) for one in said if one is not None)]


def _about_orders(results: Results) -> tuple[tuple[Button, ...], ...]:
    """What can be chosen where orders and what was told differ, or where orders are thought to be missing."""
    orders, number = results.orders, results.campaign
    if orders is None:
        return ()
    rows = []
    if orders.against is not None and orders.used:
        rows.append((Button(Phrase("Go by what I told"), f"/outcome {number} use told"),))
    elif orders.against is not None:
        rows.append((Button(Phrase("Go by the orders"), f"/outcome {number} use orders"),))
    if orders.found.waiting:
        rows.append((Button(Phrase("No order is missing"), f"/outcome {number} complete"),))
    return tuple(rows)


def orders_news_reply(news: CampaignNews) -> Reply:
    """What holds now by the orders, after something was set."""
    number = str(news.campaign)
    return says(
        Title(Phrase("Noted for campaign {id}.", id=number)),
        *(Item(what) for what in news.what),
        buttons=((Button(Phrase("Results with a picture"), f"/results {number}"),),),
    )


def _before_the_verdict(results: Results) -> tuple[Line, ...]:
    return () if results.caution is None else (results.caution, Gap())


def variant_line(variant: VariantResult) -> Phrase:
    if variant.interval is None or variant.rate is None:
        return counted(
            "{label}: {n} message on the list, nothing reported yet",
            "{label}: {n} messages on the list, nothing reported yet",
            n=variant.sends,
            label=variant.label,
        )
    low, high = variant.interval
    return Phrase(
        "{label}: {conversions} of {reported} bought ({rate:.1%}); "
        "with many more messages it would likely be between {low:.1%} and {high:.1%}",
        label=variant.label,
        conversions=variant.conversions,
        reported=variant.reported,
        rate=variant.rate,
        low=low,
        high=high,
    )


def news_reply(news: VerdictNews) -> Reply:
    """A verdict that has changed since its owner saw it last."""
    results = news.results
    number = str(results.campaign)
    lines: list[Line] = [
        Title(Phrase("News of campaign {id}: {segment}", id=number, segment=results.segment_name)),
        *_before_the_verdict(results),
        results.verdict.sentence,
    ]
    if results.which_now is not None and results.verdict.state == "never":
        lines.append(results.which_now)
    if results.next is not None:
        lines.append(results.next)
    elif results.waiting:
        lines.append(
            counted("{n} person still waits for a wave.", "{n} people still wait for a wave.", n=results.waiting)
        )
    rows: list[tuple[Button, ...]] = [(Button(Phrase("Results with a picture"), f"/results {number}"),)]
    if results.waiting:
        rows.append((Button(Phrase("The next wave"), f"/wave {number}"),))
    return says(*lines, buttons=tuple(rows))


def outcome_reply(receipt: OutcomeReceipt, results: Results, newer_drafts: Sequence[CampaignLine] = ()) -> Reply:
    """What was noted, and what it means now; `newer_drafts` may have been meant, but nothing can come of a draft."""
    if receipt.changed:
        head = Phrase("Noted for campaign {id}.", id=str(receipt.campaign))
    else:
        head = Phrase("I know these figures already: nothing was changed.")
    (answer,) = results_reply(results, None).parts
    notes = (*receipt.notes, *map(_still_a_draft, newer_drafts[:1]))
    lines: tuple[Line, ...] = (head, *map(Item, notes), Gap(), *answer.lines)
    buttons: Buttons = ((Button(Phrase("Results with a picture"), f"/results {receipt.campaign}"),),)
    if results.waiting:
        buttons = (*buttons, (Button(Phrase("The next wave"), f"/wave {receipt.campaign}"),))
    return Reply((Text(lines, buttons),))


def refused_reply(refusal: Phrase, taken: Results, campaigns: Sequence[CampaignLine]) -> Reply:
    """Why an outcome was refused that named no campaign: which one it was taken for, and which it may have meant.

    `campaigns` are all there are, the newest first.
    """
    lines: list[Line] = [
        refusal,
        Phrase(
            "I took it for campaign {id}, approved last, with these messages: {counts}.",
            id=str(taken.campaign),
            counts=tuple(Phrase("{label} {n}", label=variant.label, n=variant.sends) for variant in taken.variants),
        ),
    ]
    rows = []
    for line in campaigns:
        if line.status == "draft" and line.campaign > taken.campaign:
            lines.append(_still_a_draft(line))
            rows.append((campaign_button(line, f"/campaign show {line.campaign}"),))
    for line in campaigns:
        if line.status == "approved" and line.campaign != taken.campaign:
            rows.append((campaign_button(line, f"/outcome {line.campaign}"),))
    if rows:
        lines.append(Phrase("If you mean another one, press it:"))
    return says(*lines, buttons=tuple(rows[:OTHERS]))


def _still_a_draft(line: CampaignLine) -> Phrase:
    return Phrase(
        "Campaign {id} is newer, but still a draft: approve it before you tell what came of it.", id=str(line.campaign)
    )
