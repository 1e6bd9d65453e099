"""Whether somebody may be written to: what holds, and each word on it with how and when it was given."""

from __future__ import annotations

import re
from datetime import datetime

from bot.replies import Item, Line
from engine import CustomerCard, Phrase, channels

SHOWN = 4  # of the words on it, the newest
# how a word came, as it is stored
_FILE = re.compile(r"file (?P<name>.+?)(?P<more>: unsubscribed|: \".*\" is not a yes)?$", re.S)
_REPLY = re.compile(r"reply “(?P<word>.+)”, told by (?P<who>.+)$", re.S)
_TOLD = re.compile(r"(?P<by>list |mail, )?told by (?P<who>.+)$", re.S)
_BY = {
    None: Phrase("told by {who}"),
    "list ": Phrase("a list, told by {who}"),
    "mail, ": Phrase("a mail, told by {who}"),
}
_WHO = {"owner": Phrase("you"), "demo": Phrase("the demo")}


def consent_lines(card: CustomerCard) -> list[Line]:
    """What holds, and the newest words on each way of writing."""
    if card.consent == "granted":
        holds = Phrase("May be written to: said yes.")
    elif card.consent == "withdrawn":
        holds = Phrase("Must not be written to: unsubscribed.")
    else:
        return [Phrase("Consent: nothing on record.")]
    seen: dict[tuple[str, str, str, str], None] = {}
    for word in card.consents:
        seen.setdefault((word.channel, word.state, word.how, word.at))
    return [holds, *(Item(_word(*word)) for word in list(seen)[:SHOWN])]


def _word(channel: str, state: str, how: str, at: str) -> Phrase:
    said = Phrase("yes") if state == "granted" else Phrase("no")
    facts = {"said": said, "how": how_words(how), "at": datetime.fromisoformat(at)}
    if channel not in channels():
        return Phrase("{at:%Y-%m-%d}: {said} to all messages, {how}", **facts)
    return Phrase("{at:%Y-%m-%d}: {said} to {channel}, {how}", channel=channels()[channel].title, **facts)


def how_words(how: str) -> Phrase | str:
    """How a word came, in words that can be said in any language."""
    if match := _REPLY.match(how):
        return Phrase("their reply “{word}”, told by {who}", word=match["word"], who=_who(match["who"]))
    if match := _TOLD.match(how):
        return Phrase(_BY[match["by"]].message, who=_who(match["who"]))
    if match := _FILE.match(how):
        return Phrase("in the file {name}", name=match["name"])
    if how == "kept at a restore":
        return Phrase("kept when a backup was restored")
    return how


def _who(who: str) -> Phrase | str:
    return _WHO.get(who, Phrase("you") if who.startswith("user ") else who)
