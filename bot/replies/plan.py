"""What can be learned with so many people, what it takes, and whether a test is worth it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Text, Title, says
from engine import Outlook, Phrase, StoredSegment, counted, in_people, ways

MOST_SEGMENTS = 8


def plan_reply(found: Outlook) -> Reply:
    lines: list[Line] = [
        Title(Phrase("What {n} people can tell you: {name}", n=found.people, name=found.name))
        if found.segment is not None
        else Title(counted("What {n} person can tell you", "What {n} people can tell you", n=found.people)),
        *map(Item, _who(found)),
        Gap(),
        _advice(found),
        Gap(),
        *(Item(line) for line in _needed(found)),
        Gap(),
        Phrase("What the ways to share the versions out cost:"),
        *(Item(way.cost) for name, way in ways().items() if ":" in name),
    ]
    return Reply((Text(tuple(lines), _buttons(found)),))


def _who(found: Outlook) -> list[Phrase]:
    lines = [
        counted("{n} left out: {reason}", "{n} left out: {reason}", n=n, reason=Phrase(reason))
        for reason, n in found.left_out.items()
    ]
    if found.holdout:
        lines.append(
            counted(
                "{n} would be held back at random, to see what the messages bring at all",
                "{n} would be held back at random, to see what the messages bring at all",
                n=found.holdout,
            )
        )
    lines.append(
        counted(
            "with {versions} versions each goes to {n} person",
            "with {versions} versions each goes to {n} people",
            n=found.each,
            versions=found.n_versions,
        )
    )
    of, (base,) = in_people(found.base)
    lines.append(
        Phrase(
            "your own campaigns so far: about {base} buyers of {of} messages; a draft goes by its own texts once "
            "enough is known of them, so its figures may differ",
            base=base,
            of=of,
        )
        if found.own_base
        else Phrase(
            "reckoned with {base} buyers of {of} messages, which is usual, as too few outcomes of yours are known",
            base=base,
            of=of,
        )
    )
    return lines


def _advice(found: Outlook) -> Phrase:
    if found.never or found.shown is None:
        return Phrase(
            "Never at this size: {seen}. Do not test: send the one version that you like best.", seen=_seen(found)
        )
    of, (base, better) = in_people(found.base, found.shown)
    return Phrase(
        "Worth a test: if one version brings {base} buyers of {of} and another about {better} or more, you will most "
        "likely know it (4 times of 5). Smaller differences stay open.",
        base=base,
        better=better,
        of=of,
    )


def _seen(found: Outlook) -> Phrase:
    if found.shown is None:
        return Phrase("no difference at all can be seen")
    of, (base, better) = in_people(found.base, found.shown)
    return Phrase(
        "only a difference as large as about {better} buyers of {of} instead of {base} can be seen",
        better=better,
        base=base,
        of=of,
    )


def _needed(found: Outlook) -> list[Phrase]:
    lines = []
    for rate, n, weeks in found.needed:
        of, (base, better) = in_people(found.base, rate)
        said = Phrase(
            "to tell about {better} buyers of {of} from {base}, each version has to go to about {people} people",
            better=better,
            base=base,
            of=of,
            people=_two_digits(n),
        )
        lines.append(
            said
            if weeks is None
            else counted(
                "{needed}: about {n} week at your pace",
                "{needed}: about {n} weeks at your pace",
                n=weeks,
                needed=said,
            )
        )
    if found.per_week is None:
        lines.append(Phrase("how many weeks that takes I can say once you have sent campaigns for two weeks"))
    else:
        lines.append(
            counted(
                "your pace: about {n} message a week",
                "your pace: about {n} messages a week",
                n=max(1, round(found.per_week)),
            )
        )
    return lines


def _buttons(found: Outlook) -> Buttons:
    rows: list[tuple[Button, ...]] = []
    audience = str(found.people) if found.segment is None else f"for {found.segment}"
    other = 3 if found.n_versions == 2 else 2
    label = counted("With {n} version", "With {n} versions", n=other)
    rows.append((Button(label, f"/plan {audience} x{other}"),))
    if found.segment is not None:
        rows.append((Button(Phrase("Draft a campaign for them"), f"/campaign for {found.segment}"),))
    return tuple(rows)


def whom_to_plan_for(segments: Sequence[StoredSegment]) -> Reply:
    """Asks for whom; `segments` are offered."""
    rows = tuple(
        (
            Button(
                counted("{name} ({n} person)", "{name} ({n} people)", n=segment.size, name=segment.name),
                f"/plan for {segment.id}",
            ),
        )
        for segment in segments[:MOST_SEGMENTS]
    )
    asked = says(
        Phrase(
            "How many people, or which? Say a number, a segment, a stage, or a rule such as {rule}.", rule="orders >= 3"
        ),
        buttons=rows,
    )
    return Reply(asked.parts, awaits="/plan")


def _two_digits(number: int) -> int:
    step: int = 10 ** max(0, len(str(number)) - 2)
    return -(-number // step) * step
