"""How long things are kept: what holds, what would go, and what was set."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Gap, Item, Line, Reply, Text, Title, says
from engine import KeptLine, Phrase, counted, span_words

EXAMPLES = Phrase(
    "Say /retention events 2 years, /retention messages 90 days or /retention people 3 years; “off” keeps it for good."
)
ONCE_A_DAY = Phrase("What is older goes once a day. Orders are never among it: your sums stay true.")


def retention_reply(lines: Sequence[KeptLine], *, command_line: bool = False) -> Reply:
    """What holds of everything, and what goes next."""
    shown: list[Line] = [Title(Phrase("How long I keep what")), *(Item(_line(line)) for line in lines)]
    return says(*shown, Gap(), ONCE_A_DAY, *([] if command_line else [EXAMPLES]))


def retention_set_reply(line: KeptLine) -> Reply:
    """What holds from now on."""
    lines: list[Line] = [Title(Phrase("Set")), Item(_line(line))]
    return Reply((Text((*lines, ONCE_A_DAY)),), in_place=True)


def ask_about_people_reply(line: KeptLine, text: str) -> Reply:
    """People are not let go of by one word."""
    lines: list[Line] = [
        Title(Phrase("Let go of people after {span} without a sign?", span=span_words(line.days))),
        counted(
            "By today's data {n} person would be forgotten for good, at most 2,000 a day. A sign is an order, anything "
            "else they did, a message to them, or a word on being written to.",
            "By today's data {n} people would be forgotten for good, at most 2,000 a day. A sign is an order, anything "
            "else they did, a message to them, or a word on being written to.",
            n=line.n_old,
        ),
        Phrase("Their orders stay as nobody's. Who orders again is somebody again; who unsubscribed stays so."),
    ]
    yes = Button(Phrase("Let them go"), f"/retention {text[:30]} yes")
    return Reply((Text(tuple(lines), ((yes,), (Button(Phrase("Keep"), "/retention no"),))),))


def _line(line: KeptLine) -> Phrase:
    facts = {"name": line.kind.called, "title": line.kind.title, "span": span_words(line.days)}
    if line.n_old:
        return counted(
            "{name}: {title}: {span} ({n} is older and goes next)",
            "{name}: {title}: {span} ({n} are older and go next)",
            n=line.n_old,
            **facts,
        )
    return Phrase("{name}: {title}: {span}", **facts)
