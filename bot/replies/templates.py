"""The shop's message templates: by goal, one with its check, its versions, and what messages say of the shop."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language import NAMES, speaker
from bot.replies import Button, Buttons, Gap, Item, Line, Quote, Reply, Text, Title, says
from engine import (
    Channel,
    Goal,
    MessageSettings,
    Money,
    Name,
    Phrase,
    TemplateCard,
    TemplateLine,
    TemplateVersion,
    counted,
)

LONGEST = 64  # bytes that a button can say
N_HARD = 4  # of the hardest customers that are shown
MOST_VERSIONS = 10
ASKED = {
    "name": Phrase("What is your shop called? Messages sign with it, an SMS opens with it."),
    "address": Phrase("What is your postal address? E-mails end with it, as the law of the US and others asks for."),
    "price": Phrase("What does one part of an SMS cost you? Write a number such as 0.05."),
}


def goals_reply(goals: Sequence[Goal]) -> Reply:
    rows = tuple((Button(goal.title, f"/templates {goal.key}"),) for goal in goals)
    lines = (Title(Phrase("The words of your messages")), Phrase("What is the message for?"))
    return says(*lines, buttons=(*rows, (Button(Phrase("What messages say of your shop"), "/templates shop"),)))


def goal_reply(goal: Goal, found: Sequence[TemplateLine], language: str) -> Reply:
    """The messages for a goal, by channel, each with a button."""
    lines: list[Line] = [Title(goal.title), Phrase("Press one to read or change it.")]
    rows: list[tuple[Button, ...]] = []
    for line in found:
        label = Phrase("{channel}: {title}", channel=line.channel.title, title=line.title)
        if line.own or line.version > 1:
            label = Phrase("{message} ✎", message=label)
        rows.extend(_row(label, f"/templates show {line.ref}"))
    if not found:
        lines[1] = Phrase("There is no message in this language yet.")
    other = next(code for code in NAMES if code != language)
    rows += _row(Phrase("Write your own"), f"/templates new {goal.key}")
    rows += _row(Phrase("In {language}", language=NAMES[other]), f"/templates {goal.key} {other}")
    return Reply((Text(tuple(lines), tuple(rows)),), in_place=True)


def channels_reply(goal: Goal, channels: Sequence[Channel]) -> Reply:
    """For which channel a new message is; where that is known, its text is asked for."""
    if len(channels) > 1:
        rows = tuple(
            row for channel in channels for row in _row(channel.title, f"/templates new {goal.key} {channel.key}")
        )
        return says(Title(goal.title), Phrase("How will it be sent?"), buttons=rows)
    (channel,) = channels
    lines = [
        Title(Phrase("{goal}: {channel}", goal=goal.title, channel=channel.title)),
        Phrase("Send me the message as a text."),
        *_how_to_write(channel),
    ]
    return Reply((Text(tuple(lines)),), awaits=f"/templates add {goal.key} {channel.key}")


def ask_text_reply(card: TemplateCard, language: str) -> Reply:
    """Asks for the new wording, and shows the one to start from."""
    lines: list[Line] = [
        Phrase("Send me the new wording as a text. This is it now, to copy:"),
        *_source(card, language),
        *_how_to_write(card.channel),
    ]
    return Reply((Text(tuple(lines)),), awaits=f"/templates write {card.ref}")


def card_reply(card: TemplateCard, language: str) -> Reply:
    """One message: its wording, what customers would read, and what to know; after a change, whether it was one."""
    lines: list[Line] = [
        *_news(card),
        Title(
            Phrase(
                "{goal}, {channel}: {title}",
                goal=card.goal_title,
                channel=card.channel.title,
                title=card.template.title,
            )
        ),
        _which(card),
        *_source(card, language),
        Gap(),
        Title(Phrase("As customers would read it")),
    ]
    usual, *others = card.checked.hard
    different = [one for one in others if one.written.text != usual.written.text]
    lines += [Phrase("Usually:"), Quote(usual.written.text)]
    for hard in different[: N_HARD - 1]:
        lines += [Phrase("A customer {who}:", who=hard.who), Quote(hard.written.text)]
    notes = [*_cost(card), *card.checked.warnings]
    if notes:
        lines += [Gap(), *(Item(note) for note in notes)]
    return Reply((Text(tuple(lines), _buttons(card)),), in_place=card.changed is None)


def versions_reply(ref: str, versions: Sequence[TemplateVersion]) -> Reply:
    """Every wording that is kept, the newest first, with a button back to each."""
    if not versions:
        return says(Phrase("There is one wording only: the one that came with Zhike."))
    lines: list[Line] = [Title(Phrase("Every wording, the newest first"))]
    rows: list[tuple[Button, ...]] = []
    for one in versions[:MOST_VERSIONS]:
        lines += [Gap(), _when(one), Quote(one.text)]
        if one is not versions[0] or one.dropped:
            rows += _row(Phrase("Back to version {n}", n=one.version), f"/templates back {one.id}")
    if len(versions) > MOST_VERSIONS:
        lines.append(Phrase("Older ones are kept too: zhike templates versions {ref}", ref=ref))
    return Reply((Text(tuple(lines), tuple(rows)),))


def dropped_reply(line: TemplateLine, language: str) -> Reply:
    return says(
        Phrase("“{title}” is not offered any more; its wordings are kept.", title=line.title),
        buttons=tuple(_row(Phrase("Bring it back"), f"/templates versions {line.ref}")),
    )


def settings_reply(settings: MessageSettings, *, changed: bool = False) -> Reply:
    """What messages say of the shop, with a button to change each."""
    lines: list[Line] = [Phrase("Done: this holds from now on."), Gap()] if changed else []
    lines.append(Title(Phrase("What messages say of your shop")))
    unsaid = Phrase("not said yet")
    lines += [
        Item(Phrase("its name: {name}", name=settings.shop_name or unsaid)),
        Item(Phrase("its address: {address}", address=settings.shop_address or unsaid)),
        Item(Phrase("one part of an SMS costs: {price}", price=_price(settings) or unsaid)),
    ]
    rows = (
        (Button(Phrase("Change the name"), "/templates set name"),),
        (Button(Phrase("Change the address"), "/templates set address"),),
        (Button(Phrase("Change the price of an SMS"), "/templates set price"),),
    )
    return says(*lines, buttons=rows)


def ask_setting_reply(setting: str) -> Reply:
    return Reply((Text((ASKED[setting],)),), awaits=f"/templates {setting}")


def _price(settings: MessageSettings) -> str | None:
    return None if settings.sms_price is None else f"{Money(settings.sms_price, settings.currency):3}"


def _how_to_write(channel: Channel) -> list[Line]:
    lines: list[Line] = [
        Gap(),
        Item(Phrase("[name] and [product] are put in for each customer; who has none gets other words.")),
    ]
    if channel.part("subject") is not None:
        lines.append(Item(Phrase("Begin with a line “Subject: …”; a line “Preview: …” may follow.")))
    if channel.opt_out is not None:
        lines.append(Item(Phrase("End with the way out, such as “{example}”.", example=_way_out(channel))))
    return lines


def _way_out(channel: Channel) -> Name:
    examples = {} if channel.opt_out is None else channel.opt_out.examples
    return Name(examples.get("en", ""), examples.get("zh", ""))


def _source(card: TemplateCard, language: str) -> list[Line]:
    """The wording as an owner would type it, with its short parts in lines of their own."""
    template, said = card.template, speaker(language)
    short = [part for part in card.channel.parts if part.one_line and part.key in template.extras]
    return [Quote("\n".join([*(f"{said(part.title)}: {template.extras[part.key]}" for part in short), template.body]))]


def _news(card: TemplateCard) -> list[Line]:
    if card.changed is None:
        return []
    said = Phrase("Done: new campaigns use this wording.") if card.changed else Phrase("It said just that already.")
    return [said, Gap()]


def _which(card: TemplateCard) -> Phrase:
    newest = next((one for one in card.versions if one.version == card.template.version), None)
    if newest is None or newest.ours:
        return Phrase("The wording that came with Zhike.")
    return Phrase("Version {n}, of {at:%Y-%m-%d %H:%M}.", n=newest.version, at=newest.at)


def _when(one: TemplateVersion) -> Phrase:
    if one.dropped:
        return Phrase("Version {n}, of {at:%Y-%m-%d %H:%M}: taken out of use", n=one.version, at=one.at)
    if one.ours:
        return Phrase("Version {n}: as it came with Zhike", n=one.version)
    return Phrase("Version {n}, of {at:%Y-%m-%d %H:%M}", n=one.version, at=one.at)


def _cost(card: TemplateCard) -> list[Phrase]:
    if not card.channel.charged:
        return []
    usual = card.checked.hard[0].written.parts
    cost = card.settings.cost(usual)
    if cost is None:
        return [
            counted(
                "Usually {n} SMS part. Say what a part costs and I reckon what a campaign costs.",
                "Usually {n} SMS parts. Say what a part costs and I reckon what a campaign costs.",
                n=usual,
            )
        ]
    said = [counted("Usually {n} SMS part, {cost:3}.", "Usually {n} SMS parts, {cost:3}.", n=usual, cost=cost)]
    most = card.checked.most_parts
    if most > usual:
        said.append(Phrase("At most {n} SMS parts, {cost:3}.", n=most, cost=card.settings.cost(most)))
    return said


def _buttons(card: TemplateCard) -> Buttons:
    rows = [*_row(Phrase("Change the wording"), f"/templates edit {card.ref}")]
    if card.versions:
        rows += _row(Phrase("Earlier wordings"), f"/templates versions {card.ref}")
    rows += _row(Phrase("Offer it no more"), f"/templates drop {card.ref}")
    if card.channel.charged:
        rows += _row(Phrase("What an SMS costs"), "/templates set price")
    return (*rows, *_row(Phrase("All for this goal"), f"/templates {card.template.goal}"))


def _row(label: Phrase, line: str) -> list[tuple[Button, ...]]:
    """One button in a row of its own; none where its line is longer than a button can say."""
    return [(Button(label, line),)] if len(line.encode()) <= LONGEST else []
