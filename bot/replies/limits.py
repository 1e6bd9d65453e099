"""The rules of who may be written to, how often and when."""

from __future__ import annotations

from collections.abc import Sequence, Set

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Title, in_a_row, says
from engine import (
    CONTACT_EXAMPLES,
    CONTACT_PUZZLED,
    ContactChange,
    ContactRule,
    ContactRules,
    Name,
    Phrase,
    RuleLine,
    channels,
    counted,
)

ALL = Button(Phrase("All rules"), "/limits")
NAMED = 3  # of the countries in which the same holds
CONSENT = {
    "anyone": Phrase("anybody who has not objected"),
    "bought": Phrase("who agreed, or bought and never objected"),
    "agreed": Phrase("only who agreed"),
}


def limits_reply(rules: ContactRules, changed: ContactChange | None = None, *, command: str = "/limits") -> Reply:
    """The rules in force, and how to change them by `command`; after a change with a way back."""
    lines: list[Line] = [Title(Phrase("Who may be written to, how often and when"))]
    if changed is not None:
        lines.append(Phrase("Noted; it holds from now on."))
    lines.append(Item(Phrase("All ways together: {caps}", caps=_caps(rules.all_channels))))
    abroad = {line.channel for line in rules.lines if line.country is not None}
    for alike in _alike(rules.lines):
        lines += _of_channel(alike, elsewhere=alike[0].channel in abroad)
    lines += [
        Gap(),
        counted(
            "An approval can be taken back for {n} minute, and nothing is sent before.",
            "An approval can be taken back for {n} minutes, and nothing is sent before.",
            n=rules.undo_minutes,
        )
        if rules.undo_minutes
        else Phrase("An approval cannot be taken back; what it allows can go out at once."),
        counted("An approval holds for {n} day.", "An approval holds for {n} days.", n=rules.approval_days),
        Phrase("Of whom no country is known, the rules of {place} hold.", place=rules.home)
        if rules.home is not None
        else Phrase(
            "Where your shop is, I do not know: say it, such as {command} {words}",
            command=command,
            words=Phrase("home DE"),
        ),
        Phrase("Whoever unsubscribed never gets anything, whatever the rules."),
        Gap(),
        *_how(command),
        Gap(),
        Phrase("These are facts to go by, not legal advice."),
    ]
    return says(*lines, buttons=_buttons({line.channel for line in rules.lines}, changed))


def refused_reply(why: Phrase) -> Reply:
    """Why nothing was changed, and how to say it."""
    told = Phrase("That I did not understand, and nothing was changed.") if why == CONTACT_PUZZLED else why
    return says(told, *_how("/limits"), buttons=((ALL,),))


def _how(command: str) -> list[Line]:
    return [
        Phrase("Change it like this:"),
        *(Item(Phrase("{command} {words}", command=command, words=words)) for words in CONTACT_EXAMPLES),
    ]


def _buttons(shown: Set[str], changed: ContactChange | None) -> Buttons:
    """A way back after a change; each way of writing with all its countries, or all ways."""
    back: Buttons = ()
    if changed is not None and changed.value is not None:
        back = ((Button(Phrase("Back to what is usual"), f"/limits {changed.back}"),),)
    if len(shown) == 1 < len(channels()):
        return (*back, (ALL,))
    each = [Button(channel.title, f"/limits {channel.key}") for channel in channels().values()]
    return (*back, *(tuple(each[i : i + 2]) for i in range(0, len(each), 2)))


def _alike(lines: Sequence[RuleLine]) -> list[list[RuleLine]]:
    """The countries in which the same holds for a channel stand together, in the order of the first of them."""
    found: list[list[RuleLine]] = []
    for line in lines:
        alike = next((there for there in found if _held(there[0]) == _held(line)), None)
        if alike is None:
            found.append([line])
        else:
            alike.append(line)
    return found


def _held(line: RuleLine) -> tuple[object, ...]:
    """What holds, of which channel, and whether it is a country's."""
    return line.channel, line.country is None, line.rule, line.own


def _of_channel(alike: Sequence[RuleLine], *, elsewhere: bool) -> list[Line]:
    """`elsewhere`: of countries of their own there are lines beside this."""
    line, rule = alike[0], alike[0].rule
    where = Phrase("{channel} elsewhere", channel=line.channel_name) if elsewhere else line.channel_name
    if line.country is not None:
        countries: list[Name | Phrase] = [one.country for one in alike[:NAMED] if one.country is not None]
        if len(alike) > NAMED:
            countries.append(counted("{n} more country", "{n} more countries", n=len(alike) - NAMED))
        where = Phrase("{channel} in {country}", channel=line.channel_name, country=tuple(countries))
    said = [CONSENT[rule.consent], _caps(rule)]
    if rule.consent == "bought" and rule.bought_days is not None:
        said.append(counted("bought in the last {n} day", "bought in the last {n} days", n=rule.bought_days))
    if rule.quiet is not None:
        said.append(
            Phrase("nothing from {start}:00 to {end}:00 where they are", start=rule.quiet.start, end=rule.quiet.end)
        )
    if rule.postal:
        said.append(Phrase("with your postal address"))
    told: list[Line] = [Item(Phrase("{where}: {rules}", where=where, rules=in_a_row(said)))]
    if line.own:
        told.append(Phrase("(as you have set it)"))
    elif rule.why:
        told += rule.why
    return told


def _caps(rule: ContactRule) -> Phrase:
    if not rule.caps:
        return Phrase("as often as you like")
    if any(not cap.n for cap in rule.caps):
        return Phrase("nothing at all")
    return Phrase(
        "at most {caps}",
        caps=tuple(
            counted("{times} messages in {n} day", "{times} messages in {n} days", n=cap.days, times=cap.n)
            if cap.n > 1
            else counted("one message in {n} day", "one message in {n} days", n=cap.days)
            for cap in rule.caps
        ),
    )
