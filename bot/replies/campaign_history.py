"""What happened to a campaign, step by step."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Item, Reply, Title, says
from engine import Phrase, Step

DEEDS = {
    "drafted": Phrase("drafted"),
    "approved": Phrase("approved"),
    "undone": Phrase("approval taken back"),
    "dropped": Phrase("dropped"),
    "recorded": Phrase("outcome told"),
    "list written": Phrase("list written"),
    "list taken back": Phrase("list taken back"),
    "sending begun": Phrase("sending begun"),
    "sending ended": Phrase("sending ended"),
    "sent by hand": Phrase("one sent by hand"),
    "skipped": Phrase("one skipped"),
    "unknown sent again": Phrase("those not known to be sent again"),
    "part first": Phrase("who gets it first was changed"),
    "wave approved": Phrase("wave approved"),
    "rest dropped": Phrase("the rest dropped"),
    "newcomers joined": Phrase("newcomers joined"),
}
AT_COMPUTER = "command line, "  # before the name of whoever sits there


def history_reply(number: int, steps: Sequence[Step], asker: str) -> Reply:
    """Each step of a campaign, by whom, as told to `asker`, and when."""
    lines = [
        Item(
            Phrase(
                "{at:%Y-%m-%d %H:%M} {deed} ({who})",
                at=step.at,
                deed=DEEDS[step.deed],
                who=_called(step.who, asker),
            )
        )
        for step in steps
    ]
    return says(Title(Phrase("What happened to campaign {id}", id=str(number))), *lines)


def _called(who: str, asker: str) -> Phrase | str:
    if who == asker:
        return Phrase("you")
    if who.startswith("user "):
        return Phrase("somebody else")
    if who.startswith(AT_COMPUTER):
        return Phrase("{user} at the computer", user=who.removeprefix(AT_COMPUTER))
    return {"owner": Phrase("the owner"), "demo": Phrase("the demo")}.get(who, who)
