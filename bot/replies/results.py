"""What came back, and what it means."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title
from engine import OutcomeReceipt, Phrase, Results, VariantResult, counted


def results_reply(results: Results, picture: bytes | None) -> Reply:
    """The verdict, then each version's figures; in one message with the picture if there is one."""
    number = str(results.campaign)
    lines: list[Line] = [
        Title(Phrase("Campaign {id}: {segment}", id=number, segment=results.segment_name)),
        results.verdict.sentence,
        Gap(),
        *(Item(variant_line(variant)) for variant in results.variants),
    ]
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
    buttons = (
        (
            Button(Phrase("Tell the outcome"), f"/outcome {number}"),
            Button(Phrase("The campaign"), f"/campaign show {number}"),
        ),
    )
    part = Text(tuple(lines), buttons) if picture is None else Picture(picture, tuple(lines), buttons)
    return Reply((part,))


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
        "{label}: {conversions} of {reported}, that is {rate:.1%}; "
        "the true share is likely between {low:.1%} and {high:.1%}",
        label=variant.label,
        conversions=variant.conversions,
        reported=variant.reported,
        rate=variant.rate,
        low=low,
        high=high,
    )


def outcome_reply(receipt: OutcomeReceipt, results: Results) -> Reply:
    """What was noted, and what it means now."""
    if receipt.changed:
        head = Phrase("Noted for campaign {id}.", id=str(receipt.campaign))
    else:
        head = Phrase("I know these figures already: nothing was changed.")
    (answer,) = results_reply(results, None).parts
    lines: tuple[Line, ...] = (head, *(Item(note) for note in receipt.notes), Gap(), *answer.lines)
    buttons = ((Button(Phrase("Results with a picture"), f"/results {receipt.campaign}"),),)
    return Reply((Text(lines, buttons),))
