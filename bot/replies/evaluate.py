"""How good results are, measured on the shop's own data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title, says
from engine import Evaluation, Phrase


def evaluation_reply(evaluation: Evaluation, pictures: Sequence[bytes]) -> Reply:
    """The verdict, pictures where there is something to see, how it was tested, and a way to measure again."""
    found = evaluation.found
    head: tuple[Line, ...] = (
        Title(Phrase("Put to the test: {what}", what=evaluation.label)),
        found.verdict,
    )
    lines: tuple[Line, ...] = (
        *found.facts,
        Phrase(
            "With the orders as of {as_of}; computed on {computed:%Y-%m-%d %H:%M}.",
            as_of=found.as_of,
            computed=found.computed_at,
        ),
    )
    asked = f"/evaluate {evaluation.kind}" + (" deep" if evaluation.deep else "")
    slower = () if found.slower is None else ((Button(found.slower, f"/evaluate {evaluation.kind} deep"),),)
    buttons = (
        (Button(Phrase("Measure again"), f"{asked} again"),),
        *slower,
        (Button(Phrase("Back to all tests"), "/evaluate"),),
    )
    if not pictures:
        return Reply((Text((*head, Gap(), *lines), buttons),))
    first, *others = pictures
    return Reply((Picture(first, head), *(Picture(other, ()) for other in others), Text(lines, buttons)))


def choice_reply(kinds: Mapping[str, Phrase]) -> Reply:
    """What can be put to the test."""
    ask = Phrase("What shall I put to the test? I look at your own past: what I would have said then, and what came.")
    buttons = tuple((Button(label, f"/evaluate {kind}"),) for kind, label in kinds.items())
    return says(Title(Phrase("How good are my results?")), ask, buttons=buttons)


def kinds_reply(kinds: Mapping[str, Phrase]) -> Reply:
    """The same for a terminal."""
    return says(
        Title(Phrase("How good are my results?")),
        *(Item(Phrase("zhike evaluate {kind}: {what}", kind=kind, what=label)) for kind, label in kinds.items()),
    )
