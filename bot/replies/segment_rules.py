"""Segments by rule that the owner writes."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Quote, Reply, Text, Title, says
from engine import DroppedRule, Phrase, RuleSegment

EXAMPLES = (
    Phrase("/segments rule VIP: orders >= 3 and revenue >= 1000"),
    Phrase("/segments rule Gone quiet: last order > 90 days and orders >= 2"),
)
BUTTON = 64


def rule_reply(rule: RuleSegment) -> Reply:
    """One rule, in words and as it was written, with its people as of now."""
    return Reply((Text(tuple(_told(rule)), (*_buttons(rule), (_all_rules(),))),))


def rules_reply(rules: tuple[RuleSegment, ...]) -> Reply:
    if not rules:
        return says(
            Title(Phrase("Your own segments by rule")),
            Phrase("There are none yet. Write one, in English or Chinese, such as:"),
            *(Item(example) for example in EXAMPLES),
            *_how(),
            buttons=((Button(Phrase("Back to all segments"), "/segments"),),),
        )
    lines: list[Line] = []
    buttons: list[tuple[Button, ...]] = []
    for rule in rules:
        lines += [*_told(rule), Gap()]
        if rule.segment is not None:
            buttons.append((Button(rule.segment.name, f"/segments show {rule.segment.id}"),))
    buttons.append((Button(Phrase("Back to all segments"), "/segments"),))
    return Reply((Text((*lines, *_how()), tuple(buttons)),))


def dropped_rule_reply(rule: DroppedRule) -> Reply:
    return says(
        Phrase("The rule “{name}” is given up. It said:", name=rule.name),
        Quote(rule.rule),
        Phrase("Campaigns for it stay as they are; write it again to have it back."),
        buttons=((_all_rules(),),),
    )


def _told(rule: RuleSegment) -> list[Line]:
    if rule.segment is None or rule.words is None:
        why = Phrase("This rule can no longer be read: {why}", why=rule.why)
        return [Title(Phrase("{name}", name=rule.name)), Quote(rule.rule), why]
    version = [Phrase("Version {n}, as of {day:%Y-%m-%d}.", n=rule.version, day=rule.at)] if rule.version > 1 else []
    return [
        Title(rule.segment.name),
        rule.segment.sentence,
        Item(rule.words),
        Quote(rule.rule),
        *version,
        *rule.notes,
    ]


def _buttons(rule: RuleSegment) -> tuple[tuple[Button, ...], ...]:
    drop = f"/segments drop {rule.name}"
    rows: list[tuple[Button, ...]] = []
    if rule.segment is not None:
        id_ = rule.segment.id
        rows = [
            (Button(Phrase("Their people"), f"/segments show {id_}"),),
            (Button(Phrase("Draft a campaign for them"), f"/campaign for {id_}"),),
            (Button(Phrase("All of them as a list (CSV)"), f"/segments csv {id_}"),),
        ]
    if len(drop.encode()) <= BUTTON:
        rows.append((Button(Phrase("Give this rule up"), drop),))
    return tuple(rows)


def _all_rules() -> Button:
    return Button(Phrase("All my rules"), "/segments rules")


def _how() -> list[Line]:
    return [
        Phrase(
            "A rule may ask for orders, revenue, last order (in days), city, age, gender, interests and whatever your "
            "files tell of customers; join with and, or, not and brackets. The same name again changes the rule."
        )
    ]
