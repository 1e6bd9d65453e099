"""The rules of who may be written to, how often and when."""

from __future__ import annotations

from bot.replies import Gap, Item, Line, Reply, Title, says
from engine import CONTACT_EXAMPLES, ContactRule, ContactRules, Phrase, RuleLine, counted

CONSENT = {
    "anyone": Phrase("anybody who has not objected"),
    "bought": Phrase("who agreed, or bought and never objected"),
    "agreed": Phrase("only who agreed"),
}


def limits_reply(rules: ContactRules, *, changed: bool = False) -> Reply:
    lines: list[Line] = [Title(Phrase("Who may be written to, how often and when"))]
    if changed:
        lines.append(Phrase("Noted; it holds from now on."))
    lines.append(Item(Phrase("All ways together: {caps}", caps=_caps(rules.all_channels))))
    for line in rules.lines:
        lines += _of_channel(line)
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
        else Phrase("Where your shop is, I do not know: say it, such as /limits home DE"),
        Phrase("Whoever unsubscribed never gets anything, whatever the rules."),
        Gap(),
        Phrase("Change it like this: {examples}", examples=tuple(f"/limits {example}" for example in CONTACT_EXAMPLES)),
        Phrase("These are facts to go by, not legal advice."),
    ]
    return says(*lines)


def _of_channel(line: RuleLine) -> list[Line]:
    rule = line.rule
    where = (
        line.channel_name
        if line.country is None
        else Phrase("{channel}, {country}", channel=line.channel_name, country=line.country)
    )
    said = [CONSENT[rule.consent], _caps(rule)]
    if rule.quiet is not None:
        said.append(
            Phrase("nothing from {start}:00 to {end}:00 where they are", start=rule.quiet.start, end=rule.quiet.end)
        )
    if rule.postal:
        said.append(Phrase("with your postal address"))
    told: list[Line] = [Item(Phrase("{where}: {rules}", where=where, rules=tuple(said)))]
    if line.own:
        told.append(Phrase("(as you have set it)"))
    elif rule.why:
        told += rule.why
    return told


def _caps(rule: ContactRule) -> Phrase:
    if not rule.caps:
        return Phrase("as often as you like")
    return Phrase(
        "at most {caps}",
        caps=tuple(counted("{times} in {n} day", "{times} in {n} days", n=cap.days, times=cap.n) for cap in rule.caps),
    )
