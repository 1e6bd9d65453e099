"""What somebody would buy next, and why."""

from __future__ import annotations

from bot.replies import Button, Gap, Line, Reply, Text, Title
from engine import Phrase, Recommendations


def recommendations_reply(recommendations: Recommendations) -> Reply:
    who = recommendations.customer
    lines: list[Line] = [
        Title(Phrase("What {who} may want next", who=who.name or who.key)),
    ]
    for place, item in enumerate(recommendations.items, start=1):
        lines += [Gap(), Title(Phrase("{place}. {product}", place=place, product=item.name)), item.reason]
    if recommendations.note is not None:
        lines += [Gap(), recommendations.note]
    return Reply((Text(tuple(lines), ((Button(Phrase("Who is this?"), _card(who.key)),),) if _card(who.key) else ()),))


def _card(key: str) -> str:
    line = f"/customer {key}"
    return line if len(line.encode()) <= 64 else ""
